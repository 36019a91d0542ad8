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

static const char *
read_string(struct json *j, const char *p, enum mr_wire wire,
            struct mr_val *out)
{
    bool escaped = false;
    const char *end = json_string(j, p + 1, &escaped);
    struct mr_val v;

    if (end == NULL)
        return NULL;
    v = mr_slice(p + 1, (uint32_t)(end - p - 1));
    if (escaped) {
        v.p = mr_json_unescape(j, v.p, v.n, &v.n);
        if (v.p == NULL)
            return NULL;
    }
    if (wire == MR_WIRE_BOOL && v.state == MR_HERE)
        v = mr_failed(v, MR_WHY_NOT_BOOL);
    else if (wire != MR_WIRE_TEXT)
        v = mr_wire_in(j->cx, wire, v);
    *out = v;
    return end + 1;
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

/* p is at [. */
static const char *
read_rows(struct json *j, const char *p, const struct mr_shape *shape,
          struct mr_rows *rows)
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
        p = mr_json_record(j, p, shape, row);
        if (p == NULL)
            return NULL;
        p = json_space(p);
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
             struct mr_rows *rows)
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
            p = *p == '[' ? read_rows(j, p, shape, rows)
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
          struct mr_rows *rows)
{
    if (*p == '[')
        return read_rows(j, p, shape, rows);
    if (*p == '{')
        return read_results(j, p, shape, rows);
    if (*p == 'n') {
        rows->state = MR_EMPTY;
        return mr_json_word(j, p, "null");
    }
    return mr_json_wrong(j, p, "a list");
}

static const char *
read_member(struct json *j, const char *p, const struct mr_member *m,
            char *record)
{
    char *to = record + m->offset;

    switch ((enum mr_kind)m->kind) {
    case MR_VALUE:
        if (*p == '"')
            return read_string(j, p, m->wire, (struct mr_val *)(void *)to);
        return read_other(j, p, m->wire, (struct mr_val *)(void *)to);
    case MR_ONE:
        if (*p == '{')
            return mr_json_record(j, p, m->shape, to);
        if (*p == 'n')
            return mr_json_word(j, p, "null");
        return mr_json_wrong(j, p, "an object");
    case MR_MANY:
        break;
    }
    return read_list(j, p, m->shape, (struct mr_rows *)(void *)to);
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

/* p is at the name's quote; returns the place behind the value. */
static const char *
record_member(struct json *j, const char *p, const struct mr_shape *shape,
              char *record, struct seen *seen)
{
    const struct mr_member *m;
    const char *start = p;
    struct mr_val name;

    p = mr_json_name(j, p, &name);
    if (p != NULL)
        p = json_colon(j, p);
    if (p == NULL)
        return NULL;
    m = mr_json_find(shape, name.p, name.n);
    if (m == NULL)
        return mr_json_skip(j, p);
    if (__builtin_expect(seen_twice(seen, (size_t)(m - shape->read)), 0))
        return refuse_twice(j, start, m->name, m->name_n);
    return read_member(j, p, m, record);
}

const char *
mr_json_record(struct json *j, const char *p, const struct mr_shape *shape,
               char *record)
{
    struct seen seen;

    if (!mr_json_open(j, p) || !seen_init(j, &seen, shape->n_read))
        return NULL;
    p = json_space(p + 1);
    if (*p != '}') {
        for (;;) {
            p = record_member(j, p, shape, record, &seen);
            if (p == NULL)
                return NULL;
            p = json_space(p);
            if (*p != ',')
                break;
            p = json_space(p + 1);
        }
        if (*p != '}')
            return mr_json_bad(j, p, "',' or '}'");
    }
    j->depth--;
    return p + 1;
}
