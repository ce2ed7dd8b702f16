// The native methods of Program.java.

#include <unistd.h>

#include <iostream>

#include <ReactCommon/CallInvokerHolder.h>
#include <fbjni/fbjni.h>
#include <jni.h>

#include "Program.h"

using facebook::jni::alias_ref;
using facebook::react::CallInvokerHolder;

namespace {

/** What Program.java has of C++. */
struct Handle {
  RunningProgram program;
  std::shared_ptr<ProgramInvoker> invoker;
};

Handle &handle(jlong pointer) {
  return *reinterpret_cast<Handle *>(pointer);
}

std::string utf8(JNIEnv *env, jobject text) {
  const auto string = static_cast<jstring>(text);
  const char *chars = env->GetStringUTFChars(string, nullptr);
  std::string copy(chars);
  env->ReleaseStringUTFChars(string, chars);
  return copy;
}

} // namespace

extern "C" {

JNIEXPORT jlong Java_Program_make(JNIEnv *env, jclass, jstring engine, jobjectArray words) {
  auto made = std::make_unique<Handle>();
  made->program.engine = utf8(env, engine);
  for (jsize i = 0; i < env->GetArrayLength(words); ++i) {
    made->program.arguments.push_back(utf8(env, env->GetObjectArrayElement(words, i)));
  }
  return reinterpret_cast<jlong>(made.release());
}

JNIEXPORT jobject Java_Program_metered(JNIEnv *, jclass, jlong pointer, jobject holder) {
  const alias_ref<CallInvokerHolder::javaobject> own(static_cast<CallInvokerHolder::javaobject>(holder));
  auto &[program, invoker] = handle(pointer);
  invoker = std::make_shared<ProgramInvoker>(own->cthis()->getCallInvoker(), program);
  return CallInvokerHolder::newObjectCxxArgs(invoker).release();
}

JNIEXPORT void Java_Program_install(JNIEnv *, jclass, jlong pointer, jlong runtime) {
  auto &rt = *reinterpret_cast<facebook::jsi::Runtime *>(runtime);
  rt.global().setProperty(rt, "host", handle(pointer).invoker->host(rt));
}

JNIEXPORT void Java_Program_exit(JNIEnv *, jclass, jlong pointer, jint code) {
  handle(pointer).program.exitCode->set(code);
}

JNIEXPORT void Java_Program_uncaught(JNIEnv *env, jclass, jlong pointer, jlong runtime, jstring message) {
  handle(pointer).invoker->uncaught(*reinterpret_cast<facebook::jsi::Runtime *>(runtime), utf8(env, message));
}

JNIEXPORT jint Java_Program_alive(JNIEnv *, jclass) {
  return ProgramInvoker::alive();
}

JNIEXPORT jint Java_Program_exitCode(JNIEnv *, jclass, jlong pointer) {
  return handle(pointer).program.exitCode->get();
}

JNIEXPORT void Java_Program_release(JNIEnv *, jclass, jlong pointer) {
  delete &handle(pointer);
}

JNIEXPORT void Java_Program_leave(JNIEnv *, jclass, jint code) {
  std::cout.flush();
  _exit(code);
}

} // extern "C"
