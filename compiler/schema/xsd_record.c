/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XSD's complex types as records. A record is made when a type is first used
 * and filled from a queue, so types may refer to each other without end; only
 * base types and groups are followed at once, and to a bounded depth.
 */
#include <stdlib.h>
#include <string.h>

#include "schema/xsd.h"

/* How often a particle occurs, seen from the record. */
struct occurs {
    uint32_t min, max;
    bool choice;
};

/* One record being filled. */
struct filling {
    struct xsd *x;
    struct xsd_def *def;
    struct record *record;
    struct table seen;          /* name -> struct seen */
};

struct seen {
    size_t index;
    const struct xml_node *node;
};

static uint32_t
times(uint32_t a, uint32_t b)
{
    if (a == 0 || b == 0)
        return 0;
    return a > UNBOUNDED_COUNT / b ? UNBOUNDED_COUNT : a * b;
}

static uint32_t
plus(uint32_t a, uint32_t b)
{
    return a > UNBOUNDED_COUNT - b ? UNBOUNDED_COUNT : a + b;
}

static bool
read_count(struct xsd *x, const struct xml_node *n, const char *attr,
           uint32_t *out)
{
    const char *text = xml_attr(n, attr);

    *out = 1;
    if (text == NULL)
        return true;
    if (strcmp(attr, "maxOccurs") == 0 && strcmp(text, "unbounded") == 0) {
        *out = UNBOUNDED_COUNT;
        return true;
    }
    if (import_number(text, INT32_MAX, out))
        return true;
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_FACT, xml_span(x->im, n),
                              "%s=\"%.40s\" is not a count", attr, text);
    diag_note(d, NOTE_HELP, "write a whole number, or maxOccurs=\"unbounded\"");
    return false;
}

static struct occurs
occurs_of(struct xsd *x, const struct xml_node *n, struct occurs outer)
{
    uint32_t min, max;

    if (!read_count(x, n, "minOccurs", &min) ||
        !read_count(x, n, "maxOccurs", &max))
        return outer;
    if (xml_attr(n, "maxOccurs") == NULL && min > 1)
        max = min;
    if (min > max) {
        struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_FACT,
                                  xml_span(x->im, n),
                                  "minOccurs %u is more than maxOccurs %u",
                                  min, max);
        diag_note(d, NOTE_HELP, "correct one of the two");
        return outer;
    }
    outer.min = times(outer.min, min);
    outer.max = times(outer.max, max);
    return outer;
}

static bool
is_true(const struct xml_node *n, const char *attr)
{
    const char *v = xml_attr(n, attr);

    return v != NULL && (strcmp(v, "true") == 0 || strcmp(v, "1") == 0);
}

/* --- what type an element has --- */

static struct record *
record_of(struct xsd *x, struct xsd_def *type)
{
    if (type->record == NULL) {
        type->record = model_record(x->im, type->name, type->node->line);
        vec_push(x->im->arena, &x->queue, type);
    }
    return type->record;
}

static struct record *
anonymous_record(struct xsd *x, struct xsd_def *element,
                 const struct xml_node *n, const char *path)
{
    struct xsd_def *type = element->anonymous;

    if (type == NULL) {
        type = arena_alloc(x->im->arena, sizeof *type);
        type->node = n;
        type->doc = element->doc;
        type->name = intern_text(x->im->names, path);
        element->anonymous = type;
    }
    return record_of(x, type);
}

static void
named_use(struct xsd *x, const struct xsd_def *element, const char *name,
          struct xsd_use *out)
{
    const char *ns, *local;

    if (!xsd_qname(x, element->doc, element->node, name, &ns, &local))
        return;
    if (ns != NULL && strcmp(ns, XSD_NS) == 0 &&
        xsd_builtin(local, &out->value))
        return;
    struct xsd_def *type = xsd_find(x, element->doc, element->node, XSD_TYPE,
                                    name);
    if (type == NULL)
        return;
    if (xsd_is(type->node, "simpleType"))
        xsd_simple_named(x, element->doc, element->node, name, 0,
                         &out->value);
    else
        out->record = record_of(x, type);
}

static void
inner_use(struct xsd *x, struct xsd_def *element, const char *path,
          struct xsd_use *out)
{
    const char *head = xml_attr(element->node, "substitutionGroup");

