/* What Debian's build of LLVM's unwinder takes from glibc, and Android has in another form. It writes only before it ends the
   process, or to trace: nothing is written here. */
extern _Noreturn void abort(void);

void *stderr;

_Noreturn void __assert_fail(const char *what, const char *file, unsigned line, const char *function) {
    (void)what, (void)file, (void)line, (void)function;
    abort();
}

int __fprintf_chk(void *stream, int flag, const char *format, ...) {
    (void)stream, (void)flag, (void)format;
    return 0;
}

int fprintf(void *stream, const char *format, ...) {
    (void)stream, (void)format;
    return 0;
}

int snprintf(char *text, unsigned long size, const char *format, ...) {
    (void)format;
    if (size > 0) *text = 0;
    return 0;
}

unsigned long fwrite(const void *from, unsigned long size, unsigned long count, void *stream) {
    (void)from, (void)size, (void)stream;
    return count;
}

int fflush(void *stream) {
    (void)stream;
    return 0;
}
