/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store as the engine's files see it: an error ends the engine, so they ask
 * only whether a row is there; a dry run writes nothing. What is given out is
 * copied to the arena where it must outlive the next call.
 */
#include "repl/engine_state.h"

#include <stdio.h>

/* A row is there; an error is kept. */
static bool
found(struct engine *e, enum mr_status status)
{
    if (status != MR_OK && status != MR_END)
        engine_fail(e, status);
    return status == MR_OK;
}

static bool
may_write(const struct engine *e)
{
    return e->status == MR_OK && !e->set.dry;
}

/* A row that is to go may have gone before: another change made it needless. */
static void
wrote(struct engine *e, enum mr_status status, bool may_lack)
{
    if (status != MR_OK && !(may_lack && status == MR_END))
        engine_fail(e, status);
}

#define ASK(function, ...)                                                    \
    (e->status == MR_OK &&                                                    \
     found(e, e->store->ops->function(e->cx, e->store, __VA_ARGS__)))
#define TELL_MAYBE(may_lack, function, ...)                                   \
    do {                                                                      \
        if (may_write(e))                                                     \
            wrote(e, e->store->ops->function(e->cx, e->store, __VA_ARGS__),   \
                  may_lack);                                                  \
    } while (0)
#define TELL(...) TELL_MAYBE(false, __VA_ARGS__)
#define TELL_GONE(...) TELL_MAYBE(true, __VA_ARGS__)

/* --- links --- */

static struct mr_bytes
bytes_copy(struct engine *e, struct mr_bytes b)
{
    struct mr_bytes copy = { "", 0 };
    void *p;

    if (b.n == 0)
        return copy;
    p = mr_alloc(e->cx, b.n);
    if (p == NULL) {
        engine_fail(e, MR_EMEMORY);
        return copy;
    }
    memcpy(p, b.p, b.n);
    copy.p = p;
    copy.n = b.n;
    return copy;
}

static const char *
text_copy(struct engine *e, const char *s)
{
    const char *copy;

    if (s == NULL || *s == '\0')
        return "";
    copy = arena_text(e, s);
    return copy == NULL ? "" : copy;
}

static bool
link_copied(struct engine *e, bool is_there, struct store_link *l)
{
    if (!is_there)
        return false;
    l->map = text_copy(e, l->map);
    for (int s = 0; s < 2; s++) {
        l->ids[s] = text_copy(e, l->ids[s]);
        l->keys[s] = text_copy(e, l->keys[s]);
        l->etags[s] = text_copy(e, l->etags[s]);
        l->serials[s] = text_copy(e, l->serials[s]);
    }
    l->base = bytes_copy(e, l->base);
    l->kept = bytes_copy(e, l->kept);
    return e->status == MR_OK;
}

bool
st_link(struct engine *e, int64_t id, struct store_link *out)
{
    return link_copied(e, ASK(link_by_id, id, out), out);
}

bool
st_link_by_record(struct engine *e, const struct mr_map *map, int side,
                  const char *id, struct store_link *out)
{
    return link_copied(e, ASK(link_by_record, map->name, side, id, out), out);
}

bool
st_link_by_key(struct engine *e, const struct mr_map *map, int side,
               const char *key, struct store_link *out)
{
    return link_copied(e, ASK(link_by_key, map->name, side, key, out), out);
}

const char *
st_partner(struct engine *e, const char *map, int side, const char *key)
{
    struct store_link l;

    if (!ASK(link_by_key, map, 1 - side, key, &l) || l.gone[side] ||
        *l.keys[side] == '\0')
        return NULL;
    return arena_text(e, l.keys[side]);
}

bool
st_link_count(struct engine *e, const struct mr_map *map, uint64_t *n)
{
    *n = 0;
    return ASK(link_count, map->name, n);
}

bool
st_link_next(struct engine *e, const struct mr_map *map, int64_t after,
             struct store_link *out)
{
    return link_copied(e, ASK(link_next, map->name, after, out), out);
}

uint64_t
st_look(struct engine *e, const struct mr_map *map, int side, const char *id)
{
    uint64_t look = 0;

    return ASK(look_get, map->name, side, id, &look) ? look : 0;
}

void
st_look_put(struct engine *e, int64_t link, int side, uint64_t look)
{
    TELL(look_put, link, side, look);
}

bool
st_link_put(struct engine *e, struct store_link *link)
{
    TELL(link_put, link);
    return e->status == MR_OK;
}

void
st_link_drop(struct engine *e, int64_t id)
{
    TELL_GONE(link_drop, id);
}

/* --- intents --- */

static bool
intent_copied(struct engine *e, bool is_there, struct store_intent *i)
{
    if (!is_there)
        return false;
    i->map = text_copy(e, i->map);
    i->key = text_copy(e, i->key);
    i->token = text_copy(e, i->token);
    i->sent = bytes_copy(e, i->sent);
    return e->status == MR_OK;
}

bool
st_intent_find(struct engine *e, const struct mr_map *map, int side,
               const char *key, int64_t link, struct store_intent *out)
{
    return intent_copied(e, ASK(intent_find, map->name, side, key, link, out),
                         out);
}

bool
st_intent_next(struct engine *e, int64_t after, struct store_intent *out)
{
    return intent_copied(e, ASK(intent_next, after, out), out);
}

