#import "STConnection.h"

#import "STApplyOptions.h"
#import "STConversions.h"
#import "STDialect.h"
#import "STExceptions.h"
#import "STMessage.h"

// ---- What the library calls, on a thread of its own. The context is a STConnection ----

/// What every one of them does around its own: an exception must not get into the library's frames.
#define ST_CALLBACK(...)     \
  (void)handle;              \
  ST_ENTER_FOREIGN_THREAD(); \
  @autoreleasepool {         \
    ST_CONTAIN(__VA_ARGS__)  \
  }

static void STAdd(void *context, STEventKind kind, id content, int64_t number, NSUInteger bytes);

static void STOnOpen(socket_task_handle handle, const socket_task_open *open, void *context) {
  ST_CALLBACK(STAdd(context, STEventOpen, ST_AUTORELEASE([[STSocketTaskOpenEvent alloc] initWithEvent:open]), 0, 0))
}

static void STOnMessage(socket_task_handle handle, const socket_task_message *message, void *context) {
  // Turned into a string or into data where it is delivered: this thread has other connections to serve.
  ST_CALLBACK(STMessage *kept = ST_AUTORELEASE([[STMessage alloc] initWithMessage:message]);
              STAdd(context, STEventMessage, kept, 0, kept.length))
}

static void STOnPong(socket_task_handle handle, const uint8_t *data, size_t length, int64_t rtt, void *context) {
  ST_CALLBACK(STAdd(context, STEventPong, [NSData dataWithBytes:data length:length], rtt, length))
}

static void STOnDrain(socket_task_handle handle, uint64_t sent, void *context) {
  ST_CALLBACK(STAdd(context, STEventDrain, nil, (int64_t)sent, 0))
}

static void STOnSuspect(socket_task_handle handle, uint32_t silent, void *context) {
  ST_CALLBACK(STAdd(context, STEventSuspect, nil, silent, 0))
}

static void STOnAlive(socket_task_handle handle, void *context) {
  ST_CALLBACK(STAdd(context, STEventAlive, nil, 0, 0))
}

static void STOnReconnecting(socket_task_handle handle, const socket_task_reconnecting *reconnecting, void *context) {
  ST_CALLBACK(STAdd(context, STEventReconnecting,
                    ST_AUTORELEASE([[STSocketTaskReconnectingEvent alloc] initWithEvent:reconnecting]), 0, 0))
}

static void STOnRefresh(socket_task_handle handle, uint32_t attempt, const socket_task_loss *loss, uint64_t ticket,
                        void *context) {
  ST_CALLBACK(STSocketTaskRefresh *refresh = [[STSocketTaskRefresh alloc] initWithHandle:handle
                                                                                 attempt:attempt
                                                                                    loss:loss
                                                                                  ticket:ticket];
              STAdd(context, STEventRefresh, ST_AUTORELEASE(refresh), 0, 0))
}

static void STOnDecide(socket_task_handle handle, const socket_task_loss *loss, bool would, uint64_t ticket,
                       void *context) {
  ST_CALLBACK(STDecision *decision = [[STDecision alloc] initWithHandle:handle loss:loss would:would ticket:ticket];
              STAdd(context, STEventDecide, ST_AUTORELEASE(decision), 0, 0))
}

static void STOnError(socket_task_handle handle, const socket_task_error *error, void *context) {
  ST_CALLBACK(STAdd(context, STEventError, STErrorFromEvent(error), 0, 0))
}

static void STOnClose(socket_task_handle handle, const socket_task_close_event *close, void *context) {
  ST_CALLBACK(STAdd(context, STEventClose, ST_AUTORELEASE([[STSocketTaskCloseEvent alloc] initWithEvent:close]), 0, 0))
}

static void STOnRelease(socket_task_handle handle, void *context) {
  ST_CALLBACK(ST_RELEASE_CONTEXT(context))
}

static void STDestroyHook(void *context) {
  STOnRelease(0, context);
}

@implementation STConnection

@synthesize handle = _handle;

