/* One connection after another: what is told of each loss, and what the program is asked meanwhile. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

/* What one handle has told, in order: a line for each event. */
struct log {
    socket_task_handle handle;
    pthread_mutex_t lock;
        char lines[4096];
    unsigned opens, losses, closes, destroyed, released;
    uint64_t ticket;
    /* What is sent at each opening; NULL for nothing. */
    const char *greeting;
};

static void note(struct log *log, unsigned *count, const char *line) {
    pthread_mutex_lock(&log->lock);
    size_t used = strlen(log->lines);
    snprintf(log->lines + used, sizeof log->lines - used, "%s\n", line);
    ++*count;
    pthread_mutex_unlock(&log->lock);
}

static void wait_for(struct log *log, const unsigned *count, unsigned expected) {
    double start = now();
    pthread_mutex_lock(&log->lock);
    while (*count < expected && now() - start < 60) {
        pthread_mutex_unlock(&log->lock);
        sleep_ms(2);
        pthread_mutex_lock(&log->lock);
    }
    bool came = *count >= expected;
    pthread_mutex_unlock(&log->lock);
    CHECK(came);
}

static void on_open(socket_task_handle handle, const socket_task_open *open, void *context) {
    struct log *log = context;
    char line[64];
    snprintf(line, sizeof line, "open %u", (unsigned)open->attempt);
    if (log->greeting != NULL) {
        socket_task_send_text(handle, log->greeting, strlen(log->greeting));
    }
    note(log, &log->opens, line);
}

static void on_message(socket_task_handle handle, const socket_task_message *message, void *context) {
    struct log *log = context;
    unsigned ignored = 0;
    char line[128];
    int length = message->length < 100 ? (int)message->length : 100;
    (void)handle;
    snprintf(line, sizeof line, "message %.*s", length, (const char *)message->data);
    note(log, &ignored, line);
}

static void on_reconnecting(socket_task_handle handle, const socket_task_reconnecting *reconnecting, void *context) {
    struct log *log = context;
    const socket_task_loss *loss = reconnecting->loss;
    char line[128];
    (void)handle;
    snprintf(line, sizeof line, "reconnecting %u after %u%s, kept %u", (unsigned)reconnecting->attempt, loss->code,
             loss->error == NULL ? "" : " and an error", (unsigned)reconnecting->kept);
    note(log, &log->losses, line);
}

static void on_error(socket_task_handle handle, const socket_task_error *error, void *context) {
    struct log *log = context;
    unsigned ignored = 0;
    char line[64];
    (void)handle;
    snprintf(line, sizeof line, "error %s %d", socket_task_phase_name(error->phase), (int)error->http_status);
    note(log, &ignored, line);
}

static void on_close(socket_task_handle handle, const socket_task_close_event *close, void *context) {
    struct log *log = context;
    char line[64];
    (void)handle;
    snprintf(line, sizeof line, "close %u%s", close->code, close->was_clean ? " clean" : "");
    note(log, &log->closes, line);
}

static void on_release(socket_task_handle handle, void *context) {
    struct log *log = context;
    (void)handle;
    note(log, &log->released, "release");
}

static void destroy(void *context) {
    struct log *log = context;
    pthread_mutex_lock(&log->lock);
    log->destroyed++;
    pthread_mutex_unlock(&log->lock);
}

static void refresh(socket_task_handle handle, uint32_t attempt, const socket_task_loss *loss, uint64_t ticket,
                    void *context) {
    struct log *log = context;
    char line[64];
    unsigned ignored = 0;
    (void)handle;
    pthread_mutex_lock(&log->lock);
    log->ticket = ticket;
    pthread_mutex_unlock(&log->lock);
    snprintf(line, sizeof line, "refresh %u after %u", (unsigned)attempt, loss->code);
    note(log, &ignored, line);
}

static void should_reconnect(socket_task_handle handle, const socket_task_loss *loss, bool would, uint64_t ticket,
                             void *context) {
    struct log *log = context;
    char line[64];
    unsigned ignored = 0;
    snprintf(line, sizeof line, "would%s after %d", would ? "" : " not", loss->error == NULL ? 0 : (int)loss->error->http_status);
    note(log, &ignored, line);
    /* Inside the call is as good as later. */
    if (socket_task_answer_should_reconnect(handle, ticket, !would) != SOCKET_TASK_OK) {
        note(log, &ignored, "refused");
    }
}

