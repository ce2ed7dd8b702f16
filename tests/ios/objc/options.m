// Every option has an effect.

#import "harness.h"

#include <unistd.h>

static NSString *const kText = @"secret 中文";

static void echoes(NSString *url, STSocketTaskOptions *options) {
  Recorder *recorder = [[Recorder alloc] initWithURL:url options:options];
  [recorder connectAndWait];
  CHECK([recorder->_task sendText:kText error:NULL]);
  CHECK_EQUAL(kText, [recorder nextText]);
  [recorder finish];
  [recorder dispose];
}

/// Signed by the program openssl, which alone reads the key.
static NSData *signedByOpenSSL(NSData *message) {
  char paths[2][32] = {"/tmp/socket-task-XXXXXX", "/tmp/socket-task-XXXXXX"};
  for (int i = 0; i < 2; i++) close(mkstemp(paths[i]));
  NSString *file = [NSString stringWithUTF8String:paths[0]], *made = [NSString stringWithUTF8String:paths[1]];
  CHECK([message writeToFile:file atomically:NO]);
  NSString *command = [NSString
      stringWithFormat:@"openssl dgst -sha256 -sign '%@' -out %@ %@", serverValue(@"client_key"), made, file];
  CHECK(system([command UTF8String]) == 0);
  NSData *signature = [NSData dataWithContentsOfFile:made];
  for (int i = 0; i < 2; i++) unlink(paths[i]);
  return signature;
}

static void fails(NSString *url, STSocketTaskOptions *options, STSocketTaskErrorCode code, STSocketTaskPhase phase) {
  Recorder *recorder = [[Recorder alloc] initWithURL:url options:options];
  [recorder connect];
  [recorder expectError:code phase:phase text:@""];
  [recorder dispose];
}

static NSString *url(NSString *scheme, NSString *authority, NSString *portKey, NSString *path) {
  return [NSString stringWithFormat:@"%@://%@:%@%@", scheme, authority, serverValue(portKey), path];
}

/// The request as the server has seen it.
static NSString *request(STSocketTaskOptions *options, NSString *path) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(path) options:options];
  [recorder connectAndWait];
  NSString *text = [recorder nextText];
  [recorder finish];
  [recorder dispose];
  return text;
}

static BOOL has(NSString *text, NSString *part) {
  return [text rangeOfString:part].location != NSNotFound;
}

static void refuses(STSocketTaskOptions *options, STSocketTaskRefusal refusal) {
  NSError *error = nil;
  STSocketTask *task = [[STSocketTask alloc] initWithURL:[NSURL URLWithString:wsURL(@"/")]
                                                 options:options
                                                   queue:nil
                                                   error:&error];
  CHECK(task == nil);
  CHECK_EQUAL(STSocketTaskRefusalDomain, [error domain]);
  check([error code] == refusal, [error description], __FILE__, __LINE__);
}

static void handshake(void) {
  STSocketTaskOptions *options = trustingOptions();
  [options addHeader:@"X-Twice" value:@"one"];
  [options addHeader:@"X-Twice" value:@"中"];
  [options addHeader:@"user-agent" value:@"mine/1"];
  options.protocols = [NSArray arrayWithObjects:@"chat", @"super", nil];
  CHECK(options.headers.count == 3);
  NSString *head = request(options, @"/headers?q=1");
  CHECK(has(head, @"GET /headers?q=1 HTTP/1.1"));
  CHECK(has(head, @"X-Twice: one\r\nX-Twice: 中\r\nuser-agent: mine/1"));
  CHECK(has(head, @"Sec-WebSocket-Protocol: chat, super"));
  CHECK(!has(head, @"permessage-deflate"));
  options.perMessageDeflate = [[[STSocketTaskDeflateOptions alloc] init] autorelease];
  CHECK(has(request(options, @"/headers"), @"Sec-WebSocket-Extensions: permessage-deflate"));
  options.perMessageDeflate.clientNoContextTakeover = YES;
  options.perMessageDeflate.serverNoContextTakeover = YES;
  options.perMessageDeflate.clientMaxWindowBits = 12;
  options.perMessageDeflate.serverMaxWindowBits = 11;
  options.perMessageDeflate.level = 9;
  options.perMessageDeflate.threshold = 0;
  head = request(options, @"/headers");
  CHECK(has(head, @"client_no_context_takeover") && has(head, @"server_no_context_takeover"));
  CHECK(has(head, @"client_max_window_bits=12") && has(head, @"server_max_window_bits=11"));
}

