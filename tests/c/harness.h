/*
 * What the test programs share: a client that records what it is told and holds it against the contract of the
 * callbacks, and a small runner.
 *
 * The environment tells where the test server is: SOCKET_TASK_WS and SOCKET_TASK_WSS (URLs without a path), and
 * SOCKET_TASK_CA (a PEM file with the authority that issued its certificate). SOCKET_TASK_SERVER is the line that the
 * server has printed.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "socket_task.h"

/* Ends the running test as failed when the condition does not hold. On the test's own thread only. */
#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)

/* The same for a status; prints the library's message, too. */
#define CHECK_STATUS(expected, call) check_status((expected), (call), #call, __FILE__, __LINE__)
#define CHECK_OK(call) CHECK_STATUS(SOCKET_TASK_OK, call)

struct test {
    const char *name;
    void (*run)(void);
};

/* Runs the tests, prints a line for each, and returns the exit code. */
int run_tests(const char *program, const struct test *tests, size_t count);

void check_that(bool holds, const char *what, const char *file, int line);
void check_status(socket_task_status expected, socket_task_status status, const char *call, const char *file,
                  int line);

enum event { EVENT_OPEN, EVENT_MESSAGE, EVENT_PONG, EVENT_DRAIN, EVENT_SUSPECT, EVENT_ALIVE, EVENT_ERROR, EVENT_CLOSE, EVENT_RELEASE };

struct client;

/* Runs inside each callback, after the event was recorded and without the lock. */
typedef void (*client_hook)(struct client *client, enum event event, const socket_task_message *message);

/* A connection that records. Everything below `lock` is guarded by it. */
struct client {
    socket_task_handle handle;
    client_hook hook;
    void *user;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned opens, messages, pongs, suspicions, revivals, errors, closes, releases;
    uint32_t silent_ms;
    /* The first breach of the callbacks' contract; NULL for none. */
    const char *breach;
    uint64_t message_bytes;
    /* A copy of the last message. */
    socket_task_message_kind kind;
    uint8_t *data;
    size_t length;
    socket_task_phase phase;
    socket_task_error_code error_code;
    char error_text[1024];
    int32_t http_status;
    /* Of the open event. */
    char remote_address[64];
    char tls_version[16];
    char extensions[128];
    bool has_proxy;
    uint16_t close_code;
    bool was_clean;
    char reason[128];
};

/* The URL of the test server with this path, over TCP or TLS. Valid until the next call on this thread. */
const char *ws_url(const char *path);
const char *wss_url(const char *path);

/* What the test server has printed for this key; see testing/README.md. Valid until the eighth next call. */
const char *server_value(const char *key);

/* A URL of this scheme and host with the port that the test server has printed for this key. Valid as above. */
const char *server_url(const char *scheme, const char *host, const char *key, const char *path);

/* A URL on a port of this machine where nobody listens. Valid until the next call on this thread. */
const char *refused_url(void);

/* Creates a connection with all callbacks set, trusting the test authority; not connected yet. */
struct client *client_new(const char *url, client_hook hook, void *user);

/* The same, trusting nobody beside the platform. */
struct client *client_new_untrusting(const char *url, client_hook hook, void *user);

/* Creates and connects. */
struct client *client_connect(const char *url, client_hook hook, void *user);

/* Creates, connects, and waits until it is open. */
struct client *client_open(const char *url, client_hook hook, void *user);

/* Wait until so many events came; end the test as failed when they do not. */
void client_wait_open(struct client *client);
void client_wait_messages(struct client *client, unsigned count);
void client_wait_close(struct client *client);

/* Connects, has a text echoed, closes, and frees the client. */
void client_expect_echo(struct client *client);

/* Connects, and checks that it fails so, with a message that has this text in it. The client is still to be freed. */
void client_expect_error(struct client *client, socket_task_phase phase, socket_task_error_code code, const char *text);

/* Waits for on_release, checks what was recorded against the contract, and frees the client. */
void client_finish(struct client *client);

/* Releases the handle, then as client_finish. */
void client_free(struct client *client);

/* Reads a file, at most `capacity` bytes. */
size_t read_file(const char *path, uint8_t *buffer, size_t capacity);

/* Seconds on a clock that never jumps. */
double now(void);

void sleep_ms(unsigned milliseconds);

/* A reproducible sequence of random numbers; the state must not be 0. */
uint64_t next_random(uint64_t *state);

/* What the system holds for this process. */
unsigned count_threads(void);
unsigned count_file_descriptors(void);
size_t resident_kib(void);

#endif
