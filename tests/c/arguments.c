/* Arguments at their limits and beyond, and calls in the wrong state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define REFUSED(call) CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, call)
#define WRONG_STATE(call) CHECK_STATUS(SOCKET_TASK_INVALID_STATE, call)

static void null_callbacks(void) {
    socket_task_handle handle = 0;
    const char *url = ws_url("/close?code=4000");
    CHECK_OK(socket_task_create(url, strlen(url), &handle));
    CHECK_OK(socket_task_on_open(handle, NULL, NULL));
    CHECK_OK(socket_task_on_message(handle, NULL, NULL));
    CHECK_OK(socket_task_on_pong(handle, NULL, NULL));
    CHECK_OK(socket_task_on_drain(handle, NULL, NULL));
    CHECK_OK(socket_task_on_suspect(handle, NULL, NULL));
    CHECK_OK(socket_task_on_alive(handle, NULL, NULL));
    CHECK_OK(socket_task_on_error(handle, NULL, NULL));
    CHECK_OK(socket_task_on_close(handle, NULL, NULL));
    CHECK_OK(socket_task_on_release(handle, NULL, NULL));
    CHECK_OK(socket_task_connect(handle));
    socket_task_ready_state state = SOCKET_TASK_NEW;
    for (double end = now() + 20; state != SOCKET_TASK_CLOSED && now() < end; sleep_ms(1)) {
        CHECK_OK(socket_task_get_ready_state(handle, &state));
    }
    CHECK(state == SOCKET_TASK_CLOSED);
    CHECK_OK(socket_task_release(handle));
}

static void serialized_urls(void) {
    static const char *URLS[][2] = {
        {"ws:HOST", "ws://host/"},
        {" wss:\\\\h:443\\a/../b c?x", "wss://h/b%20c?x"},
        {"ws://u:p@0x7f.1:81", "ws://u:p@127.0.0.1:81/"},
        {"ws://a/\r\nX: y", "ws://a/X:%20y"},
    };
    char text[64];
    size_t length = 0;
    for (size_t i = 0; i < sizeof URLS / sizeof *URLS; i++) {
        const char *url = URLS[i][0];
        const char *expected = URLS[i][1];
        CHECK_OK(socket_task_serialize_url(url, strlen(url), NULL, 0, &length));
        CHECK(length == strlen(expected));
        CHECK_OK(socket_task_serialize_url(url, strlen(url), text, length + 1, NULL));
        CHECK(strcmp(text, expected) == 0);
        length = 0;
        REFUSED(socket_task_serialize_url(url, strlen(url), text, strlen(expected), &length));
        CHECK(length == strlen(expected));
    }
    REFUSED(socket_task_serialize_url("ws:a", 4, NULL, 3, NULL));
    REFUSED(socket_task_serialize_url(NULL, 4, text, sizeof text, NULL));
    CHECK_STATUS(SOCKET_TASK_INVALID_URL, socket_task_serialize_url("http://a", 8, text, sizeof text, NULL));
    CHECK_STATUS(SOCKET_TASK_INVALID_UTF8, socket_task_serialize_url("ws:\xff", 4, text, sizeof text, NULL));
}

static void removed_callbacks(void) {
    struct client *client = client_new(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_on_message(client->handle, NULL, NULL));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK_OK(socket_task_send_text(client->handle, "x", 1));
    CHECK_OK(socket_task_close(client->handle, 1000, NULL, 0));
    client_wait_close(client);
    CHECK(client->messages == 0);
    client_free(client);
}

static void null_with_length_zero(void) {
    struct client *client = client_new(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_add_header(client->handle, "X-Empty", 7, NULL, 0));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK_OK(socket_task_send_text(client->handle, NULL, 0));
    client_wait_messages(client, 1);
    CHECK(client->kind == SOCKET_TASK_TEXT && client->length == 0);
    CHECK_OK(socket_task_send_binary(client->handle, NULL, 0));
    client_wait_messages(client, 2);
    CHECK(client->kind == SOCKET_TASK_BINARY && client->length == 0);
    CHECK_OK(socket_task_ping(client->handle, NULL, 0));
    CHECK_OK(socket_task_close(client->handle, 0, NULL, 0));
    client_wait_close(client);
    CHECK(client->close_code == 1005 && client->was_clean);
    client_free(client);
}

static void null_with_a_length(void) {
    struct client *client = client_new(ws_url("/"), NULL, NULL);
    socket_task_handle handle = 7;
    REFUSED(socket_task_create(NULL, 5, &handle));
    CHECK(handle == 0);
    REFUSED(socket_task_create(NULL, 0, &handle));
    CHECK(strcmp(socket_task_last_error_message(), "url is NULL") == 0);
    REFUSED(socket_task_create("ws://a/", 7, NULL));
    REFUSED(socket_task_add_header(client->handle, NULL, 3, "b", 1));
    REFUSED(socket_task_add_header(client->handle, "a", 1, NULL, 3));
    REFUSED(socket_task_add_protocol(client->handle, NULL, 3));
    REFUSED(socket_task_add_ca_certificates(client->handle, NULL, 3));
    REFUSED(socket_task_get_ready_state(client->handle, NULL));
    REFUSED(socket_task_get_buffered_amount(client->handle, NULL));
    socket_task_stats stats;
    REFUSED(socket_task_get_stats(client->handle, NULL, sizeof stats));
    REFUSED(socket_task_get_stats(client->handle, &stats, sizeof stats - 1));
    REFUSED(socket_task_get_protocol(client->handle, NULL, 3, NULL));
    REFUSED(socket_task_deflate_options_init(NULL, sizeof(socket_task_deflate_options)));
    socket_task_deflate_options too_small;
    REFUSED(socket_task_deflate_options_init(&too_small, sizeof too_small - 1));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    REFUSED(socket_task_send_text(client->handle, NULL, 1));
    REFUSED(socket_task_send_binary(client->handle, NULL, 1));
    REFUSED(socket_task_ping(client->handle, NULL, 1));
    REFUSED(socket_task_close(client->handle, 1000, NULL, 1));
    client_free(client);
    socket_task_message_release(socket_task_message_retain(NULL));
}

static void text_that_is_not_utf8(void) {
    static const char *const BAD[] = {"\xFF", "a\xC0\x80", "\xE6\x96", "\xED\xA0\x80", "\xF4\x90\x80\x80"};
    struct client *client = client_open(ws_url("/"), NULL, NULL);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_STATUS(SOCKET_TASK_INVALID_UTF8, socket_task_send_text(client->handle, BAD[i], strlen(BAD[i])));
        CHECK_STATUS(SOCKET_TASK_INVALID_UTF8, socket_task_close(client->handle, 1000, BAD[i], strlen(BAD[i])));
    }
    /* Nothing was sent, and the connection lives. */
    CHECK_OK(socket_task_send_text(client->handle, "good", 4));
    client_wait_messages(client, 1);
    CHECK(strcmp((char *)client->data, "good") == 0);
    client_free(client);
    socket_task_handle handle = 0;
    CHECK_STATUS(SOCKET_TASK_INVALID_UTF8, socket_task_create("ws://a/\xFF", 8, &handle));
}

