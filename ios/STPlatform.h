#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// What iOS tells the library, for all connections of the app: the system's proxy, that the network has changed, and that
/// the app comes to the foreground.
@interface STPlatform : NSObject

/// Begins to tell. Any thread, any number of times.
+ (void)install;

@end

NS_ASSUME_NONNULL_END
