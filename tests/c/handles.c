/* Handles that are none, in every function: refused each time, and nothing else happens. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* Calls every function that takes a handle and expects it to be refused. */
static void expect_invalid(socket_task_handle handle) {
    socket_task_ready_state state = SOCKET_TASK_OPEN;
    size_t amount = 77;
    char buffer[8];
#define INVALID(call) CHECK_STATUS(SOCKET_TASK_INVALID_HANDLE, call)
    INVALID(socket_task_connect(handle));
    INVALID(socket_task_send_text(handle, "x", 1));
    INVALID(socket_task_send_binary(handle, (const uint8_t *)"x", 1));
    INVALID(socket_task_ping(handle, (const uint8_t *)"x", 1));
    INVALID(socket_task_close(handle, 1000, NULL, 0));
    INVALID(socket_task_pause(handle));
    INVALID(socket_task_resume(handle));
    INVALID(socket_task_probe(handle, 1000));
    INVALID(socket_task_hide(handle, 1000));
    INVALID(socket_task_show(handle));
    INVALID(socket_task_get_ready_state(handle, &state));
    INVALID(socket_task_get_buffered_amount(handle, &amount));
    socket_task_stats stats;
    INVALID(socket_task_get_stats(handle, &stats, sizeof stats));
    INVALID(socket_task_get_protocol(handle, buffer, sizeof buffer, &amount));
    INVALID(socket_task_release(handle));
    INVALID(socket_task_on_open(handle, NULL, NULL));
    INVALID(socket_task_on_message(handle, NULL, NULL));
    INVALID(socket_task_on_pong(handle, NULL, NULL));
    INVALID(socket_task_on_suspect(handle, NULL, NULL));
    INVALID(socket_task_on_alive(handle, NULL, NULL));
    INVALID(socket_task_on_drain(handle, NULL, NULL));
    INVALID(socket_task_on_error(handle, NULL, NULL));
    INVALID(socket_task_on_close(handle, NULL, NULL));
    INVALID(socket_task_on_release(handle, NULL, NULL));
    INVALID(socket_task_add_header(handle, "a", 1, "b", 1));
    INVALID(socket_task_add_protocol(handle, "a", 1));
    INVALID(socket_task_set_timeout(handle, 1000));
    INVALID(socket_task_set_close_timeout(handle, 1000));
    INVALID(socket_task_set_max_message_size(handle, 1000));
    INVALID(socket_task_set_max_buffered_amount(handle, 1000));
    INVALID(socket_task_set_tcp_no_delay(handle, true));
    INVALID(socket_task_set_ping_interval(handle, 1000));
    INVALID(socket_task_set_pong_timeout(handle, 1000));
    INVALID(socket_task_set_trust_roots(handle, SOCKET_TASK_TRUST_ROOTS_SYSTEM));
    INVALID(socket_task_add_ca_certificates(handle, (const uint8_t *)"x", 1));
    INVALID(socket_task_set_per_message_deflate(handle, NULL));
#undef INVALID
    CHECK(strlen(socket_task_last_error_message()) > 0);
    CHECK(state == SOCKET_TASK_OPEN && amount == 77);
}

static void zero(void) {
    expect_invalid(0);
}

static void random_numbers(void) {
    uint64_t state = 42;
    for (int i = 0; i < 1000; i++) {
        expect_invalid(next_random(&state));
    }
    for (socket_task_handle handle = 1; handle < 1000; handle++) {
        expect_invalid(handle);
    }
    expect_invalid(UINT64_MAX);
}

static void stale_in_every_state(void) {
    /* NEW */
    struct client *client = client_new(ws_url("/"), NULL, NULL);
    socket_task_handle handle = client->handle;
    client_free(client);
    expect_invalid(handle);
    /* CONNECTING */
    client = client_connect(ws_url("/silent"), NULL, NULL);
    handle = client->handle;
    CHECK_OK(socket_task_release(handle));
    expect_invalid(handle);
    client_finish(client);
    expect_invalid(handle);
    /* OPEN */
    client = client_open(ws_url("/"), NULL, NULL);
    handle = client->handle;
    client_free(client);
    expect_invalid(handle);
    /* CLOSED */
    client = client_connect(ws_url("/close"), NULL, NULL);
    client_wait_close(client);
    handle = client->handle;
    client_free(client);
    expect_invalid(handle);
}

static void *release_it(void *handle) {
    CHECK_OK(socket_task_release(*(socket_task_handle *)handle));
    return NULL;
}

/* A thread that sends remembers the connection; it must not, when that was released, whoever did it. */
static void stale_after_sending(void) {
    for (int by_another = 0; by_another < 2; by_another++) {
        struct client *client = client_open(ws_url("/"), NULL, NULL);
        struct client *neighbour = client_open(ws_url("/"), NULL, NULL);
        socket_task_handle handle = client->handle;
        CHECK_OK(socket_task_send_text(neighbour->handle, "x", 1));
        CHECK_OK(socket_task_send_text(handle, "x", 1));
        CHECK_OK(socket_task_send_binary(handle, (const uint8_t *)"x", 1));
        if (by_another) {
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, release_it, &handle) == 0);
            CHECK(pthread_join(thread, NULL) == 0);
        } else {
            release_it(&handle);
        }
        expect_invalid(handle);
        CHECK_OK(socket_task_send_text(neighbour->handle, "x", 1));
        client_wait_messages(neighbour, 2);
        client_finish(client);
        client_free(neighbour);
    }
}

static void numbers_are_not_used_again(void) {
    enum { COUNT = 2000 };
    static socket_task_handle seen[COUNT];
    const char *url = ws_url("/");
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(socket_task_create(url, strlen(url), &seen[i]));
        CHECK(seen[i] != 0);
        CHECK_OK(socket_task_release(seen[i]));
        for (int earlier = 0; earlier < i; earlier++) {
            CHECK(seen[earlier] != seen[i]);
        }
    }
    for (int i = 0; i < COUNT; i += 50) {
        expect_invalid(seen[i]);
    }
}

static void inside_on_release_it_is_invalid(struct client *client, enum event event,
                                            const socket_task_message *message) {
    (void)message;
    if (event == EVENT_RELEASE) {
        bool *invalid = client->user;
        *invalid = socket_task_send_text(client->handle, "x", 1) == SOCKET_TASK_INVALID_HANDLE &&
                   socket_task_release(client->handle) == SOCKET_TASK_INVALID_HANDLE;
    }
}

static void inside_on_release(void) {
    bool invalid = false;
    client_free(client_open(ws_url("/"), inside_on_release_it_is_invalid, &invalid));
    CHECK(invalid);
}

int main(void) {
    static const struct test TESTS[] = {
        {"zero", zero},
        {"random numbers", random_numbers},
        {"stale ones, from every state", stale_in_every_state},
        {"stale ones, after sending", stale_after_sending},
        {"numbers are not used again", numbers_are_not_used_again},
        {"inside on_release", inside_on_release},
    };
    return run_tests("handles", TESTS, sizeof TESTS / sizeof *TESTS);
}
