/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is surely not there, without a statement. A record that is replicated
 * is asked several times whether a write of it is open or something about it is
 * parked, and nearly always the answer is no. So open intents are counted by
 * hashes of their key and their link; a count of 0 means that there is none.
 * What no link was found by is remembered until a link is put that may be.
 *
 * Only where this program alone writes the store; what a rollback takes back is
 * counted anew.
 */
#include <sodium.h>

#include "mr/lookup.h"
#include "store/sqlite.h"

/* --- intents --- */

static uint32_t
place_of_key(const char *key)
{
    static const uint64_t seed = 0x9fb21c651e98df25;
    uint64_t h = mr_hash(key, (uint32_t)strlen(key), seed);

    return (uint32_t)((h * 0xd6e8feb86659fd93u >> 32) % INTENT_COUNTS);
}

static uint32_t
place_of_link(int64_t link)
{
    return (uint32_t)((uint64_t)link % INTENT_COUNTS);
}

/* by: 1, or what adds up to one less. */
static void
count(struct sqlite_store *s, int64_t link, const char *key, uint32_t by)
{
    s->intents.by_key[place_of_key(key == NULL ? "" : key)] += by;
    s->intents.by_link[place_of_link(link)] += by;
}

static struct recent_intent *
recent(struct sqlite_store *s, int64_t id)
{
    return &s->intents.recent[(uint64_t)id % INTENTS_RECENT];
}

void
sqlite_intent_comes(struct sqlite_store *s, int64_t id, int64_t link,
                    const char *key)
{
    if (!s->intents.known)
        return;
    count(s, link, key, 1);
    *recent(s, id) = (struct recent_intent){
        id, place_of_key(key == NULL ? "" : key), place_of_link(link), false
    };
}

void
sqlite_intent_goes(struct sqlite_store *s, int64_t id)
{
    *recent(s, id) = (struct recent_intent){ .id = id, .gone = true };
}

/* An id is never used again. */
bool
sqlite_intent_gone(const struct sqlite_store *s, int64_t id)
{
    const struct recent_intent *r =
        &s->intents.recent[(uint64_t)id % INTENTS_RECENT];

    return s->intents.known && id != 0 && r->id == id && r->gone;
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
        *absent = (key != NULL ? s->intents.by_key[place_of_key(key)]
                               : s->intents.by_link[place_of_link(link)]) == 0;
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

/* --- parked --- */

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

/* --- links --- */

/* Others choose the keys of records: with a hash that they can't know, none is
 * made to look like another one. Never 0. */
static uint64_t
hash_of(const struct sqlite_store *s, enum sqlite_find find, const char *map,
        const char *text)
{
    const struct store_keys *keys = &s->absent.keys;
    uint64_t of[3] = { (uint64_t)find, seal_hash(keys, map, strlen(map)),
                       seal_hash(keys, text, strlen(text)) };

    return seal_hash(keys, of, sizeof of);
}

uint64_t *
sqlite_link_absent(struct sqlite_store *s, enum sqlite_find find,
                   const char *map, const char *text, uint64_t *hash)
{
    if (s->read_only || map == NULL || text == NULL)
        return NULL;
    if (!s->absent.keyed && sodium_init() < 0)
        return NULL;
    if (!s->absent.keyed)
        randombytes_buf(&s->absent.keys, sizeof s->absent.keys);
    s->absent.keyed = true;
    *hash = hash_of(s, find, map, text);
    return &s->absent.hashes[*hash % LINKS_ABSENT];
}

static void
may_be(struct sqlite_store *s, enum sqlite_find find, const char *map,
       const char *text)
{
    uint64_t hash, *place;

    if (text == NULL || *text == '\0')
        return;
    place = sqlite_link_absent(s, find, map, text, &hash);
    if (place != NULL)
        *place = 0;
}

void
sqlite_link_comes(struct sqlite_store *s, const struct store_link *link)
{
    const char *map = link->map == NULL ? "" : link->map;

    may_be(s, FIND_LINK_LEFT_ID, map, link->ids[0]);
    may_be(s, FIND_LINK_RIGHT_ID, map, link->ids[1]);
    may_be(s, FIND_LINK_LEFT_KEY, map, link->keys[0]);
    may_be(s, FIND_LINK_RIGHT_KEY, map, link->keys[1]);
}
