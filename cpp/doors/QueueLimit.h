#pragma once

#include <cstddef>

namespace socket_task {

/** The bytes of events that may be on their way to JavaScript before a socket that brings more is not read from. */
constexpr size_t kDefaultMaxQueuedBytes = 4 << 20;

} // namespace socket_task
