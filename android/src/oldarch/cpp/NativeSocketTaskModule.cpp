// The native methods of NativeSocketTaskModule.java.

#include <exception>
#include <memory>
#include <utility>

#include <jni.h>

#include <ReactCommon/CallInvokerHolder.h>
#include <fbjni/fbjni.h>

#include "../../main/cpp/StayAttached.h"
#include "doors/RunByInvoker.h"
#include "doors/bridge/Installation.h"

using facebook::react::CallInvokerHolder;
using socket_task::bridge::Installation;

namespace {

Installation *fromJava(jlong installation) {
  return reinterpret_cast<Installation *>(installation);
}

/** What Java has thrown already is told as it is. */
void throwToJava(JNIEnv *env, const char *message) {
  if (env->ExceptionCheck()) return;
  if (const jclass type = env->FindClass("java/lang/IllegalStateException")) env->ThrowNew(type, message);
}

/** What `make` returns; 0 when it throws, whatever that is: Java is told. */
template <typename Make>
jlong orThrowToJava(JNIEnv *env, Make make) {
  try {
    return make();
  } catch (const std::exception &error) {
    throwToJava(env, error.what());
  } catch (...) {
    throwToJava(env, "native code has thrown something that says nothing of itself");
  }
  return 0;
}

} // namespace

extern "C" {

// Where a library has none, Java finds and calls that of a library that it needs: dlsym looks there too.
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *, void *) {
  return JNI_VERSION_1_6;
}

JNIEXPORT jlong JNICALL
Java_com_sockettask_NativeSocketTaskModule_install(JNIEnv *env, jclass, jlong runtime, jobject invokerHolder) {
  return orThrowToJava(env, [&] {
    const facebook::jni::alias_ref<CallInvokerHolder::javaobject> holder(
        static_cast<CallInvokerHolder::javaobject>(invokerHolder));
    JavaVM *vm = nullptr;
    env->GetJavaVM(&vm);
    auto installation = std::make_unique<Installation>(
        *reinterpret_cast<facebook::jsi::Runtime *>(runtime),
        socket_task::stayAttached(vm, socket_task::runBy(holder->cthis()->getCallInvoker())));
    return reinterpret_cast<jlong>(installation.release());
  });
}

// The destructor throws nothing.
JNIEXPORT void JNICALL Java_com_sockettask_NativeSocketTaskModule_end(JNIEnv *, jclass, jlong installation) {
  delete fromJava(installation);
}

} // extern "C"
