#include "ConnectOptions.h"

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "Numbers.h"
#include "OptionRows.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

void setProxy(const Given &given) {
  const std::string proxy = given.text(given.value);
  if (proxy == "environment") return given.check(socket_task_set_proxy_from_environment(given.handle));
  if (proxy == "system") return given.check(socket_task_set_proxy_from_system(given.handle));
  given.check(socket_task_set_proxy(given.handle, proxy.data(), proxy.size()));
}

constexpr Word kCookies[] = {{"system", 0}};

socket_task_status setCookiesFrom(socket_task_handle handle, int32_t /* there is one word */) {
  return socket_task_set_cookies_from_system(handle);
}

void setCookies(const Given &given) {
  // Those that JavaScript keeps are the session's business.
  if (!given.value.isBool()) setWord<setCookiesFrom, kCookies>(given);
}

/** The library refuses what is out of range, as a number that is no int32_t is. */
int32_t integer(const jsi::Value &value) {
  const double number = value.asNumber();
  return number >= 0 && number <= 255 ? static_cast<int32_t>(number) : std::numeric_limits<int32_t>::max();
}

double number(const jsi::Value &value) {
  return value.asNumber();
}

/** A field of a struct of the library's: the name of its property, and how that is stored. */
template <typename Struct>
struct Field {
  const char *name;
  void (*store)(Struct &, const jsi::Value &);
};

template <auto Read, auto Member, typename Struct>
void store(Struct &options, const jsi::Value &value) {
  options.*Member = Read(value);
}

/** Stores the fields of `object` that are not undefined. */
template <typename Struct>
void storeFields(
    jsi::Runtime &rt, const jsi::Object &object, std::span<const Field<Struct>> fields, Struct &options) {
  for (const auto &[name, store] : fields) {
    if (const jsi::Value value = object.getProperty(rt, name); !value.isUndefined()) store(options, value);
  }
}

using Deflate = socket_task_deflate_options;

constexpr Field<Deflate> kDeflate[] = {
    {"serverNoContextTakeover", store<boolean, &Deflate::server_no_context_takeover>},
    {"clientNoContextTakeover", store<boolean, &Deflate::client_no_context_takeover>},
    {"serverMaxWindowBits", store<integer, &Deflate::server_max_window_bits>},
    {"clientMaxWindowBits", store<integer, &Deflate::client_max_window_bits>},
    {"level", store<integer, &Deflate::level>},
    {"threshold", store<byteCount, &Deflate::threshold>},
};

void setDeflate(const Given &given) {
  const jsi::Object options = given.value.asObject(given.rt);
  Deflate deflate;
  given.check(socket_task_deflate_options_init(&deflate, sizeof deflate));
  storeFields<Deflate>(given.rt, options, kDeflate, deflate);
  given.check(socket_task_set_per_message_deflate(given.handle, &deflate));
}

using Reconnect = socket_task_reconnect_options;

constexpr Field<Reconnect> kReconnect[] = {
    {"minDelay", store<milliseconds, &Reconnect::min_delay_ms>},
    {"maxDelay", store<milliseconds, &Reconnect::max_delay_ms>},
    {"factor", store<number, &Reconnect::factor>},
    {"maxAttempts", store<count, &Reconnect::max_attempts>},
    {"stableAfter", store<milliseconds, &Reconnect::stable_after_ms>},
    {"queue", store<byteCount, &Reconnect::queue>},
    {"whileHidden", store<boolean, &Reconnect::while_hidden>},
};

void setReconnect(const Given &given) {
  const jsi::Object options = given.value.asObject(given.rt);
  Reconnect reconnect;
  given.check(socket_task_reconnect_options_init(&reconnect, sizeof reconnect));
  storeFields<Reconnect>(given.rt, options, kReconnect, reconnect);
  std::vector<uint16_t> codes;
  if (const jsi::Value value = options.getProperty(given.rt, "stopCodes"); !value.isUndefined()) {
    const jsi::Array list = value.asObject(given.rt).asArray(given.rt);
    for (size_t i = 0; i < list.size(given.rt); ++i) {
      // A number that is no close code is refused, as 0 is.
      const uint32_t code = count(list.getValueAtIndex(given.rt, i));
      codes.push_back(code <= std::numeric_limits<uint16_t>::max() ? static_cast<uint16_t>(code) : 0);
    }
    reconnect.stop_codes = codes.data();
    reconnect.stop_code_count = codes.size();
  }
  given.check(socket_task_set_reconnect(given.handle, &reconnect));
}

