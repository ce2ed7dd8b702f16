#pragma once

#include <memory>
#include <optional>
#include <string>

#include <jsi/jsi.h>

#include "../link/Session.h"
#include "Engine.h"
#include "Hop.h"
#include "Microtasks.h"

namespace socket_task {

/**
 * The part of a session that holds JavaScript values, and the object `NativeSession` of the seam.
 *
 * The functions of that object own it, so that it goes at the latest when the runtime goes, and its values with it.
 * Nothing else may keep it alive longer than a call on the JavaScript thread. Its end ends the session.
 */
class JsSession final : public HopTarget, public std::enable_shared_from_this<JsSession> {
 public:
  JsSession(facebook::jsi::Runtime &rt, RunInJs runInJs, size_t maxQueuedBytes, facebook::jsi::Function &&onEvent);
  ~JsSession() override;

  /** The part that can be ended on any thread. */
  const std::shared_ptr<Session> &session() const noexcept {
    return session_;
  }

  facebook::jsi::Object toJs(facebook::jsi::Runtime &rt);

  /** Tells of the events, with the microtasks of each before the next. */
  void arrive() override;

  /** On the JavaScript thread. */
  void end() noexcept;

 private:
  facebook::jsi::Object connect(facebook::jsi::Runtime &rt, const facebook::jsi::Object &options, bool hold);
  void prewarm(facebook::jsi::Runtime &rt, const facebook::jsi::Object &options, uint32_t lifetime);
  void tell(facebook::jsi::Runtime &rt, Event &&event);
  /** Throws a refusal when the session has ended. */
  void checkAlive(facebook::jsi::Runtime &rt) const;

  /** Alive whenever this is used on the JavaScript thread: its own objects hold this. */
  facebook::jsi::Runtime &runtime_;
  const std::shared_ptr<Hop> hop_;
  const std::shared_ptr<const Engine> engine_;
  /** Wakes `hop_`, and ends it. */
  const std::shared_ptr<Session> session_;
  /** None when the session has ended. */
  std::shared_ptr<facebook::jsi::Function> onEvent_;
  /** None before the first hop that needs them, and after the end. */
  std::optional<Microtasks> microtasks_;
};

} // namespace socket_task
