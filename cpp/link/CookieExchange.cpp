#include "CookieExchange.h"

#include <utility>

namespace socket_task {

CookieExchange::CookieExchange(std::function<void(EventBody &&)> push) : push_(std::move(push)) {}

std::string CookieExchange::ask(std::string_view url) {
  flush();
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return {};
    asked_ = true;
    answer_.clear();
  }
  push_(AskCookiesEvent{std::string(url)});
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return !asked_ || ended_; });
  return std::exchange(answer_, {});
}

void CookieExchange::answer(std::string &&cookies) {
  const std::lock_guard lock(mutex_);
  // A connection makes one request after the other: there is never more than one question.
  if (!std::exchange(asked_, false)) return;
  answer_ = std::move(cookies);
  answered_.notify_one();
}

void CookieExchange::store(std::string_view url, std::string_view cookie) {
  const std::lock_guard lock(mutex_);
  if (!stored_) stored_ = SetCookiesEvent{std::string(url), {}};
  stored_->cookies.emplace_back(cookie);
}

void CookieExchange::flush() {
  std::optional<SetCookiesEvent> stored;
  {
    const std::lock_guard lock(mutex_);
    stored.swap(stored_);
  }
  if (stored) push_(std::move(*stored));
}

void CookieExchange::end() noexcept {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  answered_.notify_one();
}

} // namespace socket_task
