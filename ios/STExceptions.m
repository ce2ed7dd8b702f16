#import "STExceptions.h"

#import <pthread.h>

#import "STDialect.h"

typedef void (^STExceptionHandler)(NSException *);

static pthread_mutex_t handlerLock = PTHREAD_MUTEX_INITIALIZER;
static STExceptionHandler handler;

void STSetExceptionHandler(STExceptionHandler newHandler) {
  STExceptionHandler copy = ST_COPY_BLOCK(newHandler);
  pthread_mutex_lock(&handlerLock);
  // The one before is not freed: another thread may be in it.
  handler = copy;
  pthread_mutex_unlock(&handlerLock);
}

void STReportException(NSException *exception) {
  if (!exception) {
    exception = [NSException exceptionWithName:NSGenericException
                                        reason:@"what was thrown is no NSException"
                                      userInfo:nil];
  }
  pthread_mutex_lock(&handlerLock);
  STExceptionHandler current = handler;
  pthread_mutex_unlock(&handlerLock);
  @try {
    if (current) {
      current(exception);
      return;
    }
  } @catch (...) {
    NSLog(@"STSocketTask: the exception handler has thrown");
  }
  NSLog(@"STSocketTask: a callback has thrown %@: %@", exception.name, exception.reason);
}
