#include "OptionRows.h"

#include <functional>
#include <utility>
#include <vector>

#include "Refusal.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

void forEach(const Given &given, const std::function<void(const jsi::Value &)> &take) {
  const jsi::Array list = given.value.asObject(given.rt).asArray(given.rt);
  const size_t size = list.size(given.rt);
  for (size_t i = 0; i < size; ++i) take(list.getValueAtIndex(given.rt, i));
}

/** Calls `take` with the bytes of a `NativeCertificateData`. */
void withBytes(
    const Given &given, const jsi::Value &value, const std::function<void(const uint8_t *, size_t)> &take) {
  const jsi::Object data = value.asObject(given.rt);
  if (const jsi::Value pem = data.getProperty(given.rt, "pem"); !pem.isUndefined()) {
    const std::string text = given.text(pem);
    return take(reinterpret_cast<const uint8_t *>(text.data()), text.size());
  }
  const jsi::ArrayBuffer der = data.getProperty(given.rt, "der").asObject(given.rt).getArrayBuffer(given.rt);
  take(der.data(given.rt), der.size(given.rt));
}

} // namespace

std::string Given::text(const jsi::Value &value) const {
  return engine.utf8(rt, value.asString(rt));
}

void Given::check(socket_task_status status) const {
  if (status == SOCKET_TASK_OK) return;
  // The library's own text names every option but those within another: a key, a digest.
  throwRefusal(rt, status, name.find('.') == std::string::npos ? "" : name + ": ");
}

void applyRows(
    jsi::Runtime &rt,
    const Engine &engine,
    socket_task_handle handle,
    const jsi::Object &object,
    std::span<const Row> rows,
    const std::string &prefix) {
  for (const auto &[name, apply] : rows) {
    jsi::Value value = object.getProperty(rt, name);
    if (!value.isUndefined()) apply(Given{rt, engine, handle, prefix + name, std::move(value)});
  }
}

bool boolean(const jsi::Value &value) {
  return value.asBool();
}

void setText(const Given &given, TextFunction set) {
  const std::string text = given.text(given.value);
  given.check(set(given.handle, text.data(), text.size()));
}

void addTexts(const Given &given, TextFunction add) {
  forEach(given, [&](const jsi::Value &item) {
    const std::string text = given.text(item);
    given.check(add(given.handle, text.data(), text.size()));
  });
}

void addPairs(const Given &given, PairFunction add) {
  std::vector<std::string> texts;
  forEach(given, [&](const jsi::Value &item) { texts.push_back(given.text(item)); });
  for (size_t i = 0; i + 1 < texts.size(); i += 2) {
    const std::string &first = texts[i];
    const std::string &second = texts[i + 1];
    given.check(add(given.handle, first.data(), first.size(), second.data(), second.size()));
  }
}

void setWord(const Given &given, WordFunction set, std::span<const Word> words) {
  const std::string text = given.text(given.value);
  for (const auto &[word, value] : words) {
    if (text == word) return given.check(set(given.handle, value));
  }
  refuse(given.rt, "invalid-argument", given.name + " cannot be \"" + text + "\"");
}

void addCertificates(const Given &given, BytesFunction add) {
  forEach(given, [&](const jsi::Value &item) {
    withBytes(given, item, [&](const uint8_t *data, size_t size) { given.check(add(given.handle, data, size)); });
  });
}

void setCertificateAndKey(const Given &given, TwoBytesFunction set) {
  const jsi::Object client = given.value.asObject(given.rt);
  withBytes(given, client.getProperty(given.rt, "cert"), [&](const uint8_t *cert, size_t certSize) {
    withBytes(given, client.getProperty(given.rt, "key"), [&](const uint8_t *key, size_t keySize) {
      given.check(set(given.handle, cert, certSize, key, keySize));
    });
  });
}

} // namespace socket_task