static void redirects(void) {
  NSString *path = [@"/redirect?to=" stringByAppendingString:wsURL(@"/")];
  STSocketTaskOptions *options = trustingOptions();
  fails(wsURL(path), options, STSocketTaskErrorHTTPStatus, STSocketTaskPhaseHandshake);
  options.followRedirects = 1;
  echoes(wsURL(path), options);
}

static void tls(void) {
  NSString *secure = wssURL(@"/");
  STSocketTaskOptions *options = trustingOptions();
  options.pins = [NSArray arrayWithObject:serverValue(@"wss_pin")];
  echoes(secure, options);
  options.pins = [NSArray arrayWithObject:[@"" stringByPaddingToLength:64 withString:@"0" startingAtIndex:0]];
  fails(secure, options, STSocketTaskErrorPinMismatch, STSocketTaskPhaseTLS);

  options = trustingOptions();
  options.minTLSVersion = STSocketTaskTLSVersion13;
  echoes(secure, options);
  fails(url(@"wss", @"localhost", @"wss_tls12_port", @"/"), options, STSocketTaskErrorTLSFailed, STSocketTaskPhaseTLS);
  options.minTLSVersion = STSocketTaskTLSVersion12;
  echoes(url(@"wss", @"localhost", @"wss_tls12_port", @"/"), options);

  options = trustingOptions();
  options.trustRoots = STSocketTaskTrustRootsBundled;
  echoes(secure, options);
  options.CACertificates = nil;
  fails(secure, options, STSocketTaskErrorCertificateUnknownIssuer, STSocketTaskPhaseTLS);

  options = trustingOptions();
  NSString *selfSigned = url(@"wss", @"localhost", @"wss_self_signed_port", @"/");
  options.acceptedCertificates = [NSArray arrayWithObject:serverValue(@"self_signed_fingerprint")];
  echoes(selfSigned, options);

  NSString *mutual = url(@"wss", @"localhost", @"wss_mutual_port", @"/");
  options = trustingOptions();
  fails(mutual, options, STSocketTaskErrorTLSFailed, STSocketTaskPhaseTLS);
  [options setClientCertificate:[NSData dataWithContentsOfFile:serverValue(@"client")]
                            key:[NSData dataWithContentsOfFile:serverValue(@"client_key")]];
  CHECK(options.clientCertificate.length > 0 && options.clientKey.length > 0);
  echoes(mutual, options);
  [options setClientCertificate:options.clientCertificate
                         signer:^NSData *(STSocketTaskSignature algorithm, NSData *message) {
                           return algorithm == STSocketTaskSignatureECDSAP256SHA256 ? signedByOpenSSL(message) : nil;
                         }];
  CHECK(options.clientSigner && !options.clientKey);
  echoes(mutual, options);
  [options setClientCertificate:options.clientCertificate
                         signer:^NSData *(STSocketTaskSignature algorithm, NSData *message) {
                           (void)algorithm;
                           [NSException raise:@"KeyStore" format:@"it has no key for %@", message];
                           return nil;
                         }];
  fails(mutual, options, STSocketTaskErrorTLSFailed, STSocketTaskPhaseTLS);

  options = trustingOptions();
  options.serverName = @"elsewhere.test";
  fails(secure, options, STSocketTaskErrorCertificateWrongHost, STSocketTaskPhaseTLS);
  [options addAddress:@"127.0.0.1" forHost:@"elsewhere.test"];
  options.serverName = @"localhost";
  echoes(url(@"wss", @"elsewhere.test", @"wss_port", @"/"), options);
}