static void prepare(struct log *log, const char *url, size_t queue) {
    socket_task_reconnect_options options;
    memset(log, 0, sizeof *log);
    pthread_mutex_init(&log->lock, NULL);
    CHECK_OK(socket_task_create(url, strlen(url), &log->handle));
    CHECK_OK(socket_task_reconnect_options_init(&options, sizeof options));
    options.min_delay_ms = 10;
    options.max_delay_ms = 20;
    options.queue = queue;
    CHECK_OK(socket_task_set_reconnect(log->handle, &options));
    CHECK_OK(socket_task_on_open(log->handle, on_open, log));
    CHECK_OK(socket_task_on_message(log->handle, on_message, log));
    CHECK_OK(socket_task_on_reconnecting(log->handle, on_reconnecting, log));
    CHECK_OK(socket_task_on_error(log->handle, on_error, log));
    CHECK_OK(socket_task_on_close(log->handle, on_close, log));
    CHECK_OK(socket_task_on_release(log->handle, on_release, log));
}

static void finish_with(struct log *log, unsigned hooks) {
    CHECK_OK(socket_task_release(log->handle));
    wait_for(log, &log->released, 1);
    /* They may be let go of after on_release. */
    wait_for(log, &log->destroyed, hooks);
    pthread_mutex_destroy(&log->lock);
}

static void finish(struct log *log) {
    finish_with(log, 0);
}

static bool has(struct log *log, const char *text) {
    pthread_mutex_lock(&log->lock);
    bool found = strstr(log->lines, text) != NULL;
    pthread_mutex_unlock(&log->lock);
    return found;
}

static bool begins(struct log *log, const char *text) {
    pthread_mutex_lock(&log->lock);
    bool does = strncmp(log->lines, text, strlen(text)) == 0;
    pthread_mutex_unlock(&log->lock);
    return does;
}

static unsigned counted(struct log *log, const unsigned *count) {
    pthread_mutex_lock(&log->lock);
    unsigned value = *count;
    pthread_mutex_unlock(&log->lock);
    return value;
}

static void wait_for_line(struct log *log, const char *text) {
    double start = now();
    while (!has(log, text)) {
        CHECK(now() - start < 60);
        sleep_ms(2);
    }
}

static uint64_t ticket_of(struct log *log) {
    pthread_mutex_lock(&log->lock);
    uint64_t ticket = log->ticket;
    pthread_mutex_unlock(&log->lock);
    return ticket;
}

static void expect(struct log *log, const char *lines) {
    pthread_mutex_lock(&log->lock);
    bool same = strcmp(log->lines, lines) == 0;
    if (!same) {
        printf("    told:\n%s", log->lines);
    }
    pthread_mutex_unlock(&log->lock);
    CHECK(same);
}

static void comes_back_until_it_is_closed(void) {
    struct log log;
    socket_task_stats stats;
    prepare(&log, ws_url("/close-on-message?code=1001"), 0);
    log.greeting = "again";
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.opens, 4);
    CHECK_OK(socket_task_close(log.handle, 1000, NULL, 0));
    wait_for(&log, &log.closes, 1);
    CHECK(begins(&log, "open 0\nreconnecting 1 after 1001, kept 0\nopen 1\nreconnecting 2 after 1001"));
    CHECK_OK(socket_task_get_stats(log.handle, &stats, sizeof stats));
    CHECK(stats.reconnects >= 3 && stats.messages_sent >= 3);
    /* A program that knows no `reconnects` gets what it knows. */
    struct {
        socket_task_stats stats;
    } old;
    memset(&old, 0xaa, sizeof old);
    size_t first = offsetof(socket_task_stats, reconnects);
    CHECK_OK(socket_task_get_stats(log.handle, &old.stats, first));
    CHECK(old.stats.struct_size == first && old.stats.reconnects == UINT64_C(0xaaaaaaaaaaaaaaaa));
    finish(&log);
}

static void ends_at_a_code_to_stop_at(void) {
    struct log log;
    prepare(&log, ws_url("/close-on-message?code=1000"), 0);
    log.greeting = "once";
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.closes, 1);
    expect(&log, "open 0\nclose 1000 clean\n");
    finish(&log);

    const uint16_t codes[] = {1001, 4000};
    socket_task_reconnect_options options;
    prepare(&log, ws_url("/close-on-message?code=4000"), 0);
    CHECK_OK(socket_task_reconnect_options_init(&options, sizeof options));
    options.stop_codes = codes;
    options.stop_code_count = 2;
    CHECK_OK(socket_task_set_reconnect(log.handle, &options));
    log.greeting = "once";
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.closes, 1);
    expect(&log, "open 0\nclose 4000 clean\n");
    finish(&log);
}

static void tells_why_when_it_gives_up(void) {
    struct log log;
    socket_task_reconnect_options options;
    prepare(&log, refused_url(), 0);
    CHECK_OK(socket_task_reconnect_options_init(&options, sizeof options));
    options.min_delay_ms = 1;
    options.max_attempts = 2;
    CHECK_OK(socket_task_set_reconnect(log.handle, &options));
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.closes, 1);
    expect(&log, "reconnecting 1 after 1006 and an error, kept 0\nreconnecting 2 after 1006 and an error, kept 0\n"
                 "error tcp 0\nclose 1006\n");
    finish(&log);
}

