/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Function imports of OData v2 as operations: their parameters stand in the
 * address, as literals; what comes back is {"d": …}, where an entity stands
 * alone, a complex type or a value under the function's name, and a list under
 * "results". Actions and functions of version 4 are not read.
 */
#include <string.h>

#include "schema/edmx.h"

struct function {
    struct edmx *x;
    const struct xml_node *node;
    struct operation op;
};

static const struct member *
end_member(struct function *f, struct record *record)
{
    struct member *m = arena_alloc(f->x->im->arena, sizeof *m);

    m->name = f->op.name;
    m->record = record;
    m->min = m->max = 1;
    m->creatable = m->updatable = true;
    m->file = import_file(f->node->src);
    m->line = f->node->line;
    return m;
}

static struct record *
own_record(struct function *f, const char *part)
{
    struct importer *im = f->x->im;

    return model_record(im, intern_text(im->names,
                                        arena_printf(im->arena, "%s.%s",
                                                     f->op.name, part)),
                        f->node->line);
}

/* --- what goes there --- */

/* How a value of this type is written in an address (OData v2, Overview 6). */
static void
set_literal(const char *type, struct member *m)
{
    static const struct {
        const char *type, *before, *after;
        int wire;
    } literals[] = {
        { "String", "'", "'", WIRE_TEXT },
        { "Guid", "guid'", "'", WIRE_GUID },
        { "DateTime", "datetime'", "'", WIRE_DATETIME_LOCAL },
        { "DateTimeOffset", "datetimeoffset'", "'", WIRE_DATETIME },
        { "Time", "time'", "'", WIRE_TIME_DURATION },
        { "Int64", "", "L", WIRE_NUMBER },
        { "Decimal", "", "M", WIRE_NUMBER },
        { "Double", "", "d", WIRE_NUMBER },
        { "Single", "", "f", WIRE_NUMBER },
        { "Float", "", "f", WIRE_NUMBER },
    };

    m->before = m->after = "";
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++)
        if (strcmp(literals[i].type, type) == 0) {
            m->before = literals[i].before;
            m->after = literals[i].after;
            m->wire = (enum wire)literals[i].wire;
        }
}

static bool
says(const struct xml_node *n, const char *ns, const char *name,
     const char *word)
{
    const char *v = ns == NULL ? xml_attr(n, name) : xml_attr_ns(n, ns, name);

    return v != NULL && strcmp(v, word) == 0;
}

static bool
add_parameter(struct function *f, struct record *r, const struct xml_node *n)
{
    struct edmx *x = f->x;
    const char *name = edmx_need(x, n, "Name"), *type = edmx_need(x, n, "Type");
    struct use u = { 0 };
    struct member m = { .max = 1, .creatable = true, .updatable = true,
                        .place = PLACE_QUERY, .file = import_file(n->src),
                        .line = n->line };

    if (name == NULL || type == NULL || !edmx_use(x, n, type, &u))
        return false;
    m.required = says(n, NULL, "Nullable", "false") ||
                 says(n, SAP_NS, "parameter", "mandatory");
    m.min = m.required ? 1 : 0;
    if (u.left_out || u.many || u.record != NULL ||
        strncmp(type, "Edm.", 4) != 0 || u.type.kind == TYPE_BINARY) {
        if (m.required)
            f->op.unfit = arena_printf(x->im->arena, "its parameter %s is no "
                                       "single value", name);
        return true;
    }
    m.name = intern_text(x->im->names, name);
    m.type = u.type;
    m.wire = u.wire;
    set_literal(type + 4, &m);
    return model_add(x->im, r, m);
}

static void
read_parameters(struct function *f)
{
    struct record *r = own_record(f, "request");

    for (const struct xml_node *n = f->node->first; n != NULL; n = n->next)
        if (edmx_is(n, "Parameter") && !add_parameter(f, r, n))
            f->op.unfit = "a parameter of it is not known";
    model_index(f->x->im, r, f->node->src);
    f->op.input = end_member(f, r);
}

/* --- what comes back --- */

static bool
is_entity(const struct edmx *x, const struct record *r)
{
    for (size_t i = 0; i < x->im->schema->roots.n; i++)
        if (x->im->schema->roots.at[i].record == r)
            return true;
    return false;
}

static void
read_answer(struct function *f)
{
    struct edmx *x = f->x;
    const char *type = xml_attr(f->node, "ReturnType");
    struct use u = { 0 };
    struct member m = { .max = 1, .creatable = true, .updatable = true,
                        .name = f->op.name, .file = import_file(f->node->src),
                        .line = f->node->line };
    struct record *r;

    if (type == NULL)
        return;
    if (!edmx_use(x, f->node, type, &u) || u.left_out ||
        (u.many && u.record == NULL)) {
        f->op.unfit = u.many ? "its answer is a list of values"
                             : "its answer is not known";
        return;
    }
    if (!u.many && u.record != NULL && is_entity(x, u.record)) {
        f->op.output = end_member(f, u.record);
        return;
    }
    r = own_record(f, "answer");
    m.record = u.record;
    m.type = u.type;
    m.wire = u.wire;
    if (u.many) {
        m.name = intern_text(x->im->names, "results");
        m.max = UNBOUNDED_COUNT;
    }
    model_add(x->im, r, m);
    model_index(x->im, r, f->node->src);
    f->op.output = end_member(f, r);
}

/* --- all of them --- */

static bool
is_name(const char *name)
{
    size_t n = strlen(name);

    return n < 200 &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789_") == n;
}

static void
read_function(struct edmx *x, const struct xml_node *n)
{
    struct function f = { .x = x, .node = n };
    const char *name = edmx_need(x, n, "Name");
    const char *method = xml_attr_ns(n, META_NS, "HttpMethod");

    if (name == NULL || !import_step(x->im, n->src, n->line))
        return;
    f.op.name = intern_text(x->im->names, name);
    if (!is_name(name) || schema_operation(x->im->schema, f.op.name) != NULL)
        return;
    f.op.action = "";
    f.op.line = n->line;
    f.op.bodiless = true;
    f.op.path = arena_printf(x->im->arena, "/%s", name);
    f.op.method = method == NULL || strcmp(method, "POST") != 0 ? "GET"
                                                                : "POST";
    if (method != NULL && strcmp(method, "GET") != 0 &&
        strcmp(method, "POST") != 0)
        f.op.unfit = "it is neither got nor posted";
    read_parameters(&f);
    read_answer(&f);
    vec_push(x->im->arena, &x->im->schema->operations, f.op);
}

void
edmx_functions(struct edmx *x, const struct xml_node *container)
{
    if (x->v4)
        return;
    for (const struct xml_node *n = container->first; n != NULL; n = n->next)
        if (edmx_is(n, "FunctionImport"))
            read_function(x, n);
}
