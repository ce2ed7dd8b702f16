#include "Connection.h"

#include <string_view>
#include <utility>

namespace socket_task {

/** What the library calls, on threads of its own. The context is a `shared_ptr` of its own until the last call. */
struct Connection::Callbacks {
  static std::shared_ptr<Connection> &from(void *context) noexcept {
    return *static_cast<std::shared_ptr<Connection> *>(context);
  }

  // No exception may cross into the library. Only memory that has run out can throw here, and that ends the app.
  static void onOpen(socket_task_handle, const socket_task_open *open, void *context) noexcept {
    from(context)->pushAfterCookies(openEvent(*open));
  }
  static void onMessage(socket_task_handle, const socket_task_message *message, void *context) noexcept {
    from(context)->push(messageEvent(*message, from(context)->textForm_));
  }
  static void onPong(socket_task_handle, const uint8_t *data, size_t length, int64_t rtt, void *context) noexcept {
    const double roundTrip = rtt < 0 ? -1.0 : static_cast<double>(rtt) / 1000.0;
    from(context)->push(PongEvent{std::vector<uint8_t>(data, data + length), roundTrip});
  }
  static void onDrain(socket_task_handle, uint64_t sent, void *context) noexcept {
    from(context)->push(DrainEvent{sent});
  }
  static void onSuspect(socket_task_handle, uint32_t silent, void *context) noexcept {
    from(context)->push(SuspectEvent{static_cast<double>(silent)});
  }
  static void onAlive(socket_task_handle, void *context) noexcept {
    from(context)->push(AliveEvent{});
  }
  static void onReconnecting(
      socket_task_handle, const socket_task_reconnecting *reconnecting, void *context) noexcept {
    from(context)->pushAfterCookies(reconnectingEvent(*reconnecting));
  }
  static void onError(socket_task_handle, const socket_task_error *error, void *context) noexcept {
    from(context)->pushAfterCookies(errorEvent(*error));
  }
  static void onClose(socket_task_handle, const socket_task_close_event *close, void *context) noexcept {
    from(context)->pushAfterCookies(closeEvent(*close));
  }
  static void onRelease(socket_task_handle, void *context) noexcept {
    drop(context);
  }

  static void askCookies(const char *url, size_t length, socket_task_answer *answer, void *context) noexcept {
    const std::string cookies = from(context)->cookies_->ask(std::string_view(url, length));
    socket_task_answer_set(answer, cookies.data(), cookies.size());
  }
  static void setCookie(
      const char *url, size_t urlLength, const char *value, size_t valueLength, void *context) noexcept {
    from(context)->cookies_->store(std::string_view(url, urlLength), std::string_view(value, valueLength));
  }

  static void refresh(
      socket_task_handle, uint32_t attempt, const socket_task_loss *loss, uint64_t ticket, void *context) noexcept {
    from(context)->push(AskRefreshEvent{ticket, attempt, lossOf(*loss)});
  }
  static void shouldReconnect(
      socket_task_handle, const socket_task_loss *loss, bool would, uint64_t ticket, void *context) noexcept {
    from(context)->pushAfterCookies(AskReconnectEvent{ticket, would, lossOf(*loss)});
  }

