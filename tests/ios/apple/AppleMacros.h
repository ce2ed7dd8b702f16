// Macros of Apple's system headers that React Native's headers use, and what Apple's Foundation brings along. Included before
// everything else.
#pragma once

#import <CoreFoundation/CoreFoundation.h>
#import <Foundation/Foundation.h>

#ifdef __cplusplus
#import <condition_variable>
#import <functional>
#import <future>
#import <iostream>
#import <map>
#import <memory>
#import <mutex>
#import <optional>
#import <set>
#import <string>
#import <thread>
#import <unordered_map>
#import <variant>
#import <vector>
#endif

// The C library of Linux has another of this name, which its headers have used by now.
#undef __nonnull
#define __nonnull _Nonnull
#define __nullable _Nullable
#define __deprecated_msg(text) __attribute__((deprecated(text)))
#define API_AVAILABLE(...)
#define NS_SWIFT_UNAVAILABLE(text)
