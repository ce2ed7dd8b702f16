#include "harness.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* No test waits longer than this for an event that must come. */
static const unsigned PATIENCE_SECONDS = 60;

static jmp_buf failed;

void check_that(bool holds, const char *what, const char *file, int line) {
    if (!holds) {
        printf("    %s:%d: %s does not hold\n", file, line, what);
        longjmp(failed, 1);
    }
}

void check_status(socket_task_status expected, socket_task_status status, const char *call, const char *file,
                  int line) {
    if (status != expected) {
        const char *message = status == SOCKET_TASK_OK ? "" : socket_task_last_error_message();
        printf("    %s:%d: %s gives %d (%s), not %d\n", file, line, call, (int)status, message, (int)expected);
        longjmp(failed, 1);
    }
}

int run_tests(const char *program, const struct test *tests, size_t count) {
    /* Volatile: changed between setjmp and longjmp. */
    volatile unsigned failures = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (volatile size_t i = 0; i < count; i++) {
        double start = now();
        if (setjmp(failed) == 0) {
            tests[i].run();
            printf("ok %s: %s (%.2f s)\n", program, tests[i].name, now() - start);
        } else {
            failures++;
            printf("not ok %s: %s\n", program, tests[i].name);
        }
    }
    return failures == 0 ? 0 : 1;
}

/* ---- where the server is ---- */

static const char *environment(const char *name) {
    const char *value = getenv(name);
    if (value == NULL || *value == '\0') {
        fprintf(stderr, "%s is not set: see harness.h\n", name);
        exit(2);
    }
    return value;
}

static const char *url_of(const char *base, const char *path) {
    static __thread char url[2][512];
    static __thread unsigned turn;
    char *buffer = url[turn++ % 2];
    snprintf(buffer, sizeof url[0], "%s%s", environment(base), path);
    return buffer;
}

const char *ws_url(const char *path) {
    return url_of("SOCKET_TASK_WS", path);
}

const char *wss_url(const char *path) {
    return url_of("SOCKET_TASK_WSS", path);
}

const char *server_value(const char *key) {
    static __thread char values[8][256];
    static __thread unsigned turn;
    char *value = values[turn++ % 8];
    size_t key_length = strlen(key);
    for (const char *at = environment("SOCKET_TASK_SERVER"); at != NULL && *at != '\0'; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, key, key_length) == 0 && at[key_length] == '=') {
            at += key_length + 1;
            snprintf(value, sizeof values[0], "%.*s", (int)strcspn(at, " "), at);
            return value;
        }
    }
    fprintf(stderr, "the test server has not told its %s\n", key);
    exit(2);
}

const char *server_url(const char *scheme, const char *host, const char *key, const char *path) {
    static __thread char urls[8][512];
    static __thread unsigned turn;
    char *url = urls[turn++ % 8];
    snprintf(url, sizeof urls[0], "%s://%s:%s%s", scheme, host, server_value(key), path);
    return url;
}

const char *refused_url(void) {
    static __thread char url[64];
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(listener >= 0);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    close(listener);
    snprintf(url, sizeof url, "ws://127.0.0.1:%u/", (unsigned)ntohs(address.sin_port));
    return url;
}

size_t read_file(const char *path, uint8_t *buffer, size_t capacity) {
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    size_t length = fread(buffer, 1, capacity, file);
    fclose(file);
    return length;
}

static void add_authority(socket_task_handle handle) {
    uint8_t pem[16384];
    size_t length = read_file(environment("SOCKET_TASK_CA"), pem, sizeof pem);
    CHECK_OK(socket_task_add_ca_certificates(handle, pem, length));
    CHECK_OK(socket_task_set_trust_roots(handle, SOCKET_TASK_TRUST_ROOTS_NONE));
}

/* ---- what is recorded ---- */

static void breach(struct client *client, bool holds, const char *what) {
    if (!holds && client->breach == NULL) {
        client->breach = what;
    }
}

static void finish_event(struct client *client, enum event event, const socket_task_message *message) {
    pthread_cond_broadcast(&client->changed);
    pthread_mutex_unlock(&client->lock);
    if (client->hook != NULL) {
        client->hook(client, event, message);
    }
}

/* Locks, and checks what holds for every event. */
static struct client *begin_event(void *context, socket_task_handle handle) {
    struct client *client = context;
    pthread_mutex_lock(&client->lock);
    breach(client, handle == client->handle, "an event came with another handle");
    breach(client, client->releases == 0, "an event came after on_release");
    return client;
}

/* Copies a text that is not terminated. */
static void copy_text(char *buffer, size_t capacity, socket_task_text text) {
    snprintf(buffer, capacity, "%.*s", (int)text.length, text.data);
}

