/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is surely not there, without a statement. A record that is replicated
 * is asked several times whether a write of it is open or something about it is
 * parked, and nearly always the answer is no. So open intents are counted by
 * hashes of their key and their link; a count of 0 means that there is none.
 *
 * Only where this program alone writes the store; what a rollback takes back is
 * counted anew.
 */
#include "store/sqlite.h"

#include "mr/lookup.h"

static uint32_t *
count_of_key(struct sqlite_store *s, const char *key)
{
    static const uint64_t seed = 0x9fb21c651e98df25;
    uint64_t h = mr_hash(key, (uint32_t)strlen(key), seed);

    return &s->intents.by_key[(h * 0xd6e8feb86659fd93u >> 32) %
                              INTENT_COUNTS];
}

static uint32_t *
count_of_link(struct sqlite_store *s, int64_t link)
{
    return &s->intents.by_link[(uint64_t)link % INTENT_COUNTS];
}

/* by: 1, or what adds up to one less. */
static void
count(struct sqlite_store *s, int64_t link, const char *key, uint32_t by)
{
    *count_of_key(s, key == NULL ? "" : key) += by;
    *count_of_link(s, link) += by;
}

void
sqlite_intent_comes(struct sqlite_store *s, int64_t link, const char *key)
{
    if (s->intents.known)
        count(s, link, key, 1);
}

static enum mr_status
count_intents(struct mr_cx *cx, struct sqlite_store *s)
{
    sqlite3_stmt *stmt;
    enum mr_status st = sqlite_own(cx, s, OWN_INTENTS, &stmt);
    int code;

    if (st != MR_OK)
        return st;
    memset(&s->intents, 0, sizeof s->intents);
    s->intents.known = true;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
        count(s, sqlite3_column_int64(stmt, 0),
              (const char *)sqlite3_column_text(stmt, 1), 1);
    if (code != SQLITE_DONE) {
        st = sqlite_failed(cx, s);
        s->intents.known = false;
    }
    sqlite3_reset(stmt);
    return st;
}

enum mr_status
sqlite_intent_absent(struct mr_cx *cx, struct sqlite_store *s,
                     const char *key, int64_t link, bool *absent)
{
    enum mr_status st = MR_OK;

    *absent = false;
    if (s->read_only)
        return MR_OK;
    if (!s->intents.known)
        st = count_intents(cx, s);
    if (st == MR_OK)
        *absent = (key != NULL ? *count_of_key(s, key)
                               : *count_of_link(s, link)) == 0;
    return st;
}

enum mr_status
sqlite_intent_leaves(struct mr_cx *cx, struct sqlite_store *s, int64_t id)
{
    sqlite3_stmt *stmt;
    enum mr_status st = MR_OK;
    int code;

    if (!s->intents.known)
        return MR_OK;
    st = sqlite_own(cx, s, OWN_INTENT, &stmt);
    if (st != MR_OK)
        return st;
    sqlite_bind_number(stmt, 1, id);
    code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        count(s, sqlite3_column_int64(stmt, 0),
              (const char *)sqlite3_column_text(stmt, 1), UINT32_MAX);
    else if (code != SQLITE_DONE)
        st = sqlite_failed(cx, s);
    sqlite3_reset(stmt);
    return st;
}

enum mr_status
sqlite_parked_absent(struct mr_cx *cx, struct sqlite_store *s, bool *absent)
{
    enum mr_status st = MR_OK;

    *absent = false;
    if (s->read_only)
        return MR_OK;
    if (!s->counted[TABLE_PARKED])
        st = sqlite_count_rows(cx, s, TABLE_PARKED);
    *absent = st == MR_OK && s->rows[TABLE_PARKED] == 0;
    return st;
}
