#pragma once

#include <jni.h>

#include "../../../../cpp/jsi/Hop.h"

namespace socket_task {

/**
 * `run`, whose calling threads stay attached to Java until they end, if they are not Java's own. React Native attaches a
 * thread that calls into JavaScript otherwise for each call, which costs ten times what the call costs. And a thread that
 * calls while the React instance ends may become the last owner of what React Native has of Java, whose destructors end the
 * process where Java does not know the thread.
 */
RunInJs stayAttached(JavaVM *vm, RunInJs run);

} // namespace socket_task
