#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "Connection.h"
#include "EventQueue.h"
#include "LogTap.h"
#include "Waker.h"

namespace socket_task {

/**
 * A set of connections with one event queue: the part of a session that holds no JavaScript value. All functions can
 * be called from any thread.
 */
class Session {
 public:
  /**
   * `waker` is woken when there are events, and ends with the session; `maxQueuedBytes` as for {@link EventQueue};
   * `textForm` is that of messages.
   */
  Session(std::shared_ptr<Waker> waker, size_t maxQueuedBytes, TextForm textForm);
  ~Session();

  /** A connection that is not opened yet, with an id of its own. */
  std::shared_ptr<Connection> makeConnection();

  /** Makes the opened connection a part of the session. False when that has ended: it is the caller's still. */
  bool add(const std::shared_ptr<Connection> &connection);

  /** Keeps the events of the connection until `deliver`. Before it is connected. */
  void hold(const Connection &connection) {
    queue_->hold(connection.id());
  }
  void deliver(const Connection &connection) {
    queue_->deliver(connection.id());
  }

  /** Releases the connection. No event of it is taken any more. */
  void release(Connection &connection) noexcept;

  /** Lets lines of the library's log up to `level` come as events of no connection; 0: none any more. The library's status. */
  socket_task_status setLog(int32_t level) noexcept;

  bool hasEvents() const {
    return !queue_->empty();
  }

  /** The next event of a connection that was not released; `more` tells whether there may be another one. */
  std::optional<Event> takeEvent(bool &more);

  /** The connection with that id, unless it was released. */
  std::shared_ptr<Connection> find(uint32_t id) const;

  bool hasEnded() const;

  /** Releases all connections, drops the events, and wakes nobody any more. */
  void end() noexcept;

 private:
  const TextForm textForm_;
  const std::shared_ptr<Waker> waker_;
  const std::shared_ptr<EventQueue> queue_;
  mutable std::mutex mutex_;
  std::unordered_map<uint32_t, std::shared_ptr<Connection>> connections_;
  uint32_t lastId_ = 0;
  bool ended_ = false;
  std::unique_ptr<LogTap> log_;
};

} // namespace socket_task
