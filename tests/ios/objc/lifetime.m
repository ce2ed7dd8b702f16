// Who lives how long, and what callbacks may do.

#import "harness.h"

/// A connection on which every kind of event comes; of its end an error too if `fails`.
static Recorder *eventful(BOOL fails) {
  STSocketTaskOptions *options = trustingOptions();
  options.pingInterval = fails ? 0.05 : 0;
  options.pongTimeout = 0.05;
  return [[Recorder alloc] initWithURL:wsURL(fails ? @"/deaf" : @"/") options:options];
}

/// Brings the events about, as far as the connection lives.
static void provoke(Recorder *recorder) {
  [recorder->_task sendText:@"text" error:NULL];
  [recorder->_task sendData:[NSMutableData dataWithLength:100000] error:NULL];
  [recorder->_task pingWithData:nil error:NULL];
}

static void invalidated_inside_each_callback(void) {
  for (EventKind kind = EventOpen; kind <= EventClose; kind++) {
    Recorder *recorder = eventful(kind == EventError);
    __block BOOL reached = NO;
    [recorder setHook:^(Recorder *me, EventKind came, id content) {
      (void)content;
      if (reached) {
        // `_breach` is what a test can see: this is another thread.
        if (!me->_breach) me->_breach = [@"an event came after -invalidate" copy];
      } else if (came == kind) {
        reached = YES;
        // The last reference to the task but the callback's own goes here.
        STSocketTask *task = me->_task;
        me->_task = nil;
        [task invalidate];
        [task release];
      } else if (came == EventOpen) {
        provoke(me);
      } else if (came == EventData && kind == EventClose) {
        [me->_task close:NULL];
      }
    }];
    [recorder connect];
    CHECK(eventually(^{
      return reached;
    }));
    CHECK(allGone());
    [recorder dispose];
  }
}

static void exceptions_in_each_delegate_method(void) {
  static unsigned reported;
  reported = 0;
  [STSocketTask setExceptionHandler:^(NSException *exception) {
    if ([[exception name] isEqualToString:@"Thrown"]) __atomic_add_fetch(&reported, 1, __ATOMIC_SEQ_CST);
  }];
  for (int fails = 0; fails < 2; fails++) {
    Recorder *recorder = eventful(fails);
    [recorder setHook:^(Recorder *me, EventKind kind, id content) {
      (void)content;
      if (kind == EventOpen) provoke(me);
      [NSException raise:@"Thrown" format:@"in event %ld", (long)kind];
    }];
    [recorder connect];
    if (!fails) {
      [recorder waitFor:&recorder->_messages toReach:2];
      [recorder waitFor:&recorder->_pongs toReach:1];
      [recorder->_task close:NULL];
    }
    [recorder waitFor:&recorder->_closes toReach:1];
    [recorder->_queue waitUntilAllOperationsAreFinished];
    const unsigned events = recorder->_opens + recorder->_messages + recorder->_pongs + recorder->_drains +
                            recorder->_suspicions + recorder->_revivals + recorder->_errors + recorder->_closes;
    CHECK(recorder->_errors == (unsigned)fails);
    CHECK(__atomic_exchange_n(&reported, 0, __ATOMIC_SEQ_CST) == events);
    [recorder dispose];
  }
  [STSocketTask setExceptionHandler:nil];
  CHECK(allGone());
}

