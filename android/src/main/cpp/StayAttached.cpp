#include "StayAttached.h"

#include <utility>

namespace socket_task {

namespace {

/** Where Java leaves its environment: Android's jni.h and a JDK's have different types for it. */
class EnvironmentPointer {
 public:
  operator void **() {
    return &environment_;
  }
  operator JNIEnv **() {
    return reinterpret_cast<JNIEnv **>(&environment_);
  }

 private:
  void *environment_ = nullptr;
};

class AttachedThread {
 public:
  explicit AttachedThread(JavaVM *vm) {
    EnvironmentPointer environment;
    if (vm->GetEnv(environment, JNI_VERSION_1_6) == JNI_OK) return;
    char name[] = "socket-task";
    JavaVMAttachArgs arguments{JNI_VERSION_1_6, name, nullptr};
    // As a daemon: a Java machine waits for all others before it exits.
    if (vm->AttachCurrentThreadAsDaemon(environment, &arguments) == JNI_OK) vm_ = vm;
  }
  ~AttachedThread() {
    // Android ends the process when a thread ends without being detached.
    if (vm_ != nullptr) vm_->DetachCurrentThread();
  }
  AttachedThread(const AttachedThread &) = delete;
  AttachedThread &operator=(const AttachedThread &) = delete;

 private:
  /** None for a thread that others have attached. */
  JavaVM *vm_ = nullptr;
};

} // namespace

RunInJs stayAttached(JavaVM *vm, RunInJs run) {
  return [vm, run = std::move(run)](std::function<void()> &&task) {
    thread_local const AttachedThread thread(vm);
    run(std::move(task));
  };
}

} // namespace socket_task
