#import "STQuestions.h"

#import "STDialect.h"
#import "STExceptions.h"

@implementation STDecision

@synthesize loss = _loss, would = _would;

- (instancetype)initWithHandle:(socket_task_handle)handle
                          loss:(const socket_task_loss *)loss
                         would:(BOOL)would
                        ticket:(uint64_t)ticket {
  if ((self = [super init])) {
    _handle = handle;
    _ticket = ticket;
    _loss = [[STSocketTaskLoss alloc] initWithLoss:loss];
    _would = would;
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_loss);
  ST_DEALLOC_SUPER();
}

- (void)answer:(BOOL)shouldReconnect {
  socket_task_answer_should_reconnect(_handle, _ticket, shouldReconnect);
}

@end

@implementation STQuestions

- (instancetype)initWithOptions:(STSocketTaskReconnectOptions *)options {
  if ((self = [super init])) {
    _lock = [[NSLock alloc] init];
    _refresh = ST_COPY_BLOCK(options.refresh);
    _shouldReconnect = ST_COPY_BLOCK(options.shouldReconnect);
  }
  return self;
}

- (void)dealloc {
  [self forget];
  ST_RELEASE(_lock);
  ST_DEALLOC_SUPER();
}

- (BOOL)hasRefresh {
  return _refresh != nil;
}

- (BOOL)hasDecider {
  return _shouldReconnect != nil;
}

- (void)askRefresh:(STSocketTaskRefresh *)refresh {
  [_lock lock];
  STRefresher ask = ST_COPY_BLOCK(_refresh);
  [_lock unlock];
  if (!ask) return;
  BOOL isDone = NO;
  ST_CONTAIN({
    ask(refresh);
    isDone = YES;
  })
  if (!isDone) [refresh fail];
  ST_RELEASE_BLOCK(ask);
}

- (void)askDecision:(STDecision *)decision {
  [_lock lock];
  STReconnectDecider ask = ST_COPY_BLOCK(_shouldReconnect);
  [_lock unlock];
  if (!ask) return;
  BOOL answer = decision.would;
  ST_CONTAIN(answer = ask(decision.loss, decision.would))
  [decision answer:answer];
  ST_RELEASE_BLOCK(ask);
}

- (void)forget {
  [_lock lock];
  STRefresher refresh = _refresh;
  STReconnectDecider shouldReconnect = _shouldReconnect;
  _refresh = nil;
  _shouldReconnect = nil;
  [_lock unlock];
  // Not under the lock: what they hold may come back here.
  ST_RELEASE_BLOCK(refresh);
  ST_RELEASE_BLOCK(shouldReconnect);
}

@end
