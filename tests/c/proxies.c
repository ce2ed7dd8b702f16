/* Proxies: from an option, from the environment, from a hook; and what C is told when they do not let it through. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* Hosts under .test are known to the test's proxies and to nobody else. */
static struct client *to(const char *host, const char *proxy) {
    struct client *client = client_new(server_url("ws", host, "ws_port", "/"), NULL, NULL);
    CHECK_OK(socket_task_set_proxy(client->handle, proxy, strlen(proxy)));
    return client;
}

static const char *http_proxy(const char *userinfo_and_host, const char *key) {
    return server_url("http", userinfo_and_host, key, "");
}

static void lets_through(void) {
    static const char *const KEYS[][2] = {
        {"http", "http_proxy_port"}, {"socks5", "socks_proxy_port"}, {"socks5h", "socks_proxy_port"}};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        const char *proxy = server_url(KEYS[i][0], "127.0.0.1", KEYS[i][1], "");
        client_expect_echo(to("echo.test", proxy));
        client_expect_echo(to("127.0.0.1", proxy));

        struct client *client = client_new(server_url("wss", "tls.test", "wss_port", "/"), NULL, NULL);
        CHECK_OK(socket_task_set_proxy(client->handle, proxy, strlen(proxy)));
        CHECK_OK(socket_task_set_server_name(client->handle, "localhost", 9));
        client_expect_echo(client);
    }
    /* The proxy's own TLS is checked against the same authorities. */
    const char *proxy = server_url("https", "localhost", "https_proxy_port", "");
    struct client *client = client_new(server_url("wss", "tls.test", "wss_port", "/"), NULL, NULL);
    CHECK_OK(socket_task_set_proxy(client->handle, proxy, strlen(proxy)));
    CHECK_OK(socket_task_set_server_name(client->handle, "localhost", 9));
    client_expect_echo(client);
    client = to("echo.test", proxy);
    client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER,
                        "cannot reach the proxy https://localhost");
    client_free(client);
    /* Directly again. */
    client = to("localhost", proxy);
    CHECK_OK(socket_task_set_proxy(client->handle, NULL, 0));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK(!client->has_proxy);
    client_free(client);
    client = to("localhost", server_url("http", "127.0.0.1", "http_proxy_port", ""));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_open(client);
    CHECK(client->has_proxy);
    client_free(client);
}

static void credentials(void) {
    client_expect_echo(to("echo.test", http_proxy("user:password@127.0.0.1", "http_password_proxy_port")));
    client_expect_echo(to("echo.test", server_url("socks5", "user:password@127.0.0.1", "socks_password_proxy_port", "")));

    const struct {
        const char *proxy;
        int32_t http_status;
        const char *text;
    } CASES[] = {
        {http_proxy("127.0.0.1", "http_password_proxy_port"), 407, "wants a user name and a password"},
        {http_proxy("user:hush@127.0.0.1", "http_password_proxy_port"), 407, "does not accept the user name and the password"},
        {server_url("socks5", "127.0.0.1", "socks_password_proxy_port", ""), 0, "wants a user name and a password"},
        {server_url("socks5", "user:hush@127.0.0.1", "socks_password_proxy_port", ""), 0, "does not accept the user name and the password"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct client *client = to("echo.test", CASES[i].proxy);
        client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_PROXY_AUTHENTICATION, CASES[i].text);
        CHECK(client->http_status == CASES[i].http_status);
        CHECK(strstr(client->error_text, "hush") == NULL);
        client_free(client);
    }

    /* Or as a header field. */
    static const char NAME[] = "Proxy-Authorization", VALUE[] = "Basic dXNlcjpwYXNzd29yZA==";
    struct client *client = to("echo.test", http_proxy("user:hush@127.0.0.1", "http_password_proxy_port"));
    CHECK_OK(socket_task_add_proxy_header(client->handle, NAME, strlen(NAME), VALUE, strlen(VALUE)));
    CHECK_OK(socket_task_add_proxy_header(client->handle, "User-Agent", 10, NULL, 0));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_proxy_header(client->handle, "Host", 4, "a", 1));
    CHECK(strstr(socket_task_last_error_message(), "the header Host is not the app's to choose in the request to a proxy"));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_proxy_header(client->handle, "a", 1, "\n", 1));
    client_expect_echo(client);
    client = to("echo.test", http_proxy("127.0.0.1", "http_password_proxy_port"));
    CHECK_OK(socket_task_add_proxy_header(client->handle, NAME, strlen(NAME), "Bearer hush", 11));
    client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_PROXY_AUTHENTICATION,
                        "does not accept the Proxy-Authorization that was given for it");
    CHECK(client->http_status == 407 && strstr(client->error_text, "hush") == NULL);
    client_free(client);

    /* They are the proxy's: the server sees none. */
    client = client_new(server_url("ws", "echo.test", "ws_port", "/headers"), NULL, NULL);
    const char *proxy = http_proxy("user:password@127.0.0.1", "http_password_proxy_port");
    CHECK_OK(socket_task_add_proxy_header(client->handle, "X-Tag", 5, "a", 1));
    CHECK_OK(socket_task_set_proxy(client->handle, proxy, strlen(proxy)));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    CHECK(strstr((const char *)client->data, "uthorization") == NULL);
    CHECK(strstr((const char *)client->data, "X-Tag") == NULL);
    client_free(client);
}

