/*
 * socket-task: a WebSocket client (RFC 6455, RFC 7692) with its own background thread.
 *
 *     socket_task_handle handle;
 *     socket_task_create(url, strlen(url), &handle);
 *     socket_task_on_open(handle, opened, context);
 *     socket_task_on_message(handle, received, context);
 *     socket_task_on_close(handle, closed, context);
 *     socket_task_connect(handle);                   // returns at once; the callbacks tell the rest
 *     …
 *     socket_task_send_text(handle, "hello", 5);     // from any thread, once it is open
 *     socket_task_close(handle, 1000, NULL, 0);
 *     …
 *     socket_task_release(handle);                   // when it is not needed any more
 *
 * Every function can be called from every thread, in every order, inside callbacks too: a handle that is not valid
 * any more, or a state that does not fit, gets a status and nothing else. Texts are UTF-8 with a length. Structs
 * begin with their size, so that later versions can add fields at the end.
 *
 * This file is generated. For C99 and later, and C++.
 */


#ifndef SOCKET_TASK_H
#define SOCKET_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The version of this header; `socket_task_version` is the library's.
#define SOCKET_TASK_VERSION_STRING "0.1.0"
#define SOCKET_TASK_VERSION_MAJOR 0
#define SOCKET_TASK_VERSION_MINOR 1
#define SOCKET_TASK_VERSION_PATCH 0

/// The same as one number, 0x010203 for 1.2.3: for `#if`, and for `socket_task_check_version`.
#define SOCKET_TASK_VERSION_NUMBER 0x000100

/// Nothing. The default.
#define SOCKET_TASK_LOG_OFF 0

/// Faults.
#define SOCKET_TASK_LOG_ERROR 1

/// What is suspicious.
#define SOCKET_TASK_LOG_WARN 2

/// Connections that open, fail and close.
#define SOCKET_TASK_LOG_INFO 3

/// Steps on the way.
#define SOCKET_TASK_LOG_DEBUG 4

/// A number that lets the library choose, where a field of `socket_task_deflate_options` says so.
#define SOCKET_TASK_DEFAULT (-1)

/// The platform's, by the platform's own rules. The default.
#define SOCKET_TASK_TRUST_ROOTS_SYSTEM 0

/// Mozilla's, as they were when the library was built.
#define SOCKET_TASK_TRUST_ROOTS_BUNDLED 1

/// None but those of `socket_task_add_ca_certificates`.
#define SOCKET_TASK_TRUST_ROOTS_NONE 2

/// TLS 1.2 (RFC 5246).
#define SOCKET_TASK_TLS_1_2 12

/// TLS 1.3 (RFC 8446).
#define SOCKET_TASK_TLS_1_3 13

/// RSASSA-PKCS1-v1_5 with SHA-256. TLS 1.3 has no such signatures.
#define SOCKET_TASK_SIGNATURE_RSA_PKCS1_SHA256 1025

/// ECDSA with P-256 and SHA-256; like all of ECDSA in DER, as a SEQUENCE of r and s.
#define SOCKET_TASK_SIGNATURE_ECDSA_P256_SHA256 1027

/// RSASSA-PKCS1-v1_5 with SHA-384.
#define SOCKET_TASK_SIGNATURE_RSA_PKCS1_SHA384 1281

/// ECDSA with P-384 and SHA-384.
#define SOCKET_TASK_SIGNATURE_ECDSA_P384_SHA384 1283

/// RSASSA-PKCS1-v1_5 with SHA-512.
#define SOCKET_TASK_SIGNATURE_RSA_PKCS1_SHA512 1537

/// ECDSA with P-521 and SHA-512.
#define SOCKET_TASK_SIGNATURE_ECDSA_P521_SHA512 1539

/// RSASSA-PSS with SHA-256, for the mask too, and a salt as long as the digest.
#define SOCKET_TASK_SIGNATURE_RSA_PSS_SHA256 2052

/// The same with SHA-384.
#define SOCKET_TASK_SIGNATURE_RSA_PSS_SHA384 2053

/// The same with SHA-512.
#define SOCKET_TASK_SIGNATURE_RSA_PSS_SHA512 2054

/// Ed25519.
#define SOCKET_TASK_SIGNATURE_ED25519 2055

/* ---- Types ---- */

/// What a message holds.
typedef enum {
    /// Text: valid UTF-8, not NUL-terminated.
    SOCKET_TASK_TEXT = 1,
    /// Bytes.
    SOCKET_TASK_BINARY = 2,
} socket_task_message_kind;

/// What a call returns. Anything but `SOCKET_TASK_OK` means that nothing was done.
typedef enum {
    /// Done.
    SOCKET_TASK_OK = 0,
    /// The handle is 0, was released, or never was one.
    SOCKET_TASK_INVALID_HANDLE = 1,
    /// The connection's state does not allow the call.
    SOCKET_TASK_INVALID_STATE = 2,
    /// An argument is not acceptable.
    SOCKET_TASK_INVALID_ARGUMENT = 3,
    /// The URL is not acceptable.
    SOCKET_TASK_INVALID_URL = 4,
    /// A text is not UTF-8.
    SOCKET_TASK_INVALID_UTF8 = 5,
    /// The send queue has no room for the message; `on_drain` tells when to try again.
    SOCKET_TASK_BUFFER_FULL = 6,
    /// The system has no thread, memory or other resource left.
    SOCKET_TASK_OUT_OF_RESOURCES = 7,
    /// A fault of the library, contained.
    SOCKET_TASK_INTERNAL = 8,
    /// The message never fits into the send queue: it is larger than `max_buffered_amount`.
    SOCKET_TASK_MESSAGE_TOO_BIG = 9,
} socket_task_status;

/// The part of a connection's life in which it failed.
typedef enum {
    /// Reading the URL.
    SOCKET_TASK_PHASE_URL = 1,
    /// Resolving the host name.
    SOCKET_TASK_PHASE_DNS = 2,
    /// Opening the TCP connection.
    SOCKET_TASK_PHASE_TCP = 3,
    /// Asking a proxy for the connection.
    SOCKET_TASK_PHASE_PROXY = 4,
    /// The TLS handshake, the check of the certificate included.
    SOCKET_TASK_PHASE_TLS = 5,
    /// The opening handshake (RFC 6455, section 4).
    SOCKET_TASK_PHASE_HANDSHAKE = 6,
    /// The open connection: the peer broke the WebSocket protocol.
    SOCKET_TASK_PHASE_PROTOCOL = 7,
    /// The open connection: the peer stopped answering.
    SOCKET_TASK_PHASE_TIMEOUT = 8,
    /// The open connection: it ended without a Close frame.
    SOCKET_TASK_PHASE_CLOSED = 9,
} socket_task_phase;

