/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record that is written: nothing in it but the cells that were decided,
 * the rows that they stand in, and what the peer needs to find these.
 */
#include "repl/decide.h"

bool
write_is_odata(const struct merge *m, int side)
{
    enum mr_format format = merge_doc(m, side)->format;

    return format == MR_ODATA2 || format == MR_ODATA4;
}

static uint32_t
pointer_of(const struct decide *d, uint32_t level)
{
    return level == 0 ? d->m->map->frame[d->t].at
                      : d->w.repl->levels[level].frame[d->t];
}

/* The visit whose row a field of T stands in. */
static struct visit *
visit_of(struct decide *d, struct visit *v, const struct mr_field *f)
{
    struct visit *at = v;

    while (at->outer != NULL && pointer_of(d, at->level) != f->at)
        at = (struct visit *)(uintptr_t)at->outer;
    return pointer_of(d, at->level) == f->at ? at : v;
}

/* A value of T into the row of it that is written. */
static bool
put_field(struct decide *d, void *to, const struct mr_field *f,
          struct mr_val v, bool added)
{
    struct mr_val *slot;

    if (v.state == MR_MISSING || v.state == MR_FAILED)
        return false;
    if (f->picked == NULL) {
        *(struct mr_val *)(void *)((char *)to + f->field) = v;
        return true;
    }
    /* There is no row yet that an empty value could clear. */
    if (added && v.state == MR_EMPTY)
        return false;
    slot = mr_pick_slot(d->m->cx, to, f->picked);
    if (slot != NULL)
        *slot = v;
    return slot != NULL;
}

/* A row that is there is changed, not added: where the map says "001" for it, a
 * change says "002". */
static void
mark_change(const struct mr_shape *shape, void *row)
{
    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];
        struct mr_val *v;

        if (m->kind != MR_VALUE || strcmp(m->name, "ACTION") != 0)
            continue;
        v = (struct mr_val *)(void *)((char *)row + m->offset);
        if (v->state == MR_HERE && v->n == 3 && memcmp(v->p, "001", 3) == 0)
            *v = mr_text("002");
    }
}

void
write_frame(struct decide *d, void *to, uint32_t level, bool added)
{
    const struct mr_level *lv = &d->w.repl->levels[level];
    const char *frame = d->m->frame[d->t];
    bool constants = added || !write_is_odata(d->m, d->t);
    uint32_t n_keys = level == 0 ? d->w.repl->n_keys : lv->n_match;

    if (to == NULL)
        return;

    for (uint32_t i = 0; i < lv->n_rules; i++) {
        const struct mr_rule *rule = &d->w.repl->rules[lv->rules + i];

        if (i >= n_keys && (!constants || !rule->constant))
            continue;
        for (uint32_t k = 0; rule->runs[d->t] && k < rule->n_fields[d->t]; k++)
            if (rule->fields[d->t][k].at == pointer_of(d, level))
                put_field(d, to, &rule->fields[d->t][k],
                          cell_field(frame, &rule->fields[d->t][k]), true);
    }
    if (!added && level > 0 && !write_is_odata(d->m, d->t))
        mark_change(lv->shape[d->t], to);
}

void *
write_row(struct decide *d, struct visit *v)
{
    const struct mr_level *lv = &d->w.repl->levels[v->level];
    struct mr_rows *rows;
    char *outer;
    void *row;

    if (v->outer == NULL)
        return d->record;
    outer = write_row(d, (struct visit *)(uintptr_t)v->outer);
    if (outer == NULL)
        return NULL;
    if (lv->frame[d->t] == MR_NOWHERE)
        return outer;
    rows = (struct mr_rows *)(void *)(outer + lv->rows[d->t]);
    if (v->at != NOT_WRITTEN)
        return mr_row(rows, v->at, lv->size[d->t]);
    row = mr_row_add(d->m->cx, rows, lv->size[d->t]);
    if (row == NULL)
        return NULL;
    v->at = rows->n - 1;
    write_frame(d, row, v->level, v->added);
    return row;
}

bool
write_cell(struct decide *d, struct visit *v, const struct mr_rule *rule)
{
    const char *frame = d->m->frame[d->t];
    bool any = false;

    if (cell_terms(rule) != d->t)
        cell_probe(&d->w, rule, d->t);
    for (uint32_t k = 0; k < rule->n_fields[d->t]; k++) {
        const struct mr_field *f = &rule->fields[d->t][k];
        struct visit *at = visit_of(d, v, f);
        struct mr_val value = cell_field(frame, f);
        void *row;

        if (value.state == MR_MISSING || value.state == MR_FAILED)
            continue;
        row = write_row(d, at);
        if (row == NULL)
            return false;
        any = put_field(d, row, f, value, at->added) || any;
    }
    return any;
}

/* Of a row that T's record or what was kept knows the key of. */
static bool
put_key_of(struct decide *d, uint32_t level, uint64_t row, const void *actual,
           void *to)
{
    const struct mr_level *lv = &d->w.repl->levels[level];

    if (actual == NULL)
        return agree_key_of(d, level, row, to);
    for (uint32_t i = 0; i < lv->n_match; i++) {
        const struct mr_rule *rule = &d->w.repl->rules[lv->rules + i];

        for (uint32_t k = 0; k < rule->n_fields[d->t]; k++) {
            uint32_t at = rule->fields[d->t][k].field;

            if (rule->fields[d->t][k].picked == NULL)
                memcpy((char *)to + at, (const char *)actual + at,
                       sizeof(struct mr_val));
        }
    }
    return true;
}

void
write_removal(struct decide *d, struct visit *outer, uint32_t level,
              uint64_t row, void *actual)
{
    const struct mr_level *lv = &d->w.repl->levels[level];
    struct merge_removed *r;
    struct mr_rows *rows;
    struct mr_val *mark;
    char *to;

    d->out->write = true;
    if (write_is_odata(d->m, d->t)) {
        r = mr_alloc(d->m->cx, sizeof *r);
        if (r == NULL)
            return;
        r->level = level;
        r->row = actual;
        r->next = d->m->removed;
        d->m->removed = r;
        return;
    }
    to = write_row(d, outer);
    if (to == NULL)
        return;
    rows = (struct mr_rows *)(void *)(to + lv->rows[d->t]);
    to = mr_row_add(d->m->cx, rows, lv->size[d->t]);
    if (to == NULL)
        return;
    mark = mark_place(lv->shape[d->t], to);
    if (mark == NULL || !put_key_of(d, level, row, actual, to)) {
        rows->n--;              /* there are no words for it */
        return;
    }
    *mark = mr_text(MARK_DELETED);
}

/*
 * In T's terms it is what was made for it. In S's: the rule is run back, S's
 * field being put back after it.
 */
struct opinion
write_echo(struct decide *d, const struct mr_rule *rule)
{
    struct opinion o = { 0, MR_MISSING };
    int terms = cell_terms(rule);

    if (terms == d->t)
        return cell_hash(d->m, rule, terms, d->m->frame[d->t]);
    cell_try(d->m, rule, terms, d->m->frame[d->t], NULL, &o);
    return o;
}
