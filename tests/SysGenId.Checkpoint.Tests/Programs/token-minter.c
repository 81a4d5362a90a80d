/* token-minter LOG [--sysgenid PAGE]: mints secrets from state it keeps in memory, seeded once.
 *
 *   token HEX GENERATION     a token, and the generation it was minted in (0 without --sysgenid)
 *
 * With the page it does what a careful program does: compare the generation before and after using the
 * state; when it moved, draw a new seed and mint again. Two clones of a checkpoint then never mint the same. */
#include "report.h"
#include <sys/random.h>

#define PERIOD_US 20000

static uint64_t seed(void)
{
    uint64_t state = 0;
    while (state == 0 && getrandom(&state, sizeof state, 0) == sizeof state)
        ;
    return state;
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 4)
        return 100;
    static const uint32_t never = 0;
    begin(argv[1]);
    const volatile uint32_t *generation = argc == 4 ? map_page(argv[3]) : &never;
    uint32_t seeded_in = *generation;
    uint64_t state = seed();
    for (;;) {
        uint64_t token = next(&state);
        if (*generation != seeded_in) {
            seeded_in = *generation;
            state = seed();
            continue;
        }
        report("token %016llx %u", (unsigned long long)token, seeded_in);
        usleep(PERIOD_US);
    }
}
