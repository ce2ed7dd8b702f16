/* The native half of Android's loopers and handlers, whose Java is Android's own: a queue sleeps until it is woken, or
 * for some time. */
#include <errno.h>
#include <jni.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    int woken, polling;
};

static struct queue *queue_of(jlong pointer) { return (struct queue *)pointer; }

JNIEXPORT jlong Java_android_os_MessageQueue_nativeInit(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    struct queue *queue = calloc(1, sizeof *queue);
    if (!queue) abort();
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->condition, &attributes);
    return (jlong)queue;
}

JNIEXPORT void Java_android_os_MessageQueue_nativeDestroy(JNIEnv *env, jclass class, jlong pointer) {
    (void)env, (void)class;
    struct queue *queue = queue_of(pointer);
    pthread_cond_destroy(&queue->condition);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

/* Less than 0 milliseconds: without an end. */
JNIEXPORT void Java_android_os_MessageQueue_nativePollOnce(JNIEnv *env, jobject self, jlong pointer, jint milliseconds) {
    (void)env, (void)self;
    struct queue *queue = queue_of(pointer);
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += milliseconds / 1000;
    end.tv_nsec += milliseconds % 1000 * 1000000L;
    if (end.tv_nsec >= 1000000000L) end.tv_nsec -= 1000000000L, ++end.tv_sec;

    pthread_mutex_lock(&queue->mutex);
    queue->polling = 1;
    int result = 0;
    while (!queue->woken && milliseconds != 0 && result != ETIMEDOUT) {
        result = milliseconds < 0 ? pthread_cond_wait(&queue->condition, &queue->mutex)
                                  : pthread_cond_timedwait(&queue->condition, &queue->mutex, &end);
    }
    queue->woken = queue->polling = 0;
    pthread_mutex_unlock(&queue->mutex);
}

JNIEXPORT void Java_android_os_MessageQueue_nativeWake(JNIEnv *env, jclass class, jlong pointer) {
    (void)env, (void)class;
    struct queue *queue = queue_of(pointer);
    pthread_mutex_lock(&queue->mutex);
    queue->woken = 1;
    pthread_cond_signal(&queue->condition);
    pthread_mutex_unlock(&queue->mutex);
}

JNIEXPORT jboolean Java_android_os_MessageQueue_nativeIsPolling(JNIEnv *env, jclass class, jlong pointer) {
    (void)env, (void)class;
    struct queue *queue = queue_of(pointer);
    pthread_mutex_lock(&queue->mutex);
    const int polling = queue->polling;
    pthread_mutex_unlock(&queue->mutex);
    return polling != 0;
}

/* Handlers ask who calls them: there are no other processes. */
JNIEXPORT jlong Java_android_os_Binder_clearCallingIdentity(JNIEnv *env, jclass class) {
    return (void)env, (void)class, 0;
}
JNIEXPORT void Java_android_os_Binder_restoreCallingIdentity(JNIEnv *env, jclass class, jlong token) {
    (void)env, (void)class, (void)token;
}
JNIEXPORT void Java_android_os_Binder_flushPendingCommands(JNIEnv *env, jclass class) { (void)env, (void)class; }