/// What went wrong, finer than the phase. Later versions may add codes.
typedef enum {
    /// None of the others; the message tells.
    SOCKET_TASK_ERROR_OTHER = 1,
    /// The time to open ran out; the phase tells where.
    SOCKET_TASK_ERROR_TIMED_OUT = 2,
    /// The host name has no address.
    SOCKET_TASK_ERROR_NAME_NOT_RESOLVED = 3,
    /// The host refused the TCP connection.
    SOCKET_TASK_ERROR_CONNECTION_REFUSED = 4,
    /// There is no route to the host.
    SOCKET_TASK_ERROR_UNREACHABLE = 5,
    /// The connection was reset.
    SOCKET_TASK_ERROR_CONNECTION_RESET = 6,
    /// The connection ended (TCP FIN) where more was due.
    SOCKET_TASK_ERROR_CONNECTION_ENDED = 7,
    /// The TLS handshake failed for another reason than the certificate.
    SOCKET_TASK_ERROR_TLS_FAILED = 8,
    /// The certificate is past its validity.
    SOCKET_TASK_ERROR_CERTIFICATE_EXPIRED = 9,
    /// The certificate is not valid yet.
    SOCKET_TASK_ERROR_CERTIFICATE_NOT_YET_VALID = 10,
    /// The certificate is for other names.
    SOCKET_TASK_ERROR_CERTIFICATE_WRONG_HOST = 11,
    /// No trusted root certificate leads to the certificate.
    SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER = 12,
    /// The certificate was revoked.
    SOCKET_TASK_ERROR_CERTIFICATE_REVOKED = 13,
    /// The certificate is unacceptable for another reason.
    SOCKET_TASK_ERROR_CERTIFICATE_INVALID = 14,
    /// No certificate of the chain has a pinned key.
    SOCKET_TASK_ERROR_PIN_MISMATCH = 15,
    /// The proxy refused the connection.
    SOCKET_TASK_ERROR_PROXY_REFUSED = 16,
    /// The proxy wants credentials, or others.
    SOCKET_TASK_ERROR_PROXY_AUTHENTICATION = 17,
    /// The server answered with another HTTP status than 101.
    SOCKET_TASK_ERROR_HTTP_STATUS = 18,
    /// The server's response is no valid answer to the opening handshake.
    SOCKET_TASK_ERROR_BAD_HANDSHAKE = 19,
    /// `Sec-WebSocket-Accept` does not match the key.
    SOCKET_TASK_ERROR_ACCEPT_MISMATCH = 20,
    /// The server chose a sub-protocol that was not offered.
    SOCKET_TASK_ERROR_BAD_PROTOCOL = 21,
    /// The server chose an extension, or a parameter of one, that was not offered.
    SOCKET_TASK_ERROR_BAD_EXTENSION = 22,
    /// A redirect that may not be followed.
    SOCKET_TASK_ERROR_BAD_REDIRECT = 23,
    /// The peer broke the protocol; it was sent close code 1002.
    SOCKET_TASK_ERROR_PROTOCOL_VIOLATION = 24,
    /// A text message is not UTF-8; the peer was sent close code 1007.
    SOCKET_TASK_ERROR_INVALID_UTF8 = 25,
    /// A message is larger than the limit; the peer was sent close code 1009.
    SOCKET_TASK_ERROR_MESSAGE_TOO_BIG = 26,
    /// A compressed message does not decompress; the peer was sent close code 1007.
    SOCKET_TASK_ERROR_BAD_COMPRESSION = 27,
    /// No pong came in time.
    SOCKET_TASK_ERROR_PONG_TIMEOUT = 28,
    /// The platform does not let the app make connections that are not encrypted (`ws:`).
    SOCKET_TASK_ERROR_CLEARTEXT_NOT_PERMITTED = 29,
} socket_task_error_code;

/// Where in its life a connection is.
typedef enum {
    /// `socket_task_connect` was not called yet.
    SOCKET_TASK_NEW = -1,
    /// On the way: from the DNS look-up to the opening handshake.
    SOCKET_TASK_CONNECTING = 0,
    /// Messages go both ways.
    SOCKET_TASK_OPEN = 1,
    /// The closing handshake has begun, from either side, or the connection is failing.
    SOCKET_TASK_CLOSING = 2,
    /// Over: `on_close` was called, or is about to be.
    SOCKET_TASK_CLOSED = 3,
} socket_task_ready_state;

/// Takes the answer of a hook; see `socket_task_answer_set`. Valid during the hook's call.
typedef struct socket_task_answer socket_task_answer;

/// Takes a signature; see `socket_task_signature_set`. Valid during the signer's call.
typedef struct socket_task_signature socket_task_signature;

/// A received message. Valid during the callback; `socket_task_message_retain` keeps it longer. Only
/// the library makes one: a copy of the struct cannot be retained.
typedef struct {
    /// Size of this struct in the library that fills it in, in bytes.
    size_t struct_size;
    /// Text or binary.
    socket_task_message_kind kind;
    /// The content; never NULL.
    const uint8_t *data;
    /// Its length in bytes.
    size_t length;
} socket_task_message;

/// A connection. 0 is none. A handle is valid until `socket_task_release`, and its number is never used
/// again.
typedef uint64_t socket_task_handle;

/// A text with its length: UTF-8 where nothing else is said, not NUL-terminated.
typedef struct {
    /// The bytes; never NULL.
    const uint8_t *data;
    /// How many they are.
    size_t length;
} socket_task_text;

/// A header field of a response, in the server's spelling. Values are bytes: RFC 9110 knows no
/// encoding.
typedef struct {
    /// The field's name.
    socket_task_text name;
    /// The field's value.
    socket_task_text value;
} socket_task_header;

/// When a phase began and ended, in microseconds since `socket_task_connect`. Both are the same for a
/// phase that was not needed.
typedef struct {
    /// When it began.
    uint64_t start_us;
    /// When it ended.
    uint64_t end_us;
} socket_task_span;

/// What the server said when it opened the WebSocket, and how long that took. Valid during the
/// callback.
typedef struct {
    /// Size of this struct in the library that fills it in, in bytes.
    size_t struct_size;
    /// HTTP status: 101.
    int32_t http_status;
    /// Whether an earlier TLS session was resumed.
    bool tls_resumed;
    /// Header fields of the response, in their order; repeated ones are not joined.
    const socket_task_header *headers;
    /// How many they are.
    size_t header_count;
    /// The sub-protocol that the server chose; empty for none.
    socket_task_text protocol;
    /// The extensions in use, as in `Sec-WebSocket-Extensions`; empty for none.
    socket_task_text extensions;
    /// The peer's address and port, `192.0.2.1:443` or `[2001:db8::1]:443`.
    socket_task_text remote_address;
    /// `TLSv1.2` or `TLSv1.3`; empty without TLS.
    socket_task_text tls_version;
    /// The cipher suite in IANA's spelling; empty without TLS.
    socket_task_text tls_cipher;
    /// Resolving the host name.
    socket_task_span dns;
    /// Opening the TCP connection.
    socket_task_span tcp;
    /// Asking the proxy for the connection, with the TLS handshake with the proxy.
    socket_task_span proxy;
    /// The TLS handshake with the server.
    socket_task_span tls;
    /// The opening handshake.
    socket_task_span handshake;
    /// Which attempt in a row this was; 0 for the first. See `socket_task_set_reconnect`.
    uint32_t attempt;
} socket_task_open;

/// The connection is open.
typedef void (*socket_task_open_callback)(socket_task_handle handle,
                                          const socket_task_open *open,
                                          void *context);

/// A message came.
typedef void (*socket_task_message_callback)(socket_task_handle handle,
                                             const socket_task_message *message,
                                             void *context);

/// A pong came. `data` is never NULL. `rtt_us` is the time since the `socket_task_ping` that it
/// answers, in microseconds; -1 when it answers none.
typedef void (*socket_task_pong_callback)(socket_task_handle handle,
                                          const uint8_t *data,
                                          size_t length,
                                          int64_t rtt_us,
                                          void *context);

/// The send queue has drained. `sent` counts the messages handed to the operating system so far.
typedef void (*socket_task_drain_callback)(socket_task_handle handle, uint64_t sent, void *context);

/// The peer is suspect: it has sent nothing in `silent_ms` milliseconds, half of the time that it has for an answer.
typedef void (*socket_task_suspect_callback)(socket_task_handle handle,
                                             uint32_t silent_ms,
                                             void *context);

/// The peer that was suspect lives.
typedef void (*socket_task_alive_callback)(socket_task_handle handle, void *context);

