/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made-up records: which kind and how many, rows of lists, and into the store
 * by the same way that a client's records take.
 */
#include "sandbox/seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/control.h"
#include "sandbox/idoc.h"
#include "sandbox/odata.h"
#include "sandbox/seed_value.h"

enum { BATCH = 500 };

struct wish {
    struct kind *kind;
    uint64_t count;
};

/* --- rows --- */

static json_t *grow(struct growing *g, const struct seed_node *node,
                    unsigned row, bool *filled);

/* Is there a row with the same keys already? */
static bool
is_there(const struct seed_node *node, const json_t *list, const json_t *row)
{
    size_t i;
    json_t *other;

    json_array_foreach(list, i, other) {
        bool same = false;

        for (size_t f = 0; f < node->fields.n; f++) {
            const char *name = node->fields.at[f].member->name;

            if (!node->fields.at[f].match)
                continue;
            same = json_equal(json_object_get(other, name),
                              json_object_get(row, name));
            if (!same)
                break;
        }
        if (same)
            return true;
    }
    return false;
}

static void
put_row(const struct seed_node *node, json_t *to, json_t *row)
{
    const char *name = node->member->name;
    json_t *there = json_object_get(to, name);

    if (node->member->max <= 1) {
        if (there == NULL)
            json_object_set(to, name, row);
        else
            json_object_update_missing(there, row);
        return;
    }
    if (there == NULL) {
        there = json_array();
        json_object_set_new(to, name, there);
    }
    if (!is_there(node, there, row))
        json_array_append(there, row);
}

static void
grow_below(struct growing *g, const struct seed_node *node, json_t *to)
{
    unsigned rows = node->each ? 1 + (unsigned)seed_random(g, 3) / 2 : 1;

    for (unsigned i = 0; i < rows; i++) {
        bool filled = false;
        json_t *row = grow(g, node, i, &filled);

        if (node->selector != NULL)
            json_object_set_new(row, node->selector->name,
                                json_string(node->equals));
        if (filled)
            put_row(node, to, row);
        json_decref(row);
    }
}

static json_t *
grow(struct growing *g, const struct seed_node *node, unsigned row,
     bool *filled)
{
    json_t *to = json_object();

    for (size_t i = 0; i < node->fields.n; i++) {
        const struct seed_field *f = &node->fields.at[i];
        json_t *value = seed_value(g, node, f, row);

        if (value == NULL)
            continue;
        json_object_set_new(to, f->member->name, value);
        /* What has to be there anyway is no reason for a row. */
        *filled = *filled || !f->needed || f->match || f->key ||
                  f->word != NULL;
    }
    for (size_t i = 0; i < node->nodes.n; i++) {
        size_t before = json_object_size(to);

        grow_below(g, node->nodes.at[i], to);
        *filled = *filled || json_object_size(to) > before;
    }
    return to;
}

/* --- records --- */

static struct growing
begin(struct model *m, struct store *store, const struct kind *k,
      uint64_t number, const struct seed_wish *wish)
{
    static const char *const countries[] = { "DE", "DE", "DE", "AT", "CH" };
    struct growing g = { .model = m, .store = store, .kind = k,
                         .number = number, .bytes = wish->bytes };

    g.arena = arena_new();
    /* Each record draws from a stream of its own. */
    g.state = wish->number * 0x2545f4914f6cdd1du + (uint64_t)k->number * 1000003;
    g.state = seed_random(&g, UINT64_MAX) ^ (number + 1) * 0xd1342543de82ef95u;
    g.state = seed_random(&g, UINT64_MAX);
    g.country = countries[seed_random(&g, 5)];
    g.flawed = seed_random(&g, 100) < wish->flawed;
    return g;
}

static const char *
store_record(struct growing *g, struct kind *k, const json_t *record)
{
    struct request r = { .arena = g->arena, .store = g->store,
                         .model = g->model, .site = k->site, .method = "POST",
                         .path = "", .query = "" };

    return user_put(&r, k, record);
}

static bool
fill(struct model *m, struct store *store, struct kind *k, uint64_t count,
     const struct seed_wish *wish)
{
    const struct seed_node *tree = seed_tree(m, k);
    uint64_t first = (uint64_t)sb_store_count(store, k->number);
    struct seed_pool pools[SEED_POOLS] = { { NULL, 0, 0 } };

    for (uint64_t i = 0; i < count; i++) {
        struct growing g = begin(m, store, k, first + i, wish);
        bool filled = false, good;
        json_t *record;
        const char *wrong;

        g.pools = pools;
        if (i % BATCH == 0 && !sb_store_begin(store))
            return false;
        record = grow(&g, tree, 0, &filled);
        wrong = store_record(&g, k, record);
        if (wrong != NULL)
            fprintf(stderr, "mapc sandbox: %s %" PRIu64 ": %s\n", k->name,
                    first + i + 1, wrong);
        json_decref(record);
        arena_free(g.arena);
        good = wrong == NULL;
        if (good && (i % BATCH == BATCH - 1 || i + 1 == count))
            good = sb_store_commit(store);
        if (!good) {
            sb_store_rollback(store);
            return false;
        }
    }
    return true;
}

/* --- wishes --- */

static bool
read_wish(struct model *m, const char *what, struct wish *out)
{
    const char *dot = strchr(what, '.'), *equals = strchr(what, '=');
    const struct kind *near;
    struct site *site;
    char *end;

    if (dot == NULL || equals == NULL || dot > equals) {
        fprintf(stderr, "mapc sandbox: --seed takes SYSTEM.OBJECT=N, not "
                "%s\n", what);
        return false;
    }
    site = model_site(m, arena_copy(m->arena, what, (size_t)(dot - what)));
    if (site == NULL) {
        fprintf(stderr, "mapc sandbox: --seed %s: there is no system %.*s\n",
                what, (int)(dot - what), what);
        return false;
    }
    out->kind = site_kind(site, dot + 1, (size_t)(equals - dot - 1));
    if (out->kind == NULL) {
        near = site_near(site, arena_copy(m->arena, dot + 1,
                                          (size_t)(equals - dot - 1)));
        fprintf(stderr, "mapc sandbox: --seed %s: %s has no such object%s%s%s\n",
                what, site->name, near == NULL ? "" : "; did you mean ",
                near == NULL ? "" : near->name,
                near == NULL ? "" : "?");
        return false;
    }
    if (site->protocol == SITE_SOAP) {
        fprintf(stderr, "mapc sandbox: --seed %s: documents are created by "
                "calls\n", what);
        return false;
    }
    out->count = strtoull(equals + 1, &end, 10);
    if (equals[1] < '0' || equals[1] > '9' || *end != '\0' ||
        out->count > 100000000) {
        fprintf(stderr, "mapc sandbox: --seed %s: how many?\n", what);
        return false;
    }
    return true;
}

bool
seed_fill(struct model *m, struct store *store, const char *const *what,
          const struct seed_wish *wish)
{
    struct wish wishes[64];
    size_t n = 0;

    for (; what[n] != NULL; n++)
        if (n == 64 || !read_wish(m, what[n], &wishes[n]))
            return false;
    /* What others refer to comes first: their maps do. */
    for (int late = 0; late < 2; late++)
        for (size_t i = 0; i < n; i++)
            if (seed_refers(m, wishes[i].kind) == (late == 1) &&
                !fill(m, store, wishes[i].kind, wishes[i].count, wish))
                return false;
    return true;
}
