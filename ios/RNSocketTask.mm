#import "RNSocketTask.h"

#import <React/RCTBridgeModule.h>
#import <ReactCommon/RCTTurboModule.h>

#import "NativeSocketTask.h"
#import "STPlatform.h"

// React Native's version: since 0.89 in the first of these. The other has macros since 0.79; where it is not to be seen,
// what is for earlier ones is right as well.
#if __has_include(<react/utils/ReactNativeVersion.h>)
#import <react/utils/ReactNativeVersion.h>
#elif __has_include(<cxxreact/ReactNativeVersion.h>)
#import <cxxreact/ReactNativeVersion.h>
#endif
#ifdef REACT_NATIVE_VERSION_MINOR
#define RN_IS_SINCE(minor) (REACT_NATIVE_VERSION_MAJOR > 0 || REACT_NATIVE_VERSION_MINOR >= (minor))
#else
#define RN_IS_SINCE(minor) 0
#endif

// React Native 0.79 and later ask the class that package.json names for a module in C++. Earlier ones do not read that
// entry: there the class is registered as one in Objective-C, which is asked as well.
#define RN_ASKS_PROVIDERS RN_IS_SINCE(79)

// The old architecture, which 0.81 was the last to have.
#if defined(RCT_NEW_ARCH_ENABLED) || RN_IS_SINCE(82)
#define RN_HAS_BRIDGE 0
#else
#define RN_HAS_BRIDGE 1
#import <React/RCTBridge+Private.h>
#import <React/RCTInvalidating.h>

#import <exception>
#import <memory>
#import <mutex>

#import "../cpp/doors/RunByInvoker.h"
#import "../cpp/doors/bridge/Installation.h"
#endif

using facebook::react::CallInvoker;
using facebook::react::NativeSocketTask;
using facebook::react::ObjCTurboModule;
using facebook::react::TurboModule;

#if RN_ASKS_PROVIDERS
// Not RCTTurboModule, which stands for a module in Objective-C.
@interface RNSocketTask () <RCTModuleProvider>
@end
#else
@interface RNSocketTask () <RCTTurboModule, RCTBridgeModule>
@end
#endif

#if RN_HAS_BRIDGE
@interface RNSocketTask () <RCTBridgeModule, RCTInvalidating>
@end
#endif

@implementation RNSocketTask
#if RN_HAS_BRIDGE
{
  std::mutex _mutex;
  // With the lock held, like the next.
  std::unique_ptr<socket_task::bridge::Installation> _installation;
  BOOL _invalidated;
}
@synthesize bridge = _bridge;
#endif

#if !RN_ASKS_PROVIDERS || RN_HAS_BRIDGE
RCT_EXPORT_MODULE(NativeSocketTask)
#endif

- (std::shared_ptr<TurboModule>)getTurboModule:(const ObjCTurboModule::InitParams &)params {
  [STPlatform install];
  return std::make_shared<NativeSocketTask>(params.jsInvoker);
}

#if RN_HAS_BRIDGE
// Leaves the module on the runtime's global object, where js/native/jsi.ts takes it, and returns nil; otherwise a text
// that says why it could not. A second call does nothing. On the JavaScript thread, which waits for it.
RCT_EXPORT_BLOCKING_SYNCHRONOUS_METHOD(install) {
  const std::lock_guard lock(_mutex);
  RCTCxxBridge *bridge = (RCTCxxBridge *)self.bridge;
  if (_invalidated || !bridge) return @"this React instance is at its end";
  if (_installation) return nil;
  if (![bridge respondsToSelector:@selector(runtime)] || ![bridge respondsToSelector:@selector(jsCallInvoker)]) {
    return [NSString stringWithFormat:@"%@ is no bridge that gives its JavaScript runtime", [bridge class]];
  }
  auto *runtime = static_cast<facebook::jsi::Runtime *>(bridge.runtime);
  std::shared_ptr<CallInvoker> invoker = bridge.jsCallInvoker;
  if (!runtime || !invoker) {
    return @"the app's JavaScript does not run in the app, but in a remote debugger: use another debugger";
  }
  [STPlatform install];
  try {
    _installation =
        std::make_unique<socket_task::bridge::Installation>(*runtime, socket_task::runBy(std::move(invoker)));
    return nil;
  } catch (const std::exception &error) {
    return [NSString stringWithFormat:@"%s", error.what()];
  } catch (...) {
    return @"native code has thrown something that says nothing of itself";
  }
}

// On a thread of React Native, while the JavaScript thread waits for it.
- (void)invalidate {
  const std::lock_guard lock(_mutex);
  _invalidated = YES;
  _installation.reset();
}
#endif

@end
