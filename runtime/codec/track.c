/* SPDX-License-Identifier: Apache-2.0 */
/* Where tracks live, how they grow, when they are forgotten. */
#include "codec/track.h"

#include "mr/cx.h"

enum { PATIENCE_MAX = 16 };

static const char kept_name[] = "tracks";

/* Returns the number of steps that were in it. */
static uint32_t
clear_track(struct mr_cx *cx, struct track *t)
{
    uint32_t n = t->n;

    for (uint32_t i = 0; i < t->n; i++)
        if (t->steps[i].inner != NULL) {
            n += clear_track(cx, t->steps[i].inner);
            mr_resize(cx, t->steps[i].inner, 0);
        }
    mr_resize(cx, t->steps, 0);
    mr_resize(cx, t->places, 0);
    mr_resize(cx, t->others, 0);
    t->steps = NULL;
    t->places = NULL;
    t->others = NULL;
    t->n = t->room = t->later = 0;
    memset(t->slots, 0, sizeof t->slots);
    t->closed = false;
    return n;
}

static void
release(struct mr_cx *cx, struct mr_kept *kept)
{
    struct tracks *all = (struct tracks *)(void *)kept;

    clear_track(cx, &all->root);
    mr_resize(cx, all, 0);
}

struct tracks *
mr_tracks(struct mr_cx *cx, const struct mr_shape *shape,
          const struct mr_member *path)
{
    struct tracks *all;

    for (struct mr_kept *k = cx->kept; k != NULL; k = k->next) {
        all = (struct tracks *)(void *)k;
        if (k->name == kept_name && all->shape == shape && all->path == path)
            return all;
    }
    all = cx->memory.resize(cx->memory.arg, NULL, sizeof *all);
    if (all == NULL)
        return NULL;
    memset(all, 0, sizeof *all);
    all->kept.name = kept_name;
    all->kept.release = release;
    all->kept.next = cx->kept;
    cx->kept = &all->kept;
    all->shape = shape;
    all->path = path;
    all->places = path != NULL;
    return all;
}

/* More memory for *at; false: there is none. */
static bool
resize(struct mr_cx *cx, void *at, size_t n)
{
    void **old = at;
    void *new = cx->memory.resize(cx->memory.arg, *old, n);

    if (new != NULL)
        *old = new;
    return new != NULL;
}

static bool
grow(struct mr_cx *cx, struct track *t, bool places)
{
    uint32_t room = t->room == 0 ? 16 : t->room * 2;

    if (!resize(cx, &t->steps, room * sizeof *t->steps))
        return false;
    if (places &&
        (!resize(cx, &t->places, (room + 1) * sizeof *t->places) ||
         !resize(cx, &t->others, (room + 1) * sizeof *t->others)))
        return false;
    if (places && t->room == 0)
        mr_track_then_none(t, 0);
    t->room = room;
    return true;
}

static void
know_nothing(struct track_then *then)
{
    memset(then, 0, sizeof *then);
    /* What no text holds: it never fits. */
    then->bytes[0] = '\xff';
    then->mask = 1;
}

void
mr_track_then_none(struct track *t, uint32_t place)
{
    know_nothing(&t->places[place].usual);
    know_nothing(&t->others[place]);
}

void
mr_track_then(struct track *t, uint32_t place, const char *p, size_t n,
              uint32_t to)
{
    struct track_then *then = &t->places[place].usual;

    if (n == 0 || n > TRACK_THEN_MAX)
        return;
    if (then->n != 0)
        then = &t->others[place];
    memcpy(then->bytes, p, TRACK_THEN_MAX);
    then->mask = (uint32_t)(((uint64_t)1 << n) - 1);
    then->n = (uint8_t)n;
    then->to = (uint16_t)to;
}

/* The places from `place` on moved up by one. */
static void
move_then(struct track_then *then, uint32_t place)
{
    then->to += then->to >= place && then->to != TRACK_CLOSES;
}

/* Makes room for the place behind step `at`. */
static void
shift_places(struct track *t, uint32_t at)
{
    struct track_place *place = &t->places[at + 1];
    struct track_then *other = &t->others[at + 1];

    memmove(place + 1, place, (t->n - at) * sizeof *place);
    memmove(other + 1, other, (t->n - at) * sizeof *other);
    memset(place, 0, sizeof *place);
    mr_track_then_none(t, at + 1);
    for (uint32_t i = 0; at < t->n && i <= t->n + 1; i++) {
        move_then(&t->places[i].usual, at + 1);
        move_then(&t->others[i], at + 1);
    }
}

struct track_step *
mr_track_learn(struct mr_cx *cx, struct tracks *all, struct track *t,
               uint32_t at, const char *glue, size_t n,
               const struct mr_member *m, uint32_t index)
{
    struct track_step *s;

    if (n > TRACK_GLUE_MAX || t->n == TRACK_STEPS_MAX ||
        all->n_steps == TRACK_ALL_MAX ||
        (t->closed && t->later == TRACK_LATER_MAX) ||
        (t->n == t->room && !grow(cx, t, all->places)))
        return NULL;
    t->later += t->closed;
    s = &t->steps[at];
    memmove(s + 1, s, (t->n - at) * sizeof *s);
    for (uint32_t i = 0; i < TRACK_SLOTS && at < t->n; i++)
        if (t->slots[i] > at)
            t->slots[i]++;              /* 256 is 0: none */
    if (t->places != NULL)
        shift_places(t, at);
    t->n++;
    all->n_steps++;
    memset(s, 0, sizeof *s);
    memcpy(s->glue, glue, n);
    s->glue_n = (uint32_t)n;
    s->index = (uint16_t)index;
    s->m = m;
    return s;
}

struct track_step *
mr_track_find(const struct track *t, const char *name, size_t n)
{
    /* Where every object has its own order a search would cost too much. */
    if (t->bad != 0)
        return NULL;
    for (uint32_t i = 0; i < t->n; i++) {
        struct track_step *s = &t->steps[i];

        if (s->name_n == n && memcmp(s->glue + s->name_at, name, n) == 0)
            return s;
    }
    return NULL;
}

void
mr_track_name(struct track *t, const struct track_step *s, const char *name,
              uint32_t n)
{
    size_t i = (size_t)(s - t->steps);

    if (i < UINT8_MAX)
        t->slots[track_hash(name, n)] = (uint8_t)(i + 1);
}

struct track *
mr_track_inner(struct mr_cx *cx)
{
    struct track *t = cx->memory.resize(cx->memory.arg, NULL, sizeof *t);

    if (t != NULL)
        memset(t, 0, sizeof *t);
    return t;
}

void
mr_track_judge(struct mr_cx *cx, struct tracks *all, struct track *t,
              uint32_t missed)
{
    if (!t->closed) {
        t->closed = true;
        return;
    }
    if (missed * 4 <= t->n)
        t->bad = 0;
    if (missed * 4 <= t->n || t->patience == PATIENCE_MAX)
        return;
    if (++t->bad >= (uint32_t)1 << t->patience) {
        all->n_steps -= clear_track(cx, t);
        all->forgotten++;
        t->bad = 0;
        t->patience++;
    }
}
