#include "LogTap.h"

#include <exception>
#include <string>
#include <utility>

namespace socket_task {

namespace {

/** How many lines may wait for JavaScript. What comes beyond them is counted, and told with the next one that fits. */
constexpr size_t kMostWaiting = 256;

} // namespace

LogTap::LogTap(std::shared_ptr<EventQueue> queue)
    : queue_(std::move(queue)), waiting_(std::make_shared<WaitingLines>()) {}

LogTap::~LogTap() {
  if (id_ != 0) socket_task_remove_logger(id_);
}

socket_task_status LogTap::begin(int32_t level) noexcept {
  return socket_task_add_logger(level, take, this, &id_);
}

void LogTap::take(socket_task_log_level level, const char *text, size_t length, void *context) noexcept {
  auto &self = *static_cast<LogTap *>(context);
  if (self.waiting_->count++ >= kMostWaiting) {
    self.waiting_->count--;
    self.waiting_->leftOut++;
    return;
  }
  try {
    std::string line;
    const size_t leftOut = self.waiting_->leftOut.exchange(0);
    if (leftOut > 0) line = "(" + std::to_string(leftOut) + " lines before this were left out) ";
    line.append(text, length);
    self.queue_->push(Event{0, LogEvent(level, std::move(line), self.waiting_)}, nullptr);
  } catch (const std::exception &) {
    // No memory for it: there is nobody to tell.
  }
}

} // namespace socket_task
