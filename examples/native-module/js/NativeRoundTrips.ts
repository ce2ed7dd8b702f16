import { TurboModuleRegistry, type TurboModule } from 'react-native';

export interface Spec extends TurboModule {
  /** Connects to `url` and measures so many round trips, 1 to 1000, off the JavaScript thread; in milliseconds. */
  measure(url: string, count: number): Promise<number[]>;
}

export default TurboModuleRegistry.getEnforcing<Spec>('NativeRoundTrips');
