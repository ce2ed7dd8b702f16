# What both doors to React Native stand on: the target socket_task, and the list SOCKET_TASK_SESSION of sources.
get_filename_component(SOCKET_TASK_ROOT "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

# The library itself. Whoever builds it another way defines the target before.
if(NOT TARGET socket_task)
  add_library(socket_task INTERFACE)
  set(SOCKET_TASK_LIBRARIES "${SOCKET_TASK_ROOT}/android/src/main/jniLibs/${ANDROID_ABI}")
  if(NOT EXISTS "${SOCKET_TASK_LIBRARIES}/libsocket_task.so")
    message(FATAL_ERROR "react-native-socket-task has no native library for ${ANDROID_ABI}: see docs/android.md")
  endif()
  # By its name and not as a file: then the Android Gradle plugin does not package it a second time, since it comes
  # with the AAR of the library module.
  target_link_options(socket_task INTERFACE "-L${SOCKET_TASK_LIBRARIES}")
  target_link_libraries(socket_task INTERFACE -lsocket_task)
endif()

set(SOCKET_TASK_SESSION
    link/Connection.cpp
    link/CookieExchange.cpp
    link/Event.cpp
    link/EventQueue.cpp
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
