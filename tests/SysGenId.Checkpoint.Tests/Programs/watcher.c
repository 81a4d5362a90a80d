/* watcher SOCKET LOG [--no-ack | --ack-when FILE | --once]: a blocking reader of the watch socket. It acks at
 * once, never, or as soon as a file is there; or it stays away when its first connection has ended.
 *
 *   connected         a connection is open and the last handled generation was sent
 *   word VALUE AT     the server sent this generation
 *   ended ERRNO       the connection ended (0: end of stream) or could not be made; it tries again
 *
 * The first word it sends on every connection but the first is the last generation it handled. */
#include "report.h"
#include <sys/socket.h>
#include <sys/un.h>

#define RETRY_US 5000

static int dial(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int handle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(handle, (struct sockaddr *)&address, sizeof address) == 0)
        return handle;
    int error = errno;
    close(handle);
    errno = error;
    return -1;
}

/* Serves one connection to its end; returns the error number that ended it. */
static int watch(int handle, int acks, const char *permission, int *handled_any, uint32_t *handled)
{
    if (*handled_any && send(handle, handled, 4, MSG_NOSIGNAL) != 4)
        return errno;
    report("connected");
    for (;;) {
        uint32_t generation;
        ssize_t length = recv(handle, &generation, 4, MSG_WAITALL);
        if (length < 0 && errno == EINTR)
            continue;
        if (length != 4)
            return length < 0 ? errno : 0;
        report("word %u %lld", generation, (long long)now_ns());
        if (!acks)
            continue;
        while (permission && access(permission, F_OK) != 0)
            usleep(RETRY_US);
        *handled = generation;
        *handled_any = 1;
        if (send(handle, handled, 4, MSG_NOSIGNAL) != 4)
            return errno;
    }
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 100;
    begin(argv[2]);
    const char *option = argc < 4 ? "" : argv[3];
    const char *permission = argc < 5 ? NULL : argv[4];
    int acks = strcmp(option, "--no-ack") != 0;
    int handled_any = 0, last_error = -1;
    uint32_t handled = 0;
    for (;;) {
        int handle = dial(argv[1]);
        int error = handle < 0 ? errno : watch(handle, acks, permission, &handled_any, &handled);
        if (handle >= 0 || error != last_error)
            report("ended %d", error);
        if (handle >= 0)
            close(handle);
        while (handle >= 0 && strcmp(option, "--once") == 0)
            pause();
        last_error = error;
        usleep(RETRY_US);
    }
}
