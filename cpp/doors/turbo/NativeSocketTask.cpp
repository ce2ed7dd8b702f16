#include "NativeSocketTask.h"

#include <utility>

#include "../../jsi/SessionRegistry.h"
#include "../RunByInvoker.h"

namespace facebook::react {

NativeSocketTask::NativeSocketTask(std::shared_ptr<CallInvoker> jsInvoker, size_t maxQueuedBytes)
    : TurboModule(kModuleName, jsInvoker),
      sessions_(std::make_shared<socket_task::SessionRegistry>(socket_task::runBy(jsInvoker), maxQueuedBytes)) {
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
