#import "STConversions.h"

#import "STDialect.h"

NSString *const STSocketTaskErrorDomain = @"STSocketTaskErrorDomain";
NSString *const STSocketTaskRefusalDomain = @"STSocketTaskRefusalDomain";
NSString *const STSocketTaskErrorPhaseKey = @"STSocketTaskErrorPhase";
NSString *const STSocketTaskErrorHTTPStatusKey = @"STSocketTaskErrorHTTPStatus";
NSString *const STSocketTaskErrorHTTPHeadersKey = @"STSocketTaskErrorHTTPHeaders";
NSString *const STSocketTaskErrorHTTPBodyKey = @"STSocketTaskErrorHTTPBody";

#define ST_SAME(objc, c) _Static_assert((int)(objc) == (int)(c), #objc " is " #c)
ST_SAME(STSocketTaskPhaseURL, SOCKET_TASK_PHASE_URL);
ST_SAME(STSocketTaskPhaseDNS, SOCKET_TASK_PHASE_DNS);
ST_SAME(STSocketTaskPhaseTCP, SOCKET_TASK_PHASE_TCP);
ST_SAME(STSocketTaskPhaseProxy, SOCKET_TASK_PHASE_PROXY);
ST_SAME(STSocketTaskPhaseTLS, SOCKET_TASK_PHASE_TLS);
ST_SAME(STSocketTaskPhaseHandshake, SOCKET_TASK_PHASE_HANDSHAKE);
ST_SAME(STSocketTaskPhaseProtocol, SOCKET_TASK_PHASE_PROTOCOL);
ST_SAME(STSocketTaskPhaseTimeout, SOCKET_TASK_PHASE_TIMEOUT);
ST_SAME(STSocketTaskPhaseClosed, SOCKET_TASK_PHASE_CLOSED);
ST_SAME(STSocketTaskErrorOther, SOCKET_TASK_ERROR_OTHER);
ST_SAME(STSocketTaskErrorTimedOut, SOCKET_TASK_ERROR_TIMED_OUT);
ST_SAME(STSocketTaskErrorNameNotResolved, SOCKET_TASK_ERROR_NAME_NOT_RESOLVED);
ST_SAME(STSocketTaskErrorConnectionRefused, SOCKET_TASK_ERROR_CONNECTION_REFUSED);
ST_SAME(STSocketTaskErrorUnreachable, SOCKET_TASK_ERROR_UNREACHABLE);
ST_SAME(STSocketTaskErrorConnectionReset, SOCKET_TASK_ERROR_CONNECTION_RESET);
ST_SAME(STSocketTaskErrorConnectionEnded, SOCKET_TASK_ERROR_CONNECTION_ENDED);
ST_SAME(STSocketTaskErrorTLSFailed, SOCKET_TASK_ERROR_TLS_FAILED);
ST_SAME(STSocketTaskErrorCertificateExpired, SOCKET_TASK_ERROR_CERTIFICATE_EXPIRED);
ST_SAME(STSocketTaskErrorCertificateNotYetValid, SOCKET_TASK_ERROR_CERTIFICATE_NOT_YET_VALID);
ST_SAME(STSocketTaskErrorCertificateWrongHost, SOCKET_TASK_ERROR_CERTIFICATE_WRONG_HOST);
ST_SAME(STSocketTaskErrorCertificateUnknownIssuer, SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER);
ST_SAME(STSocketTaskErrorCertificateRevoked, SOCKET_TASK_ERROR_CERTIFICATE_REVOKED);
ST_SAME(STSocketTaskErrorCertificateInvalid, SOCKET_TASK_ERROR_CERTIFICATE_INVALID);
ST_SAME(STSocketTaskErrorPinMismatch, SOCKET_TASK_ERROR_PIN_MISMATCH);
ST_SAME(STSocketTaskErrorProxyRefused, SOCKET_TASK_ERROR_PROXY_REFUSED);
ST_SAME(STSocketTaskErrorProxyAuthentication, SOCKET_TASK_ERROR_PROXY_AUTHENTICATION);
ST_SAME(STSocketTaskErrorHTTPStatus, SOCKET_TASK_ERROR_HTTP_STATUS);
ST_SAME(STSocketTaskErrorBadHandshake, SOCKET_TASK_ERROR_BAD_HANDSHAKE);
ST_SAME(STSocketTaskErrorAcceptMismatch, SOCKET_TASK_ERROR_ACCEPT_MISMATCH);
ST_SAME(STSocketTaskErrorBadProtocol, SOCKET_TASK_ERROR_BAD_PROTOCOL);
ST_SAME(STSocketTaskErrorBadExtension, SOCKET_TASK_ERROR_BAD_EXTENSION);
ST_SAME(STSocketTaskErrorBadRedirect, SOCKET_TASK_ERROR_BAD_REDIRECT);
ST_SAME(STSocketTaskErrorProtocolViolation, SOCKET_TASK_ERROR_PROTOCOL_VIOLATION);
ST_SAME(STSocketTaskErrorInvalidUTF8, SOCKET_TASK_ERROR_INVALID_UTF8);
ST_SAME(STSocketTaskErrorMessageTooBig, SOCKET_TASK_ERROR_MESSAGE_TOO_BIG);
ST_SAME(STSocketTaskErrorBadCompression, SOCKET_TASK_ERROR_BAD_COMPRESSION);
ST_SAME(STSocketTaskErrorPongTimeout, SOCKET_TASK_ERROR_PONG_TIMEOUT);
ST_SAME(STSocketTaskErrorCleartextNotPermitted, SOCKET_TASK_ERROR_CLEARTEXT_NOT_PERMITTED);
ST_SAME(STSocketTaskRefusalInvalidated, SOCKET_TASK_INVALID_HANDLE);
ST_SAME(STSocketTaskRefusalInvalidState, SOCKET_TASK_INVALID_STATE);
ST_SAME(STSocketTaskRefusalInvalidArgument, SOCKET_TASK_INVALID_ARGUMENT);
ST_SAME(STSocketTaskRefusalInvalidURL, SOCKET_TASK_INVALID_URL);
ST_SAME(STSocketTaskRefusalInvalidUTF8, SOCKET_TASK_INVALID_UTF8);
ST_SAME(STSocketTaskRefusalBufferFull, SOCKET_TASK_BUFFER_FULL);
ST_SAME(STSocketTaskRefusalOutOfResources, SOCKET_TASK_OUT_OF_RESOURCES);
ST_SAME(STSocketTaskRefusalInternal, SOCKET_TASK_INTERNAL);
ST_SAME(STSocketTaskRefusalMessageTooBig, SOCKET_TASK_MESSAGE_TOO_BIG);

