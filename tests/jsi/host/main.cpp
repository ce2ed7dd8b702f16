// Runs a JavaScript bundle in one engine, with the module in it as React Native has it:
//
//   PROGRAM run BUNDLE ARGUMENT…           until the bundle calls host.exit
//   PROGRAM pair BUNDLE ARGUMENT…          in two runtimes on two threads at once
//   PROGRAM cycle COUNT BUNDLE ARGUMENT…   COUNT times; each runtime ends in the middle of what it does, in one way of many
//
// The exit code is the one that host.exit was given, or the worst of several.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "Instance.h"

namespace {

int runOnThread(const Script &script, Ending ending) {
  int exitCode = 1;
  std::thread([&] {
    try {
      Instance instance(script, ending);
      exitCode = instance.run();
    } catch (const std::exception &error) {
      std::cout << "uncaught: " << error.what() << std::endl;
    }
  }).join();
  return exitCode;
}

Script load(int count, char **arguments) {
  std::ifstream file(arguments[0]);
  std::stringstream source;
  source << file.rdbuf();
  return Script{arguments[0], source.str(), std::vector<std::string>(arguments + 1, arguments + count)};
}

} // namespace

int main(int count, char **arguments) {
  const std::string command = count > 1 ? arguments[1] : "";
  if (command == "run" && count > 2) {
    return runOnThread(load(count - 2, arguments + 2), Ending::ModuleFirst);
  }
  if (command == "pair" && count > 2) {
    const Script script = load(count - 2, arguments + 2);
    int first = 1;
    std::thread other([&] { first = runOnThread(script, Ending::RuntimeAlone); });
    const int second = runOnThread(script, Ending::ModuleFirst);
    other.join();
    return std::max(first, second);
  }
  if (command == "cycle" && count > 3) {
    const Script script = load(count - 3, arguments + 3);
    int worst = 0;
    for (int i = 0; i < std::atoi(arguments[2]); ++i) worst = std::max(worst, runOnThread(script, Ending(i % 3)));
    return worst;
  }
  std::cerr << "usage: " << arguments[0] << " (run | pair | cycle COUNT) BUNDLE ARGUMENT…" << std::endl;
  return 2;
}
