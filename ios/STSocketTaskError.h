#ifdef __OBJC__ // A C source of a pod with modules is shown all of this module.

#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// The domain of the errors that end a connection. Their code is an `STSocketTaskErrorCode`; `localizedDescription` is
/// the library's text, in English, for people who look for the fault.
FOUNDATION_EXPORT NSString *const STSocketTaskErrorDomain;

/// The domain of the errors of calls that did nothing. Their code is an `STSocketTaskRefusal`.
FOUNDATION_EXPORT NSString *const STSocketTaskRefusalDomain;

/// In `userInfo` of an `STSocketTaskErrorDomain` error: an NSNumber with an `STSocketTaskPhase`.
FOUNDATION_EXPORT NSString *const STSocketTaskErrorPhaseKey;
/// Likewise: an NSNumber with the HTTP status of the server or proxy that refused; absent when there is none.
FOUNDATION_EXPORT NSString *const STSocketTaskErrorHTTPStatusKey;
/// Likewise: an NSArray of `STSocketTaskHeader`, the header fields of the refusal; absent when there are none.
FOUNDATION_EXPORT NSString *const STSocketTaskErrorHTTPHeadersKey;
/// Likewise: NSData with the first bytes of the refusal's body, 1024 at most; absent when there are none.
FOUNDATION_EXPORT NSString *const STSocketTaskErrorHTTPBodyKey;
// The operating system's error number, where there is one, is an error of NSPOSIXErrorDomain under NSUnderlyingErrorKey.

/// The part of a connection's life in which it failed.
typedef NS_ENUM(NSInteger, STSocketTaskPhase) {
  /// Reading the URL.
  STSocketTaskPhaseURL = 1,
  /// Resolving the host name.
  STSocketTaskPhaseDNS = 2,
  /// Opening the TCP connection.
  STSocketTaskPhaseTCP = 3,
  /// Asking a proxy for the connection.
  STSocketTaskPhaseProxy = 4,
  /// The TLS handshake, the check of the certificate included.
  STSocketTaskPhaseTLS = 5,
  /// The opening handshake (RFC 6455, section 4).
  STSocketTaskPhaseHandshake = 6,
  /// The open connection: the peer broke the WebSocket protocol.
  STSocketTaskPhaseProtocol = 7,
  /// The open connection: the peer stopped answering.
  STSocketTaskPhaseTimeout = 8,
  /// The open connection: it ended without a Close frame.
  STSocketTaskPhaseClosed = 9,
};

/// What ended a connection, finer than the phase. Later versions may add codes. What each means is said in
/// `socket_task.h`, at the code of the same name.
typedef NS_ENUM(NSInteger, STSocketTaskErrorCode) {
  STSocketTaskErrorOther = 1,
  STSocketTaskErrorTimedOut = 2,
  STSocketTaskErrorNameNotResolved = 3,
  STSocketTaskErrorConnectionRefused = 4,
  STSocketTaskErrorUnreachable = 5,
  STSocketTaskErrorConnectionReset = 6,
  STSocketTaskErrorConnectionEnded = 7,
  STSocketTaskErrorTLSFailed = 8,
  STSocketTaskErrorCertificateExpired = 9,
  STSocketTaskErrorCertificateNotYetValid = 10,
  STSocketTaskErrorCertificateWrongHost = 11,
  STSocketTaskErrorCertificateUnknownIssuer = 12,
  STSocketTaskErrorCertificateRevoked = 13,
  STSocketTaskErrorCertificateInvalid = 14,
  STSocketTaskErrorPinMismatch = 15,
  STSocketTaskErrorProxyRefused = 16,
  STSocketTaskErrorProxyAuthentication = 17,
  STSocketTaskErrorHTTPStatus = 18,
  STSocketTaskErrorBadHandshake = 19,
  STSocketTaskErrorAcceptMismatch = 20,
  STSocketTaskErrorBadProtocol = 21,
  STSocketTaskErrorBadExtension = 22,
  STSocketTaskErrorBadRedirect = 23,
  STSocketTaskErrorProtocolViolation = 24,
  STSocketTaskErrorInvalidUTF8 = 25,
  STSocketTaskErrorMessageTooBig = 26,
  STSocketTaskErrorBadCompression = 27,
  STSocketTaskErrorPongTimeout = 28,
  STSocketTaskErrorCleartextNotPermitted = 29,
};

/// Why a call did nothing.
typedef NS_ENUM(NSInteger, STSocketTaskRefusal) {
  /// The task was invalidated.
  STSocketTaskRefusalInvalidated = 1,
  /// The connection's state does not allow the call.
  STSocketTaskRefusalInvalidState = 2,
  /// An argument or an option is not acceptable.
  STSocketTaskRefusalInvalidArgument = 3,
  /// The URL is not acceptable.
  STSocketTaskRefusalInvalidURL = 4,
  /// A string has no UTF-8 form: it has half a surrogate pair.
  STSocketTaskRefusalInvalidUTF8 = 5,
  /// The send queue has no room for the message; the drain event tells when to try again.
  STSocketTaskRefusalBufferFull = 6,
  /// The system has no thread, memory or other resource left.
  STSocketTaskRefusalOutOfResources = 7,
  /// A fault of the library, contained.
  STSocketTaskRefusalInternal = 8,
  /// The message never fits into the send queue: it is larger than `maxBufferedAmount`.
  STSocketTaskRefusalMessageTooBig = 9,
};

NS_ASSUME_NONNULL_END

#endif
