#import <Foundation/Foundation.h>

#import "socket_task.h"

NS_ASSUME_NONNULL_BEGIN

/// A received message that is kept for as long as this object lives, without copying it when it is large. Any thread.
@interface STMessage : NSObject {
@private
  const socket_task_message *_message;
}

/// To be called inside the library's callback.
- (instancetype)initWithMessage:(const socket_task_message *)message NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

@property(nonatomic, readonly) BOOL isText;
@property(nonatomic, readonly) NSUInteger length;
/// The content as a string, made anew in each call.
- (NSString *)text;
/// The content: the library's own memory when it is large, which the NSData then keeps; a copy when it is small.
- (NSData *)data;

@end

NS_ASSUME_NONNULL_END
