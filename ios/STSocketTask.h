// A WebSocket for native code of an app: the one that the app's JavaScript uses, without React Native. Foundation only.

#ifdef __OBJC__ // A C source of a pod with modules is shown all of this module.

#import <Foundation/Foundation.h>

#import "STSocketTaskError.h"
#import "STSocketTaskEvents.h"
#import "STSocketTaskOptions.h"
#import "STSocketTaskReconnect.h"

NS_ASSUME_NONNULL_BEGIN

@class STConnection;
@class STSocketTask;

/// Where in its life a connection is.
typedef NS_ENUM(NSInteger, STSocketTaskReadyState) {
  /// `-connect:` was not called yet.
  STSocketTaskReadyStateNew = -1,
  /// On the way: from the DNS look-up to the opening handshake.
  STSocketTaskReadyStateConnecting = 0,
  /// Messages go both ways.
  STSocketTaskReadyStateOpen = 1,
  /// The closing handshake has begun, from either side, or the connection is failing.
  STSocketTaskReadyStateClosing = 2,
  /// Over.
  STSocketTaskReadyStateClosed = 3,
};

/// How much is logged. Each level includes the ones before.
typedef NS_ENUM(NSInteger, STSocketTaskLogLevel) {
  STSocketTaskLogLevelOff = 0,
  STSocketTaskLogLevelError = 1,
  STSocketTaskLogLevelWarn = 2,
  STSocketTaskLogLevelInfo = 3,
  STSocketTaskLogLevelDebug = 4,
};

/// Is told what happens, on the task's callback queue, one call at a time, in the order in which it happened.
///
/// An NSException that a method throws goes no further: see `+[STSocketTask setExceptionHandler:]`.
@protocol STSocketTaskDelegate <NSObject>
@optional

/// The connection is open. At most once; with `reconnect` of the options once for each connection.
- (void)socketTask:(STSocketTask *)task didOpen:(STSocketTaskOpenEvent *)event;
/// A text message came.
- (void)socketTask:(STSocketTask *)task didReceiveText:(NSString *)text;
/// A binary message came. A large one is the memory that it was received in, which lives as long as the NSData does; so
/// keep a copy of a part, not the whole, where a part is what is needed.
- (void)socketTask:(STSocketTask *)task didReceiveData:(NSData *)data;
/// A pong came. `roundTripTime` is the time since the ping that it answers, in seconds; -1 when it answers none.
- (void)socketTask:(STSocketTask *)task didReceivePong:(NSData *)data roundTripTime:(NSTimeInterval)roundTripTime;
/// Messages were handed to the operating system, `sentMessages` so far; once for all that were at the same time. Or the
/// send queue has room again, half of its limit, after a send was refused for it.
- (void)socketTask:(STSocketTask *)task didDrain:(uint64_t)sentMessages;
/// The peer is suspect: half of the time for an answer to a ping of `pingInterval` or of `-probeWithDeadline:` has passed,
/// `silence` seconds, and nothing has come from it. At most once until `-socketTaskIsAlive:` or the end.
- (void)socketTask:(STSocketTask *)task isSuspectAfter:(NSTimeInterval)silence;
/// The peer that was suspect lives: it has sent something, or has acknowledged what was sent before the question.
- (void)socketTaskIsAlive:(STSocketTask *)task;
/// The connection was lost or could not be made, and another attempt follows; with `reconnect` of the options only. In the
/// place of `-socketTask:didFailWithError:` and `-socketTask:didClose:`.
- (void)socketTask:(STSocketTask *)task willReconnect:(STSocketTaskReconnectingEvent *)event;
/// The connection failed: at most once, and always followed by `-socketTask:didClose:`. Not called for a connection that
/// the app itself closed.
- (void)socketTask:(STSocketTask *)task didFailWithError:(NSError *)error;
/// The connection is over. Exactly once for each `-connect:` that returned YES, and last.
- (void)socketTask:(STSocketTask *)task didClose:(STSocketTaskCloseEvent *)event;

@end

/// One WebSocket connection.
///
/// Threads: every method may be called on every thread, inside callbacks too, and none blocks.
///
/// Lifetime: from `-connect:` until its close was told the task keeps itself alive, so that nobody has to hold it. Then,
/// or with `-invalidate`, it lets go of its blocks, and with them of what they hold: a block that mentions its own task
/// is a cycle only until then. A task that was never connected, and has such a block, needs `-invalidate`. A task that is
/// deallocated is invalidated by that.
///
/// Memory: while the callback queue is busy, messages wait. With more than 4 MiB of them nothing more is read from the
/// network, so that the server waits too.
@interface STSocketTask : NSObject {
@private
  STConnection *_connection;
  NSLock *_lock;
  id _delegateStorage;
  void (^_onOpen)(STSocketTaskOpenEvent *);
  void (^_onText)(NSString *);
  void (^_onData)(NSData *);
  void (^_onPong)(NSData *, NSTimeInterval);
  void (^_onDrain)(uint64_t);
  void (^_onSuspect)(NSTimeInterval);
  void (^_onAlive)(void);
  void (^_onReconnecting)(STSocketTaskReconnectingEvent *);
  void (^_onError)(NSError *);
  void (^_onClose)(STSocketTaskCloseEvent *);
}

