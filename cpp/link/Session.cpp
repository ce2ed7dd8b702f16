#include "Session.h"

#include <algorithm>
#include <utility>

namespace socket_task {

Session::Session(std::shared_ptr<Waker> waker, size_t maxQueuedBytes, TextForm textForm)
    : textForm_(textForm),
      waker_(std::move(waker)),
      queue_(std::make_shared<EventQueue>(maxQueuedBytes, [waker = waker_] { waker->wake(); })) {}

Session::~Session() {
  end();
}

std::shared_ptr<Connection> Session::makeConnection() {
  const std::lock_guard lock(mutex_);
  return std::make_shared<Connection>(++lastId_, queue_, textForm_);
}

bool Session::add(const std::shared_ptr<Connection> &connection) {
  const std::lock_guard lock(mutex_);
  if (!ended_) connections_.emplace(connection->id(), connection);
  return !ended_;
}

void Session::release(Connection &connection) noexcept {
  connection.release();
  const std::lock_guard lock(mutex_);
  connections_.erase(connection.id());
  queue_->forget(connection.id());
}

std::optional<Event> Session::takeEvent(bool &more) {
  while (std::optional<Event> event = queue_->take(more)) {
    const std::lock_guard lock(mutex_);
    if (event->socket == 0 || connections_.contains(event->socket)) return event;
  }
  return std::nullopt;
}

std::shared_ptr<Connection> Session::find(uint32_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second;
}

bool Session::hasEnded() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

socket_task_status Session::setLog(int32_t level) noexcept {
  // Taken away without the lock: it waits for lines that are being told.
  std::unique_ptr<LogTap> tap;
  {
    const std::lock_guard lock(mutex_);
    tap.swap(log_);
  }
  tap.reset();
  if (level <= 0) return SOCKET_TASK_OK;
  tap = std::make_unique<LogTap>(queue_);
  const socket_task_status status = tap->begin(std::min<int32_t>(level, SOCKET_TASK_LOG_DEBUG));
  if (status != SOCKET_TASK_OK) return status;
  const std::lock_guard lock(mutex_);
  if (!ended_) tap.swap(log_);
  return SOCKET_TASK_OK;
}

void Session::end() noexcept {
  std::unordered_map<uint32_t, std::shared_ptr<Connection>> connections;
  std::unique_ptr<LogTap> tap;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    connections.swap(connections_);
    tap.swap(log_);
  }
  tap.reset();
  waker_->end();
  queue_->end();
  for (const auto &[id, connection] : connections) connection->release();
}

} // namespace socket_task
