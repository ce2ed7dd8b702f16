// The object `host` of the tests, from a TurboModule.
globalThis.host ??= globalThis.nativeModuleProxy.TestHost.getHost();