    for (const struct xml_node *n = element->node->first; n != NULL;
         n = n->next) {
        if (xsd_is(n, "simpleType")) {
            xsd_simple(x, element->doc, n, 0, &out->value);
            return;
        }
        if (xsd_is(n, "complexType")) {
            out->record = anonymous_record(x, element, n, path);
            return;
        }
    }
    /* No type of its own: that of the element it stands for, else anything,
     * which is text here. */
    xsd_builtin("anyType", &out->value);
    if (head == NULL)
        return;
    if (x->heads > IMPORT_MAX_DEPTH) {
        xsd_report_circle(x, element->node, "substitution group");
        return;
    }
    struct xsd_def *of = xsd_find(x, element->doc, element->node, XSD_ELEMENT,
                                  head);
    x->heads++;
    if (of != NULL &&
        import_step(x->im, element->node->src, element->node->line))
        xsd_element_use(x, of, of->name, out);
    x->heads--;
}

void
xsd_element_use(struct xsd *x, struct xsd_def *element, const char *path,
                struct xsd_use *out)
{
    const char *type = xml_attr(element->node, "type");

    *out = (struct xsd_use){ .value.type.kind = TYPE_ERROR };
    if (type != NULL)
        named_use(x, element, type, out);
    else
        inner_use(x, element, path, out);
    if (out->record == NULL)
        xsd_finish_value(x, element->node, &out->value);
    else
        out->value = (struct xsd_value){ .type.nullable =
                                             is_true(element->node,
                                                     "nillable") };
}

/* --- adding members --- */

static bool
same_type(const struct member *a, const struct member *b)
{
    const struct type *s = &a->type, *t = &b->type;

    return a->record == b->record && a->ns == b->ns &&
           a->attribute == b->attribute && s->kind == t->kind &&
           s->min_chars == t->min_chars && s->max_chars == t->max_chars &&
           s->precision == t->precision && s->scale == t->scale &&
           s->values.n == t->values.n && s->digits_only == t->digits_only;
}

static const char *
describe(struct importer *im, const struct member *m)
{
    struct buf b;

    buf_init(&b, im->arena);
    if (m->record != NULL)
        buf_printf(&b, "record %s", m->record->name);
    else
        type_describe(&m->type, &b);
    return b.at;
}

/* The same element twice in one record is one member that occurs more often;
 * two elements of one name and different types can't be told apart. */
static void
add_again(struct filling *f, const struct seen *s, const struct member *m,
          const struct xml_node *n)
{
    struct importer *im = f->x->im;
    struct member *first = &f->record->members.at[s->index];

    if (same_type(first, m)) {
        bool either = first->choice && m->choice;

        first->min = either ? 0 : plus(first->min, m->min);
        if (!either)
            first->max = plus(first->max, m->max);
        else if (m->max > first->max)
            first->max = m->max;
        first->choice = either;
        first->required = first->required || m->required;
        return;
    }
    struct diag *d = diag_add(im->ds, DIAG_SCHEMA_TWICE, xml_span(im, n),
                              "%s.%s is described twice", f->record->name,
                              m->name);
    diag_label_here(d, "the second: %s", describe(im, m));
    diag_label(d, xml_span(im, s->node), "the first: %s",
               describe(im, first));
    diag_note(d, NOTE_HELP, "maps use the first; correct the schema if the "
              "second is meant");
}

static void
add_member(struct filling *f, struct member m, const struct xml_node *n)
{
    struct seen *s = table_find(&f->seen, m.name);

    if (s != NULL) {
        add_again(f, s, &m, n);
        return;
    }
    m.creatable = m.updatable = true;
    if (!model_add(f->x->im, f->record, m))
        return;
    s = arena_alloc(f->x->im->arena, sizeof *s);
    s->index = f->record->members.n - 1;
    s->node = n;
    table_put(f->x->im->arena, &f->seen, m.name, s);
}

static bool
is_qualified(const struct xml_node *n, bool otherwise)
{
    const char *form = xml_attr(n, "form");

    return form != NULL ? strcmp(form, "qualified") == 0 : otherwise;
}

/* The path of an element's anonymous type; its length is counted as work. */
static const char *
path_of(struct filling *f, const char *name)
{
    f->x->im->steps += strlen(f->record->name) / 16;
    return arena_printf(f->x->im->arena, "%s.%s", f->record->name, name);
}

