/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects into records: each name is looked up in the shape; what the shape
 * reads is stored as slices of the window, everything else is skipped. Which
 * kinds of JSON value a wire form takes is decided here, what its text means
 * in value/wire.h.
 */
#include "codec/json_value.h"

#include "codec/codec.h"
#include "value/wire.h"

enum { SEEN_INLINE = 256 };

const struct mr_member *
mr_json_find(const struct mr_shape *shape, const char *name, uint32_t n)
{
    const struct mr_member *m;
    uint16_t found;

    if (shape->n_read == 0)
        return NULL;
    found = shape->lookup.slots[mr_slot(&shape->lookup, name, n)];
    if (found == 0)
        return NULL;
    m = &shape->read[found - 1];
    return m->name_n == n && memcmp(m->name, name, n) == 0 ? m : NULL;
}

/* Why a value of another JSON kind does not fit the wire form. */
static enum mr_why
wrong_kind(enum mr_wire wire)
{
    switch (wire) {
    case MR_WIRE_BOOL:
        return MR_WHY_NOT_BOOL;
    case MR_WIRE_NUMBER:
    case MR_WIRE_NUMBER_TEXT:
        return MR_WHY_NOT_A_NUMBER;
    case MR_WIRE_DATE:
        return MR_WHY_NOT_A_DATE;
    case MR_WIRE_TIME:
    case MR_WIRE_TIME_DURATION:
        return MR_WHY_NOT_A_TIME;
    case MR_WIRE_DATETIME:
    case MR_WIRE_DATETIME_LOCAL:
    case MR_WIRE_DATETIME_TICKS:
        return MR_WHY_NOT_A_DATETIME;
    case MR_WIRE_GUID:
        return MR_WHY_NOT_A_GUID;
    case MR_WIRE_BINARY:
        return MR_WHY_NOT_BASE64;
    case MR_WIRE_TEXT:
        break;
    }
    return MR_WHY_NOT_TEXT;
}

/* The text between start and end, of a member that holds a value. */
static bool
store_string(struct json *j, const struct mr_member *m, char *record,
             const char *start, const char *end, bool escaped)
{
    struct mr_val *to = (struct mr_val *)(void *)(record + m->offset);
    struct mr_val v = mr_slice(start, (uint32_t)(end - start));

    if (escaped) {
        v.p = mr_json_unescape(j, v.p, v.n, &v.n);
        if (v.p == NULL)
            return false;
    }
    if (m->wire == MR_WIRE_BOOL && v.state == MR_HERE)
        v = mr_failed(v, MR_WHY_NOT_BOOL);
    else if (m->wire != MR_WIRE_TEXT)
        v = mr_wire_in(j->cx, (enum mr_wire)m->wire, v);
    *to = v;
    return true;
}

/* Numbers, true, false, null, objects and lists. */
static const char *
read_other(struct json *j, const char *p, enum mr_wire wire, struct mr_val *out)
{
    const char *end = mr_json_skip(j, p);
    bool fits;

    if (end == NULL)
        return NULL;
    if (*p == 'n') {
        *out = mr_empty();
        return end;
    }
    *out = mr_slice(p, (uint32_t)(end - p));
    if (*p == 't' || *p == 'f')
        fits = wire == MR_WIRE_BOOL;
    else if (*p == '{' || *p == '[')
        fits = false;
    else
        fits = wire == MR_WIRE_NUMBER || wire == MR_WIRE_NUMBER_TEXT;
    *out = fits ? mr_wire_in(j->cx, wire, *out)
                : mr_failed(*out, wrong_kind(wire));
    return end;
}

static const char *
refuse_twice(struct json *j, const char *p, const char *name, uint32_t n)
{
    mr_input_fail(j->cx, j->in, MR_EFORMAT, (size_t)(p - j->in->at),
                  "member \"%.*s\" occurs twice", (int)n, name);
    return NULL;
}

static const char *walk_object(struct json *j, const char *p,
                               const struct mr_shape *shape, char *record,
                               struct track *t);

/* Behind a value in an object or list: at the comma, or at what is there
 * instead. */
static inline const char *
behind(const char *p)
{
    return *p == ',' ? p : json_space(p);
}

/* p is at [. */
static const char *
read_rows(struct json *j, const char *p, const struct mr_shape *shape,
          struct mr_rows *rows, struct track *t)
{
    if (!mr_json_open(j, p))
        return NULL;
    rows->state = MR_EMPTY;
    p = json_space(p + 1);
    if (*p == ']') {
        j->depth--;
        return p + 1;
    }
    for (;;) {
        char *row;

        if (*p != '{')
            return mr_json_wrong(j, p, "an object in the list");
        if (rows->n == MR_ROWS_MAX)
            return mr_json_refuse(j, p, MR_ELIMIT,
                                  "the list has more than 1000000 rows");
        row = mr_row_add(j->cx, rows, shape->size);
        if (row == NULL)
            return NULL;
        p = walk_object(j, p, shape, row, t);
        if (p == NULL)
            return NULL;
        p = behind(p);
        if (*p != ',')
            break;
        p = json_space(p + 1);
    }
    if (*p != ']')
        return mr_json_bad(j, p, "',' or ']'");
    j->depth--;
    return p + 1;
}

