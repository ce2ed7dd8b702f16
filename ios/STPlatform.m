#import "STPlatform.h"

#import <Network/Network.h>
#import <UIKit/UIKit.h>
#import <pthread.h>

#import "STSystemCookies.h"
#import "STSystemProxy.h"
#import "socket_task.h"

/// How long a connection may take to give a sign of life after such a change.
static const uint32_t kProbeDeadlineMilliseconds = 5000;

static void STFollowForeground(void) {
  // While the app was suspended the system may have taken its connections away, or their peers have given them up.
  [[NSNotificationCenter defaultCenter] addObserver:[STPlatform class]
                                           selector:@selector(applicationWillEnterForeground:)
                                               name:UIApplicationWillEnterForegroundNotification
                                             object:nil];
}

static void STFollowNetwork(void) {
  // For the life of the process.
  static nw_path_monitor_t monitor;
  monitor = nw_path_monitor_create();
  nw_path_monitor_set_queue(monitor, dispatch_get_global_queue(QOS_CLASS_UTILITY, 0));
  __block BOOL isFirst = YES;
  nw_path_monitor_set_update_handler(monitor, ^(nw_path_t path) {
    // The first update says how things are, and nothing of a change.
    const BOOL isChange = !isFirst;
    isFirst = NO;
    if (isChange && nw_path_get_status(path) == nw_path_status_satisfied) {
      socket_task_probe_all(kProbeDeadlineMilliseconds);
    }
  });
  nw_path_monitor_start(monitor);
}

static void STInstall(void) {
  socket_task_set_system_proxy_hook(STAnswerSystemProxy, NULL);
  socket_task_set_system_cookie_hook(STAnswerSystemCookies, STKeepSystemCookie, NULL);
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
  socket_task_probe_all(kProbeDeadlineMilliseconds);
}

@end
