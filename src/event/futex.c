/* futex.c - sleeping on a word that several processes share; see layout.h. */
#include "config.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "layout.h"

void
futex_wait(_Atomic uint32_t *word, uint32_t value)
{
    const struct timespec most = { .tv_sec = 1 };

    syscall(SYS_futex, word, FUTEX_WAIT, value, &most, NULL, 0);
}

static void
wake_all(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void
ring_wake_waiters(struct ring *ring)
{
    if (atomic_load(&ring->waiters) != 0 && atomic_exchange(&ring->waiters, 0) != 0)
        wake_all(&ring->waiters);
}
