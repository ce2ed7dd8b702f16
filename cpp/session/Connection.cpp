#include "Connection.h"

#include <utility>

namespace socket_task {

/** What the library calls, on its thread. The context is a `shared_ptr` of its own until the last call. */
struct Connection::Callbacks {
  static std::shared_ptr<Connection> &from(void *context) noexcept {
    return *static_cast<std::shared_ptr<Connection> *>(context);
  }

  static void push(void *context, EventBody &&body) {
    const auto &connection = from(context);
    connection->queue_->push(Event{connection->id_, std::move(body)}, connection);
  }

  // No exception may cross into the library. Only memory that has run out can throw here, and that ends the app.
  static void onOpen(socket_task_handle, const socket_task_open *open, void *context) noexcept {
    push(context, openEvent(*open));
  }
  static void onMessage(socket_task_handle, const socket_task_message *message, void *context) noexcept {
    push(context, messageEvent(*message));
  }
  static void onPong(socket_task_handle, const uint8_t *data, size_t length, int64_t rtt, void *context) noexcept {
    const double roundTrip = rtt < 0 ? -1.0 : static_cast<double>(rtt) / 1000.0;
    push(context, PongEvent{std::vector<uint8_t>(data, data + length), roundTrip});
  }
  static void onDrain(socket_task_handle, uint64_t sent, void *context) noexcept {
    push(context, DrainEvent{sent});
  }
  static void onError(socket_task_handle, const socket_task_error *error, void *context) noexcept {
    push(context, errorEvent(*error));
  }
  static void onClose(socket_task_handle, const socket_task_close_event *close, void *context) noexcept {
    push(context, closeEvent(*close));
  }
  static void onRelease(socket_task_handle, void *context) noexcept {
    delete &from(context);
  }
};

Connection::Connection(uint32_t id, std::shared_ptr<EventQueue> queue) : id_(id), queue_(std::move(queue)) {}

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
  socket_task_on_error(handle_, Callbacks::onError, shared);
  socket_task_on_close(handle_, Callbacks::onClose, shared);
  socket_task_on_release(handle_, Callbacks::onRelease, shared);
  return SOCKET_TASK_OK;
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

size_t Connection::bufferedAmount() const noexcept {
  size_t amount = 0;
  return socket_task_get_buffered_amount(handle_, &amount) == SOCKET_TASK_OK ? amount : leftover_.load();
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
}

} // namespace socket_task
