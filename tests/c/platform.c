/* What the platform tells for the whole process: its proxy, and that all connections are to be probed. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

/* What the system's proxy hook answers, and how often it was asked. */
struct hook {
    const char *answer;
    atomic_uint asked;
};

static void ask(const char *url, size_t length, socket_task_answer *answer, void *context) {
    struct hook *hook = context;
    (void)url;
    (void)length;
    atomic_fetch_add(&hook->asked, 1);
    if (hook->answer != NULL) {
        socket_task_answer_set(answer, hook->answer, strlen(hook->answer));
    }
}

/* Only the test's proxies know the host. */
static struct client *from_system(const char *host) {
    struct client *client = client_new(server_url("ws", host, "ws_port", "/"), NULL, NULL);
    CHECK_OK(socket_task_set_proxy_from_system(client->handle));
    return client;
}

static void system_proxy(void) {
    struct hook proxy = {.answer = server_url("http", "127.0.0.1", "http_proxy_port", "")};
    CHECK_OK(socket_task_set_system_proxy_hook(ask, &proxy));
    client_expect_echo(from_system("echo.test"));
    CHECK(atomic_load(&proxy.asked) == 1);

    /* Who did not ask for it goes directly. */
    client_expect_echo(client_new(ws_url("/"), NULL, NULL));
    CHECK(atomic_load(&proxy.asked) == 1);

    /* It can change while connections are made. */
    struct hook direct = {.answer = NULL};
    CHECK_OK(socket_task_set_system_proxy_hook(ask, &direct));
    client_expect_echo(from_system("localhost"));
    CHECK(atomic_load(&direct.asked) == 1 && atomic_load(&proxy.asked) == 1);

    /* Gone: as the environment says. */
    CHECK_OK(socket_task_set_system_proxy_hook(NULL, NULL));
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    struct client *client = from_system("echo.test");
    client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_CONNECTION_REFUSED,
                        "cannot reach the proxy http://127.0.0.1:1");
    client_free(client);
    unsetenv("http_proxy");
    CHECK(atomic_load(&direct.asked) == 1);

    CHECK_STATUS(SOCKET_TASK_INVALID_HANDLE, socket_task_set_proxy_from_system(0));
    client = client_connect(ws_url("/"), NULL, NULL);
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_set_proxy_from_system(client->handle));
    client_free(client);
}

static void probe_all(void) {
    enum { CLIENTS = 8 };
    struct client *alive[CLIENTS];
    struct client *dead[CLIENTS];
    CHECK_OK(socket_task_probe_all(1));
    for (size_t i = 0; i < CLIENTS; i++) {
        alive[i] = client_open(i % 2 == 0 ? ws_url("/") : wss_url("/"), NULL, NULL);
        dead[i] = client_open(i % 2 == 0 ? ws_url("/deaf") : wss_url("/deaf"), NULL, NULL);
    }
    struct client *unconnected = client_new(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_probe_all(2000));
    for (size_t i = 0; i < CLIENTS; i++) {
        client_wait_close(dead[i]);
        CHECK(dead[i]->phase == SOCKET_TASK_PHASE_TIMEOUT);
        CHECK(dead[i]->error_code == SOCKET_TASK_ERROR_PONG_TIMEOUT);
        CHECK(dead[i]->close_code == 1006 && !dead[i]->was_clean);
        client_free(dead[i]);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        CHECK_OK(socket_task_send_text(alive[i]->handle, "alive", 5));
        client_wait_messages(alive[i], 1);
        client_free(alive[i]);
    }
    client_expect_echo(unconnected);
    CHECK_OK(socket_task_probe_all(0));
}

static void suspicion(void) {
    struct client *client = client_open(ws_url("/late?ms=600"), NULL, NULL);
    CHECK_OK(socket_task_probe(client->handle, 700));
    client_wait_messages(client, 1);
    CHECK(client->suspicions == 1 && client->revivals == 1);
    CHECK(client->silent_ms >= 350 && client->silent_ms < 700);
    CHECK_OK(socket_task_probe(client->handle, 200));
    client_wait_close(client);
    CHECK(client->error_code == SOCKET_TASK_ERROR_PONG_TIMEOUT);
    CHECK(client->suspicions == 2 && client->revivals == 1);
    client_free(client);
}

static void convert(const char *name, size_t length, socket_task_answer *answer, void *context) {
    (void)context;
    static const struct {
        const char *name, *ascii;
    } KNOWN[] = {
        {"b\xC3\xBC" "cher.example", "xn--bcher-kva.example"},
        /* Digits of full width, an ideographic full stop, and what would be another part of the URL. */
        {"\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97\xE3\x80\x82" "1", "127.1"},
        {"slash.\xE4\xB8\xAD", "slash/.example"},
        {"still.\xE4\xB8\xAD", "still.\xE4\xB8\xAD"},
    };
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        if (length == strlen(KNOWN[i].name) && memcmp(name, KNOWN[i].name, length) == 0) {
            socket_task_answer_set(answer, KNOWN[i].ascii, strlen(KNOWN[i].ascii));
        }
    }
}

