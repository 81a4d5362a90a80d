/* aws-lc-client LOG: uses /dev/sysgenid exactly as AWS-LC does: once per process it looks for the file,
 * opens it read only, maps 4 bytes and keeps them; the descriptor stays open. A file that is there but
 * cannot be used turns its detection off for good, which is reported as `failed`.
 *
 *   value VALUE       the first value, and every other one */
#include "report.h"
#include <sys/stat.h>

#define DEVICE "/dev/sysgenid"
#define PERIOD_US 1000

int main(int argc, char **argv)
{
    if (argc != 2)
        return 100;
    begin(argv[1]);
    struct stat status;
    if (stat(DEVICE, &status) != 0)
        fail("stat");
    int device = open(DEVICE, O_RDONLY);
    if (device < 0)
        fail("open");
    void *mapping = mmap(NULL, sizeof(uint32_t), PROT_READ, MAP_SHARED, device, 0);
    if (mapping == MAP_FAILED)
        fail("mmap");
    const volatile uint32_t *generation = mapping;
    uint32_t last = *generation;
    report("value %u", last);
    for (;;) {
        uint32_t value = *generation;
        if (value != last)
            report("value %u", value);
        last = value;
        usleep(PERIOD_US);
    }
}
