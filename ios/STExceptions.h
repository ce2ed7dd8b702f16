#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// What `+[STSocketTask setExceptionHandler:]` sets.
void STSetExceptionHandler(void (^_Nullable handler)(NSException *exception));

/// Tells the handler, or the log, of an exception that the app's code has thrown. `exception` is nil for one that is no
/// NSException. Any thread.
void STReportException(NSException *_Nullable exception);

/// Runs a statement of the app's code. Exceptions end here: on their way through the library's frames they would end the
/// process, and on the callback queue's they would end its thread.
#define ST_CONTAIN(...)                \
  @try {                               \
    __VA_ARGS__;                       \
  } @catch (NSException * exception) { \
    STReportException(exception);      \
  } @catch (...) {                     \
    STReportException(nil);            \
  }

NS_ASSUME_NONNULL_END
