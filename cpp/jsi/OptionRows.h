#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <jsi/jsi.h>

#include "Engine.h"
#include "socket_task.h"

namespace socket_task {

/** An option that the app has given, and the connection that it is for. */
struct Given {
  facebook::jsi::Runtime &rt;
  const Engine &engine;
  const socket_task_handle handle;
  /** The option's name in refusals. */
  const std::string name;
  const facebook::jsi::Value value;

  std::string text(const facebook::jsi::Value &value) const;

  /** Throws the refusal that `status` stands for. */
  void check(socket_task_status status) const;
};

/** An option: the name of its property, and how it is given to the library. */
struct Row {
  const char *name;
  void (*apply)(const Given &);
};

/** Gives the library the options of `object` that are not undefined; `prefix` comes before their names in refusals. */
void applyRows(
    facebook::jsi::Runtime &rt,
    const Engine &engine,
    socket_task_handle handle,
    const facebook::jsi::Object &object,
    std::span<const Row> rows,
    const std::string &prefix = {});

// The kinds of options. Each is a function of the option and of what the library has for it, and a template that makes
// of this the function of a row.

bool boolean(const facebook::jsi::Value &value);

/** `Read` makes of the value what `Set` takes. */
template <auto Read, auto Set>
void set(const Given &given) {
  given.check(Set(given.handle, Read(given.value)));
}

using TextFunction = socket_task_status (*)(socket_task_handle, const char *text, size_t length);
void setText(const Given &given, TextFunction set);
void addTexts(const Given &given, TextFunction add);
template <TextFunction Set>
void setText(const Given &given) {
  setText(given, Set);
}
template <TextFunction Add>
void addTexts(const Given &given) {
  addTexts(given, Add);
}

/** The list is first, second, first, second, … */
using PairFunction = socket_task_status (*)(socket_task_handle, const char *, size_t, const char *, size_t);
void addPairs(const Given &given, PairFunction add);
template <PairFunction Add>
void addPairs(const Given &given) {
  addPairs(given, Add);
}

/** A word, and the library's number for it. */
struct Word {
  const char *word;
  int32_t value;
};
using WordFunction = socket_task_status (*)(socket_task_handle, int32_t value);
void setWord(const Given &given, WordFunction set, std::span<const Word> words);
template <WordFunction Set, const auto &Words>
void setWord(const Given &given) {
  setWord(given, Set, Words);
}

/** A list of `NativeCertificateData`. */
using BytesFunction = socket_task_status (*)(socket_task_handle, const uint8_t *data, size_t length);
void addCertificates(const Given &given, BytesFunction add);
template <BytesFunction Add>
void addCertificates(const Given &given) {
  addCertificates(given, Add);
}

/** A `NativeCertificateData` and another for its key. */
using TwoBytesFunction =
    socket_task_status (*)(socket_task_handle, const uint8_t *, size_t, const uint8_t *, size_t);
void setCertificateAndKey(const Given &given, TwoBytesFunction set);
template <TwoBytesFunction Set>
void setCertificateAndKey(const Given &given) {
  setCertificateAndKey(given, Set);
}

} // namespace socket_task
