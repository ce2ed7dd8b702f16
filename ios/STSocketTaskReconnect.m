#import "STSocketTaskReconnect.h"

#import "STApplyOptions.h"
#import "STConversions.h"
#import "STDialect.h"
#import "STQuestions.h"

@implementation STSocketTaskLoss

@synthesize code = _code, reason = _reason, wasClean = _wasClean, error = _error;

- (instancetype)initWithLoss:(const socket_task_loss *)loss {
  if ((self = [super init])) {
    _code = loss->code;
    _reason = ST_RETAIN(STText(loss->reason));
    _wasClean = loss->was_clean;
    if (loss->error) _error = ST_RETAIN(STErrorFromEvent(loss->error));
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_reason);
  ST_RELEASE(_error);
  ST_DEALLOC_SUPER();
}

- (NSString *)description {
  // Without the reason, which is the peer's.
  return [NSString stringWithFormat:@"<%@ %ld%@>", [self class], (long)_code, _wasClean ? @"" : @", not clean"];
}

@end

@implementation STSocketTaskReconnectingEvent

@synthesize attempt = _attempt, delay = _delay, loss = _loss;
@synthesize keptMessages = _keptMessages, failedMessages = _failedMessages;

- (instancetype)initWithEvent:(const socket_task_reconnecting *)reconnecting {
  if ((self = [super init])) {
    _attempt = (NSInteger)reconnecting->attempt;
    _delay = (NSTimeInterval)reconnecting->delay_ms / 1e3;
    _loss = [[STSocketTaskLoss alloc] initWithLoss:reconnecting->loss];
    _keptMessages = reconnecting->kept;
    _failedMessages = reconnecting->failed;
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_loss);
  ST_DEALLOC_SUPER();
}

@end

@implementation STSocketTaskRefresh

@synthesize attempt = _attempt, loss = _loss;

- (instancetype)initWithHandle:(socket_task_handle)handle
                       attempt:(uint32_t)attempt
                          loss:(const socket_task_loss *)loss
                        ticket:(uint64_t)ticket {
  if ((self = [super init])) {
    _handle = handle;
    _ticket = ticket;
    _attempt = (NSInteger)attempt;
    _loss = [[STSocketTaskLoss alloc] initWithLoss:loss];
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_loss);
  ST_DEALLOC_SUPER();
}

- (BOOL)connectWithURL:(NSURL *)URL options:(STSocketTaskOptions *)options error:(NSError **)error {
  socket_task_handle fresh = 0;
  NSData *text = STUTF8(URL.absoluteString);
  const BOOL isAnswered = STCheck(socket_task_create(text.bytes, text.length, &fresh), error) &&
                          (!options || STApplyHandshake(options, fresh, error)) &&
                          STCheck(socket_task_answer_refresh(_handle, _ticket, fresh), error);
  socket_task_release(fresh);
  return isAnswered;
}

- (BOOL)connectAsBefore {
  return socket_task_answer_refresh(_handle, _ticket, 0) == SOCKET_TASK_OK;
}

- (BOOL)fail {
  return socket_task_fail_refresh(_handle, _ticket) == SOCKET_TASK_OK;
}

@end

@implementation STSocketTaskReconnectOptions

@synthesize minDelay = _minDelay, maxDelay = _maxDelay, factor = _factor, maxAttempts = _maxAttempts;
@synthesize stableAfter = _stableAfter, stopCodes = _stopCodes, queue = _queue, whileHidden = _whileHidden;

- (instancetype)init {
  if ((self = [super init])) {
    _minDelay = 1;
    _maxDelay = 30;
    _factor = 2;
    _stableAfter = 5;
    _stopCodes = [[NSArray alloc] initWithObjects:[NSNumber numberWithInt:1000], nil];
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_stopCodes);
  ST_RELEASE_BLOCK(_refresh);
  ST_RELEASE_BLOCK(_shouldReconnect);
  ST_DEALLOC_SUPER();
}

- (STRefresher)refresh {
  return _refresh;
}

- (void)setRefresh:(STRefresher)refresh {
  if (_refresh == refresh) return;
  ST_RELEASE_BLOCK(_refresh);
  _refresh = ST_COPY_BLOCK(refresh);
}

- (STReconnectDecider)shouldReconnect {
  return _shouldReconnect;
}

- (void)setShouldReconnect:(STReconnectDecider)shouldReconnect {
  if (_shouldReconnect == shouldReconnect) return;
  ST_RELEASE_BLOCK(_shouldReconnect);
  _shouldReconnect = ST_COPY_BLOCK(shouldReconnect);
}

@end
