#ifdef __OBJC__ // A C source of a pod with modules is shown all of this module.

#import <Foundation/Foundation.h>

#import "STSocketTaskEvents.h"
#import "STSocketTaskReconnect.h"

NS_ASSUME_NONNULL_BEGIN

/// A number that leaves the choice to the library. What it chooses is said at each property.
#define STSocketTaskDefault (-1)

/// Which certificate authorities are trusted.
typedef NS_ENUM(NSInteger, STSocketTaskTrustRoots) {
  /// The platform's, by the platform's own rules.
  STSocketTaskTrustRootsSystem = 0,
  /// Mozilla's, as they were when the library was built.
  STSocketTaskTrustRootsBundled = 1,
  /// None but `CACertificates`.
  STSocketTaskTrustRootsNone = 2,
};

/// A version of TLS.
typedef NS_ENUM(NSInteger, STSocketTaskTLSVersion) {
  STSocketTaskTLSVersion12 = 12,
  STSocketTaskTLSVersion13 = 13,
};

/// Where the proxy comes from.
typedef NS_ENUM(NSInteger, STSocketTaskProxySource) {
  /// From `proxyURL`, or from `proxyForURL`; no proxy without them.
  STSocketTaskProxySourceApp = 0,
  /// From the system's settings, its automatic configuration (PAC) included.
  STSocketTaskProxySourceSystem = 1,
  /// From the environment variables `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`.
  STSocketTaskProxySourceEnvironment = 2,
};

/// How a signature is made, with the numbers of TLS (RFC 8446, section 4.2.3).
typedef NS_ENUM(NSInteger, STSocketTaskSignature) {
  /// RSASSA-PKCS1-v1_5. TLS 1.3 has no such signatures.
  STSocketTaskSignatureRSAPKCS1SHA256 = 0x0401,
  STSocketTaskSignatureRSAPKCS1SHA384 = 0x0501,
  STSocketTaskSignatureRSAPKCS1SHA512 = 0x0601,
  /// In DER, as a SEQUENCE of r and s.
  STSocketTaskSignatureECDSAP256SHA256 = 0x0403,
  STSocketTaskSignatureECDSAP384SHA384 = 0x0503,
  STSocketTaskSignatureECDSAP521SHA512 = 0x0603,
  /// With the same digest for the mask, and a salt as long as that.
  STSocketTaskSignatureRSAPSSSHA256 = 0x0804,
  STSocketTaskSignatureRSAPSSSHA384 = 0x0805,
  STSocketTaskSignatureRSAPSSSHA512 = 0x0806,
  STSocketTaskSignatureEd25519 = 0x0807,
};

/// Signs a message, the whole of it and no digest; nil if that cannot be done, and the TLS handshake fails then.
typedef NSData *_Nullable (^STSigner)(STSocketTaskSignature algorithm, NSData *message);

/// What to offer of permessage-deflate (RFC 7692).
@interface STSocketTaskDeflateOptions : NSObject {
@private
  BOOL _clientNoContextTakeover;
  BOOL _serverNoContextTakeover;
  NSInteger _clientMaxWindowBits;
  NSInteger _serverMaxWindowBits;
  NSInteger _level;
  NSInteger _threshold;
}

/// We forget the window after each message: less memory, worse compression.
@property(nonatomic) BOOL clientNoContextTakeover;
/// Ask the server to do so.
@property(nonatomic) BOOL serverNoContextTakeover;
/// Our window is 2 to the power of this, 8 to 15; by default as the server wants.
@property(nonatomic) NSInteger clientMaxWindowBits;
/// Ask the server for a window of this size, 8 to 15; by default as it likes.
@property(nonatomic) NSInteger serverMaxWindowBits;
/// 0 (none) to 9 (best); by default a good balance.
@property(nonatomic) NSInteger level;
/// Messages with fewer bytes are sent uncompressed; by default those that gain nothing.
@property(nonatomic) NSInteger threshold;

@end

