// What js/specs/ wants of the package react-native, which does not run without an app: the way to a TurboModule.

export interface TurboModule {}

interface Global {
  /** React Native's own, installed by TurboModuleBinding. */
  __turboModuleProxy?: (name: string) => unknown;
}

/** The host has no life of an app. */
export const AppState = undefined;

export const TurboModuleRegistry = {
  get<T extends TurboModule>(name: string): T | null {
    return ((globalThis as Global).__turboModuleProxy?.(name) as T | null | undefined) ?? null;
  },
  getEnforcing<T extends TurboModule>(name: string): T {
    const module = TurboModuleRegistry.get<T>(name);
    if (!module) throw new Error(`there is no ${name}`);
    return module;
  },
};
