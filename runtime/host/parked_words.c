/* SPDX-License-Identifier: Apache-2.0 */
/* One parked record in full, and a person's decision about a conflict. */
#include "host/control.h"
#include "host/replication.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

static const char *const kinds[] = { "rule", "ref",    "ask",     "guard",
                                     "peer", "format", "rejected" };

enum { KINDS = sizeof kinds / sizeof kinds[0] };

const char *
parked_kind(enum store_parked_kind kind)
{
    return (unsigned)kind < KINDS ? kinds[kind] : "?";
}

int
parked_kind_named(const struct host *h, const char *name)
{
    const char *best = host_closest(name, kinds, KINDS);

    for (int i = 0; i < (int)KINDS; i++)
        if (strcmp(kinds[i], name) == 0)
            return i;
    fprintf(stderr, "%s: there is no kind %s", h->name, name);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
    return -1;
}

static const struct mr_map *
map_named(const struct session *s, const char *name)
{
    for (uint16_t i = 0; i < s->h->program->n_maps; i++)
        if (strcmp(s->h->program->maps[i]->name, name) == 0)
            return s->h->program->maps[i];
    return NULL;
}

/* --- show --- */

struct shown {
    const struct mr_map *map;   /* NULL: the program no longer has it */
    bool personal;
};

static const struct mr_rule *
rule_of(const struct shown *w, const json_t *cell)
{
    return decision_rule(w->map,
                         json_integer_value(json_object_get(cell, "rule")));
}

static void
show_side(const struct shown *w, const json_t *cell, const char *side,
          const char *name, bool personal)
{
    const json_t *v = json_object_get(cell, side);

    (void)w;
    printf("    %-10s ", name);
    if (json_is_string(v))
        host_show(stdout,
                  mr_slice(json_string_value(v),
                           (uint32_t)json_string_length(v)), personal);
    else
        fputs("missing", stdout);
    putchar('\n');
}

static void
show_cells(const struct shown *w, json_t *detail)
{
    json_t *cell;
    size_t i;

    json_array_foreach(json_object_get(detail, "cells"), i, cell)
    {
        const struct mr_rule *r = rule_of(w, cell);
        bool personal = !w->personal && (r == NULL || r->personal);

        if (r != NULL)
            printf("  %s: %s\n", r->at, r->rule);
        else
            puts("  the record was deleted on one side, changed on the other");
        show_side(w, cell, "left", w->map != NULL ? w->map->left : "left",
                  personal);
        show_side(w, cell, "right", w->map != NULL ? w->map->right : "right",
                  personal);
        if (json_object_get(cell, "base") != NULL)
            show_side(w, cell, "base", "agreed", personal);
    }
}

/* Personal values leave the object. */
static void
redact(const struct shown *w, json_t *detail)
{
    json_t *cell;
    size_t i;

    json_array_foreach(json_object_get(detail, "cells"), i, cell)
    {
        const struct mr_rule *r = rule_of(w, cell);

        if (w->personal || (r != NULL && !r->personal))
            continue;
        json_object_del(cell, "left");
        json_object_del(cell, "right");
        json_object_del(cell, "base");
        json_object_set_new(cell, "personal", json_true());
    }
}

static void
show_json(const struct store_parked *p, const struct shown *w, json_t *detail)
{
    char made[32], next[32], key[256], *text;
    json_t *o = json_pack(
        "{sI ss ss ss ss ss ss ss ss sI sI ss ss}", "id", (json_int_t)p->id,
        "kind", parked_kind(p->kind), "map", p->map, "system",
        w->map != NULL ? common_system(w->map, p->side) : "", "key",
        host_key_text(p->key, key, sizeof key), "record", p->record_id, "rule",
        p->rule, "reason", p->reason, "wants", p->wants_key, "link",
        (json_int_t)p->link, "attempts", (json_int_t)p->attempts, "made",
        host_time_text(p->made, made), "next", host_time_text(p->next, next));

    if (o != NULL && json_object_get(detail, "cells") != NULL) {
        redact(w, detail);
        json_object_set(o, "detail", detail);
    }
    text = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;
    puts(text != NULL ? text : "{}");
    free(text);
    json_decref(o);
}

