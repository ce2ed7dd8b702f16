#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include <ReactCommon/CallInvoker.h>
#include <jsi/jsi.h>

namespace socket_task {

/** What the JavaScript thread comes by for. */
class HopTarget {
 public:
  virtual ~HopTarget() = default;
  /** On the JavaScript thread, as a task of its own. */
  virtual void arrive(facebook::jsi::Runtime &rt) = 0;
};

/**
 * Asks the JavaScript thread to come by. However often it is asked, at most one hop is under way.
 */
class Hop {
 public:
  explicit Hop(std::shared_ptr<facebook::react::CallInvoker> invoker);

  /** Whom to come to. Before the first request. */
  void setTarget(std::weak_ptr<HopTarget> target);

  /** Any thread. Nothing happens while a hop is under way, or when the target is gone. */
  void request();

  /** When this has returned, `request` does nothing any more. Any thread. */
  void end() noexcept;

 private:
  /** Outlives the hop, and what is under way. */
  struct State {
    std::weak_ptr<HopTarget> target;
    std::atomic<bool> underWay = false;
  };

  const std::shared_ptr<State> state_ = std::make_shared<State>();
  std::mutex mutex_;
  std::shared_ptr<facebook::react::CallInvoker> invoker_;
};

} // namespace socket_task
