#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "../link/Waker.h"

namespace socket_task {

/**
 * Makes the JavaScript thread of one runtime run `task` as a task of its own. Can be called from any thread, and does not
 * wait. `task` holds no JavaScript value: it may be destroyed unrun, on any thread, when the runtime has ended. It is
 * given no runtime, since React Native has one to give since 0.75 only. Each door has its own way.
 */
using RunInJs = std::function<void(std::function<void()> &&task)>;

/** What the JavaScript thread comes by for. */
class HopTarget {
 public:
  virtual ~HopTarget() = default;
  /** On the JavaScript thread, as a task of its own. */
  virtual void arrive() = 0;
};

/** Makes the JavaScript thread come by. However often it is woken, at most one hop is under way. */
class Hop final : public Waker {
 public:
  explicit Hop(RunInJs runInJs);

  /** Whom to come to. Before `wake` is called. */
  void setTarget(std::weak_ptr<HopTarget> target);

  /** Nothing happens while a hop is under way, or when the target is gone. */
  void wake() override;

  /** `RunInJs` is not called any more, and is destroyed. */
  void end() noexcept override;

 private:
  /** Outlives the hop, and what is under way. */
  struct State {
    std::weak_ptr<HopTarget> target;
    std::atomic<bool> underWay = false;
  };

  const std::shared_ptr<State> state_ = std::make_shared<State>();
  std::mutex mutex_;
  /** None after the end. */
  RunInJs runInJs_;
};

} // namespace socket_task
