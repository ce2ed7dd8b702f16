// What the sources in ios/ and React Native's headers use of Apple's dispatch, declared.
#pragma once

#import <Foundation/Foundation.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef NSObject *dispatch_queue_t;
typedef void (^dispatch_block_t)(void);
typedef long dispatch_once_t;

typedef NSObject *dispatch_queue_attr_t;
typedef uint64_t dispatch_time_t;

#define DISPATCH_QUEUE_SERIAL ((dispatch_queue_attr_t)nil)
#define DISPATCH_TIME_NOW ((dispatch_time_t)0)

dispatch_queue_t dispatch_queue_create(const char *label, dispatch_queue_attr_t attributes)
    __attribute__((ns_returns_retained));
dispatch_time_t dispatch_time(dispatch_time_t when, int64_t nanoseconds);
void dispatch_after(dispatch_time_t when, dispatch_queue_t queue, dispatch_block_t block);

#ifdef __cplusplus
}
#endif
