/* socket_task_release in each state and inside each callback, and messages that outlive their connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static void released_before_connect(void) {
    client_free(client_new(ws_url("/"), NULL, NULL));
}

static void released_while_connecting(void) {
    const char *urls[] = {"ws://name.invalid/", refused_url(), ws_url("/silent")};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct client *client = client_connect(urls[i], NULL, NULL);
        sleep_ms(i * 20);
        client_free(client);
    }
    client_free(client_connect(wss_url("/"), NULL, NULL));
}

static void released_while_closing(void) {
    struct client *client = client_new(ws_url("/deaf"), NULL, NULL);
    CHECK_OK(socket_task_set_close_timeout(client->handle, 100));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK_OK(socket_task_close(client->handle, 1000, NULL, 0));
    client_free(client);
}

struct plan {
    enum event event;
    bool refused;
};

static void release_at(struct client *client, enum event event, const socket_task_message *message) {
    struct plan *plan = client->user;
    (void)message;
    if (event == EVENT_OPEN) {
        socket_task_send_text(client->handle, "echo", 4);
        socket_task_ping(client->handle, NULL, 0);
    }
    if (event == plan->event) {
        plan->refused = socket_task_release(client->handle) != SOCKET_TASK_OK;
    }
}

static void release_inside(const char *url, enum event event) {
    struct plan plan = {.event = event};
    struct client *client = client_connect(url, release_at, &plan);
    client_finish(client);
    CHECK(!plan.refused);
}

static void released_inside_each_callback(void) {
    release_inside(ws_url("/"), EVENT_OPEN);
    release_inside(ws_url("/"), EVENT_MESSAGE);
    release_inside(ws_url("/"), EVENT_PONG);
    release_inside(ws_url("/"), EVENT_DRAIN);
    release_inside(ws_url("/reset"), EVENT_ERROR);
    release_inside(ws_url("/close"), EVENT_CLOSE);
    release_inside(refused_url(), EVENT_ERROR);
    release_inside(refused_url(), EVENT_CLOSE);
    release_inside(wss_url("/"), EVENT_MESSAGE);
}

enum { RACERS = 8 };

static void *release_now(void *argument) {
    socket_task_handle handle = *(const socket_task_handle *)argument;
    socket_task_send_text(handle, "racing", 6);
    return socket_task_release(handle) == SOCKET_TASK_OK ? argument : NULL;
}

static void one_of_many_threads_releases(void) {
    for (int round = 0; round < 100; round++) {
        pthread_t threads[RACERS];
        struct client *client = client_open(ws_url("/burst?n=100"), NULL, NULL);
        socket_task_handle handle = client->handle;
        int winners = 0;
        for (int i = 0; i < RACERS; i++) {
            CHECK(pthread_create(&threads[i], NULL, release_now, &handle) == 0);
        }
        for (int i = 0; i < RACERS; i++) {
            void *result = NULL;
            pthread_join(threads[i], &result);
            winners += result != NULL;
        }
        CHECK(winners == 1);
        client_finish(client);
    }
}

/* Messages that were kept, on their way to other threads. */
enum { KEPT = 64 };

struct shelf {
    pthread_mutex_t lock;
    const socket_task_message *messages[KEPT];
    unsigned count;
};

static void keep(struct client *client, enum event event, const socket_task_message *message) {
    struct shelf *shelf = client->user;
    if (event == EVENT_MESSAGE) {
        const socket_task_message *kept = socket_task_message_retain(message);
        /* A message that a callback was given is let go by the library alone. */
        socket_task_message_release(message);
        pthread_mutex_lock(&shelf->lock);
        if (shelf->count < KEPT) {
            shelf->messages[shelf->count++] = kept;
            kept = NULL;
        }
        pthread_mutex_unlock(&shelf->lock);
        socket_task_message_release(kept);
    }
}

static bool is_filled(const socket_task_message *message) {
    for (size_t i = 0; i < message->length; i++) {
        if (message->data[i] != (uint8_t)message->length) {
            return false;
        }
    }
    return message->kind == SOCKET_TASK_BINARY;
}

static void *read_and_let_go(void *argument) {
    struct shelf *shelf = argument;
    bool good = true;
    for (unsigned i = 0; i < shelf->count; i++) {
        const socket_task_message *message = socket_task_message_retain(shelf->messages[i]);
        good = good && message == shelf->messages[i] && is_filled(message);
        socket_task_message_release(message);
    }
    return good ? argument : NULL;
}

static void messages_outlive_the_connection(void) {
    struct shelf shelf = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct client *client = client_open(ws_url("/"), keep, &shelf);
    static uint8_t data[70000];
    for (unsigned i = 0; i < KEPT; i++) {
        size_t length = i < 32 ? 4 + i * 10 : 1000 + i * 1000;
        memset(data, (uint8_t)length, length);
        CHECK_OK(socket_task_send_binary(client->handle, data, length));
    }
    client_wait_messages(client, KEPT);
    client_free(client);
    CHECK(shelf.count == KEPT);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, read_and_let_go, &shelf) == 0);
    }
    bool good = true;
    for (int i = 0; i < 4; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        good = good && result != NULL;
    }
    for (unsigned i = 0; i < KEPT; i++) {
        good = good && is_filled(shelf.messages[i]);
        socket_task_message_release(shelf.messages[i]);
    }
    CHECK(good);
}

int main(void) {
    static const struct test TESTS[] = {
        {"before connect", released_before_connect},
        {"while connecting", released_while_connecting},
        {"while closing", released_while_closing},
        {"inside each callback", released_inside_each_callback},
        {"by one of many threads", one_of_many_threads_releases},
        {"messages outlive the connection", messages_outlive_the_connection},
    };
    return run_tests("release", TESTS, sizeof TESTS / sizeof *TESTS);
}
