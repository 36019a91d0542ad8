/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model system whose records can be read: ids, keys, ETags, times of change
 * by its own clock, pages, change sets that happen whole or not at all. What it
 * answers is what OData services answer; when, and whether, is the explorer's
 * affair.
 */
#include "sim/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct sim_list *
system_list(struct sim *sim, int map, int side)
{
    return &sim->systems[sim_maps[map].system[side]].records[map];
}

void
list_add(struct sim_list *l, struct sim_record *r)
{
    if (l->n == l->room) {
        l->room = l->room * 2 + 16;
        l->at = realloc(l->at, l->room * sizeof *l->at);
        if (l->at == NULL)
            abort();
    }
    l->at[l->n++] = r;
}

static void
list_remove(struct sim_list *l, const struct sim_record *r)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->at[i] != r)
            continue;
        record_free(l->at[i]);
        memmove(&l->at[i], &l->at[i + 1],
                (l->n - i - 1) * sizeof *l->at);
        l->n--;
        return;
    }
}

static void
list_free(struct sim_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        record_free(l->at[i]);
    free(l->at);
}

struct sim_record *
system_find(struct sim *sim, int map, int side, int number)
{
    const struct sim_list *l = system_list(sim, map, side);
    char key[SIM_TEXT];

    key_text(&sim_maps[map], side, number, key);
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->at[i]->values[0], key) == 0)
            return l->at[i];
    return NULL;
}

static struct sim_record *
find_id(struct sim *sim, int map, int side, const char *id)
{
    const struct sim_list *l = system_list(sim, map, side);

    for (size_t i = 0; i < l->n; i++)
        if (l->at[i]->id == atoi(id))
            return l->at[i];
    return NULL;
}

void
system_changed(struct sim *sim, int map, int side, struct sim_record *r)
{
    struct sim_system *s = &sim->systems[sim_maps[map].system[side]];

    r->version++;
    /* Services show milliseconds, so that is all they know. */
    r->changed = (sim->now + s->skew) / 1000 * 1000;
}

struct sim_record *
system_create(struct sim *sim, int map, int side, int number)
{
    const struct sim_map *m = &sim_maps[map];
    struct sim_system *s = &sim->systems[m->system[side]];
    struct sim_record *r = record_new(m->levels[0].entity[side],
                                      s->next_id++);

    key_text(m, side, number, r->values[0]);
    list_add(system_list(sim, map, side), r);
    system_changed(sim, map, side, r);
    return r;
}

void
system_removed(struct sim *sim, int map, int side, struct sim_record *r)
{
    list_remove(system_list(sim, map, side), r);
}

static bool
has_keys(const struct sim_request *q, const struct sim_record *r)
{
    for (size_t k = 0; k < q->n_keys; k++) {
        size_t i = 0;

        while (i < r->entity->n_fields &&
               strcmp(r->entity->fields[i].name, q->key_names[k]) != 0)
            i++;
        if (i == r->entity->n_fields ||
            strcmp(r->values[i], q->key_values[k]) != 0)
            return false;
    }
    return q->n_keys > 0;
}

static void
do_find(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    const struct sim_list *l = system_list(sim, q->map, q->side);

    for (size_t i = 0; i < l->n; i++) {
        if (!has_keys(q, l->at[i]))
            continue;
        json_record(&a->body, l->at[i], false);
        text_add(&a->body, "\n");
    }
}

static void
show_written(const struct sim_record *r, struct sim_answer *a)
{
    snprintf(a->record_id, sizeof a->record_id, "%d", r->id);
    snprintf(a->etag, sizeof a->etag, "W/\"%" PRIu64 "\"", r->version);
}

static void
do_create(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    const struct sim_map *m = &sim_maps[q->map];
    struct sim_system *s = &sim->systems[q->system];
    struct sim_list *l = system_list(sim, q->map, q->side);
    struct sim_record *r = record_new(m->levels[0].entity[q->side],
                                      s->next_id++);

    if (q->n_parts != 1 || q->parts[0].kind != PART_POST ||
        !json_apply(r, q->parts[0].body, q->parts[0].n, &s->next_id) ||
        r->values[0][0] == '\0') {
        sim_violation(sim, "%s refuses what is to be created: %.*s",
                      sim_system_names[q->system],
                      q->n_parts > 0 ? (int)q->parts[0].n : 0,
                      q->n_parts > 0 ? q->parts[0].body : "");
        a->outcome = OP_REFUSED;
        record_free(r);
        return;
    }
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->at[i]->values[0], r->values[0]) != 0 ||
            (!s->strict && l->at[i]->replicated))
            continue;
        a->outcome = OP_EXISTS;
        record_free(r);
        return;
    }
    r->replicated = true;
    list_add(l, r);
    system_changed(sim, q->map, q->side, r);
    s->writes++;
    show_written(r, a);
    if (r->id % 2 == 0)
        json_record(&a->body, r, false);
    oracle_no_twins(sim, q->map, q->side);
}

