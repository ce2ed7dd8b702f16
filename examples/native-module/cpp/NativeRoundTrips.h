#pragma once

#include <memory>

#include <ReactCommon/CallInvoker.h>
#include <ReactCommon/TurboModule.h>

#include "RoundTrips.h"

namespace facebook::react {

/**
 * The C++ TurboModule of js/NativeRoundTrips.ts. One instance belongs to one JavaScript runtime; with it, at a reload, its
 * connections end.
 */
class NativeRoundTrips : public TurboModule {
 public:
  static constexpr const char *kModuleName = "NativeRoundTrips";

  explicit NativeRoundTrips(std::shared_ptr<CallInvoker> jsInvoker);

 private:
  jsi::Value measure(jsi::Runtime &rt, const jsi::Value &url, const jsi::Value &count);

  RoundTrips roundTrips_;
};

} // namespace facebook::react
