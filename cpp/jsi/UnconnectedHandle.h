#pragma once

#include <string>

#include <jsi/jsi.h>

#include "Refusal.h"
#include "socket_task.h"

namespace socket_task {

/** A handle that is needed for its options only. */
class UnconnectedHandle {
 public:
  /** Throws the refusal of a URL. */
  UnconnectedHandle(facebook::jsi::Runtime &rt, const std::string &url) {
    throwUnlessOk(rt, socket_task_create(url.data(), url.size(), &handle_));
  }
  UnconnectedHandle(const UnconnectedHandle &) = delete;
  UnconnectedHandle &operator=(const UnconnectedHandle &) = delete;
  ~UnconnectedHandle() {
    socket_task_release(handle_);
  }

  socket_task_handle get() const noexcept {
    return handle_;
  }

 private:
  socket_task_handle handle_ = 0;
};

} // namespace socket_task
