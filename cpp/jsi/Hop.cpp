#include "Hop.h"

#include <utility>

namespace socket_task {

Hop::Hop(RunInJs runInJs) : runInJs_(std::move(runInJs)) {}

void Hop::setTarget(std::weak_ptr<HopTarget> target) {
  state_->target = std::move(target);
}

void Hop::wake() {
  if (state_->underWay.exchange(true)) return;
  // With the lock held: after end() nothing is asked of a runtime that may be gone.
  const std::lock_guard lock(mutex_);
  if (!runInJs_) return;
  runInJs_([state = state_] {
    // Before the target looks: what comes after it has looked makes a new hop.
    state->underWay.exchange(false);
    if (const auto target = state->target.lock()) target->arrive();
  });
}

void Hop::end() noexcept {
  RunInJs ended;
  const std::lock_guard lock(mutex_);
  runInJs_.swap(ended);
}

} // namespace socket_task
