#include "Microtasks.h"

#include <memory>
#include <utility>

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

void drain(jsi::Runtime &rt) {
  while (!rt.drainMicrotasks()) {
  }
}

/** Becomes true when the app's promises settle. */
std::shared_ptr<const bool> watchPromises(jsi::Runtime &rt) {
  const auto settled = std::make_shared<bool>(false);
  const jsi::Object promises = rt.global().getPropertyAsObject(rt, "Promise");
  const jsi::Object promise = promises.getPropertyAsFunction(rt, "resolve").callWithThis(rt, promises).asObject(rt);
  promise.getPropertyAsFunction(rt, "then")
      .callWithThis(
          rt,
          promise,
          jsi::Function::createFromHostFunction(
              rt,
              jsi::PropNameID::forAscii(rt, "settled"),
              0,
              [settled](jsi::Runtime &, const jsi::Value &, const jsi::Value *, size_t) {
                *settled = true;
                return jsi::Value::undefined();
              }));
  return settled;
}

} // namespace

Microtasks::Microtasks(jsi::Runtime &rt) {
  const auto settled = watchPromises(rt);
  drain(rt);
  engineHasThem_ = *settled;
  if (engineHasThem_) return;
  bridge_ = findBridge(rt);
  if (!bridge_) return;
  bridge_->run.callWithThis(rt, bridge_->queue);
  if (!*settled) bridge_.reset();
}

bool Microtasks::run(jsi::Runtime &rt) const {
  if (engineHasThem_) {
    drain(rt);
    return true;
  }
  if (!bridge_) return false;
  bridge_->run.callWithThis(rt, bridge_->queue);
  return true;
}

std::optional<Microtasks::Bridge> Microtasks::findBridge(jsi::Runtime &rt) {
  // What MessageQueue.js itself calls at the end of each task. It is React Native's own affair, so it may be gone.
  const jsi::Value queue = rt.global().getProperty(rt, "__fbBatchedBridge");
  if (!queue.isObject()) return std::nullopt;
  jsi::Object object = queue.getObject(rt);
  const jsi::Value run = object.getProperty(rt, "__callReactNativeMicrotasks");
  if (!run.isObject() || !run.getObject(rt).isFunction(rt)) return std::nullopt;
  jsi::Function function = run.getObject(rt).getFunction(rt);
  return Bridge{std::move(object), std::move(function)};
}

} // namespace socket_task
