#import "STApplyOptions.h"

#import "STConversions.h"
#import "STDialect.h"
#import "STExceptions.h"

@interface STSocketTaskOptions (Addresses)
- (NSArray *)addresses;
@end

// ---- Hooks ----

/// The context of a hook: the app's blocks.
@interface STHook : NSObject {
@public
  NSString * (^_ask)(NSString *);
  void (^_tell)(NSString *, NSString *);
}
- (instancetype)initWithAsk:(NSString * (^)(NSString *))ask tell:(void (^)(NSString *, NSString *))tell;
@end

@implementation STHook

- (instancetype)initWithAsk:(NSString * (^)(NSString *))ask tell:(void (^)(NSString *, NSString *))tell {
  if ((self = [super init])) {
    _ask = ST_COPY_BLOCK(ask);
    _tell = ST_COPY_BLOCK(tell);
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE_BLOCK(_ask);
  ST_RELEASE_BLOCK(_tell);
  ST_DEALLOC_SUPER();
}

@end

static void STHookAsk(const char *url, size_t length, socket_task_answer *answer, void *context) {
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      NSData *text = nil;
      NSString *reply = ST_FROM_CONTEXT(STHook, context)->_ask(STStringWithUTF8(url, length));
      if (reply) text = STUTF8(reply);
      if (text) socket_task_answer_set(answer, text.bytes, text.length);
    })
  }
}

static void STHookTell(const char *url, size_t urlLength, const char *value, size_t valueLength, void *context) {
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      NSString *text = STStringWithUTF8(value, valueLength);
      if (text) ST_FROM_CONTEXT(STHook, context)->_tell(STStringWithUTF8(url, urlLength), text);
    })
  }
}

static void STHookDestroy(void *context) {
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_RELEASE_CONTEXT(context);
  }
}

static void *STHookContext(NSString * (^ask)(NSString *), void (^tell)(NSString *, NSString *)) {
  STHook *hook = [[STHook alloc] initWithAsk:ask tell:tell];
  void *context = ST_CONTEXT(hook);
  ST_RELEASE(hook);
  return context;
}

/// The context of a signer.
@interface STSignerHook : NSObject {
@public
  STSigner _sign;
}
- (instancetype)initWithSigner:(STSigner)sign;
@end

@implementation STSignerHook

- (instancetype)initWithSigner:(STSigner)sign {
  if ((self = [super init])) _sign = ST_COPY_BLOCK(sign);
  return self;
}

- (void)dealloc {
  ST_RELEASE_BLOCK(_sign);
  ST_DEALLOC_SUPER();
}

@end

static void STSign(socket_task_signature_algorithm algorithm, const uint8_t *message, size_t length,
                   socket_task_signature *signature, void *context) {
  ST_ENTER_FOREIGN_THREAD();
  @autoreleasepool {
    ST_CONTAIN({
      NSData *data = [NSData dataWithBytes:message length:length];
      NSData *made = ST_FROM_CONTEXT(STSignerHook, context)->_sign((STSocketTaskSignature)algorithm, data);
      if (made) socket_task_signature_set(signature, made.bytes, made.length);
    })
  }
}

// ---- The options ----

typedef socket_task_status (*STTextSetter)(socket_task_handle, const char *, size_t);

static BOOL STSetText(NSString *string, STTextSetter set, socket_task_handle handle, NSError **error) {
  NSData *text = STUTF8(string);
  if (!text) return STRefuse(SOCKET_TASK_INVALID_UTF8, @"an option is not valid Unicode", error);
  return STCheck(set(handle, text.bytes, text.length), error);
}

static BOOL STSetTexts(NSArray *strings, STTextSetter set, socket_task_handle handle, NSError **error) {
  for (NSString *string in strings) {
    if (!STSetText(string, set, handle, error)) return NO;
  }
  return YES;
}

typedef socket_task_status (*STPairSetter)(socket_task_handle, const char *, size_t, const char *, size_t);

static BOOL STSetPair(NSString *first, NSString *second, STPairSetter set, socket_task_handle handle, NSError **error) {
  NSData *one = STUTF8(first);
  NSData *two = STUTF8(second);
  if (!one || !two) return STRefuse(SOCKET_TASK_INVALID_UTF8, @"an option is not valid Unicode", error);
  return STCheck(set(handle, one.bytes, one.length, two.bytes, two.length), error);
}

static BOOL STSetHeaders(NSArray *headers, STPairSetter set, socket_task_handle handle, NSError **error) {
  for (STSocketTaskHeader *header in headers) {
    if (!STSetPair(header.name, header.value, set, handle, error)) return NO;
  }
  return YES;
}

BOOL STApplyHandshake(STSocketTaskOptions *options, socket_task_handle handle, NSError **error) {
  return STSetHeaders(options.headers, socket_task_add_header, handle, error) &&
         STSetTexts(options.protocols, socket_task_add_protocol, handle, error);
}

