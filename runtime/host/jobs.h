/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stream in chunks, and who has which. Chunks are numbered; those from
 * `head` on, less than `tail`, are in memory, in a ring of slots.
 */
#ifndef HOST_JOBS_H
#define HOST_JOBS_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "codec/resume.h"
#include "host/lane.h"
#include "host/seam.h"

/* Small enough that a chunk's results stay in a core's own cache. */
enum { CHUNK = 256 * 1024 };

struct worker {
    struct host_jobs *jobs;
    struct host_lane *lane;
    struct host_lane own;       /* *lane, but for the first worker */
    pthread_t thread;
    bool started;
    uint64_t chunk;             /* the one it is in */
    size_t at;                  /* bytes of it that were read */
    bool past;                  /* it went on behind the one it took */
    atomic_bool cancelled;      /* what it took does not begin there */
};

struct slot {
    char *raw;
    size_t n;
    uint64_t offset;            /* of raw[0] in the stream */
    bool starts, ends;          /* a record is likely to end there */
    bool last;                  /* nothing behind it */
    int error;                  /* why; 0: the stream's end */
    bool done;                  /* the results are in */
    struct worker *owner;       /* NULL: nobody's */
    unsigned users;             /* workers that may look at it */
    struct mr_output out;
    struct host_notes notes;
    struct host_counts counts;
    uint64_t line, line_start;  /* behind them, as the lane counts */
};

struct host_jobs {
    struct host_mapping *m;
    struct mr_cx cx;            /* of `state` */
    struct mr_input none;
    struct mr_reader state;     /* behind a record, as all readers start */
    struct worker *workers;
    unsigned n_workers;
    struct slot *slots;
    unsigned n_slots;
    /* Who has `reading` set has these. */
    char *carry;                /* what was read of the next chunk */
    size_t carry_n;
    uint64_t offset;            /* of the next chunk */
    bool starts;
    bool is_file;               /* each worker reads its chunk itself; then an
                                   offset of the stream is one of the file, */
    off_t base;                 /* with this added */
    /* Under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t head, tail;
    struct host_seam seam;
    bool reading;               /* someone fills the slot of `tail` */
    bool draining;              /* someone writes the results at `head` */
    bool sealed;                /* the last chunk is in */
    bool over;
    int stop;                   /* closed then: ends a wait for input; -1 */
    struct worker *last;        /* who met the end */
    enum mr_status end;
    struct host_counts counts;  /* of the chunks in front of `head` */
    struct host_part part;      /* which begins there */
};

static inline struct slot *
slot_of(struct host_jobs *jobs, uint64_t chunk)
{
    return &jobs->slots[chunk % jobs->n_slots];
}

/* --- chunks.c --- */

/* The next chunk begins where the first lane stands. */
void jobs_cut(struct host_jobs *jobs, const struct mr_input *in);
/* `in` has read all that is read: a file's offset stands behind that. */
void jobs_cut_done(struct host_jobs *jobs, const struct mr_input *in);
/* Up to n bytes of w's chunk, as a read function does; 0 at its end. */
long jobs_read(struct worker *w, char *p, size_t n);

/* The others: with the lock. */

/* A chunk for w; waits while there is no room. false: there is none left. */
bool jobs_take(struct host_jobs *jobs, struct worker *w);
/* w, in front and at the end of its chunk, goes on in the next one, whatever
 * others made of that. false: all is over. */
bool jobs_go_on(struct host_jobs *jobs, struct worker *w);
/* w does not look at its chunk any more. */
void jobs_leave(struct host_jobs *jobs, struct worker *w);

#endif
