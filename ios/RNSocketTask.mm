#import "RNSocketTask.h"

#import <ReactCommon/RCTTurboModule.h>

#import "NativeSocketTask.h"
#import "STPlatform.h"

#if __has_include(<cxxreact/ReactNativeVersion.h>)
#import <cxxreact/ReactNativeVersion.h>
#endif

// React Native 0.79 and later ask the class that package.json names. Earlier ones do not read that entry, and their header
// of versions has no macros yet: there the module goes into the map of C++ modules, which they look into first. Where the
// version is not to be seen, the map is right as well.
#if defined(REACT_NATIVE_VERSION_MINOR) && (REACT_NATIVE_VERSION_MAJOR > 0 || REACT_NATIVE_VERSION_MINOR >= 79)
#define RN_ASKS_PROVIDERS 1
#else
#define RN_ASKS_PROVIDERS 0
#import <ReactCommon/CxxTurboModuleUtils.h>
#endif

using facebook::react::CallInvoker;
using facebook::react::NativeSocketTask;
using facebook::react::ObjCTurboModule;
using facebook::react::TurboModule;

static std::shared_ptr<TurboModule> makeModule(std::shared_ptr<CallInvoker> jsInvoker) {
  [STPlatform install];
  return std::make_shared<NativeSocketTask>(std::move(jsInvoker));
}

#if RN_ASKS_PROVIDERS
// Not RCTTurboModule, which stands for a module in Objective-C.
@interface RNSocketTask () <RCTModuleProvider>
@end
#endif

@implementation RNSocketTask

#if !RN_ASKS_PROVIDERS
+ (void)load {
  facebook::react::registerCxxModuleToGlobalModuleMap(NativeSocketTask::kModuleName, makeModule);
}
#endif

- (std::shared_ptr<TurboModule>)getTurboModule:(const ObjCTurboModule::InitParams &)params {
  return makeModule(params.jsInvoker);
}

@end
