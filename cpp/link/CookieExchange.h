#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "Event.h"

namespace socket_task {

/**
 * The cookies of one connection's opening handshake, which JavaScript keeps: what is asked and told goes through the
 * event queue, and the library's thread that asks waits for the answer. All functions can be called from any thread.
 */
class CookieExchange {
 public:
  /** `push` takes the events. */
  explicit CookieExchange(std::function<void(EventBody &&)> push);

  /** Asks for the `Cookie` field of a request to `url`, and waits. Empty for none. */
  std::string ask(std::string_view url);

  /** Answers who waits, if somebody does. */
  void answer(std::string &&cookies);

  /** Takes one `Set-Cookie` field of a response from `url`; told with the others of the response. */
  void store(std::string_view url, std::string_view cookie);

  /** Tells what was stored. To be called before the next event of the connection: nothing else ends a response. */
  void flush();

  /** Whoever waits for an answer, now or later, goes without. */
  void end() noexcept;

 private:
  const std::function<void(EventBody &&)> push_;
  std::mutex mutex_;
  std::condition_variable answered_;
  bool asked_ = false;
  bool ended_ = false;
  std::string answer_;
  std::optional<SetCookiesEvent> stored_;
};

} // namespace socket_task
