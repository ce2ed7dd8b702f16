#import <UIKit/UIKit.h>

NS_ASSUME_NONNULL_BEGIN

/// Asks iOS not to suspend the app while connections that `socket_task_hide` is to close are not closed yet. Any thread.
@interface STBackgroundTime : NSObject

/// From now on iOS is asked.
+ (void)install;
/// The app has left the screen.
+ (void)applicationDidEnterBackground:(UIApplication *)application;
/// It is back.
+ (void)applicationWillEnterForeground;

@end

NS_ASSUME_NONNULL_END
