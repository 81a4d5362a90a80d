/* kernel-log: what the kernel said of a fork, and how its clock stands to that of programs.
 *
 *   fork FACILITY SEQUENCE AT     each line that reads like the kernel's own; AT is CLOCK_MONOTONIC in ns
 *
 * kernel-log flood COUNT: writes so many lines as a program may.
 *
 * The kernel stamps its lines with a clock of its own. A line written between two looks at CLOCK_MONOTONIC tells how
 * far apart they are; of several the one that others interrupted least. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define RECORD 8192
#define NEEDLE "crng reseeded due to virtual machine fork"
#define MARK "kernel-log: clock"
#define FORKS 64
#define MARKS 8
#define NARROW_NS 100000

struct line { unsigned priority; unsigned long long sequence, stamp_us; const char *text; };

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int parse(char *record, struct line *line)
{
    char *text = strchr(record, ';');
    if (!text || sscanf(record, "%u,%llu,%llu", &line->priority, &line->sequence, &line->stamp_us) != 3)
        return 0;
    line->text = text + 1;
    return 1;
}

static int put(int log, const char *text) { return write(log, text, strlen(text)) < 0; }

static int flood(int log, int count)
{
    char text[160];
    for (int i = 0; i < count; i++) {
        snprintf(text, sizeof text, "kernel-log: flood %d %0100d", i, i);
        if (put(log, text))
            return 103;
    }
    return 0;
}

int main(int argc, char **argv)
{
    int log = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (log < 0)
        return 102;
    if (argc == 3 && strcmp(argv[1], "flood") == 0)
        return flood(log, atoi(argv[2]));

    char mark[64], record[RECORD];
    long long at = 0, ahead = 0, narrowest = LLONG_MAX;
    for (int i = 0; i < MARKS && narrowest > NARROW_NS; i++) {
        char text[64];
        snprintf(text, sizeof text, MARK " %d %d.", (int)getpid(), i);
        long long before = now_ns();
        if (put(log, text))
            return 103;
        long long after = now_ns();
        if (after - before >= narrowest)
            continue;
        narrowest = after - before;
        at = before + narrowest / 2;
        memcpy(mark, text, sizeof mark);
    }
    struct line forks[FORKS];
    int count = 0;
    for (;;) {
        ssize_t length = read(log, record, sizeof record - 1);
        if (length < 0 && errno == EPIPE)
            continue;
        if (length <= 0)
            break;
        record[length] = 0;
        struct line line;
        if (!parse(record, &line))
            continue;
        if (strstr(line.text, NEEDLE) && count < FORKS)
            forks[count++] = line;
        if (strstr(line.text, mark))
            ahead = at - (long long)line.stamp_us * 1000;
    }
    for (int i = 0; i < count; i++)
        printf("fork %u %llu %lld\n", forks[i].priority >> 3, forks[i].sequence, (long long)forks[i].stamp_us * 1000 + ahead);
    return 0;
}
