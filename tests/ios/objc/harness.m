#import "harness.h"

static const NSTimeInterval kPatience = 60;

@interface Failure : NSException
@end
@implementation Failure
@end

void check(BOOL holds, NSString *what, const char *file, int line) {
  if (holds) return;
  NSString *reason = [NSString stringWithFormat:@"%s:%d: %@", file, line, what];
  @throw [[[Failure alloc] initWithName:@"Failure" reason:reason userInfo:nil] autorelease];
}

void checkEqual(id expected, id actual, NSString *what, const char *file, int line) {
  if (expected == actual || [expected isEqual:actual]) return;
  check(NO, [NSString stringWithFormat:@"%@ is %@, not %@", what, actual, expected], file, line);
}

unsigned runTests(const char *group, const struct test *tests, size_t count) {
  unsigned failures = 0;
  for (size_t i = 0; i < count; i++) {
    @autoreleasepool {
      NSException *failure = nil;
      @try {
        tests[i].run();
      } @catch (NSException *exception) {
        failure = [exception retain];
      }
      printf("%s %s: %s\n", failure ? "not ok" : "ok", group, tests[i].name);
      if (failure) printf("    %s: %s\n", [[failure name] UTF8String], [[failure reason] UTF8String]);
      fflush(stdout);
      failures += failure != nil;
      [failure release];
    }
  }
  return failures;
}

NSString *serverValue(NSString *key) {
  const char *line = getenv("SOCKET_TASK_SERVER");
  for (NSString *pair in [[NSString stringWithUTF8String:line ? line : ""] componentsSeparatedByString:@" "]) {
    NSString *prefix = [key stringByAppendingString:@"="];
    if ([pair hasPrefix:prefix]) return [pair substringFromIndex:[prefix length]];
  }
  check(NO, [@"the test server tells no " stringByAppendingString:key], __FILE__, __LINE__);
  return nil;
}

NSString *wsURL(NSString *path) {
  return [NSString stringWithFormat:@"ws://127.0.0.1:%@%@", serverValue(@"ws_port"), path];
}

NSString *wssURL(NSString *path) {
  return [NSString stringWithFormat:@"wss://localhost:%@%@", serverValue(@"wss_port"), path];
}

STSocketTaskOptions *trustingOptions(void) {
  STSocketTaskOptions *options = [[[STSocketTaskOptions alloc] init] autorelease];
  options.trustRoots = STSocketTaskTrustRootsNone;
  options.CACertificates = [NSArray arrayWithObject:[NSData dataWithContentsOfFile:serverValue(@"ca")]];
  return options;
}

BOOL eventually(BOOL (^condition)(void)) {
  NSDate *end = [NSDate dateWithTimeIntervalSinceNow:kPatience];
  while (!condition()) {
    if ([end timeIntervalSinceNow] < 0) return NO;
    [NSThread sleepForTimeInterval:0.005];
  }
  return YES;
}

BOOL allGone(void) {
  return eventually(^{
    return (BOOL)([CountedTask living] == 0);
  });
}

size_t residentKiB(void) {
  size_t kib = 0;
  char line[256];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (sscanf(line, "VmRSS: %zu kB", &kib) == 1) break;
  }
  if (file) fclose(file);
  return kib;
}

@implementation CountedTask

static int living;

+ (int)living {
  return __atomic_load_n(&living, __ATOMIC_SEQ_CST);
}

+ (id)allocWithZone:(NSZone *)zone {
  __atomic_add_fetch(&living, 1, __ATOMIC_SEQ_CST);
  return [super allocWithZone:zone];
}

- (void)dealloc {
  [super dealloc];
  __atomic_sub_fetch(&living, 1, __ATOMIC_SEQ_CST);
}

@end

@implementation Recorder

