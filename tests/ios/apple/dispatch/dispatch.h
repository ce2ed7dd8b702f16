// What the sources in ios/ and React Native's headers use of Apple's dispatch, declared.
#pragma once

#import <Foundation/Foundation.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef NSObject *dispatch_queue_t;
typedef void (^dispatch_block_t)(void);
typedef long dispatch_once_t;

enum { QOS_CLASS_UTILITY = 0x11 };

dispatch_queue_t dispatch_get_global_queue(intptr_t identifier, uintptr_t flags);

#ifdef __cplusplus
}
#endif
