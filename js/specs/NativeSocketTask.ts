import { TurboModuleRegistry, type TurboModule } from 'react-native';

/** What React Native's codegen needs to know. The real contract is `NativeModule` in `js/native/seam.ts`. */
export interface Spec extends TurboModule {
  readonly getNativeModule: () => Object;
}

// On the bridge the registry gives a module with other methods: js/native/jsi.ts.
export default TurboModuleRegistry.get<Spec>('NativeSocketTask');
