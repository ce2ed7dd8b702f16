#include "Hop.h"

#include <utility>

namespace socket_task {

namespace jsi = facebook::jsi;

Hop::Hop(std::shared_ptr<facebook::react::CallInvoker> invoker) : invoker_(std::move(invoker)) {}

void Hop::setTarget(std::weak_ptr<HopTarget> target) {
  state_->target = std::move(target);
}

void Hop::request() {
  if (state_->underWay.exchange(true)) return;
  // With the lock held: after end() no invoker of a runtime that may be gone is called.
  const std::lock_guard lock(mutex_);
  if (!invoker_) return;
  invoker_->invokeAsync([state = state_](jsi::Runtime &rt) {
    // Before the target looks: what comes after it has looked makes a new hop.
    state->underWay.exchange(false);
    if (const auto target = state->target.lock()) target->arrive(rt);
  });
}

void Hop::end() noexcept {
  std::shared_ptr<facebook::react::CallInvoker> invoker;
  const std::lock_guard lock(mutex_);
  invoker_.swap(invoker);
}

} // namespace socket_task
