/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a side says of a cell, as a keyed hash of its value in one form: numbers
 * without zeros at their end, whatever the system wrote.
 */
#include "repl/cells.h"

enum { FIELD_MAX = 256, HASHES_RESERVED = 3 };

enum mr_status
walk_init(struct walk *w, struct merge *m, const struct base *base,
          const struct base *sent, int sent_to)
{
    static const struct base none;

    memset(w, 0, sizeof *w);
    w->m = m;
    w->repl = m->map->repl;
    w->base = base != NULL ? base : &none;
    w->sent = sent != NULL ? sent : &none;
    w->sent_to = sent_to;
    if (merge_frame(m, MR_LEFT) != MR_OK)
        return m->cx->error.status;
    return merge_frame(m, MR_RIGHT);
}

int
cell_terms(const struct mr_rule *rule)
{
    return rule->runs[MR_RIGHT] ? MR_RIGHT : MR_LEFT;
}

static void *
pointer_at(const char *frame, uint32_t at)
{
    void *p;

    memcpy(&p, frame + at, sizeof p);
    return p;
}

struct mr_val
cell_field(const char *frame, const struct mr_field *f)
{
    const char *record = pointer_at(frame, f->at);

    if (record == NULL)
        return mr_missing();
    if (f->picked != NULL)
        return mr_pick(record, f->picked);
    return *(const struct mr_val *)(const void *)(record + f->field);
}

/* --- one form of a value --- */

/* Zeros behind a point that say nothing go, and the point with them. */
static uint32_t
without_zeros(const char *p, uint32_t n)
{
    if (memchr(p, '.', n) == NULL)
        return n;
    while (p[n - 1] == '0')
        n--;
    return p[n - 1] == '.' ? n - 1 : n;
}

static struct mr_val
one_form(enum mr_type type, struct mr_val v, char room[FIELD_MAX])
{
    bool zoned;

    if (v.state != MR_HERE || v.n > FIELD_MAX)
        return v;
    if (type == MR_TYPE_NUMBER) {
        v.n = without_zeros(v.p, v.n);
        return v.n == 2 && memcmp(v.p, "-0", 2) == 0 ? mr_slice("0", 1) : v;
    }
    if (type != MR_TYPE_DATETIME && type != MR_TYPE_TIME)
        return v;
    zoned = v.p[v.n - 1] == 'Z';
    if (memchr(v.p, '.', v.n) == NULL)
        return v;
    v.n = without_zeros(v.p, v.n - zoned);
    memcpy(room, v.p, v.n);
    if (zoned)
        room[v.n++] = 'Z';
    return mr_slice(room, v.n);
}

static uint64_t
hash_bytes(const struct merge *m, const void *p, size_t n)
{
    uint64_t h = seal_hash(m->keys, p, n);

    return h <= HASHES_RESERVED ? h + HASHES_RESERVED + 1 : h;
}

uint64_t
cell_empty(const struct merge *m)
{
    return hash_bytes(m, "", 0);
}

static struct mr_val
no_opinion(struct mr_val v)
{
    return v.state == MR_FAILED ? mr_missing() : v;
}

/* Adds what tells one value from another behind n bytes; returns how many. */
static size_t
add_value(char *p, size_t n, enum mr_type type, struct mr_val v)
{
    char room[FIELD_MAX];

    v = one_form(type, v, room);
    if (v.state != MR_HERE)
        v.n = 0;
    if (p != NULL) {
        memcpy(p + n, &v.n, sizeof v.n);
        if (v.n != 0)
            memcpy(p + n + sizeof v.n, v.p, v.n);
    }
    return n + sizeof v.n + v.n;
}

/* Several fields are one value: there if one of them is. What the others lack
 * is nothing, sent or not. */
