#import "STMessage.h"

#import "STConversions.h"
#import "STDialect.h"

/// Up to here a copy costs less than an object that keeps the library's memory.
static const NSUInteger kCopiedLength = 1024;

/// NSData over a message's memory.
@interface STMessageData : NSData {
@private
  STMessage *_owner;
  const void *_start;
  NSUInteger _size;
}
- (instancetype)initWithOwner:(STMessage *)owner bytes:(const void *)bytes length:(NSUInteger)length;
@end

@implementation STMessageData

- (instancetype)initWithOwner:(STMessage *)owner bytes:(const void *)bytes length:(NSUInteger)length {
  if ((self = [super init])) {
    _owner = ST_RETAIN(owner);
    _start = bytes;
    _size = length;
  }
  return self;
}

#ifdef GNUSTEP
// Its -[NSData init] asks the subclass for this.
- (instancetype)initWithBytesNoCopy:(void *)bytes length:(NSUInteger)length freeWhenDone:(BOOL)freeWhenDone {
  (void)bytes;
  (void)length;
  (void)freeWhenDone;
  return self;
}
#endif

- (void)dealloc {
  ST_RELEASE(_owner);
  ST_DEALLOC_SUPER();
}

- (NSUInteger)length {
  return _size;
}

- (const void *)bytes {
  return _start;
}

- (id)copyWithZone:(NSZone *)zone {
  (void)zone;
  return ST_RETAIN(self);
}

- (Class)classForCoder {
  return [NSData class];
}

@end

@implementation STMessage

- (instancetype)initWithMessage:(const socket_task_message *)message {
  if ((self = [super init])) _message = socket_task_message_retain(message);
  return self;
}

- (void)dealloc {
  socket_task_message_release(_message);
  ST_DEALLOC_SUPER();
}

- (BOOL)isText {
  return _message->kind == SOCKET_TASK_TEXT;
}

- (NSUInteger)length {
  return _message->length;
}

- (NSString *)text {
  NSString *text = STStringWithUTF8(_message->data, _message->length);
  return text ? text : @"";
}

- (NSData *)data {
  if (_message->length <= kCopiedLength) return [NSData dataWithBytes:_message->data length:_message->length];
  return ST_AUTORELEASE([[STMessageData alloc] initWithOwner:self bytes:_message->data length:_message->length]);
}

@end