static void urls(void) {
    static const char *const BAD[] = {"",         "a",        "http://a/",    "ws://",  "ws://a/#b",
                                      "ws://a b", "ws://a:0", "ws://a:99999", "ws:///", "ws://1.2.3.256"};
    socket_task_handle handle = 0;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        handle = 7;
        CHECK_STATUS(SOCKET_TASK_INVALID_URL, socket_task_create(BAD[i], strlen(BAD[i]), &handle));
        CHECK(handle == 0);
        CHECK(strlen(socket_task_last_error_message()) > 0);
    }
    /* The length counts, not a NUL. */
    CHECK_OK(socket_task_create("ws://host.invalid/ignored\xFF", 18, &handle));
    CHECK_OK(socket_task_release(handle));
}

static void add_header(socket_task_handle handle, socket_task_status expected, const char *name, const char *value) {
    CHECK_STATUS(expected, socket_task_add_header(handle, name, strlen(name), value, strlen(value)));
}

static void header_injection(void) {
    struct client *client = client_new(ws_url("/headers"), NULL, NULL);
    socket_task_handle handle = client->handle;
    add_header(handle, SOCKET_TASK_INVALID_ARGUMENT, "X-A", "a\r\nX-Injected: 1");
    add_header(handle, SOCKET_TASK_INVALID_ARGUMENT, "X-A", "a\nX-Injected: 2");
    add_header(handle, SOCKET_TASK_INVALID_ARGUMENT, "X-A\r\nX-Injected", "3");
    add_header(handle, SOCKET_TASK_INVALID_ARGUMENT, "X-A: b\r\nX-Injected", "4");
    add_header(handle, SOCKET_TASK_INVALID_ARGUMENT, "", "5");
    add_header(handle, SOCKET_TASK_INVALID_ARGUMENT, "Host", "elsewhere");
    add_header(handle, SOCKET_TASK_INVALID_ARGUMENT, "Sec-WebSocket-Key", "mine");
    add_header(handle, SOCKET_TASK_INVALID_UTF8, "X-A", "\xFF");
    REFUSED(socket_task_add_header(handle, "X-A", 3, "a\0b", 3));
    REFUSED(socket_task_add_protocol(handle, "a\r\nX-Injected: 6", 17));
    REFUSED(socket_task_add_protocol(handle, "", 0));
    add_header(handle, SOCKET_TASK_OK, "X-Good", "yes");
    CHECK_OK(socket_task_add_protocol(handle, "chat", 4));
    REFUSED(socket_task_add_protocol(handle, "chat", 4));
    CHECK_OK(socket_task_connect(handle));
    client_wait_messages(client, 1);
    const char *request = (const char *)client->data;
    CHECK(strstr(request, "Injected") == NULL);
    CHECK(strstr(request, "\r\nX-Good: yes") != NULL);
    CHECK(strstr(request, "X-A") == NULL);

    char protocol[8] = "";
    size_t length = 0;
    CHECK_OK(socket_task_get_protocol(handle, NULL, 0, &length));
    CHECK(length == 4);
    REFUSED(socket_task_get_protocol(handle, protocol, 4, &length));
    CHECK_OK(socket_task_get_protocol(handle, protocol, 5, NULL));
    CHECK(strcmp(protocol, "chat") == 0);
    client_free(client);
}

