// Tells ThreadSanitizer what it cannot see: the library is not compiled with it, so the order that its own locks and
// channels make is unknown to it. What the header promises is said here, for each handle by itself, and nothing more:
// what came before socket_task_connect or socket_task_release comes before the callbacks that follow.
//
// The linker puts these functions in the place of the library's (--wrap).

#include <map>
#include <memory>
#include <mutex>

#include <sanitizer/tsan_interface.h>

#include "socket_task.h"

namespace {

struct Boundary {
  void *context = nullptr;
  socket_task_open_callback open = nullptr;
  socket_task_message_callback message = nullptr;
  socket_task_pong_callback pong = nullptr;
  socket_task_drain_callback drain = nullptr;
  socket_task_error_callback error = nullptr;
  socket_task_close_callback close = nullptr;
  socket_task_release_callback release = nullptr;
};

/** Never removed: a lock on the library's thread would be an order that there is not. */
Boundary *boundary(socket_task_handle handle) {
  static std::mutex mutex;
  // The library calls on while the process ends.
  static auto &boundaries = *new std::map<socket_task_handle, std::unique_ptr<Boundary>>;
  const std::lock_guard lock(mutex);
  auto &found = boundaries[handle];
  if (!found) found = std::make_unique<Boundary>();
  return found.get();
}

Boundary &entered(void *context) {
  __tsan_acquire(context);
  return *static_cast<Boundary *>(context);
}

} // namespace

extern "C" {

socket_task_status __real_socket_task_connect(socket_task_handle);
socket_task_status __wrap_socket_task_connect(socket_task_handle handle) {
  __tsan_release(boundary(handle));
  return __real_socket_task_connect(handle);
}

socket_task_status __real_socket_task_release(socket_task_handle);
socket_task_status __wrap_socket_task_release(socket_task_handle handle) {
  __tsan_release(boundary(handle));
  return __real_socket_task_release(handle);
}

#define WRAP(name, call, ...)                                                                                        \
  socket_task_status __real_socket_task_on_##name(socket_task_handle, socket_task_##name##_callback, void *);        \
  socket_task_status __wrap_socket_task_on_##name(                                                                   \
      socket_task_handle handle, socket_task_##name##_callback callback, void *context) {                            \
    Boundary *const made = boundary(handle);                                                                         \
    made->name = callback;                                                                                           \
    made->context = context;                                                                                         \
    return __real_socket_task_on_##name(handle, [](socket_task_handle handle, ##__VA_ARGS__, void *context) {        \
      const Boundary &to = entered(context);                                                                         \
      to.name call;                                                                                                  \
    }, made);                                                                                                        \
  }

WRAP(open, (handle, event, to.context), const socket_task_open *event)
WRAP(message, (handle, event, to.context), const socket_task_message *event)
WRAP(pong, (handle, data, length, rtt, to.context), const uint8_t *data, size_t length, int64_t rtt)
WRAP(drain, (handle, sent, to.context), uint64_t sent)
WRAP(error, (handle, event, to.context), const socket_task_error *event)
WRAP(close, (handle, event, to.context), const socket_task_close_event *event)
WRAP(release, (handle, to.context))
}