bool
st_intent_put(struct engine *e, struct store_intent *intent)
{
    const struct store_ops *ops = e->store->ops;
    enum mr_status status;

    if (!may_write(e))
        return e->status == MR_OK;
    status = ops->intent_put(e->cx, e->store, intent);
    if (status == MR_END && intent->id != 0) {
        intent->id = 0;         /* another change settled it: made anew */
        status = ops->intent_put(e->cx, e->store, intent);
    }
    wrote(e, status, false);
    return e->status == MR_OK;
}

void
st_intent_drop(struct engine *e, int64_t id)
{
    TELL_GONE(intent_drop, id);
}

/* --- messages --- */

bool
st_message_put(struct engine *e, struct store_message *m)
{
    TELL(message_put, m);
    return e->status == MR_OK;
}

bool
st_message(struct engine *e, int64_t id, struct store_message *out)
{
    return ASK(message_by_id, id, out);
}

bool
st_message_next(struct engine *e, int64_t after, struct store_message *out)
{
    return ASK(message_next, after, out);
}

bool
st_message_done(struct engine *e, int64_t id, uint32_t index)
{
    bool empty = false;

    TELL_GONE(message_done, id, index, &empty);
    return empty;
}

bool
st_message_is_done(struct engine *e, int64_t id, uint32_t index)
{
    bool done = false;

    return ASK(message_is_done, id, index, &done) && done;
}

/* --- parked records --- */

static bool
parked_copied(struct engine *e, bool is_there, struct store_parked *p)
{
    if (!is_there)
        return false;
    p->map = text_copy(e, p->map);
    p->record_id = text_copy(e, p->record_id);
    p->key = text_copy(e, p->key);
    p->rule = text_copy(e, p->rule);
    p->reason = text_copy(e, p->reason);
    p->detail = bytes_copy(e, p->detail);
    p->wants_map = text_copy(e, p->wants_map);
    p->wants_key = text_copy(e, p->wants_key);
    return e->status == MR_OK;
}

bool
st_parked(struct engine *e, int64_t id, struct store_parked *out)
{
    return parked_copied(e, ASK(parked_by_id, id, out), out);
}

bool
st_parked_next(struct engine *e, const struct store_query *q,
               struct store_parked *out)
{
    return parked_copied(e, ASK(parked_next, q, out), out);
}

bool
st_parked_put(struct engine *e, struct store_parked *p)
{
    TELL(parked_put, p);
    return e->status == MR_OK;
}

void
st_parked_drop(struct engine *e, int64_t id)
{
    TELL_GONE(parked_drop, id);
}

void
st_decision_put(struct engine *e, struct store_decision *d)
{
    TELL(decision_put, d);
}

/* --- marks --- */

static void
keep_mark_text(struct engine *e, char **at, const char *text)
{
    size_t n = strlen(text) + 1;
    char *p;

    if (*at != NULL && strcmp(*at, text) == 0)
        return;
    p = mr_resize(e->cx, *at, n);
    if (p == NULL) {
        engine_fail(e, MR_EMEMORY);
        return;
    }
    memmove(p, text, n);
    *at = p;
}

/* Its texts are the flow's own from here on. */
void
st_mark_load(struct flow *f)
{
    struct engine *e = f->e;
    struct store_mark m;

    if (f->marked || e->status != MR_OK)
        return;
    memset(&m, 0, sizeof m);
    m.mark = m.load = "";
    if (!e->set.dry)
        (void)ASK(mark_get, f->map->name, f->side, &m);
    keep_mark_text(e, &f->mark_text, m.mark);
    keep_mark_text(e, &f->load_text, m.load);
    f->mark = m;
    f->mark.map = f->map->name;
    f->mark.side = (uint8_t)f->side;
    f->mark.mark = f->mark_text;
    f->mark.load = f->load_text;
    f->marked = e->status == MR_OK;
}

/* Takes over what mark and load point to. */
void
st_mark_put(struct flow *f)
{
    struct engine *e = f->e;

    keep_mark_text(e, &f->mark_text, f->mark.mark);
    keep_mark_text(e, &f->load_text, f->mark.load);
    f->mark.mark = f->mark_text;
    f->mark.load = f->load_text;
    TELL(mark_put, &f->mark);
}

/* --- small values, seals --- */

struct mr_bytes
st_meta(struct engine *e, const char *name)
{
    struct mr_bytes out = { "", 0 };

    return ASK(meta_get, name, &out) ? bytes_copy(e, out)
                                     : (struct mr_bytes){ "", 0 };
}

void
st_meta_put(struct engine *e, const char *name, struct mr_bytes value)
{
    TELL(meta_put, name, value);
}

struct mr_bytes
st_seal(struct engine *e, struct keep *k, const void *p, size_t n)
{
    unsigned char *out = keep_alloc(e, k, seal_size(n));

    if (out == NULL)
        return (struct mr_bytes){ "", 0 };
    seal_close(e->keys, p, n, out);
    return (struct mr_bytes){ out, seal_size(n) };
}

struct mr_bytes
st_open(struct engine *e, struct mr_bytes sealed)
{
    unsigned char *out = mr_alloc(e->cx, sealed.n + 1);
    size_t n;

    if (out == NULL) {
        engine_fail(e, MR_EMEMORY);
        return (struct mr_bytes){ NULL, 0 };
    }
    if (seal_open(e->cx, e->keys, sealed.p, sealed.n, out, &n) != MR_OK) {
        engine_clear(e);
        return (struct mr_bytes){ NULL, 0 };
    }
    out[n] = '\0';
    return (struct mr_bytes){ out, n };
}
