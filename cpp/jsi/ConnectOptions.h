#pragma once

#include <jsi/jsi.h>

#include "Engine.h"
#include "socket_task.h"

namespace socket_task {

/**
 * Gives the library what `NativeOptions` of the seam says, but for `url` and cookies that JavaScript keeps. `handle` is not connected yet.
 * Throws a refusal for what is not acceptable.
 */
void applyOptions(
    facebook::jsi::Runtime &rt,
    const Engine &engine,
    const facebook::jsi::Object &options,
    socket_task_handle handle);

} // namespace socket_task
