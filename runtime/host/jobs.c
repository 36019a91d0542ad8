/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several lanes for one stream: guess, then prove. The stream is cut where
 * records are likely to meet, and each chunk is read by a worker as if its
 * reader stood there as it did behind the first records. The worker in front
 * knows that it began right. Where it ends a record exactly at the end of its
 * chunk, with its reader in that same state, the next chunk was begun right,
 * too. Else the next one's results are thrown away, and the worker in front
 * reads on through it, as one lane would. So nothing depends on the guess; and
 * a document of any size is only more than one chunk.
 *
 * Results are put out in order: who is not in front keeps them, and waits with
 * what it can not know: where the stream goes on behind its chunk.
 */
#include "host/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    HELD_MAX = 1536 * 1024,     /* bytes of results that are kept */
    READY_AT = 128 * 1024,      /* bytes read before others join */
    SAMPLES = 4
};

/* Until w is in front, and has said all. false: it is not needed any more, or
 * its output can't be written (the lane's error). */
static bool
wait_front(struct worker *w)
{
    struct host_jobs *jobs = w->jobs;
    struct host_lane *lane = w->lane;
    struct host_part part;
    bool mine;

    if (lane->front)
        return true;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->over && !atomic_load(&w->cancelled) &&
           (jobs->head != w->chunk || jobs->draining))
        pthread_cond_wait(&jobs->changed, &jobs->lock);
    mine = !jobs->over && !atomic_load(&w->cancelled);
    part = jobs->part;
    pthread_mutex_unlock(&jobs->lock);
    return mine && host_lane_to_front(lane, &part) == MR_OK;
}

static bool
go_on(struct worker *w)
{
    struct host_jobs *jobs = w->jobs;
    bool ok;

    if (!wait_front(w))
        return false;
    pthread_mutex_lock(&jobs->lock);
    ok = jobs_go_on(jobs, w);
    pthread_mutex_unlock(&jobs->lock);
    return ok;
}

/* A lane's read function. */
static long
read_slot(void *arg, char *p, size_t n)
{
    struct worker *w = arg;

    for (;;) {
        struct slot *s = slot_of(w->jobs, w->chunk);

        /* A file may have become shorter: that is its end. */
        if (w->at < s->n)
            return jobs_read(w, p, n);
        if (s->last) {
            errno = s->error;
            return s->error == 0 ? 0 : -1;
        }
        if (!go_on(w)) {
            errno = ECANCELED;
            return -1;
        }
    }
}

/* The lane as it was behind the first records, in front of its chunk. */
static enum mr_status
begin(struct worker *w)
{
    struct host_lane *lane = w->lane;
    struct host_jobs *jobs = w->jobs;

    mr_cx_next(&lane->cx);
    lane->cx.error.status = MR_OK;
    lane->in.read = read_slot;
    lane->in.arg = w;
    mr_input_start_at(&lane->in, slot_of(jobs, w->chunk)->offset);
    lane->out.n = lane->out.mark = 0;
    lane->out.hold = true;
    lane->writer.records = 1;   /* what is in front of all is written */
    lane->front = false;
    host_notes_clear(&lane->notes);
    memset(&lane->counts, 0, sizeof lane->counts);
    return mr_reader_copy(&lane->cx, &lane->reader, &jobs->state);
}

/* Is what follows another worker's, who began right? */
static bool
is_complete(const struct worker *w)
{
    const struct slot *s = slot_of(w->jobs, w->chunk);

    return s->ends && w->at == s->n && mr_input_is_empty(&w->lane->in) &&
           mr_reader_alike(&w->lane->reader, &w->jobs->state);
}

/* The stream ends with what w met. With the lock. */
static void
end_all(struct worker *w, enum mr_status st)
{
    struct host_jobs *jobs = w->jobs;

    jobs->over = true;
    jobs->last = w;
    jobs->end = st;
    if (jobs->stop >= 0)
        close(jobs->stop);
    jobs->stop = -1;
    pthread_cond_broadcast(&jobs->changed);
}

/* The results of a slot are out. */
static void
pass(struct host_jobs *jobs, const struct slot *s)
{
    host_counts_add(&jobs->counts, &s->counts);
    jobs->part.documents = jobs->counts.documents;
    jobs->part.line += s->line - 1;
    if (s->line > 1)
        jobs->part.line_start = s->line_start;
    jobs->head++;
}

