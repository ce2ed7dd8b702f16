// Connections that fail or end, and what Objective-C is told of them.

#import "harness.h"

static Recorder *connected(NSString *url, STSocketTaskOptions *options) {
  Recorder *recorder = [[Recorder alloc] initWithURL:url options:options];
  [recorder connect];
  return recorder;
}

static void close_codes(void) {
  static const struct {
    const char *query;
    NSInteger code;
    const char *reason;
  } CASES[] = {
      {"?code=1000&reason=bye", 1000, "bye"}, {"?code=1001", 1001, ""},      {"?code=1011&reason=oops", 1011, "oops"},
      {"?code=3000", 3000, ""},               {"?code=4999&reason=x", 4999, "x"}, {"", 1005, ""},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    Recorder *recorder = connected(wsURL([NSString stringWithFormat:@"/close%s", CASES[i].query]), nil);
    [recorder waitFor:&recorder->_closes toReach:1];
    CHECK(recorder->_close.code == CASES[i].code && recorder->_close.wasClean);
    CHECK_EQUAL([NSString stringWithUTF8String:CASES[i].reason], recorder->_close.reason);
    CHECK(recorder->_errors == 0);
    [recorder dispose];
  }
}

static void own_close_codes(void) {
  Recorder *recorder = connected(wsURL(@"/"), nil);
  [recorder waitFor:&recorder->_opens toReach:1];
  NSError *error = nil;
  const NSInteger bad[] = {-1, 1, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65536, 66536};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    error = nil;
    CHECK(![recorder->_task closeWithCode:bad[i] reason:nil error:&error]);
    CHECK([error code] == STSocketTaskRefusalInvalidArgument);
    NSString *told = [NSString stringWithFormat:@"the close code %ld ", (long)bad[i]];
    CHECK([[error localizedDescription] hasPrefix:told]);
  }
  NSString *tooLong = [@"" stringByPaddingToLength:124 withString:@"x" startingAtIndex:0];
  CHECK(![recorder->_task closeWithCode:1000 reason:tooLong error:&error]);
  CHECK(![recorder->_task closeWithCode:0 reason:@"without a code" error:&error]);
  CHECK(recorder->_task.readyState == STSocketTaskReadyStateOpen);
  CHECK([recorder->_task closeWithCode:4321 reason:@"原因" error:NULL]);
  CHECK([recorder->_task closeWithCode:1000 reason:nil error:NULL]);
  [recorder waitFor:&recorder->_closes toReach:1];
  CHECK(recorder->_close.code == 4321 && recorder->_close.wasClean);
  CHECK_EQUAL(@"原因", recorder->_close.reason);
  // Too late.
  CHECK(![recorder->_task sendText:@"x" error:&error]);
  CHECK([error code] == STSocketTaskRefusalInvalidState);
  CHECK(![recorder->_task connect:&error]);
  CHECK([error code] == STSocketTaskRefusalInvalidState);
  [recorder dispose];

  recorder = connected(wsURL(@"/"), nil);
  [recorder waitFor:&recorder->_opens toReach:1];
  CHECK([recorder->_task closeWithCode:0 reason:nil error:NULL]);
  [recorder waitFor:&recorder->_closes toReach:1];
  CHECK(recorder->_close.code == 1005 && recorder->_close.wasClean);
  [recorder dispose];
}

static void broken_connections(void) {
  for (NSString *path in [NSArray arrayWithObjects:@"/fin", @"/reset", @"/truncate", nil]) {
    Recorder *recorder = connected(wsURL(path), nil);
    [recorder waitFor:&recorder->_closes toReach:1];
    CHECK(recorder->_opens == 1 && recorder->_errors == 1);
    CHECK(recorder->_close.code == 1006 && !recorder->_close.wasClean);
    CHECK([[[recorder->_error userInfo] objectForKey:STSocketTaskErrorPhaseKey] integerValue] ==
          STSocketTaskPhaseClosed);
    if ([path isEqualToString:@"/reset"]) {
      NSError *underlying = [[recorder->_error userInfo] objectForKey:NSUnderlyingErrorKey];
      CHECK_EQUAL(NSPOSIXErrorDomain, [underlying domain]);
      CHECK([underlying code] == ECONNRESET);
    }
    [recorder dispose];
  }
}

static void bad_close_frames(void) {
  Recorder *recorder = connected(wsURL(@"/close-payload?hex=03ee"), nil);
  [recorder expectError:STSocketTaskErrorProtocolViolation
                  phase:STSocketTaskPhaseProtocol
                   text:@"the code 1006, which may not be sent"];
  [recorder dispose];
  recorder = connected(wsURL(@"/close-payload?hex=0fa0ff"), nil);
  [recorder expectError:STSocketTaskErrorInvalidUTF8
                  phase:STSocketTaskPhaseProtocol
                   text:@"the code 4000 and a reason that is not valid UTF-8"];
  [recorder dispose];
}

