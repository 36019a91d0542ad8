/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replication as a state machine without I/O or clock. The host tells what
 * happened (a message came, an operation's result, the time), calls engine_turn,
 * and does what engine_next_op gives. A turn is one transaction of the store:
 * what was told before it is settled in it, and operations are given out after it
 * was committed. So a crash at any point leaves either the state before a turn or
 * that after it, and an operation that was perhaps done has its intent stored.
 *
 *   for (;;) {
 *       tell what came in since: engine_message, engine_result, engine_poll
 *       engine_turn(e, now)                  -- commits
 *       answer the messages that were accepted
 *       while ((op = engine_next_op(e, system)) != NULL)
 *           hand it to the connector
 *       wait for I/O, at most until engine_deadline(e)
 *   }
 *
 * Two changes of one link never overlap; different links go side by side.
 */
#ifndef REPL_ENGINE_H
#define REPL_ENGINE_H

#include "peer/op.h"
#include "repl/merge.h"
#include "store/store.h"

struct engine_settings {
    uint32_t queue;             /* records in work at most (512) */
    uint32_t in_flight;         /* operations a peer at most (64) */
    uint32_t tries;             /* of a failing write before it is parked (8) */
    uint32_t stale_tries;       /* rounds after 412 before it waits (5) */
    uint32_t backoff_ms, backoff_max_ms;        /* first wait, longest (500,
                                   60000); doubled each time, with jitter */
    uint32_t breaker;           /* failures in a row that open it (10) */
    uint32_t breaker_pause_ms;  /* until one try is let through (30000) */
    uint64_t seed;              /* of jitter */
    bool no_deletes;            /* deletions are only counted */
    bool dry;                   /* plan: decide all, write nothing (no peer, no
                                   links); see engine_notice */
    /* For the tests of the tests: mistakes made on purpose. */
    bool bug_ack_early;         /* a message counts as accepted before it is in
                                   the store */
    bool bug_mark_early;        /* the watermark passes when a page was read */
    bool bug_no_intent;         /* writes are sent without an intent */
    bool bug_forget;            /* nothing is kept for `remember` */
};

void engine_defaults(struct engine_settings *s);

/* What the host shows while it runs; values only where not personal. */
enum engine_event {
    EVENT_CREATED, EVENT_UPDATED, EVENT_DELETED, EVENT_ECHO, EVENT_MATCHED,
    EVENT_CONFLICT, EVENT_PARKED, EVENT_REJECTED, EVENT_WOKEN, EVENT_RETRY,
    EVENT_STALE, EVENT_LEFT_OUT, EVENT_UNLINKED, EVENT_GUARD, EVENT_BREAKER
};

struct engine_notice {
    enum engine_event event;
    const struct mr_map *map;
    int side;                   /* written to, or whose change it was */
    const char *key;            /* "" unknown */
    const char *text;           /* one line, or "" */
    const struct merge_cell *cells;     /* CONFLICT; UPDATED when dry */
    size_t n_cells;
};

struct engine_counts {
    uint64_t read, created[2], updated[2], deleted[2], echoes, matched,
             conflicts, parked, rejected, woken, retries, stale, left_out,
             messages, unlinked;
};

struct engine;

/* Reads what the store knows: open intents, messages, parked ones that are due.
 * The store stays the caller's. */
enum mr_status engine_new(struct mr_cx *cx, const struct mr_program *program,
                          const struct engine_settings *settings,
                          struct store *store, const struct store_keys *keys,
                          struct engine **out);
void engine_free(struct engine *e);
void engine_watch(struct engine *e,
                  void (*notice)(void *arg, const struct engine_notice *n),
                  void *arg);
/* A system whose records can be read (peer_ops.reads). */
void engine_readable(struct engine *e, const char *system, bool reads);

/* A message of a system. The bytes are copied; `ticket` is the caller's. After
 * the turn that stored it, engine_accepted gives the ticket. MR_ELIMIT: the queue
 * is full, come back later. MR_EFORMAT: no record could be found in it (cx's
 * error says where); nothing is kept. */
enum mr_status engine_message(struct engine *e, const char *system,
                              const char *p, size_t n, uint64_t ticket);
bool engine_accepted(struct engine *e, uint64_t *ticket);

/* What came of an operation. */
void engine_result(struct engine *e, const struct op_result *r);

/* Begins a search for changes of a map's side now (all records where `all`), or
 * one for deleted records. Does nothing while one is under way. The schedules of
 * the maps begin them by themselves once engine_run was called. */
void engine_poll(struct engine *e, const struct mr_map *map, int side,
                 bool all);
void engine_sweep(struct engine *e, const struct mr_map *map, int side);
void engine_run(struct engine *e);

/* One parked record again, now. MR_END: there is none. */
enum mr_status engine_retry(struct engine *e, int64_t parked);
/* A person gives a parked record up; its message, if any, is done with. */
enum mr_status engine_drop(struct engine *e, int64_t parked);
/* What was remembered of the values of a link's records goes; how many there
 * were in *n. MR_END: there is no such link. */
enum mr_status engine_forget(struct engine *e, int64_t link, size_t *n);

/* Settles what was told; microseconds since 1970. On an error nothing of the
 * turn is kept and the engine has to be freed and made new. */
enum mr_status engine_turn(struct engine *e, int64_t now);
/* A turn that stores what messages were told, and nothing else, so that they
 * are answered soon however much is to be done; a whole turn is due at once. */
enum mr_status engine_take_in(struct engine *e, int64_t now);
/* The next operation for a system, or NULL. It stays until its result came. */
const struct mr_op *engine_next_op(struct engine *e, const char *system);
/* When engine_turn has something to do although nothing was told; INT64_MAX:
 * never. */
int64_t engine_deadline(const struct engine *e);
/* Nothing is in work, no search under way (parked ones don't count). */
bool engine_idle(const struct engine *e);
/* Something waits for a peer whose breaker is open, or for its time. */
bool engine_waiting(const struct engine *e);
/* A search was begun or tried again several times, and its page was never
 * read. */
bool engine_search_fails(const struct engine *e);
void engine_counted(const struct engine *e, struct engine_counts *out);
/* Records of this map's search so far; for progress. */
uint64_t engine_loaded(const struct engine *e, const struct mr_map *map,
                       int side);

#endif
