#include "Program.h"

#include <atomic>
#include <iostream>
#include <utility>

#include "HostFunctions.h"

namespace jsi = facebook::jsi;

namespace {
std::atomic<int> invokers{0};
}

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

ProgramInvoker::ProgramInvoker(std::shared_ptr<CallInvoker> own, RunningProgram program)
    : MeteredInvoker(std::move(own)), program_(std::move(program)) {
  ++invokers;
}

ProgramInvoker::~ProgramInvoker() {
  --invokers;
}

int ProgramInvoker::alive() {
  return invokers;
}

jsi::Object ProgramInvoker::host(jsi::Runtime &rt) {
  jsi::Object host = hostFunctions(rt, shared_from_this());
  const auto exit = [exitCode = program_.exitCode](int code) { exitCode->set(code); };
  addProgram(rt, host, {program_.engine, program_.arguments, exit});
  return host;
}

void ProgramInvoker::uncaught(jsi::Runtime &rt, const std::string &message) {
  const jsi::Value host = rt.global().getProperty(rt, "host");
  const jsi::Value handler = host.isObject() ? host.getObject(rt).getProperty(rt, "onUncaught") : jsi::Value();
  if (handler.isObject()) {
    handler.asObject(rt).asFunction(rt).call(rt, message);
  } else {
    std::cout << "uncaught: " << message << std::endl;
    program_.exitCode->set(1);
  }
}
