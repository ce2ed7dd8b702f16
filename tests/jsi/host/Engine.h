#pragma once

#include <memory>

#include <jsi/jsi.h>

/** The engine of a host program. Each has a source file: JavaScriptCore.cpp, and Hermes.cpp in tests/react-native. */
namespace engine {

/** As reports call it. */
extern const char *const kName;

/** A runtime as React Native makes it. */
std::unique_ptr<facebook::jsi::Runtime> makeRuntime();

/** Adds to the object `Host` of js/host.ts what only this engine can tell. */
void extendHost(facebook::jsi::Runtime &rt, facebook::jsi::Object &host);

} // namespace engine
