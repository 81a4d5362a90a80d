/* What every baseline program shares: one clock, shared memory, one way to print a distribution. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static inline int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static inline void *shared(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        die("mmap");
    return p;
}

/* A forked process that ends with its parent, however that one ends. */
static inline pid_t fork_child(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pid;
}

/* Lets the machine become idle between two rounds, so that one does not pay for the other. */
static inline void settle(void)
{
    struct timespec t = { 0, 5000000 };
    nanosleep(&t, NULL);
}

static inline int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* "name":{"median":..,"p99":..,"samples":[..]} in the order measured. */
static inline void print_distribution(const char *name, const double *samples, int count)
{
    double *sorted = malloc(sizeof *sorted * count);
    memcpy(sorted, samples, sizeof *sorted * count);
    qsort(sorted, count, sizeof *sorted, by_value);
    printf("\"%s\":{\"median\":%.4g,\"p99\":%.4g,\"samples\":[", name, sorted[count / 2],
           sorted[count * 99 / 100]);
    for (int i = 0; i < count; i++)
        printf(i ? ",%.4g" : "%.4g", samples[i]);
    printf("]}");
    free(sorted);
}
