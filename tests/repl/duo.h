/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two systems in memory and the link between two of their records, for tests of
 * merging: records are JSON values, as OData has them; what merging writes is
 * applied request by request, as a service would.
 */
#ifndef TESTS_REPL_DUO_H
#define TESTS_REPL_DUO_H

#include <jansson.h>

#include "repl/merge.h"

extern const struct mr_program mapc_program;

struct duo {
    struct mr_cx cx;
    struct store_keys keys;
    struct mr_finder finder;
    const struct mr_map *map;
    json_t *record[2];          /* NULL: there is none */
    char *base;                 /* as packed; NULL: no link */
    size_t base_n;
    bool readable[2];
    const char *message;        /* what a side says that can't be read */
    int64_t written[2];
    int64_t changed[2];
    int next_id;
    const struct merge_ruling *rulings;
    size_t n_rulings;
    bool cut_refs;
    size_t room;                /* the arena has only this much; 0: enough */
    bool lose_answer;           /* the write is done, and nobody hears of it */
    bool crossing;              /* that write was to the side that changes now */
    char *sent;                 /* then: hashes of it */
    size_t sent_n;
    /* Of the last change that was processed. */
    struct merge m;
    struct merge_result result;
    enum mr_status status;
    char parts[4000];           /* the requests, a line each */
    size_t n_parts;
};

void duo_init(struct duo *k, const char *map);
void duo_done(struct duo *k);
/* Forgets records and link, the context stays. */
void duo_clear(struct duo *k);
/* A record, as JSON with ' for ". */
void duo_set(struct duo *k, int side, const char *json);
/* These members get these values; lists are replaced. */
void duo_edit(struct duo *k, int side, const char *json);
/* The entity at a path as "Items[Nr=1]"; NULL. */
json_t *duo_at(struct duo *k, int side, const char *path);
/* "Items[Nr=1].Text" as text: "(none)" where there is none, "(null)". */
const char *duo_value(struct duo *k, int side, const char *path);
void duo_remove(struct duo *k, int side, const char *path);
void duo_add(struct duo *k, int side, const char *list, const char *json);

/* A change of a side is processed: decided, written, agreed. */
void duo_change(struct duo *k, int side);
/* Changes of both sides until nothing is left to do; how many writes; more than
 * 20: it does not come to rest. */
int duo_settle(struct duo *k);
/* Does the quick look find nothing new? */
bool duo_echo(struct duo *k, int side);
/* What was decided about a rule whose text contains this, in any row. */
const struct merge_cell *duo_cell(struct duo *k, const char *rule);
const char *duo_how(struct duo *k, const char *rule);
void duo_copy(struct duo *to, const struct duo *from);

#endif
