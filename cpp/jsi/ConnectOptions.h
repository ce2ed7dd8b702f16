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

/** Gives the header fields and the sub-protocols of the seam alone to `handle`. */
void applyRequest(
    facebook::jsi::Runtime &rt,
    const Engine &engine,
    const facebook::jsi::Value &headers,
    const facebook::jsi::Value &protocols,
    socket_task_handle handle);

/** What a connection with these options is to ask when it is lost. */
struct Questions {
  bool shouldReconnect = false;
  bool refresh = false;
};
Questions questionsOf(facebook::jsi::Runtime &rt, const facebook::jsi::Object &options);

} // namespace socket_task
