#include "JsSocket.h"

#include <string>

#include "Arguments.h"
#include "ConnectOptions.h"
#include "Numbers.h"
#include "Refusal.h"
#include "UnconnectedHandle.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

using Send = socket_task_status (Connection::*)(const uint8_t *, size_t) noexcept;

/** Hands `length` bytes of an ArrayBuffer from `offset` to the connection: (buffer, offset, length). */
jsi::Value sendPart(jsi::Runtime &rt, const Arguments &arguments, Connection &connection, Send send) {
  const jsi::Object object = arguments[0].asObject(rt);
  if (!object.isArrayBuffer(rt)) refuse(rt, "invalid-argument", "this is no ArrayBuffer");
  const jsi::ArrayBuffer buffer = object.getArrayBuffer(rt);
  const double offset = arguments[1].asNumber();
  const double length = arguments[2].asNumber();
  const size_t size = buffer.size(rt);
  if (!(offset >= 0 && length >= 0 && offset + length <= static_cast<double>(size))) {
    refuse(
        rt,
        "invalid-argument",
        "there are no " + std::to_string(length) + " bytes at " + std::to_string(offset) + " of " +
            std::to_string(size));
  }
  // An empty buffer may have no memory.
  const uint8_t *data = length > 0 ? buffer.data(rt) + static_cast<size_t>(offset) : nullptr;
  throwUnlessOk(rt, (connection.*send)(data, static_cast<size_t>(length)));
  return jsi::Value::undefined();
}

/** What the seam's `code` is for the library, which takes 0 for none and refuses 1: no close code is that. */
uint16_t closeCode(const jsi::Value &code) {
  if (code.isUndefined()) return 0;
  const double number = code.asNumber();
  return number >= 1 && number <= 65535 ? static_cast<uint16_t>(number) : 1;
}

jsi::Object statsToJs(jsi::Runtime &rt, const socket_task_stats &stats) {
  constexpr double microsPerMilli = 1000;
  jsi::Object object(rt);
  object.setProperty(rt, "messagesSent", static_cast<double>(stats.messages_sent));
  object.setProperty(rt, "messagesReceived", static_cast<double>(stats.messages_received));
  object.setProperty(rt, "bytesSent", static_cast<double>(stats.bytes_sent));
  object.setProperty(rt, "bytesReceived", static_cast<double>(stats.bytes_received));
  object.setProperty(rt, "reconnects", static_cast<double>(stats.reconnects));
  if (stats.rtt >= 0) object.setProperty(rt, "rtt", static_cast<double>(stats.rtt) / microsPerMilli);
  return object;
}

} // namespace

jsi::Object socketToJs(
    jsi::Runtime &rt,
    const std::shared_ptr<const Engine> &engine,
    const std::shared_ptr<Session> &session,
    const std::shared_ptr<Connection> &connection) {
  jsi::Object object(rt);
  const auto method = [&](const char *name, unsigned int parameterCount, auto &&function) {
    setFunction(rt, object, name, parameterCount, std::forward<decltype(function)>(function));
  };
  object.setProperty(rt, "id", static_cast<double>(connection->id()));
  method("deliver", 0, [connection, weak = std::weak_ptr(session)](jsi::Runtime &, const Arguments &) -> jsi::Value {
    if (const auto session = weak.lock()) session->deliver(*connection);
    return jsi::Value::undefined();
  });
  method("sendText", 1, [engine, connection](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    const std::string text = engine->utf8(rt, arguments[0].asString(rt));
    throwUnlessOk(rt, connection->sendText(text));
    return static_cast<double>(text.size());
  });
  method("sendBinary", 3, [connection](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    return sendPart(rt, arguments, *connection, &Connection::sendBinary);
  });
  method("ping", 3, [connection](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    return sendPart(rt, arguments, *connection, &Connection::ping);
  });
  method("close", 2, [engine, connection](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    const std::string reason = engine->utf8(rt, arguments[1].asString(rt));
    throwUnlessOk(rt, connection->close(closeCode(arguments[0]), reason));
    return jsi::Value::undefined();
  });
  method("pause", 0, [connection](jsi::Runtime &, const Arguments &) -> jsi::Value {
    connection->pause(true);
    return jsi::Value::undefined();
  });
  method("resume", 0, [connection](jsi::Runtime &, const Arguments &) -> jsi::Value {
    connection->pause(false);
    return jsi::Value::undefined();
  });
  method("probe", 1, [connection](jsi::Runtime &, const Arguments &arguments) -> jsi::Value {
    connection->probe(milliseconds(arguments[0]));
    return jsi::Value::undefined();
  });
  method("hide", 1, [connection](jsi::Runtime &, const Arguments &arguments) -> jsi::Value {
    connection->hide(milliseconds(arguments[0]));
    return jsi::Value::undefined();
  });
  method("show", 0, [connection](jsi::Runtime &, const Arguments &) -> jsi::Value {
    connection->show();
    return jsi::Value::undefined();
  });
  method("bufferedAmount", 0, [connection](jsi::Runtime &, const Arguments &) -> jsi::Value {
    return static_cast<double>(connection->bufferedAmount());
  });
  method("stats", 0, [connection](jsi::Runtime &rt, const Arguments &) -> jsi::Value {
    return statsToJs(rt, connection->stats());
  });
  method("answerCookies", 1, [engine, connection](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    connection->answerCookies(engine->utf8(rt, arguments[0].asString(rt)));
    return jsi::Value::undefined();
  });
  method("answerRefresh", 4, [engine, connection](jsi::Runtime &rt, const Arguments &arguments) -> jsi::Value {
    const auto ticket = static_cast<uint64_t>(arguments[0].asNumber());
    if (arguments[1].isUndefined()) {
      connection->answerRefresh(ticket, 0);
      return jsi::Value::undefined();
    }
    const UnconnectedHandle fresh(rt, engine->utf8(rt, arguments[1].asString(rt)));
    applyRequest(rt, *engine, arguments[2], arguments[3], fresh.get());
    connection->answerRefresh(ticket, fresh.get());
    return jsi::Value::undefined();
  });
  method("failRefresh", 1, [connection](jsi::Runtime &, const Arguments &arguments) -> jsi::Value {
    connection->failRefresh(static_cast<uint64_t>(arguments[0].asNumber()));
    return jsi::Value::undefined();
  });
  method("answerReconnect", 2, [connection](jsi::Runtime &, const Arguments &arguments) -> jsi::Value {
    connection->answerReconnect(static_cast<uint64_t>(arguments[0].asNumber()), arguments[1].asBool());
    return jsi::Value::undefined();
  });
  method("release", 0, [connection, weak = std::weak_ptr(session)](jsi::Runtime &, const Arguments &) -> jsi::Value {
    // Without its session the connection was released already.
    if (const auto session = weak.lock()) session->release(*connection);
    return jsi::Value::undefined();
  });
  return object;
}

} // namespace socket_task
