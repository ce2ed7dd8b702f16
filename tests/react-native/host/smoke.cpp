// What a host of Hermes relies on, tried on React Native's own library: "ok" and "not ok" lines.

#include <atomic>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <hermes/hermes.h>
#include <jsi/instrumentation.h>
#include <jsi/jsi.h>

namespace jsi = facebook::jsi;

namespace {

int failed = 0;

void check(const char *name, bool good, const std::string &details = "") {
  failed += !good;
  std::cout << (good ? "ok " : "not ok ") << name << (good || details.empty() ? "" : "\n" + details) << std::endl;
}

void equal(const char *name, const std::string &actual, const std::string &expected) {
  check(name, actual == expected, actual + " and not " + expected);
}

/** Counts those that are alive. */
template <typename Base>
struct Counted : Base {
  static inline std::atomic<int> alive{0};
  Counted() {
    ++alive;
  }
  ~Counted() override {
    --alive;
  }
};

struct Bytes : Counted<jsi::MutableBuffer> {
  explicit Bytes(size_t size) : bytes(size, 7) {}
  size_t size() const override {
    return bytes.size();
  }
  uint8_t *data() override {
    return bytes.data();
  }
  std::vector<uint8_t> bytes;
};

struct Object : Counted<jsi::HostObject> {
  jsi::Value get(jsi::Runtime &rt, const jsi::PropNameID &name) override {
    if (name.utf8(rt) == "throws") throw jsi::JSError(rt, "from a host object");
    return jsi::String::createFromUtf8(rt, "has " + name.utf8(rt));
  }
  void set(jsi::Runtime &, const jsi::PropNameID &, const jsi::Value &) override {
    throw std::runtime_error("read only");
  }
  std::vector<jsi::PropNameID> getPropertyNames(jsi::Runtime &rt) override {
    return jsi::PropNameID::names(rt, "a", "b");
  }
};

struct State : jsi::NativeState {
  int number = 41;
};

jsi::Value evaluate(jsi::Runtime &rt, const std::string &source) {
  return rt.evaluateJavaScript(std::make_shared<jsi::StringBuffer>(source), "smoke.js");
}

std::string text(jsi::Runtime &rt, const std::string &source) {
  return evaluate(rt, source).toString(rt).utf8(rt);
}

/** The message of what the source throws, and how it arrives here. */
std::string thrown(jsi::Runtime &rt, const std::string &source) {
  try {
    evaluate(rt, source);
    return "nothing";
  } catch (const jsi::JSError &error) {
    return "JSError: " + error.getMessage();
  } catch (const jsi::JSINativeException &error) {
    return std::string("JSINativeException: ") + error.what();
  }
}

bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

void define(jsi::Runtime &rt, const char *name, std::function<jsi::Value(jsi::Runtime &, const jsi::Value *)> function) {
  rt.global().setProperty(
      rt,
      name,
      jsi::Function::createFromHostFunction(
          rt,
          jsi::PropNameID::forAscii(rt, name),
          1,
          [function](jsi::Runtime &rt, const jsi::Value &, const jsi::Value *arguments, size_t) {
            return function(rt, arguments);
          }));
}

void language(jsi::Runtime &rt) {
  equal("arithmetic", text(rt, "6 * 7"), "42");
  equal("texts", text(rt, "'漢字🙂' + [1, 2].map(x => x / 3)"), "漢字🙂0.3333333333333333,0.6666666666666666");
  equal("numbers from texts", text(rt, "Number('1.5e3') + parseInt('2a') + parseFloat('.25')"), "1502.25");
  const double sum = evaluate(rt, "Math.sin(1) + Math.pow(2, .5) + Math.cbrt(27)").asNumber();
  check("functions of Math", std::abs(sum - 5.2556845472) < 1e-9, std::to_string(sum));
  equal("regular expressions", text(rt, "'a1b22'.replace(/\\d+/g, d => `<${d}>`)"), "a<1>b<22>");
  equal("JSON", text(rt, "JSON.stringify(JSON.parse('{\"a\":[1,null,\"\\\\u00e9\"]}'))"), "{\"a\":[1,null,\"é\"]}");
  equal("BigInt", text(rt, "2n ** 100n"), "1267650600228229401496703205376");
  equal("dates", text(rt, "new Date(0).toISOString()"), "1970-01-01T00:00:00.000Z");
  equal("the time zone", text(rt, "typeof new Date().getTimezoneOffset()"), "number");
  equal("generators", text(rt, "[...(function* () { yield 1; yield 2 })()].length"), "2");
}

void exceptions(jsi::Runtime &rt) {
  equal("an error of JavaScript arrives here", thrown(rt, "throw new TypeError('one')"), "JSError: one");
  check("so does one of the parser", contains(thrown(rt, "("), "1:2:"), thrown(rt, "("));

  define(rt, "nativeThrow", [](jsi::Runtime &, const jsi::Value *) -> jsi::Value { throw std::runtime_error("two"); });
  define(rt, "jsThrow", [](jsi::Runtime &rt, const jsi::Value *) -> jsi::Value { throw jsi::JSError(rt, "three"); });
  const std::string caught = text(rt, "try { nativeThrow() } catch (e) { e.message }");
  check("JavaScript catches a std::exception", contains(caught, "two"), caught);
  equal("JavaScript catches a JSError", text(rt, "try { jsThrow() } catch (e) { e.message }"), "three");
  equal("or lets it through", thrown(rt, "jsThrow()"), "JSError: three");

  struct Cleaned {
    int &count;
    ~Cleaned() {
      ++count;
    }
  };
  int cleaned = 0;
  for (int i = 0; i < 20'000; ++i) {
    try {
      Cleaned one{cleaned};
      evaluate(rt, "nativeThrow()");
    } catch (const jsi::JSError &) {
    }
  }
  equal("20 000 errors run the destructors", std::to_string(cleaned), "20000");

  define(rt, "deep", [](jsi::Runtime &rt, const jsi::Value *arguments) -> jsi::Value {
    const double depth = arguments[0].asNumber();
    Bytes cleanup(16);
    if (depth == 0) throw std::out_of_range("bottom");
    return rt.global().getPropertyAsFunction(rt, "deep").call(rt, depth - 1);
  });
  const std::string bottom = thrown(rt, "deep(40)");
  check("an error passes 40 frames of both languages", contains(bottom, "bottom") && Bytes::alive == 0, bottom);
  const std::string endless = thrown(rt, "(function f() { f() })()");
  check("an endless recursion is an error", contains(endless, "JSError: Maximum call stack"), endless);
}

void objects(jsi::Runtime &rt) {
  rt.global().setProperty(rt, "host", jsi::Object::createFromHostObject(rt, std::make_shared<Object>()));
  equal("a host object has what it says", text(rt, "host.x + Object.keys(host)"), "has xa,b");
  equal("it can throw", text(rt, "try { host.throws } catch (e) { e.message }"), "from a host object");
  const std::string refused = text(rt, "try { host.x = 1 } catch (e) { e.message }");
  check("it can refuse to be set", contains(refused, "read only"), refused);
  rt.global().setProperty(rt, "host", jsi::Value::undefined());

  jsi::Object stated(rt);
  stated.setNativeState(rt, std::make_shared<State>());
  stated.getNativeState<State>(rt)->number += 1;
  equal("an object keeps native state", std::to_string(stated.getNativeState<State>(rt)->number), "42");

  rt.global().setProperty(rt, "buffer", jsi::ArrayBuffer(rt, std::make_shared<Bytes>(1000)));
  equal("an ArrayBuffer has native memory", text(rt, "new Uint8Array(buffer).reduce((a, b) => a + b)"), "7000");
  evaluate(rt, "new Uint8Array(buffer)[3] = 9");
  const int byte = rt.global().getPropertyAsObject(rt, "buffer").getArrayBuffer(rt).data(rt)[3];
  equal("JavaScript writes to it", std::to_string(byte), "9");
  rt.global().setProperty(rt, "buffer", jsi::Value::undefined());
}

void microtasks(jsi::Runtime &rt) {
  evaluate(rt, "order = []; Promise.resolve().then(() => order.push('a')).then(() => order.push('b')); order.push('now')");
  equal("a promise waits", text(rt, "order.join()"), "now");
  rt.drainMicrotasks();
  equal("until microtasks are run", text(rt, "order.join()"), "now,a,b");
}

void collection(jsi::Runtime &rt) {
  for (int i = 0; i < 2000; ++i) {
    rt.global().setProperty(rt, "last", jsi::ArrayBuffer(rt, std::make_shared<Bytes>(100'000)));
    rt.global().setProperty(rt, "object", jsi::Object::createFromHostObject(rt, std::make_shared<Object>()));
    if (i % 10 == 0) evaluate(rt, "garbage = []; for (let i = 0; i < 20000; i++) garbage.push({ i, s: 'x' + i })");
  }
  const auto alive = [] { return std::to_string(Bytes::alive) + " buffers, " + std::to_string(Object::alive) + " objects"; };
  check("garbage is collected while JavaScript runs", Bytes::alive < 1000, alive());
  rt.global().setProperty(rt, "last", jsi::Value::undefined());
  rt.global().setProperty(rt, "object", jsi::Value::undefined());
  rt.instrumentation().collectGarbage("smoke");
  equal("and all of it by a full collection", alive(), "0 buffers, 0 objects");
}

void threads() {
  std::atomic<int> good{0};
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back([&, i] {
      for (int round = 0; round < 5; ++round) {
        const std::unique_ptr<jsi::Runtime> rt = facebook::hermes::makeHermesRuntime();
        const auto source = "all = []; for (let i = 0; i < 100000; i++) all.push(`${i}`); all.length + " + std::to_string(i);
        good += evaluate(*rt, source).asNumber() == 100'000 + i;
      }
    });
  }
  for (std::thread &thread : all) thread.join();
  equal("40 runtimes on 8 threads", std::to_string(good), "40");
}

} // namespace

int main() {
  {
    const auto config = hermes::vm::RuntimeConfig::Builder().withMicrotaskQueue(true).build();
    const std::unique_ptr<jsi::Runtime> rt = facebook::hermes::makeHermesRuntime(config);
    check("the engine is Hermes", contains(rt->description(), "Hermes"), rt->description());
    language(*rt);
    exceptions(*rt);
    objects(*rt);
    microtasks(*rt);
    collection(*rt);
    rt->global().setProperty(*rt, "kept", jsi::ArrayBuffer(*rt, std::make_shared<Bytes>(10)));
  }
  equal("the end of a runtime frees what it has kept", std::to_string(Bytes::alive), "0");
  threads();
  return failed != 0;
}
