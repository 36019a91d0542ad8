/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way documents go through a map: read, mapped, written, or told about.
 * With jobs there are several lanes, each with a part of the stream; the one
 * in front writes and speaks at once, the others keep what they have.
 */
#ifndef HOST_LANE_H
#define HOST_LANE_H

#include "codec/codec.h"
#include "host/notes.h"

/* What is done, for all lanes the same. */
struct host_mapping {
    const struct host *h;
    const struct mr_map *map;
    const struct mr_flow *flow;
    int from, to;               /* slots */
    int in_fd, out_fd;
    int stop_fd;                /* readable: what is read is not needed; -1 */
    bool pretty, show_personal;
    size_t limit;               /* of one document */
    struct mr_ids *ids;         /* NULL: none */
    struct host_trace trace;    /* n_targets 0: none; else there is one lane */
};

struct host_counts {
    uint64_t documents, mapped, held, left_out, refused;
};

struct host_lane {
    struct host_mapping *m;
    struct mr_cx cx;
    struct host_frame frame;
    struct mr_input in;
    struct mr_output out;
    struct mr_reader reader;
    struct mr_writer writer;
    struct host_notes notes;
    struct host_counts counts;
    bool front;                 /* speaks at once */
    struct host_part part;      /* in front: where it began */
};

/* Of a host_mapping: what its input has, as a read function. -1, too, where
 * nothing comes and no output is wanted any more (ECANCELED). */
long host_read(void *arg, char *p, size_t n);

/* Reads from m->in_fd and writes to m->out_fd, in front. MR_EMEMORY. */
enum mr_status host_lane_init(struct host_lane *lane, struct host_mapping *m);
void host_lane_done(struct host_lane *lane);
/* MR_OK: go on. MR_END: the input ends here, all told. */
enum mr_status host_lane_next(struct host_lane *lane);
/* In front from now on: says and writes what it has. MR_EWRITE. */
enum mr_status host_lane_to_front(struct host_lane *lane,
                                  const struct host_part *part);
void host_counts_add(struct host_counts *to, const struct host_counts *c);

/* --- several lanes (jobs.c) --- */

struct host_jobs;

/* To share the stream of the first lane on n threads. NULL: no memory; then
 * one lane does it. */
struct host_jobs *host_jobs_new(struct host_lane *first, unsigned n);
void host_jobs_free(struct host_jobs *jobs);
/* After each document of the first lane: can others join it here? */
bool host_jobs_ready(struct host_jobs *jobs);
/* Goes on to the end of the stream. The status is that of the lane which met
 * the end, *last, and what it has is still to be written; the counts are of
 * all. */
enum mr_status host_jobs_run(struct host_jobs *jobs, struct host_lane **last,
                             struct host_counts *counts);

#endif
