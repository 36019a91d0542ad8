/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests and their data. What stood on one line stays on one line as long as
 * it fits; what had several has one for each member.
 */
#include "syntax/fmt_parts.h"
#include "syntax/write.h"

static void
write_data(struct buf *b, const struct data *d)
{
    switch (d->kind) {
    case DATA_TEXT:
        write_text(b, d->text);
        break;
    case DATA_NUMBER:
        buf_text(b, d->text);
        break;
    case DATA_BOOL:
        buf_text(b, d->truth ? "true" : "false");
        break;
    case DATA_EMPTY:
        buf_text(b, "empty");
        break;
    case DATA_MISSING:
        buf_text(b, "missing");
        break;
    case DATA_RECORD:
        buf_text(b, "{ ");
        for (size_t i = 0; i < d->members.n; i++) {
            buf_text(b, i > 0 ? ", " : "");
            write_label(b, d->members.at[i].name.text);
            buf_text(b, ": ");
            write_data(b, d->members.at[i].value);
        }
        buf_text(b, d->members.n > 0 ? " }" : "}");
        break;
    case DATA_LIST:
        buf_char(b, '[');
        for (size_t i = 0; i < d->elements.n; i++) {
            buf_text(b, i > 0 ? ", " : "");
            write_data(b, d->elements.at[i]);
        }
        buf_char(b, ']');
        break;
    }
}

static size_t
width_so_far(const struct fmt_out *o)
{
    size_t n = 2 * o->indent;

    for (size_t i = 0; i < o->line.n; i++)
        n += fmt_width(o->line.cell[i]);
    return n;
}

static void put_data(struct fmt_out *o, const struct data *d);

static void
put_members(struct fmt_out *o, const struct data *d)
{
    for (size_t i = 0; i < d->members.n; i++) {
        const struct data_member *m = &d->members.at[i];
        struct buf b;

        buf_init(&b, o->arena);
        write_label(&b, m->name.text);
        buf_text(&b, ": ");
        fmt_start(o, m->name.at.from);
        fmt_add(o, b.at);
        put_data(o, m->value);
        fmt_end(o, m->value->at.to);
    }
}

static void
put_elements(struct fmt_out *o, const struct data *d)
{
    for (size_t i = 0; i < d->elements.n; i++) {
        const struct data *e = d->elements.at[i];

        fmt_start(o, e->at.from);
        put_data(o, e);
        if (i + 1 < d->elements.n)
            fmt_add(o, ",");
        fmt_end(o, e->at.to);
    }
}

/* Adds to the line; leaves the line with the end of the value in it. */
static void
put_data(struct fmt_out *o, const struct data *d)
{
    bool record = d->kind == DATA_RECORD;
    struct buf b;

    buf_init(&b, o->arena);
    write_data(&b, d);
    if ((!record && d->kind != DATA_LIST) ||
        (!fmt_has_line_end(o, d->at) &&
         width_so_far(o) + fmt_width(b.at) <= FMT_WIDTH)) {
        fmt_add(o, b.at);
        return;
    }
    fmt_add(o, record ? "{" : "[");
    fmt_end(o, d->at.from + 1);
    unsigned outer = fmt_enter(o);
    put_members(o, d);
    put_elements(o, d);
    fmt_leave(o, outer, d->at.to - 1);
    fmt_add(o, record ? "}" : "]");
}

/* --- the parts of a test, in the order of the source --- */

struct part {
    uint32_t from, to;
    const struct test_ref *ref;
    const struct name *system;      /* a document */
    const struct data *data;
};
typedef VEC(struct part) part_vec;

static const char *const outcomes[] = {
    [OUTCOME_RECORD] = "", [OUTCOME_PARKED] = " -> parked",
    [OUTCOME_REJECTED] = " -> rejected", [OUTCOME_LEFT_OUT] = " -> left out"
};

static void
add_part(struct fmt_out *o, part_vec *parts, struct part p)
{
    size_t i;

    vec_push(o->arena, parts, p);
    for (i = parts->n - 1; i > 0 && parts->at[i - 1].from > p.from; i--)
        parts->at[i] = parts->at[i - 1];
    parts->at[i] = p;
}

