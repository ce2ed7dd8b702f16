#import <Foundation/Foundation.h>

#import "STSocketTaskReconnect.h"
#import "socket_task.h"

NS_ASSUME_NONNULL_BEGIN

/// The question whether a loss is followed by another attempt.
@interface STDecision : NSObject {
@private
  socket_task_handle _handle;
  uint64_t _ticket;
  STSocketTaskLoss *_loss;
  BOOL _would;
}

- (instancetype)initWithHandle:(socket_task_handle)handle
                          loss:(const socket_task_loss *)loss
                         would:(BOOL)would
                        ticket:(uint64_t)ticket NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

@property(nonatomic, readonly) STSocketTaskLoss *loss;
@property(nonatomic, readonly) BOOL would;

- (void)answer:(BOOL)shouldReconnect;

@end

/// Who answers what is asked between two connections: the app's blocks.
@interface STQuestions : NSObject {
@private
  NSLock *_lock;
  STRefresher _refresh;
  STReconnectDecider _shouldReconnect;
}

/// Copies the blocks.
- (instancetype)initWithOptions:(nullable STSocketTaskReconnectOptions *)options NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

@property(nonatomic, readonly) BOOL hasRefresh;
@property(nonatomic, readonly) BOOL hasDecider;

/// Calls the app's block, if it was not forgotten. What it throws fails the attempt.
- (void)askRefresh:(STSocketTaskRefresh *)refresh;
/// Calls the app's block, if it was not forgotten. After what it throws the rules hold.
- (void)askDecision:(STDecision *)decision;
/// Lets go of the blocks. Any thread.
- (void)forget;

@end

@interface STSocketTaskLoss (C)
- (instancetype)initWithLoss:(const socket_task_loss *)loss;
@end

@interface STSocketTaskReconnectingEvent (C)
- (instancetype)initWithEvent:(const socket_task_reconnecting *)reconnecting;
@end

@interface STSocketTaskRefresh (C)
- (instancetype)initWithHandle:(socket_task_handle)handle
                       attempt:(uint32_t)attempt
                          loss:(const socket_task_loss *)loss
                        ticket:(uint64_t)ticket;
@end

NS_ASSUME_NONNULL_END
