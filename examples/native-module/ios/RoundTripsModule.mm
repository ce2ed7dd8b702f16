// NativeRoundTrips for React Native's old architecture: the same C++, called by way of the bridge. With the New Architecture
// cpp/NativeRoundTrips.* is the module, and this file is empty.
#ifndef RCT_NEW_ARCH_ENABLED

#import <exception>
#import <memory>
#import <mutex>

#import <React/RCTBridgeModule.h>
#import <React/RCTInvalidating.h>

#import "RoundTrips.h"

@interface RoundTripsModule : NSObject <RCTBridgeModule, RCTInvalidating>
@end

@implementation RoundTripsModule {
  std::mutex _mutex;
  // With the lock held. None after the end of this instance of React Native.
  std::unique_ptr<RoundTrips> _roundTrips;
}

RCT_EXPORT_MODULE(NativeRoundTrips)

// It has nothing for the main thread.
+ (BOOL)requiresMainQueueSetup {
  return NO;
}

- (instancetype)init {
  if ((self = [super init])) _roundTrips = std::make_unique<RoundTrips>();
  return self;
}

RCT_EXPORT_METHOD(measure : (NSString *)url count : (double)count resolve : (RCTPromiseResolveBlock)
                      resolve reject : (RCTPromiseRejectBlock)reject) {
  const std::lock_guard lock(_mutex);
  if (!_roundTrips) return; // Nobody waits any more.
  const char *text = url.UTF8String;
  // Zero is refused with the reason. Not every number is one of C++'s integers.
  const uint32_t times = count >= 1 && count <= UINT32_MAX ? static_cast<uint32_t>(count) : 0;
  try {
    // On the library's thread, from which a promise may be settled as from any other.
    _roundTrips->measure(text ? text : "", times, [resolve, reject](RoundTrips::Outcome outcome) {
      @autoreleasepool {
        if (!outcome.failure.empty()) {
          reject(@"failed", @(outcome.failure.c_str()), nil);
          return;
        }
        NSMutableArray<NSNumber *> *milliseconds = [NSMutableArray array];
        for (const double each : outcome.milliseconds) [milliseconds addObject:@(each)];
        resolve(milliseconds);
      }
    });
  } catch (const std::exception &error) {
    reject(@"refused", @(error.what()), nil);
  }
}

// At a reload too: the connections are closed with code 1001.
- (void)invalidate {
  const std::lock_guard lock(_mutex);
  _roundTrips.reset();
}

@end

#endif
