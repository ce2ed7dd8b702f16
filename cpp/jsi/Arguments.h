#pragma once

#include <utility>

#include <jsi/jsi.h>

namespace socket_task {

/** What a host function was called with. An argument that was left out is undefined. */
class Arguments {
 public:
  Arguments(const facebook::jsi::Value *values, size_t count) noexcept : values_(values), count_(count) {}

  const facebook::jsi::Value &operator[](size_t index) const noexcept {
    return index < count_ ? values_[index] : undefined_;
  }

 private:
  const facebook::jsi::Value *values_;
  size_t count_;
  facebook::jsi::Value undefined_;
};

/** Gives `object` a method that calls `function(runtime, arguments)`. */
template <typename F>
void setFunction(
    facebook::jsi::Runtime &rt,
    facebook::jsi::Object &object,
    const char *name,
    unsigned int parameterCount,
    F &&function) {
  namespace jsi = facebook::jsi;
  const auto id = jsi::PropNameID::forAscii(rt, name);
  object.setProperty(
      rt,
      id,
      jsi::Function::createFromHostFunction(
          rt,
          id,
          parameterCount,
          [function = std::forward<F>(function)](
              jsi::Runtime &rt, const jsi::Value &, const jsi::Value *values, size_t count) -> jsi::Value {
            return function(rt, Arguments(values, count));
          }));
}

} // namespace socket_task