static void on_open(socket_task_handle handle, const socket_task_open *open, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->opens == 0, "on_open came twice");
    breach(client, client->errors == 0 && client->closes == 0, "on_open came late");
    breach(client, open->struct_size == sizeof *open, "struct_size of socket_task_open is wrong");
    breach(client, open->http_status == 101, "open with another status than 101");
    copy_text(client->remote_address, sizeof client->remote_address, open->remote_address);
    copy_text(client->tls_version, sizeof client->tls_version, open->tls_version);
    copy_text(client->extensions, sizeof client->extensions, open->extensions);
    client->has_proxy = open->proxy.end_us > open->proxy.start_us;
    client->opens++;
    finish_event(client, EVENT_OPEN, NULL);
}

static void on_message(socket_task_handle handle, const socket_task_message *message, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->opens == 1, "on_message came before on_open");
    breach(client, client->errors == 0 && client->closes == 0, "on_message came late");
    breach(client, message->struct_size == sizeof *message, "struct_size of socket_task_message is wrong");
    breach(client, message->data != NULL, "a message's data is NULL");
    client->messages++;
    client->message_bytes += message->length;
    client->kind = message->kind;
    client->length = message->length;
    client->data = realloc(client->data, message->length + 1);
    memcpy(client->data, message->data, message->length);
    client->data[message->length] = '\0';
    finish_event(client, EVENT_MESSAGE, message);
}

static void on_pong(socket_task_handle handle, const uint8_t *data, size_t length, int64_t rtt_us, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->opens == 1 && client->closes == 0, "on_pong came out of order");
    breach(client, data != NULL && length <= 125 && rtt_us >= -1, "on_pong with wrong arguments");
    client->pongs++;
    finish_event(client, EVENT_PONG, NULL);
}

static void on_drain(socket_task_handle handle, uint64_t sent, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->opens == 1 && client->closes == 0, "on_drain came out of order");
    (void)sent;
    finish_event(client, EVENT_DRAIN, NULL);
}

static void on_suspect(socket_task_handle handle, uint32_t silent_ms, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->opens == 1 && client->closes == 0, "on_suspect came out of order");
    breach(client, client->suspicions == client->revivals, "on_suspect came twice");
    client->suspicions++;
    client->silent_ms = silent_ms;
    finish_event(client, EVENT_SUSPECT, NULL);
}

static void on_alive(socket_task_handle handle, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->closes == 0, "on_alive came out of order");
    breach(client, client->suspicions == client->revivals + 1, "on_alive without on_suspect");
    client->revivals++;
    finish_event(client, EVENT_ALIVE, NULL);
}

static void on_error(socket_task_handle handle, const socket_task_error *error, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->errors == 0, "on_error came twice");
    breach(client, client->closes == 0, "on_error came after on_close");
    breach(client, error->struct_size == sizeof *error, "struct_size of socket_task_error is wrong");
    breach(client, error->message.length > 0, "an error without a message");
    client->errors++;
    client->phase = error->phase;
    client->error_code = error->code;
    client->http_status = error->http_status;
    copy_text(client->error_text, sizeof client->error_text, error->message);
    finish_event(client, EVENT_ERROR, NULL);
}

static void on_close(socket_task_handle handle, const socket_task_close_event *event, void *context) {
    struct client *client = begin_event(context, handle);
    breach(client, client->closes == 0, "on_close came twice");
    breach(client, event->struct_size == sizeof *event, "struct_size of socket_task_close_event is wrong");
    breach(client, event->reason.length < sizeof client->reason, "a reason of more than 123 bytes");
    client->closes++;
    client->close_code = event->code;
    client->was_clean = event->was_clean;
    if (event->reason.length < sizeof client->reason) {
        memcpy(client->reason, event->reason.data, event->reason.length);
        client->reason[event->reason.length] = '\0';
    }
    finish_event(client, EVENT_CLOSE, NULL);
}

static void on_release(socket_task_handle handle, void *context) {
    struct client *client = begin_event(context, handle);
    client_hook hook = client->hook;
    if (hook != NULL) {
        /* The client may be freed as soon as it is known to be released. */
        pthread_mutex_unlock(&client->lock);
        hook(client, EVENT_RELEASE, NULL);
        pthread_mutex_lock(&client->lock);
    }
    client->releases++;
    pthread_cond_broadcast(&client->changed);
    pthread_mutex_unlock(&client->lock);
}

/* ---- clients ---- */

struct client *client_new_untrusting(const char *url, client_hook hook, void *user) {
    struct client *client = calloc(1, sizeof *client);
    CHECK(client != NULL);
    client->hook = hook;
    client->user = user;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&client->lock, NULL);
    pthread_cond_init(&client->changed, &attributes);
    pthread_condattr_destroy(&attributes);

    CHECK_OK(socket_task_create(url, strlen(url), &client->handle));
    CHECK_OK(socket_task_on_open(client->handle, on_open, client));
    CHECK_OK(socket_task_on_message(client->handle, on_message, client));
    CHECK_OK(socket_task_on_pong(client->handle, on_pong, client));
    CHECK_OK(socket_task_on_drain(client->handle, on_drain, client));
    CHECK_OK(socket_task_on_suspect(client->handle, on_suspect, client));
    CHECK_OK(socket_task_on_alive(client->handle, on_alive, client));
    CHECK_OK(socket_task_on_error(client->handle, on_error, client));
    CHECK_OK(socket_task_on_close(client->handle, on_close, client));
    CHECK_OK(socket_task_on_release(client->handle, on_release, client));
    return client;
}

