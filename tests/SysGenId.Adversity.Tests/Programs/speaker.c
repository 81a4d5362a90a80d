/* Speaks on a unix socket for a test: what comes in on standard input goes to the socket, what comes from the
 * socket goes to standard output. A process of its own, because who speaks is told from the process.
 *
 *   speaker PATH [CONNECTIONS]    opens more connections than the one it speaks on, says how many were kept,
 *                                 and holds them
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("connect");
        exit(1);
    }
    return s;
}

/* A refused connection says why and ends; a kept one says nothing. */
static void open_many(const char *path, int count)
{
    int kept = 0;
    int *sockets = calloc(count, sizeof *sockets);
    for (int i = 0; i < count; i++)
        sockets[i] = connect_to(path);
    for (int i = 0; i < count; i++) {
        static const char hello[] = "{\"op\":\"hello\",\"protocol\":1}\n";
        char answer[512];
        ssize_t length;
        if (send(sockets[i], hello, sizeof hello - 1, MSG_NOSIGNAL) < 0 && errno != EPIPE)
            continue;
        length = read(sockets[i], answer, sizeof answer);
        if (length > 0 && memmem(answer, length, "\"ok\":true", 9))
            kept++;
    }
    printf("kept %d\n", kept);
    fflush(stdout);
}

static int pump(int from, int to)
{
    char buffer[65536];
    ssize_t length = read(from, buffer, sizeof buffer);
    for (ssize_t done = 0; done < length;) {
        ssize_t sent = write(to, buffer + done, length - done);
        if (sent < 0)
            return 0;
        done += sent;
    }
    return length > 0;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    int s = connect_to(argv[1]);
    struct pollfd both[2] = { { 0, POLLIN, 0 }, { s, POLLIN, 0 } };
    if (argc > 2)
        open_many(argv[1], atoi(argv[2]));
    while (poll(both, 2, -1) > 0) {
        if (both[0].revents && !pump(0, s))
            return 0;
        if (both[1].revents && !pump(s, 1)) {
            puts("closed");
            return 0;
        }
    }
    return 1;
}
