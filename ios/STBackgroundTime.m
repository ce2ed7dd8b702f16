#import "STBackgroundTime.h"

#import "STDialect.h"
#import "STExceptions.h"
#import "socket_task.h"

// All of them under the class's lock.
/// How many connections need time.
static NSUInteger needs;
/// nil while the app is on the screen, and in an extension of an app, which has none.
static UIApplication *hidden;
static BOOL isAsking;
static UIBackgroundTaskIdentifier identifier;

static void STEndAsking(void) {
  if (!isAsking) return;
  isAsking = NO;
  [hidden endBackgroundTask:identifier];
}

static void STAskAgain(void) {
  if (needs == 0 || !hidden) {
    STEndAsking();
    return;
  }
  if (isAsking) return;
  isAsking = YES;
  identifier = [hidden beginBackgroundTaskWithName:@"socket-task"
                                 expirationHandler:^{
                                   @synchronized([STBackgroundTime class]) {
                                     STEndAsking();
                                   }
                                 }];
}

static void STNeedsTime(bool begins, void *context) {
  (void)context;
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      @synchronized([STBackgroundTime class]) {
        needs = begins ? needs + 1 : needs - 1;
        STAskAgain();
      }
    })
  }
}

@implementation STBackgroundTime

+ (void)install {
  socket_task_set_background_time_hook(STNeedsTime, NULL);
}

+ (void)applicationDidEnterBackground:(UIApplication *)application {
  @synchronized(self) {
    hidden = ST_RETAIN(application);
    STAskAgain();
  }
}

+ (void)applicationWillEnterForeground {
  @synchronized(self) {
    STEndAsking();
    ST_RELEASE(hidden);
    hidden = nil;
  }
}

@end
