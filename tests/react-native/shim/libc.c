/* What Android's C library for x86-64 has and glibc has not, or has in another shape. A function android_NAME here
   becomes NAME in the libc.so that make_shims.py makes. */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

/* ---- Errors, and the ends of a process ---- */

int *android___errno(void) { return &errno; }

extern int __xpg_strerror_r(int, char *, size_t);
int android_strerror_r(int error, char *text, size_t size) { return __xpg_strerror_r(error, text, size); }
char *android___gnu_strerror_r(int error, char *text, size_t size) { return strerror_r(error, text, size); }

void android___assert2(const char *file, int line, const char *function, const char *what) {
    fprintf(stderr, "%s:%d: %s: assertion \"%s\" failed\n", file, line, function, what);
    abort();
}
void android_android_set_abort_message(const char *text) { fprintf(stderr, "abort message: %s\n", text); }

/* ---- The checks of _FORTIFY_SOURCE that glibc does not have ---- */

static void overflow(const char *function) {
    fprintf(stderr, "%s: buffer overflow\n", function);
    abort();
}
size_t android___strlen_chk(const char *text, size_t size) {
    const size_t length = strlen(text);
    if (length >= size) overflow("strlen");
    return length;
}
char *android___strchr_chk(const char *text, int c, size_t size) {
    if (strnlen(text, size) == size) overflow("strchr");
    return strchr(text, c);
}
ssize_t android___write_chk(int fd, const void *bytes, size_t count, size_t size) {
    if (count > size) overflow("write");
    return write(fd, bytes, count);
}

/* ---- Streams: before API level 23 stdin, stdout and stderr are &__sF[0], [1] and [2], of 152 bytes each ---- */

enum { FILE_SIZE = 152 };
char android_sF[3 * FILE_SIZE] __attribute__((aligned(16)));
FILE *android_stderr;
__asm__(".symver android_sF, __sF@LIBC\n.symver android_stderr, stderr@LIBC");

static FILE *stream(void *file) {
    const uintptr_t offset = (uintptr_t)file - (uintptr_t)android_sF;
    if (offset >= sizeof android_sF) return file;
    return offset < FILE_SIZE ? stdin : offset < 2 * FILE_SIZE ? stdout : stderr;
}
int android_fclose(void *f) { return fclose(stream(f)); }
int android_fflush(void *f) { return fflush(f ? stream(f) : NULL); }
int android_fgetc(void *f) { return fgetc(stream(f)); }
int android_fputc(int c, void *f) { return fputc(c, stream(f)); }
wint_t android_fputwc(wchar_t c, void *f) { return fputwc(c, stream(f)); }
int android_getc(void *f) { return getc(stream(f)); }
wint_t android_getwc(void *f) { return getwc(stream(f)); }
int android_ungetc(int c, void *f) { return ungetc(c, stream(f)); }
wint_t android_ungetwc(wint_t c, void *f) { return ungetwc(c, stream(f)); }
char *android_fgets(char *text, int size, void *f) { return fgets(text, size, stream(f)); }
size_t android_fread(void *to, size_t size, size_t count, void *f) { return fread(to, size, count, stream(f)); }
size_t android_fwrite(const void *from, size_t size, size_t count, void *f) {
    return fwrite(from, size, count, stream(f));
}
size_t android___fwrite_chk(const void *from, size_t size, size_t count, void *f, size_t have) {
    size_t total;
    if (__builtin_mul_overflow(size, count, &total) || total > have) overflow("fwrite");
    return android_fwrite(from, size, count, f);
}
int android_vfprintf(void *f, const char *format, va_list list) { return vfprintf(stream(f), format, list); }
int android_fprintf(void *f, const char *format, ...) {
    va_list list;
    va_start(list, format);
    const int result = vfprintf(stream(f), format, list);
    va_end(list);
    return result;
}

/* ---- Classes of characters: Android's C++ library reads a table, whose first place is that of EOF ---- */

enum { UPPER = 1, LOWER = 2, DIGIT = 4, SPACE = 8, PUNCT = 16, CONTROL = 32, HEX = 64, BLANK = 128 };
static unsigned char classes[1 + 256];
const unsigned char *android_ctype = classes;
__asm__(".symver android_ctype, _ctype_@LIBC");

