/* The cookie hook: what it is asked and told, by whom, and when its context is given back. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

/* A jar that answers with one value and notes what comes, a line for each call. */
struct jar {
    const char *answer;
    pthread_mutex_t lock;
    char calls[2048];
    atomic_uint destroyed;
};

static struct jar new_jar(const char *answer) {
    struct jar jar = {.answer = answer, .lock = PTHREAD_MUTEX_INITIALIZER};
    return jar;
}

static void note(struct jar *jar, const char *what, const char *url, size_t length, const char *value, size_t value_length) {
    pthread_mutex_lock(&jar->lock);
    size_t used = strlen(jar->calls);
    snprintf(jar->calls + used, sizeof jar->calls - used, "%s %.*s %.*s\n", what, (int)length, url, (int)value_length,
             value);
    pthread_mutex_unlock(&jar->lock);
}

static void ask(const char *url, size_t length, socket_task_answer *answer, void *context) {
    struct jar *jar = context;
    note(jar, "ask", url, length, "", 0);
    if (jar->answer != NULL) {
        socket_task_answer_set(answer, jar->answer, strlen(jar->answer));
    }
}

static void set_cookie(const char *url, size_t url_length, const char *value, size_t value_length, void *context) {
    note(context, "set", url, url_length, value, value_length);
}

static void destroy(void *context) {
    struct jar *jar = context;
    atomic_fetch_add(&jar->destroyed, 1);
}

static void expect_destroyed(struct jar *jar) {
    /* It may come after on_release. */
    for (int i = 0; i < 1000 && atomic_load(&jar->destroyed) == 0; i++) {
        sleep_ms(5);
    }
    CHECK(atomic_load(&jar->destroyed) == 1);
}

static struct client *with_jar(const char *url, struct jar *jar) {
    struct client *client = client_new(url, NULL, NULL);
    CHECK_OK(socket_task_set_cookie_hook(client->handle, ask, set_cookie, destroy, jar));
    return client;
}

static bool arrived(const struct client *client, const char *text) {
    return strstr((const char *)client->data, text) != NULL;
}

static void asks_and_tells(void) {
    struct jar jar = new_jar("a=1; b=2");
    struct client *client = with_jar(server_url("ws", "user:secret@localhost", "ws_port", "/headers"), &jar);
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    CHECK(arrived(client, "\r\nCookie: a=1; b=2"));
    char expected[512];
    const char *url = server_url("ws", "localhost", "ws_port", "/headers");
    snprintf(expected, sizeof expected, "ask %s \nset %s first=1\nset %s second=2\n", url, url, url);
    CHECK(strcmp(jar.calls, expected) == 0);
    client_free(client);
    expect_destroyed(&jar);
}

static void own_header_comes_first(void) {
    struct jar jar = new_jar("a=1");
    struct client *client = with_jar(ws_url("/headers"), &jar);
    CHECK_OK(socket_task_add_header(client->handle, "cookie", 6, "own=1", 5));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    CHECK(arrived(client, "\r\ncookie: own=1") && !arrived(client, "a=1"));
    /* What the server sets is told all the same. */
    CHECK(strstr(jar.calls, "ask") == NULL && strstr(jar.calls, " first=1\n") != NULL);
    client_free(client);
    expect_destroyed(&jar);
}

static void no_cookies(void) {
    static const char *const ANSWERS[] = {NULL, ""};
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++) {
        struct jar jar = new_jar(ANSWERS[i]);
        struct client *client = with_jar(ws_url("/headers"), &jar);
        CHECK_OK(socket_task_connect(client->handle));
        client_wait_messages(client, 1);
        CHECK(!arrived(client, "Cookie"));
        client_free(client);
        expect_destroyed(&jar);
    }
}

static void each_url_of_a_redirect(void) {
    struct jar jar = new_jar("a=1");
    char path[256];
    const char *there = server_url("ws", "127.0.0.1", "ws_port", "/headers");
    snprintf(path, sizeof path, "/redirect?to=%s", there);
    const char *here = server_url("ws", "localhost", "ws_port", path);
    struct client *client = with_jar(here, &jar);
    CHECK_OK(socket_task_set_follow_redirects(client->handle, 1));
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    char expected[1024];
    snprintf(expected, sizeof expected, "ask %s \nask %s \nset %s first=1\nset %s second=2\n", here, there, there, there);
    CHECK(strcmp(jar.calls, expected) == 0);
    client_free(client);
    expect_destroyed(&jar);
}

static void answer_that_is_no_header_value(void) {
    struct jar jar = new_jar("a=1\r\nX-Injected: yes");
    struct client *client = with_jar(ws_url("/headers"), &jar);
    client_expect_error(client, SOCKET_TASK_PHASE_HANDSHAKE, SOCKET_TASK_ERROR_OTHER, "Cookie");
    client_free(client);
    expect_destroyed(&jar);
}