/// A task that is not connected yet.
///
/// `URL` begins with `ws:` or `wss:`; it is used as `absoluteString` has it. `options` is read here, not kept. Callbacks
/// come on `queue`, the main queue if it is nil; a queue over a dispatch queue is one with that as `underlyingQueue`.
/// Returns nil, and an error of `STSocketTaskRefusalDomain`, when the URL or an option is not acceptable.
- (nullable instancetype)initWithURL:(NSURL *)URL
                             options:(nullable STSocketTaskOptions *)options
                               queue:(nullable NSOperationQueue *)queue
                               error:(NSError **)error NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

/// Not retained. Without ARC it has to be set to nil before the delegate is deallocated.
@property(nonatomic, weak, nullable) id<STSocketTaskDelegate> delegate;

// The same as the delegate's methods, each called after the method. Set them before `-connect:`, so that nothing is
// missed.
@property(copy, nullable) void (^onOpen)(STSocketTaskOpenEvent *event);
@property(copy, nullable) void (^onText)(NSString *text);
@property(copy, nullable) void (^onData)(NSData *data);
@property(copy, nullable) void (^onPong)(NSData *data, NSTimeInterval roundTripTime);
@property(copy, nullable) void (^onDrain)(uint64_t sentMessages);
@property(copy, nullable) void (^onSuspect)(NSTimeInterval silence);
@property(copy, nullable) void (^onAlive)(void);
@property(copy, nullable) void (^onReconnecting)(STSocketTaskReconnectingEvent *event);
@property(copy, nullable) void (^onError)(NSError *error);
@property(copy, nullable) void (^onClose)(STSocketTaskCloseEvent *event);

/// Starts to connect. What comes of it is told by the callbacks. NO when it was connected before, or the options do not
/// fit together.
- (BOOL)connect:(NSError **)error;

/// Opens a connection in advance: the next `-connect:` of a task with the same URL and equal options, this one or
/// another, adopts it. It is closed when it was not adopted within `lifetime` seconds; 0 stands for 30. Tasks with blocks
/// among their options share none with others.
- (BOOL)prewarmWithLifetime:(NSTimeInterval)lifetime error:(NSError **)error;

/// Queues a text message. NO when the connection is not open, the send queue is full, or the string is not valid Unicode;
/// then nothing was queued, and the connection stays as it was.
- (BOOL)sendText:(NSString *)text error:(NSError **)error;
/// Queues a binary message. The bytes are copied once, into the frame. NO as for `-sendText:error:`.
- (BOOL)sendData:(NSData *)data error:(NSError **)error;
/// Queues a ping with up to 125 bytes; nil stands for none. Its pong is told by the callbacks.
- (BOOL)pingWithData:(nullable NSData *)data error:(NSError **)error;

/// Closes with code 1000.
- (BOOL)close:(NSError **)error;
/// Closes the connection: one that is open after the messages queued, by the closing handshake; one on its way at once.
/// On a connection that is closing or closed already nothing happens, and that is no error.
///
/// `code` is 1000 to 1003, 1007 to 1014 or 3000 to 4999; 0 sends none. `reason` has at most 123 bytes of UTF-8, and
/// needs a code. NO when they are not acceptable, or before `-connect:`; the connection stays as it was then.
- (BOOL)closeWithCode:(NSInteger)code reason:(nullable NSString *)reason error:(NSError **)error;

/// Stops reading from the network, so that a peer that sends too fast is slowed down. What has come already is told. Pings
/// of the peer stay unanswered meanwhile, and its closing unnoticed. `-close…` ends the pause. Nothing before `-connect:`.
- (void)pause;
/// Reads on after `-pause`.
- (void)resume;

/// Asks an open connection for a sign of life: when nothing comes from the peer within `deadline` seconds, it has failed.
/// The library does this by itself when the app comes to the foreground and when the network has changed.
- (void)probeWithDeadline:(NSTimeInterval)deadline;

/// Ends everything: no callback begins any more on this thread; one that another thread is about to begin may still run.
/// A connection on its way is aborted, an open one is closed with code 1001 in the background, after the messages queued.
- (void)invalidate;

/// Where the connection is now; callbacks may be behind. Closed after `-invalidate`.
@property(nonatomic, readonly) STSocketTaskReadyState readyState;
/// How many bytes of messages and pings were accepted and not yet handed to the operating system, framing not counted. 0
/// after `-invalidate`.
@property(nonatomic, readonly) NSUInteger bufferedAmount;
/// The sub-protocol that the server chose; empty for none, before the connection is open, and after `-invalidate`.
@property(nonatomic, readonly) NSString *protocol;

/// The library's version.
@property(class, nonatomic, readonly) NSString *version;
/// `-probeWithDeadline:` for every open connection of the app, those of JavaScript too.
+ (void)probeAllWithDeadline:(NSTimeInterval)deadline;
/// Where the log goes, for the whole library; nil: nowhere. No header value, URL credential or content of a message is
/// logged. `handler` is called on any thread, several at once.
+ (void)setLogLevel:(STSocketTaskLogLevel)level handler:(void (^_Nullable)(STSocketTaskLogLevel level, NSString *line))handler;
/// Where the exceptions go that the app's callbacks throw, on the callback's thread; nil, the default: into NSLog. For
/// those of the blocks among the options too.
+ (void)setExceptionHandler:(void (^_Nullable)(NSException *exception))handler;

@end

NS_ASSUME_NONNULL_END

#endif
