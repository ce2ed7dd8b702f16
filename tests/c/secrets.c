/* No text tells a secret: not the last error message, not that of on_error, and not the log, all of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* Marks stand wherever an application may have a secret. */
#define MARK "s3cr3t"

/* All that was told, one text after the other. */
static struct {
    pthread_mutex_t lock;
    char text[1 << 20];
    size_t length;
    unsigned count;
} told = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void note(const char *text, size_t length) {
    pthread_mutex_lock(&told.lock);
    if (told.length + length + 2 <= sizeof told.text) {
        memcpy(told.text + told.length, text, length);
        told.text[told.length + length] = '\n';
        told.length += length + 1;
    }
    told.count++;
    pthread_mutex_unlock(&told.lock);
}

static void log_line(socket_task_log_level level, const char *text, size_t length, void *context) {
    (void)level;
    (void)context;
    note(text, length);
}

static void note_last_error(void) {
    note(socket_task_last_error_message(), strlen(socket_task_last_error_message()));
}

/* Fails when one of the texts holds this; tells it. */
static void check_not_told(const char *secret) {
    char *found = strstr(told.text, secret);
    if (found) printf("told: %.200s\n", found - (found - told.text > 60 ? 60 : found - told.text));
    CHECK(found == NULL);
}

static void begin(void) {
    told.length = 0;
    told.count = 0;
    memset(told.text, 0, sizeof told.text);
    CHECK_OK(socket_task_set_logger(SOCKET_TASK_LOG_DEBUG, log_line, NULL));
}

static void end(void) {
    CHECK_OK(socket_task_set_logger(SOCKET_TASK_LOG_OFF, NULL, NULL));
    CHECK(told.count > 0 && told.length + 2 < sizeof told.text);
    check_not_told(MARK);
    /* In Base64, as Basic authentication sends user and password. */
    check_not_told("czNjcjN0");
    printf("%u texts, 0 hits\n", told.count);
}

/* Connects, and notes how it went. */
static void connect_and_free(struct client *client) {
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_close(client);
    note(client->error_text, strlen(client->error_text));
    client_free(client);
}

static void add_header(struct client *client, const char *name, const char *value) {
    if (socket_task_add_header(client->handle, name, strlen(name), value, strlen(value)) != SOCKET_TASK_OK)
        note_last_error();
}

static void add_protocol(struct client *client, const char *protocol) {
    CHECK_OK(socket_task_add_protocol(client->handle, protocol, strlen(protocol)));
}

/* Whatever becomes of the connection. */
static void of_connections(void) {
    static const char *const PATHS[] = {"/close", "/status?code=401&body=no", "/redirect?status=302&to=/status",
                                        "/redirect?status=307&to=ftp%3A%2F%2Fu%3A" MARK "%40h%2F" MARK "%3F" MARK,
                                        "/redirect?status=302&to=ws%3A%2F%2Fu%3A" MARK "%40127.0.0.1%3A1%2F" MARK,
                                        "/redirect?status=302&to=ws%3A%2F%2Fu%3A" MARK "%2Fx%40h%3A1%2F" MARK,
                                        "/wrong-accept", "/bad-protocol", "/bad-extension", "/reset", "/truncate",
                                        "/close-payload?hex=03ee733363723374", "/close-payload?hex=03e8733363723374ff"};
    begin();
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s%c" MARK "=" MARK, PATHS[i], strchr(PATHS[i], '?') ? '&' : '?');
        for (unsigned secure = 0; secure < 2; secure++) {
            const char *host = secure ? "user:" MARK "@localhost" : "user:" MARK "@127.0.0.1";
            const char *url = server_url(secure ? "wss" : "ws", host, secure ? "wss_port" : "ws_port", path);
            struct client *client = client_new(url, NULL, NULL);
            add_header(client, "Authorization", "Bearer " MARK);
            add_header(client, "Cookie", MARK "=" MARK);
            add_protocol(client, "bearer." MARK);
            CHECK_OK(socket_task_set_follow_redirects(client->handle, 3));
            connect_and_free(client);
        }
    }
    end();
}

