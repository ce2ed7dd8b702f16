// What goes out comes back.

#import "harness.h"

static NSData *pattern(NSUInteger length, unsigned seed) {
  NSMutableData *data = [NSMutableData dataWithLength:length];
  uint8_t *bytes = [data mutableBytes];
  for (NSUInteger i = 0; i < length; i++) bytes[i] = (uint8_t)((i * 31 + seed) ^ (i >> 8));
  return data;
}

static void texts(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  [recorder connectAndWait];
  unichar zero[] = {'a', 0, 'b'};
  NSArray *all = [NSArray arrayWithObjects:@"", @"hello", @"你好，世界", @"\U0001F600\U0001F468\u200D\U0001F469", @"\uFEFFmarked",
                                           [NSString stringWithCharacters:zero length:3],
                                           [@"" stringByPaddingToLength:100000 withString:@"中文é" startingAtIndex:0], nil];
  for (NSString *text in all) {
    CHECK([recorder->_task sendText:text error:NULL]);
    CHECK_EQUAL(text, [recorder nextText]);
  }
  // Half a surrogate pair has no UTF-8 form.
  unichar half = 0xD800;
  NSError *error = nil;
  CHECK(![recorder->_task sendText:[NSString stringWithCharacters:&half length:1] error:&error]);
  CHECK_EQUAL(STSocketTaskRefusalDomain, [error domain]);
  CHECK([error code] == STSocketTaskRefusalInvalidUTF8);
  [recorder finish];
  [recorder dispose];
}

static void sizes(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  [recorder connectAndWait];
  const NSUInteger lengths[] = {0,     1,     125,   126,   127,     1023,        1024,         1025,
                                65534, 65535, 65536, 65537, 1 << 20, (4 << 20) + 1, 16 << 20};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    NSData *data = pattern(lengths[i], (unsigned)i);
    CHECK([recorder->_task sendData:data error:NULL]);
    NSData *echoed = [recorder nextData];
    CHECK([echoed length] == lengths[i]);
    CHECK([echoed isEqualToData:data]);
  }
  [recorder finish];
  [recorder dispose];
}

static void received_data_lasts(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  [recorder connectAndWait];
  NSData *sent = pattern(200000, 7);
  CHECK([recorder->_task sendData:sent error:NULL]);
  NSData *received = [[recorder nextData] retain];
  NSData *copy = [received copy];
  CHECK([copy bytes] == [received bytes]);
  [recorder finish];
  [recorder dispose];
  // The connection is gone; so is one of the two.
  [received release];
  CHECK([copy isEqualToData:sent]);
  CHECK([[copy subdataWithRange:NSMakeRange(199990, 10)] isEqualToData:[sent subdataWithRange:NSMakeRange(199990, 10)]]);
  NSMutableData *mutable = [[copy mutableCopy] autorelease];
  [mutable appendBytes:"x" length:1];
  CHECK([mutable length] == 200001 && [copy length] == 200000);
  [copy release];
}

static void tls(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wssURL(@"/") options:nil];
  [recorder connectAndWait];
  CHECK_EQUAL(@"TLSv1.3", recorder->_open.TLSVersion);
  CHECK(recorder->_open.TLSCipher.length > 0);
  CHECK(recorder->_open.TLSHandshake.end > recorder->_open.TLSHandshake.start);
  NSData *data = pattern(3 << 20, 1);
  CHECK([recorder->_task sendData:data error:NULL]);
  CHECK([[recorder nextData] isEqualToData:data]);
  [recorder finish];
  [recorder dispose];
}

