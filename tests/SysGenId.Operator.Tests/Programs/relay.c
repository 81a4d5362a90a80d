/*
 * A connection to a unix socket by another process, with a place and a user of its own.
 *
 *   relay SOCKET UID [CGROUP.PROCS...]
 *
 * It enters the cgroups, becomes the user, connects, and copies between its standard streams and the socket until
 * either ends.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int copy(int from, int to)
{
    char bytes[17000];
    ssize_t count = read(from, bytes, sizeof bytes);
    return count > 0 && write(to, bytes, count) == count;
}

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    for (int index = 3; index < count; index++) {
        int cgroup = open(arguments[index], O_WRONLY);
        if (cgroup < 0 || dprintf(cgroup, "%d\n", getpid()) < 0)
            return 3;
        close(cgroup);
    }
    uid_t user = atoi(arguments[2]);
    if (user != getuid() && (setgid(user) < 0 || setuid(user) < 0))
        return 4;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", arguments[1]);
    int peer = socket(AF_UNIX, SOCK_STREAM, 0);
    if (peer < 0 || connect(peer, (struct sockaddr *)&address, sizeof address) < 0)
        return 5;
    struct pollfd ends[2] = { { .fd = 0, .events = POLLIN }, { .fd = peer, .events = POLLIN } };
    while (poll(ends, 2, -1) > 0) {
        if (ends[1].revents && !copy(peer, 1))
            return 0;
        if (ends[0].revents && !copy(0, peer))
            return 0;
    }
    return 0;
}
