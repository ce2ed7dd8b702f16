#import <Foundation/Foundation.h>

/// `NativeSocketTask` for JavaScript, made when JavaScript asks for it. On the New Architecture it makes the TurboModule,
/// the C++ one in cpp/; on the old it is a module of the bridge, and brings the same C++ into the bridge's runtime.
/// package.json names the class for React Native's codegen (`codegenConfig.ios.modulesProvider`); nothing else has to know
/// it.
@interface RNSocketTask : NSObject
@end
