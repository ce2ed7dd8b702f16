#include "ConnectOptions.h"

#include <limits>
#include <string>

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

using Deflate = socket_task_deflate_options;

/** The library refuses what is out of range, as a number that is no int32_t is. */
int32_t integer(const jsi::Value &value) {
  const double number = value.asNumber();
  return number >= 0 && number <= 255 ? static_cast<int32_t>(number) : std::numeric_limits<int32_t>::max();
}

template <auto Read, auto Member>
void store(Deflate &deflate, const jsi::Value &value) {
  deflate.*Member = Read(value);
}

constexpr struct {
  const char *name;
  void (*store)(Deflate &, const jsi::Value &);
} kDeflate[] = {
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
  for (const auto &[name, store] : kDeflate) {
    if (const jsi::Value value = options.getProperty(given.rt, name); !value.isUndefined()) store(deflate, value);
  }
  given.check(socket_task_set_per_message_deflate(given.handle, &deflate));
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
};

} // namespace

void applyOptions(jsi::Runtime &rt, const Engine &engine, const jsi::Object &options, socket_task_handle handle) {
  applyRows(rt, engine, handle, options, kOptions);
}

} // namespace socket_task
