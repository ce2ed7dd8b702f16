#pragma once

#include <memory>

#include <jsi/jsi.h>

#include "../../jsi/Hop.h"

namespace socket_task {
class SessionRegistry;
}

namespace socket_task::bridge {

/**
 * socket-task in a JavaScript runtime of React Native's old architecture, whose bridge cannot hand a module's objects to
 * JavaScript: they are left on the runtime's global object.
 *
 * Belongs to the module's instance for that runtime. Its end is that of {@link invalidate}.
 */
class Installation final {
 public:
  /** The property of the global object: what `NativeModule` in js/native/seam.ts describes. js/native/jsi.ts takes it. */
  static constexpr const char *kGlobal = "__socketTaskModule";

  /**
   * On the thread of `rt`, once for each runtime. `runInJs` is how to come back to it. Throws what JSI throws.
   */
  Installation(facebook::jsi::Runtime &rt, RunInJs runInJs);
  ~Installation();
  Installation(const Installation &) = delete;
  Installation &operator=(const Installation &) = delete;

  /**
   * Ends all sessions, and lets no new one begin. Once it has returned, nobody calls `runInJs` any more. Any thread, any
   * number of times; JavaScript may still run.
   */
  void invalidate() noexcept;

 private:
  const std::shared_ptr<SessionRegistry> sessions_;
};

} // namespace socket_task::bridge