/// How to connect. A task reads its options when it is made; what is changed afterwards counts for the next one. Times
/// are in seconds. Not for several threads at once.
@interface STSocketTaskOptions : NSObject {
@private
  NSMutableArray *_headers;
  NSMutableArray *_proxyHeaders;
  NSMutableArray *_addresses;
  NSArray *_protocols;
  NSTimeInterval _timeout;
  NSTimeInterval _closeTimeout;
  NSInteger _maxMessageSize;
  NSInteger _maxBufferedAmount;
  BOOL _TCPNoDelay;
  NSTimeInterval _TCPKeepalive;
  NSTimeInterval _pingInterval;
  NSTimeInterval _pongTimeout;
  NSInteger _followRedirects;
  STSocketTaskDeflateOptions *_perMessageDeflate;
  STSocketTaskTrustRoots _trustRoots;
  STSocketTaskTLSVersion _minTLSVersion;
  NSArray *_CACertificates;
  NSArray *_pins;
  NSArray *_acceptedCertificates;
  NSData *_clientCertificate;
  NSData *_clientKey;
  STSigner _clientSigner;
  NSString *_serverName;
  STSocketTaskProxySource _proxySource;
  NSString *_proxyURL;
  NSString *_Nullable (^_proxyForURL)(NSString *);
  BOOL _usesSystemCookies;
  NSString *_Nullable (^_cookiesForURL)(NSString *);
  void (^_cookieFromURL)(NSString *, NSString *);
  STSocketTaskReconnectOptions *_reconnect;
}

// ---- The opening handshake ----

/// Adds a header field. Fields are sent in the order, the spelling and the number in which they were added. `Host`,
/// `Connection`, `Upgrade` and `Sec-WebSocket-…` are the library's own, and fields of framing (`Content-Length`, …) have no place there. An
/// empty `User-Agent` sends none.
- (void)addHeader:(NSString *)name value:(NSString *)value;
/// The fields added so far.
@property(nonatomic, readonly) NSArray<STSocketTaskHeader *> *headers;
/// The sub-protocols to offer, the most wanted first. The server picks one or none.
@property(nonatomic, copy, nullable) NSArray<NSString *> *protocols;
/// permessage-deflate (RFC 7692) as it is offered to the server; nil, the default, does not offer it. Not copied.
@property(nonatomic, strong, nullable) STSocketTaskDeflateOptions *perMessageDeflate;
/// How many HTTP redirects to follow: 0 to 20, 0 by default, as browsers do.
@property(nonatomic) NSInteger followRedirects;

// ---- Times and limits ----

/// The whole time to open; by default 60.
@property(nonatomic) NSTimeInterval timeout;
/// How long the closing handshake may stand still before the connection is dropped; by default 2.
@property(nonatomic) NSTimeInterval closeTimeout;
/// The largest message to accept, in bytes after decompression; by default 64 MiB. A larger one fails the connection.
@property(nonatomic) NSInteger maxMessageSize;
/// How many bytes may wait to be sent; by default 64 MiB. A message that would take the queue past it is refused.
@property(nonatomic) NSInteger maxBufferedAmount;
/// Ping the peer after so much silence, and give the connection up when nothing comes within `pongTimeout`; 0, the
/// default, sends no pings.
@property(nonatomic) NSTimeInterval pingInterval;
/// See `pingInterval`; by default 10.
@property(nonatomic) NSTimeInterval pongTimeout;
/// Whether small messages leave at once (`TCP_NODELAY`) instead of waiting for more; YES by default.
@property(nonatomic) BOOL TCPNoDelay;
/// The operating system probes a silent connection after so much time (`SO_KEEPALIVE`): up to 32 767, rounded up to whole
/// seconds; 0, the default, does not.
@property(nonatomic) NSTimeInterval TCPKeepalive;

/// Lets a connection that was lost or could not be made be followed by another one, on the same task; nil, the default, does
/// not. Not copied.
///
/// Each loss that is followed is told by `-socketTask:willReconnect:`, in the place of `-socketTask:didFailWithError:` and
/// `-socketTask:didClose:`; `-socketTask:didOpen:` comes at each opening. The end comes, as without this, by the other two:
/// after `-close:`, a close code of `stopCodes`, HTTP 404, a certificate that is not acceptable, HTTP 401 and 403 unless
/// `refresh` gives something new (then once more), or `maxAttempts`. A server's `Retry-After` is the least delay. Between
/// connections the state is Connecting. `timeout` is for each attempt, `-prewarmWithLifetime:error:` for the first.
///
/// On iOS no attempt is made while there is no network or the app is in the background; when that changes, the next is made
/// at once. The first is the app's own and always made.
@property(nonatomic, strong, nullable) STSocketTaskReconnectOptions *reconnect;

// ---- TLS ----