/* Puts out all results that are next, unless another does. With the lock. */
static void
drain(struct worker *w)
{
    struct host_jobs *jobs = w->jobs;
    enum mr_status st = MR_OK;

    if (jobs->draining)
        return;
    jobs->draining = true;
    while (!jobs->over && st == MR_OK && jobs->head < jobs->tail &&
           slot_of(jobs, jobs->head)->done) {
        struct slot *s = slot_of(jobs, jobs->head);

        pthread_mutex_unlock(&jobs->lock);
        host_notes_say(jobs->m->h, &s->notes, &jobs->part);
        st = mr_output_flush(&w->lane->cx, &s->out);
        pthread_mutex_lock(&jobs->lock);
        pass(jobs, s);
        pthread_cond_broadcast(&jobs->changed);
    }
    jobs->draining = false;
    pthread_cond_broadcast(&jobs->changed);
    if (st != MR_OK)
        end_all(w, st);
}

/* The results of w's chunk are for its slot. */
static void
complete(struct worker *w)
{
    struct host_jobs *jobs = w->jobs;
    struct host_lane *lane = w->lane;
    struct slot *s = slot_of(jobs, w->chunk);
    struct mr_output out = s->out;

    pthread_mutex_lock(&jobs->lock);
    if (!jobs->over && !atomic_load(&w->cancelled)) {
        s->out = lane->out;
        lane->out = out;
        host_notes_move(&s->notes, &lane->notes);
        s->counts = lane->counts;
        memset(&lane->counts, 0, sizeof lane->counts);
        s->line = mr_input_line(&lane->in, &s->line_start);
        s->owner = NULL;
        s->done = true;
        jobs_leave(jobs, w);
        drain(w);
    } else {
        jobs_leave(jobs, w);
    }
    pthread_mutex_unlock(&jobs->lock);
}

/* The stream ended, or can't be read on: true where w is to say so. */
static void
meet_end(struct worker *w, enum mr_status st)
{
    struct host_jobs *jobs = w->jobs;
    struct mr_error *e = &w->lane->cx.error;
    bool front = wait_front(w);

    pthread_mutex_lock(&jobs->lock);
    /* Output may have failed on the way. */
    if ((front || e->status == MR_EWRITE) && !jobs->over)
        end_all(w, e->status != MR_OK ? e->status : st);
    jobs_leave(jobs, w);
    pthread_mutex_unlock(&jobs->lock);
}

static void
learn(struct worker *w)
{
    const struct mr_input *in = &w->lane->in;

    if (in->start < SEAM_SIDE || in->end - in->start < SEAM_SIDE)
        return;
    pthread_mutex_lock(&w->jobs->lock);
    host_seam_learn(&w->jobs->seam, in->at + in->start);
    pthread_mutex_unlock(&w->jobs->lock);
}

static void
do_chunk(struct worker *w)
{
    struct host_lane *lane = w->lane;
    enum mr_status st = begin(w);

    while (st == MR_OK && !atomic_load(&w->cancelled)) {
        st = host_lane_next(lane);
        if (st != MR_OK)
            break;
        if (is_complete(w)) {
            complete(w);
            return;
        }
        if (w->past)
            learn(w);
        if (!lane->front && lane->out.n + host_notes_size(&lane->notes) >
                                HELD_MAX && !wait_front(w))
            st = MR_EREAD;
    }
    meet_end(w, st);
}

static void *
work(void *arg)
{
    struct worker *w = arg;
    bool more;

    do {
        pthread_mutex_lock(&w->jobs->lock);
        more = jobs_take(w->jobs, w);
        pthread_mutex_unlock(&w->jobs->lock);
        if (more)
            do_chunk(w);
    } while (more);
    return NULL;
}

/* --- beginning and end --- */

static bool
make(struct host_jobs *jobs, struct host_lane *first, unsigned n)
{
    jobs->workers = calloc(n, sizeof *jobs->workers);
    jobs->slots = calloc(2 * (size_t)n + 1, sizeof *jobs->slots);
    jobs->carry = malloc(CHUNK);
    if (jobs->workers == NULL || jobs->slots == NULL || jobs->carry == NULL)
        return false;
    jobs->n_slots = 2 * n + 1;
    for (unsigned i = 0; i < n; i++) {
        struct worker *w = &jobs->workers[i];

        w->jobs = jobs;
        w->lane = i == 0 ? first : &w->own;
    }
    jobs->n_workers = n;
    return true;
}