static void keeps_what_is_sent_between(void) {
    struct log log;
    prepare(&log, ws_url("/"), 1000);
    CHECK_OK(socket_task_connect(log.handle));
    CHECK_OK(socket_task_send_text(log.handle, "early", 5));
    CHECK_OK(socket_task_send_text(log.handle, "bird", 4));
    wait_for_line(&log, "message bird");
    expect(&log, "open 0\nmessage early\nmessage bird\n");
    finish(&log);
}

static void asks_what_to_connect_with(void) {
    struct log log;
    socket_task_handle fresh;
    const char *url = ws_url("/headers");
    prepare(&log, ws_url("/status?code=401"), 0);
    CHECK_OK(socket_task_set_refresh_hook(log.handle, refresh, destroy, &log));
    CHECK_OK(socket_task_connect(log.handle));
    wait_for_line(&log, "refresh");
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_answer_refresh(log.handle, ticket_of(&log) + 1, 0));
    CHECK_STATUS(SOCKET_TASK_INVALID_HANDLE, socket_task_answer_refresh(log.handle, ticket_of(&log), 77));
    CHECK_OK(socket_task_create(url, strlen(url), &fresh));
    CHECK_OK(socket_task_add_header(fresh, "X-Token", 7, "fresh", 5));
    CHECK_OK(socket_task_answer_refresh(log.handle, ticket_of(&log), fresh));
    CHECK_OK(socket_task_release(fresh));
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_answer_refresh(log.handle, ticket_of(&log), 0));
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_fail_refresh(log.handle, ticket_of(&log)));
    wait_for_line(&log, "message GET /headers");
    CHECK(begins(&log, "reconnecting 1 after 1006 and an error, kept 0\nrefresh 1 after 1006\nopen 1\n"));
    finish_with(&log, 1);
}

static void gives_up_when_nothing_is_new(void) {
    struct log log;
    prepare(&log, ws_url("/status?code=403"), 0);
    CHECK_OK(socket_task_set_refresh_hook(log.handle, refresh, NULL, &log));
    CHECK_OK(socket_task_connect(log.handle));
    wait_for_line(&log, "refresh");
    CHECK_OK(socket_task_answer_refresh(log.handle, ticket_of(&log), 0));
    wait_for(&log, &log.closes, 1);
    expect(&log, "reconnecting 1 after 1006 and an error, kept 0\nrefresh 1 after 1006\nerror handshake 403\nclose 1006\n");
    finish(&log);
}

static void an_attempt_without_an_answer_has_failed(void) {
    struct log log;
    prepare(&log, ws_url("/close-on-message?code=1001"), 0);
    log.greeting = "again";
    CHECK_OK(socket_task_set_refresh_hook(log.handle, refresh, NULL, &log));
    CHECK_OK(socket_task_connect(log.handle));
    wait_for_line(&log, "refresh 1");
    CHECK_OK(socket_task_fail_refresh(log.handle, ticket_of(&log)));
    wait_for_line(&log, "refresh 2");
    CHECK(has(&log, "reconnecting 2 after 1006 and an error") && counted(&log, &log.opens) == 1);
    finish(&log);
}

static void lets_the_program_decide(void) {
    struct log log;
    prepare(&log, ws_url("/close-on-message?code=1001"), 0);
    log.greeting = "once";
    CHECK_OK(socket_task_set_should_reconnect_hook(log.handle, should_reconnect, destroy, &log));
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.closes, 1);
    expect(&log, "open 0\nwould after 0\nclose 1001 clean\n");
    finish_with(&log, 1);

    prepare(&log, ws_url("/status?code=404"), 0);
    CHECK_OK(socket_task_set_should_reconnect_hook(log.handle, should_reconnect, destroy, &log));
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.losses, 2);
    CHECK(begins(&log, "would not after 404\nreconnecting 1 after 1006 and an error, kept 0\nwould not"));
    finish_with(&log, 1);
}

static void waits_for_a_network_and_the_foreground(void) {
    struct log log;
    for (int round = 0; round < 2; round++) {
        prepare(&log, ws_url("/close-on-message?code=1001"), 0);
        log.greeting = "again";
        CHECK_OK(round == 0 ? socket_task_set_network(false) : socket_task_set_foreground(false));
        CHECK_OK(socket_task_connect(log.handle));
        wait_for(&log, &log.losses, 1);
        sleep_ms(300);
        CHECK(counted(&log, &log.opens) == 1);
        socket_task_ready_state state;
        CHECK_OK(socket_task_get_ready_state(log.handle, &state));
        CHECK(state == SOCKET_TASK_CONNECTING);
        CHECK_OK(round == 0 ? socket_task_set_network(true) : socket_task_set_foreground(true));
        wait_for(&log, &log.opens, 2);
        finish(&log);
    }
}

