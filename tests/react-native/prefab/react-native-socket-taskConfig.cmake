if(NOT TARGET react-native-socket-task::socket_task)
  add_library(react-native-socket-task::socket_task ALIAS socket_task)
endif()
