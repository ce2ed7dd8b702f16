// What the sources in ios/ and React Native's headers use of Apple's CoreFoundation, declared. AppleServices.m has it for the tests that run.
#pragma once

#import <Foundation/Foundation.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef const void *CFTypeRef;
typedef const struct __CFString *CFStringRef;
typedef const struct __CFArray *CFArrayRef;
typedef const struct __CFDictionary *CFDictionaryRef;
typedef struct __CFDictionary *CFMutableDictionaryRef;
typedef const struct __CFURL *CFURLRef;
typedef const struct __CFError *CFErrorRef;
typedef struct __CFRunLoop *CFRunLoopRef;
typedef struct __CFRunLoopSource *CFRunLoopSourceRef;
typedef CFStringRef CFRunLoopMode;
typedef double CFTimeInterval;
typedef long CFIndex;
typedef unsigned char Boolean;

typedef struct {
  CFIndex version;
  void *info;
  void *(*retain)(void *info);
  void (*release)(void *info);
  CFStringRef (*copyDescription)(void *info);
} CFStreamClientContext;

CFTypeRef CFRetain(CFTypeRef object);
void CFRelease(CFTypeRef object);
CFRunLoopRef CFRunLoopGetCurrent(void);
void CFRunLoopAddSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode mode);
int32_t CFRunLoopRunInMode(CFRunLoopMode mode, CFTimeInterval seconds, Boolean returnAfterSourceHandled);
void CFRunLoopStop(CFRunLoopRef loop);
void CFRunLoopSourceInvalidate(CFRunLoopSourceRef source);

#if __has_feature(objc_arc)
#define CFSTR(text) ((__bridge CFStringRef) @text)
static inline id CFBridgingRelease(CFTypeRef object) {
  return (__bridge_transfer id)object;
}
#else
#define CFSTR(text) ((CFStringRef) @text)
static inline id CFBridgingRelease(CFTypeRef object) {
  return [(id)object autorelease];
}
#endif

#ifdef __cplusplus
}
#endif
