# What both doors to React Native stand on: the target socket_task, and the list SOCKET_TASK_SESSION of sources.
get_filename_component(SOCKET_TASK_ROOT "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

# The library itself. Whoever builds it another way defines the target before.
if(NOT TARGET socket_task)
  include("${SOCKET_TASK_ROOT}/android/cmake/react-native-socket-task-config.cmake")
  add_library(socket_task INTERFACE)
  target_link_libraries(socket_task INTERFACE react-native-socket-task::socket_task)
endif()

set(SOCKET_TASK_SESSION
    link/Connection.cpp
    link/CookieExchange.cpp
    link/Event.cpp
    link/EventQueue.cpp
    link/LogTap.cpp
    link/Session.cpp
    link/Utf16.cpp
    link/Utf8.cpp
    jsi/ConnectOptions.cpp
    jsi/Engine.cpp
    jsi/EventToJs.cpp
    jsi/Hop.cpp
    jsi/JsSession.cpp
    jsi/JsSocket.cpp
    jsi/Microtasks.cpp
    jsi/Numbers.cpp
    jsi/OptionRows.cpp
    jsi/Refusal.cpp
    jsi/SessionRegistry.cpp)
list(TRANSFORM SOCKET_TASK_SESSION PREPEND "${CMAKE_CURRENT_LIST_DIR}/")
