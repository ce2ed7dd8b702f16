/* As a pod without modules; as C, Objective-C, C++ and Objective-C++. */
#include <SocketTask/socket_task.h>

#ifdef __OBJC__
#import <SocketTask/STSocketTask.h>
STSocketTaskReadyState stateByObjectiveC(STSocketTask *task);
STSocketTaskReadyState stateByObjectiveC(STSocketTask *task) {
  return task.readyState;
}
#endif

socket_task_ready_state stateByC(socket_task_handle handle);
socket_task_ready_state stateByC(socket_task_handle handle) {
  socket_task_ready_state state = SOCKET_TASK_NEW;
  return socket_task_get_ready_state(handle, &state) == SOCKET_TASK_OK ? state : SOCKET_TASK_CLOSED;
}
