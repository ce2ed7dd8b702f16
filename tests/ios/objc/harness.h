// What the tests share: a delegate that records and holds what it is told against the contract, and a small runner. The
// environment tells where the test server is, as scripts/with-echo-server says.

#import <Foundation/Foundation.h>

#import "STSocketTask.h"

/// Ends the running test as failed when the condition does not hold.
#define CHECK(...) check((__VA_ARGS__), @ #__VA_ARGS__, __FILE__, __LINE__)
/// Two objects are equal.
#define CHECK_EQUAL(expected, actual) checkEqual((expected), (actual), @ #actual, __FILE__, __LINE__)

void check(BOOL holds, NSString *what, const char *file, int line);
void checkEqual(id expected, id actual, NSString *what, const char *file, int line);

struct test {
  const char *name;
  void (*run)(void);
};

/// Runs the tests, prints a line for each. Returns how many have failed.
unsigned runTests(const char *group, const struct test *tests, size_t count);
#define RUN_TESTS(group, tests) runTests(group, tests, sizeof(tests) / sizeof(*(tests)))

// The groups.
unsigned runEchoTests(void);
unsigned runFailureTests(void);
unsigned runLifetimeTests(void);
unsigned runOptionTests(void);
unsigned runPlatformTests(void);
unsigned runMemoryTests(void);
unsigned runReconnectTests(void);

typedef NS_ENUM(NSInteger, EventKind) {
  EventOpen,
  EventText,
  EventData,
  EventPong,
  EventDrain,
  EventError,
  EventClose,
  EventSuspect,
  EventAlive,
  EventReconnecting,
};

@class Recorder;

/// Called in each delegate method, after the event was recorded.
typedef void (^Hook)(Recorder *recorder, EventKind kind, id content);

/// A task whose deallocations are counted.
@interface CountedTask : STSocketTask
+ (int)living;
@end

/// A delegate with its task.
@interface Recorder : NSObject <STSocketTaskDelegate> {
@public
  STSocketTask *_task;
  NSOperationQueue *_queue;
  NSCondition *_changed;
  NSString *_breach;
  NSMutableArray *_texts;
  NSMutableArray *_data;
  STSocketTaskOpenEvent *_open;
  STSocketTaskCloseEvent *_close;
  NSError *_error;
  STSocketTaskReconnectingEvent *_reconnecting;
  NSTimeInterval _roundTripTime;
  uint64_t _sent;
  unsigned _opens, _messages, _pongs, _drains, _suspicions, _revivals, _reconnectings, _errors, _closes;
  NSTimeInterval _silence;
  BOOL _forgetful;
  BOOL _isInside;
  Hook _hook;
}
/// Not connected. The queue is one of its own. The server's authority is trusted.
- (instancetype)initWithURL:(NSString *)url options:(STSocketTaskOptions *)options;
- (instancetype)initWithURL:(NSString *)url options:(STSocketTaskOptions *)options queue:(NSOperationQueue *)queue;
- (void)setHook:(Hook)hook;
- (void)connect;
- (void)connectAndWait;
/// Returns when the counter has reached the count; fails the test when it takes too long.
- (void)waitFor:(const unsigned *)counter toReach:(unsigned)count;
- (NSString *)nextText;
- (NSData *)nextData;
/// Closes, waits, and holds the close against the contract.
- (void)finish;
/// Waits for a failure, and holds it against what is expected.
- (void)expectError:(STSocketTaskErrorCode)code phase:(STSocketTaskPhase)phase text:(NSString *)text;
/// Has any event broken the contract?
- (void)checkContract;
/// Invalidates, waits for the callback that is running, if any, checks the contract, and releases the recorder.
- (void)dispose;
@end

/// The test server's URL with this path.
NSString *wsURL(NSString *path);
NSString *wssURL(NSString *path);
/// What the test server has printed for a key.
NSString *serverValue(NSString *key);
/// The options that trust the server's authority.
STSocketTaskOptions *trustingOptions(void);
/// Waits until `condition` holds; NO when that takes too long.
BOOL eventually(BOOL (^condition)(void));
/// Waits until no CountedTask lives.
BOOL allGone(void);
size_t residentKiB(void);
