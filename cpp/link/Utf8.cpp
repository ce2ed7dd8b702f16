#include "Utf8.h"

#include <cstring>

namespace socket_task {

namespace {

constexpr char kReplacement[] = "\xEF\xBF\xBD";

/** A whole sequence, or as much of one as is valid. */
struct Sequence {
  size_t length;
  bool complete;
};

/** Looks at the first character; `size` is at least 1 (Unicode, table 3-7). */
Sequence firstSequence(const uint8_t *data, size_t size) noexcept {
  const uint8_t lead = data[0];
  if (lead < 0x80) return {1, true};
  size_t continuations = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    continuations = 1;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    continuations = 2;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    continuations = 3;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (size_t i = 1; i <= continuations; ++i) {
    if (i == size || data[i] < low || data[i] > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {continuations + 1, true};
}

} // namespace

bool isAscii(const uint8_t *data, size_t size) noexcept {
  constexpr uint64_t kHigh = 0x8080808080808080;
  constexpr uint64_t kOnes = 0x0101010101010101;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, data + i, sizeof word);
    // A byte of 0 borrows when 1 is taken away, which sets its high bit.
    if (((word | (word - kOnes)) & kHigh) != 0) return false;
  }
  for (; i < size; ++i) {
    if (data[i] == 0 || data[i] >= 0x80) return false;
  }
  return true;
}

size_t validUtf8(const uint8_t *data, size_t size) noexcept {
  size_t at = 0;
  while (at < size) {
    const Sequence sequence = firstSequence(data + at, size - at);
    if (!sequence.complete) break;
    at += sequence.length;
  }
  return at;
}

std::string utf8OrLatin1(std::string bytes) {
  const auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
  if (validUtf8(data, bytes.size()) == bytes.size()) return bytes;
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<uint8_t>(byte);
    if (value < 0x80) {
      text += byte;
    } else {
      text += static_cast<char>(0xC0 | (value >> 6));
      text += static_cast<char>(0x80 | (value & 0x3F));
    }
  }
  return text;
}

std::string replaceInvalidUtf8(const uint8_t *data, size_t size) {
  std::string text;
  size_t at = 0;
  while (at < size) {
    const Sequence sequence = firstSequence(data + at, size - at);
    if (sequence.complete) {
      text.append(reinterpret_cast<const char *>(data + at), sequence.length);
    } else {
      text += kReplacement;
    }
    at += sequence.length;
  }
  return text;
}

} // namespace socket_task