/// Blocks, each called after the delegate's method, and each throwing.
static void blocks(void) {
  static unsigned reported;
  reported = 0;
  [STSocketTask setExceptionHandler:^(NSException *exception) {
    (void)exception;
    __atomic_add_fetch(&reported, 1, __ATOMIC_SEQ_CST);
    [NSException raise:@"Handler" format:@"throws too"];
  }];
  NSMutableString *log = [NSMutableString string];
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 1;
  STSocketTask *task = [[CountedTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/")]
                                                options:nil
                                                  queue:queue
                                                  error:NULL];
  __block BOOL closed = NO;
  task.onOpen = ^(STSocketTaskOpenEvent *event) {
    [log appendFormat:@"open %ld;", (long)event.HTTPStatus];
    [task sendText:@"text" error:NULL];
    [NSException raise:@"Thrown" format:@"open"];
  };
  task.onText = ^(NSString *text) {
    [log appendFormat:@"%@;", text];
    [task sendData:[NSData dataWithBytes:"abc" length:3] error:NULL];
    [NSException raise:@"Thrown" format:@"text"];
  };
  task.onData = ^(NSData *data) {
    [log appendFormat:@"%lu bytes;", (unsigned long)[data length]];
    [task pingWithData:data error:NULL];
    [NSException raise:@"Thrown" format:@"data"];
  };
  task.onPong = ^(NSData *data, NSTimeInterval roundTripTime) {
    [log appendFormat:@"pong %lu %d;", (unsigned long)[data length], roundTripTime >= 0];
    [task closeWithCode:4000 reason:nil error:NULL];
    [NSException raise:@"Thrown" format:@"pong"];
  };
  task.onClose = ^(STSocketTaskCloseEvent *event) {
    [log appendFormat:@"close %ld", (long)event.code];
    closed = YES;
    [NSException raise:@"Thrown" format:@"close"];
  };
  CHECK(task.onOpen != nil && task.onError == nil);
  CHECK([task connect:NULL]);
  // It lives by itself until its close was told, though its blocks mention it.
  [task release];
  CHECK(eventually(^{
    return closed;
  }));
  CHECK(allGone());
  CHECK_EQUAL(@"open 101;text;3 bytes;pong 3 1;close 4000", log);
  CHECK(reported == 5);
  [STSocketTask setExceptionHandler:nil];
}

static void blocks_of_failure_and_drain(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  NSMutableString *log = [NSMutableString string];
  __block BOOL closed = NO;
  STSocketTask *task = [[CountedTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/fin")]
                                                options:nil
                                                  queue:queue
                                                  error:NULL];
  task.onError = ^(NSError *error) {
    [log appendFormat:@"error %d;", [error code] == STSocketTaskErrorConnectionEnded];
  };
  task.onClose = ^(STSocketTaskCloseEvent *event) {
    [log appendFormat:@"close %ld", (long)event.code];
    closed = YES;
  };
  CHECK([task connect:NULL]);
  [task release];
  CHECK(eventually(^{
    return closed;
  }));
  CHECK_EQUAL(@"error 1;close 1006", log);

  __block uint64_t sent = 0;
  task = [[CountedTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/sink")] options:nil queue:queue error:NULL];
  task.onOpen = ^(STSocketTaskOpenEvent *event) {
    (void)event;
    [task sendText:@"x" error:NULL];
  };
  task.onDrain = ^(uint64_t sentMessages) {
    sent = sentMessages;
    [task invalidate];
  };
  CHECK([task connect:NULL]);
  [task release];
  CHECK(eventually(^{
    return (BOOL)(sent == 1);
  }));
  CHECK(allGone());
}

static void tasks_that_are_let_go_of(void) {
  NSURL *url = [NSURL URLWithString:wsURL(@"/")];
  // Never connected.
  for (int i = 0; i < 100; i++) {
    STSocketTask *task = [[CountedTask alloc] initWithURL:url options:nil queue:nil error:NULL];
    [task release];
  }
  CHECK([CountedTask living] == 0);
  // Invalidated in any state, from another thread than the callbacks'.
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  for (unsigned i = 0; i < 100; i++) {
    STSocketTask *task = [[CountedTask alloc] initWithURL:url options:nil queue:queue error:NULL];
    CHECK([task connect:NULL]);
    [NSThread sleepForTimeInterval:i * 5e-5];
    [task sendText:@"x" error:NULL];
    [task invalidate];
    [task release];
  }
  CHECK(allGone());
}

static void delegate_may_go(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 1;
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil queue:queue];
  [recorder connectAndWait];
  STSocketTask *task = [recorder->_task retain];
  task.delegate = nil;
  CHECK(task.delegate == nil);
  CHECK([task sendText:@"to nobody" error:NULL]);
  CHECK([task close:NULL]);
  CHECK(eventually(^{
    return (BOOL)(task.readyState == STSocketTaskReadyStateClosed);
  }));
  [queue waitUntilAllOperationsAreFinished];
  CHECK(recorder->_messages == 0 && recorder->_closes == 0);
  [task release];
  [recorder dispose];
  CHECK(allGone());
}

/// From many threads at once: nothing but refusals may come of it.
@interface Disturber : NSObject {
@public
  STSocketTask *_task;
  int _finished;
}
- (void)disturb:(NSNumber *)seed;
@end

@implementation Disturber

- (void)disturb:(NSNumber *)seed {
  @autoreleasepool {
    unsigned state = [seed unsignedIntValue];
    for (int i = 0; i < 300; i++) {
      switch (rand_r(&state) % 10) {
        case 0: [_task sendText:@"x" error:NULL]; break;
        case 1: [_task sendData:[NSMutableData dataWithLength:5000] error:NULL]; break;
        case 2: [_task pingWithData:nil error:NULL]; break;
        case 3: [_task pause]; break;
        case 4: [_task resume]; break;
        case 5: (void)_task.bufferedAmount; break;
        case 6: (void)_task.protocol; break;
        case 7: _task.onText = ^(NSString *text) { (void)text; }; break;
        case 8: [_task connect:NULL]; break;
        default: if (i > 250) [_task invalidate];
      }
    }
  }
  __atomic_add_fetch(&_finished, 1, __ATOMIC_SEQ_CST);
}

@end

static void many_threads(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  for (unsigned round = 0; round < 20; round++) {
    Disturber *disturber = [[Disturber alloc] init];
    disturber->_task = [[CountedTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/")] options:nil queue:queue error:NULL];
    CHECK([disturber->_task connect:NULL]);
    for (unsigned i = 0; i < 4; i++) {
      [NSThread detachNewThreadSelector:@selector(disturb:)
                               toTarget:disturber
                             withObject:[NSNumber numberWithUnsignedInt:round * 4 + i]];
    }
    CHECK(eventually(^{
      return (BOOL)(__atomic_load_n(&disturber->_finished, __ATOMIC_SEQ_CST) == 4);
    }));
    [disturber->_task invalidate];
    [disturber->_task release];
    disturber->_task = nil;
    [disturber release];
  }
  CHECK(allGone());
}

unsigned runLifetimeTests(void) {
  static const struct test TESTS[] = {
      {"invalidated and released inside each callback", invalidated_inside_each_callback},
      {"exceptions in each delegate method", exceptions_in_each_delegate_method},
      {"blocks, which throw and hold their task", blocks},
      {"the blocks for errors and for draining", blocks_of_failure_and_drain},
      {"tasks that are let go of", tasks_that_are_let_go_of},
      {"a delegate that goes", delegate_may_go},
      {"many threads", many_threads},
  };
  return RUN_TESTS("lifetime", TESTS);
}