static struct opinion
hash_fields(struct merge *m, const struct mr_rule *rule, int terms,
            const char *frame)
{
    struct opinion o = { 0, MR_MISSING };
    char room[FIELD_MAX], *p = room;
    size_t n = 0;

    for (uint32_t i = 0; i < rule->n_fields[terms]; i++) {
        const struct mr_field *f = &rule->fields[terms][i];
        struct mr_val v = no_opinion(cell_field(frame, f));

        n = add_value(NULL, n, f->type, v);
        if (v.state > o.state)
            o.state = v.state;
    }
    if (o.state == MR_MISSING)
        return o;
    if (o.state == MR_EMPTY) {
        o.hash = hash_bytes(m, "", 0);
        return o;
    }
    if (n > sizeof room)
        p = mr_alloc(m->cx, n);
    if (p == NULL)
        return o;
    n = 0;
    for (uint32_t i = 0; i < rule->n_fields[terms]; i++) {
        const struct mr_field *f = &rule->fields[terms][i];

        n = add_value(p, n, f->type, no_opinion(cell_field(frame, f)));
    }
    o.hash = hash_bytes(m, p, n);
    return o;
}

struct opinion
cell_hash(struct merge *m, const struct mr_rule *rule, int terms,
          const char *frame)
{
    struct opinion o = { 0, MR_MISSING };
    char room[FIELD_MAX];
    struct mr_val v;

    if (rule->n_fields[terms] != 1)
        return hash_fields(m, rule, terms, frame);
    v = no_opinion(cell_field(frame, &rule->fields[terms][0]));
    o.state = v.state;
    if (v.state == MR_MISSING)
        return o;
    v = one_form(rule->fields[terms][0].type, v, room);
    o.hash = hash_bytes(m, v.p, v.state == MR_HERE ? v.n : 0);
    return o;
}

/* --- values --- */

static struct mr_val
in_arena(struct mr_cx *cx, struct mr_val v)
{
    char *p = v.state != MR_HERE || v.n == 0 ? NULL : mr_alloc(cx, v.n);

    if (p == NULL)
        return v;
    memcpy(p, v.p, v.n);
    return mr_slice(p, v.n);
}

bool
cell_values(struct merge *m, const struct mr_rule *rule, int side,
            const char *frame, struct cell_values *out)
{
    char room[FIELD_MAX];

    if (rule->n_fields[side] > CELL_FIELDS)
        return false;
    for (uint32_t i = 0; i < rule->n_fields[side]; i++) {
        const struct mr_field *f = &rule->fields[side][i];
        struct mr_val v = no_opinion(cell_field(frame, f));

        out->v[i] = in_arena(m->cx, one_form(f->type, v, room));
    }
    return m->cx->error.status == MR_OK;
}

/* Where a field stands; NULL: behind a selector whose row is not there. */
static struct mr_val *
field_slot(struct merge *m, const struct mr_field *f, const char *frame,
           bool make)
{
    char *record = pointer_at(frame, f->at);

    if (record == NULL)
        return NULL;
    if (f->picked == NULL)
        return (struct mr_val *)(void *)(record + f->field);
    return make || mr_pick(record, f->picked).state != MR_MISSING
               ? mr_pick_slot(m->cx, record, f->picked) : NULL;
}

bool
cell_put(struct merge *m, const struct mr_rule *rule, int side, char *frame,
         const struct cell_values *values)
{
    for (uint32_t i = 0; i < rule->n_fields[side]; i++) {
        struct mr_val *slot = field_slot(m, &rule->fields[side][i], frame,
                                         values->v[i].state != MR_MISSING);

        if (slot != NULL)
            *slot = values->v[i];
    }
    return m->cx->error.status == MR_OK;
}

bool
cell_try(struct merge *m, const struct mr_rule *rule, int side, char *frame,
         struct cell_values *out, struct opinion *o)
{
    struct cell_values was;
    struct mr_verdict verdict;

    if (rule->set[side] == NULL || rule->n_fields[side] > CELL_FIELDS)
        return false;
    for (uint32_t i = 0; i < rule->n_fields[side]; i++)
        was.v[i] = cell_field(frame, &rule->fields[side][i]);
    verdict = m->cx->verdict;
    rule->set[side](m->cx, frame);
    m->cx->verdict = verdict;
    if (o != NULL)
        *o = cell_hash(m, rule, side, frame);
    if (out != NULL)
        cell_values(m, rule, side, frame, out);
    return cell_put(m, rule, side, frame, &was);
}

