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
    t->steps = NULL;
    t->n = t->room = t->later = 0;
    memset(t->slots, 0, sizeof t->slots);
    mr_track_then_none(t->first);
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
    mr_track_then_none(all->root.first);
    return all;
}

static bool
grow(struct mr_cx *cx, struct track *t)
{
    uint32_t room = t->room == 0 ? 16 : t->room * 2;
    struct track_step *steps = cx->memory.resize(cx->memory.arg, t->steps,
                                                room * sizeof *steps);

    if (steps == NULL)
        return false;
    t->steps = steps;
    t->room = room;
    return true;
}

void
mr_track_then_none(struct track_then two[2])
{
    memset(two, 0, 2 * sizeof *two);
    /* What no text holds: it never fits. */
    for (int i = 0; i < 2; i++) {
        two[i].bytes[0] = '\xff';
        two[i].mask = 1;
    }
}

void
mr_track_then(struct track_then two[2], const char *p, size_t n, uint32_t to)
{
    struct track_then *then = &two[two[0].n != 0];

    if (n == 0 || n > TRACK_THEN_MAX)
        return;
    memcpy(then->bytes, p, TRACK_THEN_MAX);
    then->mask = (uint32_t)(((uint64_t)1 << n) - 1);
    then->n = (uint8_t)n;
    then->to = (uint16_t)to;
}

/* A step was put in at `at`. */
static void
shift_then(struct track_then two[2], uint32_t at)
{
    for (int i = 0; i < 2; i++)
        two[i].to += two[i].to >= at && two[i].to != TRACK_CLOSES;
}

/* Makes room for a step. */
static void
shift_steps(struct track *t, uint32_t at)
{
    struct track_step *s = &t->steps[at];

    if (at == t->n)
        return;
    memmove(s + 1, s, (t->n - at) * sizeof *s);
    for (uint32_t i = 0; i < TRACK_SLOTS; i++)
        if (t->slots[i] > at)
            t->slots[i]++;              /* 256 is 0: none */
    shift_then(t->first, at);
    for (uint32_t i = 0; i <= t->n; i++)
        shift_then(t->steps[i].then, at);
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
        (t->n == t->room && !grow(cx, t)))
        return NULL;
    t->later += t->closed;
    s = &t->steps[at];
    shift_steps(t, at);
    t->n++;
    all->n_steps++;
    memset(s, 0, sizeof *s);
    mr_track_then_none(s->then);
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

    if (t == NULL)
        return NULL;
    memset(t, 0, sizeof *t);
    mr_track_then_none(t->first);
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
