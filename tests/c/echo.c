/* Messages of every size, many connections at once, and many threads that send. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static const size_t SIZES[] = {0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 16 << 20};

static void echo_sizes(const char *url) {
    struct client *client = client_open(url, NULL, NULL);
    unsigned messages = 0;
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        size_t size = SIZES[i];
        uint8_t *data = malloc(size + 1);
        CHECK(data != NULL);
        for (size_t at = 0; at < size; at++) {
            data[at] = (uint8_t)(at * 31 + at / 251);
        }
        CHECK_OK(socket_task_send_binary(client->handle, data, size));
        client_wait_messages(client, ++messages);
        CHECK(client->kind == SOCKET_TASK_BINARY);
        CHECK(client->length == size && memcmp(client->data, data, size) == 0);

        /* Text of characters of three bytes, filled up with letters. */
        for (size_t at = 0; at < size; at++) {
            data[at] = at / 3 * 3 + 3 <= size ? (uint8_t)"\xE6\x96\x87"[at % 3] : 'x';
        }
        CHECK_OK(socket_task_send_text(client->handle, (const char *)data, size));
        client_wait_messages(client, ++messages);
        CHECK(client->kind == SOCKET_TASK_TEXT);
        CHECK(client->length == size && memcmp(client->data, data, size) == 0);
        free(data);
    }
    CHECK_OK(socket_task_close(client->handle, 1000, "done", 4));
    client_wait_close(client);
    CHECK(client->errors == 0);
    CHECK(client->close_code == 1000 && client->was_clean && strcmp(client->reason, "done") == 0);
    client_free(client);
}

static void every_size_over_tcp(void) {
    echo_sizes(ws_url("/"));
}

static void every_size_over_tls(void) {
    echo_sizes(wss_url("/"));
}

static void sixty_four_sockets_at_once(void) {
    enum { SOCKETS = 64, MESSAGES = 20 };
    struct client *clients[SOCKETS];
    char text[64];
    for (int i = 0; i < SOCKETS; i++) {
        clients[i] = client_connect(i % 2 == 0 ? ws_url("/") : wss_url("/"), NULL, NULL);
    }
    for (int i = 0; i < SOCKETS; i++) {
        client_wait_open(clients[i]);
    }
    for (int message = 0; message < MESSAGES; message++) {
        for (int i = 0; i < SOCKETS; i++) {
            int length = snprintf(text, sizeof text, "message %d of socket %d", message, i);
            CHECK_OK(socket_task_send_text(clients[i]->handle, text, (size_t)length));
        }
    }
    for (int i = 0; i < SOCKETS; i++) {
        client_wait_messages(clients[i], MESSAGES);
        snprintf(text, sizeof text, "message %d of socket %d", MESSAGES - 1, i);
        CHECK(strcmp((char *)clients[i]->data, text) == 0);
        client_free(clients[i]);
    }
}

enum { THREADS = 8, PER_THREAD = 500 };

struct sender {
    pthread_t thread;
    socket_task_handle handle;
    int number;
    int refused;
};

static void *send_many(void *argument) {
    struct sender *sender = argument;
    char text[64];
    for (int i = 0; i < PER_THREAD; i++) {
        int length = snprintf(text, sizeof text, "%d %d", sender->number, i);
        sender->refused += socket_task_send_text(sender->handle, text, (size_t)length) != SOCKET_TASK_OK;
    }
    return NULL;
}

/* What each thread's next message must be; the hook runs on one thread. */
static int expected[THREADS];
static int out_of_order;

static void check_order(struct client *client, enum event event, const socket_task_message *message) {
    (void)client;
    if (event == EVENT_MESSAGE) {
        char text[64] = "";
        int thread = 0;
        int number = 0;
        memcpy(text, message->data, message->length < sizeof text ? message->length : sizeof text - 1);
        if (sscanf(text, "%d %d", &thread, &number) != 2 || thread < 0 || thread >= THREADS ||
            expected[thread] != number) {
            out_of_order++;
            return;
        }
        expected[thread]++;
    }
}

static void eight_threads_send(void) {
    struct sender senders[THREADS];
    struct client *client = client_open(ws_url("/"), check_order, NULL);
    memset(expected, 0, sizeof expected);
    out_of_order = 0;
    for (int i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){.handle = client->handle, .number = i};
        CHECK(pthread_create(&senders[i].thread, NULL, send_many, &senders[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(senders[i].thread, NULL);
        CHECK(senders[i].refused == 0);
    }
    client_wait_messages(client, THREADS * PER_THREAD);
    client_free(client);
    CHECK(out_of_order == 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(expected[i] == PER_THREAD);
    }
}

static void echo_back(struct client *client, enum event event, const socket_task_message *message) {
    if (event == EVENT_MESSAGE) {
        int number = atoi((const char *)client->data);
        char text[16];
        int length = snprintf(text, sizeof text, "%d", number + 1);
        if (number < 1000) {
            socket_task_send_text(client->handle, text, (size_t)length);
        } else {
            socket_task_close(client->handle, 4000, "far enough", 10);
        }
        (void)message;
    }
}

static void send_inside_the_callback(void) {
    struct client *client = client_open(ws_url("/"), echo_back, NULL);
    CHECK_OK(socket_task_send_text(client->handle, "0", 1));
    client_wait_close(client);
    CHECK(client->messages == 1001);
    CHECK(client->close_code == 4000 && client->was_clean);
    client_free(client);
}

int main(void) {
    static const struct test TESTS[] = {
        {"every size over TCP", every_size_over_tcp},
        {"every size over TLS", every_size_over_tls},
        {"64 sockets at once", sixty_four_sockets_at_once},
        {"8 threads send", eight_threads_send},
        {"send inside the callback", send_inside_the_callback},
    };
    return run_tests("echo", TESTS, sizeof TESTS / sizeof *TESTS);
}
