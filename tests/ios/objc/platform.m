// What iOS tells the library: the sources in ios/ over a stand-in for iOS, see AppleServices.h.

#import "AppleServices.h"
#import "harness.h"
#import "socket_task.h"

#import <CFNetwork/CFNetwork.h>
#import <UIKit/UIKit.h>

static NSDictionary *proxy(CFStringRef type, NSString *host, NSString *portKey) {
  return [NSDictionary dictionaryWithObjectsAndKeys:(id)type, kCFProxyTypeKey, host, kCFProxyHostNameKey,
                                                    [NSNumber numberWithInt:[serverValue(portKey) intValue]],
                                                    kCFProxyPortNumberKey, nil];
}

static NSDictionary *only(CFStringRef type) {
  return [NSDictionary dictionaryWithObject:(id)type forKey:(id)kCFProxyTypeKey];
}

/// A connection by the system's proxy to a host that only the tests' proxies know, or to this machine.
static Recorder *bySystem(BOOL behind) {
  STSocketTaskOptions *options = trustingOptions();
  options.proxySource = STSocketTaskProxySourceSystem;
  NSString *host = behind ? @"echo.test" : @"localhost";
  NSString *url = [NSString stringWithFormat:@"ws://%@:%@/some?secret=1", host, serverValue(@"ws_port")];
  return [[Recorder alloc] initWithURL:url options:options];
}

static void echoes(BOOL behind, NSArray *proxies) {
  setSystemProxies(proxies);
  Recorder *recorder = bySystem(behind);
  [recorder connectAndWait];
  CHECK((recorder->_open.proxyConnect.end > recorder->_open.proxyConnect.start) == behind);
  [recorder finish];
  [recorder dispose];
}

static void proxies(void) {
  takeAskedURLs();
  echoes(YES, [NSArray arrayWithObject:proxy(kCFProxyTypeHTTP, @"127.0.0.1", @"http_proxy_port")]);
  // Asked in terms that the system knows, and without what is none of its business.
  NSString *asked = [NSString stringWithFormat:@"http://echo.test:%@/", serverValue(@"ws_port")];
  CHECK_EQUAL([NSArray arrayWithObject:asked], takeAskedURLs());
  echoes(YES, [NSArray arrayWithObject:proxy(kCFProxyTypeHTTPS, @"127.0.0.1", @"http_proxy_port")]);
  echoes(YES, [NSArray arrayWithObject:proxy(kCFProxyTypeSOCKS, @"127.0.0.1", @"socks_proxy_port")]);
  NSMutableDictionary *withPassword =
      [[proxy(kCFProxyTypeHTTP, @"127.0.0.1", @"http_password_proxy_port") mutableCopy] autorelease];
  [withPassword setObject:@"user" forKey:(id)kCFProxyUsernameKey];
  [withPassword setObject:@"password" forKey:(id)kCFProxyPasswordKey];
  echoes(YES, [NSArray arrayWithObject:withPassword]);
  // Unknown kinds are passed over; "none" is an answer, and no settings are none.
  echoes(YES, [NSArray arrayWithObjects:only(CFSTR("kCFProxyTypeFTP")),
                                        proxy(kCFProxyTypeHTTP, @"127.0.0.1", @"http_proxy_port"), nil]);
  echoes(NO, [NSArray arrayWithObjects:only(kCFProxyTypeNone),
                                       proxy(kCFProxyTypeHTTP, @"127.0.0.1", @"http_proxy_port"), nil]);
  echoes(NO, [NSArray array]);
  echoes(NO, nil);
}

static void automatic_configuration(void) {
  NSDictionary *byURL = [NSDictionary
      dictionaryWithObjectsAndKeys:(id)kCFProxyTypeAutoConfigurationURL, kCFProxyTypeKey,
                                   [NSURL URLWithString:@"http://pac.test/"], kCFProxyAutoConfigurationURLKey, nil];
  NSDictionary *byText = [NSDictionary dictionaryWithObjectsAndKeys:(id)kCFProxyTypeAutoConfigurationJavaScript,
                                                                    kCFProxyTypeKey, @"function …",
                                                                    kCFProxyAutoConfigurationJavaScriptKey, nil];
  for (NSDictionary *script in [NSArray arrayWithObjects:byURL, byText, nil]) {
    setScriptProxies([NSArray arrayWithObject:proxy(kCFProxyTypeHTTP, @"127.0.0.1", @"http_proxy_port")]);
    takeAskedURLs();
    echoes(YES, [NSArray arrayWithObject:script]);
    CHECK([[takeAskedURLs() lastObject] hasPrefix:@"script http://echo.test:"]);
    setScriptProxies([NSArray arrayWithObject:only(kCFProxyTypeNone)]);
    echoes(NO, [NSArray arrayWithObject:script]);
    // A script that names a script is not followed.
    setScriptProxies([NSArray arrayWithObject:script]);
    echoes(NO, [NSArray arrayWithObject:script]);
    // One that fails leaves the word to the entries behind it.
    setScriptProxies(nil);
    echoes(YES, [NSArray arrayWithObjects:script, proxy(kCFProxyTypeSOCKS, @"127.0.0.1", @"socks_proxy_port"), nil]);
  }
}