- (instancetype)initWithURL:(NSString *)url options:(STSocketTaskOptions *)options queue:(NSOperationQueue *)queue {
  if (!(self = [super init])) return nil;
  _queue = [queue retain];
  _changed = [[NSCondition alloc] init];
  _texts = [[NSMutableArray alloc] init];
  _data = [[NSMutableArray alloc] init];
  NSError *error = nil;
  _task = [[CountedTask alloc] initWithURL:[NSURL URLWithString:url]
                                   options:options ? options : trustingOptions()
                                     queue:queue
                                     error:&error];
  if (!_task) check(NO, [error localizedDescription], __FILE__, __LINE__);
  _task.delegate = self;
  return self;
}

- (instancetype)initWithURL:(NSString *)url options:(STSocketTaskOptions *)options {
  NSOperationQueue *queue = [[[NSOperationQueue alloc] init] autorelease];
  queue.maxConcurrentOperationCount = 1;
  return [self initWithURL:url options:options queue:queue];
}

- (void)dealloc {
  _task.delegate = nil;
  [_task invalidate];
  [_task release];
  [_queue release];
  [_changed release];
  [_breach release];
  [_texts release];
  [_data release];
  [_open release];
  [_close release];
  [_error release];
  [_reconnecting release];
  if (_hook) Block_release(_hook);
  [super dealloc];
}

- (void)setHook:(Hook)hook {
  _hook = Block_copy(hook);
}

- (void)connect {
  NSError *error = nil;
  if (![_task connect:&error]) check(NO, [error localizedDescription], __FILE__, __LINE__);
}

- (void)connectAndWait {
  [self connect];
  [self waitFor:&_opens toReach:1];
}

- (void)waitFor:(const unsigned *)counter toReach:(unsigned)count {
  NSDate *end = [NSDate dateWithTimeIntervalSinceNow:kPatience];
  [_changed lock];
  BOOL inTime = YES;
  while (*counter < count && inTime && (_closes == 0 || counter == &_closes)) inTime = [_changed waitUntilDate:end];
  const BOOL reached = *counter >= count;
  NSString *state = [NSString stringWithFormat:@"opens %u, messages %u, errors %u, closes %u, %@", _opens, _messages,
                                               _errors, _closes, [_error localizedDescription]];
  [_changed unlock];
  check(reached, [@"what was waited for did not come: " stringByAppendingString:state], __FILE__, __LINE__);
}

- (id)takeFirstOf:(NSMutableArray *)array {
  NSDate *end = [NSDate dateWithTimeIntervalSinceNow:kPatience];
  [_changed lock];
  BOOL inTime = YES;
  while ([array count] == 0 && inTime && _closes == 0) inTime = [_changed waitUntilDate:end];
  id first = [array count] > 0 ? [[[array objectAtIndex:0] retain] autorelease] : nil;
  if (first) [array removeObjectAtIndex:0];
  [_changed unlock];
  check(first != nil, @"no message came", __FILE__, __LINE__);
  return first;
}

- (NSString *)nextText {
  return [self takeFirstOf:_texts];
}

- (NSData *)nextData {
  return [self takeFirstOf:_data];
}

- (void)finish {
  [_task closeWithCode:1000 reason:@"done" error:NULL];
  [self waitFor:&_closes toReach:1];
  CHECK(_close.code == 1000 && _close.wasClean);
  CHECK(_errors == 0 && _opens == 1);
  [self checkContract];
}

- (void)expectError:(STSocketTaskErrorCode)code phase:(STSocketTaskPhase)phase text:(NSString *)text {
  [self waitFor:&_closes toReach:1];
  CHECK(_errors == 1);
  CHECK_EQUAL(STSocketTaskErrorDomain, [_error domain]);
  NSString *description = [_error localizedDescription];
  const BOOL expected = [_error code] == code &&
                        [[[_error userInfo] objectForKey:STSocketTaskErrorPhaseKey] integerValue] == phase &&
                        [description rangeOfString:text].location != NSNotFound;
  check(expected, [NSString stringWithFormat:@"code %ld, %@: %@", (long)[_error code], [_error userInfo], description],
        __FILE__, __LINE__);
  CHECK(!_close.wasClean);
  [self checkContract];
}

- (void)dispose {
  [_task invalidate];
  [_queue waitUntilAllOperationsAreFinished];
  [self checkContract];
  [self release];
}

