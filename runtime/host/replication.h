/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that replicate, each in a file of its own, and what
 * they share of arguments and results. */
#ifndef HOST_REPLICATION_H
#define HOST_REPLICATION_H

#include "host/host_session.h"

int host_run(const struct host *h, int argc, char **argv);
int host_once(const struct host *h, int argc, char **argv);
int host_load(const struct host *h, int argc, char **argv);
int host_plan(const struct host *h, int argc, char **argv);
int host_parked(const struct host *h, int argc, char **argv);
int host_ids(const struct host *h, int argc, char **argv);
int host_explain(const struct host *h, int argc, char **argv);
int host_status(const struct host *h, int argc, char **argv);
int host_check(const struct host *h, int argc, char **argv);
int host_privacy(const struct host *h, int argc, char **argv);
int host_config(const struct host *h, int argc, char **argv);

/* --- arguments that several commands take (common.c) --- */

struct common_args {
    const char *config;         /* --config FILE */
    const char *format;         /* --format text|json, NULL: text */
    bool help, verbose;
    bool json;                  /* --json, which is --format json */
};

enum { COMMON_OPTIONS = 5, COMMON_MORE_MAX = 8 };

/* Reads the common options and `more` others. With --help it prints `help`,
 * in which %s is the program's name, and *code is HOST_OK. false: end with
 * *code. */
bool common_args(const struct host *h, const char *command, const char *help,
                 int argc, char **argv, const struct host_option *more,
                 size_t n_more, struct common_args *a, const char **words,
                 size_t room, size_t *n, int *code);

/* The replicated map of this name; NULL after a message. */
const struct mr_map *common_map(const struct host *h, const char *command,
                                const char *name);
const char *common_system(const struct mr_map *map, int side);

/* A record's key as a person writes it ("a|b") as replication does. */
const char *common_key(struct session *s, const struct mr_map *map,
                       const char *text);
/* The same, in place. */
void common_join_key(const struct mr_map *map, char *key);

/* --- parked records (parked_words.c) --- */

const char *parked_kind(enum store_parked_kind kind);
/* The kind of this name; -1 after a message. */
int parked_kind_named(const struct host *h, const char *name);
/* All that is kept of one; personal values only where `personal` is true. */
int parked_show(struct session *s, int64_t id, bool personal, bool json);

/* --- decisions (decision_words.c) --- */

struct json_t;

const char *decision_outcome(enum store_outcome outcome);
/* The side whose value was agreed; that of a value that was only written once
 * more is told by the decision. */
int decision_origin(struct session *s, int64_t link,
                    const struct base_cell *cell);
/* The rule of this index; NULL: the record as a whole, or no such rule. */
const struct mr_rule *decision_rule(const struct mr_map *map, int64_t rule);
/* Values that were sealed, of a decision or a parked record: an object of the
 * caller. NULL: there are none, or they can't be read. */
struct json_t *decision_values(struct session *s, struct mr_bytes sealed);

/* --- rounds (round.c) --- */

/* Store, connectors, engine, signals, control; `listen`: the endpoint, too. */
int round_open(const struct host *h, struct session *s,
               const struct common_args *a, bool listen);
/* Searches everything that is searched for changes; for deleted records where
 * that is due, or everywhere. */
void round_begin(struct session *s, bool sweep);
/* Nothing new is begun; what is under way may end, for a while. */
void round_end(struct session *s);
/* What was done: a table, or one JSON object, on standard output. */
void round_summary(struct session *s, const char *command, bool json, int code,
                   bool complete);
/* The exit code of a round that ended so. */
int round_code(const struct session *s, int code, bool complete);

#endif
