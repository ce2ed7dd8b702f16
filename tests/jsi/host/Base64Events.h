#pragma once

#include <memory>

#include <ReactCommon/CallInvoker.h>
#include <jsi/jsi.h>

/**
 * What the module is compared with: messages on the way that React Native's own WebSocket takes them. The native thread
 * makes one call into JavaScript for each message, `__rctDeviceEventEmitter.emit('websocketMessage', {id, type, data})`,
 * with the bytes of a binary message in Base64.
 *
 * Returns the function `(type, text, count)`, whose messages are `text` or its bytes, which starts that and returns at once. As with the real one, the encoding
 * is not the JavaScript thread's work.
 */
facebook::jsi::Function base64Events(facebook::jsi::Runtime &rt, std::shared_ptr<facebook::react::CallInvoker> invoker);
