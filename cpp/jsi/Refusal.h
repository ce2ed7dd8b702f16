#pragma once

#include <string>

#include <jsi/jsi.h>

#include "socket_task.h"

namespace socket_task {

/** Throws a `jsi::JSError` with an `Error` whose `code` is a `RefusalCode` of the seam. */
[[noreturn]] void refuse(facebook::jsi::Runtime &rt, const char *code, const std::string &message);

/** Throws the refusal that `status` stands for. To be called right after the library, on the same thread. */
void throwUnlessOk(facebook::jsi::Runtime &rt, socket_task_status status);

/** The same for a `status` that is a refusal, with `prefix` before the library's text. */
[[noreturn]] void throwRefusal(facebook::jsi::Runtime &rt, socket_task_status status, const std::string &prefix);

} // namespace socket_task
