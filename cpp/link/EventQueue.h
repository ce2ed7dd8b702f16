#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "Event.h"

namespace socket_task {

/** A source of messages that can be told to wait. */
class Throttled {
 public:
  virtual ~Throttled() = default;
  /** Stops, or goes on. Any thread. Returns whether this has changed anything. */
  virtual bool throttle(bool stop) noexcept = 0;
};

/**
 * Events on their way from the library's thread to the JavaScript thread. All functions can be called from any
 * thread.
 */
class EventQueue {
 public:
  /**
   * `wake` is called, by whoever pushes, when the queue has got its first event. Sources that push while the events
   * in it take more than `maxBytes` bytes are throttled until they take half of that.
   */
  EventQueue(size_t maxBytes, std::function<void()> wake);

  /** Keeps the events of `socket`, but for those about cookies, until `deliver`. */
  void hold(uint32_t socket);

  /** Lets the events of `socket` come, those that were held before the others. */
  void deliver(uint32_t socket);

  /** `source` is null for what comes from none that can wait. */
  void push(Event &&event, const std::shared_ptr<Throttled> &source);

  /** Takes the first event; `more` tells whether there is another one. */
  std::optional<Event> take(bool &more);

  /** Whether there is none to take. */
  bool empty() const;

  /** Drops what is held of `socket`. */
  void forget(uint32_t socket);

  /** Drops the events, and those to come. */
  void end();

 private:
  using Sources = std::vector<std::shared_ptr<Throttled>>;

  /** Whether the last event, told anew, tells this one too: how much was sent by now. With the lock held. */
  bool replaces(const Event &event);
  /** Sources that may go on. With the lock held. */
  Sources relieved();
  static void goOn(const Sources &sources);

  const size_t maxBytes_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::deque<Event> events_;
  std::unordered_map<uint32_t, std::vector<Event>> held_;
  /** Bytes that `events_` and `held_` take. */
  size_t size_ = 0;
  Sources throttled_;
  bool ended_ = false;
};

} // namespace socket_task
