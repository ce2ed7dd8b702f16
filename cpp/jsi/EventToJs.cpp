#include "EventToJs.h"

#include <utility>

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

/** `EventKind` of the seam. */
enum class Kind {
  Open = 1,
  Message = 2,
  Pong = 3,
  Drain = 4,
  Error = 5,
  Close = 6,
  AskCookies = 7,
  SetCookies = 8,
  Suspect = 9,
  Alive = 10,
  Reconnecting = 11,
  AskRefresh = 12,
  AskReconnect = 13,
  Log = 14,
};

jsi::String string(jsi::Runtime &rt, const Engine &engine, const std::string &text) {
  return engine.text(rt, reinterpret_cast<const uint8_t *>(text.data()), text.size(), false);
}

jsi::Array strings(jsi::Runtime &rt, const Engine &engine, const std::vector<std::string> &texts) {
  jsi::Array array(rt, texts.size());
  for (size_t i = 0; i < texts.size(); ++i) array.setValueAtIndex(rt, i, string(rt, engine, texts[i]));
  return array;
}

} // namespace

struct EventArguments::Visitor {
  jsi::Runtime &rt;
  const Engine &engine;
  EventArguments &arguments;

  template <typename Value>
  void add(Value &&value) const {
    arguments.values_[arguments.count_++] = jsi::Value(std::forward<Value>(value));
  }

  template <typename... Rest>
  void are(Kind kind, Rest &&...rest) const {
    add(static_cast<int>(kind));
    (add(std::forward<Rest>(rest)), ...);
  }

  void operator()(OpenEvent &&event) const {
    static constexpr const char *kNames[] = {
        "dnsStart",
        "dnsEnd",
        "tcpStart",
        "tcpEnd",
        "proxyStart",
        "proxyEnd",
        "tlsStart",
        "tlsEnd",
        "handshakeStart",
        "handshakeEnd"};
    jsi::Object profile(rt);
    for (size_t i = 0; i < event.profile.size(); ++i) profile.setProperty(rt, kNames[i], event.profile[i]);
    jsi::Object open(rt);
    open.setProperty(rt, "headers", strings(rt, engine, event.headers));
    open.setProperty(rt, "protocol", string(rt, engine, event.protocol));
    open.setProperty(rt, "extensions", string(rt, engine, event.extensions));
    open.setProperty(rt, "remoteAddress", string(rt, engine, event.remoteAddress));
    open.setProperty(rt, "tlsVersion", string(rt, engine, event.tlsVersion));
    open.setProperty(rt, "tlsCipher", string(rt, engine, event.tlsCipher));
    open.setProperty(rt, "tlsResumed", event.tlsResumed);
    open.setProperty(rt, "profile", profile);
    open.setProperty(rt, "attempt", static_cast<double>(event.attempt));
    are(Kind::Open, std::move(open));
  }

  void operator()(TextEvent &&event) const {
    are(Kind::Message, engine.text(rt, event.message.data(), event.message.size(), event.ascii));
  }

  void operator()(Utf16Event &&event) const {
    are(Kind::Message, engine.text(rt, event.text));
  }

  void operator()(BinaryEvent &&event) const {
    are(Kind::Message, engine.arrayBuffer(rt, std::move(event.message)));
  }

  void operator()(PongEvent &&event) const {
    are(Kind::Pong, engine.arrayBuffer(rt, event.data.data(), event.data.size()), event.roundTrip);
  }

  void operator()(DrainEvent &&event) const {
    are(Kind::Drain, static_cast<double>(event.sent));
  }

  void operator()(SuspectEvent &&event) const {
    are(Kind::Suspect, event.silent);
  }

  void operator()(AliveEvent &&) const {
    are(Kind::Alive);
  }

  jsi::Object error(const ErrorEvent &event) const {
    jsi::Object error(rt);
    error.setProperty(rt, "phase", event.phase);
    error.setProperty(rt, "code", event.code);
    error.setProperty(rt, "osError", event.osError);
    error.setProperty(rt, "message", string(rt, engine, event.message));
    if (event.response) {
      jsi::Object response(rt);
      response.setProperty(rt, "status", event.response->status);
      response.setProperty(rt, "headers", strings(rt, engine, event.response->headers));
      response.setProperty(rt, "body", string(rt, engine, event.response->body));
      error.setProperty(rt, "response", response);
    }
    return error;
  }

  void operator()(ErrorEvent &&event) const {
    are(Kind::Error, error(event));
  }

  jsi::Object loss(const Loss &event) const {
    jsi::Object loss(rt);
    loss.setProperty(rt, "code", static_cast<int>(event.close.code));
    loss.setProperty(rt, "reason", string(rt, engine, event.close.reason));
    loss.setProperty(rt, "wasClean", event.close.wasClean);
    if (event.error) loss.setProperty(rt, "error", error(*event.error));
    return loss;
  }

  void operator()(ReconnectingEvent &&event) const {
    jsi::Object reconnecting = loss(event.loss);
    reconnecting.setProperty(rt, "attempt", static_cast<double>(event.attempt));
    reconnecting.setProperty(rt, "delay", static_cast<double>(event.delay));
    reconnecting.setProperty(rt, "kept", static_cast<double>(event.kept));
    reconnecting.setProperty(rt, "failed", static_cast<double>(event.failed));
    are(Kind::Reconnecting, std::move(reconnecting));
  }

  void operator()(AskRefreshEvent &&event) const {
    are(Kind::AskRefresh,
        static_cast<double>(event.ticket),
        static_cast<double>(event.attempt),
        loss(event.loss));
  }

  void operator()(AskReconnectEvent &&event) const {
    are(Kind::AskReconnect, static_cast<double>(event.ticket), event.would, loss(event.loss));
  }

  void operator()(LogEvent &&event) const {
    are(Kind::Log, static_cast<int>(event.level), string(rt, engine, event.text));
  }

  void operator()(CloseEvent &&event) const {
    are(Kind::Close, static_cast<int>(event.code), string(rt, engine, event.reason), event.wasClean);
  }

  void operator()(AskCookiesEvent &&event) const {
    are(Kind::AskCookies, string(rt, engine, event.url));
  }

  void operator()(SetCookiesEvent &&event) const {
    are(Kind::SetCookies, string(rt, engine, event.url), strings(rt, engine, event.cookies));
  }
};

EventArguments::EventArguments(jsi::Runtime &rt, const Engine &engine, Event &&event) {
  const Visitor visitor{rt, engine, *this};
  visitor.add(static_cast<double>(event.socket));
  std::visit(visitor, std::move(event.body));
}

} // namespace socket_task
