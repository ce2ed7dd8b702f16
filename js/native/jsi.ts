/**
 * The seam on React Native: the C++ TurboModule `NativeSocketTask`.
 *
 * The module's one method, `getNativeModule()`, returns a JSI host object (or a plain object of host functions) that
 * implements `NativeModule` of `seam.ts`; sessions and sockets are such objects too. The rules there are
 * the contract. What is particular to JSI:
 *
 * - `onEvents` is kept as a `jsi::Function` and called through `CallInvoker::invokeAsync`; it and every other `jsi`
 *   value is dropped on the JavaScript thread, before the runtime ends. `post` runs its function through `invokeAsync` too.
 * - The module's destructor, and `invalidate` where the platform calls it, ends all sessions. Native events that are under way then find the
 *   session gone (a `weak_ptr`) and do nothing.
 * - Numbers are JavaScript numbers; a byte count never needs more than 53 bits.
 * - Host objects that V8 turns into proxies must be handed out as `jsi::Object::createFromHostObject`.
 * - A refusal is a `jsi::JSError` whose value is an `Error` object with the property `code`.
 * - An `ArrayBuffer` over native memory is followed by `setExternalMemoryPressure(runtime, size)`.
 */
import NativeSocketTask from '../specs/NativeSocketTask.js';
import type { NativeModule } from './seam.js';
import { setEnvironment } from './environment.js';

// Taken when the module loads: fake timers of a test must not hold events back.
const { setTimeout } = globalThis;

setEnvironment({
  // Nothing that a bundle says of a module tells two copies apart for certain: the ids of two bundles in one runtime can be
  // the same. An evaluation that takes the place of another is told to that one (session.ts), so no two need share a key.
  key: `${Date.now()} ${Math.random()}`,
  load(): NativeModule {
    if (!NativeSocketTask) {
      throw new Error(
        'react-native-socket-task: the native module NativeSocketTask is not in this app. Rebuild the app after ' +
          'installing the package (iOS: run `pod install` first); it needs the New Architecture and does not run in ' +
          "Expo Go. In Jest, map the package to its Node build: moduleNameMapper: {'^react-native-socket-task$': " +
          "'react-native-socket-task/node'}.",
      );
    }
    return NativeSocketTask.getNativeModule() as NativeModule;
  },
  setTimeout: (task) => void setTimeout(task, 0),
  binaryType: 'arraybuffer',
});
