/* How the test programs report: line N is a symbolic link LOG.N whose target is the text. Made by one call and
 * without a descriptor, it is never half there and never open when the process is dumped, also not when the
 * process reports at that very moment that it was disconnected: CRIU would look for the open file at the restore. */
#ifndef REPORT_H
#define REPORT_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define NOBODY 65534

static const char *report_path;

/* From here on every file is opened as uid and gid 65534. Not setuid: CRIU reads the limits of the tasks it
 * dumps, and of another user's only with CAP_SYS_RESOURCE, which a machine that is itself a container lacks. */
static void begin(const char *log)
{
    report_path = log;
    setfsgid(NOBODY);
    setfsuid(NOBODY);
    if (setfsuid(-1) != NOBODY)
        _exit(103);
}

__attribute__((format(printf, 1, 2))) static void report(const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    static unsigned number;
    char path[256];
    int made;
    do
        snprintf(path, sizeof path, "%s.%06u", report_path, number++);
    while ((made = symlink(line, path)) != 0 && errno == EEXIST);
    if (made != 0)
        _exit(101);
}

__attribute__((unused)) static void fail(const char *what)
{
    report("failed %s %s", what, strerror(errno));
    exit(102);
}

/* CLOCK_REALTIME in ns. CRIU restores tasks into a time namespace in which CLOCK_MONOTONIC goes on from the
 * dump as if no time had passed; the wall clock shows the stop, and can be compared with the host's. */
__attribute__((unused)) static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Maps the counter page as clients of the kernel's device do: open, map 4 bytes, read only. The
 * descriptor is closed; the mapping stays. */
__attribute__((unused)) static const volatile uint32_t *map_page(const char *path)
{
    int page = open(path, O_RDONLY | O_CLOEXEC);
    if (page < 0)
        fail("open");
    void *mapping = mmap(NULL, 4, PROT_READ, MAP_SHARED, page, 0);
    if (mapping == MAP_FAILED)
        fail("mmap");
    close(page);
    return mapping;
}

#endif
