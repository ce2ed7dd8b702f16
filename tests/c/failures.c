/* Connections that fail or end, and what C is told of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static void expect(const char *url, socket_task_phase phase, socket_task_error_code code, uint16_t close_code) {
    struct client *client = client_connect(url, NULL, NULL);
    client_wait_close(client);
    CHECK(client->errors == 1);
    CHECK(client->phase == phase);
    CHECK(client->error_code == code);
    CHECK(client->close_code == close_code && !client->was_clean);
    client_free(client);
}

static void dns(void) {
    expect("ws://name.invalid/", SOCKET_TASK_PHASE_DNS, SOCKET_TASK_ERROR_NAME_NOT_RESOLVED, 1006);
}

static void refused(void) {
    expect(refused_url(), SOCKET_TASK_PHASE_TCP, SOCKET_TASK_ERROR_CONNECTION_REFUSED, 1006);
}

static void unreachable(void) {
    expect("ws://255.255.255.255:9/", SOCKET_TASK_PHASE_TCP, SOCKET_TASK_ERROR_UNREACHABLE, 1006);
}

static void http_statuses(void) {
    static const int STATUSES[] = {401, 403, 404, 500, 503};
    for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++) {
        char path[64];
        snprintf(path, sizeof path, "/status?code=%d", STATUSES[i]);
        expect(ws_url(path), SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_HTTP_STATUS, 1006);
        struct client *client = client_connect(wss_url(path), NULL, NULL);
        client_wait_close(client);
        CHECK(client->http_status == STATUSES[i]);
        client_free(client);
    }
}

struct refusal {
    int32_t status;
    char body[32];
    bool has_type;
};

static void on_refusal(socket_task_handle handle, const socket_task_error *error, void *context) {
    (void)handle;
    struct refusal *refusal = context;
    refusal->status = error->http_status;
    if (error->body_length < sizeof refusal->body) {
        memcpy(refusal->body, error->body, error->body_length);
    }
    for (size_t i = 0; i < error->header_count; i++) {
        const socket_task_text *name = &error->headers[i].name;
        refusal->has_type |= name->length == 12 && memcmp(name->data, "Content-Type", 12) == 0;
    }
}

static void response_of_a_refusal(void) {
    struct refusal refusal = {0};
    struct client *client = client_new(ws_url("/status?code=403&body=not%20you"), NULL, NULL);
    CHECK_OK(socket_task_on_error(client->handle, on_refusal, &refusal));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_close(client);
    client_free(client);
    CHECK(refusal.status == 403);
    CHECK(strcmp(refusal.body, "not you") == 0);
    CHECK(refusal.has_type);
}

static void handshake(void) {
    expect(ws_url("/wrong-accept"), SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_ACCEPT_MISMATCH, 1006);
    expect(ws_url("/bad-protocol"), SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_BAD_PROTOCOL, 1006);
    expect(ws_url("/bad-extension"), SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_BAD_EXTENSION, 1006);
}

static void unknown_authority(void) {
    struct client *client = client_new(wss_url("/"), NULL, NULL);
    /* The test authority is trusted beside Mozilla's. */
    CHECK_OK(socket_task_set_trust_roots(client->handle, SOCKET_TASK_TRUST_ROOTS_BUNDLED));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    client_free(client);
    /* Without it the server is unknown, to the platform and to Mozilla. */
    static const socket_task_trust_roots ROOTS[] = {SOCKET_TASK_TRUST_ROOTS_SYSTEM, SOCKET_TASK_TRUST_ROOTS_BUNDLED};
    for (int i = 0; i < 2; i++) {
        client = client_new_untrusting(wss_url("/"), NULL, NULL);
        CHECK_OK(socket_task_set_trust_roots(client->handle, ROOTS[i]));
        CHECK_OK(socket_task_connect(client->handle));
        client_wait_close(client);
        CHECK(client->phase == SOCKET_TASK_PHASE_TLS);
        CHECK(client->error_code == SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER);
        CHECK(client->close_code == 1015 && !client->was_clean);
        client_free(client);
    }
}

static void timeout(void) {
    struct client *client = client_new(wss_url("/silent"), NULL, NULL);
    CHECK_OK(socket_task_set_timeout(client->handle, 200));
    double start = now();
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_close(client);
    CHECK(now() - start >= 0.2 && now() - start < 5);
    CHECK(client->phase == SOCKET_TASK_PHASE_HANDSHAKE && client->error_code == SOCKET_TASK_ERROR_TIMED_OUT);
    CHECK(client->close_code == 1006);
    client_free(client);
}

