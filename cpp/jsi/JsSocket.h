#pragma once

#include <memory>

#include <jsi/jsi.h>

#include "../link/Connection.h"
#include "../link/Session.h"
#include "Engine.h"

namespace socket_task {

/** The object `NativeSocket` of the seam. */
facebook::jsi::Object socketToJs(
    facebook::jsi::Runtime &rt,
    const std::shared_ptr<const Engine> &engine,
    const std::shared_ptr<Session> &session,
    const std::shared_ptr<Connection> &connection);

} // namespace socket_task
