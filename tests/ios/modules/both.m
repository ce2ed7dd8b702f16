/* With the header of the framework found first, which has a module of its own: CSocketTask. */
#include "socket_task.h"
@import SocketTask;

BOOL isCurrent(void) {
  return socket_task_check_version(SOCKET_TASK_VERSION_NUMBER) == SOCKET_TASK_OK;
}
