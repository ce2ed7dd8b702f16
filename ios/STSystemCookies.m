#import "STSystemCookies.h"

#import <Foundation/Foundation.h>

#import "STConversions.h"
#import "STDialect.h"
#import "STExceptions.h"

void STAnswerSystemCookies(const char *url, size_t length, socket_task_answer *answer, void *context) {
  (void)context;
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      // The storage knows what is secure by the scheme: by https:, and not by wss:.
      NSURL *asked = STHTTPComponents(url, length).URL;
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
      NSURL *from = STHTTPComponents(url, urlLength).URL;
      NSString *field = STStringWithUTF8(value, valueLength);
      if (from && field) {
        NSDictionary *fields = [NSDictionary dictionaryWithObject:field forKey:@"Set-Cookie"];
        NSArray *cookies = [NSHTTPCookie cookiesWithResponseHeaderFields:fields forURL:from];
        [[NSHTTPCookieStorage sharedHTTPCookieStorage] setCookies:cookies forURL:from mainDocumentURL:nil];
      }
    })
  }
}
