#pragma once

#include <jni.h>

namespace socket_task::bridge {

/**
 * Attaches this thread to Java, if it is not one of Java's, until it ends. React Native attaches a thread that calls into
 * JavaScript otherwise for each call, which costs ten times what the call costs; and one of Java's may be the last owner
 * of its bridge.
 */
void stayAttached(JavaVM *vm);

} // namespace socket_task::bridge
