#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include <ReactCommon/CallInvoker.h>

/** The processor time of this thread so far: what others do on a busy machine is not its cost. */
std::chrono::nanoseconds processorTime();

/**
 * Another invoker, which belongs to a runtime, with a meter: how many tasks native code has made the JavaScript thread run,
 * and how much processor time of that thread they took. Any thread.
 */
class MeteredInvoker : public facebook::react::CallInvoker {
 public:
  explicit MeteredInvoker(std::shared_ptr<CallInvoker> invoker);

  using CallInvoker::invokeAsync;
  using CallInvoker::invokeSync;
  void invokeAsync(facebook::react::CallFunc &&task) noexcept override;
  /** @throws std::logic_error: nothing here may block the JavaScript thread. */
  void invokeSync(facebook::react::CallFunc &&task) override;

  uint64_t hops() const noexcept;
  std::chrono::nanoseconds busy() const noexcept;

 private:
  struct Meter {
    std::atomic<uint64_t> hops{0};
    std::atomic<int64_t> nanoseconds{0};
  };

  const std::shared_ptr<CallInvoker> invoker_;
  const std::shared_ptr<Meter> meter_ = std::make_shared<Meter>();
};
