#pragma once

#include <cstddef>
#include <cstdint>

#include <jsi/jsi.h>

namespace socket_task {

// Numbers of JavaScript as the library takes them: NaN and negative numbers become 0, numbers that are too large for the type
// its largest one. Other values are refused with a `jsi::JSINativeException`.

/** Rounded up. */
uint32_t milliseconds(const facebook::jsi::Value &value);

/** Rounded down. */
size_t byteCount(const facebook::jsi::Value &value);

/** Rounded down. */
uint32_t count(const facebook::jsi::Value &value);

} // namespace socket_task
