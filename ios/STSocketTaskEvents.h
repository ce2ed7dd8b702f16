#ifdef __OBJC__ // A C source of a pod with modules is shown all of this module.

#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// A header field of a request or a response. Immutable.
@interface STSocketTaskHeader : NSObject {
@private
  NSString *_name;
  NSString *_value;
}

/// The field's name, in the spelling in which it is or was sent.
@property(nonatomic, readonly) NSString *name;
/// The field's value. One that came and is not UTF-8 is read as ISO 8859-1.
@property(nonatomic, readonly) NSString *value;

- (instancetype)initWithName:(NSString *)name value:(NSString *)value NS_DESIGNATED_INITIALIZER;
- (instancetype)init __attribute__((unavailable));

@end

/// When a phase of opening a connection began and ended, in seconds since it was started. Both are the same for a phase
/// that was not needed.
typedef struct {
  NSTimeInterval start;
  NSTimeInterval end;
} STSocketTaskSpan;

/// What the server said when it opened the WebSocket, and how long that took. Immutable.
@interface STSocketTaskOpenEvent : NSObject {
@private
  NSInteger _HTTPStatus;
  NSArray *_headers;
  NSString *_protocol;
  NSString *_extensions;
  NSString *_remoteAddress;
  NSString *_TLSVersion;
  NSString *_TLSCipher;
  BOOL _TLSResumed;
  STSocketTaskSpan _nameLookup;
  STSocketTaskSpan _TCPConnect;
  STSocketTaskSpan _proxyConnect;
  STSocketTaskSpan _TLSHandshake;
  STSocketTaskSpan _openingHandshake;
  NSInteger _attempt;
}

/// 101.
@property(nonatomic, readonly) NSInteger HTTPStatus;
/// The header fields of the response, in their order; repeated ones are not joined.
@property(nonatomic, readonly) NSArray<STSocketTaskHeader *> *headers;
/// The value of the first field of this name, upper and lower case being the same; nil when there is none.
- (nullable NSString *)valueOfHeader:(NSString *)name;
/// The sub-protocol that the server chose; empty for none.
@property(nonatomic, readonly) NSString *protocol;
/// The extensions in use, as in `Sec-WebSocket-Extensions`; empty for none.
@property(nonatomic, readonly) NSString *extensions;
/// The peer's address and port, `192.0.2.1:443` or `[2001:db8::1]:443`.
@property(nonatomic, readonly) NSString *remoteAddress;
/// `TLSv1.2` or `TLSv1.3`; empty without TLS.
@property(nonatomic, readonly) NSString *TLSVersion;
/// The cipher suite in IANA's spelling; empty without TLS.
@property(nonatomic, readonly) NSString *TLSCipher;
/// Whether an earlier TLS session was resumed.
@property(nonatomic, readonly) BOOL TLSResumed;
/// Resolving the host name.
@property(nonatomic, readonly) STSocketTaskSpan nameLookup;
/// Opening the TCP connection.
@property(nonatomic, readonly) STSocketTaskSpan TCPConnect;
/// Asking the proxy for the connection, with the TLS handshake with the proxy.
@property(nonatomic, readonly) STSocketTaskSpan proxyConnect;
/// The TLS handshake with the server.
@property(nonatomic, readonly) STSocketTaskSpan TLSHandshake;
/// The opening handshake.
@property(nonatomic, readonly) STSocketTaskSpan openingHandshake;
/// Which attempt in a row this was; 0 for the first. See `reconnect` of `STSocketTaskOptions`.
@property(nonatomic, readonly) NSInteger attempt;

- (instancetype)init __attribute__((unavailable));

@end

/// How a connection ended, as it was on the wire. Immutable.
@interface STSocketTaskCloseEvent : NSObject {
@private
  NSInteger _code;
  NSString *_reason;
  BOOL _wasClean;
}

/// The peer's close code; 1005 when its Close frame had none, 1006 when no Close frame came, 1015 when the TLS handshake
/// itself failed (RFC 6455, section 7.4.1).
@property(nonatomic, readonly) NSInteger code;
/// The peer's reason; empty for none.
@property(nonatomic, readonly) NSString *reason;
/// Whether both sides sent a Close frame (RFC 6455, section 7.1.4).
@property(nonatomic, readonly) BOOL wasClean;

- (instancetype)init __attribute__((unavailable));

@end

NS_ASSUME_NONNULL_END

#endif
