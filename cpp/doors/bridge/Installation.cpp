#include "Installation.h"

#include <utility>

#include "../../jsi/SessionRegistry.h"
#include "../QueueLimit.h"

namespace socket_task::bridge {

namespace jsi = facebook::jsi;

Installation::Installation(jsi::Runtime &rt, RunInJs runInJs)
    : sessions_(std::make_shared<SessionRegistry>(std::move(runInJs), kDefaultMaxQueuedBytes)) {
  rt.global().setProperty(rt, kGlobal, SessionRegistry::toJs(rt, sessions_));
}

Installation::~Installation() {
  invalidate();
}

void Installation::invalidate() noexcept {
  sessions_->end();
}

} // namespace socket_task::bridge
