// One connection after another. The rules themselves are tested in the core, in virtual time.

#import "harness.h"

/// The tests do not wait for a delay.
static STSocketTaskOptions *atOnce(void) {
  STSocketTaskOptions *options = trustingOptions();
  options.reconnect = [[[STSocketTaskReconnectOptions alloc] init] autorelease];
  options.reconnect.minDelay = 0;
  options.reconnect.maxDelay = 0;
  return options;
}

static Recorder *recorder(NSString *path, STSocketTaskOptions *options) {
  return [[Recorder alloc] initWithURL:wsURL(path) options:options];
}

static void losses_are_followed_up_to_the_last_attempt(void) {
  STSocketTaskOptions *options = atOnce();
  options.reconnect.maxAttempts = 2;
  Recorder *me = recorder(@"/close?code=1012&reason=again", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(me->_opens == 3 && me->_reconnectings == 2 && me->_errors == 0);
  CHECK(me->_open.attempt == 2);
  CHECK(me->_reconnecting.attempt == 2 && me->_reconnecting.delay == 0);
  CHECK(me->_reconnecting.keptMessages == 0 && me->_reconnecting.failedMessages == 0);
  STSocketTaskLoss *loss = me->_reconnecting.loss;
  CHECK(loss.code == 1012 && loss.wasClean && loss.error == nil);
  CHECK_EQUAL(@"again", loss.reason);
  CHECK([[loss description] rangeOfString:@"again"].location == NSNotFound);
  CHECK(me->_close.code == 1012 && me->_close.wasClean);
  [me dispose];
}

static void failures_are_losses_with_an_error(void) {
  STSocketTaskOptions *options = atOnce();
  options.reconnect.maxAttempts = 1;
  Recorder *me = recorder(@"/status?code=503", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(me->_opens == 0 && me->_reconnectings == 1 && me->_errors == 1);
  STSocketTaskLoss *loss = me->_reconnecting.loss;
  CHECK(loss.code == 1006 && !loss.wasClean);
  CHECK_EQUAL([NSNumber numberWithInt:503], [[loss.error userInfo] objectForKey:STSocketTaskErrorHTTPStatusKey]);
  CHECK_EQUAL([NSNumber numberWithInt:503], [[me->_error userInfo] objectForKey:STSocketTaskErrorHTTPStatusKey]);
  [me dispose];
}

static void stop_codes(void) {
  STSocketTaskOptions *options = atOnce();
  options.reconnect.stopCodes = [NSArray arrayWithObjects:[NSNumber numberWithInt:4001], nil];
  Recorder *me = recorder(@"/close?code=4001", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(me->_opens == 1 && me->_reconnectings == 0 && me->_close.code == 4001);
  [me dispose];

  // None at all.
  options.reconnect.stopCodes = nil;
  options.reconnect.maxAttempts = 1;
  me = recorder(@"/close?code=1000", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(me->_opens == 2 && me->_reconnectings == 1 && me->_close.code == 1000);
  [me dispose];
}

static void refresh(void) {
  STSocketTaskOptions *options = atOnce();
  [options addHeader:@"Token" value:@"old"];
  [options addHeader:@"Other" value:@"old"];
  __block NSString *said = nil;
  Recorder *me;
  __block NSOperationQueue *queue = nil;
  options.reconnect.refresh = ^(STSocketTaskRefresh *refresh) {
    STSocketTaskOptions *bad = [[[STSocketTaskOptions alloc] init] autorelease];
    [bad addHeader:@"To ken" value:@"new"];
    STSocketTaskOptions *fresh = [[[STSocketTaskOptions alloc] init] autorelease];
    [fresh addHeader:@"Token" value:@"new"];
    NSError *refused = nil, *late = nil;
    NSURL *URL = [NSURL URLWithString:wsURL(@"/headers")];
    const BOOL isFirst = refresh.attempt == 1 && refresh.loss.code == 1012 && [NSOperationQueue currentQueue] == queue;
    const BOOL isRefused = ![refresh connectWithURL:URL options:bad error:&refused];
    const BOOL isAnswered = [refresh connectWithURL:URL options:fresh error:NULL];
    const BOOL isLate = ![refresh connectWithURL:URL options:fresh error:&late] && ![refresh connectAsBefore] && ![refresh fail];
    said = [[NSString alloc] initWithFormat:@"%d %d %ld %d %d %ld", isFirst, isRefused, (long)[refused code], isAnswered, isLate,
                                            (long)[late code]];
  };
  me = recorder(@"/close?code=1012", options);
  queue = me->_queue;
  [me connect];
  NSString *headers = [me nextText];
  NSString *expected = [NSString stringWithFormat:@"1 1 %ld 1 1 %ld", (long)STSocketTaskRefusalInvalidArgument,
                                                  (long)STSocketTaskRefusalInvalidState];
  CHECK_EQUAL(expected, said);
  CHECK([headers rangeOfString:@"\r\nToken: new"].location != NSNotFound);
  CHECK([headers rangeOfString:@"old"].location == NSNotFound);
  CHECK(me->_open.attempt == 1);
  [said release];
  [me dispose];
}

static void a_refresh_that_fails_or_throws_costs_its_attempt(void) {
  [STSocketTask setExceptionHandler:^(NSException *exception) {
    (void)exception;
  }];
  STSocketTaskOptions *options = atOnce();
  __block unsigned asked = 0;
  options.reconnect.refresh = ^(STSocketTaskRefresh *refresh) {
    switch (++asked) {
      case 1:
        [NSException raise:@"Thrown" format:@"no token"];
        break;
      case 2:
        [refresh fail];
        break;
      default:
        [refresh connectAsBefore];
    }
  };
  options.reconnect.maxAttempts = 3;
  Recorder *me = recorder(@"/close?code=1012", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(asked == 3 && me->_reconnectings == 3 && me->_opens == 2 && me->_open.attempt == 3);
  [me dispose];
  [STSocketTask setExceptionHandler:nil];
}

static void the_last_word(void) {
  STSocketTaskOptions *options = atOnce();
  __block int would = -1;
  options.reconnect.shouldReconnect = ^(STSocketTaskLoss *loss, BOOL rules) {
    would = rules;
    return (BOOL)(loss.code != 1012);
  };
  Recorder *me = recorder(@"/close?code=1012", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(would == YES && me->_reconnectings == 0 && me->_close.code == 1012);
  [me dispose];

  // What the rules would end.
  options.reconnect.maxAttempts = 1;
  me = recorder(@"/status?code=404", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(would == NO && me->_reconnectings == 1 && me->_errors == 1);
  [me dispose];

  [STSocketTask setExceptionHandler:^(NSException *exception) {
    (void)exception;
  }];
  options.reconnect.shouldReconnect = ^BOOL(STSocketTaskLoss *loss, BOOL rules) {
    (void)loss;
    (void)rules;
    [NSException raise:@"Thrown" format:@"no idea"];
    return YES;
  };
  me = recorder(@"/status?code=404", options);
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(me->_reconnectings == 0 && me->_errors == 1);
  [me dispose];
  [STSocketTask setExceptionHandler:nil];
}

/// A task whose connection is lost, and waits for the answer to the question, which is the caller's.
static Recorder *between(STSocketTaskOptions *options, STSocketTaskRefresh **question) {
  __block STSocketTaskRefresh *asked = nil;
  options.reconnect.refresh = ^(STSocketTaskRefresh *refresh) {
    asked = [refresh retain];
  };
  Recorder *me = recorder(@"/close?code=1012", options);
  [me connect];
  CHECK(eventually(^{
    return (BOOL)(asked != nil);
  }));
  *question = asked;
  return me;
}

static void messages_are_kept_as_far_as_the_queue_goes(void) {
  STSocketTaskOptions *options = atOnce();
  // For three messages of one byte.
  options.reconnect.queue = 3 * 65;
  STSocketTaskRefresh *question = nil;
  Recorder *me = between(options, &question);
  CHECK(me->_task.readyState == STSocketTaskReadyStateConnecting);
  for (NSString *text in [NSArray arrayWithObjects:@"a", @"b", @"c", nil]) CHECK([me->_task sendText:text error:NULL]);
  NSError *error = nil;
  CHECK(![me->_task sendText:@"d" error:&error] && [error code] == STSocketTaskRefusalBufferFull);
  CHECK(me->_task.bufferedAmount == 3);
  CHECK([question connectWithURL:[NSURL URLWithString:wsURL(@"/")] options:nil error:NULL]);
  CHECK_EQUAL(@"a", [me nextText]);
  CHECK_EQUAL(@"b", [me nextText]);
  CHECK_EQUAL(@"c", [me nextText]);
  [question release];
  [me dispose];
}

static void closed_between_connections(void) {
  STSocketTaskOptions *options = atOnce();
  STSocketTaskRefresh *question = nil;
  Recorder *me = between(options, &question);
  NSError *error = nil;
  CHECK(![me->_task sendText:@"lost" error:&error] && [error code] == STSocketTaskRefusalInvalidState);
  CHECK([me->_task close:NULL]);
  [me waitFor:&me->_closes toReach:1];
  CHECK(me->_close.code == 1006 && !me->_close.wasClean && me->_errors == 0);
  CHECK(![question connectAsBefore]);
  [question release];
  [me dispose];
}

static void options_out_of_range(void) {
  for (int bad = 0; bad < 8; bad++) {
    STSocketTaskOptions *options = atOnce();
    STSocketTaskReconnectOptions *reconnect = options.reconnect;
    NSString *named = nil;
    switch (bad) {
      case 0:
        reconnect.factor = 0.5, named = @"factor";
        break;
      case 1:
        reconnect.factor = NAN, named = @"factor";
        break;
      case 2:
        reconnect.minDelay = 1, named = @"smallest delay";
        break;
      case 3:
        reconnect.maxDelay = -1, named = @"maxDelay";
        break;
      case 4:
        reconnect.stableAfter = NAN, named = @"stableAfter";
        break;
      case 5:
        reconnect.maxAttempts = -1, named = @"maxAttempts";
        break;
      case 6:
        reconnect.queue = -1, named = @"queue";
        break;
      default:
        reconnect.stopCodes = [NSArray arrayWithObjects:[NSNumber numberWithInt:66536], nil];
        named = @"close code";
    }
    NSError *error = nil;
    CHECK([[STSocketTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/")] options:options queue:nil error:&error] == nil);
    CHECK([error code] == STSocketTaskRefusalInvalidArgument);
    check([[error localizedDescription] rangeOfString:named].location != NSNotFound, [error localizedDescription], __FILE__,
          __LINE__);
  }
}

/// That a block has been let go: what it holds counts its own end.
@interface Held : NSObject
@end
static int held;
@implementation Held
- (void)dealloc {
  __atomic_sub_fetch(&held, 1, __ATOMIC_SEQ_CST);
  [super dealloc];
}
@end

static STSocketTaskOptions *holding(void) {
  STSocketTaskOptions *options = atOnce();
  Held *object = [[[Held alloc] init] autorelease];
  __atomic_add_fetch(&held, 1, __ATOMIC_SEQ_CST);
  options.reconnect.refresh = ^(STSocketTaskRefresh *refresh) {
    (void)object;
    [refresh connectAsBefore];
  };
  options.reconnect.shouldReconnect = ^(STSocketTaskLoss *loss, BOOL rules) {
    (void)object;
    (void)loss;
    return rules;
  };
  return options;
}

static void blocks_are_let_go(void) {
  @autoreleasepool {
    // Never connected; invalidated in an open connection; ended by the server.
    STSocketTask *task = [[CountedTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/")] options:holding() queue:nil error:NULL];
    [task release];
    Recorder *me = recorder(@"/", holding());
    [me connectAndWait];
    [me dispose];
    me = recorder(@"/close?code=1000", holding());
    [me connect];
    [me waitFor:&me->_closes toReach:1];
    [me dispose];
  }
  CHECK(allGone());
  CHECK(eventually(^{
    return (BOOL)(__atomic_load_n(&held, __ATOMIC_SEQ_CST) == 0);
  }));
}

static void the_block_is_told(void) {
  STSocketTaskOptions *options = atOnce();
  options.reconnect.maxAttempts = 2;
  Recorder *me = recorder(@"/close?code=1012", options);
  __block unsigned told = 0;
  me->_task.onReconnecting = ^(STSocketTaskReconnectingEvent *event) {
    told += (unsigned)event.attempt;
  };
  [me connect];
  [me waitFor:&me->_closes toReach:1];
  CHECK(told == 1 + 2);
  [me dispose];
}

unsigned runReconnectTests(void) {
  static const struct test TESTS[] = {
      {"losses are followed up to the last attempt", losses_are_followed_up_to_the_last_attempt},
      {"failures are losses with an error", failures_are_losses_with_an_error},
      {"stop codes", stop_codes},
      {"refresh", refresh},
      {"a refresh that fails or throws costs its attempt", a_refresh_that_fails_or_throws_costs_its_attempt},
      {"the last word", the_last_word},
      {"messages are kept as far as the queue goes", messages_are_kept_as_far_as_the_queue_goes},
      {"closed between connections", closed_between_connections},
      {"options out of range", options_out_of_range},
      {"the block is told", the_block_is_told},
      {"blocks are let go", blocks_are_let_go},
  };
  return RUN_TESTS("reconnect", TESTS);
}
