// What the bundles ask React Native for. The native module is the real one, bound to Node.
const native = { getNativeModule: () => globalThis.nativeModule };

const anything = require('../anything');

// Without its set of names: what the rest of Taro's API takes at its load is anything.
module.exports = Object.setPrototypeOf(
  {
    NativeModules: {},
    Platform: { OS: 'android', select: (choices) => choices.android ?? choices.default },
    TurboModuleRegistry: { get: (name) => (name === 'NativeSocketTask' ? native : null), getEnforcing: () => native },
  },
  anything,
);
