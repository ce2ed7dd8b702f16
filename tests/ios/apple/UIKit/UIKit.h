// What the sources in ios/ and React Native's headers use of Apple's UIKit, declared.
#pragma once

#import <dispatch/dispatch.h>

FOUNDATION_EXPORT NSString *const UIApplicationWillEnterForegroundNotification;
FOUNDATION_EXPORT NSString *const UIApplicationDidEnterBackgroundNotification;

@interface UIView : NSObject
@end

typedef NSUInteger UIBackgroundTaskIdentifier;
FOUNDATION_EXPORT const UIBackgroundTaskIdentifier UIBackgroundTaskInvalid;

@interface UIApplication : NSObject
- (UIBackgroundTaskIdentifier)beginBackgroundTaskWithName:(NSString *)name expirationHandler:(void (^)(void))handler;
- (void)endBackgroundTask:(UIBackgroundTaskIdentifier)identifier;
@end
