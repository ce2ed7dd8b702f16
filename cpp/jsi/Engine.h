#pragma once

#include <optional>
#include <string>
#include <vector>

#include <jsi/jsi.h>

#include "../link/Event.h"

namespace socket_task {

/**
 * Texts and bytes on their way into a JavaScript engine and out of it. JSI leaves to the engine what becomes of a lone
 * surrogate and of U+0000, and whether an ArrayBuffer can have native memory; here they are the same on all.
 *
 * Belongs to one runtime, and holds values of it.
 */
class Engine {
 public:
  /** Finds out what the engine can do. */
  explicit Engine(facebook::jsi::Runtime &rt);

  /** In UTF-8, U+FFFD in place of a lone surrogate. */
  std::string utf8(facebook::jsi::Runtime &rt, const facebook::jsi::String &text) const;

  /** In which form it takes texts for least. */
  TextForm textForm() const noexcept {
    return hasUtf16_ ? TextForm::Utf16 : TextForm::Utf8;
  }

  /** `data` is UTF-8; `ascii` as {@link TextEvent}. */
  facebook::jsi::String text(facebook::jsi::Runtime &rt, const uint8_t *data, size_t size, bool ascii) const;

  /** Only where {@link textForm} is that. */
  facebook::jsi::String text(facebook::jsi::Runtime &rt, const std::u16string &text) const;

  /** The message's own memory where that is cheaper than a copy. */
  facebook::jsi::ArrayBuffer arrayBuffer(facebook::jsi::Runtime &rt, RetainedMessage &&message) const;

  /** A copy. */
  facebook::jsi::ArrayBuffer arrayBuffer(facebook::jsi::Runtime &rt, const uint8_t *data, size_t size) const;

 private:
  /** A function, and its arguments after the text, that replace lone surrogates. */
  struct WellFormed {
    facebook::jsi::Function function;
    std::vector<facebook::jsi::Value> rest;
  };

  static std::optional<WellFormed> findWellFormed(facebook::jsi::Runtime &rt);

  facebook::jsi::Function arrayBufferConstructor_;
  bool wrapsMemory_;
  bool hasUtf16_;
  bool keepsNul_;
  /** Only for an engine whose own conversion does something else. */
  std::optional<WellFormed> wellFormed_;
};

} // namespace socket_task
