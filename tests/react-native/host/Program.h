#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <jsi/jsi.h>

#include "MeteredInvoker.h"

/** The code that a bundle ends with: the first that is set. Any thread. */
class ExitCode {
 public:
  void set(int code);
  /** Waits for it. */
  int get();

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  std::optional<int> code_;
};

/** A bundle that runs in an instance of React Native. Its runtime and this may end in either order. */
struct RunningProgram {
  std::string engine;
  std::vector<std::string> arguments;
  std::shared_ptr<ExitCode> exitCode = std::make_shared<ExitCode>();
  /** The instance's own, with a meter. */
  std::shared_ptr<MeteredInvoker> invoker;

  /** The object `Host` of tests/jsi/js/host.ts. On the JavaScript thread. */
  facebook::jsi::Object host(facebook::jsi::Runtime &rt) const;
};