/// Why a connection failed. Valid during the callback.
typedef struct {
    /// Size of this struct in the library that fills it in, in bytes.
    size_t struct_size;
    /// Where in the connection's life.
    socket_task_phase phase;
    /// What, for programs.
    socket_task_error_code code;
    /// The operating system's error number (`errno`); 0 when there is none.
    int32_t os_error;
    /// The HTTP status of a server or proxy that refused; 0 when there is none.
    int32_t http_status;
    /// What, for people.
    socket_task_text message;
    /// Header fields of the refusal.
    const socket_task_header *headers;
    /// How many they are.
    size_t header_count;
    /// The first bytes of the refusal's body, 1024 at most.
    const uint8_t *body;
    /// How many they are.
    size_t body_length;
} socket_task_error;

/// How a connection was lost, or why it could not be made. Valid during the call.
typedef struct {
    /// Size of this struct in the library that fills it in, in bytes.
    size_t struct_size;
    /// As in `socket_task_close_event`.
    uint16_t code;
    /// As in `socket_task_close_event`.
    bool was_clean;
    /// As in `socket_task_close_event`.
    socket_task_text reason;
    /// Why it failed; NULL where a Close frame of the server has ended it.
    const socket_task_error *error;
} socket_task_loss;

/// A connection was lost or could not be made, and another attempt follows. Valid during the callback.
typedef struct {
    /// Size of this struct in the library that fills it in, in bytes.
    size_t struct_size;
    /// Which attempt in a row comes now; 1 after a connection that was open long enough.
    uint32_t attempt;
    /// How long until then, in milliseconds, unless the network or the app's coming to the foreground brings it nearer, or
    /// their absence puts it off.
    uint32_t delay_ms;
    /// What has happened.
    const socket_task_loss *loss;
    /// How many of the messages that were accepted and not handed to the operating system are kept, the oldest.
    size_t kept;
    /// How many of them, those that were accepted later, have failed.
    size_t failed;
} socket_task_reconnecting;

/// The connection was lost, and another attempt follows.
typedef void (*socket_task_reconnecting_callback)(socket_task_handle handle,
                                                  const socket_task_reconnecting *reconnecting,
                                                  void *context);

/// The connection failed.
typedef void (*socket_task_error_callback)(socket_task_handle handle,
                                           const socket_task_error *error,
                                           void *context);

/// How a connection ended, as it was on the wire. Valid during the callback.
typedef struct {
    /// Size of this struct in the library that fills it in, in bytes.
    size_t struct_size;
    /// The peer's close code; 1005 when its Close frame had none, 1006 when no Close frame came, 1015
    /// when the TLS handshake itself failed (RFC 6455, section 7.4.1), not the network under it.
    uint16_t code;
    /// Whether both sides sent a Close frame (RFC 6455, section 7.1.4).
    bool was_clean;
    /// The peer's reason; empty for none.
    socket_task_text reason;
} socket_task_close_event;

/// The connection is over.
typedef void (*socket_task_close_callback)(socket_task_handle handle,
                                           const socket_task_close_event *close,
                                           void *context);

/// Nothing follows; the context can be freed.
typedef void (*socket_task_release_callback)(socket_task_handle handle, void *context);

/// How much is logged: one of `SOCKET_TASK_LOG_…`. Each level includes the ones before.
typedef int32_t socket_task_log_level;

/// A line of the log: UTF-8, not NUL-terminated, valid during the call.
typedef void (*socket_task_log_callback)(socket_task_log_level level,
                                         const char *text,
                                         size_t length,
                                         void *context);

/// What to offer of permessage-deflate (RFC 7692). Fill it in with `socket_task_deflate_options_init`
/// first.
typedef struct {
    /// As much of the struct as is filled in, in bytes; set by `socket_task_deflate_options_init`.
    size_t struct_size;
    /// We forget the window after each message: less memory, worse compression.
    bool client_no_context_takeover;
    /// Ask the server to do so.
    bool server_no_context_takeover;
    /// Our window is 2 to the power of this, 8 to 15; `SOCKET_TASK_DEFAULT`: as the server wants.
    int32_t client_max_window_bits;
    /// Ask the server for a window of this size, 8 to 15; `SOCKET_TASK_DEFAULT`: as it likes.
    int32_t server_max_window_bits;
    /// 0 (none) to 9 (best); `SOCKET_TASK_DEFAULT`: a good balance.
    int32_t level;
    /// Messages with fewer bytes are sent uncompressed.
    size_t threshold;
} socket_task_deflate_options;

/// Which certificate authorities are trusted: one of `SOCKET_TASK_TRUST_ROOTS_…`.
typedef int32_t socket_task_trust_roots;

/// A TLS version: one of `SOCKET_TASK_TLS_…`.
typedef int32_t socket_task_tls_version;

/// Is asked something about a URL, which holds no user and no password. On a thread of the library that
/// may block, for different connections on several at once.
typedef void (*socket_task_ask_callback)(const char *url,
                                         size_t length,
                                         socket_task_answer *answer,
                                         void *context);

/// Is told that a hook is not called any more, on any thread: its context can be freed. That may be
/// after `on_release`, or within a call that replaces the hook, so it must call no function of the
/// library.
typedef void (*socket_task_destroy_callback)(void *context);

/// Is given the value of a `Set-Cookie` field of a response from `url`, once for each field. On a
/// thread that may block.
typedef void (*socket_task_set_cookie_callback)(const char *url,
                                                size_t url_length,
                                                const char *value,
                                                size_t value_length,
                                                void *context);

/// How a signature is made: one of `SOCKET_TASK_SIGNATURE_…`, with the numbers of TLS (RFC 8446, section 4.2.3).
typedef int32_t socket_task_signature_algorithm;

/// Is asked to sign `message`: the whole of it, and no digest. It answers by `socket_task_signature_set`, or not at all if it
/// cannot; the handshake fails then. On a thread of the library that may block, for different connections on several at once.
typedef void (*socket_task_sign_callback)(socket_task_signature_algorithm algorithm,
                                          const uint8_t *message,
                                          size_t length,
                                          socket_task_signature *signature,
                                          void *context);

/// How a connection that was lost or could not be made is followed by another one. Fill it in with
/// `socket_task_reconnect_options_init` first.
typedef struct {
    /// As much of the struct as is filled in, in bytes; set by `socket_task_reconnect_options_init`.
    size_t struct_size;
    /// The next attempt comes after a random time between 0 and `min_delay_ms` times `factor` to the power of the attempts in
    /// a row before it; 1 000 by default. In milliseconds.
    uint32_t min_delay_ms;
    /// But at most this one; 30 000 by default.
    uint32_t max_delay_ms;
    /// 1 or more; 2 by default.
    double factor;
    /// How many attempts in a row are made after the first; 0, the default: as many as it takes.
    uint32_t max_attempts;
    /// How long a connection has to be open for the attempts to be counted anew; 5 000 by default. In milliseconds.
    uint32_t stable_after_ms;
    /// Close codes of the server after which there is no other attempt, 1000 to 4999; 1000 alone by default. Copied by
    /// `socket_task_set_reconnect`.
    const uint16_t *stop_codes;
    /// How many they are.
    size_t stop_code_count;
    /// How many bytes of messages are kept for the next connection, where each message counts 64 more; 0, the default, keeps
    /// none.
    size_t queue;
    /// Attempts are made while the app is in the background, too; not by default.
    bool while_hidden;
} socket_task_reconnect_options;

