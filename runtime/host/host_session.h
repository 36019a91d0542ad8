/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command that replicates works with: configuration, store, connectors,
 * engine, and the loop that turns them. One thread; the inbound endpoint, the
 * control socket and signals have threads of their own that only queue.
 */
#ifndef HOST_HOST_SESSION_H
#define HOST_HOST_SESSION_H

#include "host/clock.h"
#include "host/config.h"
#include "host/signals.h"
#include "http/auth.h"
#include "http/client.h"
#include "peer/peer.h"
#include "repl/engine.h"

/* More exit codes, beside those of mapping. */
enum host_more_exit {
    HOST_PEER = HOST_INPUT,     /* a system could not be reached or read */
    HOST_STORE = HOST_OUTPUT,   /* the store could not be written */
    HOST_BUSY = 6               /* another program has the store */
};

/* --- one session --- */

/* A system of the configuration and its connector. */
struct session_peer {
    const struct config_system *system;
    struct http_auth auth;
    struct peer_settings settings;
    struct peer *peer;
    const struct mr_op *waiting;        /* given out, not taken yet */
    bool broken;                        /* its breaker is open */
    char failure[256];                  /* what went wrong last; "" */
    int64_t failed;                     /* when that was */
};

enum { EVENTS = EVENT_BREAKER + 1 };

struct endpoint;
struct control;

struct session {
    const struct host *h;
    struct config config;
    struct mr_cx cx;            /* of the host */
    struct mr_cx engine_cx;
    struct store *store;
    struct store_image *image;  /* of a store in memory; NULL */
    struct store_keys keys;
    struct http_client *client;
    struct session_peer *peers;
    size_t n_peers;
    struct engine *engine;
    struct endpoint *endpoint;    /* NULL: no endpoint */
    struct control *control;
    uint32_t log_level;         /* enum config_level */
    uint64_t (*counts)[2][EVENTS];      /* by map and side */
    uint64_t turns;
    int64_t take_in_until;      /* ticks: messages come first until then */
    bool takes_in;              /* the last turn was for them alone */
    int64_t began;
    int64_t trim_at;            /* ticks: old decisions are looked for then */
    struct stop stop;
    uint64_t refused;           /* files that are no messages … */
    char refusal[400];          /* … and the last of them, with its reason */
    bool stopping;              /* nothing new is begun */
    bool dry;                   /* a plan */
    bool impatient;             /* a system that is down is not waited for; to
                                   be set before session_engine */
    /* Called for each notice, besides log and counts; NULL. */
    void (*notice)(void *arg, const struct engine_notice *n);
    void *notice_arg;
};

enum session_parts {
    SESSION_CONFIG = 0,
    SESSION_READ = 1,           /* the store, beside a running program */
    SESSION_STORE = 2,          /* the store, alone */
    SESSION_PEERS = 4
};

/* HOST_OK, or an exit code after saying what is wrong; then nothing is open.
 * SESSION_READ where there is no store yet: `store` is NULL. */
int session_open(const struct host *h, struct session *s, const char *config,
                 unsigned parts);
void session_close(struct session *s);
/* An empty store in memory, where there is none and nothing is to be kept. */
int session_no_store(struct session *s);
/* With the engine; needs store and peers. */
int session_engine(struct session *s, bool dry, bool no_deletes);
struct session_peer *session_peer(struct session *s, const char *system);
/* Says cx's error and forgets it; the exit code for it. */
int session_error(struct session *s, struct mr_cx *cx);
/* `what` is said before the error. */
int session_store_error(struct session *s, const char *what);

/* --- the loop (loop.c) --- */

/* One round: what came in, one turn, what goes out; then waits for I/O, at
 * most that long. HOST_OK, or an exit code after saying why. */
int loop_step(struct session *s, uint32_t wait_ms);
/* The same, but doesn't wait where nothing is left to do. */
int loop_step_on(struct session *s, uint32_t wait_ms);
/* Turns until all is done that can be done now. *complete: nothing waits for a
 * system that does not answer, and nobody stopped it. */
int loop_until_idle(struct session *s, bool *complete);

/* --- the log (log.c) --- */

/* One line on stderr: time, level, event, then `text`. No personal values. */
void log_line(struct session *s, enum config_level level, const char *event,
              const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Counts and logs what the engine tells. arg: the session. */
void log_notice(void *arg, const struct engine_notice *n);
const char *log_event_name(enum engine_event event);

#endif