static void refused_handshakes(void) {
  Recorder *recorder = connected(wsURL(@"/status?code=503&body=busy"), nil);
  [recorder expectError:STSocketTaskErrorHTTPStatus phase:STSocketTaskPhaseHandshake text:@"503"];
  NSDictionary *info = [recorder->_error userInfo];
  CHECK([[info objectForKey:STSocketTaskErrorHTTPStatusKey] integerValue] == 503);
  CHECK_EQUAL([@"busy" dataUsingEncoding:NSUTF8StringEncoding], [info objectForKey:STSocketTaskErrorHTTPBodyKey]);
  CHECK([[info objectForKey:STSocketTaskErrorHTTPHeadersKey] count] > 0);
  [recorder dispose];

  recorder = connected(wsURL(@"/status?code=401"), nil);
  [recorder expectError:STSocketTaskErrorHTTPStatus phase:STSocketTaskPhaseHandshake text:@"401"];
  BOOL challenged = NO;
  for (STSocketTaskHeader *header in [[recorder->_error userInfo] objectForKey:STSocketTaskErrorHTTPHeadersKey]) {
    challenged |= [header.name caseInsensitiveCompare:@"WWW-Authenticate"] == NSOrderedSame;
  }
  CHECK(challenged);
  [recorder dispose];

  recorder = connected(wsURL(@"/wrong-accept"), nil);
  [recorder expectError:STSocketTaskErrorAcceptMismatch phase:STSocketTaskPhaseHandshake text:@"Sec-WebSocket-Accept"];
  [recorder dispose];
  recorder = connected(wsURL(@"/bad-protocol"), nil);
  [recorder expectError:STSocketTaskErrorBadProtocol phase:STSocketTaskPhaseHandshake text:@"sub-protocol"];
  [recorder dispose];
  recorder = connected(wsURL(@"/bad-extension"), nil);
  [recorder expectError:STSocketTaskErrorBadExtension phase:STSocketTaskPhaseHandshake text:@"extension"];
  [recorder dispose];
}

static void nobody_there(void) {
  // Port 1 of this machine.
  Recorder *recorder = connected(@"ws://127.0.0.1:1/", nil);
  [recorder expectError:STSocketTaskErrorConnectionRefused phase:STSocketTaskPhaseTCP text:@"127.0.0.1:1"];
  NSError *underlying = [[recorder->_error userInfo] objectForKey:NSUnderlyingErrorKey];
  CHECK([underlying code] == ECONNREFUSED);
  CHECK(recorder->_close.code == 1006);
  [recorder dispose];
  recorder = connected(@"ws://nobody.invalid/", nil);
  [recorder expectError:STSocketTaskErrorNameNotResolved phase:STSocketTaskPhaseDNS text:@"nobody.invalid"];
  [recorder dispose];
}

static void bad_certificates(void) {
  static const struct {
    const char *key;
    STSocketTaskErrorCode code;
  } CASES[] = {
      {"wss_expired_port", STSocketTaskErrorCertificateExpired},
      {"wss_not_yet_valid_port", STSocketTaskErrorCertificateNotYetValid},
      {"wss_wrong_host_port", STSocketTaskErrorCertificateWrongHost},
      {"wss_unknown_authority_port", STSocketTaskErrorCertificateUnknownIssuer},
      {"wss_self_signed_port", STSocketTaskErrorCertificateUnknownIssuer},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    NSString *port = serverValue([NSString stringWithUTF8String:CASES[i].key]);
    Recorder *recorder = connected([NSString stringWithFormat:@"wss://localhost:%@/", port], nil);
    [recorder expectError:CASES[i].code phase:STSocketTaskPhaseTLS text:@"certificate"];
    CHECK(recorder->_close.code == 1015);
    [recorder dispose];
  }
  // The system does not know the test's authority.
  STSocketTaskOptions *options = [[[STSocketTaskOptions alloc] init] autorelease];
  Recorder *recorder = connected(wssURL(@"/"), options);
  [recorder expectError:STSocketTaskErrorCertificateUnknownIssuer phase:STSocketTaskPhaseTLS text:@"certificate"];
  [recorder dispose];
}

static void limits(void) {
  STSocketTaskOptions *options = trustingOptions();
  options.maxMessageSize = 1000;
  Recorder *recorder = connected(wsURL(@"/burst?n=1&size=1001"), options);
  [recorder expectError:STSocketTaskErrorMessageTooBig phase:STSocketTaskPhaseProtocol text:@"1000"];
  [recorder dispose];

  options = trustingOptions();
  options.timeout = 0.2;
  recorder = connected(wsURL(@"/silent"), options);
  [recorder expectError:STSocketTaskErrorTimedOut phase:STSocketTaskPhaseHandshake text:@"200 ms"];
  [recorder dispose];

  options = trustingOptions();
  options.pingInterval = 0.05;
  options.pongTimeout = 0.1;
  recorder = connected(wsURL(@"/deaf"), options);
  [recorder expectError:STSocketTaskErrorPongTimeout phase:STSocketTaskPhaseTimeout text:@"100 ms"];
  [recorder dispose];
}

