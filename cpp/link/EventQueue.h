#pragma once

#include <functional>
#include <memory>
#include <mutex>
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
   * in it take more than `maxBytes` bytes are throttled until it is taken.
   */
  EventQueue(size_t maxBytes, std::function<void()> wake);

  void push(Event &&event, const std::shared_ptr<Throttled> &source);

  /** Takes all events, in their order. */
  std::vector<Event> take();

  bool empty() const;

  /** Drops the events, and those to come. */
  void end();

 private:
  const size_t maxBytes_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::vector<Event> events_;
  /** Bytes that `events_` take. */
  size_t size_ = 0;
  std::vector<std::shared_ptr<Throttled>> throttled_;
  bool ended_ = false;
};

} // namespace socket_task