static void stays_closed_while_the_app_is_hidden(void) {
    struct log log;
    prepare(&log, ws_url("/"), 0);
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.opens, 1);
    for (unsigned round = 1; round <= 2; round++) {
        CHECK_OK(socket_task_hide(log.handle, 10));
        wait_for(&log, &log.losses, round);
        sleep_ms(200);
        CHECK(counted(&log, &log.opens) == round);
        CHECK_OK(socket_task_show(log.handle));
        wait_for(&log, &log.opens, round + 1);
    }
    // One that is seen again before the time is over stays as it is.
    CHECK_OK(socket_task_hide(log.handle, 100));
    CHECK_OK(socket_task_show(log.handle));
    sleep_ms(300);
    expect(&log, "open 0\nreconnecting 1 after 1001, kept 0\nopen 1\nreconnecting 2 after 1001, kept 0\nopen 2\n");
    finish(&log);
}

static void a_sign_of_the_platform_brings_the_next_attempt_nearer(void) {
    struct log log;
    socket_task_reconnect_options options;
    prepare(&log, ws_url("/close-on-message?code=1001"), 0);
    CHECK_OK(socket_task_reconnect_options_init(&options, sizeof options));
    options.min_delay_ms = options.max_delay_ms = 3600000;
    CHECK_OK(socket_task_set_reconnect(log.handle, &options));
    log.greeting = "again";
    CHECK_OK(socket_task_connect(log.handle));
    wait_for(&log, &log.losses, 1);
    CHECK_OK(socket_task_probe_all(1000));
    wait_for(&log, &log.opens, 2);
    finish(&log);
}

static void released_between(void) {
    for (int round = 0; round < 20; round++) {
        struct log log;
        prepare(&log, round % 2 == 0 ? refused_url() : ws_url("/reset"), 100);
        CHECK_OK(socket_task_connect(log.handle));
        sleep_ms((unsigned)round * 2);
        finish(&log);
    }
}

static void refuses_what_makes_no_sense(void) {
    struct log log;
    socket_task_reconnect_options options;
    prepare(&log, ws_url("/"), 0);
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_reconnect_options_init(NULL, sizeof options));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_reconnect_options_init(&options, sizeof options - 1));
#define REFUSES(field, value)                                                                                          \
    do {                                                                                                               \
        CHECK_OK(socket_task_reconnect_options_init(&options, sizeof options));                                        \
        options.field = value;                                                                                         \
        CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_reconnect(log.handle, &options));                   \
    } while (0)
    const uint16_t impossible[] = {1000, 999};
    REFUSES(struct_size, 0);
    REFUSES(factor, 0.5);
    REFUSES(factor, (double)NAN);
    REFUSES(factor, (double)INFINITY);
    REFUSES(min_delay_ms, 30001);
    REFUSES(stop_codes, NULL);
    REFUSES(stop_code_count, 1000000);
    REFUSES(stop_codes, &impossible[1]);
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_refresh_hook(log.handle, NULL, destroy, &log));
    CHECK_STATUS(SOCKET_TASK_INVALID_ARGUMENT, socket_task_set_should_reconnect_hook(log.handle, NULL, destroy, &log));
    CHECK(log.destroyed == 2);
    CHECK_STATUS(SOCKET_TASK_INVALID_HANDLE, socket_task_set_reconnect(0, NULL));
    CHECK_OK(socket_task_set_reconnect(log.handle, NULL));
    CHECK_OK(socket_task_connect(log.handle));
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_set_reconnect(log.handle, NULL));
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_answer_refresh(log.handle, 0, 0));
    CHECK_STATUS(SOCKET_TASK_INVALID_STATE, socket_task_answer_should_reconnect(log.handle, 1, true));
    finish(&log);
}

int main(void) {
    static const struct test tests[] = {
        {"comes back until it is closed", comes_back_until_it_is_closed},
        {"ends at a code to stop at", ends_at_a_code_to_stop_at},
        {"tells why when it gives up", tells_why_when_it_gives_up},
        {"keeps what is sent between", keeps_what_is_sent_between},
        {"stays closed while the app is hidden", stays_closed_while_the_app_is_hidden},
        {"asks what to connect with", asks_what_to_connect_with},
        {"gives up when nothing is new", gives_up_when_nothing_is_new},
        {"an attempt without an answer has failed", an_attempt_without_an_answer_has_failed},
        {"lets the program decide", lets_the_program_decide},
        {"waits for a network and the foreground", waits_for_a_network_and_the_foreground},
        {"a sign of the platform brings the next attempt nearer", a_sign_of_the_platform_brings_the_next_attempt_nearer},
        {"released between", released_between},
        {"refuses what makes no sense", refuses_what_makes_no_sense},
    };
    return run_tests("reconnect", tests, sizeof tests / sizeof *tests);
}