static void open_event(void) {
  STSocketTaskOptions *options = trustingOptions();
  options.protocols = [NSArray arrayWithObjects:@"one", @"two", nil];
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:options];
  CHECK(recorder->_task.readyState == STSocketTaskReadyStateNew);
  CHECK_EQUAL(@"", recorder->_task.protocol);
  [recorder connectAndWait];
  STSocketTaskOpenEvent *open = recorder->_open;
  CHECK(recorder->_task.readyState == STSocketTaskReadyStateOpen);
  CHECK_EQUAL(@"one", open.protocol);
  CHECK_EQUAL(@"one", recorder->_task.protocol);
  CHECK_EQUAL(@"yes", [open valueOfHeader:@"x-test"]);
  CHECK_EQUAL(nil, [open valueOfHeader:@"x-other"]);
  unsigned cookies = 0;
  for (STSocketTaskHeader *header in open.headers) {
    cookies += [header.name caseInsensitiveCompare:@"set-cookie"] == NSOrderedSame;
    CHECK([[header description] rangeOfString:header.value].location == NSNotFound);
  }
  CHECK(cookies == 2);
  CHECK([open.remoteAddress hasPrefix:@"127.0.0.1:"]);
  CHECK_EQUAL(@"", open.TLSVersion);
  CHECK(open.openingHandshake.end > open.openingHandshake.start && open.openingHandshake.end < 60);
  CHECK(open.TLSHandshake.end == open.TLSHandshake.start);
  [recorder finish];
  CHECK(recorder->_task.readyState == STSocketTaskReadyStateClosed);
  [recorder dispose];
}

static void pings(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  __block NSData *pong = nil;
  [recorder setHook:^(Recorder *me, EventKind kind, id content) {
    (void)me;
    if (kind == EventPong) pong = [content retain];
  }];
  [recorder connectAndWait];
  NSData *data = [@"ping" dataUsingEncoding:NSUTF8StringEncoding];
  CHECK([recorder->_task pingWithData:data error:NULL]);
  [recorder waitFor:&recorder->_pongs toReach:1];
  CHECK(recorder->_roundTripTime >= 0 && recorder->_roundTripTime < 60);
  CHECK([recorder->_task pingWithData:nil error:NULL]);
  [recorder waitFor:&recorder->_pongs toReach:2];
  NSError *error = nil;
  CHECK(![recorder->_task pingWithData:pattern(126, 0) error:&error]);
  CHECK([error code] == STSocketTaskRefusalInvalidArgument);
  [recorder finish];
  CHECK([pong length] == 0);
  [pong release];
  [recorder dispose];
}

static void checkOrder(Recorder *recorder) {
  [recorder connectAndWait];
  for (int i = 0; i < 20000; i++) {
    [recorder waitFor:&recorder->_messages toReach:(unsigned)i + 1];
    @autoreleasepool {
      NSString *text = [recorder nextText];
      check([text intValue] == i, [NSString stringWithFormat:@"%@ came as number %d", text, i], __FILE__, __LINE__);
    }
  }
  [recorder finish];
  [recorder dispose];
}

static void order(void) {
  checkOrder([[Recorder alloc] initWithURL:wsURL(@"/burst?n=20000&size=5") options:nil]);
}

/// The recorder's contract says that no event comes inside another one.
static void order_on_a_concurrent_queue(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 4;
  checkOrder([[Recorder alloc] initWithURL:wsURL(@"/burst?n=20000&size=5") options:nil queue:queue]);
}

static void default_queue(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil queue:nil];
  [recorder connect];
  CHECK(eventually(^{
    [[NSRunLoop mainRunLoop] runUntilDate:[NSDate dateWithTimeIntervalSinceNow:0.01]];
    return (BOOL)(recorder->_opens == 1);
  }));
  CHECK([recorder->_task close:NULL]);
  CHECK(eventually(^{
    [[NSRunLoop mainRunLoop] runUntilDate:[NSDate dateWithTimeIntervalSinceNow:0.01]];
    return (BOOL)(recorder->_closes == 1);
  }));
  [[NSOperationQueue mainQueue] waitUntilAllOperationsAreFinished];
  [recorder dispose];
}

