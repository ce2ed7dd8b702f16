// Compiles only where RNSocketTask conforms to RCTModuleProvider.

#import "../../ios/RNSocketTask.mm"

__attribute__((unused)) static id<RCTModuleProvider> provider(RNSocketTask *task) {
  return task;
}
