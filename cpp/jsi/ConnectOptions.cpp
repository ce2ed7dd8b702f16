#include "ConnectOptions.h"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "Refusal.h"

namespace socket_task {

namespace jsi = facebook::jsi;

namespace {

/** How long the answer to a ping may take where the app does not say: the library's default, in milliseconds. */
constexpr uint32_t kDefaultPongTimeout = 10'000;

/** What is no number, or less than 0, is 0; a part of one counts as one. */
uint32_t wholeNumber(double value) noexcept {
  if (!(value > 0)) return 0;
  const auto limit = static_cast<double>(std::numeric_limits<uint32_t>::max());
  return value < limit ? static_cast<uint32_t>(std::ceil(value)) : std::numeric_limits<uint32_t>::max();
}

size_t byteCount(double value) noexcept {
  if (!(value > 0)) return 0;
  // The limit itself is not a double.
  const auto limit = static_cast<double>(std::numeric_limits<size_t>::max());
  return value < limit ? static_cast<size_t>(value) : std::numeric_limits<size_t>::max();
}

/** The fields of one JavaScript object. A field that is left out, or undefined, is skipped. */
class Fields {
 public:
  Fields(jsi::Runtime &rt, const Engine &engine, const jsi::Object &object)
      : rt_(rt), engine_(engine), object_(object) {}

  template <typename Take>
  void number(const char *name, Take &&take) const {
    if (const jsi::Value value = get(name); !value.isUndefined()) take(value.asNumber());
  }

  template <typename Take>
  void boolean(const char *name, Take &&take) const {
    if (const jsi::Value value = get(name); !value.isUndefined()) take(value.asBool());
  }

  template <typename Take>
  void string(const char *name, Take &&take) const {
    if (const jsi::Value value = get(name); !value.isUndefined()) take(utf8(value));
  }

  template <typename Take>
  void strings(const char *name, Take &&take) const {
    each(name, [&](const jsi::Value &item) { take(utf8(item)); });
  }

  /** Calls `take` with the first two strings, the next two, … */
  template <typename Take>
  void pairs(const char *name, Take &&take) const {
    std::optional<std::string> first;
    strings(name, [&](std::string &&item) {
      if (first) {
        take(*first, item);
        first.reset();
      } else {
        first = std::move(item);
      }
    });
  }

  template <typename Take>
  void fields(const char *name, Take &&take) const {
    if (const jsi::Value value = get(name); !value.isUndefined()) take(Fields(rt_, engine_, value.asObject(rt_)));
  }

  template <typename Take>
  void fieldsList(const char *name, Take &&take) const {
    each(name, [&](const jsi::Value &item) { take(Fields(rt_, engine_, item.asObject(rt_))); });
  }

  /** Calls `take` with the bytes of a `NativeCertificateData`. */
  template <typename Take>
  void certificateData(Take &&take) const {
    if (const jsi::Value pem = get("pem"); !pem.isUndefined()) {
      const std::string text = utf8(pem);
      return take(reinterpret_cast<const uint8_t *>(text.data()), text.size());
    }
    const jsi::ArrayBuffer der = get("der").asObject(rt_).getArrayBuffer(rt_);
    take(der.data(rt_), der.size(rt_));
  }

  void check(socket_task_status status) const {
    throwUnlessOk(rt_, status);
  }

  /** Throws what the library has said last, after the option's name. */
  [[noreturn]] void refuseOption(const std::string &name) const {
    refuse(rt_, "invalid-argument", name + ": " + socket_task_last_error_message());
  }

  [[noreturn]] void refuseValue(const char *name, const std::string &value) const {
    refuse(rt_, "invalid-argument", std::string(name) + " cannot be \"" + value + "\"");
  }

 private:
  Fields(jsi::Runtime &rt, const Engine &engine, jsi::Object &&object)
      : rt_(rt), engine_(engine), owned_(std::move(object)), object_(*owned_) {}

  jsi::Value get(const char *name) const {
    return object_.getProperty(rt_, name);
  }

  std::string utf8(const jsi::Value &value) const {
    return engine_.utf8(rt_, value.asString(rt_));
  }

  template <typename Take>
  void each(const char *name, Take &&take) const {
    const jsi::Value value = get(name);
    if (value.isUndefined()) return;
    const jsi::Array array = value.asObject(rt_).asArray(rt_);
    const size_t size = array.size(rt_);
    for (size_t i = 0; i < size; ++i) take(array.getValueAtIndex(rt_, i));
  }

