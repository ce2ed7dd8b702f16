#import "socket_task.h"

/// Answers with the `Cookie` field that iOS has for a URL. A `socket_task_ask_callback`.
void STAnswerSystemCookies(const char *url, size_t length, socket_task_answer *answer, void *context);

/// Keeps a `Set-Cookie` field of a response, as the storage's policy allows. A `socket_task_set_cookie_callback`.
void STKeepSystemCookie(const char *url, size_t urlLength, const char *value, size_t valueLength, void *context);