constexpr Word kRoots[] = {
    {"system", SOCKET_TASK_TRUST_ROOTS_SYSTEM},
    {"bundled", SOCKET_TASK_TRUST_ROOTS_BUNDLED},
    {"none", SOCKET_TASK_TRUST_ROOTS_NONE},
};

constexpr Word kTlsVersions[] = {{"TLSv1.2", SOCKET_TASK_TLS_1_2}, {"TLSv1.3", SOCKET_TASK_TLS_1_3}};

constexpr Row kTls[] = {
    {"roots", setWord<socket_task_set_trust_roots, kRoots>},
    {"minVersion", setWord<socket_task_set_min_tls_version, kTlsVersions>},
    {"ca", addCertificates<socket_task_add_ca_certificates>},
    {"pins", addTexts<socket_task_add_pin>},
    {"acceptedCertificates", addTexts<socket_task_add_accepted_certificate>},
    {"clientCert", setCertificateAndKey<socket_task_set_client_certificate>},
    {"serverName", setText<socket_task_set_server_name>},
};

void setTls(const Given &given) {
  applyRows(given.rt, given.engine, given.handle, given.value.asObject(given.rt), kTls, "tls.");
}

constexpr Row kOptions[] = {
    {"headers", addPairs<socket_task_add_header>},
    {"protocols", addTexts<socket_task_add_protocol>},
    {"timeout", set<milliseconds, socket_task_set_timeout>},
    {"closeTimeout", set<milliseconds, socket_task_set_close_timeout>},
    {"maxMessageSize", set<byteCount, socket_task_set_max_message_size>},
    {"maxBufferedAmount", set<byteCount, socket_task_set_max_buffered_amount>},
    {"tcpNoDelay", set<boolean, socket_task_set_tcp_no_delay>},
    {"pingInterval", set<milliseconds, socket_task_set_ping_interval>},
    {"pongTimeout", set<milliseconds, socket_task_set_pong_timeout>},
    {"perMessageDeflate", setDeflate},
    {"tls", setTls},
    {"proxy", setProxy},
    {"proxyHeaders", addPairs<socket_task_add_proxy_header>},
    {"cookies", setCookies},
    {"resolve", addPairs<socket_task_add_address>},
    {"tcpKeepalive", set<milliseconds, socket_task_set_tcp_keepalive>},
    {"followRedirects", set<count, socket_task_set_follow_redirects>},
    {"reconnect", setReconnect},
};

} // namespace

void applyOptions(jsi::Runtime &rt, const Engine &engine, const jsi::Object &options, socket_task_handle handle) {
  applyRows(rt, engine, handle, options, kOptions);
}

void applyRequest(
    jsi::Runtime &rt,
    const Engine &engine,
    const jsi::Value &headers,
    const jsi::Value &protocols,
    socket_task_handle handle) {
  addPairs(Given{rt, engine, handle, "headers", jsi::Value(rt, headers)}, socket_task_add_header);
  addTexts(Given{rt, engine, handle, "protocols", jsi::Value(rt, protocols)}, socket_task_add_protocol);
}

Questions questionsOf(jsi::Runtime &rt, const jsi::Object &options) {
  const jsi::Value reconnect = options.getProperty(rt, "reconnect");
  if (!reconnect.isObject()) return {};
  const jsi::Object object = reconnect.getObject(rt);
  const auto isTrue = [](const jsi::Value &value) { return value.isBool() && value.getBool(); };
  return {isTrue(object.getProperty(rt, "shouldReconnect")), isTrue(object.getProperty(rt, "refresh"))};
}

} // namespace socket_task
