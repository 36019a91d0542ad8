/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the sandbox keeps its records: SQLite, in memory or in a file. A row
 * for each record, children too; the record itself is a text that the store
 * does not look into. One thread, one connection; a transaction is as long as
 * an HTTP request. Only what includes store_query.h knows SQLite.
 */
#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

#include "sandbox/model.h"

struct store;

/* A record. Texts that were read are valid until the cursor goes on. */
struct row {
    int64_t id, kind;
    int64_t parent, root;       /* 0: it is a root itself */
    int64_t changed;            /* 100 ns since 1970; no two rows agree */
    const char *oid, *key, *doc;            /* oid, key may be NULL */
    size_t oid_n, key_n, doc_n;
};

enum store_result { STORE_OK, STORE_DUPLICATE, STORE_FAILED };

/* NULL after saying on standard error why not. file NULL: in memory. */
struct store *sb_store_open(const char *file);
void sb_store_close(struct store *s);
/* Gives the kinds of the model their numbers. */
bool sb_store_kinds(struct store *s, const struct model *m);
int64_t sb_store_count(struct store *s, int64_t kind);
void sb_store_clear(struct store *s);

bool sb_store_begin(struct store *s);
bool sb_store_commit(struct store *s);
void sb_store_rollback(struct store *s);
/* A part that can be taken back alone; not nested. */
bool sb_store_part_begin(struct store *s);
bool sb_store_part_end(struct store *s, bool keep);

/* The next moment: later than any before. `skew` seconds are added to the
 * clock. */
int64_t sb_store_now(struct store *s, int64_t skew);

enum store_result sb_store_insert(struct store *s, struct row *row);
/* key, changed and doc. */
enum store_result sb_store_update(struct store *s, const struct row *row);
/* With all that is below it; how many rows went, 0: failed. */
int64_t sb_store_delete(struct store *s, int64_t id);

/* One row, its texts in the arena. */
bool sb_store_by_id(struct store *s, struct arena *a, int64_t id,
                    struct row *row);
bool sb_store_by_oid(struct store *s, struct arena *a, int64_t kind,
                     const char *oid, size_t n, struct row *row);
bool sb_store_by_key(struct store *s, struct arena *a, int64_t kind,
                     const char *key, size_t n, struct row *row);

/* Rows in order. A cursor is given back with store_end. */
struct cursor;
struct cursor *sb_store_all(struct store *s, int64_t kind, int64_t after);
struct cursor *sb_store_by_keys(struct store *s, int64_t kind);
struct cursor *sb_store_changed(struct store *s, int64_t kind, int64_t from,
                                int64_t after);
struct cursor *sb_store_children(struct store *s, int64_t kind, int64_t parent);
/* Those of all kinds, kind by kind; without parent, root and key. */
struct cursor *sb_store_below(struct store *s, int64_t parent);
bool sb_store_next(struct cursor *c, struct row *row);
void sb_store_end(struct cursor *c);

/* --- IDocs --- */

/* Is this the first time that the sender sends this number? */
enum store_result sb_store_received(struct store *s, const char *site,
                                    const char *sender, const char *docnum);
int64_t sb_store_docnum(struct store *s);

struct waiting {
    int64_t id, kind, record;
    int64_t docnum;             /* 0: not made yet */
};

bool sb_store_queue(struct store *s, const struct kind *kind, int64_t record,
                    int64_t docnum, const char *idoc, size_t n);
/* Content and number of one that had none. */
bool sb_store_queue_fill(struct store *s, int64_t id, int64_t docnum,
                         const char *idoc, size_t n);
/* The first ones behind `after`; how many. */
size_t sb_store_queue_read(struct store *s, const char *site, int64_t after,
                           struct waiting *to, size_t room);
/* The IDOC element of one; NULL: not made yet, or gone. */
const char *sb_store_queue_text(struct store *s, struct arena *a, int64_t id,
                                size_t *n);
bool sb_store_queue_drop(struct store *s, int64_t id);
int64_t sb_store_queue_length(struct store *s, const char *site);

#endif
