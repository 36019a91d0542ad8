/* SPDX-License-Identifier: Apache-2.0 */
/* The stream is cut into chunks, where records are likely to meet: read by who
 * needs one, since what one core has read it has near. */
#include <errno.h>

#include "host/jobs.h"

/* Up to a whole chunk of the stream. */
static void
read_chunk(struct host_jobs *jobs, struct slot *s)
{
    memcpy(s->raw, jobs->carry, jobs->carry_n);
    s->n = jobs->carry_n;
    jobs->carry_n = 0;
    s->last = false;
    s->error = 0;
    while (s->n < CHUNK && !s->last) {
        long got = mr_read_fd(&jobs->m->in_fd, s->raw + s->n, CHUNK - s->n);

        if (got < 0)
            s->error = errno;
        s->last = got <= 0;
        s->n += got > 0 ? (size_t)got : 0;
    }
}

/* Without the lock; `reading` is set. */
static void
fill(struct host_jobs *jobs, struct slot *s, const struct host_seam *seam)
{
    size_t n;

    read_chunk(jobs, s);
    n = s->last ? 0 : host_seam_find(seam, s->raw, s->n);
    if (n > 0) {
        jobs->carry_n = s->n - n;
        memcpy(jobs->carry, s->raw + n, jobs->carry_n);
        s->n = n;
    }
    s->ends = n > 0;
    s->starts = jobs->starts;
    s->spot = jobs->spot;
    jobs->starts = s->ends;
    jobs->spot = mr_spot_behind(s->spot, s->raw, s->n);
}

static struct slot *
read_next(struct host_jobs *jobs)
{
    struct slot *s = slot_of(jobs, jobs->tail);
    struct host_seam seam = jobs->seam;

    jobs->reading = true;
    pthread_mutex_unlock(&jobs->lock);
    fill(jobs, s, &seam);
    pthread_mutex_lock(&jobs->lock);
    jobs->reading = false;
    jobs->sealed = s->last;
    jobs->tail++;
    s->owner = NULL;
    s->done = false;
    pthread_cond_broadcast(&jobs->changed);
    return s;
}

static bool
is_full(struct host_jobs *jobs)
{
    return jobs->tail - jobs->head == jobs->n_slots ||
           slot_of(jobs, jobs->tail)->users > 0;
}

static void
enter(struct slot *s, struct worker *w, uint64_t chunk)
{
    s->owner = w;
    s->users++;
    w->chunk = chunk;
    w->at = 0;
}

bool
jobs_take(struct host_jobs *jobs, struct worker *w)
{
    while (!jobs->over && !jobs->sealed) {
        if (jobs->reading || is_full(jobs)) {
            pthread_cond_wait(&jobs->changed, &jobs->lock);
        } else {
            struct slot *s = read_next(jobs);

            if (!s->starts)
                continue;       /* left to who comes there */
            enter(s, w, jobs->tail - 1);
            w->past = false;
            atomic_store(&w->cancelled, false);
            return true;
        }
    }
    return false;
}

void
jobs_leave(struct host_jobs *jobs, struct worker *w)
{
    slot_of(jobs, w->chunk)->users--;
    pthread_cond_broadcast(&jobs->changed);
}

bool
jobs_go_on(struct host_jobs *jobs, struct worker *w)
{
    struct slot *s;

    while (!jobs->over && jobs->tail == w->chunk + 1) {
        if (jobs->reading || is_full(jobs))
            pthread_cond_wait(&jobs->changed, &jobs->lock);
        else
            (void)read_next(jobs);
    }
    if (jobs->over)
        return false;
    jobs_leave(jobs, w);
    jobs->head = w->chunk + 1;
    s = slot_of(jobs, jobs->head);
    if (s->owner != NULL)
        atomic_store(&s->owner->cancelled, true);
    s->done = false;
    s->out.n = s->out.mark = 0;
    host_notes_clear(&s->notes);
    enter(s, w, jobs->head);
    w->past = true;
    return true;
}
