#include "SessionRegistry.h"

#include <utility>

#include "Arguments.h"
#include "Refusal.h"
#include "socket_task.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

/**
 * `SEAM` of js/native/seam.ts: the version of the contract there. To be raised with it whenever the contract changes so
 * that JavaScript and a module of different versions do not fit any more.
 */
constexpr int kSeam = 6;

std::string serializeUrl(jsi::Runtime &rt, const std::string &url) {
  size_t length = 0;
  throwUnlessOk(rt, socket_task_serialize_url(url.data(), url.size(), nullptr, 0, &length));
  std::string serialized(length + 1, '\0');
  throwUnlessOk(rt, socket_task_serialize_url(url.data(), url.size(), serialized.data(), serialized.size(), &length));
  serialized.resize(length);
  return serialized;
}

} // namespace

SessionRegistry::SessionRegistry(RunInJs runInJs, size_t maxQueuedBytes)
    : maxQueuedBytes_(maxQueuedBytes), runInJs_(std::move(runInJs)) {}

jsi::Object SessionRegistry::toJs(jsi::Runtime &rt, const std::shared_ptr<SessionRegistry> &registry) {
  jsi::Object object(rt);
  object.setProperty(rt, "version", jsi::String::createFromAscii(rt, socket_task_version()));
  object.setProperty(rt, "seam", kSeam);
  setFunction(rt, object, "serializeUrl", 1, [](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    return jsi::String::createFromAscii(rt, serializeUrl(rt, arguments[0].asString(rt).utf8(rt)));
  });
  setFunction(rt, object, "openSession", 2, [registry](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    return registry->open(rt, arguments[0].asString(rt).utf8(rt), arguments[1].asObject(rt).asFunction(rt));
  });
  return object;
}

jsi::Object SessionRegistry::open(jsi::Runtime &rt, const std::string &key, jsi::Function &&onEvent) {
  RunInJs runInJs;
  std::shared_ptr<JsSession> earlier;
  {
    const std::lock_guard lock(mutex_);
    runInJs = runInJs_;
    if (const auto entry = entries_.find(key); entry != entries_.end()) earlier = entry->second.js.lock();
  }
  if (!runInJs) refuse(rt, "invalid-state", "the app ends");
  if (earlier) earlier->end();
  const auto session = std::make_shared<JsSession>(rt, std::move(runInJs), maxQueuedBytes_, std::move(onEvent));
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, [](const auto &entry) { return entry.second.session.expired(); });
    entries_[key] = Entry{session, session->session()};
    // It may have ended on another thread meanwhile.
    if (!runInJs_) session->session()->end();
  }
  return session->toJs(rt);
}

void SessionRegistry::end() noexcept {
  std::unordered_map<std::string, Entry> entries;
  RunInJs runInJs;
  {
    const std::lock_guard lock(mutex_);
    entries.swap(entries_);
    runInJs.swap(runInJs_);
  }
  for (const auto &[key, entry] : entries) {
    if (const auto session = entry.session.lock()) session->end();
  }
}

} // namespace socket_task
