/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command explain: why does this record have this value, or none. For each
 * rule that sets the field: when the value was agreed and whose it was, what
 * was decided about it, what both systems have now, and how the rule makes one
 * of the other, step by step.
 */
#include "host/explain.h"

static const char help_text[] =
    "usage: %s explain SYSTEM OBJECT KEY [FIELD]\n"
    "\n"
    "Says why a record of SYSTEM has its values, or of one field. OBJECT is a\n"
    "map or what it maps there, as Account or DEBMAS06; KEY the key as SYSTEM\n"
    "writes it, or the technical ID. Both systems are read where they can be.\n"
    "\n"
    "      --show-personal  shows personal values\n"
    "      --json           one JSON object instead of text\n";

/* --- what it is about --- */

static bool
is_object(const struct mr_map *map, int side, const char *object)
{
    return strcmp(map->name, object) == 0 ||
           strcmp(map->repl->tech[side].object, object) == 0;
}

static bool
find_map(const struct host *h, struct explaining *x, const char *system,
         const char *object)
{
    const char *best = NULL;

    for (uint16_t i = 0; i < h->program->n_maps; i++) {
        const struct mr_map *m = h->program->maps[i];

        for (int side = 0; side < 2 && m->repl != NULL; side++) {
            const char *names[2] = { m->name, m->repl->tech[side].object };

            if (strcmp(common_system(m, side), system) != 0)
                continue;
            if (is_object(m, side, object)) {
                x->map = m;
                x->to = side;
                return true;
            }
            if (best == NULL)
                best = host_closest(object, names, 2);
        }
    }
    fprintf(stderr, "%s explain: no map replicates %s of %s", h->name, object,
            system);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
    return false;
}

/* What the store gives out is good until the next question. */
static bool
keep_link(struct explaining *x, const struct store_link *l)
{
    struct config *c = &x->s.config;
    void *base = mr_alloc(&c->cx, l->base.n + 1);

    x->link = *l;
    x->link.map = x->map->name;
    for (int side = 0; side < 2; side++) {
        x->link.ids[side] = config_text(c, "%s", l->ids[side]);
        x->link.keys[side] = config_text(c, "%s", l->keys[side]);
        x->link.etags[side] = x->link.serials[side] = "";
        if (x->link.ids[side] == NULL || x->link.keys[side] == NULL)
            return false;
    }
    if (base == NULL)
        return false;
    memcpy(base, l->base.n > 0 ? l->base.p : "", l->base.n);
    x->link.base.p = base;
    return true;
}

static int
find_link(struct explaining *x)
{
    struct session *s = &x->s;
    struct store_link l;
    enum mr_status st;

    if (s->store == NULL)
        return HOST_OK;
    st = s->store->ops->link_by_key(&s->cx, s->store, x->map->name, x->to,
                                    x->key, &l);
    if (st == MR_END)
        st = s->store->ops->link_by_record(&s->cx, s->store, x->map->name,
                                           x->to, x->key, &l);
    /* A person may have the other system's key at hand. */
    if (st == MR_END)
        st = s->store->ops->link_by_key(&s->cx, s->store, x->map->name,
                                        1 - x->to, x->key, &l);
    x->linked = st == MR_OK;
    if (st == MR_OK && !keep_link(x, &l))
        return HOST_INTERNAL;
    if (st == MR_OK && x->link.keys[x->to][0] != '\0')
        x->key = x->link.keys[x->to];
    return st == MR_OK || st == MR_END ? HOST_OK
                                       : session_store_error(s, "explain");
}

/* --- both records --- */

/* References as replication finds them. */
static struct mr_val
find_partner(void *arg, struct mr_cx *cx, const char *map, int side,
             struct mr_val key)
{
    struct session *s = arg;
    struct store_link l;
    char *text = mr_alloc(cx, key.n + 1), *found;
    size_t n;

