// What calls the class in docs/native-modules.md.
#include <chrono>
#include <cstdio>
#include <thread>

#include "roundtrips.h"

int main(int, char **argv) {
  {
    RoundTrips left_alone(argv[1]);
    RoundTrips measured(argv[1]);
    while (measured.shortest() < 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (int i = 0; i < 100; i++) measured.measure();
    std::printf("%lld us\n", static_cast<long long>(measured.shortest()));
  }
  for (int i = 0; i < 100; i++) RoundTrips released_at_once(argv[1]);
  try {
    RoundTrips refused("http://");
    return 1;
  } catch (const std::runtime_error &error) {
    std::printf("%s\n", error.what());
  }
  return 0;
}
