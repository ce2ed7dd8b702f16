// Memory that is received and dropped is given back.

#import "harness.h"

/// 3 000 messages of 1 MiB, eight on the way at a time.
static void dropped_messages(void) {
  enum { COUNT = 3000, WINDOW = 8 };
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  recorder->_forgetful = YES;
  NSData *data = [NSMutableData dataWithLength:1 << 20];
  __block unsigned sent = 0;
  __block size_t most = 0;
  [recorder setHook:^(Recorder *me, EventKind kind, id content) {
    if (kind == EventData) {
      if ([content length] != 1 << 20) me->_breach = [@"a message of another length" copy];
      const size_t resident = residentKiB();
      if (resident > most) most = resident;
      if (sent++ < COUNT) [me->_task sendData:data error:NULL];
    }
  }];
  const size_t before = residentKiB();
  [recorder connectAndWait];
  sent = WINDOW;
  for (int i = 0; i < WINDOW; i++) CHECK([recorder->_task sendData:data error:NULL]);
  [recorder waitFor:&recorder->_messages toReach:COUNT];
  const size_t grown = most > before ? (most - before) / 1024 : 0;
  printf("    3 000 MiB came, memory grew by %zu MiB at most\n", grown);
  CHECK(grown < 160);
  [recorder finish];
  [recorder dispose];
}

/// A callback queue that does not move: the server has to wait, and memory stays as it is.
static void slow_consumer(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 1;
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/burst?n=5000&size=60000") options:nil queue:queue];
  recorder->_forgetful = YES;
  const size_t before = residentKiB();
  [queue setSuspended:YES];
  [recorder connect];
  CHECK(eventually(^{
    return (BOOL)(recorder->_task.readyState == STSocketTaskReadyStateOpen);
  }));
  [NSThread sleepForTimeInterval:1];
  const size_t now = residentKiB();
  const size_t grown = now > before ? (now - before) / 1024 : 0;
  printf("    300 MB wait at the server, memory grew by %zu MiB\n", grown);
  CHECK(grown < 64);
  CHECK(recorder->_messages == 0);
  [queue setSuspended:NO];
  [recorder waitFor:&recorder->_messages toReach:5000];
  [recorder finish];
  [recorder dispose];
}

static void comeAndGo(NSOperationQueue *queue, int count) {
  for (int i = 0; i < count; i++) {
    @autoreleasepool {
      NSString *url = wsURL(i % 3 == 0 ? @"/close?code=4000" : @"/");
      Recorder *recorder = [[Recorder alloc] initWithURL:url options:nil queue:queue];
      [recorder connectAndWait];
      if (i % 3 == 1) [recorder->_task sendData:[NSMutableData dataWithLength:50000] error:NULL];
      if (i % 3 == 2) [recorder finish];
      [recorder dispose];
    }
  }
}

static void connections_that_come_and_go(void) {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 1;
  comeAndGo(queue, 300);
  const size_t before = residentKiB();
  comeAndGo(queue, 1500);
  const size_t now = residentKiB();
  const size_t grown = now > before ? now - before : 0;
  printf("    1 500 connections, memory grew by %zu KiB\n", grown);
  CHECK(grown < 2048);
  CHECK(eventually(^{
    return (BOOL)([CountedTask living] == 0);
  }));
}

unsigned runMemoryTests(void) {
  static const struct test TESTS[] = {
      {"3 000 messages of 1 MiB, dropped", dropped_messages},
      {"a consumer that stands still", slow_consumer},
      {"connections that come and go", connections_that_come_and_go},
  };
  return RUN_TESTS("memory", TESTS);
}