    if (text == NULL || s->store == NULL)
        return mr_missing();
    memcpy(text, key.p, key.n);
    text[key.n] = '\0';
    if (s->store->ops->link_by_key(&s->cx, s->store, map, 1 - side, text,
                                   &l) != MR_OK)
        return mr_missing();
    n = strlen(l.keys[side]);
    found = mr_alloc(cx, n + 1);
    if (found == NULL)
        return mr_missing();
    memcpy(found, l.keys[side], n + 1);
    return mr_slice(found, (uint32_t)n);
}

static void
decode(struct explaining *x, int side)
{
    struct mr_cx *cx = &x->s.engine_cx;
    enum mr_status st;

    if (x->live[side].p == NULL)
        return;
    st = merge_decode_at(&x->m, side, x->live[side].p, x->live[side].n, 0);
    if (st == MR_OK)
        return;
    x->live[side].missing = st == MR_END;
    snprintf(x->live[side].why, sizeof x->live[side].why, "%.190s",
             st == MR_END ? "there is no such record" : cx->error.text);
    memset(&cx->error, 0, sizeof cx->error);
}

static void
read_both(struct explaining *x)
{
    const struct store_link *l = &x->link;
    int to = x->to, from = 1 - to;
    struct mr_val key;

    fetch_record(&x->s, x->map, to, x->linked ? l->ids[to] : "",
                 x->linked ? l->keys[to] : x->key, &x->live[to]);
    decode(x, to);
    x->no_record = x->live[to].missing;
    if (x->linked) {
        fetch_record(&x->s, x->map, from, l->ids[from], l->keys[from],
                     &x->live[from]);
    } else {
        key = merge_key(&x->m, from);
        fetch_record(&x->s, x->map, from, "", mr_is_here(key) ? key.p : "",
                     &x->live[from]);
    }
    decode(x, from);
}

/* Both records behind one frame; a rule of the map itself reads no others. */
static bool
make_frame(struct explaining *x)
{
    const struct mr_map *map = x->map;

    x->frame = mr_alloc(&x->s.engine_cx, map->frame_size);
    if (x->frame == NULL)
        return false;
    memset(x->frame, 0, map->frame_size);
    for (int side = 0; side < 2; side++)
        memcpy(x->frame + map->frame[side].at, &x->m.record[side],
               sizeof x->m.record[side]);
    return true;
}

int
host_explain(const struct host *h, int argc, char **argv)
{
    struct explaining x;
    bool personal = false;
    const struct host_option more[] = {
        { "--show-personal", NULL, &personal, NULL },
    };
    struct common_args a;
    const char *words[4];
    size_t n;
    int code;

    if (!common_args(h, "explain", help_text, argc, argv, more, 1, &a, words,
                     4, &n, &code))
        return code;
    memset(&x, 0, sizeof x);
    if (n < 3) {
        fprintf(stderr, "%s explain: say SYSTEM OBJECT KEY, and a FIELD\n",
                h->name);
        return HOST_USAGE;
    }
    if (!find_map(h, &x, words[0], words[1]))
        return HOST_USAGE;
    code = session_open(h, &x.s, a.config, SESSION_READ | SESSION_PEERS);
    if (code != HOST_OK)
        return code;
    x.personal = personal;
    x.field = n > 3 ? words[3] : NULL;
    x.key = common_key(&x.s, x.map, words[2]);
    x.s.engine_cx.finder = &(struct mr_finder){ find_partner, &x.s };
    merge_init(&x.m, &x.s.engine_cx, x.map, &x.s.keys);
    code = x.key != NULL ? find_link(&x) : HOST_INTERNAL;
    if (code == HOST_OK) {
        read_both(&x);
        code = !make_frame(&x) ? HOST_INTERNAL
               : a.json       ? explain_tell_json(&x)
                              : explain_tell(&x);
    }
    merge_done(&x.m);
    session_close(&x.s);
    return code;
}
