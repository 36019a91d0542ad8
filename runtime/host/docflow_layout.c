/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layers as Sugiyama's: levels are those of the chain; the order in a level
 * comes from the mean place of the neighbours, looked at from the left and from
 * the right in turn.
 */
#include "host/docflow_layout.h"

#include <stdlib.h>

enum { SWEEPS = 8, FINE = 1024 };

struct key {
    uint64_t mean;
    uint32_t place, node;
};

struct work {
    struct layout *l;
    uint32_t *start;        /* of each level in `at`, and one behind the last */
    uint32_t *at;           /* nodes, level by level, from the top */
    uint64_t *sum;          /* of the places of a node's neighbours */
    uint32_t *count;
    struct key *keys;
};

/* --- nodes and lines --- */

static uint32_t
span(const struct chain *c, const struct chain_edge *e)
{
    return c->documents[e->to].level - c->documents[e->from].level;
}

/* Bends for all lines that pass levels, or for none where they are too many. */
static uint32_t
count_bends(const struct chain *c)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < c->n_edges; i++)
        if (!c->edges[i].back)
            n += span(c, &c->edges[i]) - 1;
    return n > BENDS_MAX ? 0 : (uint32_t)n;
}

static void
add_line(struct layout *l, uint32_t from, uint32_t to)
{
    l->lines[l->n_lines++] = (struct layout_line){ from, to };
}

static void
add_edge(struct layout *l, const struct chain *c, const struct chain_edge *e,
         bool bends)
{
    uint32_t at = e->from, level = c->documents[e->from].level + 1;

    for (; bends && level < c->documents[e->to].level; level++) {
        l->nodes[l->n_nodes].level = level;
        add_line(l, at, l->n_nodes);
        at = l->n_nodes++;
    }
    add_line(l, at, e->to);
}

static bool
make_nodes(struct chain *c, struct layout *l)
{
    uint32_t bends = count_bends(c), room = c->n + bends + 1;

    l->nodes = mr_alloc(&c->cx, room * sizeof *l->nodes);
    l->lines = mr_alloc(&c->cx, (c->n_edges + bends + 1) * sizeof *l->lines);
    l->first = mr_alloc(&c->cx, (c->n_edges + 1) * sizeof *l->first);
    if (l->nodes == NULL || l->lines == NULL || l->first == NULL)
        return false;
    memset(l->nodes, 0, room * sizeof *l->nodes);
    l->n_nodes = c->n;
    for (uint32_t i = 0; i < c->n; i++) {
        l->nodes[i].level = c->documents[i].level;
        if (l->nodes[i].level >= l->n_levels)
            l->n_levels = l->nodes[i].level + 1;
    }
    for (uint32_t i = 0; i < c->n_edges; i++) {
        l->first[i] = l->n_lines;
        if (!c->edges[i].back)
            add_edge(l, c, &c->edges[i], bends > 0);
    }
    l->first[c->n_edges] = l->n_lines;
    return true;
}

/* --- places in a level --- */

static bool
make_work(struct chain *c, struct layout *l, struct work *w)
{
    uint32_t room = l->n_nodes + 1;

    w->l = l;
    w->start = mr_alloc(&c->cx, (l->n_levels + 2) * sizeof *w->start);
    w->at = mr_alloc(&c->cx, room * sizeof *w->at);
    w->sum = mr_alloc(&c->cx, room * sizeof *w->sum);
    w->count = mr_alloc(&c->cx, room * sizeof *w->count);
    w->keys = mr_alloc(&c->cx, room * sizeof *w->keys);
    return w->start != NULL && w->at != NULL && w->sum != NULL &&
           w->count != NULL && w->keys != NULL;
}

static void
put_node(struct work *w, uint32_t *filled, uint32_t node)
{
    struct layout_node *n = &w->l->nodes[node];

    n->place = filled[n->level]++;
    w->at[w->start[n->level] + n->place] = node;
}

