/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two systems in memory and the link between two of their records, for tests of
 * merging: records are JSON values, as OData has them; what merging writes is
 * applied request by request, as a service would.
 */
#ifndef TESTS_REPL_KIT_H
#define TESTS_REPL_KIT_H

#include <jansson.h>

#include "repl/merge.h"

extern const struct mr_program mapc_program;

struct kit {
    struct mr_cx cx;
    struct store_keys keys;
    struct mr_finder finder;
    const struct mr_map *map;
    json_t *record[2];          /* NULL: there is none */
    char *base;                 /* as packed; NULL: no link */
    size_t base_n;
    bool readable[2];
    int64_t changed[2];
    int next_id;
    const struct merge_ruling *rulings;
    size_t n_rulings;
    bool cut_refs;
    bool lose_answer;           /* the write is done, and nobody hears of it */
    char *sent;                 /* then: hashes of it */
    size_t sent_n;
    /* Of the last change that was processed. */
    struct merge m;
    struct merge_result result;
    enum mr_status status;
    char parts[4000];           /* the requests, a line each */
    size_t n_parts;
};

void kit_init(struct kit *k, const char *map);
void kit_done(struct kit *k);
/* Forgets records and link, the context stays. */
void kit_clear(struct kit *k);
/* A record, as JSON with ' for ". */
void kit_set(struct kit *k, int side, const char *json);
/* These members get these values; lists are replaced. */
void kit_edit(struct kit *k, int side, const char *json);
/* The entity at a path as "Items[Nr=1]"; NULL. */
json_t *kit_at(struct kit *k, int side, const char *path);
/* "Items[Nr=1].Text" as text: "(none)" where there is none, "(null)". */
const char *kit_value(struct kit *k, int side, const char *path);
void kit_remove(struct kit *k, int side, const char *path);
void kit_add(struct kit *k, int side, const char *list, const char *json);

/* A change of a side is processed: decided, written, agreed. */
void kit_change(struct kit *k, int side);
/* Changes of both sides until nothing is left to do; how many writes; more than
 * 20: it does not come to rest. */
int kit_settle(struct kit *k);
/* Does the quick look find nothing new? */
bool kit_echo(struct kit *k, int side);
/* What was decided about a rule whose text contains this, in any row. */
const struct merge_cell *kit_cell(struct kit *k, const char *rule);
const char *kit_how(struct kit *k, const char *rule);
/* The hash that names a row, by what the last change decided about it. */
void kit_copy(struct kit *to, const struct kit *from);

#endif
