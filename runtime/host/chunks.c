/* SPDX-License-Identifier: Apache-2.0 */
/* The stream is cut into chunks, where records are likely to meet: read by who
 * needs one, since what one core has read it has near. */
#include "host/jobs.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NEAR_END = 16 * 1024 };

void
jobs_cut(struct host_jobs *jobs, const struct mr_input *in)
{
    size_t n = in->end - in->start;
    struct stat st;
    off_t at = -1;

    memcpy(jobs->carry, in->at + in->start, n);
    memcpy(jobs->carry + n, in->at + in->end + MR_PADDING, in->held);
    jobs->carry_n = n + in->held;
    jobs->offset = in->offset + in->start;
    jobs->starts = true;
    if (fstat(jobs->m->in_fd, &st) == 0 && S_ISREG(st.st_mode))
        at = lseek(jobs->m->in_fd, 0, SEEK_CUR);
    jobs->is_file = at >= 0;
    jobs->base = at - (off_t)(jobs->offset + jobs->carry_n);
}

void
jobs_cut_done(struct host_jobs *jobs, const struct mr_input *in)
{
    if (jobs->is_file)
        (void)lseek(jobs->m->in_fd, jobs->base +
                    (off_t)(in->offset + in->end + in->held), SEEK_SET);
}

static long
read_file(const struct host_jobs *jobs, char *p, size_t n, uint64_t offset)
{
    ssize_t got;

    do
        got = pread(jobs->m->in_fd, p, n, jobs->base + (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Of a file only the place of the cut is read: near the chunk's end, else
 * anywhere. What can't be read there is told by who comes there. */
static size_t
cut_file(struct host_jobs *jobs, struct slot *s, const struct host_seam *seam)
{
    size_t looked[] = { NEAR_END, CHUNK };

    s->n = CHUNK;
    for (size_t i = 0; i < 2; i++) {
        size_t front = CHUNK - looked[i], n;

        if (read_file(jobs, s->raw, looked[i], jobs->offset + front) !=
            (long)looked[i]) {
            s->last = true;
            s->n = SIZE_MAX;
            return 0;
        }
        n = host_seam_find(seam, s->raw, looked[i]);
        if (n > 0)
            return front + n;
    }
    return 0;
}

/* Up to a whole chunk of the stream. */
static size_t
cut_stream(struct host_jobs *jobs, struct slot *s,
           const struct host_seam *seam)
{
    size_t n;

    memcpy(s->raw, jobs->carry, jobs->carry_n);
    s->n = jobs->carry_n;
    jobs->carry_n = 0;
    while (s->n < CHUNK && !s->last) {
        long got = host_read(jobs->m, s->raw + s->n, CHUNK - s->n);

        if (got < 0)
            s->error = errno;
        s->last = got <= 0;
        s->n += got > 0 ? (size_t)got : 0;
    }
    n = s->last ? 0 : host_seam_find(seam, s->raw, s->n);
    if (n > 0) {
        jobs->carry_n = s->n - n;
        memcpy(jobs->carry, s->raw + n, jobs->carry_n);
    }
    return n;
}

/* Without the lock; `reading` is set. */
static void
fill(struct host_jobs *jobs, struct slot *s, const struct host_seam *seam)
{
    size_t n;

    s->last = false;
    s->error = 0;
    s->offset = jobs->offset;
    s->starts = jobs->starts;
    n = jobs->is_file ? cut_file(jobs, s, seam) : cut_stream(jobs, s, seam);
    if (n > 0)
        s->n = n;
    jobs->starts = s->ends = n > 0;
    jobs->offset += s->n;
}

long
jobs_read(struct worker *w, char *p, size_t n)
{
    struct slot *s = slot_of(w->jobs, w->chunk);
    long got;

    n = n < s->n - w->at ? n : s->n - w->at;
    got = (long)n;
    if (w->jobs->is_file)
        got = read_file(w->jobs, p, n, s->offset + w->at);
    else
        memcpy(p, s->raw + w->at, n);
    w->at += got > 0 ? (size_t)got : 0;
    return got;
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