/* However it ends, the context is given back once. */
static void is_destroyed_once(void) {
    struct jar first = new_jar(NULL);
    struct jar second = new_jar(NULL);
    struct client *client = with_jar(ws_url("/"), &first);
    CHECK_OK(socket_task_set_cookie_hook(client->handle, ask, set_cookie, destroy, &second));
    CHECK(atomic_load(&first.destroyed) == 1);
    client_free(client);
    expect_destroyed(&second);
    CHECK(second.calls[0] == '\0');

    struct jar refused = new_jar(NULL);
    client = client_connect(ws_url("/"), NULL, NULL);
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE,
                 socket_task_set_cookie_hook(client->handle, ask, set_cookie, destroy, &refused));
    CHECK(atomic_load(&refused.destroyed) == 1);
    client_free(client);

    /* A connection that fails, and one that is given up on its way. */
    struct jar failed = new_jar(NULL);
    client = with_jar(refused_url(), &failed);
    client_expect_error(client, SOCKET_TASK_PHASE_TCP, SOCKET_TASK_ERROR_CONNECTION_REFUSED, "127.0.0.1");
    client_free(client);
    expect_destroyed(&failed);
    struct jar aborted = new_jar(NULL);
    client = with_jar(ws_url("/silent"), &aborted);
    CHECK_OK(socket_task_connect(client->handle));
    client_free(client);
    expect_destroyed(&aborted);

    /* Nothing to call: only the context is kept. */
    struct jar empty = new_jar(NULL);
    client = client_new(ws_url("/"), NULL, NULL);
    CHECK_OK(socket_task_set_cookie_hook(client->handle, NULL, NULL, destroy, &empty));
    client_expect_echo(client);
    expect_destroyed(&empty);
}

static struct client *with_system_jar(const char *path) {
    struct client *client = client_new(ws_url(path), NULL, NULL);
    CHECK_OK(socket_task_set_cookies_from_system(client->handle));
    return client;
}

/* The one jar of the process is for who asks for it. */
static void the_platforms_jar(void) {
    struct jar jar = new_jar("session=1");
    CHECK_OK(socket_task_set_system_cookie_hook(ask, set_cookie, &jar));
    struct client *client = with_system_jar("/headers");
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_messages(client, 1);
    CHECK(arrived(client, "\r\nCookie: session=1"));
    char expected[512];
    const char *url = ws_url("/headers");
    snprintf(expected, sizeof expected, "ask %s \nset %s first=1\nset %s second=2\n", url, url, url);
    CHECK(strcmp(jar.calls, expected) == 0);
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_set_cookies_from_system(client->handle));
    client_free(client);
    CHECK_STATUS(SOCKET_TASK_INVALID_HANDLE, socket_task_set_cookies_from_system(0));

    /* A header, and a jar of the connection's own that is set later, come first; who did not ask has no cookies. */
    struct jar own = new_jar("own=1");
    struct client *others[] = {with_system_jar("/headers"), with_system_jar("/headers"),
                               client_new(ws_url("/headers"), NULL, NULL)};
    CHECK_OK(socket_task_add_header(others[0]->handle, "Cookie", 6, "header=1", 8));
    CHECK_OK(socket_task_set_cookie_hook(others[1]->handle, ask, NULL, destroy, &own));
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(socket_task_connect(others[i]->handle));
        client_wait_messages(others[i], 1);
        CHECK(!arrived(others[i], "session=1"));
    }
    CHECK(arrived(others[0], "\r\nCookie: header=1") && arrived(others[1], "\r\nCookie: own=1"));
    CHECK(!arrived(others[2], "\r\nCookie:"));
    for (size_t i = 0; i < 3; i++) {
        client_free(others[i]);
    }
    expect_destroyed(&own);

    /* Each half alone, and none: the connection is made as without cookies. */
    jar.calls[0] = '\0';
    CHECK_OK(socket_task_set_system_cookie_hook(NULL, set_cookie, &jar));
    client_expect_echo(with_system_jar("/"));
    url = ws_url("/");
    snprintf(expected, sizeof expected, "set %s first=1\nset %s second=2\n", url, url);
    CHECK(strcmp(jar.calls, expected) == 0);
    CHECK_OK(socket_task_set_system_cookie_hook(NULL, NULL, NULL));
    client_expect_echo(with_system_jar("/"));
    CHECK(strcmp(jar.calls, expected) == 0);
}

int main(void) {
    static const struct test TESTS[] = {
        {"asks and tells", asks_and_tells},
        {"own header comes first", own_header_comes_first},
        {"no cookies", no_cookies},
        {"each URL of a redirect", each_url_of_a_redirect},
        {"answer that is no header value", answer_that_is_no_header_value},
        {"is destroyed once", is_destroyed_once},
        {"the platform's jar", the_platforms_jar},
    };
    return run_tests("cookies", TESTS, sizeof TESTS / sizeof *TESTS);
}
