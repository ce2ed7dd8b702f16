#import "AppleServices.h"

#import <CFNetwork/CFNetwork.h>
#import <Network/Network.h>
#import <UIKit/UIKit.h>
#import <pthread.h>

// ---- CoreFoundation and CFNetwork ----

const CFStringRef kCFProxyTypeKey = CFSTR("kCFProxyTypeKey");
const CFStringRef kCFProxyHostNameKey = CFSTR("kCFProxyHostNameKey");
const CFStringRef kCFProxyPortNumberKey = CFSTR("kCFProxyPortNumberKey");
const CFStringRef kCFProxyUsernameKey = CFSTR("kCFProxyUsernameKey");
const CFStringRef kCFProxyPasswordKey = CFSTR("kCFProxyPasswordKey");
const CFStringRef kCFProxyAutoConfigurationURLKey = CFSTR("kCFProxyAutoConfigurationURLKey");
const CFStringRef kCFProxyAutoConfigurationJavaScriptKey = CFSTR("kCFProxyAutoConfigurationJavaScriptKey");
const CFStringRef kCFProxyTypeNone = CFSTR("kCFProxyTypeNone");
const CFStringRef kCFProxyTypeHTTP = CFSTR("kCFProxyTypeHTTP");
const CFStringRef kCFProxyTypeHTTPS = CFSTR("kCFProxyTypeHTTPS");
const CFStringRef kCFProxyTypeSOCKS = CFSTR("kCFProxyTypeSOCKS");
const CFStringRef kCFProxyTypeAutoConfigurationURL = CFSTR("kCFProxyTypeAutoConfigurationURL");
const CFStringRef kCFProxyTypeAutoConfigurationJavaScript = CFSTR("kCFProxyTypeAutoConfigurationJavaScript");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static NSArray *systemProxies;
static NSArray *scriptProxies;
static NSMutableArray *askedURLs;

void setSystemProxies(NSArray *proxies) {
  pthread_mutex_lock(&lock);
  [systemProxies release];
  systemProxies = [proxies retain];
  pthread_mutex_unlock(&lock);
}

void setScriptProxies(NSArray *proxies) {
  pthread_mutex_lock(&lock);
  [scriptProxies release];
  scriptProxies = [proxies retain];
  pthread_mutex_unlock(&lock);
}

static void noteURL(NSString *url) {
  pthread_mutex_lock(&lock);
  if (!askedURLs) askedURLs = [[NSMutableArray alloc] init];
  [askedURLs addObject:url];
  pthread_mutex_unlock(&lock);
}

NSArray *takeAskedURLs(void) {
  pthread_mutex_lock(&lock);
  NSArray *urls = [[askedURLs copy] autorelease];
  [askedURLs removeAllObjects];
  pthread_mutex_unlock(&lock);
  return urls;
}

CFTypeRef CFRetain(CFTypeRef object) {
  return [(id)object retain];
}

void CFRelease(CFTypeRef object) {
  [(id)object release];
}

CFDictionaryRef CFNetworkCopySystemProxySettings(void) {
  pthread_mutex_lock(&lock);
  NSDictionary *settings = systemProxies ? [[NSDictionary alloc] init] : nil;
  pthread_mutex_unlock(&lock);
  return (CFDictionaryRef)settings;
}

CFArrayRef CFNetworkCopyProxiesForURL(CFURLRef url, CFDictionaryRef settings) {
  (void)settings;
  noteURL([(NSURL *)url absoluteString]);
  pthread_mutex_lock(&lock);
  NSArray *proxies = [systemProxies retain];
  pthread_mutex_unlock(&lock);
  return (CFArrayRef)proxies;
}

/// A run loop source that calls back once.
@interface ScriptSource : NSObject {
@public
  CFProxyAutoConfigurationResultCallback _callback;
  void *_client;
}
@end

@implementation ScriptSource
@end

static _Thread_local ScriptSource *addedSource;

static CFRunLoopSourceRef newSource(CFURLRef target, CFProxyAutoConfigurationResultCallback callback,
                                    CFStreamClientContext *context) {
  noteURL([@"script " stringByAppendingString:[(NSURL *)target absoluteString]]);
  ScriptSource *source = [[ScriptSource alloc] init];
  source->_callback = callback;
  source->_client = context->info;
  return (CFRunLoopSourceRef)source;
}

CFRunLoopSourceRef CFNetworkExecuteProxyAutoConfigurationURL(CFURLRef script, CFURLRef target,
                                                             CFProxyAutoConfigurationResultCallback callback,
                                                             CFStreamClientContext *context) {
  (void)script;
  return newSource(target, callback, context);
}

CFRunLoopSourceRef CFNetworkExecuteProxyAutoConfigurationScript(CFStringRef script, CFURLRef target,
                                                                CFProxyAutoConfigurationResultCallback callback,
                                                                CFStreamClientContext *context) {
  (void)script;
  return newSource(target, callback, context);
}

CFRunLoopRef CFRunLoopGetCurrent(void) {
  return NULL;
}

void CFRunLoopAddSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode mode) {
  (void)loop;
  (void)mode;
  addedSource = (ScriptSource *)source;
}

int32_t CFRunLoopRunInMode(CFRunLoopMode mode, CFTimeInterval seconds, Boolean returnAfterSourceHandled) {
  (void)mode;
  (void)seconds;
  (void)returnAfterSourceHandled;
  pthread_mutex_lock(&lock);
  NSArray *proxies = [[scriptProxies retain] autorelease];
  pthread_mutex_unlock(&lock);
  NSError *error = proxies ? nil : [NSError errorWithDomain:@"kCFErrorDomainCFNetwork" code:308 userInfo:nil];
  addedSource->_callback(addedSource->_client, (CFArrayRef)proxies, (CFErrorRef)error);
  return 2;
}

void CFRunLoopStop(CFRunLoopRef loop) {
  (void)loop;
}

void CFRunLoopSourceInvalidate(CFRunLoopSourceRef source) {
  if (addedSource == (ScriptSource *)source) addedSource = nil;
}

// ---- Network ----

static nw_path_monitor_update_handler_t updateHandler;
static unsigned monitors;

/// What runs on the one queue that there is.
static pthread_mutex_t queueLock = PTHREAD_MUTEX_INITIALIZER;

dispatch_queue_t dispatch_queue_create(const char *label, dispatch_queue_attr_t attributes) {
  (void)label;
  (void)attributes;
  return [[NSObject alloc] init];
}

/// Nanoseconds from now, which is when [dispatch_after] is called.
dispatch_time_t dispatch_time(dispatch_time_t when, int64_t nanoseconds) {
  return when + (dispatch_time_t)nanoseconds;
}

@interface Later : NSObject {
 @public
  dispatch_block_t _block;
  NSTimeInterval _delay;
}
@end

@implementation Later
- (void)run {
  @autoreleasepool {
    [NSThread sleepForTimeInterval:_delay];
    pthread_mutex_lock(&queueLock);
    _block();
    pthread_mutex_unlock(&queueLock);
    Block_release(_block);
  }
}
@end

void dispatch_after(dispatch_time_t when, dispatch_queue_t queue, dispatch_block_t block) {
  (void)queue;
  Later *later = [[[Later alloc] init] autorelease];
  later->_block = Block_copy(block);
  later->_delay = (NSTimeInterval)when / 1e9;
  [NSThread detachNewThreadSelector:@selector(run) toTarget:later withObject:nil];
}

nw_path_monitor_t nw_path_monitor_create(void) {
  return [[NSObject alloc] init];
}

void nw_path_monitor_set_queue(nw_path_monitor_t monitor, dispatch_queue_t queue) {
  (void)monitor;
  (void)queue;
}

void nw_path_monitor_set_update_handler(nw_path_monitor_t monitor, nw_path_monitor_update_handler_t handler) {
  (void)monitor;
  updateHandler = Block_copy(handler);
}

void nw_path_monitor_start(nw_path_monitor_t monitor) {
  (void)monitor;
  monitors++;
}

nw_path_status_t nw_path_get_status(nw_path_t path) {
  return [(NSNumber *)path boolValue] ? nw_path_status_satisfied : nw_path_status_unsatisfied;
}

bool nw_path_is_equal(nw_path_t path, nw_path_t other) {
  return [path isEqual:other];
}

void updateNetwork(BOOL satisfied) {
  pthread_mutex_lock(&queueLock);
  updateHandler([NSNumber numberWithBool:satisfied]);
  pthread_mutex_unlock(&queueLock);
}

unsigned startedMonitors(void) {
  return monitors;
}

// ---- Foundation ----

@implementation NSURLComponents (OfiOS16)

/// As iOS has it from 16 on, for the one name of the tests; percent-encoded for others.
- (NSString *)encodedHost {
  if ([self.host isEqualToString:@"b\u00FCcher.example"]) return @"xn--bcher-kva.example";
  return [self percentEncodedHost];
}

@end

// ---- UIKit ----

NSString *const UIApplicationWillEnterForegroundNotification = @"UIApplicationWillEnterForegroundNotification";
@implementation UIApplication

static unsigned begun, ended;

- (UIBackgroundTaskIdentifier)beginBackgroundTaskWithName:(NSString *)name expirationHandler:(void (^)(void))handler {
  (void)name;
  (void)handler;
  return __atomic_add_fetch(&begun, 1, __ATOMIC_SEQ_CST);
}

- (void)endBackgroundTask:(UIBackgroundTaskIdentifier)identifier {
  // Each as often as it was begun.
  if (identifier == __atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST)) return;
  fputs("a background task was ended that was not the one begun\n", stderr);
  abort();
}

@end

unsigned backgroundTasksBegun(void) {
  return __atomic_load_n(&begun, __ATOMIC_SEQ_CST);
}

unsigned backgroundTasksEnded(void) {
  return __atomic_load_n(&ended, __ATOMIC_SEQ_CST);
}

NSString *const UIApplicationDidEnterBackgroundNotification = @"UIApplicationDidEnterBackgroundNotification";
