#include "NativeRoundTrips.h"

#include <stdexcept>
#include <utility>

#include <react/bridging/Array.h>
#include <react/bridging/Error.h>
#include <react/bridging/Number.h>
#include <react/bridging/Promise.h>

namespace facebook::react {

NativeRoundTrips::NativeRoundTrips(std::shared_ptr<CallInvoker> jsInvoker) : TurboModule(kModuleName, std::move(jsInvoker)) {
  methodMap_["measure"] =
      MethodMetadata{2, [](jsi::Runtime &rt, TurboModule &module, const jsi::Value *arguments, size_t count) {
        if (count < 2) throw jsi::JSError(rt, "measure(url, count)");
        return static_cast<NativeRoundTrips &>(module).measure(rt, arguments[0], arguments[1]);
      }};
}

jsi::Value NativeRoundTrips::measure(jsi::Runtime &rt, const jsi::Value &url, const jsi::Value &count) {
  const std::string text = url.asString(rt).utf8(rt);
  const double number = count.asNumber();
  AsyncPromise<std::vector<double>> promise(rt, jsInvoker_);
  try {
    // The promise may be settled on any thread: it takes the way to the JavaScript thread by itself.
    roundTrips_.measure(text, number >= 1 && number <= 1000 ? static_cast<uint32_t>(number) : 0,
        [promise](RoundTrips::Outcome outcome) mutable {
          if (outcome.failure.empty()) {
            promise.resolve(std::move(outcome.milliseconds));
          } else {
            promise.reject(Error(outcome.failure));
          }
        });
  } catch (const std::invalid_argument &error) {
    promise.reject(Error(error.what()));
  }
  return promise.get(rt);
}

} // namespace facebook::react
