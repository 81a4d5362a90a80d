/* What a load of the counter costs: a u32 in a read-only shared mapping of a file against one in
   private memory. Each load's address depends on the value before, so nothing overlaps.

     load ROUNDS [FILE]        FILE: a counter page; a file of its own otherwise */
#include "clock.h"
#include <fcntl.h>

enum { LOADS = 2000000 };

static double chain(const volatile uint32_t *word, uint32_t zero)
{
    uint32_t value = 0;
    int64_t start = now_ns();
    for (int i = 0; i < LOADS; i++)
        value = word[value & zero];
    int64_t end = now_ns();
    __asm__ volatile("" : : "r"(value));
    return (double)(end - start) / LOADS;
}

static int own_file(void)
{
    char path[] = "/dev/shm/load-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0 || ftruncate(fd, 4096) < 0)
        die(path);
    unlink(path);
    return fd;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    int rounds = atoi(argv[1]);
    int fd = argc > 2 ? open(argv[2], O_RDONLY) : own_file();
    const volatile uint32_t *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (fd < 0 || page == MAP_FAILED)
        die("page");
    uint32_t *private = aligned_alloc(4096, 4096);
    memset(private, 0, 4096);
    private[0] = page[0];
    volatile uint32_t zero = 0;
    double *mapped = calloc(rounds, sizeof(double)), *plain = calloc(rounds, sizeof(double));
    for (int r = -2; r < rounds; r++) {
        plain[r < 0 ? 0 : r] = chain(private, zero);
        mapped[r < 0 ? 0 : r] = chain(page, zero);
    }
    printf("{\"unit\":\"ns\",");
    print_distribution("page", mapped, rounds);
    printf(",");
    print_distribution("private", plain, rounds);
    printf("}\n");
    return 0;
}
