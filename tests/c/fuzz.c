/* Random calls with good, stale and made-up handles, from four threads and from inside the callbacks: nothing may crash,
 * and every context is given back exactly once.
 *
 * fuzz [SECONDS [SEED]]: 30 seconds and a fixed seed by default. What the threads do is fixed by the seed; how they
 * meet is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

enum { THREADS = 4, HANDLES = 48, KEPT = 32, MAGIC = 0x600D };

/* What on_release frees. */
struct context {
    unsigned magic;
    uint64_t random;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static socket_task_handle handles[HANDLES];
static const socket_task_message *kept[KEPT];

static unsigned seconds = 30;
static uint64_t seed = 20250101;
static double end;
/* Guarded by `lock`, as are the two arrays above. */
static unsigned contexts;
static unsigned faults;
static unsigned long long calls;
static char urls[12][512];

static unsigned add(unsigned *counter, int change) {
    pthread_mutex_lock(&lock);
    *counter += (unsigned)change;
    unsigned sum = *counter;
    pthread_mutex_unlock(&lock);
    return sum;
}

static void fault(const char *what) {
    if (add(&faults, 1) <= 10) {
        printf("    %s\n", what);
    }
}

/* A handle that lives, that lived, or that never did. */
static socket_task_handle any_handle(uint64_t *random) {
    uint64_t choice = next_random(random);
    if (choice % 16 == 0) {
        return next_random(random);
    }
    if (choice % 16 == 1) {
        return choice >> 60;
    }
    pthread_mutex_lock(&lock);
    socket_task_handle handle = handles[(choice >> 8) % HANDLES];
    pthread_mutex_unlock(&lock);
    return choice % 16 == 2 ? handle ^ UINT64_C(1) << (choice >> 32) % 64 : handle;
}

static struct context *checked(void *context) {
    if (context != NULL && ((struct context *)context)->magic != MAGIC) {
        fault("a callback came with a context that was given back");
    }
    return context;
}

static void any_call(uint64_t *random, bool inside);

static void maybe_call(void *argument) {
    struct context *context = checked(argument);
    if (context != NULL && next_random(&context->random) % 3 == 0) {
        any_call(&context->random, true);
    }
}

static void on_open(socket_task_handle handle, const socket_task_open *open, void *context) {
    (void)handle, (void)open;
    maybe_call(context);
}

static void on_message(socket_task_handle handle, const socket_task_message *message, void *argument) {
    struct context *context = checked(argument);
    (void)handle;
    if (context != NULL && next_random(&context->random) % 2 == 0) {
        const socket_task_message *ours = socket_task_message_retain(message);
        size_t place = next_random(&context->random) % KEPT;
        pthread_mutex_lock(&lock);
        const socket_task_message *old = kept[place];
        kept[place] = ours;
        pthread_mutex_unlock(&lock);
        socket_task_message_release(old);
    }
    maybe_call(argument);
}

static void on_pong(socket_task_handle handle, const uint8_t *data, size_t length, int64_t rtt_us, void *context) {
    (void)handle, (void)data, (void)length, (void)rtt_us;
    maybe_call(context);
}

static void on_drain(socket_task_handle handle, uint64_t sent, void *context) {
    (void)handle, (void)sent;
    maybe_call(context);
}

static void on_error(socket_task_handle handle, const socket_task_error *error, void *context) {
    (void)handle, (void)error;
    maybe_call(context);
}

static void on_close(socket_task_handle handle, const socket_task_close_event *event, void *context) {
    (void)handle, (void)event;
    maybe_call(context);
}

static void on_release(socket_task_handle handle, void *argument) {
    struct context *context = checked(argument);
    (void)handle;
    any_call(&context->random, true);
    context->magic = 0;
    free(context);
    add(&contexts, -1);
}

static void ignore_line(socket_task_log_level level, const char *text, size_t length, void *context) {
    (void)level, (void)text, (void)length, (void)context;
}

static void create(uint64_t *random) {
    const char *url = urls[next_random(random) % (sizeof urls / sizeof *urls)];
    socket_task_handle handle = 0;
    if (socket_task_create(url, strlen(url), &handle) != SOCKET_TASK_OK) {
        return;
    }
    struct context *context = malloc(sizeof *context);
    if (context == NULL) {
        abort();
    }
    *context = (struct context){.magic = MAGIC, .random = next_random(random) | 1};
    add(&contexts, 1);
    /* The handle is nobody else's yet, unless somebody guesses it; then the context is never asked for. */
    if (socket_task_on_release(handle, on_release, context) != SOCKET_TASK_OK) {
        free(context);
        add(&contexts, -1);
        return;
    }
    socket_task_on_open(handle, on_open, context);
    socket_task_on_message(handle, on_message, context);
    socket_task_on_pong(handle, on_pong, context);
    socket_task_on_drain(handle, on_drain, context);
    socket_task_on_error(handle, on_error, context);
    socket_task_on_close(handle, on_close, context);
    socket_task_set_close_timeout(handle, 50);
    socket_task_set_timeout(handle, 500);
    if (next_random(random) % 4 != 0) {
        socket_task_connect(handle);
    }
    pthread_mutex_lock(&lock);
    size_t place = next_random(random) % HANDLES;
    socket_task_handle old = handles[place];
    handles[place] = handle;
    pthread_mutex_unlock(&lock);
    socket_task_release(old);
}

static void use_message(uint64_t *random) {
    size_t place = next_random(random) % KEPT;
    pthread_mutex_lock(&lock);
    const socket_task_message *message = kept[place];
    kept[place] = NULL;
    pthread_mutex_unlock(&lock);
    if (message != NULL) {
        const socket_task_message *again = socket_task_message_retain(message);
        volatile uint8_t sum = 0;
        for (size_t i = 0; i < message->length; i++) {
            sum = (uint8_t)(sum + message->data[i]);
        }
        socket_task_message_release(again);
        socket_task_message_release(message);
    }
}

/* One random call; inside a callback or not. */
static void any_call(uint64_t *random, bool inside) {
    static uint8_t bytes[100000];
    socket_task_handle handle = any_handle(random);
    uint64_t value = next_random(random);
    size_t length = value % 8 == 0 ? value % sizeof bytes : value % 200;
    const uint8_t *data = length == 0 ? NULL : bytes;
    socket_task_ready_state state;
    socket_task_deflate_options deflate;
    size_t amount;
    socket_task_stats stats;
    char protocol[4];
    pthread_mutex_lock(&lock);
    calls++;
    pthread_mutex_unlock(&lock);
    switch (next_random(random) % 34) {
    case 0:
    case 1:
    case 2:
        create(random);
        break;
    case 3:
        socket_task_connect(handle);
        break;
    case 4:
    case 5:
    case 6:
        socket_task_send_text(handle, (const char *)data, length);
        break;
    case 7:
    case 8:
    case 9:
        socket_task_send_binary(handle, data, length);
        break;
    case 10:
        socket_task_ping(handle, data, length);
        break;
    case 11:
        socket_task_close(handle, (uint16_t)(value >> 20), (const char *)data, length);
        break;
    case 12:
        socket_task_close(handle, 1000, NULL, 0);
        break;
    case 13:
        socket_task_release(handle);
        break;
    case 14:
        socket_task_pause(handle);
        break;
    case 15:
        socket_task_resume(handle);
        break;
    case 16:
        socket_task_probe(handle, (uint32_t)(value % 100));
        break;
    case 17:
        if (socket_task_get_ready_state(handle, &state) == SOCKET_TASK_OK &&
            (state < SOCKET_TASK_NEW || state > SOCKET_TASK_CLOSED)) {
            fault("an invalid state");
        }
        break;
    case 18:
        socket_task_get_buffered_amount(handle, &amount);
        socket_task_get_stats(handle, &stats, sizeof stats);
        break;
    case 19:
        socket_task_get_protocol(handle, protocol, sizeof protocol, &amount);
        break;
    case 20:
        socket_task_on_message(handle, value % 2 == 0 ? NULL : on_message, NULL);
        break;
    case 21:
        socket_task_on_close(handle, value % 2 == 0 ? NULL : on_close, NULL);
        break;
    case 22:
        socket_task_add_header(handle, "X-Fuzz", 6, (const char *)data, length);
        break;
    case 23:
        socket_task_add_protocol(handle, "chat", value % 5);
        break;
    case 24:
        socket_task_set_timeout(handle, (uint32_t)(value % 300));
        break;
    case 25:
        socket_task_set_ping_interval(handle, (uint32_t)(value % 50));
        socket_task_set_pong_timeout(handle, (uint32_t)(value >> 8) % 50);
        break;
    case 26:
        socket_task_set_max_message_size(handle, (size_t)(value % 10000));
        break;
    case 27:
        socket_task_set_max_buffered_amount(handle, (size_t)(value % 100000));
        break;
    case 28:
        socket_task_set_trust_roots(handle, (socket_task_trust_roots)(value % 4));
        break;
    case 29:
        socket_task_add_ca_certificates(handle, data, length);
        break;
    case 30:
        socket_task_deflate_options_init(&deflate, sizeof deflate);
        deflate.client_max_window_bits = (int32_t)(value % 20);
        socket_task_set_per_message_deflate(handle, value % 2 == 0 ? NULL : &deflate);
        break;
    case 31:
        if (!inside) {
            socket_task_set_logger((socket_task_log_level)(value % 6), value % 3 == 0 ? NULL : ignore_line, NULL);
        }
        break;
    case 32:
        use_message(random);
        break;
    case 33:
        if (socket_task_last_error_message() == NULL || socket_task_version() == NULL) {
            fault("a text that is NULL");
        }
        break;
    }
}

static void *call_at_random(void *argument) {
    uint64_t random = seed + (uint64_t)(uintptr_t)argument * UINT64_C(7919);
    while (now() < end) {
        for (int i = 0; i < 20; i++) {
            any_call(&random, false);
        }
        /* The other end and the library's thread want some time, too. */
        sleep_ms(1);
    }
    return NULL;
}

static void random_calls(void) {
    pthread_t threads[THREADS];
    printf("    %u seconds, seed %llu\n", seconds, (unsigned long long)seed);
    snprintf(urls[0], sizeof urls[0], "%s", ws_url("/"));
    snprintf(urls[1], sizeof urls[1], "%s", ws_url("/burst?n=200&size=300"));
    snprintf(urls[2], sizeof urls[2], "%s", wss_url("/"));
    snprintf(urls[3], sizeof urls[3], "%s", ws_url("/close?code=4000&reason=x"));
    snprintf(urls[4], sizeof urls[4], "%s", ws_url("/reset"));
    snprintf(urls[5], sizeof urls[5], "%s", ws_url("/fin"));
    snprintf(urls[6], sizeof urls[6], "%s", ws_url("/status?code=503"));
    snprintf(urls[7], sizeof urls[7], "%s", ws_url("/silent"));
    snprintf(urls[8], sizeof urls[8], "%s", ws_url("/deaf"));
    snprintf(urls[9], sizeof urls[9], "%s", refused_url());
    snprintf(urls[10], sizeof urls[10], "%s", "ws://name.invalid/");
    snprintf(urls[11], sizeof urls[11], "%s", "not a URL");
    end = now() + seconds;
    for (uintptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, call_at_random, (void *)(i + 1)) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    /* Callbacks go on to create connections: release until none is left. */
    for (double give_up = now() + 60; add(&contexts, 0) > 0 && now() < give_up; sleep_ms(5)) {
        for (int i = 0; i < HANDLES; i++) {
            pthread_mutex_lock(&lock);
            socket_task_handle handle = handles[i];
            handles[i] = 0;
            pthread_mutex_unlock(&lock);
            socket_task_release(handle);
        }
    }
    socket_task_set_logger(SOCKET_TASK_LOG_OFF, NULL, NULL);
    for (int i = 0; i < KEPT; i++) {
        socket_task_message_release(kept[i]);
        kept[i] = NULL;
    }
    printf("    %llu calls\n", calls);
    CHECK(add(&contexts, 0) == 0);
    CHECK(add(&faults, 0) == 0);
}

int main(int argc, char **argv) {
    static const struct test TESTS[] = {{"random calls", random_calls}};
    if (argc > 1) {
        seconds = (unsigned)strtoul(argv[1], NULL, 10);
    }
    if (argc > 2) {
        seed = strtoull(argv[2], NULL, 10);
    }
    return run_tests("fuzz", TESTS, 1);
}
