#import "STHostNames.h"

#import "STConversions.h"
#import "STDialect.h"

/// A host that was percent-encoded was not converted.
static BOOL STIsASCIIDomain(NSString *host) {
  return host.length > 0 && [host canBeConvertedToEncoding:NSASCIIStringEncoding] &&
         [host rangeOfString:@"%"].location == NSNotFound;
}

static NSString *STASCIIDomain(NSString *name) {
  NSURLComponents *components = ST_AUTORELEASE([[NSURLComponents alloc] init]);
  // By name: the SDKs before that of iOS 16 do not have it.
  if ([components respondsToSelector:NSSelectorFromString(@"encodedHost")]) {
    components.host = name;
    NSString *host = [components valueForKey:@"encodedHost"];
    if (STIsASCIIDomain(host)) return host;
  }
  // What is not allowed in an URL was nil before iOS 17.
  NSString *host = [NSURL URLWithString:[NSString stringWithFormat:@"http://%@/", name]].host;
  return STIsASCIIDomain(host) ? host : nil;
}

void STAnswerASCIIDomain(const char *name, size_t length, socket_task_answer *answer, void *context) {
  (void)context;
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    @try {
      NSData *host = STUTF8(STASCIIDomain(STStringWithUTF8(name, length)));
      if (host) socket_task_answer_set(answer, host.bytes, host.length);
    } @catch (NSException *exception) {
      // Foundation does not take the name: it has no such form.
      (void)exception;
    }
  }
}
