/* Whole-process time, start to reaped, of several programs in turn, in the caller's environment.

     spawn ROUNDS PROGRAM...

   Every start has a parent of its own, as every CRIU run is a process of its own: the agent
   answers a second call from the same parent without work. */
#include "clock.h"
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static double start_once(char *program)
{
    static double *elapsed;
    if (!elapsed)
        elapsed = shared(4096);
    pid_t parent = fork_child();
    if (parent == 0) {
        char *arguments[] = { program, NULL };
        pid_t child;
        int status;
        int64_t start = now_ns();
        if (posix_spawn(&child, program, NULL, NULL, arguments, environ) != 0)
            die(program);
        waitpid(child, &status, 0);
        *elapsed = (now_ns() - start) / 1e3;
        if (status != 0)
            fprintf(stderr, "%s: status %d\n", program, status);
        _exit(status != 0);
    }
    int status;
    waitpid(parent, &status, 0);
    if (status != 0)
        exit(1);
    return *elapsed;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    int rounds = atoi(argv[1]), count = argc - 2;
    double *samples[count];
    for (int p = 0; p < count; p++)
        samples[p] = calloc(rounds, sizeof(double));
    for (int r = -3; r < rounds; r++)
        for (int p = 0; p < count; p++) {
            samples[p][r < 0 ? 0 : r] = start_once(argv[p + 2]);
            settle();
        }
    printf("{\"unit\":\"us\"");
    for (int p = 0; p < count; p++) {
        printf(",");
        print_distribution(strrchr(argv[p + 2], '/') ? strrchr(argv[p + 2], '/') + 1 : argv[p + 2], samples[p], rounds);
    }
    printf("}\n");
    return 0;
}