static void ignore_line(socket_task_log_level level, const char *text, size_t length, void *context) {
    (void)level, (void)text, (void)length, (void)context;
}

static void options_out_of_range(void) {
    struct client *client = client_new(wss_url("/"), NULL, NULL);
    socket_task_handle handle = client->handle;
    socket_task_deflate_options deflate;
    REFUSED(socket_task_set_timeout(handle, 0));
    REFUSED(socket_task_set_pong_timeout(handle, 0));
    REFUSED(socket_task_set_max_message_size(handle, 0));
    REFUSED(socket_task_set_max_buffered_amount(handle, 0));
    REFUSED(socket_task_set_follow_redirects(handle, 21));
    REFUSED(socket_task_set_follow_redirects(handle, 256));
    REFUSED(socket_task_set_trust_roots(handle, 99));
    REFUSED(socket_task_add_ca_certificates(handle, (const uint8_t *)"no certificate", 14));
    memset(&deflate, 0, sizeof deflate);
    REFUSED(socket_task_set_per_message_deflate(handle, &deflate));
    CHECK_OK(socket_task_deflate_options_init(&deflate, sizeof deflate));
    CHECK_OK(socket_task_set_per_message_deflate(handle, &deflate));
    deflate.client_max_window_bits = 16;
    REFUSED(socket_task_set_per_message_deflate(handle, &deflate));
    deflate.client_max_window_bits = 7;
    REFUSED(socket_task_set_per_message_deflate(handle, &deflate));
    CHECK_OK(socket_task_deflate_options_init(&deflate, sizeof deflate));
    deflate.level = 10;
    REFUSED(socket_task_set_per_message_deflate(handle, &deflate));
    REFUSED(socket_task_set_worker_threads(0));
    REFUSED(socket_task_set_worker_threads(65));
    REFUSED(socket_task_set_logger(99, ignore_line, NULL));
    client_free(client);
}

static void closing_arguments(void) {
    char reason[125];
    struct client *client = client_open(ws_url("/"), NULL, NULL);
    static const uint16_t BAD[] = {1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535};
    memset(reason, 'x', sizeof reason);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        REFUSED(socket_task_close(client->handle, BAD[i], NULL, 0));
        char told[64];
        snprintf(told, sizeof told, "the close code %u may not be sent; 1000 to 1003, ", (unsigned)BAD[i]);
        CHECK(strncmp(socket_task_last_error_message(), told, strlen(told)) == 0);
    }
    REFUSED(socket_task_close(client->handle, 1000, reason, 124));
    CHECK(strstr(socket_task_last_error_message(), "at most 123 bytes of UTF-8, and this one has 124"));
    REFUSED(socket_task_close(client->handle, 0, "a reason without a code", 23));
    uint8_t payload[126] = {0};
    REFUSED(socket_task_ping(client->handle, payload, sizeof payload));
    socket_task_ready_state state = SOCKET_TASK_NEW;
    CHECK_OK(socket_task_get_ready_state(client->handle, &state));
    CHECK(state == SOCKET_TASK_OPEN);
    CHECK_OK(socket_task_close(client->handle, 1000, reason, 123));
    client_wait_close(client);
    CHECK(strlen(client->reason) == 123);
    client_free(client);
}