static void
add_element_of(struct filling *f, struct xsd_def *e, bool global,
               struct occurs o, const struct xml_node *at)
{
    struct xsd_use use;
    bool qualified = global ||
                     is_qualified(e->node, e->doc->elements_qualified);

    xsd_element_use(f->x, e, global ? e->name : path_of(f, e->name), &use);
    struct member m = { .name = e->name, .record = use.record,
                        .type = use.value.type, .wire = use.value.wire,
                        .ns = qualified ? e->doc->tns : NULL,
                        .min = o.min, .max = o.max, .choice = o.choice,
                        .required = o.min > 0,
                        .file = import_file(at->src), .line = at->line };
    add_member(f, m, at);
}

/* An element that others may stand for is a choice between all of them. */
static void
add_substitutes(struct filling *f, struct xsd_def *head, struct occurs o,
                const struct xml_node *at, int depth)
{
    if (depth > IMPORT_MAX_DEPTH ||
        !import_step(f->x->im, at->src, at->line))
        return;
    if (head->substitutes.n > 0) {
        o.choice = true;
        o.min = 0;
    }
    if (!is_true(head->node, "abstract"))
        add_element_of(f, head, true, o, at);
    for (size_t i = 0; i < head->substitutes.n; i++)
        add_substitutes(f, head->substitutes.at[i], o, at, depth + 1);
}

static void
add_element(struct filling *f, const struct xsd_doc *doc,
            const struct xml_node *n, struct occurs o)
{
    const char *ref = xml_attr(n, "ref");

    if (ref != NULL) {
        struct xsd_def *e = xsd_find(f->x, doc, n, XSD_ELEMENT, ref);

        if (e != NULL)
            add_substitutes(f, e, o, n, 0);
        return;
    }
    const char *name = xsd_need(f->x, n, "name");
    if (name == NULL)
        return;
    struct xsd_def e = { .node = n, .doc = doc,
                         .name = intern_text(f->x->im->names, name) };
    add_element_of(f, &e, false, o, n);
}

/* --- particles --- */

static void add_particle(struct filling *f, const struct xsd_doc *doc,
                         const struct xml_node *n, struct occurs outer,
                         int depth);

