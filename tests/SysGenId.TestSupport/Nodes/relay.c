/* relay SOCKET: joins standard input and output to a unix socket. Ends with either. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Passes on what is there; 0 at the end of the stream. */
static int pass(int from, int to)
{
    char buffer[65536];
    ssize_t length = read(from, buffer, sizeof buffer);
    return length > 0 && write(to, buffer, length) == length;
}

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (argc != 2)
        return 100;
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
        perror(argv[1]);
        return 1;
    }
    struct pollfd ends[2] = { { .fd = 0, .events = POLLIN }, { .fd = server, .events = POLLIN } };
    for (;;) {
        poll(ends, 2, -1);
        if (ends[0].revents && !pass(0, server))
            return 0;
        if (ends[1].revents && !pass(server, 1))
            return 0;
    }
}
