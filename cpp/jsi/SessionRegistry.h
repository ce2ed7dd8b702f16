#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include <jsi/jsi.h>

#include "JsSession.h"

namespace socket_task {

/**
 * The sessions of one runtime, by their keys. A session ends when another is opened with its key; sessions of different
 * keys, such as those of two copies of the package, have nothing in common.
 */
class SessionRegistry {
 public:
  /** `runInJs` leads to the thread of the runtime; `maxQueuedBytes` is the limit of each session's queue. */
  SessionRegistry(RunInJs runInJs, size_t maxQueuedBytes);

  /** The object `NativeModule` of the seam. On the JavaScript thread. */
  static facebook::jsi::Object toJs(facebook::jsi::Runtime &rt, const std::shared_ptr<SessionRegistry> &registry);

  /** Ends all sessions, and lets no new one begin. Any thread. */
  void end() noexcept;

 private:
  struct Entry {
    /** For the JavaScript thread alone: it holds JavaScript values. */
    std::weak_ptr<JsSession> js;
    std::weak_ptr<Session> session;
  };

  facebook::jsi::Object open(facebook::jsi::Runtime &rt, const std::string &key, facebook::jsi::Function &&onEvent);

  const size_t maxQueuedBytes_;
  std::mutex mutex_;
  /** None when all has ended. */
  RunInJs runInJs_;
  /** Of sessions that are alive, or were when the last was opened. */
  std::unordered_map<std::string, Entry> entries_;
};

} // namespace socket_task