static void wrong_state(void) {
    struct client *client = client_new(ws_url("/"), NULL, NULL);
    socket_task_handle handle = client->handle;
    socket_task_ready_state state = SOCKET_TASK_OPEN;
    CHECK_OK(socket_task_get_ready_state(handle, &state));
    CHECK(state == SOCKET_TASK_NEW);
    WRONG_STATE(socket_task_send_text(handle, "x", 1));
    WRONG_STATE(socket_task_send_binary(handle, (const uint8_t *)"x", 1));
    WRONG_STATE(socket_task_ping(handle, NULL, 0));
    WRONG_STATE(socket_task_close(handle, 1000, NULL, 0));
    WRONG_STATE(socket_task_pause(handle));
    WRONG_STATE(socket_task_resume(handle));
    WRONG_STATE(socket_task_probe(handle, 1));
    WRONG_STATE(socket_task_hide(handle, 1));
    WRONG_STATE(socket_task_show(handle));
    CHECK_OK(socket_task_connect(handle));
    WRONG_STATE(socket_task_connect(handle));
    WRONG_STATE(socket_task_on_open(handle, NULL, NULL));
    WRONG_STATE(socket_task_on_release(handle, NULL, NULL));
    WRONG_STATE(socket_task_add_header(handle, "a", 1, "b", 1));
    WRONG_STATE(socket_task_add_protocol(handle, "a", 1));
    WRONG_STATE(socket_task_set_timeout(handle, 1));
    WRONG_STATE(socket_task_set_trust_roots(handle, SOCKET_TASK_TRUST_ROOTS_SYSTEM));
    WRONG_STATE(socket_task_set_per_message_deflate(handle, NULL));
    WRONG_STATE(socket_task_set_worker_threads(2));
    client_wait_open(client);
    WRONG_STATE(socket_task_connect(handle));
    CHECK_OK(socket_task_close(handle, 1000, NULL, 0));
    client_wait_close(client);
    WRONG_STATE(socket_task_connect(handle));
    WRONG_STATE(socket_task_send_text(handle, "x", 1));
    CHECK_OK(socket_task_close(handle, 1000, NULL, 0));
    client_free(client);
}

static void full_buffer(void) {
    static uint8_t data[1001];
    struct client *client = client_new(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_set_max_buffered_amount(client->handle, 1000));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK_STATUS(SOCKET_TASK_MESSAGE_TOO_BIG, socket_task_send_binary(client->handle, data, 1001));
    CHECK_OK(socket_task_send_binary(client->handle, data, 1000));
    client_wait_messages(client, 1);
    CHECK(client->length == 1000);
    size_t amount = 1;
    CHECK_OK(socket_task_get_buffered_amount(client->handle, &amount));
    CHECK(amount == 0);
    client_free(client);
}

struct log {
    pthread_mutex_t lock;
    unsigned lines;
    bool leaked;
};

static void count_line(socket_task_log_level level, const char *text, size_t length, void *context) {
    struct log *log = context;
    char line[1024] = "";
    memcpy(line, text, length < sizeof line ? length : sizeof line - 1);
    pthread_mutex_lock(&log->lock);
    log->lines++;
    log->leaked |= level < SOCKET_TASK_LOG_ERROR || strstr(line, "secret") != NULL;
    pthread_mutex_unlock(&log->lock);
}

static void more_loggers(void) {
    struct log first = {.lock = PTHREAD_MUTEX_INITIALIZER}, second = {.lock = PTHREAD_MUTEX_INITIALIZER};
    uint64_t id = 0, other = 0;
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_logger(SOCKET_TASK_LOG_OFF, count_line, &first, &id));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_logger(9, count_line, &first, &id));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_logger(SOCKET_TASK_LOG_INFO, NULL, NULL, &id));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_logger(SOCKET_TASK_LOG_INFO, count_line, &first, NULL));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_remove_logger(0));
    CHECK_OK(socket_task_add_logger(SOCKET_TASK_LOG_INFO, count_line, &first, &id));
    CHECK_OK(socket_task_add_logger(SOCKET_TASK_LOG_ERROR, count_line, &second, &other));
    CHECK(id != other);
    struct client *client = client_connect(refused_url(), NULL, NULL);
    client_wait_close(client);
    client_free(client);
    CHECK(first.lines > 0 && second.lines == 0);
    CHECK_OK(socket_task_remove_logger(id));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_remove_logger(id));
    const unsigned lines = first.lines;
    client = client_connect(refused_url(), NULL, NULL);
    client_wait_close(client);
    client_free(client);
    CHECK(first.lines == lines);
    CHECK_OK(socket_task_remove_logger(other));
}

