#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// What iOS tells the library, for all connections of the app: the system's proxy, whether there is a network and that it
/// has changed, and that the app comes to the foreground or leaves it.
@interface STPlatform : NSObject

/// Begins to tell. Any thread, any number of times.
+ (void)install;

@end

NS_ASSUME_NONNULL_END
