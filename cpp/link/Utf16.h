#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace socket_task {

/** `data`, which is valid UTF-8, in UTF-16. (What is not valid gives some text, and is read no further than `size`.) */
std::u16string utf16(const uint8_t *data, size_t size);

/** Makes UTF-8 of a text that comes in parts, U+FFFD in place of a lone surrogate. */
class Utf8Writer {
 public:
  void addAscii(const char *data, size_t size);
  void addUtf16(const char16_t *data, size_t size);
  /** The whole text. */
  std::string end() &&;

 private:
  /** What follows `high_` is no low surrogate. */
  void endAlone();

  std::string text_;
  /** A high surrogate at the end of a part: whether it is alone, the next one shows. 0 for none. */
  char16_t high_ = 0;
};

} // namespace socket_task
