/* SPDX-License-Identifier: Apache-2.0 */
/* From the checked program to the kinds of records that its systems hold. */
#include "sandbox/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/metadata.h"

/* --- look-ups --- */

struct kind *
site_kind(const struct site *s, const char *name, size_t n)
{
    for (size_t i = 0; i < s->kinds.n; i++)
        if (strlen(s->kinds.at[i]->name) == n &&
            memcmp(s->kinds.at[i]->name, name, n) == 0)
            return s->kinds.at[i];
    return NULL;
}

struct kind *
site_set(const struct site *s, const char *set, size_t n)
{
    for (size_t i = 0; i < s->kinds.n; i++)
        if (strlen(s->kinds.at[i]->set) == n &&
            memcmp(s->kinds.at[i]->set, set, n) == 0)
            return s->kinds.at[i];
    return NULL;
}

const struct kind *
site_near(const struct site *s, const char *name)
{
    const struct kind *best = NULL;
    int limit = 40;

    for (size_t i = 0; i < s->kinds.n; i++) {
        int d = name_distance(name, s->kinds.at[i]->name, limit);

        if (d <= limit) {
            best = s->kinds.at[i];
            limit = d - 1;
        }
    }
    return best;
}

struct site *
model_site(const struct model *m, const char *name)
{
    for (size_t i = 0; i < m->sites.n; i++)
        if (strcmp(m->sites.at[i]->name, name) == 0)
            return m->sites.at[i];
    return NULL;
}

static int
compare(const char *a, size_t a_n, const char *b, size_t b_n)
{
    int d = memcmp(a, b, a_n < b_n ? a_n : b_n);

    return d != 0 ? d : a_n < b_n ? -1 : a_n > b_n;
}

