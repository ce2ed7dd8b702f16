/* Runs a Java program in a virtual machine whose libraries are kept apart from Android's:
 *
 *   launch LIBJVM_SO CLASS_PATH CLASS ARGUMENT...
 *
 * The program `java` makes libstdc++ visible to all libraries, and Android's would take `__cxa_throw` from it.
 * CHECK_JNI=1 has the machine check what native code does with it.
 */
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static char **words;

static void die(const char *why) {
    fprintf(stderr, "launch: %s\n", why);
    exit(2);
}

static jobjectArray strings(JNIEnv *env, char **from) {
    jsize count = 0;
    while (from[count]) ++count;
    jobjectArray array = (*env)->NewObjectArray(env, count, (*env)->FindClass(env, "java/lang/String"), NULL);
    for (jsize i = 0; i < count; ++i) (*env)->SetObjectArrayElement(env, array, i, (*env)->NewStringUTF(env, from[i]));
    return array;
}

static void *run(void *unused) {
    (void)unused;
    void *library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) die(dlerror());
    jint (*create)(JavaVM **, void **, void *);
    *(void **)&create = dlsym(library, "JNI_CreateJavaVM");
    if (!create) die(dlerror());

    static char path[1 << 16];
    snprintf(path, sizeof path, "-Djava.class.path=%s", words[2]);
    char *check = getenv("CHECK_JNI") ? "-Xcheck:jni" : "-Xmx1g";
    JavaVMOption options[] = {{path, NULL}, {"-Xmx1g", NULL}, {check, NULL}};
    JavaVMInitArgs arguments = {JNI_VERSION_1_8, sizeof options / sizeof *options, options, JNI_FALSE};
    JavaVM *vm;
    JNIEnv *env;
    if (create(&vm, (void **)&env, &arguments) != JNI_OK) die("there is no virtual machine");

    jclass class = (*env)->FindClass(env, words[3]);
    jmethodID method = class ? (*env)->GetStaticMethodID(env, class, "main", "([Ljava/lang/String;)V") : NULL;
    if (method) (*env)->CallStaticVoidMethod(env, class, method, strings(env, words + 4));
    const int failed = (*env)->ExceptionCheck(env);
    if (failed) (*env)->ExceptionDescribe(env);
    (*vm)->DestroyJavaVM(vm);
    exit(failed);
}

int main(int count, char **arguments) {
    if (count < 4) die("launch LIBJVM_SO CLASS_PATH CLASS ARGUMENT...");
    words = arguments;
    /* Not the first thread, whose stack a virtual machine knows too little of. */
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 8 << 20);
    pthread_t thread;
    if (pthread_create(&thread, &attributes, run, NULL) != 0) die("there is no thread");
    pthread_join(thread, NULL);
}
