/* Follows the system generation of this pod over the watch socket.
 *
 *   cc -O2 -o watch watch.c && ./watch [SOCKET]        default /run/sysgenid/watch.sock */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    uint32_t generation, handled = 0;
    int any = 0; /* Whether a generation was handled at all. */

    strncpy(address.sun_path, argc > 1 ? argv[1] : "/run/sysgenid/watch.sock", sizeof address.sun_path - 1);
    for (;;) {
        int watch = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(watch, (struct sockaddr *)&address, sizeof address) == 0) {
            /* The first word of a new connection says what the old one has handled. */
            if (any)
                send(watch, &handled, sizeof handled, MSG_NOSIGNAL);
            while (recv(watch, &generation, sizeof generation, MSG_WAITALL) == sizeof generation) {
                if (!any || generation != handled) {
                    printf("generation %u\n", generation); /* Here: throw away keys, seeds, identities. */
                    fflush(stdout);
                }
                handled = generation;
                any = 1;
                send(watch, &handled, sizeof handled, MSG_NOSIGNAL);
            }
        }
        /* The stream ends before every checkpoint; that is not an error. */
        close(watch);
        usleep(20000);
    }
}
