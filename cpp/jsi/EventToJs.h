#pragma once

#include <jsi/jsi.h>

#include "../link/Event.h"
#include "Engine.h"

namespace socket_task {

/** The tuple `NativeEvent` of the seam: id, kind, and what the kind carries. */
facebook::jsi::Array toJs(facebook::jsi::Runtime &rt, const Engine &engine, Event &&event);

} // namespace socket_task
