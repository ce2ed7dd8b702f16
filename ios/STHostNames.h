#import "socket_task.h"

/// Answers with the form in ASCII of a host name, as iOS makes it: from iOS 16 on. For `socket_task_set_domain_to_ascii_hook`.
void STAnswerASCIIDomain(const char *name, size_t length, socket_task_answer *answer, void *context);
