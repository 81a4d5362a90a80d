/* token-minter LOG [DIRECTORY] [--fork]: mints tokens from state kept in memory, seeded once.
 *
 * With the DIRECTORY of SysGenId (/run/sysgenid) it does what a careful program does:
 *   - it compares the generation before and after it uses its state, and seeds anew when it moved;
 *   - it keeps a connection to the watch socket and acknowledges what it has handled.
 * --fork makes two copies of the running program, as two restores of one checkpoint would.
 *
 * Each line of LOG: TOKEN GENERATION. Ready to be checkpointed: the log is opened for each line only. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PERIOD_MS 10

static uint64_t state;
static const volatile uint32_t *generation = &(const uint32_t){ 0 };
static uint32_t seeded_in;

static void seed(void)
{
    seeded_in = *generation;
    while (getrandom(&state, sizeof state, 0) != sizeof state)
        ;
}

static uint64_t mint(void)
{
    for (;;) {
        if (*generation != seeded_in)
            seed();
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint64_t token = state ^ state >> 29;
        if (*generation == seeded_in) /* not moved while we used the state: nobody else has this token */
            return token;
    }
}

static int connect_to(const char *directory)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s/watch.sock", directory);
    int watch = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(watch, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(watch, &seeded_in, 4, MSG_NOSIGNAL) == 4) /* "I last handled this generation" */
        return watch;
    close(watch);
    return -1;
}

/* Waits a moment, or until the watch socket has news; returns the connection, or -1 when it ended. */
static int listen_for_news(int watch)
{
    struct pollfd entry = { .fd = watch, .events = POLLIN };
    if (poll(&entry, 1, PERIOD_MS) < 1)
        return watch;
    uint32_t word;
    if (recv(watch, &word, 4, MSG_WAITALL) != 4) {
        close(watch);
        return -1; /* a checkpoint is being taken: connect again */
    }
    mint();
    send(watch, &seeded_in, 4, MSG_NOSIGNAL); /* handled */
    return watch;
}

int main(int argc, char **argv)
{
    const char *log = argv[1], *directory = argc > 2 && argv[2][0] == '/' ? argv[2] : NULL;
    if (argc < 2)
        return 2;
    if (directory != NULL) {
        char path[200];
        snprintf(path, sizeof path, "%s/generation", directory);
        int page = open(path, O_RDONLY);
        generation = mmap(NULL, 4, PROT_READ, MAP_SHARED, page, 0);
        close(page);
        if (generation == MAP_FAILED)
            return 3;
    }
    seed();
    char name[200];
    snprintf(name, sizeof name, "%s", log);
    if (strcmp(argv[argc - 1], "--fork") == 0 && fork() == 0)
        snprintf(name, sizeof name, "%s-copy", log);
    for (int watch = -1;;) {
        if (directory != NULL && watch < 0)
            watch = connect_to(directory);
        watch = listen_for_news(watch);
        char line[64];
        uint64_t token = mint();
        int length = snprintf(line, sizeof line, "%016llx %u\n", (unsigned long long)token, seeded_in);
        int file = open(name, O_WRONLY | O_APPEND | O_CREAT, 0644);
        if (write(file, line, length) != length)
            return 4;
        close(file);
    }
}
