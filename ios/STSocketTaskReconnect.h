#ifdef __OBJC__ // A C source of a pod with modules is shown all of this module.

#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

@class STSocketTaskOptions;

/// How a connection was lost, or why it could not be made. Immutable.
@interface STSocketTaskLoss : NSObject {
@private
  NSInteger _code;
  NSString *_reason;
  BOOL _wasClean;
  NSError *_error;
}

/// The close code, as `STSocketTaskCloseEvent` has it.
@property(nonatomic, readonly) NSInteger code;
/// The peer's reason; empty for none.
@property(nonatomic, readonly) NSString *reason;
/// Whether both sides sent a Close frame (RFC 6455, section 7.1.4).
@property(nonatomic, readonly) BOOL wasClean;
/// Why it failed, of `STSocketTaskErrorDomain`; nil where a Close frame of the peer has ended it.
@property(nonatomic, readonly, nullable) NSError *error;

- (instancetype)init __attribute__((unavailable));

@end

/// A connection was lost or could not be made, and another attempt follows. Immutable.
@interface STSocketTaskReconnectingEvent : NSObject {
@private
  NSInteger _attempt;
  NSTimeInterval _delay;
  STSocketTaskLoss *_loss;
  NSUInteger _keptMessages;
  NSUInteger _failedMessages;
}

/// Which attempt in a row comes now; 1 after a connection that was open long enough.
@property(nonatomic, readonly) NSInteger attempt;
/// How long until then, in seconds, unless the network or the app's coming to the foreground brings it nearer, or their
/// absence puts it off.
@property(nonatomic, readonly) NSTimeInterval delay;
/// What has happened.
@property(nonatomic, readonly) STSocketTaskLoss *loss;
/// How many messages that were queued and not handed to the operating system are kept: the oldest.
@property(nonatomic, readonly) NSUInteger keptMessages;
/// How many of those messages have failed: all that are not kept.
@property(nonatomic, readonly) NSUInteger failedMessages;

- (instancetype)init __attribute__((unavailable));

@end

/// The question what the next attempt is to be made with. To be answered once, sooner or later, on any thread. One that is
/// not answered within the `timeout` of an attempt has failed.
@interface STSocketTaskRefresh : NSObject {
@private
  uint64_t _handle;
  uint64_t _ticket;
  NSInteger _attempt;
  STSocketTaskLoss *_loss;
}

/// Which attempt in a row it is, from 1.
@property(nonatomic, readonly) NSInteger attempt;
/// What has happened.
@property(nonatomic, readonly) STSocketTaskLoss *loss;

/// Answers: with this URL, and the headers and protocols of `options`, which take the place of all that there were, for
/// this attempt and those after it. What else `options` has is not used. NO, with an error of `STSocketTaskRefusalDomain`,
/// for what is not acceptable, and the question is open then; or when the answer is not awaited any more.
- (BOOL)connectWithURL:(NSURL *)URL options:(nullable STSocketTaskOptions *)options error:(NSError **)error;
/// Answers: with what the last attempt was made with. NO when the answer is not awaited any more.
- (BOOL)connectAsBefore;
/// Answers: there is nothing to connect with now. The attempt has failed, and another follows by the same rules. NO when
/// the answer is not awaited any more.
- (BOOL)fail;

- (instancetype)init __attribute__((unavailable));

@end

/// Is asked before each attempt but the first, on the task's callback queue. An NSException fails the attempt.
typedef void (^STRefresher)(STSocketTaskRefresh *refresh);

/// Has the last word on whether there is another attempt; `would` is what the rules say. On the task's callback queue. After
/// an NSException the rules hold, and when the queue does not come to it within the `timeout` of an attempt.
typedef BOOL (^STReconnectDecider)(STSocketTaskLoss *loss, BOOL would);

/// How a connection that was lost or could not be made is followed by another one. Times are in seconds.
@interface STSocketTaskReconnectOptions : NSObject {
@private
  NSTimeInterval _minDelay;
  NSTimeInterval _maxDelay;
  double _factor;
  NSInteger _maxAttempts;
  NSTimeInterval _stableAfter;
  NSArray *_stopCodes;
  NSInteger _queue;
  BOOL _whileHidden;
  STRefresher _refresh;
  STReconnectDecider _shouldReconnect;
}

/// Before attempt n in a row a random time between 0 and min(`maxDelay`, `minDelay` · `factor`ⁿ⁻¹) is waited ("full
/// jitter"), so that clients that a server has lost all at once do not come back all at once; by default 1.
@property(nonatomic) NSTimeInterval minDelay;
/// By default 30.
@property(nonatomic) NSTimeInterval maxDelay;
/// 1 or more; by default 2.
@property(nonatomic) double factor;
/// How many attempts in a row are made after the first; 0, the default: as many as it takes.
@property(nonatomic) NSInteger maxAttempts;
/// How long a connection has to be open for the attempts to be counted anew; by default 5.
@property(nonatomic) NSTimeInterval stableAfter;
/// Close codes of the server after which there is no other attempt, 1000 to 4999; by default 1000 alone. nil: none.
@property(nonatomic, copy, nullable) NSArray<NSNumber *> *stopCodes;
/// How many bytes of messages are kept for the next connection, where each message counts 64 more; 0, the default, keeps
/// none. Those are kept that were not handed to the operating system when a connection was lost, and that are sent between
/// connections; they are sent in order.
@property(nonatomic) NSInteger queue;
/// Whether attempts are made while the app is in the background; NO by default.
@property(nonatomic) BOOL whileHidden;
/// With one, HTTP 401 and 403 are followed by one more attempt if it gives something new; they are the end without.
@property(nonatomic, copy, nullable) STRefresher refresh;
/// `maxAttempts` holds all the same.
@property(nonatomic, copy, nullable) STReconnectDecider shouldReconnect;

@end

NS_ASSUME_NONNULL_END

#endif
