/* From the hook's request until the page of the only sidecar is published, until a process that sleeps on
   it is awake, and until the answer, which lets CRIU go on.

   The page is published when its writer has stored and written it: the kernel stamps that write on the file.
   In a restore nobody is awake to see it, so a sleeper's waking is no part of it, and is told apart.
   A round during which the coarse clock ticked has a coarse stamp and is done again, ours and the baseline's.

     restored ROUNDS [AGENT_SOCKET PAGE INIT_PID]

   Baseline: the same way through two processes in C: request to the first, which writes to the
   second, which stores in a mapped file, writes the same bytes for inotify, wakes its futex and
   answers back. With an agent given, also ours: the `restored` operation for the container of
   INIT_PID, which has that page mounted. Each request comes from a process with a parent of its
   own, as the hook does from CRIU. */
#include "agent.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct times { double page, awake, answer, with_connect; int64_t sent; int stale, is_fine; };

/* Shared with the sleeper: the two pages' latest wake-ups. */
static int64_t *woke;

static int64_t written_ns(int file)
{
    struct stat s;
    if (fstat(file, &s) < 0)
        die("fstat");
    return s.st_mtim.tv_sec * 1000000000LL + s.st_mtim.tv_nsec;
}

static int64_t wall_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Linux 6.13 and later stamp a write to the nanosecond when the stamp before it was looked at and the coarse
   clock did not tick since. */
static int64_t coarse_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME_COARSE, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void stamp_finely(int file)
{
    if (futimens(file, NULL) < 0)
        die("futimens");
    written_ns(file);
    if (futimens(file, NULL) < 0)
        die("futimens");
    written_ns(file);
}

static int stamps_finely(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), fine = 0;
    if (file < 0)
        die(path);
    for (int k = 0; k < 100 && !fine; k++) {
        int64_t tick = coarse_ns();
        stamp_finely(file);
        int64_t before = wall_ns();
        if (pwrite(file, "", 1, 0) != 1)
            die("pwrite");
        fine = tick == coarse_ns() && written_ns(file) >= before;
    }
    close(file);
    unlink(path);
    return fine;
}

static _Atomic uint32_t *map_file(const char *path, int writable, int *fd)
{
    *fd = open(path, (writable ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0600);
    if (*fd < 0 || (writable && ftruncate(*fd, 4096) < 0))
        die(path);
    void *page = mmap(NULL, 4096, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, *fd, 0);
    if (page == MAP_FAILED)
        die(path);
    return page;
}

/* The second process: what a sidecar cannot do without. */
static void publisher(int fd, const char *path)
{
    char line[512];
    int file;
    ssize_t n;
    _Atomic uint32_t *page = map_file(path, 1, &file);
    while ((n = read(fd, line, sizeof line)) > 0) {
        uint32_t value = atomic_fetch_add(page, 1) + 1;
        if (pwrite(file, &value, sizeof value, 0) != sizeof value)
            die("pwrite");
        syscall(SYS_futex, page, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
        send_line(fd, "{\"op\":\"published\"}\n");
    }
    _exit(0);
}

/* The first process: what an agent cannot do without. */
static void relay(int listener, int publisher_fd)
{
    char line[512];
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        ssize_t n = read(fd, line, sizeof line);
        if (n > 0 && write(publisher_fd, line, n) == n && read(publisher_fd, line, sizeof line) > 0)
            send_line(fd, "{\"ok\":true,\"generation\":1}\n");
        close(fd);
    }
}

static void start_relay(const char *socket_path, const char *page_path)
{
    int pair[2], listener = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    snprintf(a.sun_path, sizeof a.sun_path, "%s", socket_path);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) < 0 || listen(listener, 8) < 0
        || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
        die("relay");
    if (fork_child() == 0)
        publisher(pair[1], page_path);
    if (fork_child() == 0)
        relay(listener, pair[0]);
    close(listener);
}

/* A process that sleeps on a page, and stamps when it sees another value. */
static void start_sleeper(const _Atomic uint32_t *page, int64_t *stamp)
{
    if (fork_child() != 0)
        return;
    for (uint32_t seen = atomic_load(page);; seen = atomic_load(page)) {
        while (atomic_load(page) == seen)
            syscall(SYS_futex, page, FUTEX_WAIT, seen, NULL, NULL, 0);
        *stamp = now_ns();
    }
}