static void does_not_let_through(void) {
    static const char *const UNREACHED = "ws://127.0.0.1:1/";
    const struct {
        const char *proxy;
        socket_task_error_code code;
        int32_t http_status;
        const char *text;
    } CASES[] = {
        {http_proxy("127.0.0.1", "http_proxy_port"), SOCKET_TASK_ERROR_PROXY_REFUSED, 502,
         "refused the connection to 127.0.0.1:1 (HTTP status 502"},
        {server_url("socks5", "127.0.0.1", "socks_proxy_port", ""), SOCKET_TASK_ERROR_PROXY_REFUSED, 0,
         "refused the connection to 127.0.0.1:1: the connection was refused"},
        {"http://127.0.0.1:1", SOCKET_TASK_ERROR_CONNECTION_REFUSED, 0, "cannot reach the proxy http://127.0.0.1:1"},
        {"socks5://proxy.invalid", SOCKET_TASK_ERROR_NAME_NOT_RESOLVED, 0,
         "cannot reach the proxy socks5://proxy.invalid:1080"},
        /* The echo server is no proxy. */
        {http_proxy("127.0.0.1", "ws_port"), SOCKET_TASK_ERROR_PROXY_REFUSED, 400, "HTTP status 400"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct client *client = client_new(UNREACHED, NULL, NULL);
        CHECK_OK(socket_task_set_proxy(client->handle, CASES[i].proxy, strlen(CASES[i].proxy)));
        client_expect_error(client, SOCKET_TASK_PHASE_PROXY, CASES[i].code, CASES[i].text);
        CHECK(client->http_status == CASES[i].http_status);
        client_free(client);
    }

    static const char *const INVALID[] = {"ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://127.0.0.1/path"};
    struct client *client = client_new(UNREACHED, NULL, NULL);
    for (size_t i = 0; i < sizeof INVALID / sizeof *INVALID; i++) {
        CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT,
                     socket_task_set_proxy(client->handle, INVALID[i], strlen(INVALID[i])));
        CHECK(strstr(socket_task_last_error_message(), "the proxy's URL is not valid") != NULL);
    }
    client_free(client);
}

static struct client *from_environment(const char *host) {
    struct client *client = client_new(server_url("ws", host, "ws_port", "/"), NULL, NULL);
    CHECK_OK(socket_task_set_proxy_from_environment(client->handle));
    return client;
}

static void environment(void) {
    unsetenv("http_proxy");
    unsetenv("no_proxy");
    unsetenv("all_proxy");
    unsetenv("NO_PROXY");
    setenv("ALL_PROXY", server_url("socks5", "127.0.0.1", "socks_proxy_port", ""), 1);
    client_expect_echo(from_environment("echo.test"));

    /* The narrower variable counts. */
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    struct client *client = from_environment("echo.test");
    client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_CONNECTION_REFUSED,
                        "cannot reach the proxy http://127.0.0.1:1");
    client_free(client);

    setenv("NO_PROXY", "example.com,localhost", 1);
    client_expect_echo(from_environment("localhost"));
    client = from_environment("echo.test");
    client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_CONNECTION_REFUSED, "cannot reach");
    client_free(client);

    setenv("http_proxy", "gopher://127.0.0.1", 1);
    client = from_environment("echo.test");
    client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_OTHER, "the proxy's URL is not valid");
    client_free(client);

    /* Who has not asked for it is not led by it. */
    client_expect_echo(client_new(ws_url("/"), NULL, NULL));
    unsetenv("ALL_PROXY");
    unsetenv("http_proxy");
    unsetenv("NO_PROXY");
}

/* What a proxy hook answers, and what it was asked. */
struct hook {
    const char *answer;
    unsigned delay_ms;
    char url[256];
    atomic_uint asked;
    atomic_uint destroyed;
};

static void ask(const char *url, size_t length, socket_task_answer *answer, void *context) {
    struct hook *hook = context;
    snprintf(hook->url, sizeof hook->url, "%.*s", (int)length, url);
    atomic_fetch_add(&hook->asked, 1);
    sleep_ms(hook->delay_ms);
    if (hook->answer != NULL) {
        socket_task_answer_set(answer, "overwritten", 11);
        socket_task_answer_set(answer, hook->answer, strlen(hook->answer));
    }
}