static BOOL STOutOfRange(const char *name, NSError **error) {
  return STRefuse(SOCKET_TASK_INVALID_ARGUMENT, [NSString stringWithFormat:@"%s is out of range", name], error);
}

static int32_t STWindowBits(NSInteger bits) {
  // What is no int32_t is out of range as well.
  return bits >= STSocketTaskDefault && bits <= INT32_MAX ? (int32_t)bits : INT32_MAX;
}

static BOOL STApplyDeflate(STSocketTaskDeflateOptions *deflate, socket_task_handle handle, NSError **error) {
  if (!deflate) return YES;
  socket_task_deflate_options options;
  if (!STCheck(socket_task_deflate_options_init(&options, sizeof options), error)) return NO;
  options.client_no_context_takeover = deflate.clientNoContextTakeover;
  options.server_no_context_takeover = deflate.serverNoContextTakeover;
  options.client_max_window_bits = STWindowBits(deflate.clientMaxWindowBits);
  options.server_max_window_bits = STWindowBits(deflate.serverMaxWindowBits);
  options.level = STWindowBits(deflate.level);
  if (deflate.threshold != STSocketTaskDefault) {
    if (deflate.threshold < 0) return STOutOfRange("threshold", error);
    options.threshold = (size_t)deflate.threshold;
  }
  return STCheck(socket_task_set_per_message_deflate(handle, &options), error);
}

/// NO for a time that is negative, or not a number.
static BOOL STReadTime(const char *name, NSTimeInterval seconds, uint32_t *milliseconds, NSError **error) {
  if (!(seconds >= 0)) return STOutOfRange(name, error);
  *milliseconds = STMilliseconds(seconds);
  return YES;
}

static BOOL STApplyTimes(STSocketTaskOptions *options, socket_task_handle handle, NSError **error) {
  const struct {
    const char *name;
    NSTimeInterval seconds;
    socket_task_status (*set)(socket_task_handle, uint32_t);
  } times[] = {
      {"timeout", options.timeout, socket_task_set_timeout},
      {"closeTimeout", options.closeTimeout, socket_task_set_close_timeout},
      {"pingInterval", options.pingInterval, socket_task_set_ping_interval},
      {"pongTimeout", options.pongTimeout, socket_task_set_pong_timeout},
      {"TCPKeepalive", options.TCPKeepalive, socket_task_set_tcp_keepalive},
  };
  for (size_t i = 0; i < sizeof times / sizeof *times; ++i) {
    if (times[i].seconds == STSocketTaskDefault) continue;
    uint32_t milliseconds = 0;
    if (!STReadTime(times[i].name, times[i].seconds, &milliseconds, error)) return NO;
    if (!STCheck(times[i].set(handle, milliseconds), error)) return NO;
  }
  return YES;
}

static BOOL STApplyLimits(STSocketTaskOptions *options, socket_task_handle handle, NSError **error) {
  const struct {
    const char *name;
    NSInteger bytes;
    socket_task_status (*set)(socket_task_handle, size_t);
  } sizes[] = {
      {"maxMessageSize", options.maxMessageSize, socket_task_set_max_message_size},
      {"maxBufferedAmount", options.maxBufferedAmount, socket_task_set_max_buffered_amount},
  };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    if (sizes[i].bytes == STSocketTaskDefault) continue;
    if (sizes[i].bytes < 0) return STOutOfRange(sizes[i].name, error);
    if (!STCheck(sizes[i].set(handle, (size_t)sizes[i].bytes), error)) return NO;
  }
  if (options.followRedirects < 0 || options.followRedirects > INT32_MAX) return STOutOfRange("followRedirects", error);
  return STCheck(socket_task_set_follow_redirects(handle, (uint32_t)options.followRedirects), error) &&
         STCheck(socket_task_set_tcp_no_delay(handle, options.TCPNoDelay), error);
}

static BOOL STApplyTLS(STSocketTaskOptions *options, socket_task_handle handle, NSError **error) {
  if (!STCheck(socket_task_set_trust_roots(handle, (socket_task_trust_roots)options.trustRoots), error) ||
      !STCheck(socket_task_set_min_tls_version(handle, (socket_task_tls_version)options.minTLSVersion), error)) {
    return NO;
  }
  for (NSData *certificates in options.CACertificates) {
    if (!STCheck(socket_task_add_ca_certificates(handle, certificates.bytes, certificates.length), error)) return NO;
  }
  if (!STSetTexts(options.pins, socket_task_add_pin, handle, error) ||
      !STSetTexts(options.acceptedCertificates, socket_task_add_accepted_certificate, handle, error)) {
    return NO;
  }
  NSData *certificate = options.clientCertificate;
  NSData *key = options.clientKey;
  if (options.clientSigner) {
    STSignerHook *hook = [[STSignerHook alloc] initWithSigner:options.clientSigner];
    void *context = ST_CONTEXT(hook);
    ST_RELEASE(hook);
    if (!STCheck(socket_task_set_client_signer(handle, certificate.bytes, certificate.length, STSign, STHookDestroy, context),
                 error)) {
      return NO;
    }
  } else if ((certificate || key) && !STCheck(socket_task_set_client_certificate(handle, certificate.bytes, certificate.length,
                                                                          key.bytes, key.length),
                                       error)) {
    return NO;
  }
  NSString *serverName = options.serverName;
  return !serverName || STSetText(serverName, socket_task_set_server_name, handle, error);
}

