// What React Native's InitializeCore sets up of its own JavaScript, as far as the tests need it: promises, timers, the
// bridge. Then the object `host` of the tests, from a module in the old way.
import '@react-native/js-polyfills/console';
import '@react-native/js-polyfills/error-guard';
import 'react-native/Libraries/Core/setUpGlobals';
import 'react-native/Libraries/Core/polyfillPromise';
import 'react-native/Libraries/Core/setUpTimers';
import 'react-native/Libraries/Core/setUpBatchedBridge';
import NativeModules from 'react-native/Libraries/BatchedBridge/NativeModules';

if (!NativeModules.TestHost.install()) throw new Error('there is no runtime');
const { host } = globalThis;
ErrorUtils.setGlobalHandler(({ message, stack }) => {
  if (host.onUncaught) return host.onUncaught(message);
  host.print(`uncaught: ${message}\n${stack}`);
  host.exit(1);
});
