#pragma once

#include "socket_task.h"

namespace socket_task {

/**
 * Tells how to find the proxy that the platform names for a URL, for the whole process: the code of Android or iOS
 * does, before JavaScript runs. `ask` answers as for `socket_task_set_proxy_hook`; it and `context` stay valid for
 * ever. Any thread.
 */
void setSystemProxy(socket_task_ask_callback ask, void *context) noexcept;

/** Lets a connection that was not started yet use it; without one, the proxy of the environment variables. */
socket_task_status useSystemProxy(socket_task_handle handle) noexcept;

} // namespace socket_task
