#include "NativeSocketTask.h"

#include <utility>

#include "../../jsi/SessionRegistry.h"
#include "../RunByInvoker.h"

#ifdef SOCKET_TASK_JAVA
#include <fbjni/fbjni.h>

#include "../../../android/src/main/cpp/StayAttached.h"
#endif

namespace facebook::react {

namespace {

/** On the JavaScript thread, which Java knows. */
socket_task::RunInJs wayBack(std::shared_ptr<CallInvoker> invoker) {
#ifdef SOCKET_TASK_JAVA
  JavaVM *vm = nullptr;
  jni::Environment::current()->GetJavaVM(&vm);
  return socket_task::stayAttached(vm, socket_task::runBy(std::move(invoker)));
#else
  return socket_task::runBy(std::move(invoker));
#endif
}

} // namespace

NativeSocketTask::NativeSocketTask(std::shared_ptr<CallInvoker> jsInvoker, size_t maxQueuedBytes)
    : TurboModule(kModuleName, jsInvoker),
      sessions_(std::make_shared<socket_task::SessionRegistry>(wayBack(jsInvoker), maxQueuedBytes)) {
  methodMap_["getNativeModule"] = MethodMetadata{
      0, [](jsi::Runtime &rt, TurboModule &module, const jsi::Value *, size_t) -> jsi::Value {
        return socket_task::SessionRegistry::toJs(rt, static_cast<NativeSocketTask &>(module).sessions_);
      }};
}

NativeSocketTask::~NativeSocketTask() {
  invalidate();
}

void NativeSocketTask::invalidate() noexcept {
  sessions_->end();
}

} // namespace facebook::react
