/* SPDX-License-Identifier: Apache-2.0 */
/* Runs one two-way rule on records that hold nothing else. */
#include "host/trip.h"

static void
on_step(void *arg, const char *name, struct mr_val v)
{
    (void)arg;
    (void)name;
    (void)v;
}

static void
on_put(void *arg, const struct mr_target *target, struct mr_val v)
{
    struct trip *t = arg;

    (void)target;
    if (v.state == MR_FAILED && !t->failed) {
        t->failed = true;
        t->why = (enum mr_why)v.why;
    }
}

enum mr_status
trip_open(struct trip *t, const struct mr_map *map)
{
    enum mr_status status;

    memset(t, 0, sizeof *t);
    mr_cx_init(&t->cx, NULL);
    status = host_frame_init(&t->cx, &t->frame, map);
    if (status != MR_OK) {
        mr_cx_done(&t->cx);
        return status;
    }
    t->hooks.step = on_step;
    t->hooks.put = on_put;
    t->hooks.arg = t;
    t->cx.trace = &t->hooks;
    return MR_OK;
}

void
trip_close(struct trip *t)
{
    host_frame_done(&t->cx, &t->frame);
    mr_cx_done(&t->cx);
}

void
trip_clear(struct trip *t)
{
    mr_cx_next(&t->cx);
    host_frame_clear(&t->frame);
}

const struct mr_field *
trip_fields(const struct mr_pair *p, int side, size_t *n)
{
    *n = side == HOST_LEFT ? p->n_left : p->n_right;
    return side == HOST_LEFT ? p->left : p->right;
}

void
trip_set_field(struct trip *t, const struct mr_field *f, struct mr_val v)
{
    char *record;
    struct mr_val *slot;

    memcpy(&record, t->frame.frame + f->at, sizeof record);
    slot = f->picked == NULL ? (struct mr_val *)(void *)(record + f->field)
           : v.state == MR_MISSING && mr_pick(record, f->picked).state ==
                                          MR_MISSING
               ? NULL
               : mr_pick_slot(&t->cx, record, f->picked);
    if (slot != NULL)
        *slot = v;
}

void
trip_set(struct trip *t, int side, const struct trip_values *values)
{
    size_t n;
    const struct mr_field *f = trip_fields(t->pair, side, &n);

    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++)
        trip_set_field(t, &f[i], values == NULL ? mr_missing() : values->v[i]);
}

void
trip_get(struct trip *t, int side, struct trip_values *values)
{
    size_t n;
    const struct mr_field *f = trip_fields(t->pair, side, &n);

    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++)
        values->v[i] = host_field(t->frame.frame, &f[i]);
}

bool
trip_same(const struct trip *t, int side, const struct trip_values *a,
          const struct trip_values *b)
{
    size_t n;

    trip_fields(t->pair, side, &n);
    for (size_t i = 0; i < n && i < TRIP_FIELDS; i++)
        if (a->v[i].state != b->v[i].state || a->v[i].n != b->v[i].n ||
            (a->v[i].n != 0 &&
             memcmp(a->v[i].p, b->v[i].p, a->v[i].n) != 0))
            return false;
    return true;
}

bool
trip_go(struct trip *t, int from)
{
    trip_set(t, 1 - from, NULL);
    t->failed = false;
    t->why = MR_WHY_NONE;
    t->cx.verdict.n = 0;
    if (from == HOST_LEFT)
        t->pair->to_right(&t->cx, t->frame.frame);
    else
        t->pair->to_left(&t->cx, t->frame.frame);
    return !t->failed && t->cx.error.status == MR_OK;
}
