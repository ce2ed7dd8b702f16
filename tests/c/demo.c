/*
 * Talks to each server given, and tells what happens.
 *
 *     demo [--ca FILE] URL...
 *
 * For each URL: connects, sends a text and a binary message, waits for both to come back, closes. Ends with 0 when all
 * of it succeeded. --ca trusts the certificate authorities in a PEM file, beside the platform's.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "socket_task.h"

static const char TEXT[] = "Hello, \xE4\xBD\xA0\xE5\xA5\xBD, socket-task!";
static const uint8_t BINARY[] = {0x00, 0x01, 0x02, 0xFD, 0xFE, 0xFF};

/* One conversation. The callbacks run on the library's thread; main waits for `released`. */
struct conversation {
    socket_task_handle handle;
    struct timespec start;
    struct timespec sent;
    int echoes;
    int clean;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    int closed;
    int released;
};

static double milliseconds_since(const struct timespec *start) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e3 + (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

/* Begins a line of the transcript. */
static void line(const struct conversation *conversation, const char *what) {
    printf("  %8.2f ms  %-8s ", milliseconds_since(&conversation->start), what);
}

static void print_text(socket_task_text text) {
    printf("%.*s", (int)text.length, (const char *)text.data);
}

static void print_state(const struct conversation *conversation) {
    socket_task_ready_state state;
    if (socket_task_get_ready_state(conversation->handle, &state) == SOCKET_TASK_OK) {
        line(conversation, "state");
        printf("%s\n", socket_task_ready_state_name(state));
    }
}

static int succeeded(const struct conversation *conversation, const char *what, socket_task_status status) {
    if (status != SOCKET_TASK_OK) {
        line(conversation, "refused");
        printf("%s: %s\n", what, socket_task_last_error_message());
    }
    return status == SOCKET_TASK_OK;
}

static double milliseconds(socket_task_span span) {
    return (double)(span.end_us - span.start_us) / 1e3;
}

static void on_open(socket_task_handle handle, const socket_task_open *open, void *context) {
    struct conversation *conversation = context;
    print_state(conversation);
    line(conversation, "open");
    printf("HTTP %d from ", (int)open->http_status);
    print_text(open->remote_address);
    printf("\n");
    for (size_t i = 0; i < open->header_count; i++) {
        line(conversation, "header");
        print_text(open->headers[i].name);
        printf(": ");
        print_text(open->headers[i].value);
        printf("\n");
    }
    line(conversation, "timing");
    printf("DNS %.2f ms, TCP %.2f ms, TLS %.2f ms, handshake %.2f ms\n", milliseconds(open->dns),
           milliseconds(open->tcp), milliseconds(open->tls), milliseconds(open->handshake));
    if (open->tls_version.length > 0) {
        line(conversation, "tls");
        print_text(open->tls_version);
        printf(", ");
        print_text(open->tls_cipher);
        printf("\n");
    }
    clock_gettime(CLOCK_MONOTONIC, &conversation->sent);
    line(conversation, "send");
    printf("text, %zu bytes: %s\n", sizeof TEXT - 1, TEXT);
    succeeded(conversation, "send_text", socket_task_send_text(handle, TEXT, sizeof TEXT - 1));
    line(conversation, "send");
    printf("binary, %zu bytes\n", sizeof BINARY);
    succeeded(conversation, "send_binary", socket_task_send_binary(handle, BINARY, sizeof BINARY));
}

static void on_message(socket_task_handle handle, const socket_task_message *message, void *context) {
    struct conversation *conversation = context;
    int is_text = message->kind == SOCKET_TASK_TEXT;
    const void *expected = is_text ? (const void *)TEXT : (const void *)BINARY;
    size_t length = is_text ? sizeof TEXT - 1 : sizeof BINARY;
    line(conversation, "message");
    if (is_text) {
        printf("text, %zu bytes: %.*s", message->length, (int)message->length, (const char *)message->data);
    } else {
        printf("binary, %zu bytes:", message->length);
        for (size_t i = 0; i < message->length && i < 16; i++) {
            printf(" %02x", message->data[i]);
        }
    }
    if (message->length == length && memcmp(message->data, expected, length) == 0) {
        printf("  (echo after %.2f ms)\n", milliseconds_since(&conversation->sent));
        conversation->echoes++;
    } else {
        printf("\n");
    }
    if (conversation->echoes == 2) {
        line(conversation, "close");
        printf("1000, done\n");
        succeeded(conversation, "close", socket_task_close(handle, 1000, "done", 4));
        print_state(conversation);
    }
}

static void on_error(socket_task_handle handle, const socket_task_error *error, void *context) {
    struct conversation *conversation = context;
    (void)handle;
    line(conversation, "error");
    printf("%s, %s: ", socket_task_phase_name(error->phase), socket_task_error_code_name(error->code));
    print_text(error->message);
    if (error->http_status != 0) {
        printf(" (HTTP %d)", (int)error->http_status);
    }
    printf("\n");
}

static void on_close(socket_task_handle handle, const socket_task_close_event *close, void *context) {
    struct conversation *conversation = context;
    (void)handle;
    print_state(conversation);
    line(conversation, "closed");
    printf("code %u", (unsigned)close->code);
    if (close->reason.length > 0) {
        printf(", ");
        print_text(close->reason);
    }
    printf(", %s\n", close->was_clean ? "clean" : "not clean");
    conversation->clean = close->was_clean;
    pthread_mutex_lock(&conversation->lock);
    conversation->closed = 1;
    pthread_cond_broadcast(&conversation->changed);
    pthread_mutex_unlock(&conversation->lock);
}

static void on_release(socket_task_handle handle, void *context) {
    struct conversation *conversation = context;
    (void)handle;
    pthread_mutex_lock(&conversation->lock);
    conversation->released = 1;
    pthread_cond_broadcast(&conversation->changed);
    pthread_mutex_unlock(&conversation->lock);
}

/* Waits until it has happened, half a minute at most. */
static int wait_until(struct conversation *conversation, const int *happened) {
    struct timespec end;
    int status = 0;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 30;
    pthread_mutex_lock(&conversation->lock);
    while (!*happened && status == 0) {
        status = pthread_cond_timedwait(&conversation->changed, &conversation->lock, &end);
    }
    int has_happened = *happened;
    pthread_mutex_unlock(&conversation->lock);
    return has_happened;
}

static socket_task_status add_authorities(socket_task_handle handle, const char *path) {
    static uint8_t pem[1 << 20];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return SOCKET_TASK_INVALID_ARGUMENT;
    }
    size_t length = fread(pem, 1, sizeof pem, file);
    fclose(file);
    return socket_task_add_ca_certificates(handle, pem, length);
}

