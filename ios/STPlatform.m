#import "STPlatform.h"

#import <Network/Network.h>
#import <UIKit/UIKit.h>
#import <pthread.h>

#import "STBackgroundTime.h"
#import "STDialect.h"
#import "STHostNames.h"
#import "STSystemCookies.h"
#import "STSystemProxy.h"
#import "socket_task.h"

/// How long a connection may take to give a sign of life after such a change.
static const uint32_t kProbeDeadlineMilliseconds = 5000;

/// For how long the network has to stay as it is before a change of it is over.
static const int64_t kQuietNanoseconds = 500 * 1000 * 1000;

static void STFollowForeground(void) {
  // While the app was suspended the system may have taken its connections away, or their peers have given them up.
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  [center addObserver:[STPlatform class]
             selector:@selector(applicationWillEnterForeground:)
                 name:UIApplicationWillEnterForegroundNotification
               object:nil];
  [center addObserver:[STPlatform class]
             selector:@selector(applicationDidEnterBackground:)
                 name:UIApplicationDidEnterBackgroundNotification
               object:nil];
}

/// One change comes as several updates, whose end is waited for: a probe while the device goes from one network to the
/// next would find none.
static void STPathUpdated(nw_path_t path, dispatch_queue_t queue) {
  static nw_path_t last;
  static NSUInteger changes;
  // The first update says how things are, and nothing of a change.
  const BOOL isFirst = last == nil;
  if (!isFirst && nw_path_is_equal(path, last)) return;
  ST_RELEASE(last);
  last = ST_RETAIN(path);
  const NSUInteger change = ++changes;
  const nw_path_status_t status = nw_path_get_status(path);
  if (status == nw_path_status_unsatisfied) socket_task_set_network(false);
  if (isFirst || status != nw_path_status_satisfied) return;
  dispatch_after(dispatch_time(DISPATCH_TIME_NOW, kQuietNanoseconds), queue, ^{
    if (change != changes) return;
    socket_task_set_network(true);
    socket_task_probe_all(kProbeDeadlineMilliseconds);
  });
}

static void STFollowNetwork(void) {
  // For the life of the process.
  static nw_path_monitor_t monitor;
  static dispatch_queue_t queue;
  monitor = nw_path_monitor_create();
  queue = dispatch_queue_create("socket-task.network", DISPATCH_QUEUE_SERIAL);
  nw_path_monitor_set_queue(monitor, queue);
  nw_path_monitor_set_update_handler(monitor, ^(nw_path_t path) {
    STPathUpdated(path, queue);
  });
  nw_path_monitor_start(monitor);
}

static void STInstall(void) {
  socket_task_set_domain_to_ascii_hook(STAnswerASCIIDomain, NULL);
  socket_task_set_system_proxy_hook(STAnswerSystemProxy, NULL);
  socket_task_set_system_cookie_hook(STAnswerSystemCookies, STKeepSystemCookie, NULL);
  [STBackgroundTime install];
  STFollowForeground();
  STFollowNetwork();
}

@implementation STPlatform

+ (void)install {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, STInstall);
}

+ (void)applicationWillEnterForeground:(NSNotification *)notification {
  (void)notification;
  [STBackgroundTime applicationWillEnterForeground];
  socket_task_set_foreground(true);
  socket_task_probe_all(kProbeDeadlineMilliseconds);
}

+ (void)applicationDidEnterBackground:(NSNotification *)notification {
  socket_task_set_foreground(false);
  [STBackgroundTime applicationDidEnterBackground:notification.object];
}

@end
