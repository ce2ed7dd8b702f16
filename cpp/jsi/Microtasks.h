#pragma once

#include <optional>

#include <jsi/jsi.h>

namespace socket_task {

/**
 * Runs between two tasks what the first has resolved. Where that can be done depends on who has the promises: the
 * engine, or React Native, as on the bridge (Hermes there has no queue of its own) and in JavaScriptCore.
 *
 * Belongs to one runtime, and holds values of it. For its thread, between two tasks.
 */
class Microtasks {
 public:
  /** Finds out who has them, and so runs them. Throws what they throw. */
  explicit Microtasks(facebook::jsi::Runtime &rt);

  /** False where only the end of the hop runs them. Throws what they throw. */
  bool run(facebook::jsi::Runtime &rt) const;

 private:
  /** The bridge's queue, and the function of it that runs what is in it. */
  struct Bridge {
    facebook::jsi::Object queue;
    facebook::jsi::Function run;
  };

  static std::optional<Bridge> findBridge(facebook::jsi::Runtime &rt);

  bool engineHasThem_;
  /** Only where the engine has none. */
  std::optional<Bridge> bridge_;
};

} // namespace socket_task
