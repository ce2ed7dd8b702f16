// Compiles only where RNSocketTask conforms to PROTOCOLS, one or several with commas.

#import "../../ios/RNSocketTask.mm"

__attribute__((unused)) static id<PROTOCOLS> conforming(RNSocketTask *task) {
  return task;
}
