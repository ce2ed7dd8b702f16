#import "STSocketTaskOptions.h"

#import "STDialect.h"

@implementation STSocketTaskDeflateOptions

@synthesize clientNoContextTakeover = _clientNoContextTakeover, serverNoContextTakeover = _serverNoContextTakeover;
@synthesize clientMaxWindowBits = _clientMaxWindowBits, serverMaxWindowBits = _serverMaxWindowBits;
@synthesize level = _level, threshold = _threshold;

- (instancetype)init {
  if ((self = [super init])) {
    _clientMaxWindowBits = STSocketTaskDefault;
    _serverMaxWindowBits = STSocketTaskDefault;
    _level = STSocketTaskDefault;
    _threshold = STSocketTaskDefault;
  }
  return self;
}

@end

static void STAddHeader(NSMutableArray *headers, NSString *name, NSString *value) {
  STSocketTaskHeader *header = [[STSocketTaskHeader alloc] initWithName:name value:value];
  [headers addObject:header];
  ST_RELEASE(header);
}

@implementation STSocketTaskOptions

@synthesize protocols = _protocols, perMessageDeflate = _perMessageDeflate, followRedirects = _followRedirects;
@synthesize timeout = _timeout, closeTimeout = _closeTimeout;
@synthesize maxMessageSize = _maxMessageSize, maxBufferedAmount = _maxBufferedAmount;
@synthesize pingInterval = _pingInterval, pongTimeout = _pongTimeout;
@synthesize TCPNoDelay = _TCPNoDelay, TCPKeepalive = _TCPKeepalive;
@synthesize trustRoots = _trustRoots, minTLSVersion = _minTLSVersion, CACertificates = _CACertificates;
@synthesize pins = _pins, acceptedCertificates = _acceptedCertificates, serverName = _serverName;
@synthesize clientCertificate = _clientCertificate, clientKey = _clientKey;
@synthesize proxySource = _proxySource, proxyURL = _proxyURL, usesSystemCookies = _usesSystemCookies;
@synthesize reconnect = _reconnect;

- (instancetype)init {
  if ((self = [super init])) {
    _headers = [[NSMutableArray alloc] init];
    _proxyHeaders = [[NSMutableArray alloc] init];
    _addresses = [[NSMutableArray alloc] init];
    _timeout = STSocketTaskDefault;
    _closeTimeout = STSocketTaskDefault;
    _maxMessageSize = STSocketTaskDefault;
    _maxBufferedAmount = STSocketTaskDefault;
    _pongTimeout = STSocketTaskDefault;
    _TCPNoDelay = YES;
    _minTLSVersion = STSocketTaskTLSVersion12;
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_headers);
  ST_RELEASE(_proxyHeaders);
  ST_RELEASE(_addresses);
  ST_RELEASE(_protocols);
  ST_RELEASE(_perMessageDeflate);
  ST_RELEASE(_CACertificates);
  ST_RELEASE(_pins);
  ST_RELEASE(_acceptedCertificates);
  ST_RELEASE(_clientCertificate);
  ST_RELEASE(_clientKey);
  ST_RELEASE_BLOCK(_clientSigner);
  ST_RELEASE(_serverName);
  ST_RELEASE(_proxyURL);
  ST_RELEASE_BLOCK(_proxyForURL);
  ST_RELEASE_BLOCK(_cookiesForURL);
  ST_RELEASE_BLOCK(_cookieFromURL);
  ST_RELEASE(_reconnect);
  ST_DEALLOC_SUPER();
}

- (NSArray *)headers {
  return ST_AUTORELEASE([_headers copy]);
}

- (void)addHeader:(NSString *)name value:(NSString *)value {
  STAddHeader(_headers, name, value);
}

- (NSArray *)proxyHeaders {
  return ST_AUTORELEASE([_proxyHeaders copy]);
}

- (void)addProxyHeader:(NSString *)name value:(NSString *)value {
  STAddHeader(_proxyHeaders, name, value);
}

/// Pairs of host and address; see STApplyOptions.m.
- (NSArray *)addresses {
  return _addresses;
}

- (void)addAddress:(NSString *)address forHost:(NSString *)host {
  [_addresses addObject:[NSArray arrayWithObjects:host, address, nil]];
}

- (void)setClientCertificate:(NSData *)certificate key:(NSData *)key signer:(STSigner)signer {
  ST_RELEASE(_clientCertificate);
  ST_RELEASE(_clientKey);
  ST_RELEASE_BLOCK(_clientSigner);
  _clientCertificate = [certificate copy];
  _clientKey = [key copy];
  _clientSigner = ST_COPY_BLOCK(signer);
}

- (void)setClientCertificate:(NSData *)certificate key:(NSData *)key {
  [self setClientCertificate:certificate key:key signer:nil];
}

- (void)setClientCertificate:(NSData *)certificate signer:(STSigner)signer {
  [self setClientCertificate:certificate key:nil signer:signer];
}

- (STSigner)clientSigner {
  return _clientSigner;
}

- (NSString *_Nullable (^)(NSString *))proxyForURL {
  return _proxyForURL;
}

- (void)setProxyForURL:(NSString *_Nullable (^)(NSString *))proxyForURL {
  if (_proxyForURL == proxyForURL) return;
  ST_RELEASE_BLOCK(_proxyForURL);
  _proxyForURL = ST_COPY_BLOCK(proxyForURL);
}

- (NSString *_Nullable (^)(NSString *))cookiesForURL {
  return _cookiesForURL;
}

- (void)setCookiesForURL:(NSString *_Nullable (^)(NSString *))cookiesForURL {
  if (_cookiesForURL == cookiesForURL) return;
  ST_RELEASE_BLOCK(_cookiesForURL);
  _cookiesForURL = ST_COPY_BLOCK(cookiesForURL);
}

- (void (^)(NSString *, NSString *))cookieFromURL {
  return _cookieFromURL;
}

- (void)setCookieFromURL:(void (^)(NSString *, NSString *))cookieFromURL {
  if (_cookieFromURL == cookieFromURL) return;
  ST_RELEASE_BLOCK(_cookieFromURL);
  _cookieFromURL = ST_COPY_BLOCK(cookieFromURL);
}

@end