static void its_own_queue(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 1;
  [queue setSuspended:YES];
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/burst?n=3&size=1") options:nil queue:queue];
  [recorder connect];
  CHECK(eventually(^{
    return (BOOL)(recorder->_task.readyState == STSocketTaskReadyStateOpen);
  }));
  // Nothing comes but on that queue.
  [NSThread sleepForTimeInterval:0.05];
  CHECK(recorder->_opens == 0);
  [queue setSuspended:NO];
  [recorder waitFor:&recorder->_messages toReach:3];
  [recorder finish];
  [recorder dispose];
}

static void hundred_sockets(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 1;
  NSMutableArray *recorders = [NSMutableArray array];
  for (int i = 0; i < 100; i++) {
    Recorder *recorder = [[Recorder alloc] initWithURL:(i % 10 == 0 ? wssURL(@"/") : wsURL(@"/")) options:nil queue:queue];
    [recorder connect];
    [recorders addObject:recorder];
    [recorder release];
  }
  for (Recorder *recorder in recorders) [recorder waitFor:&recorder->_opens toReach:1];
  for (unsigned i = 0; i < 100; i++) {
    Recorder *recorder = [recorders objectAtIndex:i];
    CHECK([recorder->_task sendText:[NSString stringWithFormat:@"%u", i] error:NULL]);
    CHECK([recorder->_task sendData:pattern(5000 + i, i) error:NULL]);
  }
  for (unsigned i = 0; i < 100; i++) {
    Recorder *recorder = [recorders objectAtIndex:i];
    NSString *text = [NSString stringWithFormat:@"%u", i];
    CHECK_EQUAL(text, [recorder nextText]);
    CHECK([[recorder nextData] isEqualToData:pattern(5000 + i, i)]);
  }
  for (Recorder *recorder in recorders) [recorder finish];
  [queue waitUntilAllOperationsAreFinished];
  for (Recorder *recorder in recorders) CHECK(recorder->_closes == 1);
}

static void backpressure(void) {
  STSocketTaskOptions *options = trustingOptions();
  options.maxBufferedAmount = 8 << 20;
  // The server does not read.
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/deaf") options:options];
  [recorder connectAndWait];
  NSData *megabyte = pattern(1 << 20, 3);
  NSError *error = nil;
  unsigned accepted = 0;
  while (accepted < 100 && [recorder->_task sendData:megabyte error:&error]) accepted++;
  CHECK(accepted >= 8 && accepted < 100);
  CHECK([error code] == STSocketTaskRefusalBufferFull);
  CHECK(recorder->_task.bufferedAmount > 0 && recorder->_task.bufferedAmount <= 8 << 20);
  [recorder dispose];

  recorder = [[Recorder alloc] initWithURL:wsURL(@"/sink") options:nil];
  [recorder connectAndWait];
  CHECK([recorder->_task sendData:megabyte error:NULL]);
  [recorder waitFor:&recorder->_drains toReach:1];
  CHECK(recorder->_sent == 1 && recorder->_task.bufferedAmount == 0);
  [recorder finish];
  [recorder dispose];
}

static void pause_and_resume(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  [recorder connectAndWait];
  [recorder->_task pause];
  CHECK([recorder->_task sendText:@"later" error:NULL]);
  [NSThread sleepForTimeInterval:0.2];
  CHECK(recorder->_messages == 0);
  [recorder->_task resume];
  CHECK_EQUAL(@"later", [recorder nextText]);
  // A close ends a pause.
  [recorder->_task pause];
  [recorder finish];
  [recorder dispose];
}

unsigned runEchoTests(void) {
  static const struct test TESTS[] = {
      {"texts", texts},
      {"binary from 0 to 16 MiB", sizes},
      {"received data lasts", received_data_lasts},
      {"TLS", tls},
      {"the open event", open_event},
      {"pings", pings},
      {"order", order},
      {"order on a concurrent queue", order_on_a_concurrent_queue},
      {"the default queue", default_queue},
      {"a queue of its own", its_own_queue},
      {"100 sockets", hundred_sockets},
      {"backpressure", backpressure},
      {"pause and resume", pause_and_resume},
  };
  return RUN_TESTS("echo", TESTS);
}
