/* watcher NAME SOCKET PORT [PERMISSION]: a blocking reader of the watch socket that acks at once or, where a file is
 * named, as soon as that file is there. It writes to the serial port PORT, a line at one stroke:
 *
 *   NAME connected
 *   NAME word VALUE AT      the server sent this generation; AT is CLOCK_MONOTONIC in ns
 *   NAME acked VALUE
 *   NAME ended ERRNO        the connection ended (0: end of stream) or could not be made; it tries again
 *
 * The first word it sends on every connection but the first is the last generation it handled. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define RETRY_US 20000

static const char *name;
static int port;

__attribute__((format(printf, 1, 2))) static void report(const char *format, ...)
{
    char line[256];
    int length = snprintf(line, sizeof line, "%s ", name);
    va_list arguments;
    va_start(arguments, format);
    length += vsnprintf(line + length, sizeof line - length - 1, format, arguments);
    va_end(arguments);
    line[length++] = '\n';
    if (write(port, line, length) != length)
        _exit(101);
}

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

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
static int watch(int handle, const char *permission, int *handled_any, uint32_t *handled)
{
    if (*handled_any && send(handle, handled, 4, MSG_NOSIGNAL) != 4)
        return errno;
    report("connected");
    for (;;) {
        uint32_t generation;
        ssize_t length = recv(handle, &generation, 4, MSG_WAITALL);
        long long at = now_ns();
        if (length < 0 && errno == EINTR)
            continue;
        if (length != 4)
            return length < 0 ? errno : 0;
        report("word %u %lld", generation, at);
        while (permission && access(permission, F_OK) != 0)
            usleep(RETRY_US);
        *handled = generation;
        *handled_any = 1;
        if (send(handle, handled, 4, MSG_NOSIGNAL) != 4)
            return errno;
        report("acked %u", generation);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 100;
    name = argv[1];
    port = open(argv[3], O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (port < 0)
        return 102;
    int handled_any = 0, last_error = -1;
    uint32_t handled = 0;
    for (;;) {
        int handle = dial(argv[2]);
        int error = handle < 0 ? errno : watch(handle, argc < 5 ? NULL : argv[4], &handled_any, &handled);
        if (handle >= 0 || error != last_error)
            report("ended %d", error);
        if (handle >= 0)
            close(handle);
        last_error = error;
        usleep(RETRY_US);
    }
}
