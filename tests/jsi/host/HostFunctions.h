#pragma once

#include <memory>

#include <jsi/jsi.h>

#include "EventLoop.h"

/** The object `Host` of js/host.ts, as far as it is the same in all hosts. */
facebook::jsi::Object hostFunctions(facebook::jsi::Runtime &rt, std::shared_ptr<EventLoop> loop);
