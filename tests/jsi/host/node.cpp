// The module inside Node: a Node addon in which React Native's C++ sees V8 through Node-API.
//
// Exports `module`, what getNativeModule() returns; `host`, as in js/host.ts; `keepAlive(yes)`; and `end()`, for
// process.exit, which ends no environment.

#include <dlfcn.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <node_api.h>
#include <uv.h>

#include <NodeApiJsiRuntime.h>

#include "EventLoop.h"
#include "HostFunctions.h"
#include "NativeSocketTask.h"

namespace jsi = facebook::jsi;
using facebook::react::CallFunc;
using facebook::react::NativeSocketTask;
using Microsoft::NodeApiJsi::JSRuntimeApi;

namespace {

/** The runtime of one Node environment, and what belongs to it. */
class Instance {
 public:
  explicit Instance(napi_env env);
  ~Instance() = default;
  Instance(const Instance &) = delete;

  napi_value exports();
  /** Runs what process.nextTick and promises have queued, as Node does between two tasks. */
  void checkpoint();

 private:
  static void environmentEnds(void *instance);
  /** Whether the environment is not being terminated, as a worker thread can be: the runtime aborts then. */
  bool canRun();
  void runTasks();
  void keepAlive(bool yes);
  void end();

  const napi_env env_;
  napi_async_context context_ = nullptr;
  uv_async_t *const async_ = new uv_async_t;
  const std::shared_ptr<EventLoop> loop_;
  const std::shared_ptr<MeteredInvoker> invoker_ = std::make_shared<MeteredInvoker>(loop_);
  std::unique_ptr<jsi::Runtime> runtime_;
  std::shared_ptr<NativeSocketTask> module_;
  bool wasAlive_ = false;
};

thread_local Instance *current = nullptr;

extern "C" napi_status openScope(napi_env, jsr_napi_env_scope *scope) {
  *scope = nullptr;
  return napi_ok;
}

extern "C" napi_status closeScope(napi_env, jsr_napi_env_scope) {
  return napi_ok;
}

extern "C" napi_status drainMicrotasks(napi_env, int32_t, bool *result) {
  current->checkpoint();
  *result = true;
  return napi_ok;
}

/** Node-API comes from Node, the few other functions that the runtime wants from here. */
struct Resolver : Microsoft::NodeApiJsi::IFuncResolver {
  Microsoft::NodeApiJsi::FuncPtr getFuncPtr(const char *name) override {
    const std::string wanted = name;
    if (wanted == "jsr_open_napi_env_scope") return reinterpret_cast<Microsoft::NodeApiJsi::FuncPtr>(openScope);
    if (wanted == "jsr_close_napi_env_scope") return reinterpret_cast<Microsoft::NodeApiJsi::FuncPtr>(closeScope);
    if (wanted == "jsr_drain_microtasks") return reinterpret_cast<Microsoft::NodeApiJsi::FuncPtr>(drainMicrotasks);
    return reinterpret_cast<Microsoft::NodeApiJsi::FuncPtr>(dlsym(RTLD_DEFAULT, name));
  }
};

JSRuntimeApi &api() {
  static Resolver resolver;
  static thread_local JSRuntimeApi api(&resolver);
  JSRuntimeApi::setCurrent(&api);
  return api;
}

Instance::Instance(napi_env env)
    : env_(env), loop_(std::make_shared<EventLoop>([async = async_] { uv_async_send(async); })) {
  uv_loop_t *uv = nullptr;
  napi_get_uv_event_loop(env, &uv);
  async_->data = this;
  uv_async_init(uv, async_, [](uv_async_t *async) { static_cast<Instance *>(async->data)->runTasks(); });
  uv_unref(reinterpret_cast<uv_handle_t *>(async_));
  napi_value name = nullptr;
  napi_create_string_utf8(env, "socket-task", NAPI_AUTO_LENGTH, &name);
  napi_async_init(env, nullptr, name, &context_);
  current = this;
  runtime_ = Microsoft::NodeApiJsi::makeNodeApiJsiRuntime(env, &api(), nullptr);
  module_ = std::make_shared<NativeSocketTask>(invoker_);
  napi_add_env_cleanup_hook(env, environmentEnds, this);
}

napi_value Instance::exports() {
  jsi::Runtime &rt = *runtime_;
  jsi::Object exports(rt);
  exports.setProperty(rt, "host", hostFunctions(rt, invoker_));
  const auto define = [&](const char *name, auto function) {
    const auto id = jsi::PropNameID::forAscii(rt, name);
    exports.setProperty(
        rt,
        id,
        jsi::Function::createFromHostFunction(
            rt, id, 1, [function](jsi::Runtime &, const jsi::Value &, const jsi::Value *arguments, size_t) {
              function(arguments);
              return jsi::Value::undefined();
            }));
  };
  define("keepAlive", [this](const jsi::Value *arguments) { keepAlive(arguments[0].asBool()); });
  define("end", [this](const jsi::Value *) { end(); });
  jsi::Object module = jsi::Object::createFromHostObject(rt, module_);
  exports.setProperty(rt, "module", module.getPropertyAsFunction(rt, "getNativeModule").callWithThis(rt, module));
  // JSI does not tell its values' napi_value; a property of the global object does.
  constexpr const char *kPlace = "__socketTaskJsi";
  rt.global().setProperty(rt, kPlace, exports);
  napi_value global = nullptr;
  napi_value result = nullptr;
  napi_value key = nullptr;
  napi_get_global(env_, &global);
  napi_create_string_utf8(env_, kPlace, NAPI_AUTO_LENGTH, &key);
  napi_get_property(env_, global, key, &result);
  napi_delete_property(env_, global, key, nullptr);
  return result;
}

void Instance::checkpoint() {
  napi_value resource = nullptr;
  napi_callback_scope scope = nullptr;
  napi_create_object(env_, &resource);
  if (napi_open_callback_scope(env_, resource, context_, &scope) == napi_ok) napi_close_callback_scope(env_, scope);
}

bool Instance::canRun() {
  napi_value object = nullptr;
  return napi_create_object(env_, &object) == napi_ok && napi_set_named_property(env_, object, "x", object) == napi_ok;
}

void Instance::runTasks() {
  napi_handle_scope handles = nullptr;
  napi_open_handle_scope(env_, &handles);
  CallFunc task;
  // What tasks append waits for the next turn of the event loop.
  size_t count = 0;
  while (count++ < 1'000 && canRun() && loop_->take(task)) {
    try {
      EventLoop::run(*runtime_, std::exchange(task, nullptr));
    } catch (const jsi::JSError &error) {
      napi_value message = nullptr;
      napi_value exception = nullptr;
      napi_create_string_utf8(env_, error.getMessage().c_str(), NAPI_AUTO_LENGTH, &message);
      napi_create_error(env_, nullptr, message, &exception);
      napi_fatal_exception(env_, exception);
    } catch (const jsi::JSINativeException &) {
      // The environment is being terminated, as a worker thread can be in the middle of a task.
      break;
    }
    checkpoint();
  }
  if (count > 1'000) uv_async_send(async_);
  napi_close_handle_scope(env_, handles);
}

void Instance::keepAlive(bool yes) {
  wasAlive_ = wasAlive_ || yes;
  auto *handle = reinterpret_cast<uv_handle_t *>(async_);
  if (yes) {
    uv_ref(handle);
  } else {
    uv_unref(handle);
  }
}

void Instance::end() {
  module_->invalidate();
  loop_->close();
  // An app goes on after a reload. Here the process may end, and the servers are to be told before.
  if (std::exchange(wasAlive_, false)) std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

void Instance::environmentEnds(void *pointer) {
  auto *instance = static_cast<Instance *>(pointer);
  api();
  instance->end();
  uv_close(reinterpret_cast<uv_handle_t *>(instance->async_), [](uv_handle_t *handle) {
    delete reinterpret_cast<uv_async_t *>(handle);
  });
  instance->module_.reset();
  instance->runtime_.reset();
  delete instance;
}

} // namespace

NAPI_MODULE_INIT() {
  (void)exports;
  try {
    return (new Instance(env))->exports();
  } catch (const std::exception &error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
}
