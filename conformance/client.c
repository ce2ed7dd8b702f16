/*
 * The client that the Autobahn Testsuite's fuzzing server tests: it runs every case of the server and sends every
 * message back from within on_message.
 *
 *     client URL AGENT [CERTIFICATE]
 *
 * URL is the server's, without a path; AGENT is the name in the report; CERTIFICATE is a PEM file with what to trust
 * on `wss:`. A line on standard output tells how each connection ended. The exit code is 0 when all cases were run,
 * whatever the server thinks of them: its report tells that.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "socket_task.h"

/* The largest message of the suite has 16 MiB. */
enum { MAX_SIZE = 32 << 20 };

/* The suite gives up a case after 480 seconds at most. */
enum { PATIENCE_SECONDS = 500 };

/* One connection. Everything below `lock` is guarded by it. */
struct connection {
    bool echo;

    pthread_mutex_t lock;
    pthread_cond_t released;
    bool is_released;
    unsigned closes;
    uint16_t close_code;
    bool was_clean;
    /* What the server said last, when it is not to be sent back. */
    char text[512];
    char error[256];
};

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("client: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void require(socket_task_status status, const char *what) {
    if (status != SOCKET_TASK_OK) {
        fail("%s: status %d, %s", what, (int)status, socket_task_last_error_message());
    }
}

/* ---- Callbacks, on the library's thread ---- */

static void received(socket_task_handle handle, const socket_task_message *message, void *context) {
    struct connection *connection = context;
    if (!connection->echo) {
        pthread_mutex_lock(&connection->lock);
        snprintf(connection->text, sizeof connection->text, "%.*s", (int)message->length, (const char *)message->data);
        pthread_mutex_unlock(&connection->lock);
        return;
    }
    socket_task_status status =
        message->kind == SOCKET_TASK_TEXT
            ? socket_task_send_text(handle, (const char *)message->data, message->length)
            : socket_task_send_binary(handle, message->data, message->length);
    require(status, "an echo");
}

static void failed(socket_task_handle handle, const socket_task_error *error, void *context) {
    (void)handle;
    struct connection *connection = context;
    pthread_mutex_lock(&connection->lock);
    snprintf(connection->error, sizeof connection->error, "%.*s", (int)error->message.length,
             (const char *)error->message.data);
    pthread_mutex_unlock(&connection->lock);
}

static void closed(socket_task_handle handle, const socket_task_close_event *close, void *context) {
    struct connection *connection = context;
    pthread_mutex_lock(&connection->lock);
    connection->closes++;
    connection->close_code = close->code;
    connection->was_clean = close->was_clean;
    pthread_mutex_unlock(&connection->lock);
    require(socket_task_release(handle), "a release");
}

static void released(socket_task_handle handle, void *context) {
    (void)handle;
    struct connection *connection = context;
    pthread_mutex_lock(&connection->lock);
    connection->is_released = true;
    pthread_cond_signal(&connection->released);
    pthread_mutex_unlock(&connection->lock);
}

/* ---- One connection ---- */

/* The certificates that are trusted beside the platform's. */
static uint8_t certificates[16384];
static size_t certificates_length;

/* Connects and waits until it is over. The connection is to be given to `finish`. */
static struct connection *run(const char *url, bool echo, const socket_task_deflate_options *deflate) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL || pthread_mutex_init(&connection->lock, NULL) != 0 ||
        pthread_cond_init(&connection->released, NULL) != 0) {
        fail("out of memory");
    }
    connection->echo = echo;
    socket_task_handle handle;
    require(socket_task_create(url, strlen(url), &handle), url);
    require(socket_task_on_message(handle, received, connection), "on_message");
    require(socket_task_on_error(handle, failed, connection), "on_error");
    require(socket_task_on_close(handle, closed, connection), "on_close");
    require(socket_task_on_release(handle, released, connection), "on_release");
    require(socket_task_set_max_message_size(handle, MAX_SIZE), "max_message_size");
    require(socket_task_set_max_buffered_amount(handle, MAX_SIZE), "max_buffered_amount");
    if (deflate != NULL) {
        require(socket_task_set_per_message_deflate(handle, deflate), "permessage-deflate");
    }
    if (certificates_length > 0) {
        require(socket_task_set_trust_roots(handle, SOCKET_TASK_TRUST_ROOTS_NONE), "trust_roots");
        require(socket_task_add_ca_certificates(handle, certificates, certificates_length), "ca_certificates");
    }
    require(socket_task_connect(handle), "connect");

    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock(&connection->lock);
    while (!connection->is_released) {
        if (pthread_cond_timedwait(&connection->released, &connection->lock, &end) == ETIMEDOUT) {
            fail("%s: the connection has not ended after %d seconds", url, PATIENCE_SECONDS);
        }
    }
    pthread_mutex_unlock(&connection->lock);
    if (connection->closes != 1) {
        fail("%s: on_close was called %u times", url, connection->closes);
    }
    return connection;
}