/* The list of {"results":[...]}, or nothing for {"__deferred":...}; p is
 * at {. */
static const char *
read_results(struct json *j, const char *p, const struct mr_shape *shape,
             struct mr_rows *rows, struct track *t)
{
    const char *start = p;
    bool found = false, deferred = false;

    if (!mr_json_open(j, p))
        return NULL;
    p = json_space(p + 1);
    while (*p != '}') {
        const char *at = p;
        struct mr_val name;

        p = mr_json_name(j, p, &name);
        if (p != NULL)
            p = json_colon(j, p);
        if (p == NULL)
            return NULL;
        if (json_is(name, "results")) {
            if (found)
                return refuse_twice(j, at, name.p, name.n);
            found = true;
            p = *p == '[' ? read_rows(j, p, shape, rows, t)
                          : mr_json_wrong(j, p, "a list in \"results\"");
        } else {
            deferred |= json_is(name, "__deferred");
            p = mr_json_skip(j, p);
        }
        if (p == NULL)
            return NULL;
        p = json_space(p);
        if (*p == '}')
            break;
        if (*p != ',')
            return mr_json_bad(j, p, "',' or '}'");
        p = json_space(p + 1);
        if (*p == '}')
            return mr_json_bad(j, p, "a member name");
    }
    if (!found && !deferred)
        return mr_json_wrong(j, start, "a list or \"results\" with one");
    j->depth--;
    return p + 1;
}

static const char *
read_list(struct json *j, const char *p, const struct mr_shape *shape,
          struct mr_rows *rows, struct track *t)
{
    if (*p == '[')
        return read_rows(j, p, shape, rows, t);
    if (*p == '{')
        return read_results(j, p, shape, rows, t);
    if (*p == 'n') {
        rows->state = MR_EMPTY;
        return mr_json_word(j, p, "null");
    }
    return mr_json_wrong(j, p, "a list");
}

/* A value that is no string. */
static const char *
read_member(struct json *j, const char *p, const struct track_step *s,
            char *record)
{
    const struct mr_member *m = s->m;
    char *to = record + m->offset;

    switch ((enum mr_kind)m->kind) {
    case MR_VALUE:
        return read_other(j, p, m->wire, (struct mr_val *)(void *)to);
    case MR_ONE:
        if (*p == '{')
            return walk_object(j, p, m->shape, to, s->inner);
        if (*p == 'n')
            return mr_json_word(j, p, "null");
        return mr_json_wrong(j, p, "an object");
    case MR_MANY:
        break;
    }
    return read_list(j, p, m->shape, (struct mr_rows *)(void *)to, s->inner);
}

static const char *skip_list(struct json *j, const char *p,
                             struct track *t);

/* A value that is not mapped and no string. */
static const char *
skip_other(struct json *j, const char *p, struct track *t)
{
    if (*p == '{')
        return walk_object(j, p, NULL, NULL, t);
    if (*p == '[')
        return skip_list(j, p, t);
    return mr_json_skip(j, p);
}

/* p is at [. */
static const char *
skip_list(struct json *j, const char *p, struct track *t)
{
    if (!mr_json_open(j, p))
        return NULL;
    p = json_space(p + 1);
    if (*p != ']') {
        for (;;) {
            p = skip_other(j, p, t);
            if (p == NULL)
                return NULL;
            p = behind(p);
            if (*p != ',')
                break;
            p = json_space(p + 1);
        }
        if (*p != ']')
            return mr_json_bad(j, p, "',' or ']'");
    }
    j->depth--;
    return p + 1;
}

/* A bit for each member that was there. */
struct seen {
    uint64_t *bits, inline_bits[SEEN_INLINE / 64];
};

static bool
seen_init(struct json *j, struct seen *seen, uint32_t n)
{
    memset(seen->inline_bits, 0, sizeof seen->inline_bits);
    seen->bits = seen->inline_bits;
    if (n > SEEN_INLINE) {
        size_t size = ((size_t)n + 63) / 64 * sizeof *seen->bits;

        seen->bits = mr_alloc(j->cx, size);
        if (seen->bits == NULL)
            return false;
        memset(seen->bits, 0, size);
    }
    return true;
}

static bool
seen_twice(struct seen *seen, size_t i)
{
    uint64_t bit = (uint64_t)1 << i % 64, old = seen->bits[i / 64];

    seen->bits[i / 64] |= bit;
    return (old & bit) != 0;
}