  jsi::Runtime &rt_;
  const Engine &engine_;
  std::optional<jsi::Object> owned_;
  const jsi::Object &object_;
};

void applyHandshake(const Fields &fields, socket_task_handle handle) {
  fields.pairs("headers", [&](const std::string &name, const std::string &value) {
    fields.check(socket_task_add_header(handle, name.data(), name.size(), value.data(), value.size()));
  });
  fields.strings("protocols", [&](const std::string &protocol) {
    fields.check(socket_task_add_protocol(handle, protocol.data(), protocol.size()));
  });
}

void applyLimits(const Fields &fields, socket_task_handle handle) {
  fields.number("timeout", [&](double value) { fields.check(socket_task_set_timeout(handle, milliseconds(value))); });
  fields.number("maxMessageSize", [&](double value) {
    fields.check(socket_task_set_max_message_size(handle, byteCount(value)));
  });
  fields.number("maxBufferedAmount", [&](double value) {
    fields.check(socket_task_set_max_buffered_amount(handle, byteCount(value)));
  });
  fields.boolean("tcpNoDelay", [&](bool value) { fields.check(socket_task_set_tcp_no_delay(handle, value)); });
  uint32_t pongTimeout = kDefaultPongTimeout;
  fields.number("pongTimeout", [&](double value) { pongTimeout = milliseconds(value); });
  fields.number("pingInterval", [&](double value) {
    fields.check(socket_task_set_keepalive(handle, milliseconds(value), pongTimeout));
  });
}

void applyDeflate(const Fields &fields, socket_task_handle handle) {
  socket_task_deflate_options options;
  fields.check(socket_task_deflate_options_init(&options, sizeof(options)));
  // A number that is no int32_t is out of range as well.
  const auto integer = [](int32_t &field) {
    return [&field](double value) {
      field = value >= 0 && value <= 255 ? static_cast<int32_t>(value) : std::numeric_limits<int32_t>::max();
    };
  };
  fields.boolean("serverNoContextTakeover", [&](bool value) { options.server_no_context_takeover = value; });
  fields.boolean("clientNoContextTakeover", [&](bool value) { options.client_no_context_takeover = value; });
  fields.number("serverMaxWindowBits", integer(options.server_max_window_bits));
  fields.number("clientMaxWindowBits", integer(options.client_max_window_bits));
  fields.number("level", integer(options.level));
  fields.number("threshold", [&](double value) { options.threshold = byteCount(value); });
  fields.check(socket_task_set_per_message_deflate(handle, &options));
}

void applyTls(const Fields &fields, socket_task_handle handle) {
  fields.string("roots", [&](const std::string &roots) {
    if (roots == "system") {
      fields.check(socket_task_set_trust_roots(handle, SOCKET_TASK_TRUST_ROOTS_SYSTEM));
    } else if (roots == "bundled") {
      fields.check(socket_task_set_trust_roots(handle, SOCKET_TASK_TRUST_ROOTS_BUNDLED));
    } else if (roots == "none") {
      fields.check(socket_task_set_trust_roots(handle, SOCKET_TASK_TRUST_ROOTS_NONE));
    } else {
      fields.refuseValue("tls.roots", roots);
    }
  });
  fields.string("minVersion", [&](const std::string &version) {
    if (version == "TLSv1.2") {
      fields.check(socket_task_set_min_tls_version(handle, SOCKET_TASK_TLS_1_2));
    } else if (version == "TLSv1.3") {
      fields.check(socket_task_set_min_tls_version(handle, SOCKET_TASK_TLS_1_3));
    } else {
      fields.refuseValue("tls.minVersion", version);
    }
  });
  fields.fieldsList("ca", [&](const Fields &ca) {
    ca.certificateData([&](const uint8_t *data, size_t size) {
      fields.check(socket_task_add_ca_certificates(handle, data, size));
    });
  });
  fields.strings("pins", [&](const std::string &pin) {
    fields.check(socket_task_add_pin(handle, pin.data(), pin.size()));
  });
  fields.strings("acceptedCertificates", [&](const std::string &fingerprint) {
    fields.check(socket_task_accept_certificate(handle, fingerprint.data(), fingerprint.size()));
  });
  fields.fields("clientCert", [&](const Fields &client) {
    client.fields("cert", [&](const Fields &cert) {
      cert.certificateData([&](const uint8_t *certData, size_t certSize) {
        client.fields("key", [&](const Fields &key) {
          key.certificateData([&](const uint8_t *keyData, size_t keySize) {
            fields.check(socket_task_set_client_certificate(handle, certData, certSize, keyData, keySize));
          });
        });
      });
    });
  });
  fields.string("serverName", [&](const std::string &name) {
    fields.check(socket_task_set_server_name(handle, name.data(), name.size()));
  });
}

void applyRoute(const Fields &fields, socket_task_handle handle) {
  fields.string("proxy", [&](const std::string &proxy) {
    if (proxy == "environment") {
      fields.check(socket_task_set_proxy_from_environment(handle));
    } else if (proxy == "system") {
      fields.check(socket_task_set_proxy_from_system(handle));
    } else {
      fields.check(socket_task_set_proxy(handle, proxy.data(), proxy.size()));
    }
  });
  fields.pairs("resolve", [&](const std::string &host, const std::string &address) {
    const socket_task_status status =
        socket_task_add_address(handle, host.data(), host.size(), address.data(), address.size());
    if (status == SOCKET_TASK_INVALID_ARGUMENT) fields.refuseOption("resolve");
    fields.check(status);
  });
  fields.number("tcpKeepalive", [&](double value) {
    fields.check(socket_task_set_tcp_keepalive(handle, wholeNumber(value / 1000)));
  });
  fields.number("followRedirects", [&](double value) {
    const double limit = value > 0 ? std::min(value, 255.0) : 0.0;
    fields.check(socket_task_set_follow_redirects(handle, static_cast<uint8_t>(limit)));
  });
}

} // namespace

uint32_t milliseconds(double value) noexcept {
  return wholeNumber(value);
}

void applyOptions(jsi::Runtime &rt, const Engine &engine, const jsi::Object &options, socket_task_handle handle) {
  const Fields fields(rt, engine, options);
  applyHandshake(fields, handle);
  applyLimits(fields, handle);
  fields.fields("deflate", [&](const Fields &deflate) { applyDeflate(deflate, handle); });
  fields.fields("tls", [&](const Fields &tls) { applyTls(tls, handle); });
  applyRoute(fields, handle);
}

} // namespace socket_task
