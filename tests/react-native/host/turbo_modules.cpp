// What the C++ of an Android app does, in libappmodules.so: it gives React Native the module for a name. One more has the
// object `host` of the tests.

#include <DefaultTurboModuleManagerDelegate.h>
#include <ReactCommon/TurboModule.h>
#include <jni.h>

#include "NativeSocketTask.h"
#include "Program.h"

namespace jsi = facebook::jsi;
using namespace facebook::react;

namespace {

class TestHost final : public TurboModule {
 public:
  explicit TestHost(std::shared_ptr<ProgramInvoker> invoker)
      : TurboModule("TestHost", invoker), invoker_(std::move(invoker)) {
    methodMap_["getHost"] = MethodMetadata{0, [](jsi::Runtime &rt, TurboModule &module, const jsi::Value *, size_t) {
      return jsi::Value(static_cast<TestHost &>(module).invoker_->host(rt));
    }};
  }

 private:
  const std::shared_ptr<ProgramInvoker> invoker_;
};

std::shared_ptr<TurboModule> moduleFor(const std::string &name, const std::shared_ptr<CallInvoker> &invoker) {
  if (name == NativeSocketTask::kModuleName) return std::make_shared<NativeSocketTask>(invoker);
  if (name == "TestHost") return std::make_shared<TestHost>(std::dynamic_pointer_cast<ProgramInvoker>(invoker));
  return nullptr;
}

} // namespace

extern "C" JNIEXPORT void Java_TurboHost_provideModules(JNIEnv *, jclass) {
  DefaultTurboModuleManagerDelegate::cxxModuleProvider = &moduleFor;
}