static void fill_classes(void) {
    for (int c = 0; c < 128; ++c) {
        const int hex = (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
        const int letter_or_digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        int class = hex ? HEX : 0;
        if (c >= 'A' && c <= 'Z') class |= UPPER;
        if (c >= 'a' && c <= 'z') class |= LOWER;
        if (c >= '0' && c <= '9') class |= DIGIT;
        if ((c >= 9 && c <= 13) || c == ' ') class |= SPACE;
        if (c == ' ') class |= BLANK;
        if (c < 32 || c == 127) class |= CONTROL;
        if (c > 32 && c < 127 && !letter_or_digit) class |= PUNCT;
        classes[1 + c] = (unsigned char)class;
    }
}

__attribute__((constructor)) static void start(void) {
    android_stderr = stderr;
    fill_classes();
}

/* ---- long double has 128 bits there, in vector registers, and 80 bits here ---- */

__extension__ typedef _Float128 LongDouble;
LongDouble android_strtold(const char *text, char **end) { return strtof128(text, end); }
LongDouble android_strtold_l(const char *text, char **end, locale_t locale) { return strtof128_l(text, end, locale); }
LongDouble android_wcstold(const wchar_t *text, wchar_t **end) { return wcstof128(text, end); }

/* ---- Names of limits have other numbers ---- */

static long unknown(const char *function, int name) {
    fprintf(stderr, "%s(%d) is not in libc.c\n", function, name);
    abort();
}
long android_sysconf(int name) {
    switch (name) {
    case 0x00: return sysconf(_SC_ARG_MAX);
    case 0x06: return sysconf(_SC_CLK_TCK);
    case 0x0a: return sysconf(_SC_NGROUPS_MAX);
    case 0x0b: return sysconf(_SC_OPEN_MAX);
    case 0x26: return sysconf(_SC_IOV_MAX);
    case 0x27:
    case 0x28: return sysconf(_SC_PAGESIZE);
    case 0x47: return sysconf(_SC_GETGR_R_SIZE_MAX);
    case 0x48: return sysconf(_SC_GETPW_R_SIZE_MAX);
    case 0x60: return sysconf(_SC_NPROCESSORS_CONF);
    case 0x61: return sysconf(_SC_NPROCESSORS_ONLN);
    case 0x62: return sysconf(_SC_PHYS_PAGES);
    case 0x63: return sysconf(_SC_AVPHYS_PAGES);
    case 0x6f: return sysconf(_SC_HOST_NAME_MAX);
    }
    return unknown("sysconf", name);
}
long android_pathconf(const char *path, int name) {
    if (name == 4) return pathconf(path, _PC_NAME_MAX);
    if (name == 5) return pathconf(path, _PC_PATH_MAX);
    return unknown("pathconf", name);
}

/* ---- Signals: a set has 64 bits there, 1024 here ---- */

struct android_sigaction {
    int flags;
    void (*handler)(int);
    uint64_t mask;
    void (*restorer)(void);
};
static void widen(sigset_t *to, uint64_t from) {
    sigemptyset(to);
    memcpy(to, &from, sizeof from);
}
static uint64_t narrow(const sigset_t *from) {
    uint64_t to;
    memcpy(&to, from, sizeof to);
    return to;
}
int android_sigemptyset(uint64_t *set) { return *set = 0, 0; }
int android_sigfillset(uint64_t *set) { return *set = ~(uint64_t)0, 0; }
int android_sigaction(int signal, const struct android_sigaction *new, struct android_sigaction *old) {
    struct sigaction before, after;
    if (new) {
        after = (struct sigaction){.sa_flags = new->flags};
        after.sa_handler = new->handler;
        widen(&after.sa_mask, new->mask);
    }
    const int result = sigaction(signal, new ? &after : NULL, &before);
    if (result == 0 && old) {
        *old = (struct android_sigaction){before.sa_flags, before.sa_handler, narrow(&before.sa_mask), NULL};
    }
    return result;
}
int android_pthread_sigmask(int how, const uint64_t *new, uint64_t *old) {
    sigset_t before, after;
    if (new) widen(&after, *new);
    const int result = pthread_sigmask(how, new ? &after : NULL, &before);
    if (result == 0 && old) *old = narrow(&before);
    return result;
}

/* ---- Addresses of a name: two fields of the results are the other way round, flags and errors have other numbers ---- */

static int ours(const int (*numbers)[2], int theirs) {
    for (; (*numbers)[0]; ++numbers)
        if ((*numbers)[0] == theirs) return (*numbers)[1];
    return 0;
}
static const int GAI_FLAGS[][2] = {{1, AI_PASSIVE},        {2, AI_CANONNAME}, {4, AI_NUMERICHOST}, {8, AI_NUMERICSERV},
                                   {0x100, AI_ALL},        {0x400, AI_ADDRCONFIG}, {0x800, AI_V4MAPPED}, {0, 0}};
static const int GAI_ERRORS[][2] = {{1, EAI_ADDRFAMILY}, {2, EAI_AGAIN},  {3, EAI_BADFLAGS},  {4, EAI_FAIL},
                                    {5, EAI_FAMILY},     {6, EAI_MEMORY}, {7, EAI_NODATA},    {8, EAI_NONAME},
                                    {9, EAI_SERVICE},    {10, EAI_SOCKTYPE}, {11, EAI_SYSTEM}, {14, EAI_OVERFLOW},
                                    {0, 0}};

static void exchange_fields(struct addrinfo *info) {
    for (; info; info = info->ai_next) {
        void *address = info->ai_addr;
        info->ai_addr = (struct sockaddr *)(void *)info->ai_canonname;
        info->ai_canonname = address;
    }
}
int android_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    struct addrinfo own = {.ai_flags = 0};
    if (hints) {
        own.ai_family = hints->ai_family;
        own.ai_socktype = hints->ai_socktype;
        own.ai_protocol = hints->ai_protocol;
        for (int flag = 1; flag <= 0x800; flag <<= 1)
            if (hints->ai_flags & flag) own.ai_flags |= ours(GAI_FLAGS, flag);
    }
    const int error = getaddrinfo(host, service, hints ? &own : NULL, result);
    if (error == 0) return exchange_fields(*result), 0;
    for (const int(*pair)[2] = GAI_ERRORS; (*pair)[0]; ++pair)
        if ((*pair)[1] == error) return (*pair)[0];
    return 4;
}
void android_freeaddrinfo(struct addrinfo *info) {
    exchange_fields(info);
    freeaddrinfo(info);
}
const char *android_gai_strerror(int error) { return gai_strerror(ours(GAI_ERRORS, error)); }