static int converse(const char *url, const char *authorities) {
    struct conversation conversation = {0};
    socket_task_handle handle;
    pthread_mutex_init(&conversation.lock, NULL);
    pthread_cond_init(&conversation.changed, NULL);
    clock_gettime(CLOCK_MONOTONIC, &conversation.start);
    printf("%s\n", url);
    if (socket_task_create(url, strlen(url), &handle) != SOCKET_TASK_OK) {
        printf("  %s\n", socket_task_last_error_message());
        return 0;
    }
    conversation.handle = handle;
    print_state(&conversation);
    socket_task_on_open(handle, on_open, &conversation);
    socket_task_on_message(handle, on_message, &conversation);
    socket_task_on_error(handle, on_error, &conversation);
    socket_task_on_close(handle, on_close, &conversation);
    socket_task_on_release(handle, on_release, &conversation);
    socket_task_set_timeout(handle, 15000);
    int good = authorities == NULL ||
               succeeded(&conversation, "add_ca_certificates", add_authorities(handle, authorities));
    /* Printed before the call: from then on the library's thread prints. */
    line(&conversation, "connect");
    printf("\n");
    good = good && succeeded(&conversation, "connect", socket_task_connect(handle)) &&
           wait_until(&conversation, &conversation.closed);
    socket_task_release(handle);
    wait_until(&conversation, &conversation.released);
    pthread_cond_destroy(&conversation.changed);
    pthread_mutex_destroy(&conversation.lock);
    good = good && conversation.echoes == 2 && conversation.clean;
    printf("%s\n\n", good ? "  text and binary came back, and the connection closed cleanly" : "  FAILED");
    return good;
}

int main(int argc, char **argv) {
    const char *authorities = NULL;
    int first = 1;
    int failures = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 2 && strcmp(argv[1], "--ca") == 0) {
        authorities = argv[2];
        first = 3;
    }
    if (first >= argc) {
        fprintf(stderr, "usage: %s [--ca FILE] URL...\n", argv[0]);
        return 2;
    }
    printf("socket-task %s\n\n", socket_task_version());
    for (int i = first; i < argc; i++) {
        failures += !converse(argv[i], authorities);
    }
    return failures == 0 ? 0 : 1;
}
