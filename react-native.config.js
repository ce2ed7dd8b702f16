// What React Native's autolinking has to know: the TurboModule is C++, and the app builds it (cpp/CMakeLists.txt).
const cxxModule = {
  cxxModuleCMakeListsModuleName: 'react_native_socket_task',
  // From android/.
  cxxModuleCMakeListsPath: '../cpp/CMakeLists.txt',
  cxxModuleHeaderName: 'NativeSocketTask',
};

/** Whether the app's React Native knows of such modules: it does since 0.74, and before warns of what it does not know. */
function knowsCxxModules() {
  try {
    const { version } = require(require.resolve('react-native/package.json', { paths: [process.cwd(), __dirname] }));
    const [major, minor] = version.split('.').map(Number);
    return major > 0 || minor >= 74;
  } catch {
    return true;
  }
}

module.exports = { dependency: { platforms: { android: knowsCxxModules() ? cxxModule : {} } } };