static void server_ends(void) {
    expect(ws_url("/fin"), SOCKET_TASK_PHASE_CLOSED, SOCKET_TASK_ERROR_CONNECTION_ENDED, 1006);
    expect(ws_url("/reset"), SOCKET_TASK_PHASE_CLOSED, SOCKET_TASK_ERROR_CONNECTION_RESET, 1006);
    expect(wss_url("/truncate"), SOCKET_TASK_PHASE_CLOSED, SOCKET_TASK_ERROR_CONNECTION_ENDED, 1006);
}

static void server_closes(void) {
    struct client *client = client_connect(ws_url("/close?code=4001&reason=bye"), NULL, NULL);
    client_wait_close(client);
    CHECK(client->errors == 0 && client->close_code == 4001 && client->was_clean);
    CHECK(strcmp(client->reason, "bye") == 0);
    client_free(client);
    client = client_connect(ws_url("/close"), NULL, NULL);
    client_wait_close(client);
    CHECK(client->errors == 0 && client->close_code == 1005 && client->was_clean);
    client_free(client);
}

static void server_closes_wrongly(void) {
    static const struct {
        const char *payload;
        socket_task_error_code code;
        const char *text;
    } FRAMES[] = {
        {"03", SOCKET_TASK_ERROR_PROTOCOL_VIOLATION, "one byte, 3, where a code has two"},
        {"03ee736563726574", SOCKET_TASK_ERROR_PROTOCOL_VIOLATION, "the code 1006, which may not be sent"},
        {"0fa0627965ff", SOCKET_TASK_ERROR_INVALID_UTF8,
         "the code 4000 and a reason that is not valid UTF-8: 3 of its 4 bytes are"},
    };
    for (size_t i = 0; i < sizeof FRAMES / sizeof *FRAMES; i++) {
        char path[64];
        snprintf(path, sizeof path, "/close-payload?hex=%s", FRAMES[i].payload);
        struct client *client = client_connect(ws_url(path), NULL, NULL);
        client_wait_close(client);
        CHECK(client->opens == 1 && client->errors == 1);
        CHECK(client->phase == SOCKET_TASK_PHASE_PROTOCOL && client->error_code == FRAMES[i].code);
        CHECK(strstr(client->error_text, FRAMES[i].text) != NULL);
        CHECK(client->close_code == 1006 && !client->was_clean && *client->reason == 0);
        client_free(client);
    }
}

static void answer_to_close_never_comes(void) {
    struct client *client = client_new(ws_url("/deaf"), NULL, NULL);
    CHECK_OK(socket_task_set_close_timeout(client->handle, 200));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    double start = now();
    CHECK_OK(socket_task_close(client->handle, 1000, NULL, 0));
    client_wait_close(client);
    CHECK(now() - start >= 0.2 && now() - start < 5);
    CHECK(client->errors == 0 && client->close_code == 1006 && !client->was_clean);
    client_free(client);
}

/* An attempt that fails at once: its callbacks may begin before socket_task_connect has returned. */
static void close_at_once(struct client *client, enum event event, const socket_task_message *message) {
    (void)message;
    if (event == EVENT_ERROR) {
        socket_task_ready_state state = SOCKET_TASK_NEW;
        unsigned *wrong = client->user;
        *wrong += socket_task_get_ready_state(client->handle, &state) != SOCKET_TASK_OK || state == SOCKET_TASK_NEW;
        *wrong += socket_task_close(client->handle, 1000, NULL, 0) != SOCKET_TASK_OK;
    }
}

static void calls_inside_the_first_callback(void) {
    unsigned wrong = 0;
    for (int i = 0; i < 2000; i++) {
        struct client *client = client_connect("ws://255.255.255.255:9/", close_at_once, &wrong);
        client_wait_close(client);
        client_free(client);
    }
    CHECK(wrong == 0);
}

int main(void) {
    static const struct test TESTS[] = {
        {"name that is not found", dns},
        {"port that refuses", refused},
        {"address without a route", unreachable},
        {"HTTP statuses", http_statuses},
        {"response of a refusal", response_of_a_refusal},
        {"answers that are wrong", handshake},
        {"authority that is unknown", unknown_authority},
        {"timeout", timeout},
        {"server ends the connection", server_ends},
        {"server closes", server_closes},
        {"server closes wrongly", server_closes_wrongly},
        {"answer to close never comes", answer_to_close_never_comes},
        {"calls inside the first callback", calls_inside_the_first_callback},
    };
    return run_tests("failures", TESTS, sizeof TESTS / sizeof *TESTS);
}
