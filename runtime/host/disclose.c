/* SPDX-License-Identifier: Apache-2.0 */
/* Tells all that is kept of one record: links, decisions and parked records
 * with their values and the rules by name, messages that wait. */
#define _GNU_SOURCE             /* memmem */
#include "host/privacy.h"
#include "host/replication.h"
#include "repl/message_parts.h"

#include <inttypes.h>
#include <jansson.h>

/* Opened text in the arena, ended with NUL; NULL: it can't be opened. */
static char *
open_text(struct session *s, struct mr_bytes sealed, size_t *n)
{
    char *text = sealed.n > 0 ? mr_alloc(&s->cx, sealed.n + 1) : NULL;

    *n = 0;
    if (text == NULL || seal_open(&s->cx, &s->keys, sealed.p, sealed.n,
                                  (unsigned char *)text, n) != MR_OK) {
        memset(&s->cx.error, 0, sizeof s->cx.error);
        return NULL;
    }
    text[*n] = '\0';
    return text;
}

/* The program's map of this name; NULL: it was of an earlier program. */
static const struct mr_map *
map_named(const struct session *s, const char *name)
{
    for (uint16_t i = 0; i < s->h->program->n_maps; i++)
        if (strcmp(s->h->program->maps[i]->name, name) == 0)
            return s->h->program->maps[i];
    return NULL;
}

static const char *
side_name(const struct mr_map *map, int side)
{
    return map != NULL ? common_system(map, side)
                       : side == MR_LEFT ? "left" : "right";
}

static void
print_link(const struct store_link *l, const struct mr_map *map)
{
    char made[32], changed[32], key[256];

    printf("link %" PRId64 " of %s, made %.19s, changed %.19s\n", l->id,
           l->map, host_time_text(l->made, made),
           host_time_text(l->changed, changed));
    for (int side = 0; side < 2; side++)
        printf("  %-8s  key %s, technical ID %s%s\n", side_name(map, side),
               l->keys[side][0] != '\0'
                   ? host_key_text(l->keys[side], key, sizeof key) : "unknown",
               l->ids[side][0] != '\0' ? l->ids[side] : "unknown",
               l->gone[side] ? ", deleted there" : "");
    printf("  agreed state: %zu bytes of hashes\n", l->base.n);
}

/* Place and words of a rule, which name its fields. */
static void
print_rule(const struct mr_map *map, int64_t rule)
{
    const struct mr_rule *r = decision_rule(map, rule);

    if (r != NULL)
        printf("%s: %s\n", r->at, r->rule);
    else if (rule < 0)
        puts("the record as a whole");
    else
        puts("a rule that this program no longer has");
}

static void
print_value(const char *name, const char *value)
{
    if (value != NULL)
        printf("    %-8s  %s\n", name, value);
}

/* What is kept of values that the other side can't hold. */
static void
print_remembered(struct session *s, const struct store_link *l,
                 const struct mr_map *map)
{
    struct base base;
    struct mr_val v;

    if (map == NULL || map->repl == NULL ||
        base_unpack(&s->cx, map->repl, l->base, &base) != MR_OK) {
        memset(&s->cx.error, 0, sizeof s->cx.error);
        return;
    }
    for (size_t i = 0; i < base.n_kept; i++) {
        const struct base_kept *k = &base.kept[i];

        if (k->what == BASE_VALUE ||
            !remember_text(&s->cx, &s->keys, k, &v))
            continue;
        fputs("  remembered of ", stdout);
        print_rule(map, k->rule);
        print_value(side_name(map, k->what == BASE_LEFT_PART ? MR_LEFT
                                                             : MR_RIGHT),
                    v.n > 0 ? v.p : "(no bytes: a length, or empty)");
    }
}

/* The sealed values of one rule. */
static void
print_cell(const struct mr_map *map, const json_t *cell)
{
    static const char *const sides[] = { "left", "right" };
    const json_t *v;

    for (int side = 0; side < 2; side++) {
        v = json_object_get(cell, sides[side]);
        if (v != NULL)
            print_value(side_name(map, side), json_is_string(v)
                                                  ? json_string_value(v)
                                                  : "missing");
    }
    v = json_object_get(cell, "base");
    print_value("agreed", json_string_value(v));
}

static void
print_decision(struct session *s, const struct store_decision *d,
               const struct mr_map *map)
{
    json_t *values = decision_values(s, d->detail);
    char at[32];

    printf("  decision of %.19s, %s%s%s: the value of %s, by ",
           host_time_text(d->at, at), decision_outcome(d->outcome),
           d->policy[0] != '\0' ? ", " : "", d->policy,
           side_name(map, d->from));
    print_rule(map, d->rule);
    print_value(side_name(map, MR_LEFT), d->left);
    print_value(side_name(map, MR_RIGHT), d->right);
    print_value("agreed", d->base);
    print_cell(map, values);
    json_decref(values);
}

static enum mr_status
print_decisions(struct session *s, int64_t link, const struct mr_map *map)
{
    struct store_query q = { .link = link };
    struct store_decision d;
    enum mr_status st;

    while ((st = s->store->ops->decision_next(&s->cx, s->store, &q, &d)) ==
           MR_OK) {
        q.after = d.id;
        print_decision(s, &d, map);
    }
    return st;
}