- (void)checkContract {
  [_changed lock];
  NSString *breach = _breach;
  [_changed unlock];
  check(breach == nil, breach, __FILE__, __LINE__);
}

// ---- The delegate ----

- (void)expect:(BOOL)holds orElse:(NSString *)breach {
  if (!holds && !_breach) _breach = [breach copy];
}

- (void)begin:(STSocketTask *)task {
  [_changed lock];
  [self expect:task == _task || !_task orElse:@"an event came with another task"];
  [self expect:!_isInside orElse:@"an event came inside another one"];
  [self expect:_closes == 0 orElse:@"an event came after the close"];
  _isInside = YES;
}

- (void)endEvent:(EventKind)kind content:(id)content {
  [_changed broadcast];
  [_changed unlock];
  @try {
    if (_hook) _hook(self, kind, content);
  } @finally {
    [_changed lock];
    _isInside = NO;
    [_changed unlock];
  }
}

- (void)socketTask:(STSocketTask *)task didOpen:(STSocketTaskOpenEvent *)event {
  [self begin:task];
  [self expect:_opens <= _reconnectings && _errors == 0 orElse:@"the open event came twice, or late"];
  [self expect:event.HTTPStatus == 101 orElse:@"open with another status than 101"];
  [_open release];
  _open = [event retain];
  _opens++;
  [self endEvent:EventOpen content:event];
}

- (void)message:(id)message into:(NSMutableArray *)array kind:(EventKind)kind task:(STSocketTask *)task {
  [self begin:task];
  [self expect:_opens > 0 && _opens <= _reconnectings + 1 && _errors == 0 orElse:@"a message came too early, or late"];
  if (!_forgetful) [array addObject:message];
  _messages++;
  [self endEvent:kind content:message];
}

- (void)socketTask:(STSocketTask *)task didReceiveText:(NSString *)text {
  [self message:text into:_texts kind:EventText task:task];
}

- (void)socketTask:(STSocketTask *)task didReceiveData:(NSData *)data {
  [self message:data into:_data kind:EventData task:task];
}

- (void)socketTask:(STSocketTask *)task didReceivePong:(NSData *)data roundTripTime:(NSTimeInterval)roundTripTime {
  [self begin:task];
  _roundTripTime = roundTripTime;
  _pongs++;
  [self endEvent:EventPong content:data];
}

- (void)socketTask:(STSocketTask *)task didDrain:(uint64_t)sentMessages {
  [self begin:task];
  [self expect:sentMessages >= _sent orElse:@"the count of sent messages fell"];
  _sent = sentMessages;
  _drains++;
  [self endEvent:EventDrain content:nil];
}

- (void)socketTask:(STSocketTask *)task isSuspectAfter:(NSTimeInterval)silence {
  [self begin:task];
  [self expect:_suspicions == _revivals orElse:@"it became suspect twice"];
  _silence = silence;
  _suspicions++;
  [self endEvent:EventSuspect content:nil];
}

- (void)socketTaskIsAlive:(STSocketTask *)task {
  [self begin:task];
  [self expect:_suspicions == _revivals + 1 orElse:@"it is alive and was not suspect"];
  _revivals++;
  [self endEvent:EventAlive content:nil];
}

- (void)socketTask:(STSocketTask *)task willReconnect:(STSocketTaskReconnectingEvent *)event {
  [self begin:task];
  [self expect:_errors == 0 orElse:@"another attempt was told of after the error"];
  [_reconnecting release];
  _reconnecting = [event retain];
  _reconnectings++;
  [self endEvent:EventReconnecting content:event];
}

- (void)socketTask:(STSocketTask *)task didFailWithError:(NSError *)error {
  [self begin:task];
  [self expect:_errors == 0 orElse:@"a second error came"];
  _error = [error retain];
  _errors++;
  [self endEvent:EventError content:error];
}

- (void)socketTask:(STSocketTask *)task didClose:(STSocketTaskCloseEvent *)event {
  [self begin:task];
  _close = [event retain];
  _closes++;
  [self endEvent:EventClose content:event];
}

@end
