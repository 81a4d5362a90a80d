/* control-waiter PAGE GENERATION SOCKET LOG: an orchestrator. Once the page shows GENERATION it asks on the
 * control socket to be told when no watcher is outdated; when it is disconnected it asks again.
 *
 *   waiting           the question is asked
 *   answer LINE       what the server said (blanks taken out)
 *   ended             the connection ended without an answer, or could not be made */
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
    close(handle);
    return -1;
}

/* Asks once. Returns whether there was an answer. */
static int ask(int handle)
{
    static const char question[] = "{\"op\":\"wait-watchers\"}\n";
    char answer[200];
    size_t length = 0;
    if (send(handle, question, sizeof question - 1, MSG_NOSIGNAL) < 0)
        return 0;
    report("waiting");
    while (length < sizeof answer) {
        ssize_t count = recv(handle, answer + length, 1, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return 0;
        if (answer[length] == '\n') {
            report("answer %.*s", (int)length, answer);
            return 1;
        }
        if (answer[length] != ' ')
            length++;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 100;
    begin(argv[4]);
    const volatile uint32_t *generation = map_page(argv[1]);
    while (*generation < strtoul(argv[2], NULL, 10))
        usleep(RETRY_US);
    for (int refused = 0;;) {
        int handle = dial(argv[3]);
        if (handle >= 0 && ask(handle))
            pause();
        if (handle >= 0 || !refused)
            report("ended");
        refused = handle < 0;
        if (handle >= 0)
            close(handle);
        usleep(RETRY_US);
    }
}
