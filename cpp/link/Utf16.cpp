#include "Utf16.h"

#include <cstring>
#include <utility>

namespace socket_task {

namespace {

constexpr char16_t kReplacement = 0xFFFD;
constexpr char kReplacementInUtf8[] = "\xEF\xBF\xBD";

bool isSurrogate(char16_t unit) noexcept {
  return (unit & 0xF800) == 0xD800;
}

bool isLow(char16_t unit) noexcept {
  return (unit & 0xFC00) == 0xDC00;
}

/** How many units of UTF-16 the text has: one for each lead byte, two for that of a pair. */
size_t unitCount(const uint8_t *data, size_t size) noexcept {
  size_t count = 0;
  for (size_t i = 0; i < size; ++i) count += ((data[i] & 0xC0) != 0x80) + (data[i] >= 0xF0);
  return count;
}

/** How many bytes of UTF-8 the units have, at most: pairs are counted as two characters of their own. */
size_t mostBytes(const char16_t *data, size_t size) noexcept {
  size_t count = size;
  for (size_t i = 0; i < size; ++i) count += (data[i] >= 0x80) + (data[i] >= 0x800);
  return count;
}

char *put(char *out, char16_t unit) noexcept {
  if (unit < 0x80) {
    *out++ = static_cast<char>(unit);
  } else if (unit < 0x800) {
    *out++ = static_cast<char>(0xC0 | (unit >> 6));
    *out++ = static_cast<char>(0x80 | (unit & 0x3F));
  } else {
    *out++ = static_cast<char>(0xE0 | (unit >> 12));
    *out++ = static_cast<char>(0x80 | ((unit >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (unit & 0x3F));
  }
  return out;
}

char *putPair(char *out, char16_t high, char16_t low) noexcept {
  const uint32_t point = 0x10000 + ((uint32_t{high} & 0x3FF) << 10) + (low & 0x3FF);
  *out++ = static_cast<char>(0xF0 | (point >> 18));
  *out++ = static_cast<char>(0x80 | ((point >> 12) & 0x3F));
  *out++ = static_cast<char>(0x80 | ((point >> 6) & 0x3F));
  *out++ = static_cast<char>(0x80 | (point & 0x3F));
  return out;
}

} // namespace

std::u16string utf16(const uint8_t *data, size_t size) {
  std::u16string text(unitCount(data, size), u'\0');
  char16_t *out = text.data();
  const char16_t *const end = out + text.size();
  const auto continuation = [&](size_t i) { return i < size ? uint32_t{data[i]} & 0x3F : 0; };
  // Not past `end`: what is not valid may have more characters than lead bytes.
  for (size_t i = 0; i < size && out < end;) {
    const uint32_t lead = data[i];
    if (lead < 0x80) {
      *out++ = static_cast<char16_t>(lead);
      i += 1;
    } else if (lead < 0xE0) {
      *out++ = static_cast<char16_t>((lead & 0x1F) << 6 | continuation(i + 1));
      i += 2;
    } else if (lead < 0xF0) {
      *out++ = static_cast<char16_t>((lead & 0xF) << 12 | continuation(i + 1) << 6 | continuation(i + 2));
      i += 3;
    } else {
      const uint32_t point =
          (lead & 7) << 18 | continuation(i + 1) << 12 | continuation(i + 2) << 6 | continuation(i + 3);
      const uint32_t rest = point - 0x10000;
      *out++ = static_cast<char16_t>(0xD800 | ((rest >> 10) & 0x3FF));
      if (out < end) *out++ = static_cast<char16_t>(0xDC00 | (rest & 0x3FF));
      i += 4;
    }
  }
  return text;
}

void Utf8Writer::addAscii(const char *data, size_t size) {
  if (size == 0) return;
  endAlone();
  text_.append(data, size);
}

void Utf8Writer::addUtf16(const char16_t *data, size_t size) {
  if (size == 0) return;
  if (!isLow(data[0])) endAlone();
  const size_t before = text_.size();
  // A pair whose high surrogate came before has one byte more than its low one by itself.
  text_.resize(before + mostBytes(data, size) + 1);
  char *out = text_.data() + before;
  size_t i = 0;
  if (high_ != 0) out = putPair(out, std::exchange(high_, 0), data[i++]);
  for (; i < size; ++i) {
    const char16_t unit = data[i];
    if (!isSurrogate(unit)) {
      out = put(out, unit);
    } else if (isLow(unit)) {
      out = put(out, kReplacement);
    } else if (i + 1 == size) {
      high_ = unit;
    } else if (isLow(data[i + 1])) {
      out = putPair(out, unit, data[++i]);
    } else {
      out = put(out, kReplacement);
    }
  }
  text_.resize(static_cast<size_t>(out - text_.data()));
}

std::string Utf8Writer::end() && {
  endAlone();
  return std::move(text_);
}

void Utf8Writer::endAlone() {
  if (std::exchange(high_, 0) != 0) text_ += kReplacementInUtf8;
}

} // namespace socket_task
