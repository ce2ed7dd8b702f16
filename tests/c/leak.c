/* Many connections, one after the other, leave nothing behind: no thread, no file descriptor, no memory.
 *
 * SOCKET_TASK_CYCLES in the environment is the number of connections, 10 000 by default. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static unsigned cycles = 10000;

struct usage {
    unsigned threads;
    unsigned file_descriptors;
    size_t kib;
};

static struct usage measure(void) {
    return (struct usage){count_threads(), count_file_descriptors(), resident_kib()};
}

/* Runs a cycle so many times, and compares the end with the state after the first tenth. */
static void repeat(void (*cycle)(void), unsigned count) {
    struct usage early = {0};
    struct usage late = {0};
    for (unsigned i = 0; i < count; i++) {
        if (i == count / 10) {
            early = measure();
        }
        cycle();
    }
    /* A connection is closed a moment after its last event, and a resolver's thread ends after 10 s without work. */
    for (int i = 0; i < 2000; i++) {
        late = measure();
        if (late.threads <= early.threads && late.file_descriptors <= early.file_descriptors) {
            break;
        }
        sleep_ms(10);
    }
    printf("    after %u: %u threads, %u file descriptors, %zu KiB; after %u: %u, %u, %zu KiB\n", count / 10,
           early.threads, early.file_descriptors, early.kib, count, late.threads, late.file_descriptors, late.kib);
    CHECK(late.threads <= early.threads);
    CHECK(late.file_descriptors <= early.file_descriptors);
    /* With few connections, and under valgrind, this is the memory of the allocator. */
    CHECK(cycles < 10000 || late.kib <= early.kib + early.kib / 10);
}

static void echo_cycle(const char *url) {
    struct client *client = client_open(url, NULL, NULL);
    CHECK_OK(socket_task_send_text(client->handle, "there and back", 14));
    client_wait_messages(client, 1);
    CHECK_OK(socket_task_close(client->handle, 1000, NULL, 0));
    client_wait_close(client);
    CHECK(client->was_clean && client->close_code == 1000);
    client_free(client);
}

static void tcp_cycle(void) {
    echo_cycle(ws_url("/"));
}

static void tls_cycle(void) {
    echo_cycle(wss_url("/"));
}

static void refused_cycle(void) {
    struct client *client = client_connect(refused_url(), NULL, NULL);
    client_wait_close(client);
    CHECK(client->error_code == SOCKET_TASK_ERROR_CONNECTION_REFUSED);
    client_free(client);
}

static void abandoned_cycle(void) {
    client_free(client_connect(wss_url("/"), NULL, NULL));
}

static void echoes_over_tcp(void) {
    repeat(tcp_cycle, cycles);
}

static void echoes_over_tls(void) {
    repeat(tls_cycle, cycles / 10);
}

static void refused_connections(void) {
    repeat(refused_cycle, cycles / 5);
}

static void abandoned_connections(void) {
    repeat(abandoned_cycle, cycles / 10);
}

/* Takes the library's buffers to their working size, page by page. */
static void warm_up(void) {
    static uint8_t data[1 << 20];
    struct client *client = client_open(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_send_binary(client->handle, data, sizeof data));
    client_wait_messages(client, 1);
    client_free(client);
}

int main(void) {
    static const struct test TESTS[] = {
        {"warm up", warm_up},
        {"echoes over TCP", echoes_over_tcp},
        {"echoes over TLS", echoes_over_tls},
        {"refused connections", refused_connections},
        {"connections released on their way", abandoned_connections},
    };
    const char *given = getenv("SOCKET_TASK_CYCLES");
    if (given != NULL && atoi(given) >= 10) {
        cycles = (unsigned)atoi(given);
    }
    return run_tests("leak", TESTS, sizeof TESTS / sizeof *TESTS);
}