static void destroy(void *context) {
    struct hook *hook = context;
    atomic_fetch_add(&hook->destroyed, 1);
}

static struct client *hooked(const char *host, struct hook *hook) {
    struct client *client = client_new(server_url("ws", host, "ws_port", "/?q"), NULL, NULL);
    CHECK_OK(socket_task_set_proxy_hook(client->handle, ask, destroy, hook));
    return client;
}

static void expect_destroyed(struct hook *hook) {
    /* It may come after on_release. */
    for (int i = 0; i < 1000 && atomic_load(&hook->destroyed) == 0; i++) {
        sleep_ms(5);
    }
    CHECK(atomic_load(&hook->destroyed) == 1);
}

static void hook_names_the_proxy(void) {
    struct hook hook = {.answer = http_proxy("user:password@127.0.0.1", "http_password_proxy_port")};
    client_expect_echo(hooked("user:secret@echo.test", &hook));
    CHECK(atomic_load(&hook.asked) == 1);
    CHECK(strcmp(hook.url, server_url("ws", "echo.test", "ws_port", "/?q")) == 0);
    expect_destroyed(&hook);

    /* None, and nothing that is a proxy: the connection is made directly. */
    static const char *const ANSWERS[] = {NULL, "", "gopher://nowhere"};
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++) {
        struct hook direct = {.answer = ANSWERS[i]};
        client_expect_echo(hooked("localhost", &direct));
        CHECK(atomic_load(&direct.asked) == 1);
        expect_destroyed(&direct);
    }

    struct hook dead = {.answer = "http://127.0.0.1:1"};
    struct client *client = hooked("localhost", &dead);
    client_expect_error(client, SOCKET_TASK_PHASE_PROXY, SOCKET_TASK_ERROR_CONNECTION_REFUSED, "cannot reach the proxy");
    client_free(client);
    expect_destroyed(&dead);
}

static void hook_takes_its_time(void) {
    struct hook slow = {.delay_ms = 800};
    struct client *client = hooked("localhost", &slow);
    CHECK_OK(socket_task_set_timeout(client->handle, 200));
    CHECK_OK(socket_task_connect(client->handle));
    /* Nobody else waits for it. */
    double start = now();
    client_expect_echo(client_new(ws_url("/"), NULL, NULL));
    CHECK(now() - start < 0.6);
    client_wait_close(client);
    CHECK(client->phase == SOCKET_TASK_PHASE_PROXY && client->error_code == SOCKET_TASK_ERROR_TIMED_OUT);
    CHECK(strstr(client->error_text, "timed out after 200 ms while looking for a proxy") != NULL);
    client_free(client);
    expect_destroyed(&slow);
}

/* However it ends, the hook's context is given back once: when it was replaced, never used, refused, aborted. */
static void hook_is_destroyed_once(void) {
    struct hook first = {0};
    struct hook second = {0};
    struct client *client = hooked("localhost", &first);
    CHECK_OK(socket_task_set_proxy_hook(client->handle, ask, destroy, &second));
    CHECK(atomic_load(&first.destroyed) == 1);
    client_free(client);
    expect_destroyed(&second);
    CHECK(atomic_load(&second.asked) == 0);

    struct hook unset = {0};
    client = hooked("localhost", &unset);
    CHECK_OK(socket_task_set_proxy_hook(client->handle, NULL, NULL, NULL));
    CHECK(atomic_load(&unset.destroyed) == 1);
    client_free(client);

    struct hook without = {0};
    client = client_new(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_set_proxy_hook(client->handle, NULL, destroy, &without));
    CHECK(atomic_load(&without.destroyed) == 1);
    struct hook late = {0};
    CHECK_OK(socket_task_connect(client->handle));
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_set_proxy_hook(client->handle, ask, destroy, &late));
    CHECK(atomic_load(&late.destroyed) == 1);
    client_free(client);
    CHECK_STATUS(SOCKET_TASK_INVALID_HANDLE, socket_task_set_proxy_hook(0, ask, destroy, &late));
    CHECK(atomic_load(&late.destroyed) == 2);

    struct hook aborted = {.delay_ms = 300};
    client = hooked("localhost", &aborted);
    CHECK_OK(socket_task_connect(client->handle));
    sleep_ms(50);
    client_free(client);
    expect_destroyed(&aborted);
    sleep_ms(400);
    CHECK(atomic_load(&aborted.destroyed) == 1);
}

int main(void) {
    static const struct test TESTS[] = {
        {"lets through", lets_through},
        {"credentials", credentials},
        {"does not let through", does_not_let_through},
        {"environment", environment},
        {"hook names the proxy", hook_names_the_proxy},
        {"hook takes its time", hook_takes_its_time},
        {"hook is destroyed once", hook_is_destroyed_once},
    };
    return run_tests("proxies", TESTS, sizeof TESTS / sizeof *TESTS);
}
