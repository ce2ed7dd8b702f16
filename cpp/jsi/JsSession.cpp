#include "JsSession.h"

#include <chrono>
#include <utility>

#include "Arguments.h"
#include "ConnectOptions.h"
#include "EventToJs.h"
#include "JsSocket.h"
#include "Numbers.h"
#include "Refusal.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

/** How long one hop may go on with what is queued before it lets other tasks of the JavaScript thread come first. */
constexpr std::chrono::milliseconds kSlice{8};

} // namespace

JsSession::JsSession(jsi::Runtime &rt, RunInJs runInJs, size_t maxQueuedBytes, jsi::Function &&onEvents)
    : runtime_(rt),
      hop_(std::make_shared<Hop>(std::move(runInJs))),
      session_(std::make_shared<Session>(hop_, maxQueuedBytes)),
      engine_(std::make_shared<const Engine>(rt)),
      onEvents_(std::make_shared<jsi::Function>(std::move(onEvents))) {}

JsSession::~JsSession() {
  // Not end(): this may be another thread. The values are dropped all the same, as JSI allows here.
  session_->end();
}

jsi::Object JsSession::toJs(jsi::Runtime &rt) {
  hop_->setTarget(weak_from_this());
  const auto self = shared_from_this();
  jsi::Object object(rt);
  setFunction(rt, object, "connect", 1, [self](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    return self->connect(rt, arguments[0].asObject(rt));
  });
  setFunction(rt, object, "prewarm", 2, [self](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    self->prewarm(rt, arguments[0].asObject(rt), milliseconds(arguments[1]));
    return jsi::Value::undefined();
  });
  setFunction(rt, object, "takeEvents", 0, [self](jsi::Runtime &rt, const Arguments &) -> jsi::Value {
    return self->takeEvents(rt);
  });
  setFunction(rt, object, "end", 0, [self](jsi::Runtime &, const Arguments &) -> jsi::Value {
    self->end();
    return jsi::Value::undefined();
  });
  setFunction(rt, object, "post", 1, [self](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    self->post(arguments[0].asObject(rt).asFunction(rt));
    return jsi::Value::undefined();
  });
  return object;
}

jsi::Object JsSession::connect(jsi::Runtime &rt, const jsi::Object &options) {
  checkAlive(rt);
  const std::string url = engine_->utf8(rt, options.getProperty(rt, "url").asString(rt));
  const auto connection = session_->makeConnection();
  throwUnlessOk(rt, connection->open(url));
  try {
    applyOptions(rt, *engine_, options, connection->handle());
    const jsi::Value cookies = options.getProperty(rt, "cookies");
    if (cookies.isBool() && cookies.getBool()) throwUnlessOk(rt, connection->keepCookies());
    jsi::Object object = socketToJs(rt, engine_, session_, connection);
    if (!session_->add(connection)) checkAlive(rt);
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
  /** The handle is needed for its options only. */
  struct Handle {
    socket_task_handle value = 0;
    ~Handle() {
      socket_task_release(value);
    }
  } handle;
  throwUnlessOk(rt, socket_task_create(url.data(), url.size(), &handle.value));
  applyOptions(rt, *engine_, options, handle.value);
  throwUnlessOk(rt, socket_task_prewarm(handle.value, lifetime));
}

void JsSession::checkAlive(jsi::Runtime &rt) const {
  if (!session_->hasEnded()) return;
  refuse(rt, "invalid-state", "this copy of the module was replaced when the module was loaded again, or the app ends");
}

jsi::Array JsSession::takeEvents(jsi::Runtime &rt) {
  std::vector<Event> events = session_->takeEvents();
  jsi::Array array(rt, events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    array.setValueAtIndex(rt, i, socket_task::toJs(rt, *engine_, std::move(events[i])));
  }
  return array;
}

void JsSession::post(jsi::Function &&task) {
  if (!onEvents_) return;
  tasks_.push_back(std::move(task));
  if (!arrived_) hop_->wake();
}

bool JsSession::hasWork() const {
  return !tasks_.empty() || session_->hasEvents();
}

void JsSession::arrive() {
  const auto yieldAt = std::chrono::steady_clock::now() + kSlice;
  /** However this ends, by an exception too: what is left makes a new hop. */
  struct Rest {
    JsSession &session;
    ~Rest() {
      session.arrived_ = false;
      if (session.onEvents_ && session.hasWork()) session.hop_->wake();
    }
  } rest{*this};
  arrived_ = true;
  // Once in a hop: events that come meanwhile have made a hop of their own.
  bool told = false;
  while (onEvents_ && !session_->hasEnded()) {
    if (!tasks_.empty()) {
      // Tasks first: they belong to events that are older.
      const jsi::Function task = std::move(tasks_.front());
      tasks_.pop_front();
      task.call(runtime_);
    } else if (!told && session_->hasEvents()) {
      told = true;
      // Kept: the call may end the session.
      const auto onEvents = onEvents_;
      onEvents->call(runtime_);
    } else {
      return;
    }
    if (!hasWork() || std::chrono::steady_clock::now() >= yieldAt) return;
    if (!microtasks_) microtasks_.emplace(runtime_);
    if (!microtasks_->run(runtime_)) return;
  }
}

void JsSession::end() noexcept {
  session_->end();
  onEvents_.reset();
  tasks_.clear();
  microtasks_.reset();
}

} // namespace socket_task
