/* Connections that are opened in advance. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "harness.h"

/* How many TCP connections to this server the process has. */
static unsigned connections(const char *port_key) {
    unsigned count = 0;
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        count += getpeername(descriptor, (struct sockaddr *)&peer, &length) == 0 && peer.sin_family == AF_INET &&
                 ntohs(peer.sin_port) == atoi(server_value(port_key));
    }
    return count;
}

/* Waits until there are so many, and no others come or go. */
static void expect_connections(const char *port_key, unsigned count) {
    int steady = 0;
    for (int i = 0; i < 1000 && steady < 20; i++) {
        steady = connections(port_key) == count ? steady + 1 : 0;
        sleep_ms(5);
    }
    CHECK(steady == 20);
}

/* Opens a connection in advance and waits until the server has answered. */
static void prewarm(struct client *client, const char *port_key, uint32_t lifetime_ms) {
    CHECK_OK(socket_task_prewarm(client->handle, lifetime_ms));
    expect_connections(port_key, 1);
    sleep_ms(200);
}

/* Connects, and expects what the server has sent to the one connection that there is. */
static void expect_adopted(struct client *client, const char *port_key) {
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 3);
    CHECK(strcmp((const char *)client->data, "2") == 0);
    CHECK(connections(port_key) == 1);
    CHECK_OK(socket_task_send_text(client->handle, "and an echo", 11));
    client_wait_messages(client, 4);
    CHECK_OK(socket_task_close(client->handle, 1000, NULL, 0));
    client_wait_close(client);
    CHECK(client->errors == 0 && client->close_code == 1000 && client->was_clean);
    expect_connections(port_key, 0);
    client_free(client);
}

static void add_header(struct client *client, const char *value) {
    CHECK_OK(socket_task_add_header(client->handle, "X-Test", 6, value, strlen(value)));
}

static void by_the_same_handle(void) {
    struct client *client = client_new(ws_url("/burst?n=3"), NULL, NULL);
    add_header(client, "same");
    prewarm(client, "ws_port", 0);
    expect_adopted(client, "ws_port");
}

static void by_another_handle(void) {
    struct client *first = client_new(wss_url("/burst?n=3"), NULL, NULL);
    add_header(first, "same");
    prewarm(first, "wss_port", 10000);
    client_free(first);
    CHECK(connections("wss_port") == 1);
    struct client *second = client_new(wss_url("/burst?n=3"), NULL, NULL);
    add_header(second, "same");
    expect_adopted(second, "wss_port");
}

static void not_with_another_option(void) {
    struct client *first = client_new(ws_url("/burst?n=3"), NULL, NULL);
    add_header(first, "one");
    prewarm(first, "ws_port", 10000);
    struct client *second = client_new(ws_url("/burst?n=3"), NULL, NULL);
    add_header(second, "another");
    CHECK_OK(socket_task_connect(second->handle));
    client_wait_open(second);
    CHECK(connections("ws_port") == 2);
    client_free(second);
    expect_connections("ws_port", 1);
    expect_adopted(first, "ws_port");
}

static void not_when_the_server_has_closed(void) {
    struct client *client = client_new(ws_url("/close?code=4001&reason=idle"), NULL, NULL);
    CHECK_OK(socket_task_prewarm(client->handle, 0));
    sleep_ms(200);
    expect_connections("ws_port", 0);
    /* What this hears of is the end of its own connection. */
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_close(client);
    CHECK(client->opens == 1 && client->errors == 0 && client->close_code == 4001);
    client_free(client);
    expect_connections("ws_port", 0);
}

static void closed_when_its_time_is_over(void) {
    struct client *client = client_new(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_prewarm(client->handle, 700));
    expect_connections("ws_port", 1);
    expect_connections("ws_port", 0);
    client_expect_echo(client);
    expect_connections("ws_port", 0);
}

