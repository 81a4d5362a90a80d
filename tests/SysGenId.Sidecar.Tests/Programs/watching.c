/*
 * watching SOCKET: watchers of a process of its own. It does what its standard input says, and ends with it.
 *
 *   connect      connects once more, and answers "connected"
 *   say N        sends a word on the newest connection
 *   leave        ends, but a child goes on in its place, with its connections
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char line[64];
    uint32_t word;
    int newest = -1;
    if (argc != 2)
        return 100;
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "connect\n") == 0) {
            newest = socket(AF_UNIX, SOCK_STREAM, 0);
            if (connect(newest, (struct sockaddr *)&address, sizeof address) != 0)
                return 1;
            puts("connected");
            fflush(stdout);
        } else if (strcmp(line, "leave\n") == 0) {
            if (fork() != 0)
                return 0;
        } else if (sscanf(line, "say %u", &word) == 1 && send(newest, &word, sizeof word, MSG_NOSIGNAL) != sizeof word) {
            return 2;
        }
    }
    return 0;
}