/// Is asked what the next attempt is to be made with: a new token, say. To be answered by `socket_task_answer_refresh`, sooner
/// or later, with `ticket`; an answer that comes too late is refused. `loss` is valid during the call. On the library's thread:
/// it must not block.
typedef void (*socket_task_refresh_callback)(socket_task_handle handle,
                                             uint32_t attempt,
                                             const socket_task_loss *loss,
                                             uint64_t ticket,
                                             void *context);

/// Is asked whether a loss is followed by another attempt; `would` is what the rules say. To be answered by
/// `socket_task_answer_should_reconnect` with `ticket`; without an answer within the timeout the rules hold. `loss` is valid
/// during the call. On the library's thread: it must not block.
typedef void (*socket_task_should_reconnect_callback)(socket_task_handle handle,
                                                      const socket_task_loss *loss,
                                                      bool would,
                                                      uint64_t ticket,
                                                      void *context);

/// Is told that a connection needs the app to run in the background for a while (`begins`), or does not any more. On any
/// thread; it must not block, and must not call the library.
typedef void (*socket_task_background_time_callback)(bool begins, void *context);

/// What a connection has carried so far; see `socket_task_get_stats`.
typedef struct {
    /// As much of the struct as is filled in, in bytes; set by `socket_task_get_stats`.
    size_t struct_size;
    /// Messages that were handed to the operating system.
    uint64_t messages_sent;
    /// Messages that came.
    uint64_t messages_received;
    /// Bytes of the messages and pings that were handed to the operating system, before compression, framing not counted.
    uint64_t bytes_sent;
    /// Bytes of the messages that came, after decompression, framing not counted.
    uint64_t bytes_received;
    /// Microseconds from the last `socket_task_ping` that was answered to its pong; -1 for none.
    int64_t rtt;
    /// How many connections were opened after the first; see `socket_task_set_reconnect`.
    uint64_t reconnects;
} socket_task_stats;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- Errors ---- */

/// Why the last call failed that failed on this thread, for people: NUL-terminated UTF-8, never NULL,
/// empty when none has failed.
///
/// The library owns the text. It is valid until another call fails on this thread, or the thread ends.
const char *socket_task_last_error_message(void);

/// The name of a `socket_task_status`, "buffer-full": NUL-terminated, valid for ever; "unknown" for a number that
/// this version does not have.
const char *socket_task_status_name(int32_t status);

/// The name of a `socket_task_phase`, "handshake": NUL-terminated, valid for ever; "unknown" for a number that this
/// version does not have. It is the word that the JavaScript API has for it.
const char *socket_task_phase_name(int32_t phase);

/// The name of a `socket_task_error_code`, "connection-refused": NUL-terminated, valid for ever; "unknown" for a number
/// that this version does not have. It is the word that the JavaScript API has for it.
const char *socket_task_error_code_name(int32_t code);

/// The name of a `socket_task_ready_state`, "open": NUL-terminated, valid for ever; "unknown" for a number that this
/// version does not have.
const char *socket_task_ready_state_name(int32_t state);

/* ---- Messages ---- */

/// Keeps a message beyond its callback. Its content is not copied where that would keep no more than twice
/// its length alive: from 32 KiB on, and from 1 KiB on when it came in several pieces or compressed.
///
/// To be called inside the callback, or with a message that is retained already (that counts its
/// references), on any thread. The result is to be given to `socket_task_message_release` once for each
/// call.
///
/// Returns the message that lasts, at another address than the one in the callback; NULL for NULL.
///
/// Requires:
/// `message` is NULL, or came from the library and is still valid.
const socket_task_message *socket_task_message_retain(const socket_task_message *message);

/// Lets go of a message that was retained. NULL, and a message that a callback was given, are left
/// alone. From any thread.
///
/// Requires:
/// `message` is NULL, or came from the library and is still valid.
void socket_task_message_release(const socket_task_message *message);

/* ---- Callbacks, before connect ---- */

/// Sets the function that is called when the connection is open. At most once, and before any other
/// event but an error; with `socket_task_set_reconnect` at each opening.
///
/// This holds for all callbacks. They are set before `socket_task_connect`; NULL removes one. They are
/// called on a thread of the library, one at a time for each handle, in order, and with the `context`
/// that was set with them, which may be NULL and must stay valid until `on_release` was called. Inside
/// a callback every function of the library may be called. A callback must not block, since other
/// connections wait for it, and must not throw a C++ exception. After `socket_task_release` no callback
/// begins but `on_release`; one that the library's thread is about to enter at that moment may still
/// run.
///
/// Returns `SOCKET_TASK_INVALID_HANDLE`, or `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`.
///
/// Requires:
/// `callback` may be called with `context` on another thread.
socket_task_status socket_task_on_open(socket_task_handle handle,
                                       socket_task_open_callback callback,
                                       void *context);

/// Sets the function that is called for each message. None comes before `on_open`, after
/// `socket_task_close`, or after `on_close`; but one that the library's thread is about to deliver while
/// another calls `socket_task_close` may still come.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_message(socket_task_handle handle,
                                          socket_task_message_callback callback,
                                          void *context);

/// Sets the function that is called for each pong that answers no ping of the library's own.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_pong(socket_task_handle handle,
                                       socket_task_pong_callback callback,
                                       void *context);

/// Sets the function that is called when messages were handed to the operating system, once for all that
/// were at the same time, and when the send queue has room again after a send got
/// `SOCKET_TASK_BUFFER_FULL`: half of its limit. It is called once more before `on_close` if messages were
/// handed over since.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_drain(socket_task_handle handle,
                                        socket_task_drain_callback callback,
                                        void *context);

/// Sets the function that is called when half of the time for an answer to a ping of the library's own
/// (`socket_task_set_ping_interval`, `socket_task_probe`, `socket_task_probe_all`) has passed and nothing
/// has come from the peer. At most once until `on_alive`, which follows when the peer lives; `on_error`
/// follows when the rest of the time passes, too. Not called for a connection that is closing.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_suspect(socket_task_handle handle,
                                          socket_task_suspect_callback callback,
                                          void *context);

/// Sets the function that is called after `on_suspect` when the peer has sent something, or has
/// acknowledged what was sent before the ping.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_alive(socket_task_handle handle,
                                        socket_task_alive_callback callback,
                                        void *context);

/// Sets the function that is called when the connection was lost or could not be made and another attempt follows, in the
/// place of `on_error` and `on_close`. See `socket_task_set_reconnect`.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_reconnecting(socket_task_handle handle,
                                               socket_task_reconnecting_callback callback,
                                               void *context);

/// Sets the function that is called when the connection fails: at most once, and always followed by
/// `on_close`. Not called for a connection that the app itself closed.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_error(socket_task_handle handle,
                                        socket_task_error_callback callback,
                                        void *context);

/// Sets the function that is called when the connection is over: exactly once for each successful
/// `socket_task_connect`, unless `socket_task_release` came before.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_close(socket_task_handle handle,
                                        socket_task_close_callback callback,
                                        void *context);

/// Sets the function that is called after `socket_task_release`: exactly once, and last. The handle is
/// invalid by then; it is given to tell which one it was. Now the contexts of all callbacks can be
/// freed.
///
/// For the rest see `socket_task_on_open`.
///
/// Requires:
/// As for `socket_task_on_open`.
socket_task_status socket_task_on_release(socket_task_handle handle,
                                          socket_task_release_callback callback,
                                          void *context);

/* ---- Log ---- */

/// Sets where the log goes, for the whole library. No header value, URL credential or content of a
/// message is ever logged.
///
/// `callback` is called on any thread, several at once; it must not block, nor call this function. When
/// this returns, the callback that was set before is not called any more. NULL, or
/// `SOCKET_TASK_LOG_OFF`, logs nothing.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an unknown level, `SOCKET_TASK_INVALID_STATE` when
/// the program is in Rust and has another logger.
///
/// Requires:
/// `callback` may be called with `context` on any thread until it is replaced.
socket_task_status socket_task_set_logger(socket_task_log_level level,
                                          socket_task_log_callback callback,
                                          void *context);

