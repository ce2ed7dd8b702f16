#import "STSocketTask.h"

#import "STConnection.h"
#import "STConversions.h"
#import "STDialect.h"
#import "STExceptions.h"
#import "STMessage.h"
#import "STPlatform.h"

/// Getter and setter of a block that any thread may replace.
#define ST_BLOCK_PROPERTY(type, getter, setter, variable)      \
  -(type)getter {                                              \
    [_lock lock];                                              \
    type block = variable;                                     \
    [_lock unlock];                                            \
    return block;                                              \
  }                                                            \
  -(void)setter : (type)newBlock {                             \
    type copy = ST_COPY_BLOCK(newBlock);                       \
    [_lock lock];                                              \
    type old = variable;                                       \
    variable = copy;                                           \
    [_lock unlock];                                            \
    ST_RELEASE_BLOCK(old);                                     \
  }

/// Calls a block, which lives as long as that takes even if it is replaced meanwhile.
#define ST_CALL_BLOCK(type, variable, ...) \
  do {                                     \
    [_lock lock];                          \
    type block = ST_COPY_BLOCK(variable);  \
    [_lock unlock];                        \
    if (block) {                           \
      ST_CONTAIN(block(__VA_ARGS__))       \
    }                                      \
    ST_RELEASE_BLOCK(block);               \
  } while (0)

typedef void (^STOpenBlock)(STSocketTaskOpenEvent *);
typedef void (^STTextBlock)(NSString *);
typedef void (^STDataBlock)(NSData *);
typedef void (^STPongBlock)(NSData *, NSTimeInterval);
typedef void (^STDrainBlock)(uint64_t);
typedef void (^STSuspectBlock)(NSTimeInterval);
typedef void (^STAliveBlock)(void);
typedef void (^STReconnectingBlock)(STSocketTaskReconnectingEvent *);
typedef void (^STErrorBlock)(NSError *);
typedef void (^STCloseBlock)(STSocketTaskCloseEvent *);

/// Holds a delegate without retaining it, so that the public header needs no `__weak`.
@interface STDelegateReference : NSObject {
@private
  ST_WEAK id<STSocketTaskDelegate> _delegate;
}
@property(atomic, readonly) id<STSocketTaskDelegate> delegate;
- (instancetype)initWithDelegate:(id<STSocketTaskDelegate>)delegate;
@end

@implementation STDelegateReference

- (instancetype)initWithDelegate:(id<STSocketTaskDelegate>)delegate {
  if ((self = [super init])) _delegate = delegate;
  return self;
}

- (id<STSocketTaskDelegate>)delegate {
  return _delegate;
}

@end

@implementation STSocketTask

+ (void)initialize {
  // The first use, and not the app's start: an app pays nothing before it needs a connection.
  if (self == [STSocketTask class]) [STPlatform install];
}

- (instancetype)initWithURL:(NSURL *)URL
                    options:(STSocketTaskOptions *)options
                      queue:(NSOperationQueue *)queue
                      error:(NSError **)error {
  if (!(self = [super init])) return nil;
  _lock = [[NSLock alloc] init];
  _connection =
      [[STConnection alloc] initWithURL:URL
                                options:options ? options : ST_AUTORELEASE([[STSocketTaskOptions alloc] init])
                                  queue:queue ? queue : [NSOperationQueue mainQueue]
                                  error:error];
  if (_connection) return self;
  ST_RELEASE(self);
  return nil;
}

- (void)dealloc {
  [self invalidate];
  ST_RELEASE(_connection);
  ST_RELEASE(_delegateStorage);
  ST_RELEASE(_lock);
  ST_DEALLOC_SUPER();
}

// ---- Callbacks ----

- (id<STSocketTaskDelegate>)delegate {
  [_lock lock];
  STDelegateReference *reference = ST_AUTORELEASE(ST_RETAIN(_delegateStorage));
  [_lock unlock];
  return reference.delegate;
}

- (void)setDelegate:(id<STSocketTaskDelegate>)delegate {
  id reference = delegate ? [[STDelegateReference alloc] initWithDelegate:delegate] : nil;
  [_lock lock];
  id old = _delegateStorage;
  _delegateStorage = reference;
  [_lock unlock];
  ST_RELEASE(old);
  (void)old;
}