/* ---- sem_t has 16 bytes there and 32 here: those 16 hold a pointer ---- */

static sem_t *semaphore(const void *place) {
    sem_t *sem;
    memcpy(&sem, place, sizeof sem);
    return sem;
}
int android_sem_init(void *place, int shared, unsigned value) {
    sem_t *sem = malloc(sizeof *sem);
    if (!sem || sem_init(sem, shared, value) != 0) return free(sem), -1;
    memcpy(place, &sem, sizeof sem);
    return 0;
}
int android_sem_destroy(void *place) {
    sem_t *sem = semaphore(place);
    const int result = sem_destroy(sem);
    free(sem);
    return result;
}
int android_sem_post(void *place) { return sem_post(semaphore(place)); }
int android_sem_wait(void *place) { return sem_wait(semaphore(place)); }

/* ---- setjmp: a jmp_buf has 11 words there and 25 here; these eight matter ---- */

__asm__(".text\n.type android__setjmp, @function\nandroid__setjmp:\n"
        "  mov %rbx, (%rdi)\n  mov %rbp, 8(%rdi)\n  mov %r12, 16(%rdi)\n  mov %r13, 24(%rdi)\n"
        "  mov %r14, 32(%rdi)\n  mov %r15, 40(%rdi)\n  lea 8(%rsp), %rdx\n  mov %rdx, 48(%rdi)\n"
        "  mov (%rsp), %rdx\n  mov %rdx, 56(%rdi)\n  xor %eax, %eax\n  ret\n"
        ".type android__longjmp, @function\nandroid__longjmp:\n"
        "  mov %esi, %eax\n  test %eax, %eax\n  jnz 1f\n  inc %eax\n1:\n"
        "  mov (%rdi), %rbx\n  mov 8(%rdi), %rbp\n  mov 16(%rdi), %r12\n  mov 24(%rdi), %r13\n"
        "  mov 32(%rdi), %r14\n  mov 40(%rdi), %r15\n  mov 48(%rdi), %rsp\n  jmp *56(%rdi)\n"
        ".globl android__setjmp, android__longjmp\n.hidden android__setjmp, android__longjmp");
