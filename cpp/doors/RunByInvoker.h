#pragma once

#include <memory>
#include <utility>

#include <ReactCommon/CallInvoker.h>

#include "../jsi/Hop.h"

namespace socket_task {

/** The way to a JavaScript thread that React Native's `invoker` is. */
inline RunInJs runBy(std::shared_ptr<facebook::react::CallInvoker> invoker) {
  return [invoker = std::move(invoker)](std::function<void()> &&task) {
    // Since React Native 0.75 a task gets the runtime.
    invoker->invokeAsync(facebook::react::CallFunc([task = std::move(task)](auto &...) { task(); }));
  };
}

} // namespace socket_task
