#include "Instance.h"

#include <iostream>

#include <ReactCommon/TurboModuleBinding.h>

#include "Engine.h"
#include "HostFunctions.h"
#include "NativeRoundTrips.h"

namespace jsi = facebook::jsi;
using facebook::react::CallFunc;
using facebook::react::NativeRoundTrips;
using facebook::react::NativeSocketTask;
using facebook::react::TurboModule;
using facebook::react::TurboModuleBinding;

namespace {

/** Gives the object a function that gets its arguments and their count. */
template <typename Function>
void define(jsi::Runtime &rt, jsi::Object &object, const char *name, Function function) {
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
}

} // namespace

Instance::Instance(const Script &script, Ending ending) : ending_(ending), runtime_(engine::makeRuntime()) {
  jsi::Runtime &rt = *runtime_;
  TurboModuleBinding::install(rt, [this](const std::string &name) -> std::shared_ptr<TurboModule> {
    // A module of the app beside that of the package.
    if (name == NativeRoundTrips::kModuleName) return std::make_shared<NativeRoundTrips>(invoker_);
    if (name != NativeSocketTask::kModuleName) return nullptr;
    if (ending_ == Ending::RuntimeAlone) return std::make_shared<NativeSocketTask>(invoker_);
    if (!module_) module_ = std::make_shared<NativeSocketTask>(invoker_);
    return module_;
  });
  installHost(script);
  installTimers();
  guarded([&] { rt.evaluateJavaScript(std::make_shared<jsi::StringBuffer>(script.source), script.path); });
}

Instance::~Instance() {
  if (invalidating_.joinable()) invalidating_.join();
  if (ending_ == Ending::ModuleFirst) module_.reset();
  loop_->close();
  timers_.clear();
  module_.reset();
  runtime_.reset();
}

int Instance::run() {
  if (ending_ == Ending::InvalidatedMeanwhile) {
    invalidating_ = std::thread([module = module_] {
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
      if (module) module->invalidate();
    });
  }
  while (!exitCode_) {
    CallFunc task;
    if (loop_->take(task)) {
      guarded([&] { EventLoop::run(*runtime_, std::exchange(task, nullptr)); });
    } else if (!runTimer()) {
      wait();
    }
  }
  return *exitCode_;
}

void Instance::installHost(const Script &script) {
  jsi::Runtime &rt = *runtime_;
  jsi::Object host = hostFunctions(rt, invoker_);
  addProgram(rt, host, {engine::kName, script.arguments, [this](int code) { exitCode_ = code; }});
  engine::extendHost(rt, host);
  rt.global().setProperty(rt, "host", host);
}

void Instance::installTimers() {
  jsi::Runtime &rt = *runtime_;
  jsi::Object global = rt.global();
  define(rt, global, "setTimeout", [this](jsi::Runtime &rt, const jsi::Value *arguments, size_t count) {
    const double delay = count > 1 && arguments[1].isNumber() ? arguments[1].asNumber() : 0;
    const auto due = Clock::now() +
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>(delay));
    const int id = ++lastTimer_;
    timers_.emplace(std::pair(due, id), arguments[0].asObject(rt).asFunction(rt));
    return jsi::Value(id);
  });
  define(rt, global, "clearTimeout", [this](jsi::Runtime &, const jsi::Value *arguments, size_t count) {
    if (count == 0 || !arguments[0].isNumber()) return jsi::Value::undefined();
    const int id = static_cast<int>(arguments[0].asNumber());
    std::erase_if(timers_, [id](const auto &timer) { return timer.first.second == id; });
    return jsi::Value::undefined();
  });
}

/** Runs the first timer that is due. */
bool Instance::runTimer() {
  if (timers_.empty() || timers_.begin()->first.first > Clock::now()) return false;
  const jsi::Function callback = std::move(timers_.begin()->second);
  timers_.erase(timers_.begin());
  guarded([&] { callback.call(*runtime_); });
  return true;
}

/** A task, and its microtasks. What it throws ends the program, as it ends an app. */
template <typename Task>
void Instance::guarded(Task &&task) {
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

void Instance::wait() {
  std::unique_lock lock(mutex_);
  const auto woken = [this] { return woken_; };
  if (timers_.empty()) {
    condition_.wait(lock, woken);
  } else {
    condition_.wait_until(lock, timers_.begin()->first.first, woken);
  }
  woken_ = false;
}

void Instance::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  condition_.notify_one();
}
