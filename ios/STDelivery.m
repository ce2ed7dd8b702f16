#import "STDelivery.h"

#import <time.h>

#import "STDialect.h"
#import "STExceptions.h"

/// As much may wait before the delivery is full. It is not full any more at half of that.
static const NSUInteger kMaxWaitingBytes = 4 << 20;
/// What an event costs beside its content, so that a flood of empty messages fills the delivery as well.
static const NSUInteger kEventBytes = 128;
static const uint64_t kTurnNanoseconds = 8 * 1000 * 1000;

static uint64_t STNow(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

@implementation STEvent

@synthesize kind = _kind, content = _content, number = _number, bytes = _bytes;

- (instancetype)initWithKind:(STEventKind)kind content:(id)content number:(int64_t)number bytes:(NSUInteger)bytes {
  if ((self = [super init])) {
    _kind = kind;
    _content = ST_RETAIN(content);
    _number = number;
    _bytes = bytes + kEventBytes;
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_content);
  ST_DEALLOC_SUPER();
}

@end

@implementation STDelivery

- (instancetype)initWithQueue:(NSOperationQueue *)queue target:(id<STDeliveryTarget>)target {
  if ((self = [super init])) {
    _queue = ST_RETAIN(queue);
    _target = ST_RETAIN(target);
    _lock = [[NSLock alloc] init];
    _waiting = [[NSMutableArray alloc] init];
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_queue);
  ST_RELEASE(_target);
  ST_RELEASE(_lock);
  ST_RELEASE(_waiting);
  ST_DEALLOC_SUPER();
}

- (void)addEvent:(STEvent *)event {
  BOOL start = NO;
  [_lock lock];
  if (!_ended) {
    [_waiting addObject:event];
    _waitingBytes += event.bytes;
    if (!_full && _waitingBytes > kMaxWaitingBytes) {
      _full = YES;
      [_target deliveryIsFull:YES];
    }
    start = !_underWay;
    _underWay = YES;
  }
  [_lock unlock];
  if (start) [self start];
}

- (void)end {
  [_lock lock];
  id<STDeliveryTarget> target = _target;
  NSMutableArray *waiting = _waiting;
  _ended = YES;
  _target = nil;
  _waiting = nil;
  [_lock unlock];
  // Not under the lock: what goes with them may call anything.
  ST_RELEASE(waiting);
  ST_RELEASE(target);
  (void)waiting;
  (void)target;
}

- (void)start {
  NSInvocationOperation *operation = [[NSInvocationOperation alloc] initWithTarget:self
                                                                          selector:@selector(takeTurn)
                                                                            object:nil];
  [_queue addOperation:operation];
  ST_RELEASE(operation);
}

/// Only one is under way at a time: see `_underWay`.
- (void)takeTurn {
  const uint64_t end = STNow() + kTurnNanoseconds;
  for (;;) {
    @autoreleasepool {
      [_lock lock];
      if (_ended || _waiting.count == 0) {
        _underWay = NO;
        [_lock unlock];
        return;
      }
      NSMutableArray *batch = _waiting;
      _waiting = [[NSMutableArray alloc] init];
      [_lock unlock];

      const NSUInteger delivered = [self deliverBatch:batch until:end];
      const BOOL interrupted = delivered < batch.count;
      if (interrupted) [self putBack:batch after:delivered];
      ST_RELEASE(batch);
      if (interrupted) return;
    }
  }
}

/// Returns how many it has delivered.
- (NSUInteger)deliverBatch:(NSArray *)batch until:(uint64_t)end {
  NSUInteger delivered = 0;
  for (STEvent *event in batch) {
    @autoreleasepool {
      if (delivered > 0 && STNow() >= end) break;
      // The target contains the app's exceptions; this is for memory that has run out.
      ST_CONTAIN([[self targetForEvent:event] deliverEvent:event])
    }
    delivered++;
  }
  return delivered;
}

/// Takes the event's bytes off what waits. Returns nil after the end.
- (id<STDeliveryTarget>)targetForEvent:(STEvent *)event {
  [_lock lock];
  id<STDeliveryTarget> target = ST_AUTORELEASE(ST_RETAIN(_target));
  _waitingBytes -= event.bytes;
  if (_full && _waitingBytes <= kMaxWaitingBytes / 2) {
    _full = NO;
    [target deliveryIsFull:NO];
  }
  [_lock unlock];
  return target;
}

- (void)putBack:(NSArray *)batch after:(NSUInteger)delivered {
  [_lock lock];
  if (_ended) {
    _underWay = NO;
  } else {
    NSArray *rest = [batch subarrayWithRange:NSMakeRange(delivered, batch.count - delivered)];
    [_waiting replaceObjectsInRange:NSMakeRange(0, 0) withObjectsFromArray:rest];
  }
  const BOOL goOn = _underWay;
  [_lock unlock];
  if (goOn) [self start];
}

@end
