#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/**
 * Connections that measure round trips, by the C interface alone: nothing here knows of React Native, and none of it runs on
 * the JavaScript thread.
 */
class RoundTrips {
 public:
  /** How a measurement ended: the round trips in milliseconds, or else why there are none. */
  struct Outcome {
    std::vector<double> milliseconds;
    std::string failure;
  };
  using Done = std::function<void(Outcome)>;

  RoundTrips();
  /** As {@link end}. */
  ~RoundTrips();
  RoundTrips(const RoundTrips &) = delete;
  RoundTrips &operator=(const RoundTrips &) = delete;

  /**
   * Connects to `url`, measures `count` round trips one after the other, and closes. `done` is called once, on the library's
   * thread and never within this call, unless {@link end} comes first. Throws std::invalid_argument for what is not acceptable.
   */
  void measure(const std::string &url, uint32_t count, Done done);

  /** Ends all measurements: their connections are closed with code 1001. Any thread, any number of times. */
  void end() noexcept;

 private:
  struct Live;
  struct Measurement;
  std::shared_ptr<Live> live_;
};
