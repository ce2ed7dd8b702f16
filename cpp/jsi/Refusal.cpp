#include "Refusal.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

const char *refusalCode(socket_task_status status) {
  switch (status) {
    case SOCKET_TASK_INVALID_URL:
      return "invalid-url";
    case SOCKET_TASK_INVALID_ARGUMENT:
    case SOCKET_TASK_INVALID_UTF8:
      return "invalid-argument";
    case SOCKET_TASK_INVALID_STATE:
    case SOCKET_TASK_INVALID_HANDLE:
      return "invalid-state";
    case SOCKET_TASK_BUFFER_FULL:
      return "buffer-full";
    case SOCKET_TASK_MESSAGE_TOO_BIG:
      return "message-too-big";
    default:
      return "resource";
  }
}

} // namespace

void refuse(jsi::Runtime &rt, const char *code, const std::string &message) {
  jsi::Object error = rt.global()
                          .getPropertyAsFunction(rt, "Error")
                          .callAsConstructor(rt, jsi::String::createFromUtf8(rt, message))
                          .getObject(rt);
  error.setProperty(rt, "code", jsi::String::createFromAscii(rt, code));
  throw jsi::JSError(rt, jsi::Value(rt, error));
}

void throwUnlessOk(jsi::Runtime &rt, socket_task_status status) {
  if (status != SOCKET_TASK_OK) throwRefusal(rt, status, "");
}

void throwRefusal(jsi::Runtime &rt, socket_task_status status, const std::string &prefix) {
  refuse(rt, refusalCode(status), prefix + socket_task_last_error_message());
}

} // namespace socket_task
