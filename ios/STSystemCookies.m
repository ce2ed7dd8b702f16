#import "STSystemCookies.h"

#import <Foundation/Foundation.h>

#import "STConversions.h"
#import "STDialect.h"
#import "STExceptions.h"

/// The storage knows what is secure by the scheme: by https:, and not by wss:.
static NSURL *STCookieURL(const char *url, size_t length) {
  NSURLComponents *components = [NSURLComponents componentsWithString:STStringWithUTF8(url, length)];
  components.scheme = [components.scheme isEqualToString:@"wss"] ? @"https" : @"http";
  return components.URL;
}

void STAnswerSystemCookies(const char *url, size_t length, socket_task_answer *answer, void *context) {
  (void)context;
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      NSURL *asked = STCookieURL(url, length);
      NSArray *cookies = asked ? [[NSHTTPCookieStorage sharedHTTPCookieStorage] cookiesForURL:asked] : nil;
      if (cookies.count > 0) {
        NSDictionary *fields = [NSHTTPCookie requestHeaderFieldsWithCookies:cookies];
        NSData *field = STUTF8([fields objectForKey:@"Cookie"]);
        if (field) socket_task_answer_set(answer, field.bytes, field.length);
      }
    })
  }
}

void STKeepSystemCookie(const char *url, size_t urlLength, const char *value, size_t valueLength, void *context) {
  (void)context;
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      NSURL *from = STCookieURL(url, urlLength);
      NSString *field = STStringWithUTF8(value, valueLength);
      if (from && field) {
        NSDictionary *fields = [NSDictionary dictionaryWithObject:field forKey:@"Set-Cookie"];
        NSArray *cookies = [NSHTTPCookie cookiesWithResponseHeaderFields:fields forURL:from];
        [[NSHTTPCookieStorage sharedHTTPCookieStorage] setCookies:cookies forURL:from mainDocumentURL:nil];
      }
    })
  }
}
