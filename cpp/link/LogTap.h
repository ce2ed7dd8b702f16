#pragma once

#include <cstdint>
#include <memory>

#include "EventQueue.h"

namespace socket_task {

/** Brings lines of the library's log into a queue, as long as it lives. */
class LogTap {
 public:
  explicit LogTap(std::shared_ptr<EventQueue> queue);
  LogTap(const LogTap &) = delete;
  LogTap &operator=(const LogTap &) = delete;
  /** Waits for lines that are being told: not to be called by one. */
  ~LogTap();

  /** Once. */
  socket_task_status begin(int32_t level) noexcept;

 private:
  static void take(socket_task_log_level level, const char *text, size_t length, void *context) noexcept;

  const std::shared_ptr<EventQueue> queue_;
  const std::shared_ptr<WaitingLines> waiting_;
  uint64_t id_ = 0;
};

} // namespace socket_task