static void logger(void) {
    struct log log = {.lock = PTHREAD_MUTEX_INITIALIZER};
    CHECK_OK(socket_task_set_logger(SOCKET_TASK_LOG_DEBUG, count_line, &log));
    struct client *client = client_new(ws_url("/status?body=secret"), NULL, NULL);
    add_header(client->handle, SOCKET_TASK_OK, "Authorization", "Bearer secret");
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_close(client);
    client_free(client);
    CHECK_OK(socket_task_set_logger(SOCKET_TASK_LOG_OFF, NULL, NULL));
    CHECK(log.lines > 0 && !log.leaked);
    unsigned lines = log.lines;
    client = client_connect(refused_url(), NULL, NULL);
    client_wait_close(client);
    client_free(client);
    CHECK(log.lines == lines);
}

static void version(void) {
    unsigned parts[3];
    CHECK(sscanf(socket_task_version(), "%u.%u.%u", &parts[0], &parts[1], &parts[2]) == 3);
    CHECK(strcmp(socket_task_version(), SOCKET_TASK_VERSION_STRING) == 0);
    CHECK(parts[0] == SOCKET_TASK_VERSION_MAJOR && parts[1] == SOCKET_TASK_VERSION_MINOR &&
          parts[2] == SOCKET_TASK_VERSION_PATCH);
    CHECK(SOCKET_TASK_VERSION_NUMBER == (parts[0] << 16 | parts[1] << 8 | parts[2]));
    CHECK_OK(socket_task_check_version(SOCKET_TASK_VERSION_NUMBER));
    REFUSED(socket_task_check_version(SOCKET_TASK_VERSION_NUMBER + 0x010000));
    CHECK(strstr(socket_task_last_error_message(), SOCKET_TASK_VERSION_STRING) != NULL);
    REFUSED(socket_task_check_version(UINT32_MAX));
}

static void names(void) {
    CHECK(strcmp(socket_task_status_name(SOCKET_TASK_OK), "ok") == 0);
    CHECK(strcmp(socket_task_status_name(SOCKET_TASK_MESSAGE_TOO_BIG), "message-too-big") == 0);
    CHECK(strcmp(socket_task_phase_name(SOCKET_TASK_PHASE_HANDSHAKE), "handshake") == 0);
    CHECK(strcmp(socket_task_error_code_name(SOCKET_TASK_ERROR_TIMED_OUT), "timed-out") == 0);
    CHECK(strcmp(socket_task_ready_state_name(SOCKET_TASK_NEW), "new") == 0);
    static const int32_t NONE[] = {INT32_MIN, -2, 1000, INT32_MAX};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        CHECK(strcmp(socket_task_status_name(NONE[i]), "unknown") == 0);
        CHECK(strcmp(socket_task_phase_name(NONE[i]), "unknown") == 0);
        CHECK(strcmp(socket_task_error_code_name(NONE[i]), "unknown") == 0);
        CHECK(strcmp(socket_task_ready_state_name(NONE[i]), "unknown") == 0);
    }
}

int main(void) {
    static const struct test TESTS[] = {
        {"callbacks that are NULL", null_callbacks},
        {"serialized URLs", serialized_urls},
        {"callbacks that were removed", removed_callbacks},
        {"NULL with length 0", null_with_length_zero},
        {"NULL with a length", null_with_a_length},
        {"text that is not UTF-8", text_that_is_not_utf8},
        {"URLs", urls},
        {"header injection", header_injection},
        {"options out of range", options_out_of_range},
        {"arguments of close and ping", closing_arguments},
        {"calls in the wrong state", wrong_state},
        {"full buffer", full_buffer},
        {"logger", logger},
        {"more loggers", more_loggers},
        {"version", version},
        {"names", names},
    };
    return run_tests("arguments", TESTS, sizeof TESTS / sizeof *TESTS);
}
