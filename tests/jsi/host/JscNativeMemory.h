#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include <JavaScriptCore/JavaScript.h>
#include <jsi/jsi.h>

/** An ArrayBuffer over the memory of `buffer`, which goes when the engine has collected it. */
inline JSObjectRef wrapNativeMemory(
    JSContextRef context,
    std::shared_ptr<facebook::jsi::MutableBuffer> buffer,
    JSValueRef *exception) {
  using Owner = std::shared_ptr<facebook::jsi::MutableBuffer>;
  auto owner = std::make_unique<Owner>(std::move(buffer));
  uint8_t *data = (*owner)->data();
  const size_t size = (*owner)->size();
  return JSObjectMakeArrayBufferWithBytesNoCopy(
      context, data, size, [](void *, void *owner) { delete static_cast<Owner *>(owner); }, owner.release(), exception);
}

/** What setExternalMemoryPressure was told, in all runtimes together. */
inline std::atomic<size_t> externalMemory = 0;

inline void countExternalMemory(size_t amount) {
  externalMemory += amount;
}