ST_BLOCK_PROPERTY(STOpenBlock, onOpen, setOnOpen, _onOpen)
ST_BLOCK_PROPERTY(STTextBlock, onText, setOnText, _onText)
ST_BLOCK_PROPERTY(STDataBlock, onData, setOnData, _onData)
ST_BLOCK_PROPERTY(STPongBlock, onPong, setOnPong, _onPong)
ST_BLOCK_PROPERTY(STDrainBlock, onDrain, setOnDrain, _onDrain)
ST_BLOCK_PROPERTY(STSuspectBlock, onSuspect, setOnSuspect, _onSuspect)
ST_BLOCK_PROPERTY(STAliveBlock, onAlive, setOnAlive, _onAlive)
ST_BLOCK_PROPERTY(STReconnectingBlock, onReconnecting, setOnReconnecting, _onReconnecting)
ST_BLOCK_PROPERTY(STErrorBlock, onError, setOnError, _onError)
ST_BLOCK_PROPERTY(STCloseBlock, onClose, setOnClose, _onClose)

- (void)forgetBlocks {
  self.onOpen = nil;
  self.onText = nil;
  self.onData = nil;
  self.onPong = nil;
  self.onDrain = nil;
  self.onSuspect = nil;
  self.onAlive = nil;
  self.onReconnecting = nil;
  self.onError = nil;
  self.onClose = nil;
}

- (void)handleEvent:(STEvent *)event {
  // Held, since the delegate may let go of itself in its method.
  id<STSocketTaskDelegate> delegate = ST_AUTORELEASE(ST_RETAIN(self.delegate));
  switch (event.kind) {
    case STEventOpen:
      if ([delegate respondsToSelector:@selector(socketTask:didOpen:)]) {
        ST_CONTAIN([delegate socketTask:self didOpen:event.content])
      }
      ST_CALL_BLOCK(STOpenBlock, _onOpen, event.content);
      break;
    case STEventMessage:
      [self handleMessage:event.content delegate:delegate];
      break;
    case STEventPong: {
      const NSTimeInterval roundTripTime = event.number < 0 ? -1 : (NSTimeInterval)event.number / 1e6;
      if ([delegate respondsToSelector:@selector(socketTask:didReceivePong:roundTripTime:)]) {
        ST_CONTAIN([delegate socketTask:self didReceivePong:event.content roundTripTime:roundTripTime])
      }
      ST_CALL_BLOCK(STPongBlock, _onPong, event.content, roundTripTime);
      break;
    }
    case STEventDrain:
      if ([delegate respondsToSelector:@selector(socketTask:didDrain:)]) {
        ST_CONTAIN([delegate socketTask:self didDrain:(uint64_t)event.number])
      }
      ST_CALL_BLOCK(STDrainBlock, _onDrain, (uint64_t)event.number);
      break;
    case STEventSuspect: {
      const NSTimeInterval silence = (NSTimeInterval)event.number / 1e3;
      if ([delegate respondsToSelector:@selector(socketTask:isSuspectAfter:)]) {
        ST_CONTAIN([delegate socketTask:self isSuspectAfter:silence])
      }
      ST_CALL_BLOCK(STSuspectBlock, _onSuspect, silence);
      break;
    }
    case STEventAlive:
      if ([delegate respondsToSelector:@selector(socketTaskIsAlive:)]) {
        ST_CONTAIN([delegate socketTaskIsAlive:self])
      }
      ST_CALL_BLOCK(STAliveBlock, _onAlive, );
      break;
    case STEventReconnecting:
      if ([delegate respondsToSelector:@selector(socketTask:willReconnect:)]) {
        ST_CONTAIN([delegate socketTask:self willReconnect:event.content])
      }
      ST_CALL_BLOCK(STReconnectingBlock, _onReconnecting, event.content);
      break;
    case STEventRefresh:
    case STEventDecide:
      // The connection's own business.
      break;
    case STEventError:
      if ([delegate respondsToSelector:@selector(socketTask:didFailWithError:)]) {
        ST_CONTAIN([delegate socketTask:self didFailWithError:event.content])
      }
      ST_CALL_BLOCK(STErrorBlock, _onError, event.content);
      break;
    case STEventClose:
      if ([delegate respondsToSelector:@selector(socketTask:didClose:)]) {
        ST_CONTAIN([delegate socketTask:self didClose:event.content])
      }
      ST_CALL_BLOCK(STCloseBlock, _onClose, event.content);
      [self forgetBlocks];
      break;
  }
}

- (void)handleMessage:(STMessage *)message delegate:(id<STSocketTaskDelegate>)delegate {
  if (message.isText) {
    NSString *text = message.text;
    if ([delegate respondsToSelector:@selector(socketTask:didReceiveText:)]) {
      ST_CONTAIN([delegate socketTask:self didReceiveText:text])
    }
    ST_CALL_BLOCK(STTextBlock, _onText, text);
  } else {
    NSData *data = message.data;
    if ([delegate respondsToSelector:@selector(socketTask:didReceiveData:)]) {
      ST_CONTAIN([delegate socketTask:self didReceiveData:data])
    }
    ST_CALL_BLOCK(STDataBlock, _onData, data);
  }
}

