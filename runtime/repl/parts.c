/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record that is written as requests. OData: each entity by itself, the root
 * and those of its lists, found in the record as it is by their keys; a new one
 * in one piece with all below it. Others: one document.
 */
#include "repl/decide.h"

#include "codec/codec.h"

struct parts {
    struct merge *m;
    int side;
    struct mr_output text;
    struct grow list;           /* struct op_part */
};

/* What a part stands in. */
struct holder {
    const char *set, *id;
};

static char *
copy_text(struct parts *p, const char *text, size_t n)
{
    char *copy = mr_alloc(p->m->cx, n + 1);

    if (copy == NULL)
        return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

/* One document of a shape, without the line's end; NULL: out of memory, or it
 * can't be written. */
static const char *
encode(struct parts *p, const struct mr_shape *shape, const void *record,
       size_t *n)
{
    struct mr_doc doc = *merge_doc(p->m, p->side);
    bool xml = doc.format == MR_IDOC || doc.format == MR_XML;
    struct mr_writer w;
    enum mr_status st;

    doc.shape = shape;
    mr_writer_init(&w, &p->text, &doc, false);
    p->text.n = 0;
    w.records = xml ? 0 : 1;    /* JSON: no head */
    st = xml ? mr_xml_put(p->m->cx, &w, record)
             : mr_json_put(p->m->cx, &w, record);
    w.records = 1;
    if (xml && st == MR_OK)
        st = mr_xml_end(p->m->cx, &w);
    if (st != MR_OK)
        return NULL;
    *n = p->text.n;
    while (*n > 0 && p->text.at[*n - 1] == '\n')
        --*n;
    return copy_text(p, p->text.at, *n);
}

static struct op_part *
add_part(struct parts *p, enum op_part_kind kind, const char *set,
         const char *id)
{
    struct op_part *part = grow_add(p->m->cx, &p->list, sizeof *part);

    if (part == NULL)
        return NULL;
    part->kind = kind;
    part->set = set;
    part->id = id;
    part->body.p = "";
    return part;
}

/* With a body; left out where that says nothing. */
static void
add_body(struct parts *p, enum op_part_kind kind, const struct holder *at,
         const char *navigation, const struct mr_shape *shape,
         const void *record)
{
    size_t n = 0;
    const char *text = encode(p, shape, record, &n);
    struct op_part *part;

    if (text == NULL || (kind == PART_PATCH && n == 2))
        return;
    part = add_part(p, kind, at->set, at->id);
    if (part == NULL)
        return;
    part->navigation = navigation;
    part->body.p = text;
    part->body.n = n;
}

/* --- rows --- */

static struct mr_val
value_at(const void *record, uint32_t offset)
{
    return *(const struct mr_val *)(const void *)((const char *)record +
                                                  offset);
}

static bool
equal(struct mr_val a, struct mr_val b)
{
    return a.state == b.state && a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* The offsets in a row of what tells it from others. */
struct row_key {
    uint32_t at[16];
    uint32_t n;
    bool by_position;
};

static void
add_offset(struct row_key *key, uint32_t at)
{
    if (key->n < sizeof key->at / sizeof key->at[0])
        key->at[key->n++] = at;
}

static void
key_of_level(const struct parts *p, const struct mr_level *lv,
             struct row_key *key)
{
    key->by_position = lv->by_position;
    for (uint32_t i = 0; i < lv->n_match; i++) {
        const struct mr_rule *rule = &p->m->map->repl->rules[lv->rules + i];

        for (uint32_t k = 0; k < rule->n_fields[p->side]; k++)
            if (rule->fields[p->side][k].picked == NULL)
                add_offset(key, rule->fields[p->side][k].field);
    }
}

/* A list is that of a level, or one that selectors pick rows from. */
static void
find_key(const struct parts *p, const struct mr_member *list,
         struct row_key *key)
{
    const struct mr_repl *repl = p->m->map->repl;

    memset(key, 0, sizeof *key);
    for (uint32_t l = 1; l < repl->n_levels && key->n == 0; l++)
        if (repl->levels[l].shape[p->side] == list->shape &&
            repl->levels[l].rows[p->side] == list->offset)
            key_of_level(p, &repl->levels[l], key);
    for (uint32_t i = 0; i < repl->n_rules && key->n == 0; i++)
        for (uint32_t k = 0; k < repl->rules[i].n_fields[p->side]; k++) {
            const struct mr_picked *pick =
                repl->rules[i].fields[p->side][k].picked;

            if (key->n == 0 && pick != NULL && pick->rows == list->offset &&
                pick->size == list->shape->size)
                add_offset(key, pick->key);
        }
}

static const char *
find_row(const struct mr_rows *rows, const struct mr_shape *shape,
         const struct row_key *key, const char *row, uint32_t place)
{
    if (key->by_position)
        return place < rows->n ? mr_row(rows, place, shape->size) : NULL;
    for (uint32_t i = 0; i < rows->n && key->n > 0; i++) {
        const char *other = mr_row(rows, i, shape->size);
        bool same = true;

        for (uint32_t k = 0; k < key->n && same; k++)
            same = equal(value_at(row, key->at[k]),
                         value_at(other, key->at[k]));
        if (same)
            return other;
    }
    return NULL;
}

/* The id of an entity that is there; NULL sets the error. */
static const char *
id_of(struct parts *p, const struct mr_shape *shape, const char *record)
{
    struct mr_val id = value_at(record, shape->id);

    if (id.state == MR_HERE)
        return copy_text(p, id.p, id.n);
    mr_fail(p->m->cx, MR_EFORMAT, "a record of %s came without its key",
            shape->set);
    return NULL;
}

/* --- entities --- */

/* A copy without what is written by requests of its own. */
static char *
own_members(struct parts *p, const struct mr_shape *shape, const void *record)
{
    char *copy = mr_alloc(p->m->cx, shape->size);

    if (copy == NULL)
        return NULL;
    memcpy(copy, record, shape->size);
    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];

        if (m->kind != MR_VALUE && m->shape->set != NULL)
            memset(copy + m->offset, 0,
                   m->kind == MR_ONE ? m->shape->size
                                     : sizeof(struct mr_rows));
    }
    return copy;
}

