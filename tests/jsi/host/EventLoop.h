#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include <ReactCommon/CallInvoker.h>
#include <jsi/jsi.h>

/**
 * The tasks of a JavaScript thread, as React Native's scheduler has them: whoever wants something of it appends a
 * task; after `close` tasks are dropped, where they come from.
 */
class EventLoop : public facebook::react::CallInvoker {
 public:
  /** `wake` is called on any thread when there is a task where there was none. */
  explicit EventLoop(std::function<void()> wake);

  using CallInvoker::invokeAsync;
  using CallInvoker::invokeSync;
  void invokeAsync(facebook::react::CallFunc &&task) noexcept override;
  void invokeSync(facebook::react::CallFunc &&task) override;

  /** Takes the next task; false when there is none. */
  bool take(facebook::react::CallFunc &task);
  /** Runs a task that was taken. */
  static void run(facebook::jsi::Runtime &rt, const facebook::react::CallFunc &task);

  /** No task is accepted any more, and none is left. */
  void close();

 private:
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::deque<facebook::react::CallFunc> tasks_;
  bool closed_ = false;
};
