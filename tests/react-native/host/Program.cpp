#include "Program.h"

#include "HostFunctions.h"

void ExitCode::set(int code) {
  const std::lock_guard lock(mutex_);
  if (!code_) code_ = code;
  condition_.notify_all();
}

int ExitCode::get() {
  std::unique_lock lock(mutex_);
  condition_.wait(lock, [this] { return code_.has_value(); });
  return *code_;
}

facebook::jsi::Object RunningProgram::host(facebook::jsi::Runtime &rt) const {
  facebook::jsi::Object host = hostFunctions(rt, invoker);
  addProgram(rt, host, {engine, arguments, [exitCode = exitCode](int code) { exitCode->set(code); }});
  return host;
}
