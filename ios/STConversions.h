// From the C interface's types to Foundation's, and back.

#import <Foundation/Foundation.h>

#import "STSocketTaskError.h"
#import "STSocketTaskEvents.h"
#import "socket_task.h"

NS_ASSUME_NONNULL_BEGIN

/// The string; nil when it is not UTF-8. A byte order mark at its beginning is kept.
NSString *_Nullable STStringWithUTF8(const void *bytes, size_t length);

/// The string; empty when it is not UTF-8.
NSString *STText(socket_task_text text);

/// The UTF-8 bytes; nil for a string that has half a surrogate pair, and for nil.
NSData *_Nullable STUTF8(NSString *_Nullable string);

/// The URL with `http:` for `ws:` and `https:` for `wss:`, which is how the system's own networking knows it.
NSURLComponents *_Nullable STHTTPComponents(const char *url, size_t length);

NSArray<STSocketTaskHeader *> *STHeaders(const socket_task_header *_Nullable headers, size_t count);

NSError *STErrorFromEvent(const socket_task_error *error);

/// Milliseconds, rounded up; what is no number, or less than 0, is 0.
uint32_t STMilliseconds(NSTimeInterval seconds);

/// Puts an error of the refusal's domain into `error` if that is not NULL. Returns NO.
BOOL STRefuse(socket_task_status status, NSString *description, NSError **_Nullable error);

/// YES for `SOCKET_TASK_OK`; otherwise refuses with the library's own text. To be called on the thread of the call that
/// returned the status, and before another one.
BOOL STCheck(socket_task_status status, NSError **_Nullable error);

@interface STSocketTaskOpenEvent (C)
- (instancetype)initWithEvent:(const socket_task_open *)open;
@end

@interface STSocketTaskCloseEvent (C)
- (instancetype)initWithEvent:(const socket_task_close_event *)close;
@end

NS_ASSUME_NONNULL_END
