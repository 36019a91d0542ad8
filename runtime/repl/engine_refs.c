/* SPDX-License-Identifier: Apache-2.0 */
/*
 * References: `ref` finds the partner's key through the links. A record whose
 * reference isn't there waits, and is woken in the turn that makes that link.
 */
#include "repl/engine_state.h"

static struct mr_val
find_partner(void *arg, struct mr_cx *cx, const char *map, int side,
             struct mr_val key)
{
    struct engine *e = arg;
    char *text = mr_alloc(cx, (size_t)key.n + 1);
    const char *found;

    if (text == NULL) {
        engine_fail(e, MR_EMEMORY);
        return mr_missing();
    }
    memcpy(text, key.p, key.n);
    text[key.n] = '\0';
    found = st_partner(e, map, side, text);
    if (found != NULL)
        return mr_text(found);
    e->wants[side] = (struct wanted){ map, text };
    return mr_missing();
}

void
refs_init(struct engine *e)
{
    e->finder.find = find_partner;
    e->finder.arg = e;
}

bool
only_refs(const struct mr_verdict *v, bool cut)
{
    if (v->rejected || v->n == 0 || v->n > MR_FINDINGS_MAX)
        return false;
    for (uint32_t i = 0; i < v->n; i++) {
        const struct mr_finding *f = &v->findings[i];

        if (f->value.state != MR_FAILED || f->value.why != MR_WHY_UNKNOWN_REF ||
            (cut && f->target->required))
            return false;
    }
    return true;
}

/* Records that wait for this one, on the way to `side`. */
static void
wake(struct engine *e, const struct store_link *l, int side)
{
    struct store_query q = { .wants_map = l->map,
                             .wants_key = l->keys[1 - side] };
    struct store_parked p;

    while (st_parked_next(e, &q, &p)) {
        q.after = p.id;
        if (p.wants_side != side ||
            (p.next != 0 && p.next <= e->now))
            continue;
        p.next = e->now;
        st_parked_put(e, &p);
        e->parked_due = 0;
        for (size_t i = 0; i < e->n_flows; i++)
            if (strcmp(e->flows[i].map->name, p.map) == 0 &&
                e->flows[i].side == p.side)
                engine_note(e, EVENT_WOKEN, &e->flows[i], p.key, "");
    }
}

void
refs_wake(struct engine *e, const struct store_link *l)
{
    for (int side = 0; side < 2; side++)
        if (*l->keys[side] != '\0' && *l->keys[1 - side] != '\0' &&
            !l->gone[0] && !l->gone[1])
            wake(e, l, side);
}
