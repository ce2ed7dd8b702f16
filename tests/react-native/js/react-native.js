// What the package imports of react-native, as the npm package has it.
export * as TurboModuleRegistry from 'react-native/Libraries/TurboModule/TurboModuleRegistry';
export { default as NativeModules } from 'react-native/Libraries/BatchedBridge/NativeModules';

// The host has no screens.
export const AppState = undefined;
