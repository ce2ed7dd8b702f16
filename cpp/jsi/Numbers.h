#pragma once

#include <cstddef>
#include <cstdint>

#include <jsi/jsi.h>

namespace socket_task {

// Numbers of JavaScript as the library takes them: NaN and what is less than 0 are 0, what is too large for the type is
// its largest number. What is no number at all is thrown back as a `jsi::JSINativeException`.

/** Rounded up. */
uint32_t milliseconds(const facebook::jsi::Value &value);

/** Rounded down. */
size_t byteCount(const facebook::jsi::Value &value);

/** Rounded down. */
uint32_t count(const facebook::jsi::Value &value);

} // namespace socket_task
