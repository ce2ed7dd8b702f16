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

void throwToJava(JNIEnv *env, const char *message) {
  if (env->ExceptionCheck()) return;
  if (const jclass type = env->FindClass("java/lang/IllegalStateException")) env->ThrowNew(type, message);
}

} // namespace

extern "C" {

JNIEXPORT jlong JNICALL
Java_com_sockettask_NativeSocketTaskModule_install(JNIEnv *env, jclass, jlong runtime, jobject invokerHolder) {
  try {
    const facebook::jni::alias_ref<CallInvokerHolder::javaobject> holder(
        static_cast<CallInvokerHolder::javaobject>(invokerHolder));
    JavaVM *vm = nullptr;
    env->GetJavaVM(&vm);
    auto installation = std::make_unique<Installation>(
        *reinterpret_cast<facebook::jsi::Runtime *>(runtime),
        socket_task::stayAttached(vm, socket_task::runBy(holder->cthis()->getCallInvoker())));
    return reinterpret_cast<jlong>(installation.release());
  } catch (const std::exception &error) {
    throwToJava(env, error.what());
    return 0;
  }
}

JNIEXPORT void JNICALL Java_com_sockettask_NativeSocketTaskModule_end(JNIEnv *, jclass, jlong installation) {
  delete fromJava(installation);
}

} // extern "C"
