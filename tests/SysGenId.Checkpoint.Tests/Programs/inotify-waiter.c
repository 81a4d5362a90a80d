/* inotify-waiter PAGE LOG: sleeps until the page file is written.
 *
 *   woke VALUE AT     read of the inotify descriptor returned, also by EINTR; VALUE is on the page then */
#include "report.h"
#include <sys/inotify.h>

int main(int argc, char **argv)
{
    if (argc != 3)
        return 100;
    begin(argv[2]);
    const volatile uint32_t *generation = map_page(argv[1]);
    int events = inotify_init1(IN_CLOEXEC);
    if (events < 0 || inotify_add_watch(events, argv[1], IN_MODIFY) < 0)
        fail("inotify");
    report("ready %u", *generation);
    for (;;) {
        char buffer[4096] __attribute__((aligned(8)));
        if (read(events, buffer, sizeof buffer) < 0 && errno != EINTR)
            fail("read");
        report("woke %u %lld", *generation, (long long)now_ns());
    }
}