struct client *client_new(const char *url, client_hook hook, void *user) {
    struct client *client = client_new_untrusting(url, hook, user);
    if (strncmp(url, "wss:", 4) == 0) {
        add_authority(client->handle);
    }
    return client;
}

struct client *client_connect(const char *url, client_hook hook, void *user) {
    struct client *client = client_new(url, hook, user);
    CHECK_OK(socket_task_connect(client->handle));
    return client;
}

struct client *client_open(const char *url, client_hook hook, void *user) {
    struct client *client = client_connect(url, hook, user);
    client_wait_open(client);
    return client;
}

/* Waits until the counter has reached the count; false when it takes too long, or when a close came first. */
static bool wait_for(struct client *client, const unsigned *counter, unsigned count) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += PATIENCE_SECONDS;
    int status = 0;
    pthread_mutex_lock(&client->lock);
    bool closed = false;
    while (*counter < count && status == 0 && !closed) {
        status = pthread_cond_timedwait(&client->changed, &client->lock, &end);
        closed = client->closes > 0 && counter != &client->releases;
    }
    bool reached = *counter >= count;
    pthread_mutex_unlock(&client->lock);
    return reached;
}

void client_wait_open(struct client *client) {
    CHECK(wait_for(client, &client->opens, 1));
}

void client_wait_messages(struct client *client, unsigned count) {
    CHECK(wait_for(client, &client->messages, count));
}

void client_wait_close(struct client *client) {
    CHECK(wait_for(client, &client->closes, 1));
}

void client_expect_echo(struct client *client) {
    static const char TEXT[] = "secret \xE4\xB8\xAD\xE6\x96\x87";
    CHECK_OK(socket_task_connect(client->handle));
    if (!wait_for(client, &client->opens, 1)) {
        printf("    failed in phase %d: %s\n", (int)client->phase, client->error_text);
        CHECK(client->opens == 1);
    }
    unsigned before = client->messages;
    CHECK_OK(socket_task_send_text(client->handle, TEXT, sizeof TEXT - 1));
    client_wait_messages(client, before + 1);
    CHECK(strcmp((const char *)client->data, TEXT) == 0);
    CHECK_OK(socket_task_close(client->handle, 1000, NULL, 0));
    client_wait_close(client);
    CHECK(client->errors == 0 && client->close_code == 1000 && client->was_clean);
    client_free(client);
}

void client_expect_error(struct client *client, socket_task_phase phase, socket_task_error_code code,
                         const char *text) {
    CHECK_OK(socket_task_connect(client->handle));
    client_wait_close(client);
    bool as_expected = client->errors == 1 && client->phase == phase && client->error_code == code &&
                       strstr(client->error_text, text) != NULL;
    if (!as_expected) {
        printf("    phase %d, code %d: %s\n", (int)client->phase, (int)client->error_code, client->error_text);
        printf("    not phase %d, code %d: %s\n", (int)phase, (int)code, text);
    }
    CHECK(as_expected);
    CHECK(client->opens == 0 && !client->was_clean);
    bool by_network = code == SOCKET_TASK_ERROR_TIMED_OUT || code == SOCKET_TASK_ERROR_CONNECTION_ENDED ||
                      code == SOCKET_TASK_ERROR_CONNECTION_RESET;
    CHECK(client->close_code == (phase == SOCKET_TASK_PHASE_TLS && !by_network ? 1015 : 1006));
}

void client_finish(struct client *client) {
    CHECK(wait_for(client, &client->releases, 1));
    pthread_mutex_lock(&client->lock);
    const char *what = client->breach;
    pthread_mutex_unlock(&client->lock);
    if (what != NULL) {
        check_that(false, what, __FILE__, __LINE__);
    }
    pthread_cond_destroy(&client->changed);
    pthread_mutex_destroy(&client->lock);
    free(client->data);
    free(client);
}

void client_free(struct client *client) {
    CHECK_OK(socket_task_release(client->handle));
    client_finish(client);
}

/* ---- the system ---- */

double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void sleep_ms(unsigned milliseconds) {
    struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}

/* xorshift64*, by S. Vigna. */
uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static unsigned count_entries(const char *path) {
    unsigned count = 0;
    DIR *directory = opendir(path);
    CHECK(directory != NULL);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(directory);
    return count;
}

unsigned count_threads(void) {
    return count_entries("/proc/self/task");
}

unsigned count_file_descriptors(void) {
    /* One of them is the directory itself. */
    return count_entries("/proc/self/fd") - 1;
}

size_t resident_kib(void) {
    char line[256];
    size_t kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmRSS: %zu kB", &kib) == 1) {
            break;
        }
    }
    fclose(file);
    return kib;
}
