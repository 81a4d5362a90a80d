/* Workflow 1, watchdog thread: blocking read, rebuild, ack, loop.
 *
 * The program mints a token for each line of its input, from state in memory. A thread of its own waits for the
 * generation to move and seeds that state anew. That suits state which may be wrong for the moment between the
 * restore and the thread's turn. What must not be (keys, nonces): see ../critical-section.
 *
 *   samples/run.sh watchdog c        Environment: SYSGENID_DIR, default /run/sysgenid */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SHORTEST_PAUSE_MS 10
#define LONGEST_PAUSE_MS 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t first_seed = PTHREAD_COND_INITIALIZER;
static uint64_t state;
static uint32_t seeded_in;
static int is_seeded;

/* Throws away what must not exist twice. */
static void rebuild(uint32_t generation)
{
    pthread_mutex_lock(&lock);
    while (getrandom(&state, sizeof state, 0) != sizeof state)
        ;
    seeded_in = generation;
    is_seeded = 1;
    printf("generation %u: seeded anew\n", generation);
    pthread_cond_signal(&first_seed);
    pthread_mutex_unlock(&lock);
}

static void mint(void)
{
    pthread_mutex_lock(&lock);
    state = state * 6364136223846793005u + 1442695040888963407u;
    printf("token %016llx of generation %u\n", (unsigned long long)(state ^ state >> 29), seeded_in);
    pthread_mutex_unlock(&lock);
}

static int connect_to(const char *directory)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (snprintf(address.sun_path, sizeof address.sun_path, "%s/watch.sock", directory) >= (int)sizeof address.sun_path)
        return -1;
    int watch = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (watch >= 0 && connect(watch, (struct sockaddr *)&address, sizeof address) == 0)
        return watch;
    close(watch);
    return -1;
}

static int acknowledge(int watch, uint32_t generation)
{
    return send(watch, &generation, sizeof generation, MSG_NOSIGNAL) == sizeof generation;
}

static void *watchdog(void *directory)
{
    uint32_t handled = 0, generation;
    int any = 0, pause_ms = SHORTEST_PAUSE_MS;

    for (;;) {
        int watch = connect_to(directory);
        if (watch >= 0) {
            /* Who comes back says first what it handled last: a bump that was missed in between is told at once.
             * Who is new says nothing and is up to date (S05), but reads the current generation all the same. */
            int well = !any || acknowledge(watch, handled);
            while (well && recv(watch, &generation, sizeof generation, MSG_WAITALL) == sizeof generation) {
                if (!any || generation != handled)
                    rebuild(generation);
                handled = generation;
                any = 1;
                /* Only now: until it is sent, the orchestrator's wait-watchers waits for this program. When the
                 * generation has moved on meanwhile the ack is void, and the next word says so. */
                well = acknowledge(watch, handled);
                pause_ms = SHORTEST_PAUSE_MS;
            }
            /* End of stream is no error: it comes before every checkpoint, for a process that holds a connection to
             * the outside cannot be dumped (S22), and when the sidecar starts again. */
            close(watch);
        }
        nanosleep(&(struct timespec){ pause_ms / 1000, pause_ms % 1000 * 1000000L }, NULL);
        pause_ms = pause_ms * 2 < LONGEST_PAUSE_MS ? pause_ms * 2 : LONGEST_PAUSE_MS;
    }
    return NULL;
}

int main(void)
{
    char *directory = getenv("SYSGENID_DIR");
    pthread_t thread;
    char line[256];

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (pthread_create(&thread, NULL, watchdog, directory ? directory : "/run/sysgenid") != 0)
        return 1;

    /* Seeded by the watchdog, behind its first read: a seed that is older than the connection might be a copy already. */
    pthread_mutex_lock(&lock);
    while (!is_seeded)
        pthread_cond_wait(&first_seed, &lock);
    pthread_mutex_unlock(&lock);

    while (fgets(line, sizeof line, stdin) != NULL)
        mint();
    return 0;
}
