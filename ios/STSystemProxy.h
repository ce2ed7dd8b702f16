#import "socket_task.h"

/// Answers with the proxy that iOS names for a URL: its Wi-Fi and VPN settings, an automatic configuration (PAC) included.
/// A `socket_task_ask_callback`; blocks while a PAC file is fetched.
void STAnswerSystemProxy(const char *url, size_t length, socket_task_answer *answer, void *context);