static void finish(struct connection *connection) {
    pthread_mutex_destroy(&connection->lock);
    pthread_cond_destroy(&connection->released);
    free(connection);
}

/* Asks the server something; `answer` is its text, empty when it closes without one. */
static void ask(const char *url, char *answer, size_t size) {
    struct connection *connection = run(url, false, NULL);
    if (!connection->was_clean) {
        fail("%s: closed with %u %s", url, connection->close_code, connection->error);
    }
    snprintf(answer, size, "%s", connection->text);
    finish(connection);
}

/* ---- The suite ---- */

/*
 * What to offer in the case with this number. Sections 12 and 13 are about permessage-deflate; in section 13 the
 * server asks for what accept1 to accept7 in its case12_x_x.py say, and we ask it for the same. Elsewhere the
 * extension is not offered, which is the library's default.
 */
static const socket_task_deflate_options *deflate_for(const char *id, socket_task_deflate_options *options) {
    int section = 0;
    int part = 0;
    if (sscanf(id, "%d.%d.", &section, &part) != 2 || (section != 12 && section != 13)) {
        return NULL;
    }
    require(socket_task_deflate_options_init(options, sizeof *options), "deflate options");
    options->threshold = 0;
    if (section == 13) {
        options->server_no_context_takeover = part == 2 || part >= 5;
        options->server_max_window_bits =
            part == 3 || part == 5 || part == 7 ? 9 : (part == 4 || part == 6 ? 15 : SOCKET_TASK_DEFAULT);
    }
    return options;
}

/* The number of a case, "12.1.3", from the server's description, {"id": "12.1.3", …}. */
static void read_id(const char *description, char *id, size_t size) {
    const char *at = strstr(description, "\"id\"");
    if (at == NULL || size < 16 || sscanf(at, "\"id\" : \"%15[0-9.]\"", id) != 1) {
        fail("the server describes a case as %s", description);
    }
}

static void read_certificates(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail("%s: %s", path, strerror(errno));
    }
    certificates_length = fread(certificates, 1, sizeof certificates, file);
    if (certificates_length == 0 || ferror(file) || !feof(file)) {
        fail("%s cannot be read as certificates", path);
    }
    fclose(file);
}

int main(int count, char **arguments) {
    if (count < 3 || count > 4) {
        fputs("usage: client URL AGENT [CERTIFICATE]\n", stderr);
        return 2;
    }
    const char *server = arguments[1];
    const char *agent = arguments[2];
    if (count == 4) {
        read_certificates(arguments[3]);
    }
    char url[512];
    char answer[sizeof((struct connection *)NULL)->text];

    snprintf(url, sizeof url, "%s/getCaseCount", server);
    ask(url, answer, sizeof answer);
    long cases = strtol(answer, NULL, 10);
    if (cases < 1) {
        fail("the server has no cases: %s", answer);
    }
    for (long number = 1; number <= cases; number++) {
        char id[16];
        snprintf(url, sizeof url, "%s/getCaseInfo?case=%ld", server, number);
        ask(url, answer, sizeof answer);
        read_id(answer, id, sizeof id);

        socket_task_deflate_options options;
        snprintf(url, sizeof url, "%s/runCase?case=%ld&agent=%s", server, number, agent);
        struct connection *connection = run(url, true, deflate_for(id, &options));
        printf("%s: %u%s%s%s\n", id, connection->close_code, connection->was_clean ? "" : ", not clean",
               connection->error[0] == '\0' ? "" : ", ", connection->error);
        fflush(stdout);
        finish(connection);
    }
    snprintf(url, sizeof url, "%s/updateReports?agent=%s", server, agent);
    ask(url, answer, sizeof answer);
    return 0;
}
