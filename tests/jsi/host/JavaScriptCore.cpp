#include <JSCRuntime.h>

#include "Engine.h"
#include "JscNativeMemory.h"

namespace jsi = facebook::jsi;

const char *const engine::kName = "JavaScriptCore";

std::unique_ptr<jsi::Runtime> engine::makeRuntime() {
  return facebook::jsc::makeJSCRuntime();
}

void engine::extendHost(jsi::Runtime &rt, jsi::Object &host) {
  host.setProperty(
      rt,
      "externalMemory",
      jsi::Function::createFromHostFunction(
          rt,
          jsi::PropNameID::forAscii(rt, "externalMemory"),
          0,
          [](jsi::Runtime &, const jsi::Value &, const jsi::Value *, size_t) {
            return jsi::Value(static_cast<double>(externalMemory.load()));
          }));
}
