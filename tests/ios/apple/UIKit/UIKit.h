// What the sources in ios/ and React Native's headers use of Apple's UIKit, declared.
#pragma once

#import <dispatch/dispatch.h>

FOUNDATION_EXPORT NSString *const UIApplicationWillEnterForegroundNotification;

@interface UIView : NSObject
@end
