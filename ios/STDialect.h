// Where Objective-C with ARC, as Apple's compilers have it, differs from Objective-C without, as GNUstep has it. The
// rest of the sources is the same for both, and keeps to what both know: instance variables are declared in the
// @interface, blocks get no messages, and what a block has to keep alive is kept alive by something else.

#import <Foundation/Foundation.h>

#if __has_feature(objc_arc)

#define ST_RETAIN(object) (object)
#define ST_RELEASE(object) ((void)0)
#define ST_AUTORELEASE(object) (object)
#define ST_DEALLOC_SUPER() ((void)0)
#define ST_WEAK __weak
#define ST_COPY_BLOCK(block) [(block) copy]
#define ST_RELEASE_BLOCK(block) ((void)(block))

/// Retains an object for C code, which is given a pointer to it.
#define ST_CONTEXT(object) ((__bridge_retained void *)(object))
/// The object behind such a pointer.
#define ST_FROM_CONTEXT(type, context) ((__bridge type *)(context))
/// Lets go of it.
#define ST_RELEASE_CONTEXT(context) ((void)(__bridge_transfer id)(context))

#else

#define ST_RETAIN(object) [(object) retain]
#define ST_RELEASE(object) [(object) release]
#define ST_AUTORELEASE(object) [(object) autorelease]
#define ST_DEALLOC_SUPER() [super dealloc]
#define ST_WEAK __unsafe_unretained
#define ST_COPY_BLOCK(block) Block_copy(block)
#define ST_RELEASE_BLOCK(block) Block_release(block)

#define ST_CONTEXT(object) ((void *)[(object) retain])
#define ST_FROM_CONTEXT(type, context) ((type *)(context))
#define ST_RELEASE_CONTEXT(context) [(id)(context) release]

#endif

#ifdef GNUSTEP
/// To be called first on a thread that Foundation has not made.
#define ST_ENTER_FOREIGN_THREAD() ((void)GSRegisterCurrentThread())
#else
#define ST_ENTER_FOREIGN_THREAD() ((void)0)
#endif