static bool
is_particle(const struct xml_node *n)
{
    static const char *const names[] = { "element", "sequence", "choice",
                                         "all", "group", "any" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (xsd_is(n, names[i]))
            return true;
    return false;
}

static void
add_group(struct filling *f, const struct xsd_doc *doc,
          const struct xml_node *n, struct occurs o, int depth)
{
    const char *ref = xsd_need(f->x, n, "ref");
    struct xsd_def *g = ref != NULL ? xsd_find(f->x, doc, n, XSD_GROUP, ref)
                                    : NULL;

    if (g == NULL)
        return;
    if (g->state == XSD_BUSY || depth > IMPORT_MAX_DEPTH) {
        xsd_report_circle(f->x, n, "group");
        return;
    }
    g->state = XSD_BUSY;
    for (const struct xml_node *c = g->node->first; c != NULL; c = c->next)
        if (is_particle(c))
            add_particle(f, g->doc, c, o, depth + 1);
    g->state = XSD_NEW;
}

static void
add_particle(struct filling *f, const struct xsd_doc *doc,
             const struct xml_node *n, struct occurs outer, int depth)
{
    struct occurs o = occurs_of(f->x, n, outer);

    if (o.max == 0 || !import_step(f->x->im, n->src, n->line))
        return;
    if (xsd_is(n, "element")) {
        add_element(f, doc, n, o);
    } else if (xsd_is(n, "any")) {
        import_skip(f->x->im, SKIPPED_ANY, n->src, n->line);
    } else if (xsd_is(n, "group")) {
        add_group(f, doc, n, o, depth);
    } else {
        if (xsd_is(n, "choice")) {
            o.choice = true;
            o.min = 0;
        }
        for (const struct xml_node *c = n->first; c != NULL; c = c->next)
            if (is_particle(c))
                add_particle(f, doc, c, o, depth);
    }
}

/* --- attributes --- */

static struct member *
find_attribute(struct filling *f, const char *name)
{
    struct seen *s = table_find(&f->seen, name);

    if (s == NULL || !f->record->members.at[s->index].attribute)
        return NULL;
    return &f->record->members.at[s->index];
}

static void
attribute_value(struct filling *f, const struct xsd_doc *doc,
                const struct xml_node *n, struct xsd_value *v)
{
    const char *type = xml_attr(n, "type");

    xsd_builtin("anySimpleType", v);
    if (type != NULL)
        xsd_simple_named(f->x, doc, n, type, 0, v);
    else
        for (const struct xml_node *c = n->first; c != NULL; c = c->next)
            if (xsd_is(c, "simpleType"))
                xsd_simple(f->x, doc, c, 0, v);
}

/* The attribute that a ref names; the xml: ones are known without a file. */
static bool
follow_attribute(struct filling *f, const struct xsd_doc **doc,
                 const struct xml_node **n, struct member *m)
{
    const char *ref = xml_attr(*n, "ref"), *ns, *local;

    if (ref == NULL) {
        const char *name = xsd_need(f->x, *n, "name");

        m->name = name != NULL ? intern_text(f->x->im->names, name) : NULL;
        if (is_qualified(*n, (*doc)->attributes_qualified))
            m->ns = (*doc)->tns;
        return name != NULL;
    }
    if (!xsd_qname(f->x, *doc, *n, ref, &ns, &local))
        return false;
    m->name = local;
    if (ns != NULL && strcmp(ns, XML_NS) == 0) {
        m->ns = intern_text(f->x->im->names, XML_NS);
        return true;
    }
    struct xsd_def *a = xsd_find(f->x, *doc, *n, XSD_ATTRIBUTE, ref);
    if (a == NULL)
        return false;
    m->ns = a->doc->tns;
    *doc = a->doc;
    *n = a->node;
    return true;
}

static void
add_attribute(struct filling *f, const struct xsd_doc *doc,
              const struct xml_node *n)
{
    const char *use = xml_attr(n, "use");
    struct member m = { .attribute = true, .max = 1,
                        .file = import_file(n->src), .line = n->line };
    const struct xml_node *at = n;
    struct xsd_value v;

    if (!follow_attribute(f, &doc, &n, &m))
        return;
    attribute_value(f, doc, n, &v);
    xsd_finish_value(f->x, xml_attr(at, "fixed") != NULL ? at : n, &v);
    m.type = v.type;
    m.wire = v.wire;
    m.required = use != NULL && strcmp(use, "required") == 0;
    m.min = m.required ? 1 : 0;
    m.creatable = m.updatable = true;
    if (use != NULL && strcmp(use, "prohibited") == 0)
        m.max = 0;
    struct member *inherited = find_attribute(f, m.name);
    if (inherited != NULL)
        *inherited = m;
    else if (m.max > 0)
        add_member(f, m, at);
}

static void
add_attributes(struct filling *f, const struct xsd_doc *doc,
               const struct xml_node *n, int depth)
{
    if (!import_step(f->x->im, n->src, n->line))
        return;
    for (const struct xml_node *c = n->first; c != NULL; c = c->next) {
        const char *ref = xml_attr(c, "ref");

        if (xsd_is(c, "attribute")) {
            add_attribute(f, doc, c);
        } else if (xsd_is(c, "anyAttribute")) {
            import_skip(f->x->im, SKIPPED_ANY, c->src, c->line);
        } else if (xsd_is(c, "attributeGroup") && ref != NULL) {
            struct xsd_def *g = xsd_find(f->x, doc, c, XSD_ATTRIBUTE_GROUP,
                                         ref);
            if (g == NULL)
                continue;
            if (g->state == XSD_BUSY || depth > IMPORT_MAX_DEPTH) {
                xsd_report_circle(f->x, c, "attribute group");
                continue;
            }
            g->state = XSD_BUSY;
            add_attributes(f, g->doc, g->node, depth + 1);
            g->state = XSD_NEW;
        }
    }
}

/* --- contents --- */

static void fill(struct xsd *x, struct xsd_def *type, int depth);

static void
add_content(struct filling *f, const struct xml_node *n)
{
    for (const struct xml_node *c = n->first; c != NULL; c = c->next)
        if (is_particle(c))
            add_particle(f, f->def->doc, c, (struct occurs){ 1, 1, false },
                         0);
    add_attributes(f, f->def->doc, n, 0);
}

/* Copies the base's members: all, or only its attributes. */
static void
inherit(struct filling *f, struct xsd_def *base, bool all,
        const struct xml_node *n, int depth)
{
    record_of(f->x, base);
    fill(f->x, base, depth + 1);
    if (base->state != XSD_DONE) {
        xsd_report_circle(f->x, n, "type");
        return;
    }
    for (size_t i = 0; i < base->record->members.n; i++) {
        const struct member *m = &base->record->members.at[i];

        if (all || m->attribute)
            add_member(f, *m, base->node);
    }
}

static bool
is_builtin(struct xsd *x, const struct xsd_doc *doc, const struct xml_node *n,
           const char *name)
{
    const char *ns, *local;

    return xsd_qname(x, doc, n, name, &ns, &local) && ns != NULL &&
           strcmp(ns, XSD_NS) == 0;
}

static void
complex_content(struct filling *f, const struct xml_node *n, int depth)
{
    const char *base = xsd_need(f->x, n, "base");

    if (base == NULL)
        return;
    if (!is_builtin(f->x, f->def->doc, n, base)) {
        struct xsd_def *b = xsd_find(f->x, f->def->doc, n, XSD_TYPE, base);

        if (b != NULL && xsd_is(b->node, "complexType"))
            inherit(f, b, xsd_is(n, "extension"), n, depth);
    }
    add_content(f, n);
}

/* Text with attributes: the text is a member named content. */
static void
simple_content(struct filling *f, const struct xml_node *n, int depth)
{
    const char *base = xsd_need(f->x, n, "base");
    const struct xsd_doc *doc = f->def->doc;
    struct member m = { .name = intern_text(f->x->im->names, "content"),
                        .content = true, .min = 1, .max = 1,
                        .required = true, .file = import_file(n->src),
                        .line = n->line };
    struct xsd_value v;

    if (base == NULL)
        return;
    struct xsd_def *b = is_builtin(f->x, doc, n, base)
                            ? NULL
                            : xsd_find(f->x, doc, n, XSD_TYPE, base);
    if (b != NULL && xsd_is(b->node, "complexType")) {
        inherit(f, b, true, n, depth);
    } else {
        xsd_simple_named(f->x, doc, n, base, 0, &v);
        m.type = v.type;
        m.wire = v.wire;
        add_member(f, m, n);
    }
    struct seen *s = table_find(&f->seen, m.name);
    if (s != NULL && f->record->members.at[s->index].content) {
        struct member *c = &f->record->members.at[s->index];

        v = (struct xsd_value){ c->type, c->wire };
        if (xsd_is(n, "restriction"))
            xsd_facets(f->x, n, &v);
        xsd_finish_value(f->x, n, &v);
        c->type = v.type;
    }
    add_attributes(f, doc, n, 0);
}

/* Attributes are written before content. */
static void
attributes_first(struct filling *f)
{
    struct record *r = f->record;
    size_t n = r->members.n, k = 0;
    struct member *sorted = arena_alloc(f->x->im->arena, n * sizeof *sorted);

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++)
            if (r->members.at[i].attribute == (pass == 0) &&
                r->members.at[i].max > 0)
                sorted[k++] = r->members.at[i];
    r->members.at = sorted;
    r->members.n = k;
    r->members.room = n;
}

