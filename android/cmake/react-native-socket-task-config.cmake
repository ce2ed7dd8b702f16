# The native library and its header for C and C++ of an app, as its Gradle or autolinking builds them:
#
#   find_package(react-native-socket-task REQUIRED CONFIG)
#   target_link_libraries(mine PRIVATE react-native-socket-task::socket_task)
#
# docs/native-modules.md says how CMake finds this file. A prefab package could not be this: Android's Gradle plugin
# publishes only what its own CMake build has compiled, and then each module that links it packages a copy.
if(NOT TARGET react-native-socket-task::socket_task)
  get_filename_component(SOCKET_TASK_PACKAGE "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
  set(SOCKET_TASK_LIBRARIES "${SOCKET_TASK_PACKAGE}/android/src/main/jniLibs/${ANDROID_ABI}")
  if(NOT EXISTS "${SOCKET_TASK_LIBRARIES}/libsocket_task.so")
    message(FATAL_ERROR "react-native-socket-task has no native library for ${ANDROID_ABI}: see docs/android.md")
  endif()
  # Of the whole build: an app's own C++ has one folder for each module that is compiled as a part of it.
  add_library(react-native-socket-task::socket_task INTERFACE IMPORTED GLOBAL)
  target_include_directories(react-native-socket-task::socket_task INTERFACE "${SOCKET_TASK_PACKAGE}/include")
  # By its name and not as a file: then the Android Gradle plugin does not package it a second time, since it comes
  # with the AAR of the library module.
  target_link_options(react-native-socket-task::socket_task INTERFACE "-L${SOCKET_TASK_LIBRARIES}")
  target_link_libraries(react-native-socket-task::socket_task INTERFACE -lsocket_task)
endif()
