#include <hermes/hermes.h>

#include "Engine.h"

namespace jsi = facebook::jsi;

const char *const engine::kName = "Hermes";

/** With the options of React Native's own HermesInstance.cpp. */
std::unique_ptr<jsi::Runtime> engine::makeRuntime() {
  const auto memory = hermes::vm::GCConfig::Builder().withMaxHeapSize(3072u << 20).withName("RNBridgeless").build();
  const auto config = hermes::vm::RuntimeConfig::Builder()
                          .withGCConfig(memory)
                          .withEnableSampleProfiling(true)
                          .withMicrotaskQueue(true)
                          .build();
  return facebook::hermes::makeHermesRuntime(config);
}

void engine::extendHost(jsi::Runtime &, jsi::Object &) {}
