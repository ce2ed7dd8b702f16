/* Android's liblog: what is fatal goes to standard error. The rest does so with ANDROID_LOG, which is the least priority:
   2 (verbose) to 6 (error). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int logs(int priority) {
    const char *least = getenv("ANDROID_LOG");
    return priority >= 7 || (least && priority >= atoi(least));
}
int __android_log_write(int priority, const char *tag, const char *text) {
    return logs(priority) ? fprintf(stderr, "%c/%s: %s\n", "\?\?VDIWEFS"[priority & 7], tag ? tag : "", text) : 0;
}
int __android_log_vprint(int priority, const char *tag, const char *format, va_list list) {
    char text[1024];
    vsnprintf(text, sizeof text, format, list);
    return __android_log_write(priority, tag, text);
}
int __android_log_print(int priority, const char *tag, const char *format, ...) {
    va_list list;
    va_start(list, format);
    const int result = __android_log_vprint(priority, tag, format, list);
    va_end(list);
    return result;
}
void __android_log_assert(const char *condition, const char *tag, const char *format, ...) {
    va_list list;
    va_start(list, format);
    if (format) {
        __android_log_vprint(7, tag, format, list);
    } else {
        __android_log_write(7, tag, condition ? condition : "unknown");
    }
    va_end(list);
    abort();
}