static BOOL STApplyRoute(STSocketTaskOptions *options, socket_task_handle handle, NSError **error) {
  for (NSArray *pair in [options addresses]) {
    if (!STSetPair([pair objectAtIndex:0], [pair objectAtIndex:1], socket_task_add_address, handle, error)) return NO;
  }
  if (!STSetHeaders(options.proxyHeaders, socket_task_add_proxy_header, handle, error)) return NO;
  NSString *proxyURL = options.proxyURL;
  switch (options.proxySource) {
    case STSocketTaskProxySourceSystem:
      return STCheck(socket_task_set_proxy_from_system(handle), error);
    case STSocketTaskProxySourceEnvironment:
      return STCheck(socket_task_set_proxy_from_environment(handle), error);
    case STSocketTaskProxySourceApp:
      if (options.proxyForURL) {
        void *context = STHookContext(options.proxyForURL, nil);
        return STCheck(socket_task_set_proxy_hook(handle, STHookAsk, STHookDestroy, context), error);
      }
      return !proxyURL || STSetText(proxyURL, socket_task_set_proxy, handle, error);
  }
  return STRefuse(SOCKET_TASK_INVALID_ARGUMENT, @"proxySource is none of the three", error);
}

static BOOL STApplyCookies(STSocketTaskOptions *options, socket_task_handle handle, NSError **error) {
  const BOOL hasBlocks = options.cookiesForURL || options.cookieFromURL;
  if (options.usesSystemCookies) {
    if (!hasBlocks) return STCheck(socket_task_set_cookies_from_system(handle), error);
    return STRefuse(SOCKET_TASK_INVALID_ARGUMENT,
                    @"usesSystemCookies cannot be together with cookiesForURL or cookieFromURL", error);
  }
  if (!hasBlocks) return YES;
  void *context = STHookContext(options.cookiesForURL, options.cookieFromURL);
  return STCheck(socket_task_set_cookie_hook(handle, options.cookiesForURL ? STHookAsk : NULL,
                                             options.cookieFromURL ? STHookTell : NULL, STHookDestroy, context),
                 error);
}

/// What is no 16-bit number is no close code either, as 0 is not.
static NSData *STCloseCodes(NSArray *numbers) {
  NSMutableData *codes = [NSMutableData dataWithCapacity:2 * numbers.count];
  for (NSNumber *number in numbers) {
    const NSInteger value = number.integerValue;
    const uint16_t code = value > 0 && value <= UINT16_MAX ? (uint16_t)value : 0;
    [codes appendBytes:&code length:sizeof code];
  }
  return codes;
}

static BOOL STApplyReconnect(STSocketTaskReconnectOptions *reconnect, socket_task_handle handle, NSError **error) {
  if (!reconnect) return YES;
  socket_task_reconnect_options options;
  if (!STCheck(socket_task_reconnect_options_init(&options, sizeof options), error)) return NO;
  if (!STReadTime("minDelay", reconnect.minDelay, &options.min_delay_ms, error) ||
      !STReadTime("maxDelay", reconnect.maxDelay, &options.max_delay_ms, error) ||
      !STReadTime("stableAfter", reconnect.stableAfter, &options.stable_after_ms, error)) {
    return NO;
  }
  if (reconnect.maxAttempts < 0) return STOutOfRange("maxAttempts", error);
  if (reconnect.queue < 0) return STOutOfRange("queue", error);
  NSData *codes = STCloseCodes(reconnect.stopCodes);
  options.factor = reconnect.factor;
  options.max_attempts = (uint32_t)MIN(reconnect.maxAttempts, (NSInteger)INT32_MAX);
  options.stop_codes = codes.bytes;
  options.stop_code_count = codes.length / sizeof(uint16_t);
  options.queue = (size_t)reconnect.queue;
  options.while_hidden = reconnect.whileHidden;
  return STCheck(socket_task_set_reconnect(handle, &options), error);
}

BOOL STApplyOptions(STSocketTaskOptions *options, socket_task_handle handle, NSError **error) {
  return STApplyHandshake(options, handle, error) && STApplyDeflate(options.perMessageDeflate, handle, error) &&
         STApplyTimes(options, handle, error) && STApplyLimits(options, handle, error) &&
         STApplyTLS(options, handle, error) && STApplyRoute(options, handle, error) &&
         STApplyCookies(options, handle, error) && STApplyReconnect(options.reconnect, handle, error);
}
