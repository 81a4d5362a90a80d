/* A store and FUTEX_WAKE, until the last of N sleeping processes is awake.

     futex ROUNDS N [AGENT_SOCKET PAGE...]

   Baseline: one shared word with 1 and with N waiters. With an agent given, also ours: `force` on
   the agent's socket, N processes in FUTEX_WAIT on read-only mappings of the counter pages. */
#include "agent.h"
#include "crowd.h"
#include <fcntl.h>
#include <limits.h>

struct arm { const char *name; struct crowd *crowd; _Atomic uint32_t *word; double *last; };

static void member(struct crowd *c, int index, const _Atomic uint32_t *word)
{
    uint32_t seen = atomic_load(word);
    crowd_arrive(c, index); /* ready */
    for (;;) {
        futex(word, FUTEX_WAIT, seen, NULL);
        uint32_t value = atomic_load(word);
        if (value == seen)
            continue;
        seen = value;
        crowd_arrive(c, index);
    }
}

static const _Atomic uint32_t *map_page(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (fd < 0 || page == MAP_FAILED)
        die(path);
    close(fd);
    return page;
}

static struct arm arm_new(const char *name, int size, int rounds, char **pages, int page_count)
{
    struct arm a = { name, crowd_new(size), pages ? NULL : shared(4096), calloc(rounds, sizeof(double)) };
    for (int i = 0; i < size; i++)
        if (fork_child() == 0)
            member(a.crowd, i, pages ? map_page(pages[i % page_count]) : a.word);
    crowd_wait(a.crowd, "start");
    return a;
}

static double run(struct arm *a, int agent)
{
    double first, half, last;
    crowd_reset(a->crowd);
    int64_t start = now_ns();
    if (a->word) {
        atomic_fetch_add(a->word, 1);
        futex(a->word, FUTEX_WAKE, INT_MAX, NULL);
    } else
        send_line(agent, "{\"op\":\"force\",\"minimumGeneration\":0}\n");
    crowd_wait(a->crowd, a->name);
    crowd_times(a->crowd, start, &first, &half, &last);
    if (!a->word)
        expect_ok(agent);
    settle();
    return last;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    int rounds = atoi(argv[1]), size = atoi(argv[2]), ours = argc > 4, count = 0;
    struct arm arms[3];
    arms[count++] = arm_new("one", 1, rounds, NULL, 0);
    arms[count++] = arm_new("all", size, rounds, NULL, 0);
    if (ours)
        arms[count++] = arm_new("ours", size, rounds, argv + 4, argc - 4);
    int agent = ours ? connect_to(argv[3]) : -1;
    for (int r = -5; r < rounds; r++)
        for (int a = 0; a < count; a++)
            arms[a].last[r < 0 ? 0 : r] = run(&arms[a], agent);

    printf("{\"unit\":\"us\",\"members\":%d", size);
    for (int a = 0; a < count; a++) {
        printf(",");
        print_distribution(arms[a].name, arms[a].last, rounds);
    }
    printf("}\n");
    return 0;
}
