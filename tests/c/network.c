/* The way to the server: addresses, socket options, redirects, and the header fields that arrive. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

/* A client for `name`, which is looked up nowhere but here. */
static struct client *resolving(const char *name, const char *port_key, const char *const *addresses) {
    struct client *client = client_new(server_url("ws", name, port_key, "/"), NULL, NULL);
    for (; *addresses != NULL; addresses++) {
        CHECK_OK(socket_task_add_address(client->handle, name, strlen(name), *addresses, strlen(*addresses)));
    }
    return client;
}

static void addresses(void) {
    struct client *client = resolving("echo.test", "ws_port", (const char *[]){"127.0.0.1", NULL});
    client_expect_echo(client);

    client = resolving("echo.test", "ws_port", (const char *[]){NULL});
    client_expect_error(client, SOCKET_TASK_PHASE_DNS, SOCKET_TASK_ERROR_NAME_NOT_RESOLVED, "echo.test");
    client_free(client);

    /* Nobody listens at the first one. */
    client = resolving("ECHO.test", "ws_port", (const char *[]){"127.0.0.2", "127.0.0.1", NULL});
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    char expected[64];
    snprintf(expected, sizeof expected, "127.0.0.1:%s", server_value("ws_port"));
    CHECK(strcmp(client->remote_address, expected) == 0);
    client_free(client);

    client = resolving("echo.test", "ws_port", (const char *[]){"127.0.0.2", "127.0.0.3", NULL});
    client_expect_error(client, SOCKET_TASK_PHASE_TCP, SOCKET_TASK_ERROR_CONNECTION_REFUSED, "127.0.0.3");
    client_free(client);

    client = client_new(ws_url("/"), NULL, NULL);
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_address(client->handle, "a", 1, "localhost", 9));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_address(client->handle, "", 0, "::1", 3));
    client_free(client);
}

/* An address at which the SYN of a connection gets no answer: a queue that nobody takes from, and that is full. */
struct silent_address {
    int listener;
    int queued[8];
};

static struct silent_address listen_silently(const char *address, const char *port) {
    struct silent_address silent;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    CHECK(inet_pton(AF_INET, address, &at.sin_addr) == 1);
    silent.listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(silent.listener >= 0);
    CHECK(bind(silent.listener, (struct sockaddr *)&at, sizeof at) == 0);
    CHECK(listen(silent.listener, 0) == 0);
    for (size_t i = 0; i < sizeof silent.queued / sizeof *silent.queued; i++) {
        silent.queued[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        CHECK(silent.queued[i] >= 0);
        connect(silent.queued[i], (struct sockaddr *)&at, sizeof at);
    }
    sleep_ms(100);
    return silent;
}

static void stop_listening(struct silent_address *silent) {
    for (size_t i = 0; i < sizeof silent->queued / sizeof *silent->queued; i++) {
        close(silent->queued[i]);
    }
    close(silent->listener);
}

static void first_address_is_silent(void) {
    struct silent_address silent = listen_silently("127.0.0.2", server_value("ws_port"));
    struct client *client = resolving("echo.test", "ws_port", (const char *[]){"127.0.0.2", "127.0.0.1", NULL});
    double start = now();
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    double took = now() - start;
    printf("    open after %.0f ms\n", took * 1000);
    CHECK(took >= 0.2 && took < 0.4);
    client_free(client);

    client = resolving("echo.test", "ws_port", (const char *[]){"127.0.0.2", NULL});
    CHECK_OK(socket_task_set_timeout(client->handle, 700));
    start = now();
    client_expect_error(client, SOCKET_TASK_PHASE_TCP, SOCKET_TASK_ERROR_TIMED_OUT, "timed out after 700 ms");
    CHECK(now() - start >= 0.65 && now() - start < 2);
    client_free(client);
    stop_listening(&silent);
}

/* A number that the operating system has for the connection to this port of this machine. */
static int socket_option(const char *port, int level, int option) {
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        if (getpeername(descriptor, (struct sockaddr *)&peer, &length) == 0 && peer.sin_family == AF_INET &&
            ntohs(peer.sin_port) == atoi(port)) {
            int value = -1;
            length = sizeof value;
            CHECK(getsockopt(descriptor, level, option, &value, &length) == 0);
            return value;
        }
    }
    CHECK(!"there is a connection to this port");
    return -1;
}

static void socket_options(void) {
    /* A port of its own: that of no other test here. */
    const char *port = server_value("wss_tls12_port");
    const char *url = server_url("wss", "localhost", "wss_tls12_port", "/");
    struct client *client = client_open(url, NULL, NULL);
    CHECK(socket_option(port, IPPROTO_TCP, TCP_NODELAY) != 0);
    CHECK(socket_option(port, SOL_SOCKET, SO_KEEPALIVE) == 0);
    CHECK_OK(socket_task_close(client->handle, 1000, NULL, 0));
    client_wait_close(client);
    client_free(client);

    client = client_new(url, NULL, NULL);
    CHECK_OK(socket_task_set_tcp_no_delay(client->handle, false));
    CHECK_OK(socket_task_set_tcp_keepalive(client->handle, 76001));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK(socket_option(port, IPPROTO_TCP, TCP_NODELAY) == 0);
    CHECK(socket_option(port, SOL_SOCKET, SO_KEEPALIVE) != 0);
    CHECK(socket_option(port, IPPROTO_TCP, TCP_KEEPIDLE) == 77);
    client_free(client);

    client = client_new(url, NULL, NULL);
    CHECK_OK(socket_task_set_tcp_keepalive(client->handle, 32767000));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_tcp_keepalive(client->handle, 32767001));
    client_free(client);
}