/* What a message has of a parked record: its IDoc, not those of others; or
 * all, where it is not made of IDocs. */
static void
print_message(struct session *s, int64_t id, uint32_t index)
{
    struct message open = { .program = s->h->program };
    size_t from = 0, to = 0;
    struct store_message m;

    if (id == 0 || s->store->ops->message_by_id(&s->cx, s->store, id, &m) !=
                       MR_OK) {
        memset(&s->cx.error, 0, sizeof s->cx.error);
        return;
    }
    open.system = m.system;
    open.p = open_text(s, m.sealed, &open.n);
    if (open.p == NULL) {
        puts("  its message can't be opened");
        return;
    }
    if (message_idoc(&s->cx, &open, index, &from, &to)) {
        printf("  its IDoc, %zu bytes of a message of %zu:\n", to - from,
               open.n);
    } else {
        to = open.n;
        printf("  its message, %zu bytes:\n", open.n);
    }
    fwrite(open.p + from, 1, to - from, stdout);
    putchar('\n');
}

static void
print_parked(struct session *s, const struct store_parked *p)
{
    const struct mr_map *map = map_named(s, p->map);
    json_t *values = decision_values(s, p->detail), *cell;
    int64_t message = p->message;
    uint32_t index = p->index;
    char made[32];
    size_t i;

    printf("parked %" PRId64 " of %s, %s, since %.19s: %s\n", p->id, p->map,
           parked_kind(p->kind), host_time_text(p->made, made), p->reason);
    if (p->rule[0] != '\0')
        printf("  rule     %s\n", p->rule);
    json_array_foreach(json_object_get(values, "cells"), i, cell)
    {
        fputs("  values   of ", stdout);
        print_rule(map, json_integer_value(json_object_get(cell, "rule")));
        print_cell(map, cell);
    }
    json_decref(values);
    print_message(s, message, index);
}

/* Rows of a key, or of a link. */
static enum mr_status
print_all_parked(struct session *s, const char *key, int64_t link, bool *any)
{
    struct store_query q = { .key = key, .link = link };
    struct store_parked p;
    enum mr_status st;

    while ((st = s->store->ops->parked_next(&s->cx, s->store, &q, &p)) ==
           MR_OK) {
        q.after = p.id;
        /* Those of a link are listed with the link. */
        if (link == 0 && p.link != 0)
            continue;
        *any = true;
        print_parked(s, &p);
    }
    return st;
}

enum mr_status
privacy_messages(struct session *s, const char *text, FILE *out, bool *any)
{
    struct store_message m;
    enum mr_status st;
    int64_t after = 0;

    while ((st = s->store->ops->message_next(&s->cx, s->store, after, &m)) ==
           MR_OK) {
        char *bytes, arrived[32];
        size_t n;

        after = m.id;
        mr_cx_next(&s->cx);
        bytes = open_text(s, m.sealed, &n);
        if (bytes == NULL || memmem(bytes, n, text, strlen(text)) == NULL)
            continue;
        *any = true;
        fprintf(out, "message %" PRId64 " of %s, arrived %.19s, %zu bytes, has "
                "\"%s\" in it\n", m.id, m.system,
                host_time_text(m.arrived, arrived), n, text);
    }
    return st;
}

/* Of a link that is there. */
static enum mr_status
print_looks(struct session *s, int64_t id, const struct mr_map *map)
{
    const struct store_ops *ops = s->store->ops;
    enum mr_status st = MR_OK;
    struct store_link l;
    uint64_t look;

    for (int side = 0; side < 2 && (st == MR_OK || st == MR_END); side++) {
        st = ops->link_by_id(&s->cx, s->store, id, &l);
        if (st == MR_OK)
            st = ops->look_get(&s->cx, s->store, l.map, side, l.ids[side],
                               &look);
        if (st == MR_OK)
            printf("  %-8s  a hash of the record's bytes as they last came\n",
                   side_name(map, side));
    }
    return st == MR_END ? MR_OK : st;
}

static enum mr_status
disclose_link(struct session *s, int64_t id, bool *any)
{
    struct store_link l;
    enum mr_status st = s->store->ops->link_by_id(&s->cx, s->store, id, &l);
    const struct mr_map *map;

    if (st != MR_OK)
        return st;
    *any = true;
    map = map_named(s, l.map);
    print_link(&l, map);
    print_remembered(s, &l, map);
    st = print_looks(s, id, map);
    if (st != MR_OK)
        return st;
    st = print_decisions(s, id, map);
    return st == MR_END ? print_all_parked(s, NULL, id, any) : st;
}

int
privacy_disclose(struct session *s, const struct found *f, const char *text)
{
    bool any = false;
    enum mr_status st = MR_OK;

    for (size_t i = 0; i < f->n && (st == MR_OK || st == MR_END); i++)
        st = disclose_link(s, f->links[i], &any);
    if (st == MR_OK || st == MR_END)
        st = print_all_parked(s, text, 0, &any);
    if (st == MR_OK || st == MR_END)
        st = privacy_messages(s, text, stdout, &any);
    if (st != MR_OK && st != MR_END)
        return session_store_error(s, "privacy");
    if (!any)
        printf("nothing is kept of %s\n", text);
    return HOST_OK;
}
