// The parts of cpp/ that hold no JavaScript value, from many threads at once: native_test URL, where URL is
// that of server.mjs. Meant for the sanitizers too.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "jsi/Hop.h"
#include "link/EventQueue.h"
#include "link/Session.h"
#include "link/Utf16.h"
#include "link/Utf8.h"

using namespace socket_task;
using namespace std::chrono_literals;

namespace {

std::string server;

#define CHECK(condition)                                                                \
  do {                                                                                  \
    if (!(condition)) throw std::runtime_error(std::string(#condition) + " does not hold"); \
  } while (false)

bool becomes(const std::function<bool()> &condition, std::chrono::milliseconds time = 20s) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

const uint8_t *bytesOf(const std::string &text) {
  return reinterpret_cast<const uint8_t *>(text.data());
}

void utf8() {
  for (const size_t length : {0, 1, 7, 8, 9, 31}) {
    const std::string ascii(length, 'a');
    CHECK(isAscii(bytesOf(ascii), length));
    for (size_t i = 0; i < length; ++i) {
      for (const char other : {'\0', '\x80', '\xFF'}) {
        std::string text = ascii;
        text[i] = other;
        CHECK(!isAscii(bytesOf(text), length));
      }
      std::string text = ascii;
      text[i] = '\x7F';
      CHECK(isAscii(bytesOf(text), length));
    }
  }
  const auto replaced = [](const std::string &bytes) { return replaceInvalidUtf8(bytesOf(bytes), bytes.size()); };
  // Unicode, chapter 3, table 3-11 and the ones beside it: one U+FFFD for each maximal part of a sequence.
  CHECK(replaced("\xF1\x80\x80\xE1\x80\xC2" "b") == "\uFFFD\uFFFD\uFFFD" "b");
  CHECK(replaced("\xC0\xAF\xE0\x80\xBF") == "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(replaced("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(replaced("\xF4\x91\x92\x93\xFF") == "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(replaced("\xF0\x9F\x99\x82 \u6F22") == "\xF0\x9F\x99\x82 \u6F22");
  CHECK(replaced("cut \xE6\xBC") == "cut \uFFFD");
  CHECK(utf8OrLatin1("na\xC3\xAFve") == "na\u00EFve");
  CHECK(utf8OrLatin1("na\xEFve") == "na\u00EFve");
}

/** `text` by a writer that gets it in two parts, at each place where it can be divided. */
void writes(const std::u16string &text, const std::string &expected) {
  for (size_t at = 0; at <= text.size(); ++at) {
    Utf8Writer writer;
    writer.addUtf16(text.data(), at);
    writer.addUtf16(text.data() + at, text.size() - at);
    CHECK(std::move(writer).end() == expected);
  }
}

void utf16Texts() {
  const std::u16string whole = u"a\u007F\u0080\u07FF\u0800\uFFFF\u6F22\U00010000\U0010FFFF\U0001F642z";
  const std::string same = "a\u007F\u0080\u07FF\u0800\uFFFF\u6F22\U00010000\U0010FFFF\U0001F642z";
  writes(whole, same);
  CHECK(utf16(bytesOf(same), same.size()) == whole);
  CHECK(utf16(nullptr, 0).empty());
  const std::u16string nul(3, u'\0');
  CHECK(utf16(bytesOf(std::string(3, '\0')), 3) == nul);
  writes(nul, std::string(3, '\0'));
  // Lone surrogates: high at the end, high before another, low before high, low alone.
  writes({0xD800}, "\uFFFD");
  writes({u'a', 0xDBFF, u'b'}, "a\uFFFDb");
  writes({0xD83D, 0xD83D, 0xDE42}, "\uFFFD\U0001F642");
  writes({0xDE42, 0xD83D}, "\uFFFD\uFFFD");
  writes({0xDC00, u'\u6F22'}, "\uFFFD\u6F22");
  // Engines tell the parts of one text in different forms.
  Utf8Writer writer;
  const char16_t high = 0xD83D;
  writer.addAscii("a", 1);
  writer.addUtf16(&high, 1);
  writer.addAscii("", 0);
  writer.addAscii("b", 1);
  writer.addUtf16(&high, 1);
  CHECK(std::move(writer).end() == "a\uFFFDb\uFFFD");
  // What is not valid is read no further than it goes: for AddressSanitizer.
  for (const std::string cut : {"\xC3", "\xE6\xBC", "\xF0\x9F\x99", "\xF0", "\xFF\xFF", "\x80\x80\x80"}) {
    const std::vector<uint8_t> exact(cut.begin(), cut.end());
    CHECK(utf16(exact.data(), exact.size()).size() <= 2 * cut.size());
  }
}

struct NotThrottled final : Throttled {
  bool throttle(bool) noexcept override {
    return false;
  }
};

/** Whoever is woken takes everything: nothing is lost, and each thread's events stay in order. */
void queueOfManyThreads() {
  constexpr uint32_t kThreads = 4;
  constexpr uint64_t kEvents = 50'000;
  std::atomic<bool> woken = false;
  std::atomic<uint32_t> wakes = 0;
  EventQueue queue(1 << 20, [&] {
    ++wakes;
    woken = true;
  });
  std::vector<std::thread> threads;
  for (uint32_t id = 0; id < kThreads; ++id) {
    threads.emplace_back([&queue, id] {
      const auto source = std::make_shared<NotThrottled>();
      for (uint64_t i = 1; i <= kEvents; ++i) queue.push(Event{id, PongEvent{{}, static_cast<double>(i)}}, source);
    });
  }
  std::vector<uint64_t> last(kThreads, 0);
  uint64_t taken = 0;
  bool more = false;
  const bool complete = becomes([&] {
    while (woken.exchange(false)) {
      while (const std::optional<Event> event = queue.take(more)) {
        const auto number = static_cast<uint64_t>(std::get<PongEvent>(event->body).roundTrip);
        CHECK(number == last[event->socket] + 1);
        last[event->socket] = number;
        ++taken;
      }
    }
    return taken == kThreads * kEvents;
  });
  for (std::thread &thread : threads) thread.join();
  CHECK(complete);
  CHECK(wakes <= taken);
  queue.end();
  queue.push(Event{0, DrainEvent{1}}, std::make_shared<NotThrottled>());
  CHECK(queue.empty());
}

/** What was sent is told once, the latest of it, unless something else came between. */
void drainsAreOne() {
  EventQueue queue(1 << 20, [] {});
  const auto source = std::make_shared<NotThrottled>();
  for (uint64_t sent = 1; sent <= 1'000; ++sent) queue.push(Event{1, DrainEvent{sent}}, source);
  queue.push(Event{2, DrainEvent{7}}, source);
  queue.push(Event{1, DrainEvent{1'001}}, source);
  queue.push(Event{1, PongEvent{{}, -1}}, source);
  queue.push(Event{1, DrainEvent{1'002}}, source);
  std::vector<uint64_t> told;
  bool more = true;
  while (more) {
    const std::optional<Event> event = queue.take(more);
    const auto *drain = std::get_if<DrainEvent>(&event->body);
    told.push_back(drain ? drain->sent : 0);
  }
  CHECK((told == std::vector<uint64_t>{1'000, 7, 1'001, 0, 1'002}));
}

using Task = std::function<void()>;

/** Keeps what it is given and does not run it: there is no JavaScript here. */
class Invoker {
 public:
  void invoke(Task &&task) {
    const std::lock_guard lock(mutex_);
    ++calls_;
    task_ = std::move(task);
  }
  uint64_t calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  std::mutex mutex_;
  uint64_t calls_ = 0;
  Task task_;
};

RunInJs through(const std::shared_ptr<Invoker> &invoker) {
  return [invoker](Task &&task) { invoker->invoke(std::move(task)); };
}

/** However many ask, one hop is under way; and none after the end. */
void hopOfManyThreads() {
  for (int round = 0; round < 200; ++round) {
    const auto invoker = std::make_shared<Invoker>();
    Hop hop(through(invoker));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&hop] {
        for (int j = 0; j < 50; ++j) hop.wake();
      });
    }
    uint64_t atEnd = 0;
    threads.emplace_back([&] {
      hop.end();
      atEnd = invoker->calls();
    });
    for (std::thread &thread : threads) thread.join();
    CHECK(invoker->calls() <= 1);
    CHECK(invoker->calls() == atEnd);
    CHECK(invoker.use_count() == 1);
  }
}

std::shared_ptr<Connection> start(Session &session, const std::string &path) {
  const auto connection = session.makeConnection();
  CHECK(connection->open(server + path) == SOCKET_TASK_OK);
  if (session.add(connection)) {
    connection->connect();
  } else {
    connection->release();
  }
  return connection;
}

/** Sessions that end, on two threads at once, while their sockets are in all states: everything is given back. */
void endFromAnyState() {
  for (int round = 0; round < 100; ++round) {
    const auto invoker = std::make_shared<Invoker>();
    std::vector<std::weak_ptr<Connection>> connections;
    {
      const auto session = std::make_shared<Session>(std::make_shared<Hop>(through(invoker)), 64 << 10, TextForm::Utf16);
      for (const char *path : {"/echo", "/burst?count=200&size=100", "/flood?count=100&size=65536", "/silent", "/close"}) {
        connections.push_back(start(*session, path));
      }
      connections.push_back(start(*session, "/echo"));
      connections.back().lock()->close(1000, "");
      std::thread taking([session] {
        for (int i = 0; i < 5; ++i) {
          bool more = false;
          while (session->takeEvent(more)) {
          }
          std::this_thread::sleep_for(std::chrono::microseconds(500));
        }
      });
      // From before the handshakes to long after them.
      std::this_thread::sleep_for(std::chrono::microseconds(round * round * 5));
      std::thread ending([session] { session->end(); });
      connections.push_back(start(*session, "/echo"));
      session->end();
      ending.join();
      const uint64_t calls = invoker->calls();
      CHECK(session->hasEnded());
      bool more = true;
      CHECK(!session->takeEvent(more));
      CHECK(!more);
      taking.join();
      CHECK(invoker->calls() == calls);
    }
    CHECK(invoker.use_count() == 1);
    const auto gone = [](const std::weak_ptr<Connection> &connection) { return connection.expired(); };
    CHECK(becomes([&] { return std::all_of(connections.begin(), connections.end(), gone); }));
  }
}

/** The app sends and asks on one thread, the queue throttles, another takes. */
void throttleAndPause() {
  Session session(std::make_shared<Hop>(through(std::make_shared<Invoker>())), 256 << 10, TextForm::Utf8);
  const auto connection = start(session, "/flood?count=200&size=65536");
  std::atomic<bool> done = false;
  std::thread pausing([&] {
    while (!done) {
      connection->pause(true);
      connection->bufferedAmount();
      connection->sendText("x");
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      connection->pause(false);
    }
  });
  size_t bytes = 0;
  size_t largest = 0;
  const bool complete = becomes([&] {
    size_t batch = 0;
    bool more = false;
    while (const auto event = session.takeEvent(more)) {
      if (const auto *binary = std::get_if<BinaryEvent>(&event->body)) batch += binary->message.size();
    }
    bytes += batch;
    largest = std::max(largest, batch);
    std::this_thread::sleep_for(3ms);
    return bytes == size_t{200} * 65536;
  });
  done = true;
  pausing.join();
  CHECK(complete);
  CHECK(largest <= size_t{256 << 10} + (1 << 20));
}

} // namespace

int main(int count, char **arguments) {
  if (count < 2) {
    std::cerr << "usage: native-test URL" << std::endl;
    return 2;
  }
  server = arguments[1];
  int failures = 0;
  const std::pair<const char *, void (*)()> tests[] = {
      {"UTF-8, well-formed and not", utf8},
      {"UTF-16, in parts and with lone surrogates", utf16Texts},
      {"drains that come after each other are one event", drainsAreOne},
      {"an event queue of many threads", queueOfManyThreads},
      {"a hop that many threads ask for", hopOfManyThreads},
      {"a session that ends from any state, 100 times", endFromAnyState},
      {"a socket that queue and app throttle", throttleAndPause},
  };
  for (const auto &[name, run] : tests) {
    try {
      run();
      std::cout << "ok " << name << std::endl;
    } catch (const std::exception &error) {
      ++failures;
      std::cout << "not ok " << name << "\n" << error.what() << std::endl;
    }
  }
  return failures == 0 ? 0 : 1;
}