static void add_header(struct client *client, const char *name, const char *value) {
    CHECK_OK(socket_task_add_header(client->handle, name, strlen(name), value, strlen(value)));
}

/* Whether the head that the server has sent back, with \r\n before each field, has this in it. */
static bool arrived(const struct client *client, const char *text) {
    return strstr((const char *)client->data, text) != NULL;
}

static void header_fields(void) {
    struct client *client = client_new(server_url("ws", "us%65r:pass@127.0.0.1", "ws_port", "/headers?a=%20b"), NULL, NULL);
    add_header(client, "x-Mixed", "1");
    add_header(client, "X-Other", "\xE4\xB8\xAD");
    add_header(client, "x-Mixed", "2");
    add_header(client, "User-Agent", "");
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    CHECK(strncmp((const char *)client->data, "GET /headers?a=%20b HTTP/1.1\r\n", 30) == 0);
    CHECK(arrived(client, "\r\nx-Mixed: 1\r\nX-Other: \xE4\xB8\xAD\r\nx-Mixed: 2"));
    char host[64];
    snprintf(host, sizeof host, "\r\nHost: 127.0.0.1:%s\r\n", server_value("ws_port"));
    CHECK(arrived(client, host));
    CHECK(arrived(client, "\r\nAuthorization: Basic dXNlcjpwYXNz"));
    CHECK(!arrived(client, "User-Agent") && !arrived(client, "Origin"));
    client_free(client);
}

/* A URL of the server that leads to `target`, percent-encoded where it must be. */
static const char *redirect_to(const char *scheme, const char *host, const char *key, const char *target) {
    static char path[512];
    snprintf(path, sizeof path, "/redirect?status=307&to=%s", target);
    return server_url(scheme, host, key, path);
}

static struct client *with_credentials(const char *url, uint8_t redirects) {
    struct client *client = client_new(url, NULL, NULL);
    add_header(client, "Authorization", "Bearer secret");
    add_header(client, "Cookie", "secret=1");
    add_header(client, "Proxy-Authorization", "Basic secret");
    add_header(client, "X-Kept", "yes");
    CHECK_OK(socket_task_set_follow_redirects(client->handle, redirects));
    return client;
}

static void redirects(void) {
    /* The same origin: all goes along. */
    struct client *client = with_credentials(redirect_to("ws", "localhost", "ws_port", "/headers"), 1);
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    CHECK(arrived(client, "Authorization: Bearer secret") && arrived(client, "Cookie: secret=1"));
    client_free(client);

    /* Another host, another port, another scheme: no credential goes along. */
    const char *others[] = {
        server_url("ws", "127.0.0.1", "ws_port", "/headers"),
        server_url("wss", "localhost", "wss_port", "/headers"),
        server_url("https", "localhost", "wss_tls12_port", "/headers"),
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        /* The certificates to trust are known for wss: URLs only. */
        client = with_credentials(redirect_to("wss", "localhost", "wss_port", others[i]), 1);
        if (i == 0) {
            client_expect_error(client, SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_BAD_REDIRECT,
                                "leads from wss to ws");
            CHECK(client->http_status == 307);
            client_free(client);
            client = with_credentials(redirect_to("ws", "localhost", "ws_port", others[i]), 1);
        }
        CHECK_OK(socket_task_connect(client->handle));
        client_wait_messages(client, 1);
        CHECK(arrived(client, "X-Kept: yes"));
        CHECK(arrived(client, "secret") == (i == 1)); /* That one is the same origin. */
        client_free(client);
    }
}

static void redirects_that_are_not_followed(void) {
    struct client *client = client_new(redirect_to("ws", "localhost", "ws_port", "/headers"), NULL, NULL);
    client_expect_error(client, SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_HTTP_STATUS, "HTTP status 307");
    CHECK(client->http_status == 307);
    client_free(client);

    char endless[512];
    snprintf(endless, sizeof endless, "%s", redirect_to("ws", "localhost", "ws_port", "/redirect?to=/redirect"));
    client = client_new(endless, NULL, NULL);
    CHECK_OK(socket_task_set_follow_redirects(client->handle, 1));
    client_expect_error(client, SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_BAD_REDIRECT,
                        "redirected more than 1 times");
    client_free(client);

    client = client_new(redirect_to("ws", "localhost", "ws_port", "ftp://localhost/"), NULL, NULL);
    CHECK_OK(socket_task_set_follow_redirects(client->handle, 5));
    client_expect_error(client, SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_BAD_REDIRECT, "cannot follow the redirect");
    client_free(client);
}

int main(void) {
    static const struct test TESTS[] = {
        {"addresses", addresses},
        {"first address is silent", first_address_is_silent},
        {"socket options", socket_options},
        {"header fields", header_fields},
        {"redirects", redirects},
        {"redirects that are not followed", redirects_that_are_not_followed},
    };
    return run_tests("network", TESTS, sizeof TESTS / sizeof *TESTS);
}
