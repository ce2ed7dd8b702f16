#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <cxxreact/MessageQueueThread.h>

/** A thread for React Native, with tasks that may be due later. Any thread. */
class Queue final : public facebook::react::MessageQueueThread {
 public:
  using Milliseconds = std::chrono::duration<double, std::milli>;

  Queue();
  ~Queue() override;

  void runOnQueue(std::function<void()> &&task) override;
  void runOnQueueSync(std::function<void()> &&task) override;
  /** What is left does not run any more. */
  void quitSynchronous() override;

  void runLater(Milliseconds delay, std::function<void()> &&task);

 private:
  using Clock = std::chrono::steady_clock;

  void run();

  std::mutex mutex_;
  std::condition_variable condition_;
  std::map<std::pair<Clock::time_point, uint64_t>, std::function<void()>> tasks_;
  uint64_t count_ = 0;
  bool quit_ = false;
  std::thread thread_;
};
