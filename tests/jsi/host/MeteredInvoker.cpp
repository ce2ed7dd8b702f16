#include "MeteredInvoker.h"

#include <ctime>
#include <stdexcept>
#include <utility>

using facebook::react::CallFunc;

std::chrono::nanoseconds processorTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

MeteredInvoker::MeteredInvoker(std::shared_ptr<CallInvoker> invoker) : invoker_(std::move(invoker)) {}

void MeteredInvoker::invokeAsync(CallFunc &&task) noexcept {
  // Before React Native 0.75 a task gets no runtime.
  invoker_->invokeAsync(CallFunc([meter = meter_, task = std::move(task)](auto &...rt) {
    struct Timing {
      Meter &meter;
      const std::chrono::nanoseconds start = processorTime();
      ~Timing() {
        meter.nanoseconds += (processorTime() - start).count();
      }
    } timing{*meter};
    meter->hops += 1;
    task(rt...);
  }));
}

void MeteredInvoker::invokeSync(CallFunc &&) {
  throw std::logic_error("nothing may block the JavaScript thread");
}

uint64_t MeteredInvoker::hops() const noexcept {
  return meter_->hops;
}

std::chrono::nanoseconds MeteredInvoker::busy() const noexcept {
  return std::chrono::nanoseconds(meter_->nanoseconds);
}