static void put_members(struct parts *p, const struct mr_shape *shape,
                        const char *record, const char *current,
                        const struct holder *at);

/* An entity that is there: its own members, then those below it. */
static void
put_entity(struct parts *p, const struct mr_shape *shape, const char *record,
           const char *current, const struct row_key *key)
{
    struct holder at = { shape->set, id_of(p, shape, current) };
    char *own = own_members(p, shape, record);

    if (at.id == NULL || own == NULL)
        return;
    for (uint32_t k = 0; k < key->n; k++)
        if (equal(value_at(own, key->at[k]), value_at(current, key->at[k])))
            memset(own + key->at[k], 0, sizeof(struct mr_val));
    add_body(p, PART_PATCH, &at, NULL, shape, own);
    put_members(p, shape, record, current, &at);
}

static void
put_list(struct parts *p, const struct mr_member *list, const char *record,
         const char *current, const struct holder *at)
{
    const struct mr_rows *rows = (const struct mr_rows *)(const void *)
        (record + list->offset);
    const struct mr_rows *there = (const struct mr_rows *)(const void *)
        (current + list->offset);
    struct row_key key;

    find_key(p, list, &key);
    for (uint32_t i = 0; i < rows->n; i++) {
        const char *row = mr_row(rows, i, list->shape->size);
        const char *old = find_row(there, list->shape, &key, row, i);

        if (old == NULL)
            add_body(p, PART_POST, at, list->name, list->shape, row);
        else
            put_entity(p, list->shape, row, old, &key);
    }
}

/* A record of one: it may not be there yet. */
static void
put_one(struct parts *p, const struct mr_member *one, const char *record,
        const char *current, const struct holder *at)
{
    static const struct row_key none;
    struct mr_val id = value_at(current + one->offset, one->shape->id);
    size_t n = 0;

    if (encode(p, one->shape, record + one->offset, &n) == NULL || n == 2)
        return;
    if (id.state == MR_HERE)
        put_entity(p, one->shape, record + one->offset, current + one->offset,
                   &none);
    else
        add_body(p, PART_POST, at, one->name, one->shape,
                 record + one->offset);
}

static void
put_members(struct parts *p, const struct mr_shape *shape, const char *record,
            const char *current, const struct holder *at)
{
    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];

        if (p->m->cx->error.status != MR_OK)
            return;
        if (m->kind == MR_VALUE || m->shape->set == NULL)
            continue;
        if (m->kind == MR_MANY)
            put_list(p, m, record, current, at);
        else
            put_one(p, m, record, current, at);
    }
}

/* Below a row that goes, nothing has to be removed. */
static void
put_removed(struct parts *p)
{
    for (const struct merge_removed *r = p->m->removed; r != NULL;
         r = r->next) {
        const struct mr_shape *shape =
            p->m->map->repl->levels[r->level].shape[p->side];

        if (r->row != NULL && shape != NULL && shape->set != NULL)
            add_part(p, PART_DELETE, shape->set, id_of(p, shape, r->row));
    }
}

