/* permessage-deflate (RFC 7692): what is offered, what was agreed, and that messages are compressed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static const size_t SIZES[] = {0, 1, 100, 5000, 70000, 1 << 20};

/* What the server is to answer, and what it is to be offered for that. */
struct agreement {
    const char *answer;
    bool client_forgets, server_forgets;
    int32_t client_bits, server_bits;
};

static const struct agreement AGREEMENTS[] = {
    {"", false, false, SOCKET_TASK_DEFAULT, SOCKET_TASK_DEFAULT},
    {"client_no_context_takeover=1", true, false, SOCKET_TASK_DEFAULT, SOCKET_TASK_DEFAULT},
    {"server_no_context_takeover=1", false, true, SOCKET_TASK_DEFAULT, SOCKET_TASK_DEFAULT},
    {"client_max_window_bits=9&server_max_window_bits=9", false, false, 9, 9},
    {"server_no_context_takeover=1&client_no_context_takeover=1&client_max_window_bits=10&server_max_window_bits=12",
     true, true, 10, 12},
};

static struct client *connect_deflating(const char *url, const struct agreement *agreement) {
    struct client *client = client_new(url, NULL, NULL);
    socket_task_deflate_options options;
    CHECK_OK(socket_task_deflate_options_init(&options, sizeof options));
    options.client_no_context_takeover = agreement->client_forgets;
    options.server_no_context_takeover = agreement->server_forgets;
    options.client_max_window_bits = agreement->client_bits;
    options.server_max_window_bits = agreement->server_bits;
    CHECK_OK(socket_task_set_per_message_deflate(client->handle, &options));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    return client;
}

static void close_cleanly(struct client *client) {
    CHECK_OK(socket_task_close(client->handle, 1000, "", 0));
    client_wait_close(client);
    CHECK(client->errors == 0 && client->was_clean);
    client_free(client);
}

static void echo(struct client *client, const char *data, size_t size, unsigned count) {
    CHECK_OK(socket_task_send_text(client->handle, data, size));
    client_wait_messages(client, count);
    CHECK(client->kind == SOCKET_TASK_TEXT);
    CHECK(client->length == size && memcmp(client->data, data, size) == 0);
}

/* Words that come again and again, and numbers that do not. */
static char *text_of(size_t size) {
    char *text = malloc(size + 64);
    CHECK(text != NULL);
    uint64_t state = 88172645463325252U;
    for (size_t at = 0; at <= size;) {
        at += (size_t)snprintf(text + at, 64, "{\"price\": %u, \"name\": \"compressed\"}, ", (unsigned)(next_random(&state) % 1000));
    }
    return text;
}

static void every_size(const char *base, const struct agreement *agreement) {
    char url[256];
    snprintf(url, sizeof url, "%s?%s", base, agreement->answer);
    struct client *client = connect_deflating(url, agreement);
    CHECK(strncmp(client->extensions, "permessage-deflate", strlen("permessage-deflate")) == 0);
    CHECK(agreement->client_forgets == (strstr(client->extensions, "client_no_context_takeover") != NULL));
    unsigned count = 0;
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        char *text = text_of(SIZES[i]);
        echo(client, text, SIZES[i], ++count);
        free(text);
    }
    CHECK_OK(socket_task_send_text(client->handle, "report", 6));
    client_wait_messages(client, ++count);
    unsigned long wire = 0, plain = 0;
    CHECK(sscanf((const char *)client->data, "wire=%lu plain=%lu", &wire, &plain) == 2);
    CHECK(plain > 1 << 20 && wire > 0 && wire < plain / 4);
    close_cleanly(client);
}

static void every_size_with_every_agreement(void) {
    for (size_t i = 0; i < sizeof AGREEMENTS / sizeof *AGREEMENTS; i++) {
        char base[128];
        snprintf(base, sizeof base, "%s", i % 2 == 0 ? ws_url("/deflate") : wss_url("/deflate"));
        every_size(base, &AGREEMENTS[i]);
    }
}

static void a_server_that_does_not_compress(void) {
    struct client *client = connect_deflating(ws_url("/"), &AGREEMENTS[0]);
    CHECK(client->extensions[0] == '\0');
    echo(client, "as it is", 8, 1);
    close_cleanly(client);
}

static void who_does_not_want_it_does_not_get_it(void) {
    struct client *client = client_new(ws_url("/deflate"), NULL, NULL);
    client_expect_error(client, SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_BAD_EXTENSION, "permessage-deflate");
    client_free(client);
}

int main(void) {
    static const struct test TESTS[] = {
        {"every size, with every agreement", every_size_with_every_agreement},
        {"a server that does not compress", a_server_that_does_not_compress},
        {"who does not want it does not get it", who_does_not_want_it_does_not_get_it},
    };
    return run_tests("compression", TESTS, sizeof TESTS / sizeof *TESTS);
}
