#include "EventQueue.h"

#include <iterator>
#include <utility>

namespace socket_task {

EventQueue::EventQueue(size_t maxBytes, std::function<void()> wake) : maxBytes_(maxBytes), wake_(std::move(wake)) {}

void EventQueue::hold(uint32_t socket) {
  const std::lock_guard lock(mutex_);
  held_[socket];
}

void EventQueue::deliver(uint32_t socket) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    auto held = held_.extract(socket);
    if (held.empty() || held.mapped().empty()) return;
    first = events_.empty();
    std::move(held.mapped().begin(), held.mapped().end(), std::back_inserter(events_));
  }
  if (first) wake_();
}

void EventQueue::push(Event &&event, const std::shared_ptr<Throttled> &source) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || replaces(event)) return;
    size_ += event.size();
    const auto held = event.canWait() ? held_.find(event.socket) : held_.end();
    if (held != held_.end()) {
      held->second.push_back(std::move(event));
    } else {
      first = events_.empty();
      events_.push_back(std::move(event));
    }
    // With the lock held: who makes room must find the source in the list.
    if (size_ > maxBytes_ && source && source->throttle(true)) throttled_.push_back(source);
  }
  if (first) wake_();
}

bool EventQueue::replaces(const Event &event) {
  const auto *drain = std::get_if<DrainEvent>(&event.body);
  if (!drain || events_.empty() || events_.back().socket != event.socket) return false;
  auto *last = std::get_if<DrainEvent>(&events_.back().body);
  if (!last) return false;
  last->sent = drain->sent;
  return true;
}

std::optional<Event> EventQueue::take(bool &more) {
  std::optional<Event> event;
  Sources sources;
  {
    const std::lock_guard lock(mutex_);
    more = events_.size() > 1;
    if (events_.empty()) return event;
    event = std::move(events_.front());
    events_.pop_front();
    size_ -= event->size();
    if (throttled_.empty()) return event;
    sources = relieved();
  }
  goOn(sources);
  return event;
}

bool EventQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return events_.empty();
}

void EventQueue::forget(uint32_t socket) {
  Sources sources;
  {
    const std::lock_guard lock(mutex_);
    const auto held = held_.extract(socket);
    if (held.empty()) return;
    for (const Event &event : held.mapped()) size_ -= event.size();
    sources = relieved();
  }
  goOn(sources);
}

void EventQueue::end() {
  std::deque<Event> events;
  std::unordered_map<uint32_t, std::vector<Event>> held;
  Sources sources;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    events.swap(events_);
    held.swap(held_);
    size_ = 0;
    sources = relieved();
  }
  goOn(sources);
}

EventQueue::Sources EventQueue::relieved() {
  Sources sources;
  if (size_ <= maxBytes_ / 2) sources.swap(throttled_);
  return sources;
}

void EventQueue::goOn(const Sources &sources) {
  for (const auto &source : sources) source->throttle(false);
}

} // namespace socket_task
