// What React Native's autolinking has to know: the TurboModule is C++, and the app builds it (cpp/CMakeLists.txt).
module.exports = {
  dependency: {
    platforms: {
      android: {
        cxxModuleCMakeListsModuleName: 'react_native_socket_task',
        // From android/.
        cxxModuleCMakeListsPath: '../cpp/CMakeLists.txt',
        cxxModuleHeaderName: 'NativeSocketTask',
      },
    },
  },
};