/* --- behind a selector --- */

/*
 * Translating makes no row for an empty value behind a selector, as the row
 * that would be cleared is not known there. So the rule is run once more with
 * the row there: what it leaves empty is an opinion, too.
 */
static void
probe_picked(struct merge *m, const struct mr_rule *rule, int terms,
             const struct mr_field *f)
{
    static const char untouched[] = "untouched";
    char *record = pointer_at(m->frame[terms], f->at);
    struct mr_rows *rows;
    struct mr_verdict verdict;
    struct mr_val *slot;
    uint32_t n, state;

    if (record == NULL || mr_pick(record, f->picked).state != MR_MISSING)
        return;
    rows = (struct mr_rows *)(void *)(record + f->picked->rows);
    n = rows->n;
    state = rows->state;
    slot = mr_pick_slot(m->cx, record, f->picked);
    if (slot == NULL)
        return;
    /* Something that an empty value clears. */
    *slot = mr_text(untouched);
    verdict = m->cx->verdict;
    rule->set[terms](m->cx, m->frame[terms]);
    m->cx->verdict = verdict;
    slot = mr_pick_slot(m->cx, record, f->picked);
    if (slot == NULL || slot->p != untouched)
        return;
    *slot = mr_missing();
    if (rows->n > n) {
        rows->n = n;
        rows->state = state;
    }
}

void
cell_probe(struct walk *w, const struct mr_rule *rule, int side)
{
    if (rule->set[side] == NULL ||
        (rule->level != 0 && !level_has_rows(&w->repl->levels[rule->level])) ||
        level_row(w, w->m->frame[side], rule->level, 1 - side) == NULL)
        return;
    for (uint32_t i = 0; i < rule->n_fields[side]; i++)
        if (rule->fields[side][i].picked != NULL)
            probe_picked(w->m, rule, side, &rule->fields[side][i]);
}

static struct mr_val
text_of(struct walk *w, const struct mr_rule *rule, int terms,
        const char *frame)
{
    struct mr_val first = mr_missing();
    size_t n = 0;
    char *text;

    for (uint32_t i = 0; i < rule->n_fields[terms]; i++) {
        struct mr_val v = cell_field(frame, &rule->fields[terms][i]);

        if (i == 0)
            first = no_opinion(v);
        n += v.n + (size_t)3;
    }
    if (rule->n_fields[terms] < 2 || n > UINT32_MAX / 2)
        return first;
    text = mr_alloc(w->m->cx, n);
    if (text == NULL)
        return first;
    n = 0;
    for (uint32_t i = 0; i < rule->n_fields[terms]; i++) {
        struct mr_val v = cell_field(frame, &rule->fields[terms][i]);

        if (i > 0) {
            memcpy(text + n, " | ", 3);
            n += 3;
        }
        if (v.state == MR_HERE)
            memcpy(text + n, v.p, v.n);
        n += v.state == MR_HERE ? v.n : 0;
    }
    return mr_slice(text, (uint32_t)n);
}

struct opinion
cell_opinion(struct walk *w, const struct mr_rule *rule, int side)
{
    int terms = cell_terms(rule);
    struct merge *m = w->m;
    struct opinion o, own;

    if (terms == side)
        return cell_hash(m, rule, terms, m->frame[1 - side]);
    cell_probe(w, rule, terms);
    o = cell_hash(m, rule, terms, m->frame[1 - side]);
    if (o.state != MR_MISSING || !rule->runs[side])
        return o;
    /* A value that the other side can't hold, or a reference that is not
     * known yet: it can't be said, but it is there and it may change. */
    own = cell_hash(m, rule, side, m->frame[1 - side]);
    if (own.state != MR_HERE)
        return o;
    own.hash = hash_bytes(m, &own.hash, sizeof own.hash);
    return own;
}

