#include "Engine.h"

#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <utility>

#include "../link/Utf16.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

/** Smaller messages are copied: that costs less than memory with a finalizer. */
constexpr size_t kCopyBelow = 1024;

constexpr const char *kReplacement = "\xEF\xBF\xBD";
constexpr char16_t kLoneSurrogate = 0xD800;

/**
 * The memory of a message that JavaScript alone has from now on. The library gives it out as constant because others
 * may share a message; nobody shares this one.
 */
class MessageBuffer final : public jsi::MutableBuffer {
 public:
  explicit MessageBuffer(RetainedMessage &&message) : message_(std::move(message)) {}
  size_t size() const override {
    return message_.size();
  }
  uint8_t *data() override {
    return const_cast<uint8_t *>(message_.data());
  }

 private:
  RetainedMessage message_;
};

class OneByte final : public jsi::MutableBuffer {
 public:
  size_t size() const override {
    return 1;
  }
  uint8_t *data() override {
    return &byte_;
  }

 private:
  uint8_t byte_ = 0;
};

/** Tells the engine of memory that it does not see; false where JSI has no way to (before React Native 0.74). */
template <typename Object>
bool tellOfMemory(jsi::Runtime &rt, Object &object, size_t size) {
  if constexpr (requires { object.setExternalMemoryPressure(rt, size); }) {
    object.setExternalMemoryPressure(rt, size);
    return true;
  } else {
    return false;
  }
}

/**
 * React Native's own JavaScriptCore runtime throws. And Hermes collects too late when it is not told: of 3 000 dropped
 * messages of 1 MiB it keeps them all.
 */
bool canWrapMemory(jsi::Runtime &rt) {
  try {
    jsi::ArrayBuffer buffer(rt, std::make_shared<OneByte>());
    return tellOfMemory(rt, buffer, 1);
  } catch (const std::exception &) {
    return false;
  }
}

/** Whether JSI tells and takes the units of a text: from React Native 0.79 on. */
template <typename String>
constexpr bool kJsiHasUtf16 = requires(jsi::Runtime &rt, const String &text, void (&take)(bool, const void *, size_t)) {
  text.getStringData(rt, take);
  String::createFromUtf16(rt, u"", 0);
};

/**
 * Whether the engine itself does. What JSI does for one that does not goes through UTF-8, where a lone surrogate cannot be,
 * and, to take them, through `eval`.
 */
template <typename String>
bool hasUtf16(jsi::Runtime &rt, const String &loneSurrogate) {
  bool same = false;
  if constexpr (kJsiHasUtf16<String>) {
    auto compare = [&same](bool ascii, const void *data, size_t size) {
      same = !ascii && size == 1 && *static_cast<const char16_t *>(data) == kLoneSurrogate;
    };
    loneSurrogate.getStringData(rt, compare);
  }
  return same;
}

/** `text` in UTF-8, made here: the engine takes several times as long. Only where it has UTF-16. */
template <typename String>
std::string utf8OfUnits(jsi::Runtime &rt, const String &text) {
  Utf8Writer writer;
  auto add = [&writer](bool ascii, const void *data, size_t size) {
    if (ascii) {
      writer.addAscii(static_cast<const char *>(data), size);
    } else {
      writer.addUtf16(static_cast<const char16_t *>(data), size);
    }
  };
  if constexpr (kJsiHasUtf16<String>) text.getStringData(rt, add);
  return std::move(writer).end();
}

/** Only where the engine has UTF-16. */
template <typename String>
String ofUnits(jsi::Runtime &rt, const std::u16string &text) {
  if constexpr (kJsiHasUtf16<String>) return String::createFromUtf16(rt, text.data(), text.size());
  throw std::logic_error("JSI takes no UTF-16");
}

jsi::Function global(jsi::Runtime &rt, const char *name) {
  return rt.global().getPropertyAsFunction(rt, name);
}

jsi::String fromCharCode(jsi::Runtime &rt, int unit) {
  return global(rt, "String").getPropertyAsFunction(rt, "fromCharCode").call(rt, unit).asString(rt);
}

/** A function whose first argument is the method's `this`, which JSI would have to be an object. */
jsi::Function unbound(jsi::Runtime &rt, const jsi::Value &method) {
  const jsi::Function call =
      global(rt, "Function").getPropertyAsObject(rt, "prototype").getPropertyAsFunction(rt, "call");
  return call.getPropertyAsFunction(rt, "bind").callWithThis(rt, call, method).asObject(rt).asFunction(rt);
}

