/* futex-waiter PAGE LOG: sleeps in FUTEX_WAIT on the mapped generation.
 *
 *   woke VALUE AT     FUTEX_WAIT returned and the value is another than the one it slept on */
#include "report.h"
#include <linux/futex.h>
#include <sys/syscall.h>

int main(int argc, char **argv)
{
    if (argc != 3)
        return 100;
    begin(argv[2]);
    const volatile uint32_t *generation = map_page(argv[1]);
    uint32_t last = *generation;
    report("ready %u", last);
    for (;;) {
        /* Not the private form: the wake-up comes from another process. */
        if (syscall(SYS_futex, generation, FUTEX_WAIT, last, NULL, NULL, 0) < 0 && errno != EAGAIN && errno != EINTR)
            fail("futex");
        uint32_t value = *generation;
        if (value == last)
            continue;
        report("woke %u %lld", value, (long long)now_ns());
        last = value;
    }
}