const struct field *
kind_field(const struct kind *k, const char *name, size_t n)
{
    size_t low = 0, high = k->sorted.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct field *f = &k->fields.at[k->sorted.at[middle]];
        int d = compare(name, n, f->name, f->name_n);

        if (d == 0)
            return f;
        if (d < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct nav *
kind_nav(const struct kind *k, const char *name, size_t n)
{
    for (size_t i = 0; i < k->navs.n; i++)
        if (strlen(k->navs.at[i].name) == n &&
            memcmp(k->navs.at[i].name, name, n) == 0)
            return &k->navs.at[i];
    return NULL;
}

const struct matched *
kind_matched(const struct kind *k, const struct member *list)
{
    for (size_t i = 0; i < k->lists.n; i++)
        if (k->lists.at[i].list == list)
            return &k->lists.at[i];
    return NULL;
}

/* --- OData --- */

static enum field_role
role_of(const struct member *m)
{
    static const struct {
        const char *name;
        enum field_role role;
    } names[] = {
        { "ObjectID", FIELD_ID },
        { "ParentObjectID", FIELD_PARENT },
        { "ETag", FIELD_ETAG },
        { "ChangedOn", FIELD_CHANGED },
        { "UpdatedOn", FIELD_CHANGED },
        { "LastChangeDateTime", FIELD_CHANGED },
        { "EntityLastChangedOn", FIELD_CHANGED },
        { "CreatedOn", FIELD_CREATED },
        { "CreationOn", FIELD_CREATED },
        { "CreationDateTime", FIELD_CREATED },
        { "UUID", FIELD_UUID },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, m->name) == 0) {
            bool kept = names[i].role == FIELD_PARENT ||
                        names[i].role == FIELD_UUID;

            /* What a client may write is kept as it was written. */
            if (!kept && m->creatable)
                return FIELD_PLAIN;
            if (names[i].role >= FIELD_ETAG &&
                names[i].role <= FIELD_CREATED &&
                m->wire != WIRE_DATETIME_TICKS)
                return FIELD_PLAIN;
            return names[i].role;
        }
    return FIELD_PLAIN;
}

/* A field that holds nothing: an empty text, no, zero, or null. */
static const char *
unset_of(struct model *m, const struct member *mb)
{
    switch (mb->wire) {
    case WIRE_TEXT:
        return mb->record == NULL ? "\"\"" : "null";
    case WIRE_BOOL:
        return "false";
    case WIRE_NUMBER:
        return "0";
    case WIRE_NUMBER_TEXT:
        if (mb->type.scale == 0 || mb->type.any_scale)
            return "\"0\"";
        return arena_printf(m->arena, "\"0.%0*d\"", (int)mb->type.scale, 0);
    case WIRE_DATE: case WIRE_TIME: case WIRE_TIME_DURATION:
    case WIRE_DATETIME: case WIRE_DATETIME_LOCAL: case WIRE_DATETIME_TICKS:
    case WIRE_GUID: case WIRE_BINARY:
        break;
    }
    return "null";
}

static void
add_field(struct model *m, struct kind *k, const struct member *mb)
{
    struct field f = { .member = mb, .name = mb->name, .filterable = true };
    int at = (int)k->fields.n;

    f.name_n = (uint32_t)strlen(f.name);
    f.open = arena_printf(m->arena, "\"%s\":", f.name);
    f.open_n = (uint32_t)strlen(f.open);
    f.unset = mb->record != NULL ? "null" : unset_of(m, mb);
    f.unset_n = (uint32_t)strlen(f.unset);
    f.role = role_of(mb);
    if (f.role == FIELD_ID || (mb->key && k->id < 0))
        k->id = at;
    if (f.role == FIELD_PARENT)
        k->parent_id = at;
    vec_push(m->arena, &k->fields, f);
}

static void
sort_fields(struct model *m, struct kind *k)
{
    for (size_t i = 0; i < k->fields.n; i++) {
        size_t at = k->sorted.n;

        vec_push(m->arena, &k->sorted, (uint32_t)i);
        while (at > 0 &&
               compare(k->fields.at[i].name, k->fields.at[i].name_n,
                       k->fields.at[k->sorted.at[at - 1]].name,
                       k->fields.at[k->sorted.at[at - 1]].name_n) < 0) {
            k->sorted.at[at] = k->sorted.at[at - 1];
            at--;
        }
        k->sorted.at[at] = (uint32_t)i;
    }
}

static struct kind *
kind_new(struct model *m, struct site *site, const char *name,
         const struct record *record)
{
    struct kind *k = arena_alloc(m->arena, sizeof *k);

    k->site = site;
    k->name = name;
    k->record = record;
    k->id = k->parent_id = k->key = -1;
    k->set = arena_printf(m->arena, "%sCollection", name);
    k->full = name;
    k->creatable = k->updatable = k->deletable = true;
    vec_push(m->arena, &site->kinds, k);
    return k;
}

static void
add_entity(struct model *m, struct site *site, const struct member *root)
{
    struct kind *k = kind_new(m, site, root->name, root->record);

    for (size_t i = 0; i < root->record->members.n; i++) {
        const struct member *mb = &root->record->members.at[i];

        /* Of two properties with one name, the first one counts. */
        if (!mb->navigation && record_member(root->record, mb->name) == mb)
            add_field(m, k, mb);
    }
    sort_fields(m, k);
}

static void
add_navs(struct model *m, struct site *site, struct kind *k)
{
    for (size_t i = 0; i < k->record->members.n; i++) {
        const struct member *mb = &k->record->members.at[i];
        struct nav nav = { .name = mb->name, .many = mb->max > 1 };

        if (!mb->navigation || mb->record == NULL)
            continue;
        nav.to = site_kind(site, mb->record->name, strlen(mb->record->name));
        if (nav.to != NULL)
            vec_push(m->arena, &k->navs, nav);
    }
}

/* From the kinds of one depth to those below: kinds with ParentObjectID, and
 * those of a list that no map has by themselves. */
static bool
go_down(struct site *site, unsigned depth)
{
    bool found = false;

    for (size_t i = 0; i < site->kinds.n; i++) {
        struct kind *k = site->kinds.at[i];

        for (size_t n = 0; k->depth == depth && n < k->navs.n; n++) {
            const struct nav *nav = &k->navs.at[n];

            if (nav->to->depth != 0 ||
                (nav->to->parent_id < 0 && (!nav->many || nav->to->used)))
                continue;
            nav->to->depth = depth + 1;
            nav->to->parent = k;
            found = true;
        }
    }
    return found;
}

/* Nothing leads there: what its ParentObjectID says is not known here. */
static void
stand_alone(struct kind *k)
{
    if (k->parent_id >= 0)
        k->fields.at[k->parent_id].role = FIELD_PLAIN;
    k->parent_id = -1;
    k->depth = 1;
}

/* What maps have by themselves stands at the top; then what is left. */
static void
find_parents(struct site *site)
{
    for (int all = 0; all < 3; all++) {
        for (size_t i = 0; i < site->kinds.n; i++) {
            struct kind *k = site->kinds.at[i];

            if (k->depth == 0 && (k->parent_id < 0 || all == 2) &&
                (k->used || all >= 1))
                stand_alone(k);
        }
        for (unsigned depth = 1; go_down(site, depth); depth++)
            continue;
    }
    for (size_t i = 0; i < site->kinds.n; i++)
        for (size_t n = 0; n < site->kinds.at[i]->navs.n; n++) {
            struct nav *nav = &site->kinds.at[i]->navs.at[n];

            nav->child = nav->to->parent == site->kinds.at[i];
        }
}

static bool
make_odata(struct model *m, struct site *site)
{
    const struct schema *schema = site->system->schema;

    for (size_t i = 0; i < schema->roots.n; i++)
        if (schema->roots.at[i].record != NULL)
            add_entity(m, site, &schema->roots.at[i]);
    for (size_t i = 0; i < site->kinds.n; i++)
        add_navs(m, site, site->kinds.at[i]);
    return metadata_read(m, site, schema->path);
}

/* --- IDoc --- */

/* The kind of the message that this side of the map reads and writes. Several
 * maps may look at one message; the outermost record is what is kept. */
static void
add_message(struct model *m, struct site *site, const struct tmap *map,
            int side)
{
    const struct member *message = map->path[side].at[0];
    struct kind *k = site_kind(site, message->name, strlen(message->name));

    if (k == NULL)
        k = kind_new(m, site, message->name, NULL);
    if (k->path.n != 0 && k->path.n <= map->path[side].n)
        return;
    k->path.n = 0;
    for (size_t i = 0; i < map->path[side].n; i++)
        vec_push(m->arena, &k->path, map->path[side].at[i]);
    k->record = k->path.at[k->path.n - 1]->record;
}

/* --- what the maps say --- */

static void
add_key_path(struct model *m, struct kind *k, const struct tpath *path)
{
    hop_vec hops = { 0 };

    for (size_t i = 0; i < path->hops.n; i++)
        vec_push(m->arena, &hops, path->hops.at[i]);
    vec_push(m->arena, &k->keys, hops);
}

static void
add_key_expr(struct model *m, struct kind *k, const struct texpr *e)
{
    if (e->kind == TEXPR_PATH)
        add_key_path(m, k, e->u.path);
    if (e->kind != TEXPR_CALL)
        return;
    for (size_t i = 0; i < e->u.call.args.n; i++)
        if (e->u.call.args.at[i].kind == TARG_EXPR)
            add_key_expr(m, k, e->u.call.args.at[i].expr);
}

static void
add_key(struct model *m, struct kind *k, const struct trule *rule, int side)
{
    if (k->keys.n > 0)
        return;
    for (size_t i = 0; i < rule->fields[side].n; i++)
        add_key_path(m, k, rule->fields[side].at[i]);
    if (rule->fields[side].n == 0 && rule->source[side] != NULL)
        add_key_expr(m, k, rule->source[side]);
    if (k->site->protocol == SITE_ODATA && k->keys.n == 1 &&
        k->keys.at[0].n == 1) {
        const char *name = k->keys.at[0].at[0].member->name;
        const struct field *f = kind_field(k, name, strlen(name));

        k->key = f == NULL ? -1 : (int)(f - k->fields.at);
    }
}

static void
add_match(struct model *m, struct kind *k, const struct member *list,
          const char *field)
{
    struct matched *at = NULL;

    for (size_t i = 0; i < k->lists.n; i++)
        if (k->lists.at[i].list == list)
            at = &k->lists.at[i];
    if (at == NULL) {
        struct matched made = { .list = list };

        vec_push(m->arena, &k->lists, made);
        at = &k->lists.at[k->lists.n - 1];
    }
    for (size_t i = 0; i < at->fields.n; i++)
        if (at->fields.at[i] == field)
            return;
    vec_push(m->arena, &at->fields, field);
}

static void
add_selectors(struct model *m, struct kind *k, const struct tpath *path)
{
    for (size_t i = 0; i < path->hops.n; i++)
        if (path->hops.at[i].key != NULL)
            add_match(m, k, path->hops.at[i].member,
                      path->hops.at[i].key->name);
}

static void
add_level(struct model *m, struct kind *k, const struct tlevel *level,
          int side)
{
    const struct member *list = level->list[side] == NULL
                                    ? NULL
                                    : tpath_member(level->list[side]);

    for (size_t i = 0; i < level->rules.n; i++) {
        const struct trule *r = level->rules.at[i];

        for (size_t f = 0; f < r->fields[side].n; f++) {
            const struct tpath *p = r->fields[side].at[f];

            add_selectors(m, k, p);
            if (r->key && list != NULL && p->hops.n == 1)
                add_match(m, k, list, tpath_member(p)->name);
        }
    }
    for (size_t i = 0; i < level->levels.n; i++)
        add_level(m, k, level->levels.at[i], side);
}

static void
use_map(struct model *m, const struct tmap *map, int side)
{
    struct site *site = model_site(m, map->systems[side]->name);
    const struct member *first;
    struct kind *k;

    if (site == NULL)
        return;
    if (site->protocol == SITE_IDOC)
        add_message(m, site, map, side);
    first = map->path[side].at[0];
    k = site_kind(site, first->name, strlen(first->name));
    if (k == NULL)
        return;
    k->used = true;
    /* A map of a part of the record says nothing about its key. */
    if (k->record == map->path[side].at[map->path[side].n - 1]->record) {
        for (size_t i = 0; i < map->root->rules.n; i++)
            if (map->root->rules.at[i]->key)
                add_key(m, k, map->root->rules.at[i], side);
        add_level(m, k, map->root, side);
    }
}

bool
model_make(struct model *m, struct arena *a, const struct tprogram *program)
{
    m->arena = a;
    m->program = program;
    for (size_t i = 0; i < program->systems.n; i++) {
        const struct tsystem *system = program->systems.at[i];
        struct site *site = arena_alloc(a, sizeof *site);

        site->name = system->name;
        site->system = system;
        if (system->protocol == PROTOCOL_IDOC) {
            site->protocol = SITE_IDOC;
        } else if (system->protocol == PROTOCOL_ODATA2) {
            site->protocol = SITE_ODATA;
        } else if (system->protocol == PROTOCOL_SOAP) {
            site->protocol = SITE_SOAP;
            kind_new(m, site, "SalesDocument", NULL);
        } else {
            fprintf(stderr, "mapc sandbox: %s speaks neither odata2 nor idoc "
                    "nor soap; these are what the sandbox can serve\n",
                    system->name);
            return false;
        }
        vec_push(a, &m->sites, site);
        if (site->protocol == SITE_ODATA && !make_odata(m, site))
            return false;
    }
    for (size_t i = 0; i < program->maps.n; i++) {
        use_map(m, program->maps.at[i], LEFT);
        use_map(m, program->maps.at[i], RIGHT);
    }
    for (size_t i = 0; i < m->sites.n; i++)
        find_parents(m->sites.at[i]);
    return true;
}
