#include "EventLoop.h"

#include <ctime>
#include <stdexcept>
#include <utility>

using facebook::react::CallFunc;

namespace {

/** Of this thread: what others do on a busy machine is not its cost. */
std::chrono::nanoseconds processorTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

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

void EventLoop::run(facebook::jsi::Runtime &rt, CallFunc &&task) {
  hops_ += 1;
  struct Timing {
    std::chrono::nanoseconds &sum;
    const std::chrono::nanoseconds start = processorTime();
    ~Timing() {
      sum += processorTime() - start;
    }
  } timing{busy_};
  const CallFunc running = std::move(task);
  running(rt);
}

void EventLoop::close() {
  std::deque<CallFunc> tasks;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    tasks.swap(tasks_);
  }
}
