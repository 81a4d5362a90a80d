/* The two lines of the agent protocol a baseline program speaks, so that both sides of a
   comparison are started and timed by the same code. */
#pragma once
#include "clock.h"
#include <sys/socket.h>
#include <sys/un.h>

static inline int connect_to(const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        die(path);
    return fd;
}

static inline void send_line(int fd, const char *line)
{
    size_t length = strlen(line);
    if (write(fd, line, length) != (ssize_t)length)
        die("write");
}

/* Reads one answer and ends the program unless it is a good one. */
static inline void expect_ok(int fd)
{
    char answer[16385];
    size_t length = 0;
    do {
        ssize_t n = read(fd, answer + length, sizeof answer - 1 - length);
        if (n <= 0)
            die("no answer");
        length += n;
    } while (answer[length - 1] != '\n');
    answer[length] = 0;
    if (!strstr(answer, "\"ok\":true")) {
        fprintf(stderr, "refused: %s", answer);
        exit(1);
    }
}