/* The record or row below `r` with this id; *holder is what holds it. */
static struct sim_record *
below(struct sim_record *r, int id, struct sim_record **holder)
{
    if (r->id == id)
        return r;
    for (size_t i = 0; i < r->n_rows; i++) {
        struct sim_record *found = below(r->rows[i], id, holder);

        if (found == NULL)
            continue;
        if (found == r->rows[i])
            *holder = r;
        return found;
    }
    return NULL;
}

static bool
rows_are_unique(const struct sim_record *r)
{
    for (size_t i = 0; i < r->n_rows; i++)
        if (record_row(r, r->rows[i]->values[0]) != r->rows[i] ||
            !rows_are_unique(r->rows[i]))
            return false;
    return true;
}

static bool
do_part(struct sim_system *s, struct sim_record *r,
        const struct sim_part *part)
{
    struct sim_record *holder = NULL;
    struct sim_record *at = below(r, atoi(part->id), &holder);

    if (at == NULL || at->entity->set == NULL ||
        strcmp(at->entity->set, part->set) != 0)
        return false;
    switch (part->kind) {
    case PART_PATCH:
        return json_apply(at, part->body, part->n, &s->next_id);
    case PART_DELETE:
        if (holder != NULL)
            record_remove_row(holder, at);
        return holder != NULL;
    case PART_POST:
        if (at->entity->list == NULL ||
            strcmp(at->entity->list, part->navigation) != 0 ||
            at->n_rows == SIM_ROWS)
            return false;
        struct sim_record *row = record_new(at->entity->row, s->next_id++);
        record_add_row(at, row);
        return json_apply(row, part->body, part->n, &s->next_id) &&
               row->values[0][0] != '\0';
    }
    return false;
}

static bool
is_stale(const struct sim_request *q, const struct sim_record *r)
{
    char etag[40];

    snprintf(etag, sizeof etag, "W/\"%" PRIu64 "\"", r->version);
    return q->etag[0] != '\0' && strcmp(q->etag, etag) != 0;
}

static void
do_update(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    struct sim_system *s = &sim->systems[q->system];
    struct sim_list *l = system_list(sim, q->map, q->side);
    struct sim_record *r = find_id(sim, q->map, q->side, q->record_id), *to;

    if (r == NULL || is_stale(q, r)) {
        a->outcome = OP_STALE;
        return;
    }
    if (q->etag[0] == '\0')
        sim_violation(sim, "%s is written to without a condition",
                      sim_system_names[q->system]);
    to = record_copy(r);
    for (size_t i = 0; i < q->n_parts; i++) {
        if (do_part(s, to, &q->parts[i]) && rows_are_unique(to))
            continue;
        sim_violation(sim, "%s refuses a part of a write: %s('%s')/%s %.*s",
                      sim_system_names[q->system], q->parts[i].set,
                      q->parts[i].id, q->parts[i].navigation,
                      (int)q->parts[i].n,
                      q->parts[i].n > 0 ? q->parts[i].body : "");
        a->outcome = OP_REFUSED;
        record_free(to);
        return;
    }
    if (strcmp(to->values[0], r->values[0]) != 0)
        sim_violation(sim, "a write changes the key %s", r->values[0]);
    for (size_t i = 0; i < l->n; i++)
        if (l->at[i] == r)
            l->at[i] = to;
    record_free(r);
    system_changed(sim, q->map, q->side, to);
    s->writes++;
    show_written(to, a);
    /* Where rows were written, services don't say what became of the root. */
    if (q->n_parts > 1)
        a->etag[0] = '\0';
}

static void
do_remove(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    struct sim_record *r = find_id(sim, q->map, q->side, q->record_id);

    if (r == NULL)
        return;
    if (is_stale(q, r)) {
        a->outcome = OP_STALE;
        return;
    }
    system_removed(sim, q->map, q->side, r);
    sim->systems[q->system].writes++;
}

static void
do_read(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    const struct sim_record *r = find_id(sim, q->map, q->side, q->record_id);

    if (r == NULL) {
        a->outcome = OP_NONE;
        return;
    }
    json_record(&a->body, r, false);
    snprintf(a->etag, sizeof a->etag, "W/\"%" PRIu64 "\"", r->version);
}

void
system_do(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    a->outcome = OP_OK;
    if (!sim->systems[q->system].reads) {
        system_take(sim, q, a);
        return;
    }
    switch (q->kind) {
    case OP_PAGE:
    case OP_IDS:
        system_page(sim, q, a);
        return;
    case OP_READ:
        do_read(sim, q, a);
        return;
    case OP_FIND:
        do_find(sim, q, a);
        return;
    case OP_CREATE:
        do_create(sim, q, a);
        return;
    case OP_UPDATE:
        do_update(sim, q, a);
        return;
    case OP_REMOVE:
        do_remove(sim, q, a);
        return;
    }
}

void
system_done(struct sim_system *s)
{
    for (int m = 0; m < SIM_MAPS; m++)
        list_free(&s->records[m]);
    for (size_t i = 0; i < s->n_views; i++)
        list_free(&s->views[i]);
    free(s->views);
    for (size_t i = 0; i < s->n_messages; i++)
        text_free(&s->messages[i].text);
    free(s->messages);
    free(s->tokens);
}
