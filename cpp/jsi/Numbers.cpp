#include "Numbers.h"

#include <cmath>
#include <limits>

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

/** `number` is whole, or is rounded down. */
template <typename T>
T within(double number) noexcept {
  if (!(number > 0)) return 0;
  // The largest size_t itself is not a double.
  constexpr T kLargest = std::numeric_limits<T>::max();
  return number < static_cast<double>(kLargest) ? static_cast<T>(number) : kLargest;
}

} // namespace

uint32_t milliseconds(const jsi::Value &value) {
  return within<uint32_t>(std::ceil(value.asNumber()));
}

size_t byteCount(const jsi::Value &value) {
  return within<size_t>(value.asNumber());
}

uint32_t count(const jsi::Value &value) {
  return within<uint32_t>(value.asNumber());
}

} // namespace socket_task