/// Lets the log go to one more place, beside that of `socket_task_set_logger`: for a module that shares the library with others.
/// `id` receives what `socket_task_remove_logger` takes. The rest is as for `socket_task_set_logger`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an unknown level or `SOCKET_TASK_LOG_OFF`, and for a `callback` or `id` that is
/// NULL; `SOCKET_TASK_INVALID_STATE` when the program is in Rust and has another logger.
///
/// Requires:
/// `callback` may be called with `context` on any thread until it is removed; `id` is NULL or can be written to.
socket_task_status socket_task_add_logger(socket_task_log_level level,
                                          socket_task_log_callback callback,
                                          void *context,
                                          uint64_t *id);

/// Ends what `socket_task_add_logger` has begun. When this returns, its callback is not called any more; so it must not be called
/// by a callback of the log.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an unknown `id`, or one that was removed.
socket_task_status socket_task_remove_logger(uint64_t id);

/* ---- Options, before connect ---- */

/// Adds a header field to the opening handshake. Fields are sent in the order, the spelling and the
/// number in which they were added.
///
/// `name` is a token (RFC 9110, section 5.6.2); `value` has no CR, LF, NUL or other control character.
/// `Host`, `Connection`, `Upgrade` and `Sec-WebSocket-…` are the library's own; `Content-Length`, `Transfer-Encoding`, `TE`,
/// `Trailer`, `Keep-Alive`, `Proxy-Connection` and `Expect` have no place in the handshake. An empty `User-Agent` sends none.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a field that is not acceptable,
/// `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `name` and `value` point to as many bytes as their lengths say, or are NULL with length 0.
socket_task_status socket_task_add_header(socket_task_handle handle,
                                          const char *name,
                                          size_t name_length,
                                          const char *value,
                                          size_t value_length);

/// Offers a sub-protocol, the most wanted first. The server picks one or none.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for one that is no token (RFC 6455, section 4.1) or was
/// offered already, `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `protocol` points to `length` bytes.
socket_task_status socket_task_add_protocol(socket_task_handle handle,
                                            const char *protocol,
                                            size_t length);

/// Sets the whole time to open, in milliseconds, from `socket_task_connect` to the end of the opening
/// handshake. 60 000 by default.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_timeout(socket_task_handle handle,
                                           uint32_t milliseconds);

/// Sets how long the closing handshake may stand still, in milliseconds, before the connection is
/// dropped: 2 000 by default.
///
/// It stands still while the server neither acknowledges bytes nor sends any. What it sends counts for five
/// times this long, unless it acknowledges something meanwhile.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_close_timeout(socket_task_handle handle,
                                                 uint32_t milliseconds);

/// Sets the largest message to accept, in bytes after decompression: 64 MiB by default. A larger one
/// fails the connection with close code 1009.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_max_message_size(socket_task_handle handle,
                                                    size_t bytes);

/// Sets how many bytes may wait to be sent: 64 MiB by default. A message that would take the queue past
/// it gets `SOCKET_TASK_BUFFER_FULL`, one that is larger than this `SOCKET_TASK_MESSAGE_TOO_BIG`. While the
/// frames that wait, headers included, take as much, nothing is accepted, not even an empty message.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_max_buffered_amount(socket_task_handle handle,
                                                       size_t bytes);

/// Sets whether small messages leave at once (`TCP_NODELAY`) instead of waiting for more: true by
/// default.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_tcp_no_delay(socket_task_handle handle,
                                                bool no_delay);

/// Pings the peer after this much silence from it, in milliseconds; 0, the default, sends no pings. The
/// connection is given up (phase timeout, close code 1006) when nothing comes within the time of
/// `socket_task_set_pong_timeout`.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_ping_interval(socket_task_handle handle,
                                                 uint32_t milliseconds);

/// Sets how long the peer has to answer such a ping, in milliseconds: 10 000 by default.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_pong_timeout(socket_task_handle handle, uint32_t milliseconds);

/// Fills in the defaults. `size` is `sizeof` the struct in the program that calls: no byte behind it is
/// written, so that a program can be older or newer than the library.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for NULL, or a size that was never the struct's.
///
/// Requires:
/// `options` is NULL or points to `size` writable bytes.
socket_task_status socket_task_deflate_options_init(socket_task_deflate_options *options,
                                                    size_t size);

/// Offers permessage-deflate (RFC 7692) to the server. Not offered by default. NULL offers it with the
/// defaults. Whether the server agreed is told in `extensions` of `socket_task_open`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a value out of range, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `options` is NULL or points to a struct that `socket_task_deflate_options_init` has filled in.
socket_task_status socket_task_set_per_message_deflate(socket_task_handle handle,
                                                       const socket_task_deflate_options *options);

/* ---- TLS, before connect ---- */

/// Sets which certificate authorities are trusted on `wss:`: one of `SOCKET_TASK_TRUST_ROOTS_…`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another value, or for `SOCKET_TASK_TRUST_ROOTS_BUNDLED`
/// in a library built without them; `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_trust_roots(socket_task_handle handle,
                                               socket_task_trust_roots roots);

/// Trusts more certificate authorities on `wss:`: one or more certificates, as PEM or one as DER. The
/// library copies them.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when there is no certificate in it,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `certificates` points to `length` bytes.
socket_task_status socket_task_add_ca_certificates(socket_task_handle handle,
                                                   const uint8_t *certificates,
                                                   size_t length);

/// Adds a pin: the SHA-256 digest of a public key (its SubjectPublicKeyInfo). If there are any, a
/// certificate of the verified chain must have one of them.
///
/// `pin` is `sha256/` and 44 characters of Base64, or 64 hexadecimal digits.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a text that is no digest, `SOCKET_TASK_INVALID_STATE`
/// after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `pin` points to `length` bytes.
socket_task_status socket_task_add_pin(socket_task_handle handle, const char *pin, size_t length);

/// Accepts one certificate of a server as it is, whoever issued it, for whatever host and time: the one
/// with this SHA-256 fingerprint, written as for `socket_task_add_pin`, colons allowed. For self-signed
/// certificates; there is no way to accept all of them.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a text that is no digest, `SOCKET_TASK_INVALID_STATE`
/// after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `fingerprint` points to `length` bytes.
socket_task_status socket_task_add_accepted_certificate(socket_task_handle handle,
                                                        const char *fingerprint,
                                                        size_t length);

/// Sets the client's own certificate, for servers that ask for one: the certificate and those of its
/// issuers (PEM, the own one first, or one in DER) and the private key (PEM or DER; PKCS #8, SEC 1 or
/// PKCS #1; not encrypted). The library copies both.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when one of both is not valid or they do not belong together,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `certificate` and `key` point to as many bytes as their lengths say.
socket_task_status socket_task_set_client_certificate(socket_task_handle handle,
                                                      const uint8_t *certificate,
                                                      size_t certificate_length,
                                                      const uint8_t *key,
                                                      size_t key_length);

/// Sets the name to ask the server for and to find in its certificate, instead of the URL's host.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a text that is no host name or IP address,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `name` points to `length` bytes.
socket_task_status socket_task_set_server_name(socket_task_handle handle,
                                               const char *name,
                                               size_t length);

/// Sets the lowest TLS version to accept: `SOCKET_TASK_TLS_1_2`, the default, or `SOCKET_TASK_TLS_1_3`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another value, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_min_tls_version(socket_task_handle handle,
                                                   socket_task_tls_version version);

