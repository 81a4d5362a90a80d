/* Fan-out to N processes, each blocked in read(): until the last of them is awake.

     fanout ROUNDS N [AGENT_SOCKET WATCH_SOCKET...]

   Baselines: this process writes 4 bytes to N unix stream sockets, and to N pipes. With an agent
   given, also ours: `force` on the agent's socket, N watchers spread over the watch sockets.
   Rounds alternate between all of them. The "_ack" variants answer with 4 bytes after waking. */
#include "agent.h"
#include "crowd.h"
#include <sys/resource.h>

enum kind { SOCKETS, PIPES, WATCHERS };
enum { ARMS = 5 };
static const struct arm { const char *name; enum kind kind; int ack; } arms[ARMS] = {
    { "socket", SOCKETS, 0 }, { "ours", WATCHERS, 0 }, { "pipe", PIPES, 0 },
    { "socket_ack", SOCKETS, 1 }, { "ours_ack", WATCHERS, 1 },
};

static int size;
static struct crowd *crowds[3];
static int *channels[3]; /* the parent's ends */
static double *samples[ARMS][3];

static void member(struct crowd *c, int index, int fd)
{
    uint32_t word;
    while (read(fd, &word, sizeof word) == sizeof word) {
        crowd_arrive(c, index);
        if (atomic_load(&c->ack) && write(fd, &word, sizeof word) != sizeof word)
            break;
    }
    _exit(0);
}

static void start_members(enum kind kind, char **watch_sockets, int socket_count)
{
    struct crowd *c = crowds[kind] = crowd_new(size);
    channels[kind] = calloc(size, sizeof(int));
    for (int i = 0; i < size; i++) {
        int ends[2] = { -1, -1 }; /* [0] the member's, [1] ours */
        if (kind == SOCKETS && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
            die("socketpair");
        if (kind == PIPES && pipe(ends) < 0)
            die("pipe");
        if (fork_child() == 0) {
            for (int fd = 3; fd < 4 * size + 64; fd++)
                if (fd != ends[0])
                    close(fd);
            member(c, i, kind == WATCHERS ? connect_to(watch_sockets[i % socket_count]) : ends[0]);
        }
        close(ends[0]);
        channels[kind][i] = ends[1];
    }
}

/* The acks nobody read are taken out of the way before the next round. */
static void drain(enum kind kind)
{
    uint32_t word;
    for (int i = 0; i < size; i++)
        while (recv(channels[kind][i], &word, sizeof word, MSG_DONTWAIT) > 0) { }
}

static void run(const struct arm *arm, int agent, uint32_t round, double *first, double *half, double *last)
{
    struct crowd *c = crowds[arm->kind];
    atomic_store(&c->ack, arm->ack);
    crowd_reset(c);
    int64_t start = now_ns();
    if (arm->kind == WATCHERS)
        send_line(agent, "{\"op\":\"force\",\"minimumGeneration\":0}\n");
    else
        for (int i = 0; i < size; i++)
            if (write(channels[arm->kind][i], &round, sizeof round) != sizeof round)
                die("write");
    crowd_wait(c, arm->name);
    crowd_times(c, start, first, half, last);
    if (arm->kind == WATCHERS)
        expect_ok(agent);
    settle();
    if (arm->kind == SOCKETS)
        drain(arm->kind);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    int rounds = atoi(argv[1]), ours = argc > 4, agent = -1;
    size = atoi(argv[2]);
    struct rlimit files = { 4096, 4096 };
    setrlimit(RLIMIT_NOFILE, &files);
    start_members(SOCKETS, NULL, 0);
    start_members(PIPES, NULL, 0);
    if (ours) {
        start_members(WATCHERS, argv + 4, argc - 4);
        crowd_wait(crowds[WATCHERS], "connect"); /* the server sends one word on connect */
        agent = connect_to(argv[3]);
    }
    for (int a = 0; a < ARMS; a++)
        for (int k = 0; k < 3; k++)
            samples[a][k] = calloc(rounds, sizeof(double));
    for (int r = -5; r < rounds; r++) /* five to warm up */
        for (int a = 0; a < ARMS; a++)
            if (ours || arms[a].kind != WATCHERS) {
                int slot = r < 0 ? 0 : r;
                run(&arms[a], agent, r, &samples[a][0][slot], &samples[a][1][slot], &samples[a][2][slot]);
            }

    printf("{\"unit\":\"us\",\"members\":%d", size);
    for (int a = 0; a < ARMS; a++)
        for (int k = 0; k < 3; k++) {
            static const char *const moments[] = { "first", "half", "last" };
            char name[64];
            if (!ours && arms[a].kind == WATCHERS)
                continue;
            snprintf(name, sizeof name, "%s_%s", arms[a].name, moments[k]);
            printf(",");
            print_distribution(name, samples[a][k], rounds);
        }
    printf("}\n");
    return 0;
}