static void names_outside_ascii(void) {
    static const char PLAIN[] = "ws://b\xC3\xBC" "cher.example";
    socket_task_handle handle;
    CHECK_STATUS(SOCKET_TASK_INVALID_URL, socket_task_create(PLAIN, sizeof PLAIN - 1, &handle));
    CHECK(strstr(socket_task_last_error_message(), "Punycode") != NULL);

    CHECK_OK(socket_task_set_domain_to_ascii_hook(convert, NULL));
    static const char *const REFUSED[] = {"ws://slash.\xE4\xB8\xAD/", "ws://still.\xE4\xB8\xAD/", "ws://unknown.\xE4\xB8\xAD/",
        "ws://a%2F.\xE4\xB8\xAD/"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        CHECK_STATUS(SOCKET_TASK_INVALID_URL, socket_task_create(REFUSED[i], strlen(REFUSED[i]), &handle));
        CHECK(strstr(socket_task_last_error_message(), "\xE4") == NULL);
    }
    /* An address in letters that are no ASCII, and a name whose server sees its form in ASCII. */
    char url[128];
    const char *port = strrchr(ws_url("/headers"), ':');
    snprintf(url, sizeof url, "ws://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97\xE3\x80\x82" "1%s", port);
    client_free(client_open(url, NULL, NULL));
    snprintf(url, sizeof url, "ws://b%%C3%%BC" "cher.example%s", port);
    struct client *client = client_new(url, NULL, NULL);
    CHECK_OK(socket_task_add_address(client->handle, "xn--bcher-kva.example", 21, "127.0.0.1", 9));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    CHECK(strstr((const char *)client->data, "\r\nHost: xn--bcher-kva.example:") != NULL);
    client_free(client);
    CHECK_OK(socket_task_set_domain_to_ascii_hook(NULL, NULL));
    CHECK_STATUS(SOCKET_TASK_INVALID_URL, socket_task_create(PLAIN, sizeof PLAIN - 1, &handle));
}

struct background {
    atomic_int needs;
    atomic_int begun;
};

static void need_background_time(bool begins, void *context) {
    struct background *background = context;
    atomic_fetch_add(&background->needs, begins ? 1 : -1);
    atomic_fetch_add(&background->begun, begins ? 1 : 0);
}

static void expect_needs(struct background *background, int needs) {
    for (int i = 0; i < 2000 && atomic_load(&background->needs) != needs; i++) sleep_ms(5);
    CHECK(atomic_load(&background->needs) == needs);
}

static void background_time(void) {
    // For as long as the process lives.
    static struct background background;
    CHECK_OK(socket_task_set_background_time_hook(need_background_time, &background));
    struct client *stays = client_open(ws_url("/"), NULL, NULL);
    struct client *goes = client_open(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_hide(stays->handle, 60000));
    CHECK_OK(socket_task_hide(stays->handle, 60000));
    CHECK_OK(socket_task_hide(goes->handle, 50));
    CHECK(atomic_load(&background.begun) == 3);
    client_wait_close(goes);
    CHECK(goes->close_code == 1001);
    expect_needs(&background, 1);
    // One that is over needs nothing any more.
    CHECK_OK(socket_task_hide(goes->handle, 50));
    expect_needs(&background, 1);
    CHECK_OK(socket_task_show(stays->handle));
    expect_needs(&background, 0);
    // Nor does one that is let go of.
    CHECK_OK(socket_task_hide(stays->handle, 60000));
    expect_needs(&background, 1);
    client_free(goes);
    client_free(stays);
    expect_needs(&background, 0);
    CHECK_OK(socket_task_set_background_time_hook(NULL, NULL));
}

static void hidden_app(void) {
    struct client *client = client_open(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_hide(client->handle, 400));
    CHECK_OK(socket_task_show(client->handle));
    CHECK_OK(socket_task_hide(client->handle, 60000));
    CHECK_OK(socket_task_show(client->handle));
    sleep(1);
    CHECK_OK(socket_task_send_text(client->handle, "alive", 5));
    client_wait_messages(client, 1);
    client_free(client);

    client = client_open(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_hide(client->handle, 100));
    client_wait_close(client);
    CHECK(client->close_code == 1001 && client->was_clean && client->errors == 0);
    client_free(client);

    client = client_new(ws_url("/silent"), NULL, NULL);
    CHECK_OK(socket_task_connect(client->handle));
    CHECK_OK(socket_task_hide(client->handle, 100));
    client_wait_close(client);
    CHECK(client->close_code == 1006 && client->opens == 0 && client->errors == 0);
    client_free(client);
}

int main(void) {
    static const struct test TESTS[] = {
        {"system proxy", system_proxy},
        {"probe all", probe_all},
        {"suspicion", suspicion},
        {"names outside ASCII", names_outside_ascii},
        {"hidden app", hidden_app},
        {"time in the background", background_time},
    };
    return run_tests("platform", TESTS, sizeof TESTS / sizeof *TESTS);
}
