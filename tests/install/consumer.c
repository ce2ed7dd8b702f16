/*
 * A program of somebody else's: sends one text to the URL given and waits for its echo. C99 to C23, and C++11 to C++23.
 *
 * It uses nothing of this folder but what was installed.
 */
#include <socket_task.h>
#include <stdio.h>
#include <string.h>

#include <pthread.h>

#if SOCKET_TASK_VERSION_NUMBER < 0x000100
#error "the header is too old"
#endif

struct conversation {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int echoes;
    int code;
    bool released;
};

static void opened(socket_task_handle handle, const socket_task_open *open, void *context) {
    (void)open;
    (void)context;
    socket_task_send_text(handle, "hello", 5);
}

static void received(socket_task_handle handle, const socket_task_message *message, void *context) {
    struct conversation *conversation = (struct conversation *)context;
    conversation->echoes += message->length == 5 && memcmp(message->data, "hello", 5) == 0;
    socket_task_close(handle, 1000, NULL, 0);
}

static void failed(socket_task_handle handle, const socket_task_error *error, void *context) {
    (void)handle;
    (void)context;
    fprintf(stderr, "%s, %s: %.*s\n", socket_task_phase_name(error->phase), socket_task_error_code_name(error->code),
            (int)error->message.length, (const char *)error->message.data);
}

static void closed(socket_task_handle handle, const socket_task_close_event *event, void *context) {
    struct conversation *conversation = (struct conversation *)context;
    conversation->code = event->code;
    socket_task_release(handle);
}

static void released(socket_task_handle handle, void *context) {
    (void)handle;
    struct conversation *conversation = (struct conversation *)context;
    pthread_mutex_lock(&conversation->lock);
    conversation->released = true;
    pthread_cond_signal(&conversation->changed);
    pthread_mutex_unlock(&conversation->lock);
}

int main(int argc, char **argv) {
    struct conversation conversation = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, false};
    socket_task_handle handle = 0;
    socket_task_status status = socket_task_check_version(SOCKET_TASK_VERSION_NUMBER);
    if (status == SOCKET_TASK_OK && argc > 1) status = socket_task_create(argv[1], strlen(argv[1]), &handle);
    if (status == SOCKET_TASK_OK) status = socket_task_on_open(handle, opened, &conversation);
    if (status == SOCKET_TASK_OK) status = socket_task_on_message(handle, received, &conversation);
    if (status == SOCKET_TASK_OK) status = socket_task_on_error(handle, failed, &conversation);
    if (status == SOCKET_TASK_OK) status = socket_task_on_close(handle, closed, &conversation);
    if (status == SOCKET_TASK_OK) status = socket_task_on_release(handle, released, &conversation);
    if (status == SOCKET_TASK_OK) status = socket_task_connect(handle);
    if (status != SOCKET_TASK_OK) {
        fprintf(stderr, "%s: %s\n", socket_task_status_name(status), socket_task_last_error_message());
        return 1;
    }
    pthread_mutex_lock(&conversation.lock);
    while (!conversation.released) {
        pthread_cond_wait(&conversation.changed, &conversation.lock);
    }
    pthread_mutex_unlock(&conversation.lock);
    printf("socket_task %s: %d echo, closed with %d\n", socket_task_version(), conversation.echoes, conversation.code);
    return conversation.echoes == 1 && conversation.code == 1000 ? 0 : 1;
}
