/* A crowd of processes that all sleep until something happens, and stamp the moment they woke. */
#pragma once
#include "clock.h"
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>

struct member {
    _Alignas(64) int64_t woke;
};

struct crowd {
    int size;
    _Alignas(64) _Atomic uint32_t arrived;
    _Alignas(64) _Atomic uint32_t done;
    _Atomic uint32_t ack;
    struct member members[];
};

static inline long futex(const void *word, int op, uint32_t value, const struct timespec *timeout)
{
    return syscall(SYS_futex, word, op, value, timeout, NULL, 0);
}

static inline struct crowd *crowd_new(int size)
{
    struct crowd *c = shared(sizeof *c + size * sizeof(struct member));
    c->size = size;
    return c;
}

/* Called by a member. The last one to arrive wakes the conductor, so that nobody polls meanwhile. */
static inline void crowd_arrive(struct crowd *c, int member)
{
    c->members[member].woke = now_ns();
    if (atomic_fetch_add(&c->arrived, 1) + 1 == (uint32_t)c->size) {
        atomic_store(&c->done, 1);
        futex(&c->done, FUTEX_WAKE, 1, NULL);
    }
}

static inline void crowd_reset(struct crowd *c)
{
    atomic_store(&c->arrived, 0);
    atomic_store(&c->done, 0);
}

static inline void crowd_wait(struct crowd *c, const char *what)
{
    struct timespec limit = { 10, 0 };
    while (!atomic_load(&c->done))
        if (futex(&c->done, FUTEX_WAIT, 0, &limit) < 0 && errno == ETIMEDOUT) {
            fprintf(stderr, "%s: only %u of %d awake after 10 s\n", what, atomic_load(&c->arrived), c->size);
            exit(1);
        }
}

static inline int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Microseconds from `start` until the first, the middle and the last member woke. */
static inline void crowd_times(struct crowd *c, int64_t start, double *first, double *half, double *last)
{
    int64_t woke[c->size];
    for (int i = 0; i < c->size; i++)
        woke[i] = c->members[i].woke;
    qsort(woke, c->size, sizeof *woke, by_time);
    *first = (woke[0] - start) / 1e3;
    *half = (woke[c->size / 2] - start) / 1e3;
    *last = (woke[c->size - 1] - start) / 1e3;
}