static void request(const char *socket_path, const _Atomic uint32_t *page, int file, pid_t init, struct times *out)
{
    char line[256];
    uint32_t before = atomic_load(page);
    snprintf(line, sizeof line, "{\"op\":\"restored\",\"stage\":\"post-restore\",\"initPid\":%d,"
             "\"record\":{\"version\":1,\"generation\":0}}\n", init);
    int64_t tick = coarse_ns();
    stamp_finely(file);
    int64_t start = now_ns();
    int fd = connect_to(socket_path);
    int64_t connected = now_ns(), sent = wall_ns();
    send_line(fd, line);
    expect_ok(fd);
    int64_t end = now_ns();
    out->stale = atomic_load(page) == before;
    out->with_connect = (end - start) / 1e3;
    out->answer = (end - connected) / 1e3;
    out->is_fine = tick == coarse_ns();
    out->page = (written_ns(file) - sent) / 1e3;
    out->sent = connected; /* the sleeper's stamp is taken when all is quiet */
}

static struct times run(const char *socket_path, const _Atomic uint32_t *page, int file, int64_t *stamp, pid_t init)
{
    static struct times *result;
    int status;
    if (!result)
        result = shared(sizeof *result);
    pid_t criu = fork_child();
    if (criu == 0) { /* stands for CRIU */
        pid_t hook = fork_child();
        if (hook == 0) {
            request(socket_path, page, file, init, result);
            exit(0);
        }
        waitpid(hook, &status, 0);
        _exit(status != 0);
    }
    waitpid(criu, &status, 0);
    if (status != 0)
        exit(1);
    settle();
    result->awake = (*stamp - result->sent) / 1e3;
    return *result;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    char socket_path[64], page_path[64];
    int rounds = atoi(argv[1]), ways = argc > 4 ? 2 : 1, stale = 0, file[2];
    snprintf(socket_path, sizeof socket_path, "/dev/shm/relay-%d.sock", getpid());
    snprintf(page_path, sizeof page_path, "/dev/shm/relay-%d", getpid());
    if (!stamps_finely(page_path)) {
        fprintf(stderr, "this kernel stamps files too coarsely to see when a page was written; needs Linux 6.13\n");
        return 1;
    }
    const _Atomic uint32_t *page[2] = { map_file(page_path, 1, &file[0]),
                                        ways > 1 ? map_file(argv[3], 0, &file[1]) : NULL };
    const char *socket_of[2] = { socket_path, argv[2] };
    const pid_t init = ways > 1 ? atoi(argv[4]) : getpid();
    start_relay(socket_path, page_path);
    woke = shared(4096);
    double *samples[2][4];
    for (int way = 0; way < ways; way++) {
        start_sleeper(page[way], &woke[8 * way]);
        for (int k = 0; k < 4; k++)
            samples[way][k] = calloc(rounds, sizeof(double));
    }
    for (int r = -10; r < rounds; r++) {
        for (int way = 0; way < ways; way++) {
            struct times t;
            int tries = 0;
            do {
                if (++tries > 100) {
                    fprintf(stderr, "answers take longer than a tick of the coarse clock: the machine is too busy\n");
                    return 1;
                }
                t = run(socket_of[way], page[way], file[way], &woke[8 * way], init);
            } while (!t.is_fine);
            const double taken[4] = { t.page, t.awake, t.answer, t.with_connect };
            for (int k = 0; k < 4; k++)
                samples[way][k][r < 0 ? 0 : r] = taken[k];
            stale += t.stale;
        }
    }
    unlink(socket_path);
    unlink(page_path);
    static const char *const names[2][4] = { { "relay_page", "relay_awake", "relay_answer", "relay_with_connect" },
                                             { "ours_page", "ours_awake", "ours_answer", "ours_with_connect" } };
    printf("{\"unit\":\"us\",\"stale\":%d", stale);
    for (int way = 0; way < ways; way++) {
        for (int k = 0; k < 4; k++) {
            printf(",");
            print_distribution(names[way][k], samples[way][k], rounds);
        }
    }
    printf("}\n");
    return 0;
}