/* ---- The way to the server, before connect ---- */

/// Lets the operating system probe a silent connection (`SO_KEEPALIVE`) after this much time, in
/// milliseconds: 1 to 32 767 000, rounded up to whole seconds; 0, the default, does not.
/// `socket_task_set_ping_interval` notices a dead peer sooner and through proxies.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another number, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_tcp_keepalive(socket_task_handle handle, uint32_t milliseconds);

/// Adds an IP address for a host name, which the resolver is then not asked for. Several are tried in
/// the order in which they were added.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an empty name or what is not an IP address,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `host` and `address` point to as many bytes as their lengths say.
socket_task_status socket_task_add_address(socket_task_handle handle,
                                           const char *host,
                                           size_t host_length,
                                           const char *address,
                                           size_t address_length);

/// Goes through a proxy: `http://`, `https://` or `socks5://`, with user and password before the host
/// if it wants them. The proxy resolves the server's name. An empty URL, the default, goes directly.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a URL that is not valid, `SOCKET_TASK_INVALID_STATE`
/// after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `url` points to `length` bytes, or is NULL with length 0.
socket_task_status socket_task_set_proxy(socket_task_handle handle,
                                         const char *url,
                                         size_t length);

/// Adds a header field for the proxy, if the connection goes through an HTTP one: it is in the `CONNECT` request beside that
/// request's own, and the server never sees it. Fields are sent in the order, the spelling and the number in which they were
/// added. A `User-Agent` or `Proxy-Authorization` takes the place of the library's own; an empty `User-Agent` sends none.
///
/// `name` and `value` are as for `socket_task_add_header`; `Host`, `Upgrade` and what frames messages of HTTP is refused.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a field that is not acceptable,
/// `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `name` and `value` point to as many bytes as their lengths say, or are NULL with length 0.
socket_task_status socket_task_add_proxy_header(socket_task_handle handle,
                                                const char *name,
                                                size_t name_length,
                                                const char *value,
                                                size_t value_length);

/// Goes through the proxy that the environment names when `socket_task_connect` is called:
/// `https_proxy` or `HTTPS_PROXY` for `wss:`, `http_proxy` for `ws:`, then `all_proxy` or `ALL_PROXY`;
/// not for the hosts in `no_proxy` or `NO_PROXY`.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_proxy_from_environment(socket_task_handle handle);

/// Goes through the proxy that the platform names when `socket_task_connect` is called, as
/// `socket_task_set_system_proxy_hook` says; without that, the one that the environment names.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_proxy_from_system(socket_task_handle handle);

/// Sets how many HTTP redirects to follow, 0 to 20: 0 by default, as browsers do. They never lead from
/// `wss:` to `ws:`. When the origin changes, `Authorization`, `Cookie` and `Proxy-Authorization`, the
/// URL's user and password, and the client's certificate stay behind.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another number, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_follow_redirects(socket_task_handle handle,
                                                    uint32_t limit);

/* ---- Hooks, before connect ---- */

/// Answers: copies the text into the place that the hook was given. The last call counts; without one
/// the answer is "none".
///
/// Returns `SOCKET_TASK_INVALID_UTF8`, or `SOCKET_TASK_INVALID_ARGUMENT` for NULL.
///
/// Requires:
/// `answer` is the one that the hook was given, and the hook has not returned; `data` points to
/// `length` bytes, or is NULL with length 0.
socket_task_status socket_task_answer_set(socket_task_answer *answer,
                                          const char *data,
                                          size_t length);

/// Asks the program for the proxy to go through, once for each connection: `ask` answers with a URL as
/// for `socket_task_set_proxy`, or with none to go directly. `destroy` is called when `ask` is not
/// called any more; if this function fails, it is called at once. Both can be NULL.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// Both callbacks may be called with `context` on any thread.
socket_task_status socket_task_set_proxy_hook(socket_task_handle handle,
                                              socket_task_ask_callback ask,
                                              socket_task_destroy_callback destroy,
                                              void *context);

/// Keeps cookies: `ask` answers with the value of the `Cookie` field for a request to a URL, or with
/// none; `set_cookie` is given what the response sets. `ask` is not called when a `Cookie` header was
/// added. `destroy` is called when neither of them is called any more; if this function fails, it is
/// called at once. Each can be NULL.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// The callbacks may be called with `context` on any thread.
socket_task_status socket_task_set_cookie_hook(socket_task_handle handle,
                                               socket_task_ask_callback ask,
                                               socket_task_set_cookie_callback set_cookie,
                                               socket_task_destroy_callback destroy,
                                               void *context);

/// Sends and keeps the cookies that the platform keeps for all of the app, as `socket_task_set_system_cookie_hook` says;
/// without that, none. The platform is not asked when a `Cookie` header was added.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_set_cookies_from_system(socket_task_handle handle);

/// Answers: copies the signature into the place that the signer was given. The last call counts.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for NULL or a length of 0.
///
/// Requires:
/// `signature` is the one that the signer was given, and the signer has not returned; `data` points to `length` bytes.
socket_task_status socket_task_signature_set(socket_task_signature *signature,
                                             const uint8_t *data,
                                             size_t length);

/// Sets the client's own certificate, as `socket_task_set_client_certificate` does, but for the private key: `sign` has
/// it, in a key store of the platform for example, and is asked for a signature in each TLS handshake with a server that
/// wants the certificate. Sessions are not resumed. The certificates are in PEM, or in DER one after the other, the own one first; its
/// key is RSA, P-256, P-384, P-521 or Ed25519. `destroy`, which can be NULL, is called when `sign` is not called any
/// more; if this function fails, it is called at once.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a certificate that is not valid or a `sign` that is NULL,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `certificate` points to `length` bytes. Both callbacks may be called with `context` on any thread.
socket_task_status socket_task_set_client_signer(socket_task_handle handle,
                                                 const uint8_t *certificate,
                                                 size_t length,
                                                 socket_task_sign_callback sign,
                                                 socket_task_destroy_callback destroy,
                                                 void *context);

/* ---- One connection after another ---- */

/// Writes the defaults into `options`. `size` is `sizeof(socket_task_reconnect_options)` of the program.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `options` is NULL or `size` was never its size.
///
/// Requires:
/// `options` is NULL or points to `size` writable bytes.
socket_task_status socket_task_reconnect_options_init(socket_task_reconnect_options *options,
                                                      size_t size);

/// Lets a connection that was lost or could not be made be followed by another one, on the same handle. NULL does with the
/// defaults.
///
/// Each loss that is followed is told by `on_reconnecting`, in the place of `on_error` and `on_close`; `on_open` is called at
/// each opening. It ends, as without this, by `on_error` if it failed, and `on_close`: after `socket_task_close`, a close code of
/// `stop_codes`, HTTP 404, a certificate that is not acceptable, HTTP 401 and 403 unless `socket_task_set_refresh_hook` gives
/// something new (then once more), or `max_attempts`. A server's `Retry-After` is the least delay. Between connections the state
/// is CONNECTING. The timeout is for each attempt. `socket_task_prewarm` is for the first.
///
/// No attempt is made while there is no network (`socket_task_set_network`) or the app is in the background
/// (`socket_task_set_foreground`); when that changes, the next is made at once. The first is the program's own and always made.
///
/// Messages that were not handed to the operating system at a loss have failed, and sending fails between connections, but for
/// those that fit into `queue`, the oldest first: they are sent by the next connection, in order. What was handed over may have
/// been lost on the way, and is not sent again.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a value out of range, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `options` is NULL or points to a struct that `socket_task_reconnect_options_init` has filled in; its `stop_codes` points to
/// `stop_code_count` numbers, or is NULL with 0.
socket_task_status socket_task_set_reconnect(socket_task_handle handle,
                                             const socket_task_reconnect_options *options);

