#pragma once

#include <memory>

#include <jsi/jsi.h>

#include "Connection.h"
#include "Engine.h"
#include "Session.h"

namespace socket_task {

/** The object `NativeSocket` of the seam. */
facebook::jsi::Object socketToJs(
    facebook::jsi::Runtime &rt,
    const std::shared_ptr<const Engine> &engine,
    const std::shared_ptr<Session> &session,
    const std::shared_ptr<Connection> &connection);

} // namespace socket_task
