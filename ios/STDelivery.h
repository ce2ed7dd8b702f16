#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

typedef NS_ENUM(NSInteger, STEventKind) {
  STEventOpen,
  STEventMessage,
  STEventPong,
  STEventDrain,
  STEventSuspect,
  STEventAlive,
  STEventReconnecting,
  STEventRefresh,
  STEventDecide,
  STEventError,
  STEventClose,
};

/// What the library has told of one connection.
@interface STEvent : NSObject {
@private
  STEventKind _kind;
  id _content;
  int64_t _number;
  NSUInteger _bytes;
}

/// `bytes` is how much memory waits with the event.
- (instancetype)initWithKind:(STEventKind)kind
                     content:(nullable id)content
                      number:(int64_t)number
                       bytes:(NSUInteger)bytes NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

@property(nonatomic, readonly) STEventKind kind;
@property(nonatomic, readonly, nullable) id content;
@property(nonatomic, readonly) int64_t number;
@property(nonatomic, readonly) NSUInteger bytes;

@end

@protocol STDeliveryTarget <NSObject>
/// On the delivery's operation queue, one at a time and in order.
- (void)deliverEvent:(STEvent *)event;
/// Whether so much waits that no more should come. Any thread, but in order, and not twice with the same value. Must not
/// call the delivery.
- (void)deliveryIsFull:(BOOL)full;
@end

/// Carries events from the library's thread to an operation queue of the app's choice.
///
/// Order is kept whatever queue that is, a concurrent one too: never more than one operation is under way, and it takes
/// all that has come meanwhile. After 8 ms it lets the queue's other operations come first and goes on behind them.
@interface STDelivery : NSObject {
@private
  NSOperationQueue *_queue;
  id<STDeliveryTarget> _target;
  NSLock *_lock;
  NSMutableArray *_waiting;
  NSUInteger _waitingBytes;
  BOOL _underWay;
  BOOL _full;
  BOOL _ended;
}

/// Keeps `target` until `-end`.
- (instancetype)initWithQueue:(NSOperationQueue *)queue target:(id<STDeliveryTarget>)target NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

/// Any thread; events are delivered in the order of the calls.
- (void)addEvent:(STEvent *)event;

/// Drops what waits. No event is delivered any more, but for one that another thread is about to deliver at this moment.
/// Any thread, any number of times.
- (void)end;

@end

NS_ASSUME_NONNULL_END
