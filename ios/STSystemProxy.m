#import "STSystemProxy.h"

#import <CFNetwork/CFNetwork.h>
#import <Foundation/Foundation.h>

#import "STConversions.h"
#import "STDialect.h"
#import "STExceptions.h"

/// How long the fetching and running of a PAC file may take.
static const CFTimeInterval kAutoConfigurationTimeout = 10;

/// The system's rules are for the schemes that it knows; the path is none of their business, nor of a PAC file's.
static NSURL *STRuleURL(const char *url, size_t length) {
  NSURLComponents *components = STHTTPComponents(url, length);
  components.path = @"/";
  components.query = nil;
  return components.URL;
}

// ---- Automatic configuration ----

/// What a script's callback leaves behind: a +1 array, or NULL.
struct STScriptResult {
  CFArrayRef proxies;
};

static void STScriptDone(void *client, CFArrayRef proxies, CFErrorRef error) {
  struct STScriptResult *result = client;
  if (!error && proxies) result->proxies = (CFArrayRef)CFRetain(proxies);
  CFRunLoopStop(CFRunLoopGetCurrent());
}

/// The proxies that a PAC file names; nil when it cannot be fetched in time or fails. `proxy` names the file, or holds its
/// text.
static NSArray *STProxiesByScript(NSDictionary *proxy, NSURL *url) {
  struct STScriptResult result = {NULL};
  CFStreamClientContext context = {0, &result, NULL, NULL, NULL};
  CFRunLoopSourceRef source = NULL;
  NSURL *location = [proxy objectForKey:(__bridge NSString *)kCFProxyAutoConfigurationURLKey];
  NSString *script = [proxy objectForKey:(__bridge NSString *)kCFProxyAutoConfigurationJavaScriptKey];
  if (location) {
    source = CFNetworkExecuteProxyAutoConfigurationURL((__bridge CFURLRef)location, (__bridge CFURLRef)url,
                                                       STScriptDone, &context);
  } else if (script) {
    source = CFNetworkExecuteProxyAutoConfigurationScript((__bridge CFStringRef)script, (__bridge CFURLRef)url,
                                                          STScriptDone, &context);
  }
  if (!source) return nil;
  // A mode of its own, so that nothing else runs on this thread of the library meanwhile.
  CFStringRef mode = CFSTR("com.sockettask.proxy");
  CFRunLoopAddSource(CFRunLoopGetCurrent(), source, mode);
  CFRunLoopRunInMode(mode, kAutoConfigurationTimeout, false);
  CFRunLoopSourceInvalidate(source);
  CFRelease(source);
  return CFBridgingRelease(result.proxies);
}

// ---- The proxy's URL ----

static NSString *STEscaped(NSString *text) {
  return [text stringByAddingPercentEncodingWithAllowedCharacters:[NSCharacterSet alphanumericCharacterSet]];
}

/// nil for a connection without a proxy, and for a kind of proxy that the library does not know.
static NSString *STProxyURL(NSDictionary *proxy) {
  NSString *type = [proxy objectForKey:(__bridge NSString *)kCFProxyTypeKey];
  NSString *scheme = nil;
  // "HTTPS" is for https: URLs; the way to the proxy itself is not encrypted.
  if ([type isEqualToString:(__bridge NSString *)kCFProxyTypeHTTP] ||
      [type isEqualToString:(__bridge NSString *)kCFProxyTypeHTTPS]) {
    scheme = @"http";
  } else if ([type isEqualToString:(__bridge NSString *)kCFProxyTypeSOCKS]) {
    scheme = @"socks5";
  }
  NSString *host = [proxy objectForKey:(__bridge NSString *)kCFProxyHostNameKey];
  if (!scheme || host.length == 0) return nil;
  if ([host rangeOfString:@":"].location != NSNotFound && ![host hasPrefix:@"["]) {
    host = [NSString stringWithFormat:@"[%@]", host];
  }
  NSString *credentials = @"";
  NSString *user = [proxy objectForKey:(__bridge NSString *)kCFProxyUsernameKey];
  NSString *password = [proxy objectForKey:(__bridge NSString *)kCFProxyPasswordKey];
  if (user) credentials = [NSString stringWithFormat:@"%@:%@@", STEscaped(user), password ? STEscaped(password) : @""];
  NSNumber *port = [proxy objectForKey:(__bridge NSString *)kCFProxyPortNumberKey];
  NSString *suffix = port ? [NSString stringWithFormat:@":%d", port.intValue] : @"";
  return [NSString stringWithFormat:@"%@://%@%@%@", scheme, credentials, host, suffix];
}

/// The first entry that the library can follow; a script's entries stand in the script's place. nil: directly.
static NSString *STFirstProxyURL(NSArray *proxies, NSURL *url, BOOL mayRunScript) {
  for (NSDictionary *proxy in proxies) {
    NSString *type = [proxy objectForKey:(__bridge NSString *)kCFProxyTypeKey];
    if ([type isEqualToString:(__bridge NSString *)kCFProxyTypeNone]) return nil;
    if ([type isEqualToString:(__bridge NSString *)kCFProxyTypeAutoConfigurationURL] ||
        [type isEqualToString:(__bridge NSString *)kCFProxyTypeAutoConfigurationJavaScript]) {
      NSArray *named = mayRunScript ? STProxiesByScript(proxy, url) : nil;
      if (named) return STFirstProxyURL(named, url, NO);
      continue;
    }
    NSString *proxyURL = STProxyURL(proxy);
    if (proxyURL) return proxyURL;
  }
  return nil;
}

static NSString *STSystemProxyURL(NSURL *url) {
  NSDictionary *settings = CFBridgingRelease(CFNetworkCopySystemProxySettings());
  if (!settings || !url) return nil;
  NSArray *proxies =
      CFBridgingRelease(CFNetworkCopyProxiesForURL((__bridge CFURLRef)url, (__bridge CFDictionaryRef)settings));
  return STFirstProxyURL(proxies, url, YES);
}

void STAnswerSystemProxy(const char *url, size_t length, socket_task_answer *answer, void *context) {
  (void)context;
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      NSData *proxy = STUTF8(STSystemProxyURL(STRuleURL(url, length)));
      if (proxy) socket_task_answer_set(answer, proxy.bytes, proxy.length);
    })
  }
}
