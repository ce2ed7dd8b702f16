#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <jsi/jsi.h>

#include "MeteredInvoker.h"

/** The object `Host` of js/host.ts, as far as it is the same in all hosts. `invoker` is the one that the module has. */
facebook::jsi::Object hostFunctions(facebook::jsi::Runtime &rt, std::shared_ptr<MeteredInvoker> invoker);

/** What runs a bundle, where that is a program of its own. */
struct Program {
  std::string engine;
  std::vector<std::string> arguments;
  /** Is called on the JavaScript thread. */
  std::function<void(int code)> exit;
};

/** Adds to the object `Host` what such a program has. */
void addProgram(facebook::jsi::Runtime &rt, facebook::jsi::Object &host, const Program &program);
