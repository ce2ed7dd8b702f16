#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "socket_task.h"

namespace socket_task {

/** A message of the library, which keeps no more than twice its length alive. Can be destroyed on any thread. */
class RetainedMessage {
 public:
  explicit RetainedMessage(const socket_task_message *message) noexcept
      : message_(socket_task_message_retain(message)) {}
  RetainedMessage(RetainedMessage &&other) noexcept : message_(std::exchange(other.message_, nullptr)) {}
  RetainedMessage &operator=(RetainedMessage &&other) noexcept {
    std::swap(message_, other.message_);
    return *this;
  }
  ~RetainedMessage() {
    socket_task_message_release(message_);
  }

  const uint8_t *data() const noexcept {
    return message_->data;
  }
  size_t size() const noexcept {
    return message_->length;
  }

 private:
  const socket_task_message *message_;
};

/** Name, value, name, value, … in UTF-8. */
using HeaderList = std::vector<std::string>;

/** `NativeOpen` of the seam. */
struct OpenEvent {
  HeaderList headers;
  std::string protocol;
  std::string extensions;
  std::string remoteAddress;
  std::string tlsVersion;
  std::string tlsCipher;
  bool tlsResumed;
  uint32_t attempt;
  /** Begin and end, in milliseconds, of DNS, TCP, proxy, TLS and handshake. */
  std::array<double, 10> profile;
};

struct TextEvent {
  RetainedMessage message;
  /** Whether all characters are in U+0001 to U+007F. */
  bool ascii;
};

/** A text that is not ASCII, for an engine that takes UTF-16. */
struct Utf16Event {
  std::u16string text;
};

struct BinaryEvent {
  RetainedMessage message;
};

struct PongEvent {
  std::vector<uint8_t> data;
  /** In milliseconds; -1 for a pong that answers no ping of the app. */
  double roundTrip;
};

struct DrainEvent {
  /** Messages handed to the operating system so far. */
  uint64_t sent;
};

/** The peer has not answered in half of the time that it has. */
struct SuspectEvent {
  /** In milliseconds. */
  double silent;
};

/** It lives after all. */
struct AliveEvent {};

/** `NativeHttpResponse` of the seam. */
struct HttpResponse {
  int32_t status;
  HeaderList headers;
  std::string body;
};

/** `NativeError` of the seam. */
struct ErrorEvent {
  int32_t phase;
  int32_t code;
  int32_t osError;
  std::string message;
  std::optional<HttpResponse> response;
};

struct CloseEvent {
  uint16_t code;
  std::string reason;
  bool wasClean;
};

/** `NativeLoss` of the seam. */
struct Loss {
  CloseEvent close;
  std::optional<ErrorEvent> error;
};

/** `NativeReconnecting` of the seam. */
struct ReconnectingEvent {
  Loss loss;
  uint32_t attempt;
  uint32_t delay;
  size_t kept;
  size_t failed;
};

/** The next attempt waits for an answer. */
struct AskRefreshEvent {
  uint64_t ticket;
  uint32_t attempt;
  Loss loss;
};

/** The end or the next attempt waits for an answer. */
struct AskReconnectEvent {
  uint64_t ticket;
  bool would;
  Loss loss;
};

/** The opening handshake waits for an answer. */
struct AskCookiesEvent {
  std::string url;
};

/** The `Set-Cookie` fields of one response. */
struct SetCookiesEvent {
  std::string url;
  std::vector<std::string> cookies;
};

/** How many lines of the log wait for JavaScript, and how many were left out. */
struct WaitingLines {
  std::atomic<size_t> count{0};
  std::atomic<size_t> leftOut{0};
};

/** A line of the log: of no socket. */
class LogEvent {
 public:
  LogEvent(int32_t level, std::string text, std::shared_ptr<WaitingLines> waiting)
      : level(level), text(std::move(text)), waiting_(std::move(waiting)) {}
  LogEvent(LogEvent &&) noexcept = default;
  LogEvent &operator=(LogEvent &&) noexcept = default;
  ~LogEvent() {
    if (waiting_) waiting_->count--;
  }

  int32_t level;
  std::string text;

 private:
  std::shared_ptr<WaitingLines> waiting_;
};

using EventBody = std::variant<
    OpenEvent,
    TextEvent,
    Utf16Event,
    BinaryEvent,
    PongEvent,
    DrainEvent,
    SuspectEvent,
    AliveEvent,
    ErrorEvent,
    CloseEvent,
    AskCookiesEvent,
    SetCookiesEvent,
    ReconnectingEvent,
    AskRefreshEvent,
    AskReconnectEvent,
    LogEvent>;

/** Something that happened to the socket with this id. */
struct Event {
  uint32_t socket;
  EventBody body;

  /** Whether it comes later when the events of its socket are held. The opening handshake waits for an answer. */
  bool canWait() const noexcept {
    return !std::holds_alternative<AskCookiesEvent>(body) && !std::holds_alternative<SetCookiesEvent>(body);
  }

  /** About how many bytes of memory it takes in the queue. An empty message takes some, too. */
  size_t size() const noexcept;
};

/** How the texts of messages are handed on. */
enum class TextForm {
  /** As they came. */
  Utf8,
  /** Made UTF-16 where they are not ASCII. */
  Utf16,
};

/** Reads what the library hands to its callbacks. */
OpenEvent openEvent(const socket_task_open &open);
EventBody messageEvent(const socket_task_message &message, TextForm form);
ErrorEvent errorEvent(const socket_task_error &error);
CloseEvent closeEvent(const socket_task_close_event &close);
Loss lossOf(const socket_task_loss &loss);
ReconnectingEvent reconnectingEvent(const socket_task_reconnecting &reconnecting);

/** What is told in the place of a message that JavaScript has no room for. */
ErrorEvent tooBigForJs();

} // namespace socket_task
