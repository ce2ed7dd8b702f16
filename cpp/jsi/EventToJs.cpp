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
};

jsi::String string(jsi::Runtime &rt, const Engine &engine, const std::string &text) {
  return engine.text(rt, reinterpret_cast<const uint8_t *>(text.data()), text.size(), false);
}

jsi::Array strings(jsi::Runtime &rt, const Engine &engine, const std::vector<std::string> &texts) {
  jsi::Array array(rt, texts.size());
  for (size_t i = 0; i < texts.size(); ++i) array.setValueAtIndex(rt, i, string(rt, engine, texts[i]));
  return array;
}

struct ToJs {
  jsi::Runtime &rt;
  const Engine &engine;
  double socket;

  template <typename... Rest>
  jsi::Array tuple(Kind kind, Rest &&...rest) const {
    jsi::Array array(rt, 2 + sizeof...(rest));
    array.setValueAtIndex(rt, 0, socket);
    array.setValueAtIndex(rt, 1, static_cast<int>(kind));
    size_t next = 2;
    (array.setValueAtIndex(rt, next++, std::forward<Rest>(rest)), ...);
    return array;
  }

  jsi::Array operator()(OpenEvent &&event) const {
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
    return tuple(Kind::Open, open);
  }

  jsi::Array operator()(TextEvent &&event) const {
    return tuple(Kind::Message, engine.text(rt, event.message.data(), event.message.size(), event.ascii));
  }

  jsi::Array operator()(BinaryEvent &&event) const {
    return tuple(Kind::Message, engine.arrayBuffer(rt, std::move(event.message)));
  }

  jsi::Array operator()(PongEvent &&event) const {
    return tuple(Kind::Pong, engine.arrayBuffer(rt, event.data.data(), event.data.size()), event.roundTrip);
  }

  jsi::Array operator()(DrainEvent &&event) const {
    return tuple(Kind::Drain, static_cast<double>(event.sent));
  }

  jsi::Array operator()(ErrorEvent &&event) const {
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
    return tuple(Kind::Error, error);
  }

  jsi::Array operator()(CloseEvent &&event) const {
    return tuple(Kind::Close, static_cast<int>(event.code), string(rt, engine, event.reason), event.wasClean);
  }

  jsi::Array operator()(AskCookiesEvent &&event) const {
    return tuple(Kind::AskCookies, string(rt, engine, event.url));
  }

  jsi::Array operator()(SetCookiesEvent &&event) const {
    return tuple(Kind::SetCookies, string(rt, engine, event.url), strings(rt, engine, event.cookies));
  }
};

} // namespace

jsi::Array toJs(jsi::Runtime &rt, const Engine &engine, Event &&event) {
  return std::visit(ToJs{rt, engine, static_cast<double>(event.socket)}, std::move(event.body));
}

} // namespace socket_task
