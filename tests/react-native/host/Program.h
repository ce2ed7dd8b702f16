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

/** A bundle that runs in an instance of React Native. */
struct RunningProgram {
  std::string engine;
  std::vector<std::string> arguments;
  std::shared_ptr<ExitCode> exitCode = std::make_shared<ExitCode>();
};

/** The invoker of that instance, with a meter: by it modules know for whom they are made. */
class ProgramInvoker final : public MeteredInvoker, public std::enable_shared_from_this<ProgramInvoker> {
 public:
  ProgramInvoker(std::shared_ptr<CallInvoker> own, RunningProgram program);
  ~ProgramInvoker() override;
  ProgramInvoker(const ProgramInvoker &) = delete;
  ProgramInvoker &operator=(const ProgramInvoker &) = delete;

  /** How many of these there are in the process. Any thread. */
  static int alive();

  /** The object `Host` of tests/jsi/js/host.ts. On the JavaScript thread. */
  facebook::jsi::Object host(facebook::jsi::Runtime &rt);

  /** What JavaScript has not caught: `host.onUncaught` is told, or the program ends. On the JavaScript thread. */
  void uncaught(facebook::jsi::Runtime &rt, const std::string &message);

 private:
  const RunningProgram program_;
};
