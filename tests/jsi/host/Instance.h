#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <jsi/jsi.h>

#include "EventLoop.h"
#include "MeteredInvoker.h"
#include "NativeSocketTask.h"

struct Script {
  std::string path;
  std::string source;
  std::vector<std::string> arguments;
};

/** How a runtime comes to its end. */
enum class Ending {
  /** The module, then the runtime. */
  ModuleFirst,
  /** The runtime, which alone has the module. */
  RuntimeAlone,
  /** The module is invalidated on another thread while JavaScript runs. */
  InvalidatedMeanwhile,
};

/** One runtime and what belongs to it, on one thread: the counterpart of a React Native instance. */
class Instance {
 public:
  Instance(const Script &script, Ending ending);
  ~Instance();
  Instance(const Instance &) = delete;

  /** Runs tasks and timers until the script exits; its exit code. */
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  void installHost(const Script &script);
  void installTimers();
  bool runTimer();
  template <typename Task>
  void guarded(Task &&task);
  void wait();
  void wake();

  const Ending ending_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
  const std::shared_ptr<EventLoop> loop_ = std::make_shared<EventLoop>([this] { wake(); });
  const std::shared_ptr<MeteredInvoker> invoker_ = std::make_shared<MeteredInvoker>(loop_);
  std::unique_ptr<facebook::jsi::Runtime> runtime_;
  std::shared_ptr<facebook::react::NativeSocketTask> module_;
  std::map<std::pair<Clock::time_point, int>, facebook::jsi::Function> timers_;
  int lastTimer_ = 0;
  std::optional<int> exitCode_;
  std::thread invalidating_;
};