static void
fill(struct xsd *x, struct xsd_def *type, int depth)
{
    struct filling f = { .x = x, .def = type, .record = type->record };

    if (type->state != XSD_NEW || depth > IMPORT_MAX_DEPTH)
        return;
    type->state = XSD_BUSY;
    if (is_true(type->node, "mixed"))
        import_skip(x->im, SKIPPED_MIXED, type->node->src, type->node->line);
    add_content(&f, type->node);
    for (const struct xml_node *n = type->node->first; n != NULL;
         n = n->next) {
        bool simple = xsd_is(n, "simpleContent");

        if (!simple && !xsd_is(n, "complexContent"))
            continue;
        for (const struct xml_node *c = n->first; c != NULL; c = c->next) {
            if (!xsd_is(c, "extension") && !xsd_is(c, "restriction"))
                continue;
            if (simple)
                simple_content(&f, c, depth);
            else
                complex_content(&f, c, depth);
        }
    }
    if (f.record->members.n > 0)
        attributes_first(&f);
    model_index(x->im, f.record, NULL);
    type->state = XSD_DONE;
}

void
xsd_fill_all(struct xsd *x)
{
    for (size_t i = 0; i < x->queue.n && !x->im->too_large; i++)
        fill(x, x->queue.at[i], 0);
}
