/**
 * The seam on React Native: the C++ in `cpp/`, behind one of two doors, both found under the name `NativeSocketTask`.
 *
 * - The TurboModule: `getNativeModule()` returns the object that implements `NativeModule` of `seam.ts`.
 * - The bridge's module (old architecture), whose methods can return no functions: `install()` leaves that object on the
 *   global object.
 *
 * That object is a JSI host object (or a plain object of host functions); sessions and sockets are such objects too. The
 * rules of `seam.ts` are the contract. What is particular to JSI:
 *
 * - `onEvent` is kept as a `jsi::Function`, and called in a task of `CallInvoker::invokeAsync`; it and every other `jsi`
 *   value is dropped on the JavaScript thread, before the runtime ends.
 * - The module's destructor, and `invalidate` where the platform calls it, ends all sessions. Native events that are under way then find the
 *   session gone (a `weak_ptr`) and do nothing.
 * - Numbers are JavaScript numbers; a byte count never needs more than 53 bits.
 * - Host objects that V8 turns into proxies must be handed out as `jsi::Object::createFromHostObject`.
 * - A refusal is a `jsi::JSError` whose value is an `Error` object with the property `code`.
 * - An `ArrayBuffer` over native memory is followed by `setExternalMemoryPressure(runtime, size)`.
 */
import { AppState as ReactNativeAppState } from 'react-native';
import NativeSocketTask, { type Spec } from '../specs/NativeSocketTask.js';
import type { NativeModule } from './seam.js';
import { setEnvironment } from './environment.js';

/** What the registry has under the name on the bridge. */
interface BridgeModule {
  /** Leaves the object on the global object. Blocks. Null, or why it could not. */
  install(): string | null;
}

/** What `install()` and others leave on the global object. */
interface Global {
  /** `Installation::kGlobal` in cpp/doors/bridge. */
  __socketTaskModule?: NativeModule;
  /** How the bridge calls methods that block. None in the remote debugger, where JavaScript runs in a browser. */
  nativeCallSyncHook?: unknown;
  /** Expo's modules; this one is in Expo Go only. */
  expo?: { modules?: { ExpoGo?: unknown } };
}

/** The host of another JavaScript than an app's has none. */
const AppState = ReactNativeAppState as typeof ReactNativeAppState | undefined;

// Taken when the module loads: fake timers of a test must not hold events back.
const { setTimeout, clearTimeout } = globalThis;

function fault(text: string): Error {
  return new Error(`react-native-socket-task: ${text}`);
}

function load(): NativeModule {
  const module = NativeSocketTask as Partial<Spec & BridgeModule> | null;
  if (module?.getNativeModule) return module.getNativeModule() as NativeModule;
  if (module?.install) return install(module as BridgeModule);
  if (addon) return addon.load();
  throw missing();
}

function install(module: BridgeModule): NativeModule {
  const global = globalThis as Global;
  if (!global.nativeCallSyncHook) {
    throw fault(
      'it does not work in the remote debugger, which runs the JavaScript in a browser and not in the app. Use a ' +
        'debugger that leaves it in the app, as those for Hermes do.',
    );
  }
  const reason = module.install();
  if (reason) throw fault(`the native module NativeSocketTask cannot be used: ${reason}.`);
  if (global.__socketTaskModule) return global.__socketTaskModule;
  throw fault('the native module NativeSocketTask is of another version: it has installed nothing. Rebuild the app.');
}

declare const module: { require?: (name: string) => unknown } | undefined;
declare const process: { versions?: { node?: string } } | undefined;

/**
 * Jest runs an app in Node, with React Native's build of its packages and a registry of native modules that is empty. There the
 * addon of Node is the native half: the app's tests run the real thing. By the property, since what Metro sees it puts in a bundle.
 */
function addonOfNode(): typeof import('./addon.cjs') | undefined {
  if (typeof process !== 'object' || !process.versions?.node || typeof module !== 'object') return undefined;
  return module.require?.('./addon.cjs') as typeof import('./addon.cjs') | undefined;
}

const addon = NativeSocketTask ? undefined : addonOfNode();

function missing(): Error {
  if ((globalThis as Global).expo?.modules?.ExpoGo) {
    return fault(
      'it does not run in Expo Go, which has no other native code than its own. Make a development build: ' +
        '`npx expo prebuild`, or EAS Build.',
    );
  }
  return fault(
    'the native module NativeSocketTask is not in this app. Rebuild the app after installing the package (iOS: run ' +
      '`pod install` first); if it is missing still, autolinking has not found the package.',
  );
}

setEnvironment({
  // Nothing that a bundle says of a module tells two copies apart for certain: the ids of two bundles in one runtime can be
  // the same. An evaluation that takes the place of another is told to that one (session.ts), so no two need share a key.
  key: `${Date.now()} ${Math.random()}`,
  setTimeout: (task, delay = 0) => setTimeout(task, delay),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  followVisibility: (follow) => {
    const subscription = AppState?.addEventListener('change', (state) => follow(state === 'background'));
    return () => subscription?.remove();
  },
  isHidden: () => AppState?.currentState === 'background',
  binaryType: 'arraybuffer',
  ...addon,
  load,
});