static void
put_root(struct parts *p, const struct mr_shape *shape, const void *out,
         const void *current)
{
    const struct mr_tech *tech = &p->m->map->repl->tech[p->side];
    struct holder at = { tech->set, NULL };
    struct mr_val id = mr_missing();
    char *own;

    if (current == NULL) {
        add_body(p, PART_POST, &at, NULL, shape, out);
        return;
    }
    if (tech->id != MR_NOWHERE)
        id = value_at(current, tech->id);
    at.id = id.state == MR_HERE ? copy_text(p, id.p, id.n) : NULL;
    if (at.id == NULL) {
        mr_fail(p->m->cx, MR_EFORMAT, "a record of %s came without its key",
                tech->set == NULL ? shape->name : tech->set);
        return;
    }
    own = own_members(p, shape, out);
    if (own == NULL)
        return;
    add_body(p, PART_PATCH, &at, NULL, shape, own);
    put_removed(p);
    put_members(p, shape, out, current, &at);
}

enum mr_status
merge_parts(struct merge *m, int side, const void *out, const void *current,
            struct op_part **parts, size_t *n)
{
    const struct mr_shape *shape = merge_doc(m, side)->shape;
    struct parts p = { .m = m, .side = side };
    struct holder nowhere = { m->map->repl->tech[side].set, NULL };

    mr_output_init(&p.text, NULL, NULL);
    if (write_is_odata(m, side))
        put_root(&p, shape, out, current);
    else
        add_body(&p, PART_POST, &nowhere, NULL, shape, out);
    mr_output_done(m->cx, &p.text);
    *parts = p.list.at;
    *n = p.list.n;
    return m->cx->error.status;
}

/* --- deletions --- */

static void
put_value(struct mr_cx *cx, void *record, const struct mr_field *f,
          struct mr_val v)
{
    struct mr_val *slot = f->picked != NULL
        ? mr_pick_slot(cx, record, f->picked)
        : (struct mr_val *)(void *)((char *)record + f->field);

    if (slot != NULL)
        *slot = v;
}

/* A key as in a link back into its fields. */
static void
put_key(struct merge *m, int side, struct mr_val key, void *record)
{
    const struct mr_repl *repl = m->map->repl;
    const char *at = key.p, *end = key.p + key.n;

    for (uint32_t i = 0; i < repl->n_keys; i++)
        for (uint32_t k = 0; k < repl->rules[i].n_fields[side]; k++) {
            const char *stop = memchr(at, '\x1f', (size_t)(end - at));

            if (stop == NULL)
                stop = end;
            put_value(m->cx, record, &repl->rules[i].fields[side][k],
                      mr_slice(at, (uint32_t)(stop - at)));
            at = stop < end ? stop + 1 : end;
        }
}

/* What stands in each record of the side, whatever it says. */
static enum mr_status
put_constants(struct merge *m, int side, void *record)
{
    const struct mr_repl *repl = m->map->repl;
    const struct mr_level *map = &repl->levels[0];
    void *was = m->made[side];
    enum mr_status st;

    m->made[side] = record;
    st = merge_frame(m, side);
    for (uint32_t i = 0; st == MR_OK && i < map->n_rules; i++) {
        const struct mr_rule *rule = &repl->rules[map->rules + i];

        if (rule->constant && rule->set[side] != NULL)
            rule->set[side](m->cx, m->frame[side]);
    }
    m->made[side] = was;
    return st;
}

enum mr_status
merge_deletion(struct merge *m, int side, struct mr_val key, void **out)
{
    const struct mr_deletion *deletion = &m->map->repl->deletion[side];
    const struct mr_shape *shape = merge_doc(m, side)->shape;
    char *record = mr_alloc(m->cx, shape->size), *copy;
    struct mr_val *mark;

    if (record == NULL)
        return m->cx->error.status;
    memset(record, 0, shape->size);
    if (!write_is_odata(m, side) && put_constants(m, side, record) != MR_OK)
        return m->cx->error.status;
    if (deletion->what == MR_DELETE_SET)
        put_value(m->cx, record, deletion->field,
                  mr_text(deletion->value));
    mark = mark_place(shape, record);
    if (deletion->what == MR_DELETE_REMOVE && mark != NULL)
        *mark = mr_text(MARK_DELETED);
    /* The key outlives the caller's text. */
    copy = key.state != MR_HERE || write_is_odata(m, side)
               ? NULL : mr_alloc(m->cx, key.n);
    if (copy != NULL) {
        memcpy(copy, key.p, key.n);
        put_key(m, side, mr_slice(copy, key.n), record);
    }
    *out = record;
    return m->cx->error.status;
}