static void of_proxies(void) {
    static const char *const PROXIES[][3] = {{"http", "user:" MARK "@127.0.0.1", "http_password_proxy_port"},
                                             {"socks5", "user:" MARK "@127.0.0.1", "socks_password_proxy_port"},
                                             {"https", "user:" MARK "@127.0.0.1", "https_proxy_port"},
                                             {"http", "user:" MARK "@127.0.0.1", "wss_port"},
                                             {"http", "user:" MARK "/x@127.0.0.1", "ws_port"},
                                             {"http", "user:" MARK "%0a@127.0.0.1", "ws_port"},
                                             {"gopher", "user:" MARK "@127.0.0.1", "ws_port"}};
    begin();
    for (size_t i = 0; i < sizeof PROXIES / sizeof *PROXIES; i++) {
        struct client *client = client_new(server_url("ws", "nobody.invalid", "ws_port", "/" MARK "?" MARK), NULL, NULL);
        const char *proxy = server_url(PROXIES[i][0], PROXIES[i][1], PROXIES[i][2], "");
        if (socket_task_set_proxy(client->handle, proxy, strlen(proxy)) != SOCKET_TASK_OK) note_last_error();
        CHECK_OK(socket_task_add_proxy_header(client->handle, "X-Token", 7, MARK, strlen(MARK)));
        connect_and_free(client);
    }
    end();
}

static void of_what_is_refused(void) {
    static const char *const URLS[] = {"ws://alice:" MARK "/x@host", "ws://alice:" MARK "?@host", MARK ":x",
                                       "a.test/?" MARK ":x",         "ws://a/?" MARK "#",         "ws://a/#" MARK,
                                       "ws://u:" MARK "%0a@a/",      "ws://u:" MARK "\\@a/",      "ws://u%3a:" MARK "@a/"};
    begin();
    for (size_t i = 0; i < sizeof URLS / sizeof *URLS; i++) {
        socket_task_handle handle;
        CHECK_STATUS(SOCKET_TASK_INVALID_URL, socket_task_create(URLS[i], strlen(URLS[i]), &handle));
        note_last_error();
    }
    struct client *client = client_new(refused_url(), NULL, NULL);
    add_header(client, "Authorization", "Bearer " MARK "\n");
    add_header(client, "Authorization: Bearer " MARK, "");
    static const char *const PROTOCOLS[] = {"bearer " MARK, MARK, MARK};
    for (size_t i = 0; i < sizeof PROTOCOLS / sizeof *PROTOCOLS; i++)
        if (socket_task_add_protocol(client->handle, PROTOCOLS[i], strlen(PROTOCOLS[i])) != SOCKET_TASK_OK)
            note_last_error();
    client_free(client);
    end();
}

/* `key` with each `from` as `to`. */
static size_t replaced(const char *key, size_t length, char from, const char *to, uint8_t *other) {
    size_t written = 0;
    for (size_t i = 0; i < length; i++) {
        if (key[i] != from) {
            other[written++] = (uint8_t)key[i];
            continue;
        }
        memcpy(other + written, to, strlen(to));
        written += strlen(to);
    }
    return written;
}

static void of_keys(void) {
    char key[8192];
    uint8_t certificate[8192], other[16384];
    size_t certificate_length = read_file(server_value("client"), certificate, sizeof certificate);
    size_t length = read_file(server_value("client_key"), (uint8_t *)key, sizeof key);
    /* The first line of the key itself, and its first bytes as a list of numbers, as debug texts have them. */
    char *line = strchr(key, '\n') + 1;
    char start[17], numbers[32];
    snprintf(start, sizeof start, "%.16s", line);
    snprintf(numbers, sizeof numbers, "%d, %d, %d, %d", line[0], line[1], line[2], line[3]);
    static const struct {
        char from;
        const char *to;
    } FAULTS[] = {{'\n', "n"}, {'\n', "\n*"}, {'-', ""}, {'-', "--"}, {'-', " "}};

    begin();
    struct client *client = client_new(refused_url(), NULL, NULL);
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        size_t other_length = replaced(key, length, FAULTS[i].from, FAULTS[i].to, other);
        CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT,
                     socket_task_set_client_certificate(client->handle, certificate, certificate_length, other,
                                                        other_length));
        note_last_error();
        CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT,
                     socket_task_set_client_certificate(client->handle, other, other_length, (uint8_t *)key, length));
        note_last_error();
        CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_ca_certificates(client->handle, other, other_length));
        note_last_error();
    }
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_add_pin(client->handle, key, length));
    note_last_error();
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_server_name(client->handle, key, length));
    note_last_error();
    client_free(client);
    end();
    check_not_told(start);
    check_not_told(numbers);
}

int main(void) {
    static const struct test TESTS[] = {
        {"of connections", of_connections},
        {"of proxies", of_proxies},
        {"of what is refused", of_what_is_refused},
        {"of keys", of_keys},
    };
    return run_tests("secrets", TESTS, sizeof TESTS / sizeof *TESTS);
}
