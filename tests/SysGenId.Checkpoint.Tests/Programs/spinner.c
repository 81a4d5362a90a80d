/* spinner PAGE LOG: reads the generation as fast as it can and notices by the clock that it was stopped.
 *
 *   gap FROM TO BEFORE AROUND FIRST    it stood still between the instants FROM and TO (ns)
 *   change AT OLD NEW                  the value differs from the load before
 *
 * A stop lies between two readings of the clock, and one load lies there too: whether it ran before or
 * after the stop nobody can tell (AROUND). FIRST certainly ran after, within nanoseconds of the resume. */
#include "report.h"

#define STOPPED_NS 20000000

int main(int argc, char **argv)
{
    if (argc != 3)
        return 100;
    begin(argv[2]);
    const volatile uint32_t *generation = map_page(argv[1]);
    uint32_t before = *generation, around = before;
    int64_t last = now_ns();
    report("ready %u", around);
    for (;;) {
        int64_t now = now_ns();
        uint32_t value = *generation;
        if (now - last > STOPPED_NS)
            report("gap %lld %lld %u %u %u", (long long)last, (long long)now, before, around, value);
        if (value != around)
            report("change %lld %u %u", (long long)now, around, value);
        before = around;
        around = value;
        /* Not read again after reporting: a stop in the middle of a report is one too. */
        last = now;
    }
}
