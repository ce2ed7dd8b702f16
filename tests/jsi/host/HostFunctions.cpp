#include "HostFunctions.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>
#include <thread>
#include <type_traits>
#include <utility>

#include <dirent.h>

#include "Base64Events.h"

namespace jsi = facebook::jsi;

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// Not <fstream>: a type of Android's C library is in its functions' names.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

/** A line of /proc/self/status, in bytes. */
double memory(const std::string &name) {
  const File status(std::fopen("/proc/self/status", "r"), std::fclose);
  char text[256];
  while (status && std::fgets(text, sizeof text, status.get())) {
    const std::string line = text;
    if (line.rfind(name + ":", 0) == 0) return std::atof(line.c_str() + name.size() + 1) * 1024;
  }
  return -1;
}

void resetPeak() {
  const File file(std::fopen("/proc/self/clear_refs", "w"), std::fclose);
  if (file) std::fputs("5", file.get());
}

/** How many threads of the process have the name. */
double threadsNamed(const std::string &name) {
  const std::unique_ptr<DIR, int (*)(DIR *)> tasks(opendir("/proc/self/task"), closedir);
  double count = 0;
  while (const dirent *task = tasks ? readdir(tasks.get()) : nullptr) {
    const std::string path = std::string("/proc/self/task/") + task->d_name + "/comm";
    const File comm(std::fopen(path.c_str(), "r"), std::fclose);
    char text[64];
    if (comm && std::fgets(text, sizeof text, comm.get()) && text == name + "\n") ++count;
  }
  return count;
}

/** How many files of that name are mapped into the process. */
double filesMapped(const std::string &name) {
  const File maps(std::fopen("/proc/self/maps", "r"), std::fclose);
  std::set<std::string> files;
  char text[8192];
  while (maps && std::fgets(text, sizeof text, maps.get())) {
    const std::string line = text;
    const size_t path = line.find('/');
    if (path != std::string::npos && line.find("/" + name + "\n") != std::string::npos) files.insert(line.substr(path));
  }
  return static_cast<double>(files.size());
}

template <typename Function>
void define(jsi::Runtime &rt, jsi::Object &object, const char *name, Function function) {
  const auto call = [function = std::move(function)](
                        jsi::Runtime &rt, const jsi::Value &, const jsi::Value *arguments, size_t) -> jsi::Value {
    if constexpr (std::is_void_v<decltype(function(rt, arguments))>) {
      function(rt, arguments);
      return jsi::Value::undefined();
    } else {
      return jsi::Value(function(rt, arguments));
    }
  };
  const auto id = jsi::PropNameID::forAscii(rt, name);
  object.setProperty(rt, id, jsi::Function::createFromHostFunction(rt, id, 1, call));
}

} // namespace

jsi::Object hostFunctions(jsi::Runtime &rt, std::shared_ptr<MeteredInvoker> invoker) {
  jsi::Object host(rt);
  define(rt, host, "now", [](jsi::Runtime &, const jsi::Value *) {
    return Milliseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
  });
  define(rt, host, "sleep", [](jsi::Runtime &, const jsi::Value *arguments) {
    std::this_thread::sleep_for(Milliseconds(arguments[0].asNumber()));
  });
  define(rt, host, "hops", [invoker](jsi::Runtime &, const jsi::Value *) {
    return static_cast<double>(invoker->hops());
  });
  define(rt, host, "busy", [invoker](jsi::Runtime &, const jsi::Value *) {
    return Milliseconds(invoker->busy()).count();
  });
  define(rt, host, "processorTime", [](jsi::Runtime &, const jsi::Value *) {
    return Milliseconds(processorTime()).count();
  });
  define(rt, host, "residentBytes", [](jsi::Runtime &, const jsi::Value *) { return memory("VmRSS"); });
  define(rt, host, "peakBytes", [](jsi::Runtime &, const jsi::Value *) { return memory("VmHWM"); });
  define(rt, host, "threadsNamed", [](jsi::Runtime &rt, const jsi::Value *arguments) {
    return threadsNamed(arguments[0].asString(rt).utf8(rt));
  });
  define(rt, host, "filesMapped", [](jsi::Runtime &rt, const jsi::Value *arguments) {
    return filesMapped(arguments[0].asString(rt).utf8(rt));
  });
  define(rt, host, "resetPeak", [](jsi::Runtime &, const jsi::Value *) { resetPeak(); });
  host.setProperty(rt, "base64Events", base64Events(rt, invoker));
  return host;
}

void addProgram(jsi::Runtime &rt, jsi::Object &host, const Program &program) {
  jsi::Array arguments(rt, program.arguments.size());
  for (size_t i = 0; i < program.arguments.size(); ++i) {
    arguments.setValueAtIndex(rt, i, jsi::String::createFromUtf8(rt, program.arguments[i]));
  }
  host.setProperty(rt, "arguments", arguments);
  host.setProperty(rt, "engine", jsi::String::createFromUtf8(rt, program.engine));
  define(rt, host, "print", [](jsi::Runtime &rt, const jsi::Value *arguments) {
    std::cout << arguments[0].asString(rt).utf8(rt) + "\n" << std::flush;
  });
  define(rt, host, "exit", [exit = program.exit](jsi::Runtime &, const jsi::Value *arguments) {
    exit(static_cast<int>(arguments[0].asNumber()));
  });
}