static void
show_text(const struct store_parked *p, const struct shown *w, json_t *detail)
{
    char time[32], key[256];

    printf("%" PRId64 ": %s\n", p->id, p->reason);
    printf("  kind     %s\n  map      %s\n", parked_kind(p->kind), p->map);
    if (w->map != NULL)
        printf("  change   of %s\n", common_system(w->map, p->side));
    if (p->key[0] != '\0')
        printf("  key      %s\n", host_key_text(p->key, key, sizeof key));
    if (p->record_id[0] != '\0')
        printf("  record   %s\n", p->record_id);
    if (p->rule[0] != '\0')
        printf("  rule     %s\n", p->rule);
    if (p->wants_key != NULL && p->wants_key[0] != '\0')
        printf("  waits    for %s %s\n", p->wants_map,
               host_key_text(p->wants_key, key, sizeof key));
    printf("  since    %s\n", host_time_text(p->made, time));
    if (p->attempts > 0)
        printf("  tried    %lu times\n", (unsigned long)p->attempts);
    if (p->next != 0)
        printf("  again    %s\n", host_time_text(p->next, time));
    if (p->message != 0)
        printf("  message  %" PRId64 ", record %lu of it\n", p->message,
               (unsigned long)p->index + 1);
    if (detail != NULL)
        show_cells(w, detail);
}

int
parked_show(struct session *s, int64_t id, bool personal, bool json)
{
    struct store_parked p;
    enum mr_status st =
        s->store->ops->parked_by_id(&s->cx, s->store, id, &p);
    struct shown w = { .personal = personal };
    json_t *detail;

    if (st == MR_END) {
        fprintf(stderr, "%s parked: nothing is parked as %" PRId64 "\n",
                s->h->name, id);
        return HOST_USAGE;
    }
    if (st != MR_OK)
        return session_store_error(s, "parked");
    w.map = map_named(s, p.map);
    detail = decision_values(s, p.detail);
    if (json)
        show_json(&p, &w, detail);
    else
        show_text(&p, &w, detail);
    json_decref(detail);
    return HOST_OK;
}

/* --- resolve --- */

/* The ruling about one cell, where the engine looks for it. */
static enum mr_status
put_ruling(struct session *s, int64_t link, const json_t *cell,
           const char *side)
{
    const char *row = json_string_value(json_object_get(cell, "row"));
    json_int_t rule = json_integer_value(json_object_get(cell, "rule"));
    struct mr_bytes value = { side, strlen(side) };
    char name[96];

    snprintf(name, sizeof name, "ruling:%" PRId64 ":%lld:%.24s", link,
             (long long)rule, row != NULL ? row : "0");
    return s->store->ops->meta_put(&s->cx, s->store, name, value);
}

static int
put_rulings(struct session *s, struct change *c, int64_t link, json_t *detail,
            const char *side)
{
    json_t *cell;
    size_t i;
    int code = change_begin(s, c);

    if (code != HOST_OK)
        return code;
    json_array_foreach(json_object_get(detail, "cells"), i, cell)
        if (put_ruling(s, link, cell, side) != MR_OK)
            return change_end(s, c, change_error(s, c));
    return change_end(s, c, HOST_OK);
}

int
parked_resolve(struct session *s, struct change *c, int64_t id,
               const char *system)
{
    struct store_parked p;
    enum mr_status st =
        s->store->ops->parked_by_id(&s->cx, s->store, id, &p);
    const struct mr_map *map;
    json_t *detail;
    int code, side = -1;
    int64_t link;

    if (st != MR_OK || p.kind != PARKED_ASK) {
        memset(&s->cx.error, 0, sizeof s->cx.error);
        fprintf(c->err, st == MR_OK ? "%" PRId64 " is no conflict: `parked "
                "retry` tries it again\n" : "nothing is parked as %" PRId64
                "\n", id);
        return HOST_USAGE;
    }
    map = map_named(s, p.map);
    for (int i = 0; map != NULL && i < 2; i++)
        if (strcmp(system, common_system(map, i)) == 0 ||
            strcmp(system, i == MR_LEFT ? "left" : "right") == 0)
            side = i;
    if (side < 0) {
        fprintf(c->err, "%s is between %s and %s: say one of them\n", p.map,
                map != NULL ? map->left : "left",
                map != NULL ? map->right : "right");
        return HOST_USAGE;
    }
    link = p.link;
    detail = decision_values(s, p.detail);
    if (detail == NULL) {
        fprintf(c->err, "what was kept of %" PRId64 " can't be read\n", id);
        return HOST_INTERNAL;
    }
    code = put_rulings(s, c, link, detail,
                       side == MR_LEFT ? "left" : "right");
    json_decref(detail);
    if (code != HOST_OK)
        return code;
    engine_retry(s->engine, id);
    fprintf(c->out, "%" PRId64 " is resolved: the values of %s\n", id,
            common_system(map, side));
    return HOST_OK;
}