static part_vec
parts_of(struct fmt_out *o, const struct test_item *t)
{
    part_vec parts = { NULL, 0, 0 };

    for (size_t i = 0; i < t->refs.n; i++) {
        const struct test_ref *r = t->refs.at[i];
        add_part(o, &parts, (struct part){ r->at.from, r->at.to, r, NULL,
                                           NULL });
    }
    add_part(o, &parts, (struct part){ t->left_system.at.from, t->left->at.to,
                                       NULL, &t->left_system, t->left });
    if (t->right != NULL && t->arrow == ARROW_BOTH)
        add_part(o, &parts,
                 (struct part){ t->right_system.at.from, t->right->at.to,
                                NULL, &t->right_system, t->right });
    return parts;
}

/* Where the statement ends that starts with the left document: behind the
 * outcome, which has no place of its own, there is only the closing brace. */
static uint32_t
one_way_end(const struct fmt_out *o, const struct test_item *t)
{
    const char *p = o->file->source->bytes;
    uint32_t i = t->left->at.to;

    if (t->right != NULL)
        return t->right->at.to;
    for (int words = t->outcome == OUTCOME_LEFT_OUT ? 2 : 1; words > 0;) {
        if (p[i] == '-' && p[i + 1] == '-')
            while (p[i] != '\n')
                i++;
        else if (p[i] >= 'a' && p[i] <= 'z') {
            while (p[i] >= 'a' && p[i] <= 'z')
                i++;
            words--;
        } else
            i++;
    }
    return i;
}

static void
write_part(struct buf *b, const struct test_item *t, const struct part *p)
{
    if (p->ref != NULL) {
        buf_printf(b, "ref %s ", p->ref->map.text);
        write_text(b, p->ref->left);
        buf_text(b, " <-> ");
        write_text(b, p->ref->right);
        return;
    }
    buf_printf(b, "%s ", p->system->text);
    write_data(b, p->data);
    if (t->arrow == ARROW_RIGHT && t->right != NULL) {
        buf_printf(b, " -> %s ", t->right_system.text);
        write_data(b, t->right);
    }
    buf_text(b, outcomes[t->outcome]);
}

static void
put_part(struct fmt_out *o, const struct test_item *t, const struct part *p)
{
    struct buf b;

    buf_init(&b, o->arena);
    if (p->ref != NULL) {
        write_part(&b, t, p);
        fmt_cell(o, b.at);
        fmt_end(o, p->to);
        return;
    }
    buf_printf(&b, "%s ", p->system->text);
    fmt_cell(o, b.at);
    put_data(o, p->data);
    if (t->arrow == ARROW_RIGHT && t->right != NULL) {
        fmt_add(o, " -> ");
        fmt_add(o, t->right_system.text);
        fmt_add(o, " ");
        put_data(o, t->right);
    }
    fmt_add(o, outcomes[t->outcome]);
    fmt_end(o, t->arrow == ARROW_RIGHT ? one_way_end(o, t) : p->to);
}

/* References stand on lines of their own. */
static bool
put_on_one_line(struct fmt_out *o, const struct test_item *t,
                const part_vec *parts, const char *head)
{
    struct buf b;

    if (fmt_has_line_end(o, t->at) || t->refs.n > 0)
        return false;
    buf_init(&b, o->arena);
    buf_printf(&b, "%s {", head);
    for (size_t i = 0; i < parts->n; i++) {
        buf_text(&b, i > 0 ? "  " : " ");
        write_part(&b, t, &parts->at[i]);
    }
    buf_text(&b, " }");
    if (fmt_width(b.at) > FMT_WIDTH)
        return false;
    fmt_cell(o, b.at);
    fmt_end(o, t->at.to);
    return true;
}

void
fmt_test(struct fmt_out *o, const struct test_item *t)
{
    part_vec parts = parts_of(o, t);
    struct buf b;

    buf_init(&b, o->arena);
    buf_text(&b, "test ");
    write_text(&b, t->title);
    if (t->map.text != NULL)
        buf_printf(&b, " for %s", t->map.text);
    if (put_on_one_line(o, t, &parts, b.at))
        return;
    unsigned outer = fmt_open(o, b.at, t->at.from);
    for (size_t i = 0; i < parts.n; i++) {
        fmt_start(o, parts.at[i].from);
        put_part(o, t, &parts.at[i]);
    }
    fmt_close(o, outer, t->at.to);
}
