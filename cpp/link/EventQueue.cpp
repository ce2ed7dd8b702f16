#include "EventQueue.h"

#include <utility>

namespace socket_task {

EventQueue::EventQueue(size_t maxBytes, std::function<void()> wake)
    : maxBytes_(maxBytes), wake_(std::move(wake)) {}

void EventQueue::push(Event &&event, const std::shared_ptr<Throttled> &source) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    first = events_.empty();
    size_ += event.size();
    events_.push_back(std::move(event));
    // With the lock held: who takes the queue must find the source in the list.
    if (size_ > maxBytes_ && source->throttle(true)) throttled_.push_back(source);
  }
  if (first) wake_();
}

std::vector<Event> EventQueue::take() {
  std::vector<Event> events;
  std::vector<std::shared_ptr<Throttled>> throttled;
  {
    const std::lock_guard lock(mutex_);
    events.swap(events_);
    throttled.swap(throttled_);
    size_ = 0;
  }
  for (const auto &source : throttled) source->throttle(false);
  return events;
}

bool EventQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return events_.empty();
}

void EventQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  take();
}

} // namespace socket_task