static void route(void) {
  STSocketTaskOptions *options = trustingOptions();
  fails(url(@"ws", @"named.invalid", @"ws_port", @"/"), options, STSocketTaskErrorNameNotResolved, STSocketTaskPhaseDNS);
  [options addAddress:@"127.0.0.1" forHost:@"named.invalid"];
  echoes(url(@"ws", @"named.invalid", @"ws_port", @"/"), options);

  // Only the proxies know this host.
  NSString *behind = url(@"ws", @"echo.test", @"ws_port", @"/");
  for (NSString *proxy in [NSArray arrayWithObjects:url(@"http", @"127.0.0.1", @"http_proxy_port", @""),
                                                    url(@"http", @"user:password@127.0.0.1", @"http_password_proxy_port", @""),
                                                    url(@"https", @"localhost", @"https_proxy_port", @""),
                                                    url(@"socks5", @"127.0.0.1", @"socks_proxy_port", @""), nil]) {
    options = trustingOptions();
    options.proxyURL = proxy;
    echoes(behind, options);
  }
  options = trustingOptions();
  options.proxyURL = url(@"http", @"127.0.0.1", @"http_password_proxy_port", @"");
  fails(behind, options, STSocketTaskErrorProxyAuthentication, STSocketTaskPhaseProxy);
  [options addProxyHeader:@"Proxy-Authorization" value:@"Basic dXNlcjpwYXNzd29yZA=="];
  CHECK([options.proxyHeaders count] == 1);
  echoes(behind, options);

  __block unsigned asked = 0;
  options = trustingOptions();
  options.proxyForURL = ^NSString *(NSString *target) {
    asked += [target isEqualToString:behind];
    return url(@"http", @"127.0.0.1", @"http_proxy_port", @"");
  };
  echoes(behind, options);
  CHECK(asked == 1);
  options.proxyForURL = ^NSString *(NSString *target) {
    (void)target;
    return nil;
  };
  echoes(wsURL(@"/"), options);
  // One that throws has no answer.
  options.proxyForURL = ^NSString *(NSString *target) {
    [NSException raise:@"Thrown" format:@"for %@", target];
    return nil;
  };
  [STSocketTask setExceptionHandler:^(NSException *exception) {
    asked += [[exception name] isEqualToString:@"Thrown"];
  }];
  echoes(wsURL(@"/"), options);
  [STSocketTask setExceptionHandler:nil];
  CHECK(asked == 2);

  options = trustingOptions();
  options.proxySource = STSocketTaskProxySourceEnvironment;
  setenv("http_proxy", [url(@"http", @"127.0.0.1", @"http_proxy_port", @"") UTF8String], 1);
  echoes(behind, options);
  unsetenv("http_proxy");
}

static void cookies(void) {
  NSMutableArray *set = [NSMutableArray array];
  STSocketTaskOptions *options = trustingOptions();
  options.cookiesForURL = ^NSString *(NSString *target) {
    return [target isEqualToString:wsURL(@"/headers")] ? @"a=1; b=2" : nil;
  };
  options.cookieFromURL = ^(NSString *target, NSString *value) {
    CHECK_EQUAL(wsURL(@"/headers"), target);
    [set addObject:value];
  };
  CHECK(has(request(options, @"/headers"), @"\r\nCookie: a=1; b=2"));
  CHECK_EQUAL(([NSArray arrayWithObjects:@"first=1", @"second=2", nil]), set);
  options.cookiesForURL = nil;
  CHECK(!has(request(options, @"/headers"), @"\r\nCookie:"));
  CHECK([set count] == 4);
}

static void times(void) {
  // The server does not answer the Close frame.
  STSocketTaskOptions *options = trustingOptions();
  options.closeTimeout = 0.05;
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/deaf") options:options];
  [recorder connectAndWait];
  CHECK([recorder->_task close:NULL]);
  [recorder waitFor:&recorder->_closes toReach:1];
  CHECK(recorder->_close.code == 1006 && recorder->_errors == 0);
  [recorder dispose];

  // These are seen by the system only; tests/c/network.c looks there.
  options = trustingOptions();
  options.TCPNoDelay = NO;
  options.TCPKeepalive = 30;
  options.pingInterval = 1000;
  echoes(wsURL(@"/"), options);
}