NSString *STStringWithUTF8(const void *bytes, size_t length) {
  NSString *string =
      ST_AUTORELEASE([[NSString alloc] initWithBytes:bytes length:length encoding:NSUTF8StringEncoding]);
  if (!string || length < 3 || memcmp(bytes, "\xEF\xBB\xBF", 3) != 0) return string;
  if (string.length > 0 && [string characterAtIndex:0] == 0xFEFF) return string;
  // Foundation has taken the byte order mark for a sign of the encoding. In a message it is content.
  NSMutableString *marked = [NSMutableString stringWithString:string];
  [marked insertString:@"\uFEFF" atIndex:0];
  return marked;
}

NSString *STText(socket_task_text text) {
  NSString *string = STStringWithUTF8(text.data, text.length);
  return string ? string : @"";
}

NSData *STUTF8(NSString *string) {
  return [string dataUsingEncoding:NSUTF8StringEncoding];
}

NSURLComponents *STHTTPComponents(const char *url, size_t length) {
  NSURLComponents *components = [NSURLComponents componentsWithString:STStringWithUTF8(url, length)];
  components.scheme = [components.scheme isEqualToString:@"wss"] ? @"https" : @"http";
  return components;
}

static NSString *STFieldText(socket_task_text text) {
  NSString *string = STStringWithUTF8(text.data, text.length);
  if (string) return string;
  return ST_AUTORELEASE(
      [[NSString alloc] initWithBytes:text.data length:text.length encoding:NSISOLatin1StringEncoding]);
}

NSArray<STSocketTaskHeader *> *STHeaders(const socket_task_header *headers, size_t count) {
  NSMutableArray *array = [NSMutableArray arrayWithCapacity:count];
  for (size_t i = 0; i < count; i++) {
    STSocketTaskHeader *header = [[STSocketTaskHeader alloc] initWithName:STFieldText(headers[i].name)
                                                                    value:STFieldText(headers[i].value)];
    [array addObject:header];
    ST_RELEASE(header);
  }
  return array;
}

NSError *STErrorFromEvent(const socket_task_error *error) {
  NSMutableDictionary *userInfo = [NSMutableDictionary dictionary];
  NSString *description = STStringWithUTF8(error->message.data, error->message.length);
  if (description) [userInfo setObject:description forKey:NSLocalizedDescriptionKey];
  [userInfo setObject:[NSNumber numberWithInteger:error->phase] forKey:STSocketTaskErrorPhaseKey];
  if (error->http_status != 0) {
    [userInfo setObject:[NSNumber numberWithInteger:error->http_status] forKey:STSocketTaskErrorHTTPStatusKey];
  }
  if (error->header_count > 0) {
    [userInfo setObject:STHeaders(error->headers, error->header_count) forKey:STSocketTaskErrorHTTPHeadersKey];
  }
  if (error->body_length > 0) {
    [userInfo setObject:[NSData dataWithBytes:error->body length:error->body_length]
                 forKey:STSocketTaskErrorHTTPBodyKey];
  }
  if (error->os_error != 0) {
    NSError *underlying = [NSError errorWithDomain:NSPOSIXErrorDomain code:error->os_error userInfo:nil];
    [userInfo setObject:underlying forKey:NSUnderlyingErrorKey];
  }
  return [NSError errorWithDomain:STSocketTaskErrorDomain code:error->code userInfo:userInfo];
}

uint32_t STMilliseconds(NSTimeInterval seconds) {
  const double milliseconds = ceil(seconds * 1000);
  if (!(milliseconds > 0)) return 0;
  return milliseconds < UINT32_MAX ? (uint32_t)milliseconds : UINT32_MAX;
}

BOOL STRefuse(socket_task_status status, NSString *description, NSError **error) {
  if (error) {
    NSDictionary *userInfo = [NSDictionary dictionaryWithObject:description forKey:NSLocalizedDescriptionKey];
    *error = [NSError errorWithDomain:STSocketTaskRefusalDomain code:status userInfo:userInfo];
  }
  return NO;
}

BOOL STCheck(socket_task_status status, NSError **error) {
  if (status == SOCKET_TASK_OK) return YES;
  const char *message = socket_task_last_error_message();
  NSString *description = STStringWithUTF8(message, strlen(message));
  return STRefuse(status, description ? description : @"", error);
}
