// Runs a JavaScript bundle in JavaScriptCore, with the module in it as React Native has it:
//
//   jsc run BUNDLE ARGUMENT…           until the bundle calls host.exit
//   jsc pair BUNDLE ARGUMENT…          in two runtimes on two threads at once
//   jsc cycle COUNT BUNDLE ARGUMENT…   COUNT times; each runtime ends in the middle of what it does, in one way of many
//
// The exit code is the one that host.exit was given, or the worst of several.

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <thread>

#include <JSCRuntime.h>
#include <ReactCommon/TurboModuleBinding.h>

#include "HostFunctions.h"
#include "JscNativeMemory.h"
#include "NativeSocketTask.h"

namespace jsi = facebook::jsi;
using facebook::react::CallFunc;
using facebook::react::NativeSocketTask;
using facebook::react::TurboModule;
using facebook::react::TurboModuleBinding;

namespace {

using Clock = std::chrono::steady_clock;

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
  Instance(const Script &script, Ending ending) : ending_(ending), runtime_(facebook::jsc::makeJSCRuntime()) {
    jsi::Runtime &rt = *runtime_;
    TurboModuleBinding::install(rt, [this](const std::string &name) -> std::shared_ptr<TurboModule> {
      if (name != NativeSocketTask::kModuleName) return nullptr;
      if (ending_ == Ending::RuntimeAlone) return std::make_shared<NativeSocketTask>(loop_);
      if (!module_) module_ = std::make_shared<NativeSocketTask>(loop_);
      return module_;
    });
    installHost(rt, script);
    guarded([&] { rt.evaluateJavaScript(std::make_shared<jsi::StringBuffer>(script.source), script.path); });
  }

  ~Instance() {
    if (invalidating_.joinable()) invalidating_.join();
    if (ending_ == Ending::ModuleFirst) module_.reset();
    loop_->close();
    timers_.clear();
    module_.reset();
    runtime_.reset();
  }

  /** Runs tasks and timers until the script exits. */
  int run() {
    if (ending_ == Ending::InvalidatedMeanwhile) {
      invalidating_ = std::thread([module = module_] {
        std::this_thread::sleep_for(std::chrono::milliseconds(15));
        if (module) module->invalidate();
      });
    }
    while (!exitCode_) {
      CallFunc task;
      if (loop_->take(task)) {
        guarded([&] { loop_->run(*runtime_, std::move(task)); });
      } else if (!runTimer()) {
        wait();
      }
    }
    return *exitCode_;
  }