static void prewarm(void) {
  STSocketTaskOptions *options = trustingOptions();
  options.proxySource = STSocketTaskProxySourceEnvironment;
  [options addHeader:@"X-Prewarm" value:@"1"];
  Recorder *first = [[Recorder alloc] initWithURL:wsURL(@"/headers") options:options];
  CHECK([first->_task prewarmWithLifetime:30 error:NULL]);
  [NSThread sleepForTimeInterval:0.5];
  // From here on no new connection comes to be: only the one that waits can be had.
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  Recorder *second = [[Recorder alloc] initWithURL:wsURL(@"/headers") options:options];
  [second connectAndWait];
  CHECK(has([second nextText], @"X-Prewarm: 1"));
  [first connect];
  [first expectError:STSocketTaskErrorConnectionRefused phase:STSocketTaskPhaseProxy text:@"127.0.0.1:1"];
  unsetenv("http_proxy");
  [second finish];
  NSError *error = nil;
  CHECK(![second->_task prewarmWithLifetime:1 error:&error] && [error code] == STSocketTaskRefusalInvalidState);
  [first dispose];
  [second dispose];
}

static void refused_options(void) {
  STSocketTaskOptions *options = trustingOptions();
  [options addHeader:@"bad name" value:@"x"];
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  [options addHeader:@"X-Injected" value:@"a\r\nb: c"];
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.protocols = [NSArray arrayWithObjects:@"a", @"a", nil];
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.timeout = 0;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.pongTimeout = 0;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.pingInterval = -5;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.closeTimeout = NAN;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.maxMessageSize = 0;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.maxBufferedAmount = -2;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.followRedirects = 21;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.followRedirects = -1;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.TCPKeepalive = 40000;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.TCPKeepalive = NAN;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.perMessageDeflate = [[[STSocketTaskDeflateOptions alloc] init] autorelease];
  options.perMessageDeflate.level = 10;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.trustRoots = 7;
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.CACertificates = [NSArray arrayWithObject:[NSData dataWithBytes:"x" length:1]];
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.pins = [NSArray arrayWithObject:@"sha256/short"];
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  [options setClientCertificate:[NSData dataWithContentsOfFile:serverValue(@"client")] key:nil];
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.serverName = @"no name";
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  [options addAddress:@"no address" forHost:@"localhost"];
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.proxyURL = @"ftp://localhost";
  refuses(options, STSocketTaskRefusalInvalidArgument);
  options = trustingOptions();
  options.proxySource = 9;
  refuses(options, STSocketTaskRefusalInvalidArgument);

  // Accepted one by one, and not together.
  options = trustingOptions();
  options.CACertificates = nil;
  STSocketTask *task = [[STSocketTask alloc] initWithURL:[NSURL URLWithString:wssURL(@"/")]
                                                 options:options
                                                   queue:nil
                                                   error:NULL];
  NSError *error = nil;
  CHECK(task && ![task connect:&error] && [error code] == STSocketTaskRefusalInvalidArgument);
  [task release];
}

static void library(void) {
  CHECK([STSocketTask version].length >= 5);
  __block unsigned lines = 0;
  __block BOOL leaked = NO;
  [STSocketTask setLogLevel:STSocketTaskLogLevelDebug
                    handler:^(STSocketTaskLogLevel level, NSString *line) {
                      __atomic_add_fetch(&lines, 1, __ATOMIC_SEQ_CST);
                      if (level < STSocketTaskLogLevelError || has(line, @"secret")) leaked = YES;
                      [NSException raise:@"Thrown" format:@"in the logger"];
                    }];
  [STSocketTask setExceptionHandler:^(NSException *exception) { (void)exception; }];
  echoes(wsURL(@"/"), nil);
  [STSocketTask setLogLevel:STSocketTaskLogLevelDebug handler:nil];
  CHECK(lines > 0 && !leaked);
  const unsigned before = lines;
  echoes(wsURL(@"/"), nil);
  CHECK(lines == before);
  [STSocketTask setExceptionHandler:nil];
}

unsigned runOptionTests(void) {
  static const struct test TESTS[] = {
      {"handshake", handshake}, {"redirects", redirects}, {"TLS", tls},
      {"route", route},         {"cookies", cookies},     {"times", times},
      {"prewarm", prewarm},     {"refused options", refused_options}, {"version and log", library},
  };
  return RUN_TESTS("options", TESTS);
}
