#pragma once

namespace socket_task {

/** Tells the one who takes events that there are some. Both functions can be called from any thread. */
class Waker {
 public:
  virtual ~Waker() = default;

  /** Events can be taken. */
  virtual void wake() = 0;

  /** When this has returned, `wake` does nothing any more. */
  virtual void end() noexcept = 0;
};

} // namespace socket_task