  static void drop(void *context) noexcept {
    delete &from(context);
  }
};

Connection::Connection(uint32_t id, std::shared_ptr<EventQueue> queue, TextForm textForm)
    : id_(id), queue_(std::move(queue)), textForm_(textForm) {}

socket_task_status Connection::open(const std::string &url) {
  auto context = std::make_unique<std::shared_ptr<Connection>>(shared_from_this());
  const socket_task_status status = socket_task_create(url.data(), url.size(), &handle_);
  if (status != SOCKET_TASK_OK) return status;
  // The handle is new: setting its callbacks cannot fail.
  void *shared = context.release();
  socket_task_on_open(handle_, Callbacks::onOpen, shared);
  socket_task_on_message(handle_, Callbacks::onMessage, shared);
  socket_task_on_pong(handle_, Callbacks::onPong, shared);
  socket_task_on_drain(handle_, Callbacks::onDrain, shared);
  socket_task_on_suspect(handle_, Callbacks::onSuspect, shared);
  socket_task_on_alive(handle_, Callbacks::onAlive, shared);
  socket_task_on_reconnecting(handle_, Callbacks::onReconnecting, shared);
  socket_task_on_error(handle_, Callbacks::onError, shared);
  socket_task_on_close(handle_, Callbacks::onClose, shared);
  socket_task_on_release(handle_, Callbacks::onRelease, shared);
  return SOCKET_TASK_OK;
}

socket_task_status Connection::keepCookies() {
  cookies_ = std::make_unique<CookieExchange>([this](EventBody &&body) { push(std::move(body)); });
  // Of its own, since the library may ask after the release still.
  auto context = std::make_unique<std::shared_ptr<Connection>>(shared_from_this());
  return socket_task_set_cookie_hook(
      handle_, Callbacks::askCookies, Callbacks::setCookie, Callbacks::drop, context.release());
}

socket_task_status Connection::askWhetherToReconnect() {
  auto context = std::make_unique<std::shared_ptr<Connection>>(shared_from_this());
  return socket_task_set_should_reconnect_hook(
      handle_, Callbacks::shouldReconnect, Callbacks::drop, context.release());
}

socket_task_status Connection::askForRefresh() {
  auto context = std::make_unique<std::shared_ptr<Connection>>(shared_from_this());
  return socket_task_set_refresh_hook(handle_, Callbacks::refresh, Callbacks::drop, context.release());
}

// Whoever answers too late is nobody's concern.
void Connection::answerRefresh(uint64_t ticket, socket_task_handle fresh) noexcept {
  socket_task_answer_refresh(handle_, ticket, fresh);
}

void Connection::failRefresh(uint64_t ticket) noexcept {
  socket_task_fail_refresh(handle_, ticket);
}

void Connection::answerReconnect(uint64_t ticket, bool should) noexcept {
  socket_task_answer_should_reconnect(handle_, ticket, should);
}

void Connection::answerCookies(std::string &&cookies) {
  if (cookies_) cookies_->answer(std::move(cookies));
}

void Connection::push(EventBody &&body) {
  queue_->push(Event{id_, std::move(body)}, shared_from_this());
}

void Connection::pushAfterCookies(EventBody &&body) {
  if (cookies_) cookies_->flush();
  push(std::move(body));
}

socket_task_status Connection::connect() noexcept {
  return socket_task_connect(handle_);
}

socket_task_status Connection::sendText(const std::string &text) noexcept {
  return socket_task_send_text(handle_, text.data(), text.size());
}

socket_task_status Connection::sendBinary(const uint8_t *data, size_t size) noexcept {
  return socket_task_send_binary(handle_, data, size);
}

socket_task_status Connection::ping(const uint8_t *data, size_t size) noexcept {
  return socket_task_ping(handle_, data, size);
}

socket_task_status Connection::close(uint16_t code, const std::string &reason) noexcept {
  const socket_task_status status = socket_task_close(handle_, code, reason.data(), reason.size());
  return status == SOCKET_TASK_INVALID_HANDLE ? SOCKET_TASK_OK : status;
}

void Connection::probe(uint32_t deadline) noexcept {
  socket_task_probe(handle_, deadline);
}

void Connection::hide(uint32_t grace) noexcept {
  socket_task_hide(handle_, grace);
}

void Connection::show() noexcept {
  socket_task_show(handle_);
}

size_t Connection::bufferedAmount() const noexcept {
  size_t amount = 0;
  return socket_task_get_buffered_amount(handle_, &amount) == SOCKET_TASK_OK ? amount : leftover_.load();
}

socket_task_stats Connection::stats() const noexcept {
  socket_task_stats stats{};
  stats.rtt = -1;
  socket_task_get_stats(handle_, &stats, sizeof stats);
  return stats;
}

void Connection::pause(bool stop) noexcept {
  this->stop(&Stopped::byApp, stop);
}

bool Connection::throttle(bool stop) noexcept {
  return this->stop(&Stopped::byQueue, stop);
}

bool Connection::stop(bool Stopped::*who, bool stop) noexcept {
  // Held while the library is told, so that it is told in this order.
  const std::lock_guard lock(stoppedMutex_);
  const bool changed = std::exchange(stopped_.*who, stop) != stop;
  if (stopped_.byApp || stopped_.byQueue) {
    socket_task_pause(handle_);
  } else {
    socket_task_resume(handle_);
  }
  return changed;
}

void Connection::release() noexcept {
  if (released_.exchange(true)) return;
  leftover_ = bufferedAmount();
  socket_task_release(handle_);
  if (cookies_) cookies_->end();
}

} // namespace socket_task