// ---- The connection ----

- (BOOL)connect:(NSError **)error {
  return [_connection connectTask:self error:error];
}

- (BOOL)prewarmWithLifetime:(NSTimeInterval)lifetime error:(NSError **)error {
  return STCheck(socket_task_prewarm(_connection.handle, STMilliseconds(lifetime)), error);
}

- (BOOL)sendText:(NSString *)text error:(NSError **)error {
  // Not UTF8String, which ends at U+0000.
  NSData *data = STUTF8(text);
  if (!data) return STRefuse(SOCKET_TASK_INVALID_UTF8, @"the text is not valid Unicode", error);
  return STCheck(socket_task_send_text(_connection.handle, data.bytes, data.length), error);
}

- (BOOL)sendData:(NSData *)data error:(NSError **)error {
  return STCheck(socket_task_send_binary(_connection.handle, data.bytes, data.length), error);
}

- (BOOL)pingWithData:(NSData *)data error:(NSError **)error {
  return STCheck(socket_task_ping(_connection.handle, data.bytes, data.length), error);
}

- (BOOL)close:(NSError **)error {
  return [self closeWithCode:1000 reason:nil error:error];
}

- (BOOL)closeWithCode:(NSInteger)code reason:(NSString *)reason error:(NSError **)error {
  if (code < 0 || code > UINT16_MAX) {
    NSString *why = [NSString stringWithFormat:@"the close code %ld is no 16-bit number", (long)code];
    return STRefuse(SOCKET_TASK_INVALID_ARGUMENT, why, error);
  }
  NSData *text = nil;
  if (reason) {
    text = STUTF8(reason);
    if (!text) return STRefuse(SOCKET_TASK_INVALID_UTF8, @"the reason is not valid Unicode", error);
  }
  if (!STCheck(socket_task_close(_connection.handle, (uint16_t)code, text.bytes, text.length), error)) return NO;
  [_connection setPausedByApp:NO];
  return YES;
}

- (void)pause {
  [_connection setPausedByApp:YES];
}

- (void)resume {
  [_connection setPausedByApp:NO];
}

- (void)probeWithDeadline:(NSTimeInterval)deadline {
  socket_task_probe(_connection.handle, STMilliseconds(deadline));
}

- (void)invalidate {
  [_connection invalidate];
  [self forgetBlocks];
}

- (STSocketTaskReadyState)readyState {
  socket_task_ready_state state = SOCKET_TASK_CLOSED;
  socket_task_get_ready_state(_connection.handle, &state);
  return (STSocketTaskReadyState)state;
}

- (NSUInteger)bufferedAmount {
  size_t amount = 0;
  socket_task_get_buffered_amount(_connection.handle, &amount);
  return amount;
}

- (NSString *)protocol {
  size_t length = 0;
  socket_task_get_protocol(_connection.handle, NULL, 0, &length);
  if (length == 0) return @"";
  NSMutableData *text = [NSMutableData dataWithLength:length + 1];
  // It does not change once it is there; gone meanwhile is only the whole connection.
  if (socket_task_get_protocol(_connection.handle, text.mutableBytes, text.length, &length) != SOCKET_TASK_OK) return @"";
  NSString *protocol = STStringWithUTF8(text.bytes, length);
  return protocol ? protocol : @"";
}

// ---- The library ----

+ (NSString *)version {
  return [NSString stringWithUTF8String:socket_task_version()];
}

+ (void)probeAllWithDeadline:(NSTimeInterval)deadline {
  socket_task_probe_all(STMilliseconds(deadline));
}

typedef void (^STLogBlock)(STSocketTaskLogLevel, NSString *);

/// Changed only while there is no logger.
static STLogBlock logHandler;

static void STLog(socket_task_log_level level, const char *text, size_t length, void *context) {
  (void)context;
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    NSString *line = STStringWithUTF8(text, length);
    if (line) {
      ST_CONTAIN(logHandler((STSocketTaskLogLevel)level, line))
    }
  }
}

+ (void)setLogLevel:(STSocketTaskLogLevel)level handler:(STLogBlock)handler {
  @synchronized(self) {
    socket_task_set_logger(SOCKET_TASK_LOG_OFF, NULL, NULL);
    STLogBlock old = logHandler;
    logHandler = ST_COPY_BLOCK(handler);
    ST_RELEASE_BLOCK(old);
    if (handler) socket_task_set_logger((socket_task_log_level)level, STLog, NULL);
  }
}

+ (void)setExceptionHandler:(void (^)(NSException *))handler {
  STSetExceptionHandler(handler);
}

@end