/// Sets who is asked before each attempt but the first what it is to be made with. Turns `socket_task_set_reconnect` on, if that
/// was not called. `destroy`, which can be NULL, is called when `refresh` is not called any more; if this function fails, it is
/// called at once.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a `refresh` that is NULL, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// Both callbacks may be called with `context` on any thread.
socket_task_status socket_task_set_refresh_hook(socket_task_handle handle,
                                                socket_task_refresh_callback refresh,
                                                socket_task_destroy_callback destroy,
                                                void *context);

/// Sets who is asked at each loss whether there is another attempt. Turns `socket_task_set_reconnect` on, if that was not called.
/// `destroy`, which can be NULL, is called when `should_reconnect` is not called any more; if this function fails, it is called
/// at once. `max_attempts` holds all the same.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a `should_reconnect` that is NULL, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// Both callbacks may be called with `context` on any thread.
socket_task_status socket_task_set_should_reconnect_hook(socket_task_handle handle,
                                                         socket_task_should_reconnect_callback should_reconnect,
                                                         socket_task_destroy_callback destroy,
                                                         void *context);

/// Answers a refresh hook, from any thread: the attempt, and those after it, are made with the URL, the header fields and the
/// sub-protocols of `fresh`, a handle in state NEW, which stays the caller's; 0 changes nothing.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when nobody waits for the answer any more or `fresh` is not in state NEW, or
/// `SOCKET_TASK_INVALID_HANDLE` for either.
socket_task_status socket_task_answer_refresh(socket_task_handle handle,
                                              uint64_t ticket,
                                              socket_task_handle fresh);

/// Answers a refresh hook, from any thread: there is nothing to connect with. The attempt has failed.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when nobody waits for the answer any more, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_fail_refresh(socket_task_handle handle,
                                            uint64_t ticket);

/// Answers a should-reconnect hook, from any thread.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when nobody waits for the answer any more, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_answer_should_reconnect(socket_task_handle handle,
                                                       uint64_t ticket,
                                                       bool should_reconnect);

/* ---- The platform, for the whole process ---- */

/// Sets how to find the proxy that the platform names for a URL: `ask` answers as for
/// `socket_task_set_proxy_hook`. NULL takes it away. On Android the library does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// Requires:
/// `ask` may be called with `context` on any thread, for as long as the process lives.
socket_task_status socket_task_set_system_proxy_hook(socket_task_ask_callback ask, void *context);

/// Sets who keeps the cookies for `socket_task_set_cookies_from_system`: `ask` answers and `set_cookie` is told as for
/// `socket_task_set_cookie_hook`. NULL for both takes it away. On Android the library does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// Requires:
/// `ask` and `set_cookie` may be called with `context` on any thread, for as long as the process lives.
socket_task_status socket_task_set_system_cookie_hook(socket_task_ask_callback ask,
                                                      socket_task_set_cookie_callback set_cookie,
                                                      void *context);

/// Sets how the platform converts a host name outside ASCII: `ask` is given the name in the place of a URL, and answers it in
/// ASCII (URL Standard, section 3.3, "domain to ASCII"), or not at all if it is not valid. On the thread that
/// reads the URL: that of `socket_task_create`, and the library's for a redirect. It must not block. NULL takes it away: such names are refused then. On Android and iOS the package does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// Requires:
/// `ask` may be called with `context` on any thread, for as long as the process lives.
socket_task_status socket_task_set_domain_to_ascii_hook(socket_task_ask_callback ask,
                                                        void *context);

/// Tells whether there is a network, or that there is another one. Without one, `socket_task_set_reconnect` makes no attempt; with
/// another one, it makes the next at once. Until this is called, there is one.
///
/// Returns `SOCKET_TASK_OK`.
socket_task_status socket_task_set_network(bool is_there);

/// Tells whether the app is in the foreground. In the background `socket_task_set_reconnect` makes no attempt, unless it is to;
/// when the app comes to the foreground, it makes the next at once. Until this is called, it is in the foreground.
///
/// Returns `SOCKET_TASK_OK`.
socket_task_status socket_task_set_foreground(bool is_in_front);

/// Sets how the platform is asked for time in the background, for connections that `socket_task_hide` is to close: `callback`
/// is told in pairs, from `socket_task_hide` to the end of the connection or `socket_task_show`, for several connections at once
/// too; so who counts them knows whether any needs it. NULL takes it away. On iOS the package does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// Requires:
/// `callback` may be called with `context` on any thread, for as long as the process lives.
socket_task_status socket_task_set_background_time_hook(socket_task_background_time_callback callback,
                                                        void *context);

/// Does as `socket_task_probe` for every connection of the process that is open. For the one place that is
/// told when the app comes to the foreground or the network has changed; the next attempts of `socket_task_set_reconnect` are made
/// at once, too. On Android the library does this itself.
///
/// Returns `SOCKET_TASK_OK`.
socket_task_status socket_task_probe_all(uint32_t deadline_ms);

/* ---- The library ---- */

/// The library's version, "1.2.3": NUL-terminated, valid for ever.
const char *socket_task_version(void);

/// Asks whether this library is one for a program that was compiled with another header. Call it with
/// `SOCKET_TASK_VERSION_NUMBER`, where a library that the program finds at run time may be too old, or too new.
///
/// A library serves the headers of its own major version, up to its own minor version. While the major version is 0,
/// only those of its own minor version. The third number never matters.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when it is not; the text of the failure has both versions.
socket_task_status socket_task_check_version(uint32_t header_version);

/// Sets how many threads carry the connections: 1 to 64, 1 by default. Each connection stays on one of
/// them. A phone needs no more than one.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another number, `SOCKET_TASK_INVALID_STATE` when the
/// threads run already, that is after the first `socket_task_connect`.
socket_task_status socket_task_set_worker_threads(size_t threads);

/* ---- The life of a connection ---- */

/// Makes a connection that is not started yet, in state NEW.
///
/// `url` is UTF-8 and begins with `ws:` or `wss:`. A fragment is refused, as are control characters and
/// a host that is not ASCII, unless the platform converts it (`socket_task_set_domain_to_ascii_hook`). Other characters of path and query are sent
/// percent-encoded where they must be. User and password in it become the `Authorization` header.
/// `handle` receives the handle, 0 on failure; it is to be given to `socket_task_release`.
///
/// Returns `SOCKET_TASK_INVALID_URL`, `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_ARGUMENT` for a
/// NULL pointer, or `SOCKET_TASK_OUT_OF_RESOURCES`.
///
/// Requires:
/// `url` points to `length` bytes; `handle` is NULL or points to a writable handle.
socket_task_status socket_task_create(const char *url,
                                      size_t length,
                                      socket_task_handle *handle);

/// Starts to connect, and returns at once. What comes of it is told by the callbacks: `on_open`, or
/// `on_error`; and `on_close` exactly once in the end.
///
/// The first call starts the library's thread. No thread goes along into the child of `fork`: there the
/// library works only if it was not used before.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when it was called before, `SOCKET_TASK_INVALID_ARGUMENT` when
/// the options do not fit together (with `SOCKET_TASK_TRUST_ROOTS_NONE` there must be certificates to
/// trust; it can be called again then), `SOCKET_TASK_OUT_OF_RESOURCES` when the library's thread cannot
/// be started (it can be called again then), or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_connect(socket_task_handle handle);

