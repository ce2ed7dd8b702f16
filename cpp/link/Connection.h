#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "CookieExchange.h"
#include "EventQueue.h"
#include "socket_task.h"

namespace socket_task {

/**
 * One connection of the library, whose events go into a queue. All functions can be called from any thread.
 *
 * The library refers to it from `open` until after `release`, so an object that was opened must be released.
 */
class Connection final : public Throttled, public std::enable_shared_from_this<Connection> {
 public:
  /** A connection that is not opened yet. `id` names it in events; `textForm` is that of messages. */
  Connection(uint32_t id, std::shared_ptr<EventQueue> queue, TextForm textForm);

  /** Makes the handle, which can be configured until `connect`. */
  socket_task_status open(const std::string &url);
  socket_task_handle handle() const noexcept {
    return handle_;
  }
  /** Lets the queue's taker keep the cookies of the opening handshake. Before `connect`. */
  socket_task_status keepCookies();
  /** Lets the queue's taker decide whether a loss is followed by another attempt. Before `connect`. */
  socket_task_status askWhetherToReconnect();
  /** Lets the queue's taker give what attempts but the first are made with. Before `connect`. */
  socket_task_status askForRefresh();
  socket_task_status connect() noexcept;

  uint32_t id() const noexcept {
    return id_;
  }
  socket_task_status sendText(const std::string &text) noexcept;
  socket_task_status sendBinary(const uint8_t *data, size_t size) noexcept;
  socket_task_status ping(const uint8_t *data, size_t size) noexcept;
  /** Nothing happens on a connection that was released. */
  socket_task_status close(uint16_t code, const std::string &reason) noexcept;
  void probe(uint32_t deadline) noexcept;
  /** Closes with 1001 when so many milliseconds are over, unless it is shown before. */
  void hide(uint32_t grace) noexcept;
  void show() noexcept;
  /** Answers the `AskCookiesEvent`. */
  void answerCookies(std::string &&cookies);
  /** Answers the `AskRefreshEvent` with what `fresh`, a handle that is not connected, was made with; 0 changes nothing. */
  void answerRefresh(uint64_t ticket, socket_task_handle fresh) noexcept;
  /** Answers it: there is nothing to connect with. */
  void failRefresh(uint64_t ticket) noexcept;
  /** Answers the `AskReconnectEvent`. */
  void answerReconnect(uint64_t ticket, bool should) noexcept;
  /** After the release: what it was then. */
  size_t bufferedAmount() const noexcept;
  /** What it has carried so far; nothing once it was released. */
  socket_task_stats stats() const noexcept;

  /** Whether the app wants nothing read from the network. */
  void pause(bool stop) noexcept;
  bool throttle(bool stop) noexcept override;

  /** Twice is the same as once. */
  void release() noexcept;

 private:
  struct Callbacks;
  /** Which of the two wants nothing read from the network. */
  struct Stopped {
    bool byApp = false;
    bool byQueue = false;
  };

  void push(EventBody &&body);
  /** As `push`, for an event that may be the first after a response of the opening handshake. */
  void pushAfterCookies(EventBody &&body);
  bool stop(bool Stopped::*who, bool stop) noexcept;

  const uint32_t id_;
  const std::shared_ptr<EventQueue> queue_;
  const TextForm textForm_;
  socket_task_handle handle_ = 0;
  /** Set before `connect`, or never. */
  std::unique_ptr<CookieExchange> cookies_;
  std::mutex stoppedMutex_;
  Stopped stopped_;
  std::atomic<bool> released_ = false;
  std::atomic<size_t> leftover_ = 0;
};

} // namespace socket_task