static NSString *cookieRequest(STSocketTaskOptions *options, NSString *scheme, NSString *portKey) {
  NSString *url = [NSString stringWithFormat:@"%@://localhost:%@/headers?a=b", scheme, serverValue(portKey)];
  Recorder *recorder = [[Recorder alloc] initWithURL:url options:options];
  [recorder connectAndWait];
  NSString *text = [recorder nextText];
  [recorder finish];
  [recorder dispose];
  return text;
}

static void keepCookie(NSString *name, BOOL isSecure) {
  NSMutableDictionary *properties = [NSMutableDictionary dictionary];
  [properties setObject:name forKey:NSHTTPCookieName];
  [properties setObject:@"1" forKey:NSHTTPCookieValue];
  [properties setObject:@"localhost" forKey:NSHTTPCookieDomain];
  [properties setObject:@"/" forKey:NSHTTPCookiePath];
  if (isSecure) [properties setObject:@"TRUE" forKey:NSHTTPCookieSecure];
  [[NSHTTPCookieStorage sharedHTTPCookieStorage] setCookie:[NSHTTPCookie cookieWithProperties:properties]];
}

/// Which of its cookies are for a URL is the storage's own business; GNUstep's does not look at the path.
static void cookies(void) {
  NSHTTPCookieStorage *storage = [NSHTTPCookieStorage sharedHTTPCookieStorage];
  for (NSHTTPCookie *cookie in [NSArray arrayWithArray:[storage cookies]]) [storage deleteCookie:cookie];
  keepCookie(@"everywhere", NO);
  keepCookie(@"encrypted", YES);

  STSocketTaskOptions *options = trustingOptions();
  CHECK([cookieRequest(options, @"ws", @"ws_port") rangeOfString:@"\r\nCookie:"].location == NSNotFound);
  CHECK([[storage cookies] count] == 2);

  options.usesSystemCookies = YES;
  NSString *plain = cookieRequest(options, @"ws", @"ws_port");
  CHECK([plain rangeOfString:@"\r\nCookie: everywhere=1"].location != NSNotFound);
  NSString *encrypted = cookieRequest(options, @"wss", @"wss_port");
  CHECK([encrypted rangeOfString:@"encrypted=1"].location != NSNotFound);
  // Those of the first response went into the second request.
  CHECK([encrypted rangeOfString:@"first=1"].location != NSNotFound);
  CHECK([encrypted rangeOfString:@"second=2"].location != NSNotFound);

  [options addHeader:@"Cookie" value:@"own=1"];
  NSString *own = cookieRequest(options, @"ws", @"ws_port");
  CHECK([own rangeOfString:@"\r\nCookie: own=1"].location != NSNotFound);
  CHECK([own rangeOfString:@"everywhere"].location == NSNotFound);

  options.cookiesForURL = ^NSString *(NSString *target) {
    (void)target;
    return nil;
  };
  NSError *error = nil;
  CHECK([[STSocketTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/")] options:options queue:nil error:&error] ==
        nil);
  CHECK([[error localizedDescription] rangeOfString:@"usesSystemCookies"].location != NSNotFound);
}

static void names_outside_ascii(void) {
  const char *name = "ws://b\u00FCcher.example/", *unknown = "ws://unknown.\u4E2D/";
  socket_task_handle handle = 0;
  CHECK(socket_task_create(name, strlen(name), &handle) == SOCKET_TASK_OK);
  socket_task_release(handle);
  CHECK(socket_task_create(unknown, strlen(unknown), &handle) == SOCKET_TASK_INVALID_URL);
}

static Recorder *deaf(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/deaf") options:nil];
  [recorder connectAndWait];
  return recorder;
}

/// The peer is deaf: when the connection was probed, the deadline passes.
static void expectProbed(Recorder *recorder) {
  [recorder expectError:STSocketTaskErrorPongTimeout phase:STSocketTaskPhaseTimeout text:@"5000 ms"];
  [recorder dispose];
}

static void signals(void) {
  CHECK(startedMonitors() == 1);
  // How things are, which is no change.
  updateNetwork(YES);
  Recorder *foreground = deaf();
  [[NSNotificationCenter defaultCenter] postNotificationName:UIApplicationWillEnterForegroundNotification object:nil];
  Recorder *network = deaf();
  updateNetwork(NO);
  updateNetwork(YES);
  // The change is over after a quiet time, not before.
  [NSThread sleepForTimeInterval:1];
  Recorder *quiet = deaf();
  // The same as before is no change; and without a network there is nobody to ask.
  updateNetwork(YES);
  updateNetwork(NO);
  updateNetwork(YES);
  updateNetwork(NO);
  expectProbed(foreground);
  expectProbed(network);
  [NSThread sleepForTimeInterval:2];
  CHECK(quiet->_closes == 0);
  [quiet dispose];
}

/// The server closes each connection; the first is made whatever iOS says.
static Recorder *closedAgainAndAgain(void) {
  STSocketTaskOptions *options = trustingOptions();
  options.reconnect = [[[STSocketTaskReconnectOptions alloc] init] autorelease];
  options.reconnect.minDelay = 0;
  options.reconnect.maxAttempts = 1;
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/close?code=1012") options:options];
  [recorder connectAndWait];
  [recorder waitFor:&recorder->_reconnectings toReach:1];
  [NSThread sleepForTimeInterval:0.3];
  return recorder;
}

static void expectReconnected(Recorder *recorder) {
  [recorder waitFor:&recorder->_opens toReach:2];
  [recorder dispose];
}

static void reconnecting(void) {
  updateNetwork(YES);
  updateNetwork(NO);
  Recorder *offline = closedAgainAndAgain();
  CHECK(offline->_opens == 1);
  updateNetwork(YES);
  expectReconnected(offline);

  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  [center postNotificationName:UIApplicationDidEnterBackgroundNotification object:nil];
  Recorder *hidden = closedAgainAndAgain();
  CHECK(hidden->_opens == 1);
  [center postNotificationName:UIApplicationWillEnterForegroundNotification object:nil];
  expectReconnected(hidden);

  Recorder *seen = closedAgainAndAgain();
  expectReconnected(seen);
}

/// A connection of the C interface.
static socket_task_handle opened(void) {
  socket_task_handle handle = 0;
  const char *url = [wsURL(@"/") UTF8String];
  CHECK(socket_task_create(url, strlen(url), &handle) == SOCKET_TASK_OK);
  CHECK(socket_task_connect(handle) == SOCKET_TASK_OK);
  CHECK(eventually(^{
    socket_task_ready_state state = SOCKET_TASK_NEW;
    socket_task_get_ready_state(handle, &state);
    return (BOOL)(state == SOCKET_TASK_OPEN);
  }));
  return handle;
}

/// What `hide` has announced is done in time that iOS gives.
static void time_in_the_background(void) {
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  UIApplication *application = [[[UIApplication alloc] init] autorelease];
  const unsigned before = backgroundTasksBegun();
  // Nothing is asked for connections that stay, and nothing while the app is on the screen.
  Recorder *stays = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  [stays connectAndWait];
  socket_task_handle one = opened(), two = opened();
  CHECK(socket_task_hide(one, 60000) == SOCKET_TASK_OK);
  CHECK(backgroundTasksBegun() == before);
  [center postNotificationName:UIApplicationDidEnterBackgroundNotification object:application];
  CHECK(backgroundTasksBegun() == before + 1);
  CHECK(socket_task_hide(two, 10) == SOCKET_TASK_OK);
  CHECK(socket_task_hide(one, 10) == SOCKET_TASK_OK);
  CHECK(eventually(^{
    return (BOOL)(backgroundTasksEnded() == before + 1);
  }));
  CHECK(backgroundTasksBegun() == before + 1);
  socket_task_release(one);
  socket_task_release(two);
  // Seen again before the time was over.
  one = opened();
  CHECK(socket_task_hide(one, 60000) == SOCKET_TASK_OK);
  CHECK(backgroundTasksBegun() == before + 2);
  [center postNotificationName:UIApplicationWillEnterForegroundNotification object:application];
  CHECK(backgroundTasksEnded() == before + 2);
  CHECK(socket_task_show(one) == SOCKET_TASK_OK);
  socket_task_release(one);
  [stays finish];
  [stays dispose];
}

static void all_of_the_app(void) {
  Recorder *recorder = deaf();
  [STSocketTask probeAllWithDeadline:0.1];
  [recorder expectError:STSocketTaskErrorPongTimeout phase:STSocketTaskPhaseTimeout text:@"100 ms"];
  [recorder dispose];
}

unsigned runPlatformTests(void) {
  static const struct test TESTS[] = {
      {"the system's proxies", proxies},
      {"automatic configuration", automatic_configuration},
      {"cookies", cookies},
      {"names outside ASCII", names_outside_ascii},
      {"foreground and network", signals},
      {"reconnecting", reconnecting},
      {"time in the background", time_in_the_background},
      {"all connections", all_of_the_app},
  };
  return RUN_TESTS("platform", TESTS);
}
