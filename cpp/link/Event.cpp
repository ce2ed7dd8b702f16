#include "Event.h"

#include "Utf16.h"
#include "Utf8.h"

namespace socket_task {

namespace {

/** A larger text would hold the library's thread, and so all other connections, for long: it is left to JavaScript's. */
constexpr size_t kConvertAtMost = 256 * 1024;

std::string text(const socket_task_text &text) {
  return std::string(reinterpret_cast<const char *>(text.data), text.length);
}

HeaderList headerList(const socket_task_header *headers, size_t count) {
  HeaderList list;
  list.reserve(2 * count);
  for (size_t i = 0; i < count; ++i) {
    list.push_back(text(headers[i].name));
    list.push_back(utf8OrLatin1(text(headers[i].value)));
  }
  return list;
}

double milliseconds(uint64_t microseconds) {
  return static_cast<double>(microseconds) / 1000.0;
}

} // namespace

size_t Event::size() const noexcept {
  size_t content = 0;
  if (const auto *text = std::get_if<TextEvent>(&body)) content = text->message.size();
  if (const auto *text = std::get_if<Utf16Event>(&body)) content = text->text.size() * sizeof(char16_t);
  if (const auto *binary = std::get_if<BinaryEvent>(&body)) content = binary->message.size();
  if (const auto *pong = std::get_if<PongEvent>(&body)) content = pong->data.size();
  if (const auto *log = std::get_if<LogEvent>(&body)) content = log->text.size();
  return sizeof(Event) + content;
}

OpenEvent openEvent(const socket_task_open &open) {
  OpenEvent event{
      headerList(open.headers, open.header_count),
      text(open.protocol),
      text(open.extensions),
      text(open.remote_address),
      text(open.tls_version),
      text(open.tls_cipher),
      open.tls_resumed,
      open.attempt,
      {}};
  size_t next = 0;
  for (const socket_task_span &span : {open.dns, open.tcp, open.proxy, open.tls, open.handshake}) {
    event.profile[next++] = milliseconds(span.start_us);
    event.profile[next++] = milliseconds(span.end_us);
  }
  return event;
}

EventBody messageEvent(const socket_task_message &message, TextForm form) {
  if (message.kind == SOCKET_TASK_BINARY) return BinaryEvent{RetainedMessage(&message)};
  // Looked at and converted here, where it does not take the JavaScript thread's time.
  const bool ascii = isAscii(message.data, message.length);
  if (!ascii && form == TextForm::Utf16 && message.length <= kConvertAtMost) {
    return Utf16Event{utf16(message.data, message.length)};
  }
  return TextEvent{RetainedMessage(&message), ascii};
}

ErrorEvent errorEvent(const socket_task_error &error) {
  ErrorEvent event{
      static_cast<int32_t>(error.phase),
      static_cast<int32_t>(error.code),
      error.os_error,
      text(error.message),
      std::nullopt};
  if (error.http_status != 0) {
    event.response = HttpResponse{
        error.http_status,
        headerList(error.headers, error.header_count),
        replaceInvalidUtf8(error.body, error.body_length)};
  }
  return event;
}

ErrorEvent tooBigForJs() {
  return ErrorEvent{
      SOCKET_TASK_PHASE_PROTOCOL,
      SOCKET_TASK_ERROR_MESSAGE_TOO_BIG,
      0,
      "a message is larger than a string or an ArrayBuffer of JavaScript can be",
      std::nullopt};
}

CloseEvent closeEvent(const socket_task_close_event &close) {
  return CloseEvent{close.code, text(close.reason), close.was_clean};
}

Loss lossOf(const socket_task_loss &loss) {
  Loss event{CloseEvent{loss.code, text(loss.reason), loss.was_clean}, std::nullopt};
  if (loss.error != nullptr) event.error = errorEvent(*loss.error);
  return event;
}

ReconnectingEvent reconnectingEvent(const socket_task_reconnecting &reconnecting) {
  return ReconnectingEvent{
      lossOf(*reconnecting.loss),
      reconnecting.attempt,
      reconnecting.delay_ms,
      reconnecting.kept,
      reconnecting.failed};
}

} // namespace socket_task
