#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace socket_task {

/** Whether all bytes are in 0x01 to 0x7F. (Some engines end a text at U+0000.) */
bool isAscii(const uint8_t *data, size_t size) noexcept;

/** How many bytes at the start of `data` are valid UTF-8 (RFC 3629). */
size_t validUtf8(const uint8_t *data, size_t size) noexcept;

/** `bytes` if they are UTF-8, otherwise what they are as Latin-1, in UTF-8. */
std::string utf8OrLatin1(std::string bytes);

/** `data` with U+FFFD in place of what is not valid UTF-8. */
std::string replaceInvalidUtf8(const uint8_t *data, size_t size);

} // namespace socket_task
