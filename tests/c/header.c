/* The header alone, as C99 and as C++17. */
#include "socket_task.h"

int main(void) {
    return socket_task_version() == 0;
}
