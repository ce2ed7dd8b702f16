#include "JsSession.h"

#include <chrono>
#include <exception>
#include <utility>

#include "Arguments.h"
#include "ConnectOptions.h"
#include "EventToJs.h"
#include "JsSocket.h"
#include "Numbers.h"
#include "Refusal.h"
#include "UnconnectedHandle.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

/** How long one hop may go on with what is queued before it lets other tasks of the JavaScript thread come first. */
constexpr std::chrono::milliseconds kSlice{8};

/** RFC 6455, section 7.4.1. */
constexpr uint16_t kMessageTooBig = 1009;

} // namespace

JsSession::JsSession(jsi::Runtime &rt, RunInJs runInJs, size_t maxQueuedBytes, jsi::Function &&onEvent)
    : runtime_(rt),
      hop_(std::make_shared<Hop>(std::move(runInJs))),
      engine_(std::make_shared<const Engine>(rt)),
      session_(std::make_shared<Session>(hop_, maxQueuedBytes, engine_->textForm())),
      onEvent_(std::make_shared<jsi::Function>(std::move(onEvent))) {}

JsSession::~JsSession() {
  // Not end(): this may be another thread. The values are dropped all the same, as JSI allows here.
  session_->end();
}

jsi::Object JsSession::toJs(jsi::Runtime &rt) {
  hop_->setTarget(weak_from_this());
  const auto self = shared_from_this();
  jsi::Object object(rt);
  setFunction(rt, object, "connect", 2, [self](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    return self->connect(rt, arguments[0].asObject(rt), arguments[1].isBool() && arguments[1].getBool());
  });
  setFunction(rt, object, "prewarm", 2, [self](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    self->prewarm(rt, arguments[0].asObject(rt), milliseconds(arguments[1]));
    return jsi::Value::undefined();
  });
  setFunction(rt, object, "setLog", 1, [self](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    self->checkAlive(rt);
    throwUnlessOk(rt, self->session_->setLog(static_cast<int32_t>(arguments[0].asNumber())));
    return jsi::Value::undefined();
  });
  setFunction(rt, object, "end", 0, [self](jsi::Runtime &, const Arguments &) -> jsi::Value {
    self->end();
    return jsi::Value::undefined();
  });
  return object;
}

jsi::Object JsSession::connect(jsi::Runtime &rt, const jsi::Object &options, bool hold) {
  checkAlive(rt);
  const std::string url = engine_->utf8(rt, options.getProperty(rt, "url").asString(rt));
  const auto connection = session_->makeConnection();
  throwUnlessOk(rt, connection->open(url));
  try {
    applyOptions(rt, *engine_, options, connection->handle());
    const jsi::Value cookies = options.getProperty(rt, "cookies");
    if (cookies.isBool() && cookies.getBool()) throwUnlessOk(rt, connection->keepCookies());
    const Questions questions = questionsOf(rt, options);
    if (questions.shouldReconnect) throwUnlessOk(rt, connection->askWhetherToReconnect());
    if (questions.refresh) throwUnlessOk(rt, connection->askForRefresh());
    jsi::Object object = socketToJs(rt, engine_, session_, connection);
    if (!session_->add(connection)) checkAlive(rt);
    if (hold) session_->hold(*connection);
    throwUnlessOk(rt, connection->connect());
    return object;
  } catch (...) {
    session_->release(*connection);
    throw;
  }
}

void JsSession::prewarm(jsi::Runtime &rt, const jsi::Object &options, uint32_t lifetime) {
  checkAlive(rt);
  const std::string url = engine_->utf8(rt, options.getProperty(rt, "url").asString(rt));
  const UnconnectedHandle handle(rt, url);
  applyOptions(rt, *engine_, options, handle.get());
  throwUnlessOk(rt, socket_task_prewarm(handle.get(), lifetime));
}

void JsSession::checkAlive(jsi::Runtime &rt) const {
  if (!session_->hasEnded()) return;
  refuse(rt, "invalid-state", "this copy of the module was replaced when the module was loaded again, or the app ends");
}

void JsSession::tell(jsi::Runtime &rt, Event &&event) {
  // Where an engine has scopes, what is made here takes no reference of its own.
  const jsi::Scope scope(rt);
  const uint32_t socket = event.socket;
  // Kept: the call may end the session.
  const auto onEvent = onEvent_;
  std::optional<EventArguments> arguments;
  try {
    arguments.emplace(rt, *engine_, std::move(event));
  } catch (const std::exception &) {
    // The engine has no room for it, or ends; then this throws again, and the server is told nothing. What is missing may not
    // go unnoticed; other connections have nothing to do with it.
    arguments.emplace(rt, *engine_, Event{socket, tooBigForJs()});
    if (const auto connection = session_->find(socket)) connection->close(kMessageTooBig, "no room for a message");
  }
  arguments->call(rt, *onEvent);
}

void JsSession::arrive() {
  const auto yieldAt = std::chrono::steady_clock::now() + kSlice;
  /** However this ends, by an exception too: what is left makes a new hop. */
  struct Rest {
    JsSession &session;
    ~Rest() {
      if (session.onEvent_ && session.session_->hasEvents()) session.hop_->wake();
    }
  } rest{*this};
  bool more = true;
  while (more && onEvent_) {
    std::optional<Event> event = session_->takeEvent(more);
    if (!event) return;
    tell(runtime_, std::move(*event));
    if (!more || std::chrono::steady_clock::now() >= yieldAt) return;
    if (!microtasks_) microtasks_.emplace(runtime_);
    if (!microtasks_->run(runtime_)) return;
  }
}

void JsSession::end() noexcept {
  session_->end();
  onEvent_.reset();
  microtasks_.reset();
}

} // namespace socket_task
