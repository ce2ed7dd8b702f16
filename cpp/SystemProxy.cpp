#include "SystemProxy.h"

#include <mutex>

namespace socket_task {

namespace {

struct SystemProxy {
  std::mutex mutex;
  socket_task_ask_callback ask = nullptr;
  void *context = nullptr;
};

SystemProxy &systemProxy() {
  static SystemProxy instance;
  return instance;
}

} // namespace

void setSystemProxy(socket_task_ask_callback ask, void *context) noexcept {
  SystemProxy &proxy = systemProxy();
  const std::lock_guard lock(proxy.mutex);
  proxy.ask = ask;
  proxy.context = context;
}

socket_task_status useSystemProxy(socket_task_handle handle) noexcept {
  SystemProxy &proxy = systemProxy();
  const std::lock_guard lock(proxy.mutex);
  if (proxy.ask == nullptr) return socket_task_set_proxy_from_environment(handle);
  return socket_task_set_proxy_hook(handle, proxy.ask, nullptr, proxy.context);
}

} // namespace socket_task
