#include "HostFunctions.h"

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include "Base64Events.h"

namespace jsi = facebook::jsi;

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

/** A line of /proc/self/status, in bytes. */
double memory(const std::string &name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(name + ":", 0) == 0) return std::stod(line.substr(name.size() + 1)) * 1024;
  }
  return -1;
}

} // namespace

jsi::Object hostFunctions(jsi::Runtime &rt, std::shared_ptr<EventLoop> loop) {
  jsi::Object host(rt);
  const auto define = [&](const char *name, auto function) {
    host.setProperty(
        rt,
        name,
        jsi::Function::createFromHostFunction(
            rt,
            jsi::PropNameID::forAscii(rt, name),
            1,
            [function = std::move(function)](
                jsi::Runtime &rt, const jsi::Value &, const jsi::Value *arguments, size_t) -> jsi::Value {
              return function(rt, arguments);
            }));
  };
  define("now", [](jsi::Runtime &, const jsi::Value *) {
    return jsi::Value(Milliseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
  });
  define("sleep", [](jsi::Runtime &, const jsi::Value *arguments) {
    std::this_thread::sleep_for(Milliseconds(arguments[0].asNumber()));
    return jsi::Value::undefined();
  });
  define("hops", [loop](jsi::Runtime &, const jsi::Value *) {
    return jsi::Value(static_cast<double>(loop->hops()));
  });
  define("busy", [loop](jsi::Runtime &, const jsi::Value *) {
    return jsi::Value(Milliseconds(loop->busy()).count());
  });
  define("residentBytes", [](jsi::Runtime &, const jsi::Value *) { return jsi::Value(memory("VmRSS")); });
  define("peakBytes", [](jsi::Runtime &, const jsi::Value *) { return jsi::Value(memory("VmHWM")); });
  define("resetPeak", [](jsi::Runtime &, const jsi::Value *) {
    std::ofstream("/proc/self/clear_refs") << 5;
    return jsi::Value::undefined();
  });
  host.setProperty(rt, "base64Events", base64Events(rt, loop));
  return host;
}
