#include "SessionRegistry.h"

#include <utility>

#include "Arguments.h"
#include "Refusal.h"
#include "socket_task.h"

namespace socket_task {

namespace jsi = facebook::jsi;

SessionRegistry::SessionRegistry(std::shared_ptr<facebook::react::CallInvoker> invoker, size_t maxQueuedBytes)
    : maxQueuedBytes_(maxQueuedBytes), invoker_(std::move(invoker)) {}

jsi::Object SessionRegistry::toJs(jsi::Runtime &rt, const std::shared_ptr<SessionRegistry> &registry) {
  jsi::Object object(rt);
  object.setProperty(rt, "version", jsi::String::createFromAscii(rt, socket_task_version()));
  setFunction(rt, object, "openSession", 2, [registry](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    return registry->open(rt, arguments[0].asString(rt).utf8(rt), arguments[1].asObject(rt).asFunction(rt));
  });
  return object;
}

jsi::Object SessionRegistry::open(jsi::Runtime &rt, const std::string &key, jsi::Function &&onEvents) {
  std::shared_ptr<facebook::react::CallInvoker> invoker;
  std::shared_ptr<JsSession> earlier;
  {
    const std::lock_guard lock(mutex_);
    invoker = invoker_;
    if (const auto entry = entries_.find(key); entry != entries_.end()) earlier = entry->second.js.lock();
  }
  if (!invoker) refuse(rt, "invalid-state", "the app ends");
  if (earlier) earlier->end();
  const auto session = std::make_shared<JsSession>(rt, invoker, maxQueuedBytes_, std::move(onEvents));
  {
    const std::lock_guard lock(mutex_);
    entries_[key] = Entry{session, session->session()};
    // It may have ended on another thread meanwhile.
    if (!invoker_) session->session()->end();
  }
  return session->toJs(rt);
}

void SessionRegistry::end() noexcept {
  std::unordered_map<std::string, Entry> entries;
  std::shared_ptr<facebook::react::CallInvoker> invoker;
  {
    const std::lock_guard lock(mutex_);
    entries.swap(entries_);
    invoker.swap(invoker_);
  }
  for (const auto &[key, entry] : entries) {
    if (const auto session = entry.session.lock()) session->end();
  }
}

} // namespace socket_task
