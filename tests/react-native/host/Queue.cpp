#include "Queue.h"

Queue::Queue() : thread_([this] { run(); }) {}

Queue::~Queue() {
  quitSynchronous();
}

void Queue::runOnQueue(std::function<void()> &&task) {
  runLater(Milliseconds(0), std::move(task));
}

void Queue::runOnQueueSync(std::function<void()> &&task) {
  if (std::this_thread::get_id() == thread_.get_id()) return task();
  std::mutex mutex;
  std::condition_variable condition;
  bool done = false;
  runOnQueue([&] {
    task();
    const std::lock_guard lock(mutex);
    done = true;
    condition.notify_one();
  });
  std::unique_lock lock(mutex);
  condition.wait(lock, [&] { return done; });
}

void Queue::quitSynchronous() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
  }
  condition_.notify_one();
  if (thread_.joinable()) thread_.join();
  // Not with the lock held: what they own may come here again.
  std::map<std::pair<Clock::time_point, uint64_t>, std::function<void()>> rest;
  const std::lock_guard lock(mutex_);
  rest.swap(tasks_);
}

void Queue::runLater(Milliseconds delay, std::function<void()> &&task) {
  const std::lock_guard lock(mutex_);
  if (quit_) return;
  const auto due = Clock::now() + std::chrono::duration_cast<Clock::duration>(delay);
  tasks_.emplace(std::pair(due, ++count_), std::move(task));
  condition_.notify_one();
}

void Queue::run() {
  std::unique_lock lock(mutex_);
  while (!quit_) {
    if (tasks_.empty()) {
      condition_.wait(lock);
    } else if (const Clock::time_point due = tasks_.begin()->first.first; due > Clock::now()) {
      condition_.wait_until(lock, due);
    } else {
      std::function<void()> task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    }
  }
}