- (instancetype)initWithURL:(NSURL *)URL
                    options:(STSocketTaskOptions *)options
                      queue:(NSOperationQueue *)queue
                      error:(NSError **)error {
  if (!(self = [super init])) return nil;
  NSData *text = STUTF8(URL.absoluteString);
  if (!STCheck(socket_task_create(text.bytes, text.length, &_handle), error) ||
      !STApplyOptions(options, _handle, error)) {
    socket_task_release(_handle);
    ST_RELEASE(self);
    return nil;
  }
  _lock = [[NSLock alloc] init];
  _delivery = [[STDelivery alloc] initWithQueue:queue target:self];
  // The handle is new: setting its callbacks cannot fail.
  void *context = ST_CONTEXT(self);
  socket_task_on_open(_handle, STOnOpen, context);
  socket_task_on_message(_handle, STOnMessage, context);
  socket_task_on_pong(_handle, STOnPong, context);
  socket_task_on_drain(_handle, STOnDrain, context);
  socket_task_on_suspect(_handle, STOnSuspect, context);
  socket_task_on_alive(_handle, STOnAlive, context);
  socket_task_on_reconnecting(_handle, STOnReconnecting, context);
  socket_task_on_error(_handle, STOnError, context);
  socket_task_on_close(_handle, STOnClose, context);
  socket_task_on_release(_handle, STOnRelease, context);
  _questions = [[STQuestions alloc] initWithOptions:options.reconnect];
  if (_questions.hasRefresh) socket_task_set_refresh_hook(_handle, STOnRefresh, STDestroyHook, ST_CONTEXT(self));
  if (_questions.hasDecider) socket_task_set_should_reconnect_hook(_handle, STOnDecide, STDestroyHook, ST_CONTEXT(self));
  return self;
}

- (void)dealloc {
  ST_RELEASE(_delivery);
  ST_RELEASE(_questions);
  ST_RELEASE(_lock);
  ST_RELEASE(_task);
  ST_DEALLOC_SUPER();
}

- (BOOL)connectTask:(STSocketTask *)task error:(NSError **)error {
  // Under the lock, so that the task is there for the first event, and stays if it was another thread that connected.
  [_lock lock];
  const BOOL isConnected = STCheck(socket_task_connect(_handle), error);
  if (isConnected) _task = ST_RETAIN(task);
  [_lock unlock];
  return isConnected;
}

- (void)dropTask {
  [_lock lock];
  STSocketTask *task = _task;
  _task = nil;
  [_lock unlock];
  ST_RELEASE(task);
  (void)task;
  [_questions forget];
}

- (void)addEvent:(STEvent *)event {
  [_delivery addEvent:event];
}

- (void)deliverEvent:(STEvent *)event {
  if (event.kind == STEventRefresh) [_questions askRefresh:event.content];
  if (event.kind == STEventDecide) [_questions askDecision:event.content];
  [_lock lock];
  STSocketTask *task = ST_AUTORELEASE(ST_RETAIN(_task));
  [_lock unlock];
  [task handleEvent:event];
  if (event.kind == STEventClose) {
    [_delivery end];
    [self dropTask];
  }
}

- (void)deliveryIsFull:(BOOL)full {
  [_lock lock];
  _pausedByDelivery = full;
  [self applyPause];
  [_lock unlock];
}

- (void)setPausedByApp:(BOOL)paused {
  socket_task_ready_state state = SOCKET_TASK_NEW;
  socket_task_get_ready_state(_handle, &state);
  if (state == SOCKET_TASK_NEW) return;
  [_lock lock];
  _pausedByApp = paused;
  [self applyPause];
  [_lock unlock];
}

/// Under the lock, so that the library is told in the right order.
- (void)applyPause {
  if (_pausedByApp || _pausedByDelivery) {
    socket_task_pause(_handle);
  } else {
    socket_task_resume(_handle);
  }
}

- (void)invalidate {
  socket_task_release(_handle);
  [_delivery end];
  [self dropTask];
}

@end

static void STAdd(void *context, STEventKind kind, id content, int64_t number, NSUInteger bytes) {
  STEvent *event = [[STEvent alloc] initWithKind:kind content:content number:number bytes:bytes];
  [ST_FROM_CONTEXT(STConnection, context) addEvent:event];
  ST_RELEASE(event);
}
