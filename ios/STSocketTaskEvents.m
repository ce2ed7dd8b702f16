#import "STSocketTaskEvents.h"

#import "STConversions.h"
#import "STDialect.h"

@implementation STSocketTaskHeader

@synthesize name = _name, value = _value;

- (instancetype)initWithName:(NSString *)name value:(NSString *)value {
  if ((self = [super init])) {
    _name = [name copy];
    _value = [value copy];
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_name);
  ST_RELEASE(_value);
  ST_DEALLOC_SUPER();
}

- (BOOL)isEqual:(id)other {
  if (![other isKindOfClass:[STSocketTaskHeader class]]) return NO;
  STSocketTaskHeader *header = other;
  return [_name isEqualToString:header.name] && [_value isEqualToString:header.value];
}

- (NSUInteger)hash {
  return [_name hash] ^ [_value hash];
}

- (NSString *)description {
  // Without the value: it may be a secret, and descriptions end up in logs.
  return [NSString stringWithFormat:@"<%@ %@>", [self class], _name];
}

@end

static STSocketTaskSpan STSeconds(socket_task_span span) {
  return (STSocketTaskSpan){(NSTimeInterval)span.start_us / 1e6, (NSTimeInterval)span.end_us / 1e6};
}

@implementation STSocketTaskOpenEvent

@synthesize HTTPStatus = _HTTPStatus, headers = _headers, protocol = _protocol, extensions = _extensions;
@synthesize remoteAddress = _remoteAddress, TLSVersion = _TLSVersion, TLSCipher = _TLSCipher;
@synthesize TLSResumed = _TLSResumed;
@synthesize nameLookup = _nameLookup, TCPConnect = _TCPConnect, proxyConnect = _proxyConnect;
@synthesize TLSHandshake = _TLSHandshake, openingHandshake = _openingHandshake;
@synthesize attempt = _attempt;

- (instancetype)initWithEvent:(const socket_task_open *)open {
  if ((self = [super init])) {
    _HTTPStatus = open->http_status;
    _TLSResumed = open->tls_resumed;
    _headers = ST_RETAIN(STHeaders(open->headers, open->header_count));
    _protocol = ST_RETAIN(STText(open->protocol));
    _extensions = ST_RETAIN(STText(open->extensions));
    _remoteAddress = ST_RETAIN(STText(open->remote_address));
    _TLSVersion = ST_RETAIN(STText(open->tls_version));
    _TLSCipher = ST_RETAIN(STText(open->tls_cipher));
    _nameLookup = STSeconds(open->dns);
    _TCPConnect = STSeconds(open->tcp);
    _proxyConnect = STSeconds(open->proxy);
    _TLSHandshake = STSeconds(open->tls);
    _openingHandshake = STSeconds(open->handshake);
    _attempt = (NSInteger)open->attempt;
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_headers);
  ST_RELEASE(_protocol);
  ST_RELEASE(_extensions);
  ST_RELEASE(_remoteAddress);
  ST_RELEASE(_TLSVersion);
  ST_RELEASE(_TLSCipher);
  ST_DEALLOC_SUPER();
}

- (nullable NSString *)valueOfHeader:(NSString *)name {
  for (STSocketTaskHeader *header in _headers) {
    if ([header.name caseInsensitiveCompare:name] == NSOrderedSame) return header.value;
  }
  return nil;
}

@end

@implementation STSocketTaskCloseEvent

@synthesize code = _code, reason = _reason, wasClean = _wasClean;

- (instancetype)initWithEvent:(const socket_task_close_event *)close {
  if ((self = [super init])) {
    _code = close->code;
    _reason = ST_RETAIN(STText(close->reason));
    _wasClean = close->was_clean;
  }
  return self;
}

- (void)dealloc {
  ST_RELEASE(_reason);
  ST_DEALLOC_SUPER();
}

- (NSString *)description {
  return [NSString stringWithFormat:@"<%@ %ld \"%@\"%@>", [self class], (long)_code, _reason, _wasClean ? @"" : @", not clean"];
}

@end
