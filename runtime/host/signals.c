/* SPDX-License-Identifier: Apache-2.0 */
/* A clean stop: a thread waits for the signals, so that no handler has to do
 * anything. The second signal takes its usual, sudden way; that is safe, too,
 * only slower to come back from. */
#include "host/signals.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static void
stop_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
}

static void *
watch(void *arg)
{
    const struct timespec at_once = { 0, 0 };
    struct stop *s = arg;
    sigset_t set;
    int which;

    stop_signals(&set);
    if (sigwait(&set, &which) != 0)
        return NULL;
    atomic_store(&s->asked, true);
    http_wake(s->client);
    /* Some send the same signal twice at once: to us, and to our group. */
    sleep(1);
    sigtimedwait(&set, NULL, &at_once);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    for (;;)
        pause();
    return NULL;
}

void
signals_begin(struct stop *s, struct http_client *client)
{
    sigset_t set;

    s->client = client;
    stop_signals(&set);
    s->watched = pthread_sigmask(SIG_BLOCK, &set, NULL) == 0 &&
                     pthread_create(&s->thread, NULL, watch, s) == 0;
    /* Without the thread they end it the sudden way; blocked, not at all. */
    if (!s->watched)
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void
signals_end(struct stop *s)
{
    if (!s->watched)
        return;
    pthread_cancel(s->thread);
    pthread_join(s->thread, NULL);
    s->watched = false;
}
