/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text over several fields and several fields in one text. Both are made
 * so that what was cut can be put together again without a note of where.
 */
#include "mr/conv.h"

#include "value/text.h"

static void
fill(struct mr_val *parts, uint32_t count, struct mr_val v)
{
    for (uint32_t i = 0; i < count; i++)
        parts[i] = v;
}

/* A blank between two characters that are none. */
static bool
is_gap(struct mr_val v, uint32_t at)
{
    return v.p[at] == ' ' && at > 0 && at + 1 < v.n && v.p[at - 1] != ' ' &&
           v.p[at + 1] != ' ';
}

/*
 * Bytes of the first part of v, which has more than n characters. The last
 * gap within the first n characters where the rest still fits into `room`
 * characters, else n characters.
 */
static uint32_t
first_cut(struct mr_val v, uint32_t chars, uint32_t n, uint64_t room)
{
    uint32_t at = 0, hard = mr_bytes_of(v.p, v.n, n), best = hard;

    for (uint32_t i = 0; i < hard; i++) {
        at += !mr_is_tail(v.p[i]);
        /* Characters up to and with this one: at; the rest follows. */
        if (is_gap(v, i) && chars - at <= room)
            best = i;
    }
    return best;
}

void
mr_split_right(struct mr_cx *cx, struct mr_val v, uint32_t n,
               struct mr_val *parts, uint32_t count)
{
    struct mr_val rest = v;

    if (!mr_is_here(v)) {
        fill(parts, count, v);
        return;
    }
    fill(parts, count, mr_empty());
    for (uint32_t i = 0; i < count && mr_is_here(rest); i++) {
        uint32_t chars = mr_chars(rest.p, rest.n), cut = rest.n;

        if (chars > n) {
            uint64_t room = (uint64_t)(count - i - 1) * n;

            if (room == 0)
                break;
            cut = first_cut(rest, chars, n, room);
        }
        parts[i] = mr_slice(rest.p, cut);
        /* Only the blank at a gap is dropped: after a part shorter than n. */
        if (cut < rest.n && mr_chars(rest.p, cut) < n)
            cut++;
        rest = mr_slice(rest.p + cut, rest.n - cut);
    }
    if (mr_is_here(rest))
        fill(parts, count, mr_failed(v, MR_WHY_TOO_LONG));
    for (uint32_t i = 0; i < count; i++)
        mr_step(cx, "split", parts[i]);
}

/* Something that stands for all parts: the failed one, or missing, empty;
 * here: at least one is. */
static struct mr_val
state_of(const struct mr_val *parts, uint32_t count)
{
    struct mr_val all = mr_missing();

    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].state == MR_FAILED)
            return parts[i];
        if (mr_is_here(parts[i]) || !mr_is_here(all))
            all = parts[i].state == MR_MISSING ? all : parts[i];
    }
    return all;
}

/* The parts that are here; after each but the last the text between, unless
 * `n` is not 0 and the part has n characters. */
static struct mr_val
put_together(struct mr_cx *cx, const struct mr_val *parts, uint32_t count,
             const char *between, uint32_t n)
{
    size_t between_n = strlen(between), total = 0;
    struct mr_val state = state_of(parts, count);
    const struct mr_val *before = NULL;
    char *p, *at;

    if (!mr_is_here(state))
        return state;
    for (uint32_t i = 0; i < count; i++)
        total += mr_is_here(parts[i]) ? parts[i].n + between_n : 0;
    if (total > UINT32_MAX)
        return mr_failed(state, MR_WHY_TOO_LONG);
    p = at = mr_alloc(cx, total);
    if (p == NULL)
        return mr_failed(state, MR_WHY_OUT_OF_MEMORY);
    for (uint32_t i = 0; i < count; i++) {
        if (!mr_is_here(parts[i]))
            continue;
        if (before != NULL && (n == 0 || mr_chars(before->p, before->n) < n)) {
            memcpy(at, between, between_n);
            at += between_n;
        }
        memcpy(at, parts[i].p, parts[i].n);
        at += parts[i].n;
        before = &parts[i];
    }
    return mr_slice(p, (uint32_t)(at - p));
}

struct mr_val
mr_split_left(struct mr_cx *cx, const struct mr_val *parts, uint32_t count,
              uint32_t n)
{
    return mr_step(cx, "split", put_together(cx, parts, count, " ", n));
}

struct mr_val
mr_join_right(struct mr_cx *cx, const struct mr_val *parts, uint32_t count,
              const char *between)
{
    return mr_step(cx, "join", put_together(cx, parts, count, between, 0));
}

/* Where the text stands last with something before and behind it, as an empty
 * part would not come back; v.n: nowhere. */
static uint32_t
find_last(struct mr_val v, const char *text, uint32_t n)
{
    for (uint32_t at = v.n < n ? 0 : v.n - n; at-- > 1;)
        if (memcmp(v.p + at, text, n) == 0)
            return at;
    return v.n;
}

void
mr_join_left(struct mr_cx *cx, struct mr_val v, const char *between,
             struct mr_val *parts, uint32_t count)
{
    uint32_t n = (uint32_t)strlen(between), last = count;
    struct mr_val rest = v;

    if (!mr_is_here(v)) {
        fill(parts, count, v);
        return;
    }
    fill(parts, count, mr_empty());
    /* From the end: the pieces pile up in the last parts … */
    while (last > 1) {
        uint32_t at = n == 0 ? rest.n : find_last(rest, between, n);

        if (at == rest.n)
            break;
        parts[--last] = mr_slice(rest.p + at + n, rest.n - at - n);
        rest = mr_slice(rest.p, at);
    }
    parts[--last] = rest;
    /* … and move to the front where there were fewer. */
    for (uint32_t i = 0; last > 0 && i < count; i++)
        parts[i] = i + last < count ? parts[i + last] : mr_empty();
    for (uint32_t i = 0; i < count; i++)
        mr_step(cx, "join", parts[i]);
}
