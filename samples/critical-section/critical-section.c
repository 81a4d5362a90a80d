/* Workflow 3, critical section: compare the mapped counter before AND after using a secret, rebuild, ack, retry.
 *
 * For each line of its input the program uses its key, and waits for one more line in the middle of it, so that you
 * can move the generation there. A check before alone is racy: the restore may come between the check and the use.
 * With the second check nothing leaves the section that was made with a key which exists twice.
 *
 *   samples/run.sh critical-section c        Environment: SYSGENID_DIR, default /run/sysgenid */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SHORTEST_PAUSE_MS 10
#define LONGEST_PAUSE_MS 1000

static const uint32_t *page; /* Offset 0 is all that is needed of it; it is the last field stored at a bump. */
static uint64_t key;
static uint32_t key_generation;

static struct {
    struct sockaddr_un address;
    int socket; /* -1: not connected, the page works all the same */
    int pause_ms;
} watch = { .socket = -1, .pause_ms = SHORTEST_PAUSE_MS };

static uint32_t generation_now(void)
{
    /* Acquire: the use of the key cannot be moved in front of it. */
    return __atomic_load_n(page, __ATOMIC_ACQUIRE);
}

static void disconnect(void)
{
    close(watch.socket);
    watch.socket = -1;
}

/* Tells who waits for the watchers that this one has adapted. Nobody there: said when connected again. */
static void acknowledge(void)
{
    if (watch.socket >= 0 && send(watch.socket, &key_generation, sizeof key_generation, MSG_NOSIGNAL) != sizeof key_generation)
        disconnect();
}

static void renew_key(void)
{
    do {
        key_generation = generation_now(); /* before the entropy: a restore right behind it is seen */
        while (getrandom(&key, sizeof key, 0) != sizeof key)
            ;
    } while (generation_now() != key_generation);
    printf("generation %u: new key\n", key_generation);
    acknowledge();
}

/* The section: something that uses the key and takes a while. */
static int sign(uint64_t *signature)
{
    char line[256];
    printf("signing with the key of generation %u; Enter to finish\n", key_generation);
    if (fgets(line, sizeof line, stdin) == NULL)
        return 0;
    *signature = (key ^ key >> 29) * 6364136223846793005u;
    return 1;
}

static int sign_with_a_key_of_our_own(void)
{
    uint64_t signature;
    for (;;) {
        if (generation_now() != key_generation)
            renew_key();
        if (!sign(&signature))
            return 0;
        /* The fence keeps the use of the key in front of the second look. */
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (generation_now() == key_generation)
            break;
        printf("generation %u came in between: thrown away, once more\n", generation_now());
    }
    printf("signature %016llx of generation %u\n", (unsigned long long)signature, key_generation);
    return 1;
}

static void connect_again(void)
{
    watch.socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(watch.socket, (struct sockaddr *)&watch.address, sizeof watch.address) == 0) {
        watch.pause_ms = SHORTEST_PAUSE_MS;
        acknowledge(); /* the first word says what was handled last (S23) */
        return;
    }
    disconnect();
    watch.pause_ms = watch.pause_ms * 2 < LONGEST_PAUSE_MS ? watch.pause_ms * 2 : LONGEST_PAUSE_MS;
}

/* Waits for input. A program that does nothing adapts all the same, or wait-watchers would wait for its next use. */
static void wait_for_input(void)
{
    for (;;) {
        struct pollfd entries[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = watch.socket, .events = POLLIN } };
        if (poll(entries, 2, watch.socket < 0 ? watch.pause_ms : -1) < 0 && errno != EINTR)
            return;
        if (watch.socket < 0)
            connect_again();
        else if (entries[1].revents) {
            uint32_t word; /* a wake-up; the page says the same, and is never older */
            if (recv(watch.socket, &word, sizeof word, MSG_WAITALL) != sizeof word)
                disconnect(); /* a checkpoint is being taken (S22), or the sidecar starts again */
        }
        if (generation_now() != key_generation)
            renew_key();
        else if (entries[1].revents)
            acknowledge(); /* told once more: an ack of ours was void */
        if (entries[0].revents)
            return;
    }
}

int main(void)
{
    const char *directory = getenv("SYSGENID_DIR") ? getenv("SYSGENID_DIR") : "/run/sysgenid";
    char path[sizeof watch.address.sun_path], line[256];

    setvbuf(stdin, NULL, _IONBF, 0); /* poll must see every line */
    setvbuf(stdout, NULL, _IOLBF, 0);
    watch.address.sun_family = AF_UNIX;
    if (snprintf(path, sizeof path, "%s/generation", directory) >= (int)sizeof path ||
        snprintf(watch.address.sun_path, sizeof path, "%s/watch.sock", directory) >= (int)sizeof path) {
        fprintf(stderr, "%s is too long for a socket's path\n", directory);
        return 1;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *page, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) {
        fprintf(stderr, "no page at %s: %s\n", path, strerror(errno));
        return 1;
    }
    close(file); /* the mapping stays, across checkpoints too */
    page = mapped;

    renew_key();
    connect_again();
    for (;;) {
        wait_for_input();
        if (fgets(line, sizeof line, stdin) == NULL || !sign_with_a_key_of_our_own())
            return 0;
    }
}
