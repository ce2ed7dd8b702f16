// Runs a bundle in React Native itself, without an app: its ReactInstance with Hermes, its scheduler, its timers, its
// handling of errors.
//
//   instance run BUNDLE ARGUMENT…           until the bundle calls host.exit
//   instance pair BUNDLE ARGUMENT…          two at once
//   instance cycle COUNT BUNDLE ARGUMENT…   one after the other
//
// This file stands for what an Android app has in Java: the JavaScript thread, and who wakes it for timers.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include <ReactCommon/TurboModuleBinding.h>
#include <react/featureflags/ReactNativeFeatureFlags.h>
#include <react/featureflags/ReactNativeFeatureFlagsOverridesOSSStable.h>
#include <react/renderer/runtimescheduler/RuntimeSchedulerCallInvoker.h>
#include <react/runtime/ReactInstance.h>
#include <react/runtime/hermes/HermesInstance.h>

#include "NativeSocketTask.h"
#include "Program.h"
#include "Queue.h"

namespace jsi = facebook::jsi;
using namespace facebook::react;

namespace {

struct Script {
  std::string path, source;
  std::vector<std::string> arguments;
};

class Timers final : public PlatformTimerRegistry {
 public:
  explicit Timers(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}
  void createTimer(uint32_t id, double delay) override {
    queue_->runLater(Queue::Milliseconds(delay), [manager = manager, id] {
      if (const auto strong = manager->lock()) strong->callTimer(static_cast<TimerHandle>(id));
    });
  }
  void deleteTimer(uint32_t) override {}
  void createRecurringTimer(uint32_t, double) override {
    throw std::logic_error("no test repeats a timer");
  }
  /** Who owns this, once it is there. */
  const std::shared_ptr<std::weak_ptr<TimerManager>> manager = std::make_shared<std::weak_ptr<TimerManager>>();

 private:
  const std::shared_ptr<Queue> queue_;
};

int run(const Script &script) {
  const RunningProgram program{"Hermes", script.arguments};
  std::shared_ptr<ProgramInvoker> invoker;
  const auto queue = std::make_shared<Queue>();
  auto registry = std::make_unique<Timers>(queue);
  const auto manager = registry->manager;
  auto timers = std::make_shared<TimerManager>(std::move(registry));
  *manager = timers;
  auto instance = std::make_unique<ReactInstance>(
      HermesInstance::createJSRuntime(nullptr, queue, false),
      queue,
      timers,
      [&invoker](jsi::Runtime &rt, const JsErrorHandler::ProcessedError &error) {
        invoker->uncaught(rt, error.originalMessage.value_or(error.message));
      });
  timers->setRuntimeExecutor(instance->getBufferedRuntimeExecutor());
  // It has functions of JavaScript, which must not outlive the runtime: from here on it is the instance's alone.
  timers.reset();
  invoker = std::make_shared<ProgramInvoker>(
      std::make_shared<RuntimeSchedulerCallInvoker>(instance->getRuntimeScheduler()), program);
  std::shared_ptr<NativeSocketTask> module;
  instance->initializeRuntime({}, [&](jsi::Runtime &rt) {
    TurboModuleBinding::install(rt, [&module, invoker](const std::string &name) -> std::shared_ptr<TurboModule> {
      if (name != NativeSocketTask::kModuleName) return nullptr;
      if (!module) module = std::make_shared<NativeSocketTask>(invoker);
      return module;
    });
    rt.global().setProperty(rt, "host", invoker->host(rt));
  });
  instance->loadScript(std::make_unique<JSBigStdString>(script.source), script.path);
  const int code = program.exitCode->get();

  // As an app's instance ends: its modules first, then its thread, then itself.
  queue->runOnQueueSync([&] {
    if (module) module->invalidate();
    module.reset();
  });
  queue->quitSynchronous();
  instance.reset();
  return code;
}

Script load(int count, char **arguments) {
  std::ifstream file(arguments[0]);
  std::stringstream source;
  source << file.rdbuf();
  return Script{arguments[0], source.str(), std::vector<std::string>(arguments + 1, arguments + count)};
}

} // namespace

int main(int count, char **arguments) {
  ReactNativeFeatureFlags::override(std::make_unique<ReactNativeFeatureFlagsOverridesOSSStable>());
  const std::string command = count > 1 ? arguments[1] : "";
  if (command == "run" && count > 2) return run(load(count - 2, arguments + 2));
  if (command == "pair" && count > 2) {
    const Script script = load(count - 2, arguments + 2);
    int first = 1;
    std::thread other([&] { first = run(script); });
    const int second = run(script);
    other.join();
    return std::max(first, second);
  }
  if (command == "cycle" && count > 3) {
    const Script script = load(count - 3, arguments + 3);
    int worst = 0;
    for (int i = 0; i < std::atoi(arguments[2]); ++i) worst = std::max(worst, run(script));
    return worst;
  }
  std::cerr << "usage: instance (run | pair | cycle COUNT) BUNDLE ARGUMENT…" << std::endl;
  return 2;
}
