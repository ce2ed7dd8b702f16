#pragma once

#include <array>

#include <jsi/jsi.h>

#include "../link/Event.h"
#include "Engine.h"

namespace socket_task {

/** What `onEvent` of the seam is called with: id, kind, and what the kind carries. */
class EventArguments {
 public:
  /** Throws when the engine has no room for the event. */
  EventArguments(facebook::jsi::Runtime &rt, const Engine &engine, Event &&event);

  void call(facebook::jsi::Runtime &rt, const facebook::jsi::Function &onEvent) const {
    onEvent.call(rt, values_.data(), count_);
  }

 private:
  struct Visitor;

  /** Not a vector: this is made for every message. */
  std::array<facebook::jsi::Value, 5> values_;
  size_t count_ = 0;
};

} // namespace socket_task
