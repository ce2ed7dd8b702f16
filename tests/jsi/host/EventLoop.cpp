#include "EventLoop.h"

#include <stdexcept>
#include <type_traits>
#include <utility>

using facebook::react::CallFunc;

EventLoop::EventLoop(std::function<void()> wake) : wake_(std::move(wake)) {}

void EventLoop::invokeAsync(CallFunc &&task) noexcept {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    first = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (first) wake_();
}

void EventLoop::invokeSync(CallFunc &&) {
  throw std::logic_error("nothing may block the JavaScript thread");
}

bool EventLoop::take(CallFunc &task) {
  const std::lock_guard lock(mutex_);
  if (tasks_.empty()) return false;
  task = std::move(tasks_.front());
  tasks_.pop_front();
  return true;
}

void EventLoop::run(facebook::jsi::Runtime &rt, const CallFunc &task) {
  const auto call = [&rt](const auto &task) {
    // Before React Native 0.75 a task gets no runtime.
    if constexpr (std::is_invocable_v<decltype(task), facebook::jsi::Runtime &>) {
      task(rt);
    } else {
      task();
    }
  };
  call(task);
}

void EventLoop::close() {
  std::deque<CallFunc> tasks;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    tasks.swap(tasks_);
  }
}
