// The native methods of RoundTripsModule.java.

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <jni.h>

#include "RoundTrips.h"

namespace {

/** Java on the current thread, which is the library's. */
class Attached {
 public:
  explicit Attached(JavaVM *vm) : vm_(vm) {
    if (vm->GetEnv(reinterpret_cast<void **>(&env_), JNI_VERSION_1_6) == JNI_OK) return;
#ifdef __ANDROID__
    vm->AttachCurrentThread(&env_, nullptr);
#else
    vm->AttachCurrentThread(reinterpret_cast<void **>(&env_), nullptr);
#endif
    detach_ = true;
  }
  ~Attached() {
    if (env_ != nullptr && env_->ExceptionCheck()) env_->ExceptionClear();
    if (detach_) vm_->DetachCurrentThread();
  }
  JNIEnv *operator->() const { return env_; }
  explicit operator bool() const { return env_ != nullptr; }

 private:
  JavaVM *const vm_;
  JNIEnv *env_ = nullptr;
  bool detach_ = false;
};

/** An object of Java, held from C++ until the last copy goes, on whichever thread. */
std::shared_ptr<_jobject> hold(JNIEnv *env, JavaVM *vm, jobject object) {
  return {env->NewGlobalRef(object), [vm](jobject held) {
            if (const Attached java(vm); java) java->DeleteGlobalRef(held);
          }};
}

/** UTF-8 by Java itself: JNI's own is modified UTF-8, which differs. */
std::string utf8(JNIEnv *env, jstring text) {
  const auto method = env->GetMethodID(env->FindClass("java/lang/String"), "getBytes", "(Ljava/lang/String;)[B");
  const auto bytes = static_cast<jbyteArray>(env->CallObjectMethod(text, method, env->NewStringUTF("UTF-8")));
  std::string copy(static_cast<size_t>(env->GetArrayLength(bytes)), '\0');
  env->GetByteArrayRegion(bytes, 0, static_cast<jsize>(copy.size()), reinterpret_cast<jbyte *>(copy.data()));
  return copy;
}

void tell(const Attached &java, jobject outcome, const RoundTrips::Outcome &told) {
  const jmethodID done = java->GetMethodID(java->GetObjectClass(outcome), "done", "([DLjava/lang/String;)V");
  if (!told.failure.empty()) {
    // The library's texts are English, without what modified UTF-8 writes otherwise.
    java->CallVoidMethod(outcome, done, nullptr, java->NewStringUTF(told.failure.c_str()));
    return;
  }
  const auto count = static_cast<jsize>(told.milliseconds.size());
  const jdoubleArray array = java->NewDoubleArray(count);
  java->SetDoubleArrayRegion(array, 0, count, told.milliseconds.data());
  java->CallVoidMethod(outcome, done, array, nullptr);
}

} // namespace

extern "C" {

// Where a library has none, Java finds and calls that of a library that it needs.
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *, void *) {
  return JNI_VERSION_1_6;
}

JNIEXPORT jlong JNICALL Java_com_example_roundtrips_RoundTripsModule_create(JNIEnv *, jclass) {
  return reinterpret_cast<jlong>(new RoundTrips());
}

JNIEXPORT jstring JNICALL Java_com_example_roundtrips_RoundTripsModule_measure(
    JNIEnv *env, jclass, jlong roundTrips, jstring url, jint count, jobject outcome) {
  try {
    JavaVM *vm = nullptr;
    env->GetJavaVM(&vm);
    reinterpret_cast<RoundTrips *>(roundTrips)->measure(
        utf8(env, url),
        count < 1 ? 0 : static_cast<uint32_t>(count),
        [vm, held = hold(env, vm, outcome)](RoundTrips::Outcome told) {
          if (const Attached java(vm); java) tell(java, held.get(), told);
        });
    return nullptr;
  } catch (const std::exception &error) {
    return env->NewStringUTF(error.what());
  }
}

JNIEXPORT void JNICALL Java_com_example_roundtrips_RoundTripsModule_end(JNIEnv *, jclass, jlong roundTrips) {
  delete reinterpret_cast<RoundTrips *>(roundTrips);
}

} // extern "C"