struct mr_val
cell_shown(struct walk *w, const struct mr_rule *rule, int side)
{
    struct mr_val v = cell_text(w, rule, side);

    return v.state != MR_MISSING || !rule->runs[side]
               ? v : text_of(w, rule, side, w->m->frame[1 - side]);
}

struct mr_val
cell_text(struct walk *w, const struct mr_rule *rule, int side)
{
    return text_of(w, rule, cell_terms(rule), w->m->frame[1 - side]);
}

/* --- against what was agreed --- */

/* A message that comes long after a write was sent after that arrived, even
 * where the peer doesn't tell of changes that came from here. */
bool
cell_settled(const struct walk *w, const struct base_cell *agreed, int side)
{
    const int64_t wait = INT64_C(10) * 60 * 1000000;
    int64_t came = w->came[side];

    if (came == 0)
        return false;
    return (agreed->at != 0 && came > agreed->at * INT64_C(1000000) + wait) ||
           (w->written[side] != 0 && came > w->written[side] + wait);
}

/* Is this what a write replaced and the side has not yet shown to be gone? */
static bool
is_replaced(const struct walk *w, const struct base_cell *agreed, int side,
            uint64_t hash)
{
    const struct base_cell *end = w->base->cells + w->base->n, *c = agreed;

    if (c < w->base->cells || c >= end || cell_settled(w, agreed, side))
        return false;
    do {
        if (c->before[side] == hash)
            return true;
        c++;
    } while (c < end && c->more != 0);
    return false;
}

bool
cell_changed(const struct walk *w, const struct base_cell *agreed, int side,
             struct opinion o, bool *unknown)
{
    *unknown = agreed == NULL || agreed->hash[side] == BASE_UNKNOWN;
    if (o.state == MR_MISSING)
        return false;
    /* That nothing is there is no news where nothing was known; but it may
     * be a reason to look at the other side. */
    if (*unknown)
        return o.state == MR_HERE || w->confirm;
    if (agreed->hash[side] == o.hash)
        return w->confirm && agreed->before[side] != 0;
    return !is_replaced(w, agreed, side, o.hash);
}

const struct base_cell *
cell_arrived(const struct walk *w, int rule, uint64_t row)
{
    const struct base *sent = w->sent;
    const struct base_cell *last = NULL;
    uint32_t first = UINT32_MAX;

    for (size_t i = 0; w->arrived && i < sent->n; i++) {
        const struct base_cell *c = &sent->cells[i];

        if (c->at < first)
            first = c->at;
        if (c->row == row && c->rule == rule &&
            (last == NULL || c->at < last->at))
            last = c;
    }
    return last != NULL && last->at == first ? last : NULL;
}

const struct base_cell *
cell_agreed(const struct walk *w, int rule, uint64_t row,
            const uint64_t hash[2])
{
    int to = w->sent_to;
    const struct base_cell *sent = base_sent(w->sent, rule, row, to, hash[to]);
    const struct base_cell *base;
    struct base_cell *joined;

    if (sent == NULL || hash[to] == BASE_UNKNOWN) {
        base = base_find(w->base, rule, row);
        return base == NULL ? cell_arrived(w, rule, row) : base;
    }
    if (!sent->joined)
        return sent;
    joined = mr_alloc(w->m->cx, sizeof *joined);
    if (joined == NULL)
        return sent;
    *joined = *sent;
    joined->hash[to] = BASE_STALE;
    return joined;
}

bool
row_changed(const struct walk *w, const struct base_cell *agreed, int side,
            enum row_seen seen)
{
    uint64_t now = seen == ROW_HERE ? BASE_THERE : BASE_GONE;

    if (seen == ROW_UNKNOWN)
        return false;
    if (agreed == NULL || agreed->hash[side] == BASE_UNKNOWN)
        return seen == ROW_HERE;
    if (agreed->hash[side] == now)
        return false;
    return cell_settled(w, agreed, side) ||
           (agreed->before[1] & ((uint64_t)BASE_REPLACED << side)) == 0;
}
