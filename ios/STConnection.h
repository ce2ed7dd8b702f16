#import <Foundation/Foundation.h>

#import "STDelivery.h"
#import "STQuestions.h"
#import "STSocketTask.h"
#import "socket_task.h"

NS_ASSUME_NONNULL_BEGIN

/// The half of a task that the library knows: it lives until the library has let go of it, and holds the task from its
/// connecting to its close, so that the task lives at least so long.
@interface STConnection : NSObject <STDeliveryTarget> {
@private
  socket_task_handle _handle;
  STDelivery *_delivery;
  STQuestions *_questions;
  NSLock *_lock;
  STSocketTask *_task;
  BOOL _pausedByApp;
  BOOL _pausedByDelivery;
}

- (nullable instancetype)initWithURL:(NSURL *)URL
                             options:(STSocketTaskOptions *)options
                               queue:(NSOperationQueue *)queue
                               error:(NSError **)error NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

/// Invalid after `-invalidate`.
@property(nonatomic, readonly) socket_task_handle handle;

- (BOOL)connectTask:(STSocketTask *)task error:(NSError **)error;
- (void)setPausedByApp:(BOOL)paused;
- (void)invalidate;

@end

/// What a connection wants of its task.
@interface STSocketTask (Connection)
/// On the callback queue.
- (void)handleEvent:(STEvent *)event;
@end

NS_ASSUME_NONNULL_END