/// Who is trusted; by default the system.
@property(nonatomic) STSocketTaskTrustRoots trustRoots;
/// The lowest version to accept; by default 1.2.
@property(nonatomic) STSocketTaskTLSVersion minTLSVersion;
/// More authorities to trust: each one DER certificate, or PEM with one or more.
@property(nonatomic, copy, nullable) NSArray<NSData *> *CACertificates;
/// SHA-256 digests of public keys (SubjectPublicKeyInfo): `sha256/` and Base64, or hexadecimal. If there are any, a
/// certificate of the verified chain must have one of them.
@property(nonatomic, copy, nullable) NSArray<NSString *> *pins;
/// SHA-256 fingerprints of server certificates that are accepted as they are, whoever issued them. For self-signed
/// certificates; nothing accepts all of them.
@property(nonatomic, copy, nullable) NSArray<NSString *> *acceptedCertificates;
/// The client's own certificate, for servers that ask for one: PEM, the own one first, or one in DER; and its private
/// key: PEM or DER; PKCS #8, SEC 1 or PKCS #1; not encrypted.
- (void)setClientCertificate:(nullable NSData *)certificate key:(nullable NSData *)key;
/// As set.
@property(nonatomic, readonly, nullable) NSData *clientCertificate;
/// As set.
@property(nonatomic, readonly, nullable) NSData *clientKey;
/// Sets the client's own certificate with a private key that need not be handed over, such as one in the keychain: `signer` is
/// asked in each TLS handshake with a server that wants the certificate. PEM, or DER one after the other, the own one first;
/// RSA, P-256, P-384, P-521 or Ed25519. Called on a thread of the library that may block, for different connections on several
/// at once; sessions are not resumed. In the place of what `setClientCertificate:key:` has set, and the other way round.
- (void)setClientCertificate:(nullable NSData *)certificate signer:(nullable STSigner)signer;
/// What `setClientCertificate:signer:` was given last.
@property(nonatomic, readonly, nullable) STSigner clientSigner;
/// The name to ask the server for and to find in its certificate, instead of the URL's host.
@property(nonatomic, copy, nullable) NSString *serverName;

// ---- The way to the server ----

/// Adds an IP address for a host name, which the resolver is then not asked for. Several are tried in their order.
- (void)addAddress:(NSString *)address forHost:(NSString *)host;
/// Where the proxy comes from; by default from `proxyForURL` or `proxyURL`, so that there is none without them.
@property(nonatomic) STSocketTaskProxySource proxySource;
/// The proxy, with user and password if it wants them: `http://`, `https://` or `socks5://`.
@property(nonatomic, copy, nullable) NSString *proxyURL;
/// Adds a header field for the proxy, if the connection goes through an HTTP one: it is in the `CONNECT` request, and the
/// server never sees it. A `User-Agent` or `Proxy-Authorization` takes the place of the library's own. `Host`, `Upgrade` and
/// what frames messages of HTTP is refused.
- (void)addProxyHeader:(NSString *)name value:(NSString *)value;
/// What `addProxyHeader:value:` has added.
@property(nonatomic, readonly) NSArray<STSocketTaskHeader *> *proxyHeaders;
/// Is asked for the proxy, once for each connection, and answers like `proxyURL` or with nil to go directly. Comes before
/// `proxyURL`. Called on a thread of the library that may block, for different connections on several at once.
@property(nonatomic, copy, nullable) NSString *_Nullable (^proxyForURL)(NSString *URL);

// ---- Cookies ----

/// Whether the cookies of `NSHTTPCookieStorage.sharedHTTPCookieStorage`, which `NSURLSession` and React Native use too, are
/// sent, and those of the responses kept there, as its policy allows. Not asked when `Cookie` is among the headers. Not
/// beside the two blocks below.
@property(nonatomic) BOOL usesSystemCookies;

/// Is asked for the value of the `Cookie` field of a request; nil for none. Not asked when `Cookie` is among the
/// headers. Called on a thread of the library that may block.
@property(nonatomic, copy, nullable) NSString *_Nullable (^cookiesForURL)(NSString *URL);
/// Is told the value of each `Set-Cookie` field of a response. Called on a thread of the library that may block.
@property(nonatomic, copy, nullable) void (^cookieFromURL)(NSString *URL, NSString *value);

@end

NS_ASSUME_NONNULL_END

#endif