/// Opens a connection in advance, with the options of a handle in state NEW, which it leaves as it is:
/// the next `socket_task_connect` with equal options adopts the connection, if it is still alive or on
/// its way then; if not, that connects as usual. That can be the same handle's or another's, whose
/// callbacks are told everything as if it had connected itself: `on_open`, with the times of when the
/// connection was made, then the messages that have come so far.
///
/// Equal are options when the URL, the header fields, the sub-protocols and everything else that was
/// set are; hooks are when their functions and their contexts are. Cookie and proxy hooks, the system's
/// included, are asked again, and have to answer as they did when the connection was made: `socket_task_connect`
/// connects as usual otherwise, and the state is CONNECTING until then.
///
/// The connection is closed with code 1001 when it was not adopted within `lifetime_ms` milliseconds (0
/// stands for 30 000), or when 16 newer ones wait. While one with equal options waits, nothing is done.
/// Nothing is kept on disk.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_ARGUMENT`,
/// `SOCKET_TASK_OUT_OF_RESOURCES` or `SOCKET_TASK_INVALID_HANDLE` as `socket_task_connect` does.
socket_task_status socket_task_prewarm(socket_task_handle handle,
                                       uint32_t lifetime_ms);

/// Queues a text message, and returns at once: a large one is compressed in the background, where that was agreed on. The
/// library copies it.
///
/// Returns `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_STATE` when the connection is not open,
/// `SOCKET_TASK_BUFFER_FULL` when the queue has no room for it now, `SOCKET_TASK_MESSAGE_TOO_BIG` when it
/// never has, `SOCKET_TASK_INVALID_ARGUMENT` for NULL with a length, or `SOCKET_TASK_INVALID_HANDLE`. Nothing was queued then, and the connection stays as
/// it was.
///
/// Requires:
/// `data` points to `length` bytes, or is NULL with length 0.
socket_task_status socket_task_send_text(socket_task_handle handle,
                                         const char *data,
                                         size_t length);

/// Queues a binary message, and returns at once. The library copies it.
///
/// Returns as `socket_task_send_text` does, but for the text's encoding.
///
/// Requires:
/// `data` points to `length` bytes, or is NULL with length 0.
socket_task_status socket_task_send_binary(socket_task_handle handle,
                                           const uint8_t *data,
                                           size_t length);

/// Queues a ping with up to 125 bytes. Its pong is told by `on_pong`. It does not wait for messages that are
/// still being compressed.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for more bytes, and otherwise the same as `socket_task_send_binary`.
///
/// Requires:
/// `data` points to `length` bytes, or is NULL with length 0.
socket_task_status socket_task_ping(socket_task_handle handle,
                                    const uint8_t *data,
                                    size_t length);

/// Closes the connection: one that is open after the messages queued, by the closing handshake; one on
/// its way at once. `on_close` follows, and no `on_error`. On a connection that is closing or closed
/// already, nothing happens, and that is no error.
///
/// `code` is 1000 to 1003, 1007 to 1014 or 3000 to 4999 (RFC 6455, section 7.4); 0 sends none. `reason`
/// is UTF-8 of at most 123 bytes, and needs a code.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` or `SOCKET_TASK_INVALID_UTF8` for a code or reason that is
/// not acceptable, `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`. The connection stays as it was then.
///
/// Requires:
/// `reason` points to `length` bytes, or is NULL with length 0.
socket_task_status socket_task_close(socket_task_handle handle,
                                     uint16_t code,
                                     const char *reason,
                                     size_t length);

/// Stops reading from the network, so that a peer that sends too fast is slowed down. Pings of the peer
/// stay unanswered meanwhile, and its closing unnoticed. `socket_task_close` ends the pause.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_pause(socket_task_handle handle);

/// Reads on after `socket_task_pause`.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_resume(socket_task_handle handle);

/// The app is not to be seen any more: closes with 1001 when `grace_ms` milliseconds are over, as
/// `socket_task_close` does, unless `socket_task_show` is called before. Each call begins anew.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, `SOCKET_TASK_OUT_OF_RESOURCES`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_hide(socket_task_handle handle,
                                    uint32_t grace_ms);

/// The app is seen again: what `socket_task_hide` has announced does not happen.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_show(socket_task_handle handle);

/// Asks an open connection for a sign of life: when nothing comes from the peer within `deadline_ms`
/// milliseconds, it has failed (phase timeout, close code 1006). While the server acknowledges bytes that
/// were sent before the question, it is alive. For when the app comes to the foreground or the network
/// has changed.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_probe(socket_task_handle handle,
                                     uint32_t deadline_ms);

/* ---- What can be asked ---- */

/// Tells where in its life the connection is.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `state` is NULL, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `state` is NULL or points to a writable `socket_task_ready_state`.
socket_task_status socket_task_get_ready_state(socket_task_handle handle,
                                               socket_task_ready_state *state);

/// Tells how many bytes of messages and pings were accepted and not yet handed to the operating system,
/// framing not counted. 0 before `socket_task_connect`. After a connection was lost it tells how many
/// were lost with it.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `amount` is NULL, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `amount` is NULL or points to a writable `size_t`.
socket_task_status socket_task_get_buffered_amount(socket_task_handle handle,
                                                   size_t *amount);

/// Tells what a connection has carried so far, for diagnostics. It waits for no connection, and can be called often. Before
/// `socket_task_connect` `rtt` is -1, and everything else 0.
///
/// `size` is `sizeof(socket_task_stats)` of the program: fields that the program does not know are not written.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `stats` is NULL or `size` was never its size, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `stats` is NULL or points to `size` writable bytes.
socket_task_status socket_task_get_stats(socket_task_handle handle,
                                         socket_task_stats *stats,
                                         size_t size);

/// Copies the sub-protocol that the server chose, with a NUL behind it, into `buffer` of `capacity`
/// bytes, and tells its length without the NUL in `length`. The length is 0 for none, and before the
/// connection is open.
///
/// `buffer` may be NULL with capacity 0, to ask for the length; `length` may be NULL.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `buffer` is too small (`length` is told all the same),
/// or `SOCKET_TASK_INVALID_HANDLE`.
///
/// Requires:
/// `buffer` points to `capacity` writable bytes, or is NULL with capacity 0; `length` is NULL or points
/// to a writable `size_t`.
socket_task_status socket_task_get_protocol(socket_task_handle handle,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *length);

/// Copies `url` as the URL Standard serializes it, with a NUL behind it, into `buffer` of `capacity` bytes, and tells its length
/// without the NUL in `written`: scheme and host in lower case, no default port, dot segments resolved, percent-encoded, user
/// name and password included. It is what `socket_task_create` makes of the same text.
///
/// `buffer` may be NULL with capacity 0, to ask for the length; `written` may be NULL.
///
/// Returns `SOCKET_TASK_INVALID_URL`, `SOCKET_TASK_INVALID_UTF8`, or `SOCKET_TASK_INVALID_ARGUMENT` for a `url` that is NULL and when
/// `buffer` is too small (`written` is told all the same).
///
/// Requires:
/// `url` points to `length` bytes; `buffer` points to `capacity` writable bytes, or is NULL with capacity 0; `written` is NULL
/// or points to a writable `size_t`.
socket_task_status socket_task_serialize_url(const char *url,
                                             size_t length,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *written);

/// Lets go of the connection. The handle is invalid at once; no callback begins any more but
/// `on_release`, which is called exactly once, on the library's thread, when the contexts can be freed.
///
/// A connection on its way is aborted; an open one is closed with code 1001 in the background, after
/// the messages queued; one that is closing goes on to close.
///
/// Returns `SOCKET_TASK_INVALID_HANDLE`.
socket_task_status socket_task_release(socket_task_handle handle);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SOCKET_TASK_H */