/* An object that is being read. */
struct walk {
    const struct mr_shape *shape;   /* NULL: nothing in it is mapped */
    struct track *t;           /* NULL: none */
    const struct track_step *at, *end;   /* the step that is expected */
    uint32_t missed;
    struct track_step other;         /* a member that is not in the track */
};

static void
begin_walk(struct walk *w, const struct mr_shape *shape, struct track *t)
{
    w->shape = shape;
    w->t = t;
    w->at = w->end = NULL;
    w->missed = 0;
    if (t != NULL) {
        w->at = t->steps;
        w->end = t->steps + t->n;
    }
}

/* The first time that a member is met here. */
static const struct track_step *
learn(struct json *j, struct walk *w, const char *start, const char *name,
      size_t name_n, const char *value)
{
    struct track *t = w->t;
    uint32_t at = t->n - (uint32_t)(w->end - w->at);
    struct track_step *s = mr_track_find(t, name, name_n);

    if (s != NULL) {
        w->at = s + 1;
        return &w->other;
    }
    s = mr_track_learn(j->cx, j->tracks, t, at, start, (size_t)(value - start),
                       w->other.m, w->other.index);
    if (s == NULL)
        return &w->other;
    s->name_at = (uint8_t)(name - start);
    s->name_n = (uint8_t)name_n;
    if (*value == '{' || *value == '[')
        s->inner = mr_track_inner(j->cx);
    w->at = s + 1;
    w->end = t->steps + t->n;
    return s;
}

/* Reads a name that is not the expected one. */
static const struct track_step *
read_name(struct json *j, const char *start, struct walk *w)
{
    const char *p = json_space(start), *quote = p, *end;
    struct track_step *o = &w->other;
    struct mr_val name;

    w->missed++;
    for (uint32_t i = 1; i < TRACK_AHEAD && i < w->end - w->at; i++)
        if (track_fits(w->at + i, start)) {
            w->at += i + 1;
            return w->at - 1;
        }
    p = end = mr_json_name(j, p, &name);
    if (p != NULL)
        p = json_colon(j, p);
    if (p == NULL)
        return NULL;
    o->m = w->shape == NULL ? NULL : mr_json_find(w->shape, name.p, name.n);
    o->index = o->m == NULL ? 0 : (uint16_t)(o->m - w->shape->read);
    o->inner = NULL;
    o->glue_n = (uint32_t)(p - start);
    return w->t == NULL ? o : learn(j, w, start, quote, (size_t)(end - quote),
                                    p);
}

/* p is behind { or a comma; the value is glue_n bytes behind it. */
static inline const struct track_step *
next_member(struct json *j, const char *p, struct walk *w)
{
    const struct track_step *s = w->at;

    if (__builtin_expect(s < w->end && track_fits(s, p), 1)) {
        w->at++;
        return s;
    }
    return read_name(j, p, w);
}

static const char *
close_object(struct json *j, const char *p, struct walk *w)
{
    if (*p != '}')
        return mr_json_bad(j, p, "',' or '}'");
    if (w->t != NULL)
        mr_track_judge(j->cx, j->tracks, w->t, w->missed);
    j->depth--;
    return p + 1;
}

/* p is at {. */
static const char *
walk_object(struct json *j, const char *p, const struct mr_shape *shape,
            char *record, struct track *t)
{
    struct walk w;
    struct seen seen;

    if (!mr_json_open(j, p) ||
        (shape != NULL && !seen_init(j, &seen, shape->n_read)))
        return NULL;
    begin_walk(&w, shape, t);
    if (*json_space(p + 1) == '}')
        return close_object(j, json_space(p + 1), &w);
    for (;;) {
        const struct track_step *s = next_member(j, ++p, &w);
        const char *start = p;
        bool escaped = false;

        if (s == NULL)
            return NULL;
        p = json_space(p + s->glue_n);      /* more blanks than last time */
        if (s->m != NULL && __builtin_expect(seen_twice(&seen, s->index), 0))
            return refuse_twice(j, json_space(start), s->m->name,
                                s->m->name_n);
        if (*p == '"' && (s->m == NULL || s->m->kind == MR_VALUE)) {
            start = p + 1;
            p = json_string(j, start, &escaped);
            if (p == NULL || (s->m != NULL &&
                              !store_string(j, s->m, record, start, p,
                                            escaped)))
                return NULL;
            p++;
        } else {
            p = s->m == NULL ? skip_other(j, p, s->inner)
                             : read_member(j, p, s, record);
            if (p == NULL)
                return NULL;
        }
        if (*p == ',')
            continue;
        p = json_space(p);
        if (*p != ',')
            return close_object(j, p, &w);
    }
}

const char *
mr_json_record(struct json *j, const char *p, const struct mr_shape *shape,
               char *record)
{
    return walk_object(j, p, shape, record,
                       j->tracks == NULL ? NULL : &j->tracks->root);
}