/* Documents in their order, bends below them. */
static void
first_places(const struct chain *c, struct work *w)
{
    struct layout *l = w->l;
    uint32_t *filled = w->count;    /* a level has a node, so there is room */

    memset(w->start, 0, (l->n_levels + 2) * sizeof *w->start);
    memset(filled, 0, (l->n_nodes + 1) * sizeof *filled);
    for (uint32_t i = 0; i < l->n_nodes; i++)
        w->start[l->nodes[i].level + 1]++;
    for (uint32_t i = 0; i < l->n_levels; i++)
        w->start[i + 1] += w->start[i];
    for (uint32_t i = 0; i < c->n; i++)
        put_node(w, filled, c->order[i]);
    for (uint32_t i = c->n; i < l->n_nodes; i++)
        put_node(w, filled, i);
}

static int
by_mean(const void *a, const void *b)
{
    const struct key *x = a, *y = b;

    if (x->mean != y->mean)
        return x->mean < y->mean ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* Sums of the neighbours on one side of every node. */
static void
sum_neighbours(struct work *w, bool left)
{
    const struct layout *l = w->l;

    memset(w->sum, 0, (l->n_nodes + 1) * sizeof *w->sum);
    memset(w->count, 0, (l->n_nodes + 1) * sizeof *w->count);
    for (uint32_t i = 0; i < l->n_lines; i++) {
        uint32_t near = left ? l->lines[i].from : l->lines[i].to;
        uint32_t node = left ? l->lines[i].to : l->lines[i].from;

        w->sum[node] += l->nodes[near].place;
        w->count[node]++;
    }
}

static void
sort_level(struct work *w, uint32_t level)
{
    uint32_t from = w->start[level], n = w->start[level + 1] - from;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t node = w->at[from + i];

        w->keys[i].node = node;
        w->keys[i].place = i;
        w->keys[i].mean = w->count[node] == 0
                              ? (uint64_t)i * FINE
                              : w->sum[node] * FINE / w->count[node];
    }
    if (n > 1)
        qsort(w->keys, n, sizeof *w->keys, by_mean);
    for (uint32_t i = 0; i < n; i++) {
        w->at[from + i] = w->keys[i].node;
        w->l->nodes[w->keys[i].node].place = i;
    }
}

/* All levels see the places of the sweep before. */
static void
sort_levels(struct work *w)
{
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        sum_neighbours(w, sweep % 2 == 0);
        for (uint32_t level = 0; level < w->l->n_levels; level++)
            sort_level(w, level);
    }
}

/* --- coordinates --- */

static uint32_t
height_of(const struct chain *c, uint32_t node)
{
    return (node < c->n ? BOX_HEIGHT : BEND_HEIGHT) + BETWEEN_BOXES;
}

static void
set_places(const struct chain *c, struct work *w)
{
    struct layout *l = w->l;

    for (uint32_t level = 0; level < l->n_levels; level++) {
        uint32_t y = PICTURE_MARGIN;

        for (uint32_t i = w->start[level]; i < w->start[level + 1]; i++) {
            struct layout_node *n = &l->nodes[w->at[i]];

            n->x = PICTURE_MARGIN + level * (BOX_WIDTH + BETWEEN_LEVELS);
            n->y = y;
            y += height_of(c, w->at[i]);
        }
        if (y > l->height)
            l->height = y;
        w->count[level] = y;
    }
    /* Short levels stand in the middle. */
    for (uint32_t i = 0; i < l->n_nodes; i++)
        l->nodes[i].y += (l->height - w->count[l->nodes[i].level]) / 2;
}

bool
docflow_layout(struct chain *c, struct layout *l)
{
    struct work w;

    memset(l, 0, sizeof *l);
    if (!make_nodes(c, l) || !make_work(c, l, &w))
        return false;
    first_places(c, &w);
    sort_levels(&w);
    set_places(c, &w);
    l->width = 2 * PICTURE_MARGIN + l->n_levels * BOX_WIDTH +
               (l->n_levels > 1 ? l->n_levels - 1 : 0) * BETWEEN_LEVELS;
    l->height += 2 * PICTURE_MARGIN;
    return true;
}
