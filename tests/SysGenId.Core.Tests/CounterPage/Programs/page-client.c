/* A client of the counter page that shares no code with the writer. Usage: page-client VERB PATH LAST
 * It exits with 0 once it has seen the generation LAST, with 1 and a word when it saw what must not be. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile uint8_t *page;
static uint32_t last, seen;

static void finish(int code, const char *word) {
    printf("%s\n", word);
    exit(code);
}

static uint32_t word(int offset) { return __atomic_load_n((volatile uint32_t *)(page + offset), __ATOMIC_ACQUIRE); }

/* One look at offset 0: the only field a client of the kernel's device knows. */
static uint32_t look(void) {
    uint32_t now = word(0);
    if (now < seen) finish(1, "lower");
    seen = now;
    if (now == last) finish(0, "last");
    return now;
}

/* The test writes every field as a function of the generation. */
static void look_at_all(void) {
    uint8_t copy[56];
    uint32_t before = word(4);
    for (int i = 0; i < 56; i++) copy[i] = page[i];
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if ((before & 1) != 0 || before != word(4)) return;

    uint32_t generation, watchers, outdated;
    int64_t time;
    memcpy(&generation, copy, 4);
    memcpy(&time, copy + 32, 8);
    memcpy(&outdated, copy + 48, 4);
    memcpy(&watchers, copy + 52, 4);
    uint32_t id = (uint32_t)copy[16] << 24 | copy[17] << 16 | copy[18] << 8 | copy[19];
    if (memcmp(copy + 8, "SGID", 4) != 0) finish(1, "no mark");
    if (id != generation || time != (int64_t)generation * 1000) finish(1, "torn");
    if (watchers != (generation & 0xffff) || outdated != (generation & 0xff)) finish(1, "torn counts");
    look();
}

static void try_to_write(const char *path) {
    if (open(path, O_RDWR) >= 0 || errno != EACCES) finish(1, "opened for writing");
    int fd = open(path, O_RDONLY);
    if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED || errno != EACCES) finish(1, "mapped for writing");
    void *readable = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (mprotect(readable, 4096, PROT_READ | PROT_WRITE) == 0 || errno != EACCES) finish(1, "made writable");
    finish(0, "refused");
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const char *verb = argv[1];
    last = (uint32_t)strtoul(argv[3], NULL, 10);
    if (strcmp(verb, "write") == 0) try_to_write(argv[2]);

    int fd = open(argv[2], O_RDONLY);
    int notify = inotify_init1(0);
    if (inotify_add_watch(notify, argv[2], IN_MODIFY) < 0) finish(2, "inotify");
    page = mmap(NULL, strcmp(verb, "spin") == 0 ? 4 : 4096, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (page == MAP_FAILED) finish(2, "mmap");
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        if (strcmp(verb, "all") == 0) look_at_all();
        uint32_t now = look();
        char events[4096];
        if (strcmp(verb, "futex") == 0) syscall(SYS_futex, page, FUTEX_WAIT, now, NULL, NULL, 0);
        if (strcmp(verb, "inotify") == 0 && read(notify, events, sizeof events) < 0) finish(2, "read");
    }
}