static void the_oldest_gives_way(void) {
    enum { WAITING = 16 };
    struct client *clients[WAITING + 1];
    char number[16];
    for (int i = 0; i <= WAITING; i++) {
        snprintf(number, sizeof number, "%d", i);
        clients[i] = client_new(ws_url("/burst?n=3"), NULL, NULL);
        add_header(clients[i], number);
        CHECK_OK(socket_task_prewarm(clients[i]->handle, 0));
        /* Twice is the same as once. */
        CHECK_OK(socket_task_prewarm(clients[i]->handle, 0));
        expect_connections("ws_port", i < WAITING ? (unsigned)i + 1 : WAITING);
    }
    CHECK_OK(socket_task_connect(clients[1]->handle));
    client_wait_messages(clients[1], 3);
    CHECK(connections("ws_port") == WAITING);
    CHECK_OK(socket_task_connect(clients[0]->handle));
    client_wait_messages(clients[0], 3);
    CHECK(connections("ws_port") == WAITING + 1);
    for (int i = 0; i <= WAITING; i++) {
        if (i > 1) {
            CHECK_OK(socket_task_connect(clients[i]->handle));
        }
        client_free(clients[i]);
    }
    expect_connections("ws_port", 0);
}

static void refusals(void) {
    CHECK_STATUS(SOCKET_TASK_INVALID_HANDLE, socket_task_prewarm(0, 0));
    struct client *client = client_open(ws_url("/"), NULL, NULL);
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_prewarm(client->handle, 0));
    client_free(client);
    client = client_new_untrusting(wss_url("/"), NULL, NULL);
    CHECK_OK(socket_task_set_trust_roots(client->handle, SOCKET_TASK_TRUST_ROOTS_NONE));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_prewarm(client->handle, 0));
    client_free(client);
    expect_connections("ws_port", 0);
}

static void ask(const char *url, size_t length, socket_task_answer *answer, void *context) {
    (void)url;
    (void)length;
    (void)answer;
    (void)context;
}

static void destroy(void *context) {
    atomic_fetch_add((atomic_uint *)context, 1);
}

static void hooks(void) {
    /* The same function with the same context: every handle's hook is the same. */
    atomic_uint destroyed = 0;
    for (int i = 0; i < 2; i++) {
        struct client *first = client_new(ws_url("/burst?n=3"), NULL, NULL);
        CHECK_OK(socket_task_set_proxy_hook(first->handle, ask, destroy, &destroyed));
        CHECK_OK(socket_task_set_cookie_hook(first->handle, ask, NULL, destroy, &destroyed));
        prewarm(first, "ws_port", 10000);
        client_free(first);
        struct client *second = client_new(ws_url("/burst?n=3"), NULL, NULL);
        CHECK_OK(socket_task_set_proxy_hook(second->handle, ask, destroy, &destroyed));
        CHECK_OK(socket_task_set_cookie_hook(second->handle, ask, NULL, destroy, &destroyed));
        expect_adopted(second, "ws_port");
    }
    for (int i = 0; i < 1000 && atomic_load(&destroyed) < 8; i++) {
        sleep_ms(5);
    }
    CHECK(atomic_load(&destroyed) == 8);

    /* Another context: another hook. */
    atomic_uint others[2] = {0, 0};
    struct client *clients[2];
    for (int i = 0; i < 2; i++) {
        clients[i] = client_new(ws_url("/"), NULL, NULL);
        CHECK_OK(socket_task_set_cookie_hook(clients[i]->handle, ask, NULL, destroy, &others[i]));
    }
    prewarm(clients[0], "ws_port", 1000);
    CHECK_OK(socket_task_connect(clients[1]->handle));
    client_wait_open(clients[1]);
    CHECK(connections("ws_port") == 2);
    client_free(clients[0]);
    client_free(clients[1]);
    expect_connections("ws_port", 0);
    for (int i = 0; i < 1000 && atomic_load(&others[0]) + atomic_load(&others[1]) < 2; i++) {
        sleep_ms(5);
    }
    CHECK(atomic_load(&others[0]) == 1 && atomic_load(&others[1]) == 1);
}

int main(void) {
    static const struct test TESTS[] = {
        {"adopted by the same handle", by_the_same_handle},
        {"adopted by another handle", by_another_handle},
        {"not adopted with another option", not_with_another_option},
        {"not adopted when the server has closed", not_when_the_server_has_closed},
        {"closed when its time is over", closed_when_its_time_is_over},
        {"oldest gives way", the_oldest_gives_way},
        {"refusals", refusals},
        {"hooks", hooks},
    };
    return run_tests("prewarm", TESTS, sizeof TESTS / sizeof *TESTS);
}