struct host_jobs *
host_jobs_new(struct host_lane *first, unsigned n)
{
    struct host_jobs *jobs = calloc(1, sizeof *jobs);

    if (jobs == NULL)
        return NULL;
    jobs->m = first->m;
    jobs->stop = -1;
    mr_cx_init(&jobs->cx, NULL);
    mr_input_init(&jobs->none, NULL, NULL);
    mr_reader_init(&jobs->state, &jobs->none, first->m->flow->from);
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->changed, NULL);
    if (make(jobs, first, n))
        return jobs;
    host_jobs_free(jobs);
    return NULL;
}

void
host_jobs_free(struct host_jobs *jobs)
{
    if (jobs->stop >= 0)
        close(jobs->stop);
    if (jobs->m->stop_fd >= 0)
        close(jobs->m->stop_fd);
    jobs->m->stop_fd = -1;
    for (unsigned i = 1; i < jobs->n_workers; i++)
        if (jobs->workers[i].own.m != NULL)
            host_lane_done(&jobs->workers[i].own);
    for (unsigned i = 0; i < jobs->n_slots; i++) {
        free(jobs->slots[i].raw);
        mr_output_done(&jobs->cx, &jobs->slots[i].out);
        host_notes_clear(&jobs->slots[i].notes);
    }
    mr_reader_done(&jobs->cx, &jobs->state);
    mr_cx_done(&jobs->cx);
    pthread_cond_destroy(&jobs->changed);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs->workers);
    free(jobs->slots);
    free(jobs->carry);
    free(jobs);
}

bool
host_jobs_ready(struct host_jobs *jobs)
{
    const struct host_lane *first = jobs->workers[0].lane;
    const struct mr_input *in = &first->in;

    if (first->writer.records == 0 || !mr_reader_may_copy(&first->reader))
        return false;
    if (jobs->seam.samples == 0 ||
        !mr_reader_alike(&first->reader, &jobs->state)) {
        jobs->seam.samples = 0;
        if (mr_reader_copy(&jobs->cx, &jobs->state, &first->reader) != MR_OK)
            return false;
    }
    learn(&jobs->workers[0]);
    return jobs->seam.samples >= SAMPLES && !in->read_eof &&
           in->offset + in->start >= READY_AT &&
           in->end - in->start + in->held <= CHUNK / 2;
}

/* Who waits for input is told when all is over. Without it they are told when
 * input comes. */
static void
open_stop(struct host_jobs *jobs)
{
    int ends[2];

    if (pipe(ends) != 0)
        return;
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    jobs->m->stop_fd = ends[0];
    jobs->stop = ends[1];
}

/* What is needed to work at once; false: no memory. */
static bool
prepare(struct host_jobs *jobs)
{
    struct mr_input *in = &jobs->workers[0].lane->in;
    bool ok = true;

    for (unsigned i = 0; i < jobs->n_slots && ok; i++) {
        struct slot *s = &jobs->slots[i];

        s->raw = malloc(CHUNK);
        mr_output_init(&s->out, mr_write_fd, &jobs->m->out_fd);
        ok = s->raw != NULL;
    }
    for (unsigned i = 1; i < jobs->n_workers && ok; i++)
        ok = host_lane_init(&jobs->workers[i].own, jobs->m) == MR_OK;
    if (!ok)
        return false;
    open_stop(jobs);
    jobs->part.documents = jobs->workers[0].lane->counts.documents;
    jobs->part.line = mr_input_line(in, &jobs->part.line_start);
    jobs_cut(jobs, in);
    return true;
}

enum mr_status
host_jobs_run(struct host_jobs *jobs, struct host_lane **last,
              struct host_counts *counts)
{
    struct host_lane *first = jobs->workers[0].lane;

    *last = first;
    if (mr_output_flush(&first->cx, &first->out) != MR_OK)
        return MR_EWRITE;
    if (!prepare(jobs))
        return mr_fail(&first->cx, MR_EMEMORY, "memory ran out");
    jobs->counts = first->counts;
    for (unsigned i = 1; i < jobs->n_workers; i++) {
        struct worker *w = &jobs->workers[i];

        w->started = pthread_create(&w->thread, NULL, work, w) == 0;
    }
    work(&jobs->workers[0]);
    for (unsigned i = 1; i < jobs->n_workers; i++)
        if (jobs->workers[i].started)
            pthread_join(jobs->workers[i].thread, NULL);
    *last = jobs->last->lane;
    jobs_cut_done(jobs, &(*last)->in);
    *counts = jobs->counts;
    host_counts_add(counts, &(*last)->counts);
    return jobs->end;
}
