#pragma once

#include <memory>
#include <string>

#include <ReactCommon/CallInvoker.h>
#include <ReactCommon/TurboModule.h>

#include "../QueueLimit.h"

namespace socket_task {
class SessionRegistry;
}

namespace facebook::react {

/**
 * The TurboModule `NativeSocketTask`: socket-task inside a React Native app, the same on Android and iOS.
 *
 * Its one method, `getNativeModule()`, returns the object that `NativeModule` in js/native/seam.ts describes.
 *
 * One instance belongs to one JavaScript runtime, and its JavaScript objects to that runtime's thread. When the
 * instance, or the runtime, comes to its end, on whichever thread, its sockets are closed with code 1001 in the
 * background and no JavaScript of that runtime is called any more.
 */
class NativeSocketTask : public TurboModule {
 public:
  /** The name under which JavaScript asks for the module, and autolinking for its class. */
  static constexpr const char *kModuleName = "NativeSocketTask";

  /** `jsInvoker` calls into the runtime that the instance is for. */
  explicit NativeSocketTask(
      std::shared_ptr<CallInvoker> jsInvoker,
      size_t maxQueuedBytes = socket_task::kDefaultMaxQueuedBytes);

  /** As {@link invalidate}. */
  ~NativeSocketTask() override;

  /** Ends all sessions, and lets no new one begin. Any thread, any number of times. */
  void invalidate() noexcept;

 private:
  std::shared_ptr<socket_task::SessionRegistry> sessions_;
};

} // namespace facebook::react