/** JavaScriptCore's runtime hands a C string to the engine. */
bool canKeepNul(jsi::Runtime &rt) {
  constexpr uint8_t kText[] = {'a', 0, 'b'};
  return jsi::String::createFromUtf8(rt, kText, sizeof kText).utf8(rt).size() == sizeof kText;
}

/** The text as JSON, for an engine that takes no U+0000. */
std::string json(const uint8_t *data, size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string json = "\"";
  for (size_t i = 0; i < size; ++i) {
    const uint8_t byte = data[i];
    if (byte < 0x20 || byte == '"' || byte == '\\') {
      json += "\\u00";
      json += kDigits[byte >> 4];
      json += kDigits[byte & 0xF];
    } else {
      json += static_cast<char>(byte);
    }
  }
  json += '"';
  return json;
}

} // namespace

Engine::Engine(jsi::Runtime &rt)
    : arrayBufferConstructor_(global(rt, "ArrayBuffer")),
      wrapsMemory_(canWrapMemory(rt)),
      hasUtf16_(hasUtf16(rt, fromCharCode(rt, kLoneSurrogate))),
      keepsNul_(canKeepNul(rt)),
      wellFormed_(findWellFormed(rt)) {}

std::optional<Engine::WellFormed> Engine::findWellFormed(jsi::Runtime &rt) {
  if (fromCharCode(rt, kLoneSurrogate).utf8(rt) == kReplacement) return std::nullopt;
  const jsi::Object prototype = global(rt, "String").getPropertyAsObject(rt, "prototype");
  const jsi::Value toWellFormed = prototype.getProperty(rt, "toWellFormed");
  if (!toWellFormed.isUndefined()) return WellFormed{unbound(rt, toWellFormed), {}};
  // With the flag u a pair is one character, and not in the class.
  std::vector<jsi::Value> rest;
  rest.push_back(global(rt, "RegExp").callAsConstructor(rt, "[\\uD800-\\uDFFF]", "gu"));
  rest.emplace_back(jsi::String::createFromUtf8(rt, kReplacement));
  return WellFormed{unbound(rt, prototype.getProperty(rt, "replace")), std::move(rest)};
}

std::string Engine::utf8(jsi::Runtime &rt, const jsi::String &text) const {
  if (hasUtf16_) return utf8OfUnits(rt, text);
  if (!wellFormed_) return text.utf8(rt);
  std::vector<jsi::Value> arguments;
  arguments.emplace_back(rt, text);
  for (const jsi::Value &value : wellFormed_->rest) arguments.emplace_back(rt, value);
  return wellFormed_->function.call(rt, std::as_const(arguments).data(), arguments.size()).asString(rt).utf8(rt);
}

jsi::String Engine::text(jsi::Runtime &rt, const uint8_t *data, size_t size, bool ascii) const {
  if (ascii) return jsi::String::createFromAscii(rt, reinterpret_cast<const char *>(data), size);
  if (hasUtf16_) return this->text(rt, utf16(data, size));
  if (keepsNul_ || std::memchr(data, 0, size) == nullptr) return jsi::String::createFromUtf8(rt, data, size);
  const std::string quoted = json(data, size);
  return jsi::Value::createFromJsonUtf8(rt, reinterpret_cast<const uint8_t *>(quoted.data()), quoted.size())
      .asString(rt);
}

jsi::String Engine::text(jsi::Runtime &rt, const std::u16string &text) const {
  return ofUnits<jsi::String>(rt, text);
}

jsi::ArrayBuffer Engine::arrayBuffer(jsi::Runtime &rt, RetainedMessage &&message) const {
  const size_t size = message.size();
  if (size < kCopyBelow || !wrapsMemory_) return arrayBuffer(rt, message.data(), size);
  jsi::ArrayBuffer buffer(rt, std::make_shared<MessageBuffer>(std::move(message)));
  tellOfMemory(rt, buffer, size);
  return buffer;
}

jsi::ArrayBuffer Engine::arrayBuffer(jsi::Runtime &rt, const uint8_t *data, size_t size) const {
  jsi::ArrayBuffer buffer = arrayBufferConstructor_.callAsConstructor(rt, static_cast<double>(size))
                                .getObject(rt)
                                .getArrayBuffer(rt);
  if (size > 0) std::memcpy(buffer.data(rt), data, size);
  return buffer;
}

} // namespace socket_task