 private:
  void installHost(jsi::Runtime &rt, const Script &script) {
    const auto define = [&](jsi::Object &object, const char *name, auto function) {
      object.setProperty(
          rt,
          name,
          jsi::Function::createFromHostFunction(
              rt,
              jsi::PropNameID::forAscii(rt, name),
              2,
              [function](jsi::Runtime &rt, const jsi::Value &, const jsi::Value *arguments, size_t count) {
                return function(rt, arguments, count);
              }));
    };
    jsi::Object host = hostFunctions(rt, loop_);
    jsi::Array arguments(rt, script.arguments.size());
    for (size_t i = 0; i < script.arguments.size(); ++i) {
      arguments.setValueAtIndex(rt, i, jsi::String::createFromUtf8(rt, script.arguments[i]));
    }
    host.setProperty(rt, "arguments", arguments);
    host.setProperty(rt, "engine", "JavaScriptCore");
    define(host, "print", [](jsi::Runtime &rt, const jsi::Value *arguments, size_t) {
      std::cout << arguments[0].asString(rt).utf8(rt) + "\n" << std::flush;
      return jsi::Value::undefined();
    });
    define(host, "exit", [this](jsi::Runtime &, const jsi::Value *arguments, size_t) {
      exitCode_ = static_cast<int>(arguments[0].asNumber());
      return jsi::Value::undefined();
    });
    define(host, "externalMemory", [](jsi::Runtime &, const jsi::Value *, size_t) {
      return jsi::Value(static_cast<double>(externalMemory.load()));
    });
    jsi::Object global = rt.global();
    global.setProperty(rt, "host", host);
    define(global, "setTimeout", [this](jsi::Runtime &rt, const jsi::Value *arguments, size_t count) {
      const double delay = count > 1 && arguments[1].isNumber() ? arguments[1].asNumber() : 0;
      const auto due = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                          std::chrono::duration<double, std::milli>(delay));
      const int id = ++lastTimer_;
      timers_.emplace(std::pair(due, id), arguments[0].asObject(rt).asFunction(rt));
      return jsi::Value(id);
    });
    define(global, "clearTimeout", [this](jsi::Runtime &, const jsi::Value *arguments, size_t count) {
      if (count == 0 || !arguments[0].isNumber()) return jsi::Value::undefined();
      const int id = static_cast<int>(arguments[0].asNumber());
      std::erase_if(timers_, [id](const auto &timer) { return timer.first.second == id; });
      return jsi::Value::undefined();
    });
  }

  /** Runs the first timer that is due. */
  bool runTimer() {
    if (timers_.empty() || timers_.begin()->first.first > Clock::now()) return false;
    const jsi::Function callback = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    guarded([&] { callback.call(*runtime_); });
    return true;
  }

  /** A task, and its microtasks. What it throws ends the program, as it ends an app. */
  template <typename Task>
  void guarded(Task &&task) {
    try {
      task();
      runtime_->drainMicrotasks();
    } catch (const jsi::JSError &error) {
      jsi::Object host = runtime_->global().getPropertyAsObject(*runtime_, "host");
      if (const jsi::Value handler = host.getProperty(*runtime_, "onUncaught"); handler.isObject()) {
        handler.asObject(*runtime_).asFunction(*runtime_).call(*runtime_, error.getMessage());
        return;
      }
      std::cout << "uncaught: " << error.getMessage() << "\n" << error.getStack() << std::endl;
      exitCode_ = 1;
    }
  }

  void wait() {
    std::unique_lock lock(mutex_);
    const auto woken = [this] { return woken_; };
    if (timers_.empty()) {
      condition_.wait(lock, woken);
    } else {
      condition_.wait_until(lock, timers_.begin()->first.first, woken);
    }
    woken_ = false;
  }

  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    condition_.notify_one();
  }

  const Ending ending_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
  const std::shared_ptr<EventLoop> loop_ = std::make_shared<EventLoop>([this] { wake(); });
  std::unique_ptr<jsi::Runtime> runtime_;
  std::shared_ptr<NativeSocketTask> module_;
  std::map<std::pair<Clock::time_point, int>, jsi::Function> timers_;
  int lastTimer_ = 0;
  std::optional<int> exitCode_;
  std::thread invalidating_;
};

int runOnThread(const Script &script, Ending ending) {
  int exitCode = 1;
  std::thread([&] {
    try {
      Instance instance(script, ending);
      exitCode = instance.run();
    } catch (const std::exception &error) {
      std::cout << "uncaught: " << error.what() << std::endl;
    }
  }).join();
  return exitCode;
}

Script load(int count, char **arguments) {
  std::ifstream file(arguments[0]);
  std::stringstream source;
  source << file.rdbuf();
  return Script{arguments[0], source.str(), std::vector<std::string>(arguments + 1, arguments + count)};
}

} // namespace

int main(int count, char **arguments) {
  const std::string command = count > 1 ? arguments[1] : "";
  if (command == "run" && count > 2) {
    return runOnThread(load(count - 2, arguments + 2), Ending::ModuleFirst);
  }
  if (command == "pair" && count > 2) {
    const Script script = load(count - 2, arguments + 2);
    int first = 1;
    std::thread other([&] { first = runOnThread(script, Ending::RuntimeAlone); });
    const int second = runOnThread(script, Ending::ModuleFirst);
    other.join();
    return std::max(first, second);
  }
  if (command == "cycle" && count > 3) {
    const Script script = load(count - 3, arguments + 3);
    int worst = 0;
    for (int i = 0; i < std::atoi(arguments[2]); ++i) worst = std::max(worst, runOnThread(script, Ending(i % 3)));
    return worst;
  }
  std::cerr << "usage: jsc (run | pair | cycle COUNT) BUNDLE ARGUMENT…" << std::endl;
  return 2;
}
