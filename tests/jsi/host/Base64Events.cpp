#include "Base64Events.h"

#include <string>
#include <thread>

namespace jsi = facebook::jsi;

namespace {

std::string base64(const std::string &bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const auto byte = [&](size_t offset) -> uint32_t {
      return offset < left ? static_cast<uint8_t>(bytes[i + offset]) : 0;
    };
    const uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
    text += kDigits[group >> 18 & 63];
    text += kDigits[group >> 12 & 63];
    text += left > 1 ? kDigits[group >> 6 & 63] : '=';
    text += left > 2 ? kDigits[group & 63] : '=';
  }
  return text;
}

void emit(jsi::Runtime &rt, const std::string &type, const std::string &data) {
  const jsi::Object emitter = rt.global().getPropertyAsObject(rt, "__rctDeviceEventEmitter");
  jsi::Object event(rt);
  event.setProperty(rt, "id", 1);
  event.setProperty(rt, "type", jsi::String::createFromUtf8(rt, type));
  event.setProperty(rt, "data", jsi::String::createFromUtf8(rt, data));
  emitter.getPropertyAsFunction(rt, "emit").callWithThis(rt, emitter, "websocketMessage", event);
}

} // namespace

jsi::Function base64Events(jsi::Runtime &rt, std::shared_ptr<facebook::react::CallInvoker> invoker) {
  return jsi::Function::createFromHostFunction(
      rt,
      jsi::PropNameID::forAscii(rt, "base64Events"),
      3,
      [invoker](jsi::Runtime &rt, const jsi::Value &, const jsi::Value *arguments, size_t) -> jsi::Value {
        const std::string type = arguments[0].asString(rt).utf8(rt);
        std::string payload = arguments[1].asString(rt).utf8(rt);
        const auto count = static_cast<size_t>(arguments[2].asNumber());
        if (type == "binary") payload = base64(payload);
        std::thread([invoker, runtime = &rt, type, payload, count] {
          for (size_t i = 0; i < count; ++i) {
            // Before React Native 0.75 a task gets no runtime.
            invoker->invokeAsync(
                facebook::react::CallFunc([runtime, type, payload](auto &...) { emit(*runtime, type, payload); }));
          }
        }).detach();
        return jsi::Value::undefined();
      });
}
