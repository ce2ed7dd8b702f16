#include "RoundTrips.h"

#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

#if __has_include(<SocketTask/socket_task.h>)
#include <SocketTask/socket_task.h>
#else
#include <socket_task.h>
#endif

/** The connections under way. Each measurement has a share, so that it can come last. */
struct RoundTrips::Live {
  std::mutex mutex;
  std::set<socket_task_handle> handles;
  bool ended = false;
};

/** What the callbacks of a connection work with. It belongs to the connection, and goes with it in `released`. */
struct RoundTrips::Measurement {
  std::shared_ptr<Live> live;
  uint32_t count;
  Done done;
  Outcome outcome;

  static Measurement &of(void *context) { return *static_cast<Measurement *>(context); }

  static void opened(socket_task_handle handle, const socket_task_open *, void *) { socket_task_ping(handle, nullptr, 0); }

  static void answered(socket_task_handle handle, const uint8_t *, size_t, int64_t microseconds, void *context) {
    Measurement &self = of(context);
    // A pong that answers no ping of ours.
    if (microseconds < 0) return;
    self.outcome.milliseconds.push_back(static_cast<double>(microseconds) / 1000);
    if (self.outcome.milliseconds.size() < self.count) {
      socket_task_ping(handle, nullptr, 0);
    } else {
      socket_task_close(handle, 1000, nullptr, 0);
    }
  }

  static void failed(socket_task_handle, const socket_task_error *error, void *context) {
    of(context).outcome.failure.assign(reinterpret_cast<const char *>(error->message.data), error->message.length);
  }

  static void closed(socket_task_handle handle, const socket_task_close_event *event, void *context) {
    Measurement &self = of(context);
    if (self.outcome.milliseconds.size() < self.count && self.outcome.failure.empty()) {
      self.outcome.failure = "the server has closed the connection with code " + std::to_string(event->code);
    }
    {
      const std::lock_guard lock(self.live->mutex);
      self.live->handles.erase(handle);
    }
    // No exception may pass through C.
    try {
      self.done(std::move(self.outcome));
    } catch (...) {
    }
    socket_task_release(handle);
  }

  static void released(socket_task_handle, void *context) { delete &of(context); }
};

RoundTrips::RoundTrips() : live_(std::make_shared<Live>()) {}

RoundTrips::~RoundTrips() {
  end();
}

void RoundTrips::measure(const std::string &url, uint32_t count, Done done) {
  if (count < 1 || count > 1000) throw std::invalid_argument("count must be 1 to 1000");
  socket_task_handle handle = 0;
  if (socket_task_create(url.data(), url.size(), &handle) != SOCKET_TASK_OK) {
    throw std::invalid_argument(socket_task_last_error_message());
  }
  // From here on `released` frees it. These calls are right for a new connection, and are not refused.
  auto *context = new Measurement{live_, count, std::move(done), {}};
  socket_task_on_release(handle, &Measurement::released, context);
  socket_task_on_open(handle, &Measurement::opened, context);
  socket_task_on_pong(handle, &Measurement::answered, context);
  socket_task_on_error(handle, &Measurement::failed, context);
  socket_task_on_close(handle, &Measurement::closed, context);

  const std::lock_guard lock(live_->mutex);
  // Under the lock, so that the end of a short connection, and that of all, come after it is known.
  if (live_->ended || socket_task_connect(handle) != SOCKET_TASK_OK) {
    const std::string why = live_->ended ? "the module has come to its end" : socket_task_last_error_message();
    socket_task_release(handle);
    throw std::invalid_argument(why);
  }
  live_->handles.insert(handle);
}

void RoundTrips::end() noexcept {
  const std::lock_guard lock(live_->mutex);
  live_->ended = true;
  for (const socket_task_handle handle : live_->handles) socket_task_release(handle);
  live_->handles.clear();
}
