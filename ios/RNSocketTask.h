#import <Foundation/Foundation.h>

/// Makes the TurboModule `NativeSocketTask` when JavaScript asks for it: the C++ one in cpp/. package.json names the class
/// for React Native's codegen (`codegenConfig.ios.modulesProvider`); nothing else has to know it.
@interface RNSocketTask : NSObject
@end