static void aborted(void) {
  Recorder *recorder = connected(wsURL(@"/silent"), nil);
  CHECK(eventually(^{
    return (BOOL)(recorder->_task.readyState == STSocketTaskReadyStateConnecting);
  }));
  CHECK([recorder->_task close:NULL]);
  [recorder waitFor:&recorder->_closes toReach:1];
  CHECK(recorder->_opens == 0 && recorder->_errors == 0 && recorder->_close.code == 1006);
  [recorder dispose];
}

static void probe(void) {
  Recorder *recorder = connected(wsURL(@"/deaf"), nil);
  [recorder waitFor:&recorder->_opens toReach:1];
  [recorder->_task probeWithDeadline:0.1];
  [recorder expectError:STSocketTaskErrorPongTimeout phase:STSocketTaskPhaseTimeout text:@"100 ms"];
  CHECK(recorder->_suspicions == 1 && recorder->_revivals == 0);
  [recorder dispose];

  recorder = [[Recorder alloc] initWithURL:wsURL(@"/late?ms=600") options:nil];
  __block unsigned calls = 0;
  recorder->_task.onSuspect = ^(NSTimeInterval silence) {
    calls += silence >= 0.35;
  };
  recorder->_task.onAlive = ^{
    calls += 10;
  };
  [recorder connectAndWait];
  [recorder->_task probeWithDeadline:0.7];
  CHECK_EQUAL(@"late", [recorder nextText]);
  CHECK(recorder->_suspicions == 1 && recorder->_revivals == 1 && recorder->_silence >= 0.35 && calls == 11);
  [recorder dispose];

  recorder = connected(wsURL(@"/"), nil);
  [recorder waitFor:&recorder->_opens toReach:1];
  [recorder->_task probeWithDeadline:10];
  CHECK([recorder->_task sendText:@"alive" error:NULL]);
  CHECK_EQUAL(@"alive", [recorder nextText]);
  [recorder finish];
  [recorder dispose];
}

static void refused_urls(void) {
  for (NSString *url in [NSArray arrayWithObjects:@"http://localhost/", @"ws://localhost/#fragment", @"ws:", @"relative", nil]) {
    NSError *error = nil;
    STSocketTask *task = [[STSocketTask alloc] initWithURL:[NSURL URLWithString:url] options:nil queue:nil error:&error];
    CHECK(task == nil);
    CHECK_EQUAL(STSocketTaskRefusalDomain, [error domain]);
    CHECK([error code] == STSocketTaskRefusalInvalidURL);
    CHECK([[error localizedDescription] length] > 0);
    CHECK([[STSocketTask alloc] initWithURL:[NSURL URLWithString:url] options:nil queue:nil error:NULL] == nil);
  }
}

static void calls_in_the_wrong_state(void) {
  Recorder *recorder = [[Recorder alloc] initWithURL:wsURL(@"/") options:nil];
  STSocketTask *task = recorder->_task;
  NSError *error = nil;
  CHECK(![task sendText:@"x" error:&error] && [error code] == STSocketTaskRefusalInvalidState);
  CHECK(![task sendData:[NSData data] error:&error] && [error code] == STSocketTaskRefusalInvalidState);
  CHECK(![task pingWithData:nil error:&error] && [error code] == STSocketTaskRefusalInvalidState);
  CHECK(![task close:&error] && [error code] == STSocketTaskRefusalInvalidState);
  [task pause];
  [task resume];
  [task probeWithDeadline:1];
  CHECK(task.bufferedAmount == 0);
  [recorder connectAndWait];
  CHECK(![task connect:&error] && [error code] == STSocketTaskRefusalInvalidState);
  [recorder finish];
  [task invalidate];
  CHECK(![task sendText:@"x" error:&error] && [error code] == STSocketTaskRefusalInvalidated);
  CHECK(![task connect:&error] && [error code] == STSocketTaskRefusalInvalidated);
  CHECK(task.readyState == STSocketTaskReadyStateClosed && task.bufferedAmount == 0);
  CHECK_EQUAL(@"", task.protocol);
  [task invalidate];
  [recorder dispose];
}

unsigned runFailureTests(void) {
  static const struct test TESTS[] = {
      {"the server's close codes", close_codes},
      {"its own close codes", own_close_codes},
      {"broken connections", broken_connections},
      {"bad Close frames", bad_close_frames},
      {"refused handshakes", refused_handshakes},
      {"nobody there", nobody_there},
      {"bad certificates", bad_certificates},
      {"limits", limits},
      {"an aborted attempt", aborted},
      {"probe", probe},
      {"refused URLs", refused_urls},
      {"calls in the wrong state", calls_in_the_wrong_state},
  };
  return RUN_TESTS("failures", TESTS);
}
