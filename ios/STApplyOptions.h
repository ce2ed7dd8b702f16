#import <Foundation/Foundation.h>

#import "STSocketTaskOptions.h"
#import "socket_task.h"

NS_ASSUME_NONNULL_BEGIN

/// Gives a handle in state NEW all options. NO, with an error of the refusal's domain, when one is not acceptable.
BOOL STApplyOptions(STSocketTaskOptions *options, socket_task_handle handle, NSError **_Nullable error);

/// Gives it the header fields and sub-protocols alone.
BOOL STApplyHandshake(STSocketTaskOptions *options, socket_task_handle handle, NSError **_Nullable error);

NS_ASSUME_NONNULL_END
