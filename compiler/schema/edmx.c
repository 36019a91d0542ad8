/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OData $metadata, versions 2 and 4. First every type gets its name and its
 * record, so that types may refer to each other in any order; then base types
 * are filled before those that stand on them; entity sets come last.
 */
#include "schema/edmx.h"

#include <string.h>

#define C4C_NS "http://www.sap.com/Protocols/C4CData"
#define STORE_NS "http://schemas.microsoft.com/ado/2009/02/edm/annotation"
#define CORE "Org.OData.Core.V1"

enum def_kind { DEF_ENTITY, DEF_COMPLEX, DEF_ENUM, DEF_TYPEDEF, DEF_ASSOC };
enum def_state { DEF_NEW, DEF_BUSY, DEF_DONE };

struct def {
    enum def_kind kind;
    enum def_state state;
    const struct xml_node *node;
    const char *full;           /* Namespace.Name */
    struct record *record;      /* entity and complex types */
    struct member *root;        /* entity types, once the roots are there */
    struct type type;           /* enums and type definitions */
    enum wire wire;
};

static const char *const edm_v2[] = {
    "http://schemas.microsoft.com/ado/2006/04/edm",
    "http://schemas.microsoft.com/ado/2007/05/edm",
    "http://schemas.microsoft.com/ado/2008/01/edm",
    "http://schemas.microsoft.com/ado/2008/09/edm",
    "http://schemas.microsoft.com/ado/2009/08/edm",
    "http://schemas.microsoft.com/ado/2009/11/edm",
};

static bool
is_v4_ns(const char *ns)
{
    return ns != NULL &&
           (strcmp(ns, "http://docs.oasis-open.org/odata/ns/edm") == 0 ||
            strcmp(ns, "http://docs.oasis-open.org/odata/ns/edmx") == 0);
}

static bool
is_edm_ns(const char *ns)
{
    if (ns == NULL)
        return false;
    for (size_t i = 0; i < sizeof edm_v2 / sizeof edm_v2[0]; i++)
        if (strcmp(ns, edm_v2[i]) == 0)
            return true;
    return is_v4_ns(ns);
}

bool
edmx_is_root(const struct xml_node *root)
{
    if (strcmp(root->name, "Edmx") == 0)
        return is_v4_ns(root->ns) ||
               (root->ns != NULL &&
                strcmp(root->ns,
                       "http://schemas.microsoft.com/ado/2007/06/edmx") == 0);
    return strcmp(root->name, "Schema") == 0 && is_edm_ns(root->ns);
}

bool
edmx_is(const struct xml_node *n, const char *name)
{
    return strcmp(n->name, name) == 0 && is_edm_ns(n->ns);
}

static const char *
join(struct edmx *x, const char *ns, char between, const char *name)
{
    size_t n = strlen(ns), m = strlen(name);
    char small[256];

    if (n + m + 1 > sizeof small)
        return intern_text(x->im->names,
                           arena_printf(x->im->arena, "%s%c%s", ns, between,
                                        name));
    memcpy(small, ns, n);
    small[n] = between;
    memcpy(small + n + 1, name, m);
    return intern(x->im->names, small, n + m + 1);
}

const char *
edmx_need(struct edmx *x, const struct xml_node *n, const char *attr)
{
    const char *v = xml_attr(n, attr);

    if (v != NULL && *v != '\0')
        return v;
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_INCOMPLETE,
                              xml_span(x->im, n), "this %s has no %s",
                              n->name, attr);
    diag_note(d, NOTE_HELP, "export the metadata again, or add it");
    return NULL;
}

static bool
flag(const struct xml_node *n, const char *ns, const char *name, bool otherwise)
{
    const char *v = ns != NULL ? xml_attr_ns(n, ns, name) : xml_attr(n, name);

    if (v == NULL)
        return otherwise;
    return strcmp(v, "true") == 0 || strcmp(v, "1") == 0;
}

/* --- names first --- */

static void
report_redefined(struct edmx *x, const struct def *old,
                 const struct xml_node *n)
{
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_REDEFINED,
                              xml_span(x->im, n), "%s is defined twice",
                              old->full);
    diag_label_here(d, "the second");
    diag_label(d, xml_span(x->im, old->node), "the first");
    diag_note(d, NOTE_HELP, "remove one of them from the schema file");
}

static void
define(struct edmx *x, const struct xml_node *schema, const struct xml_node *n,
       enum def_kind kind)
{
    const char *name = edmx_need(x, n, "Name"),
               *ns = xml_attr(schema, "Namespace"),
               *alias = xml_attr(schema, "Alias");
    struct table *t = kind == DEF_ASSOC ? &x->assocs : &x->by_name;

    if (name == NULL || ns == NULL)
        return;
    const char *full = join(x, ns, '.', name);
    struct def *old = table_find(t, full);
    if (old != NULL) {
        report_redefined(x, old, n);
        return;
    }
    struct def *d = arena_alloc(x->im->arena, sizeof *d);
    d->kind = kind;
    d->node = n;
    d->full = full;
    if (kind == DEF_ENTITY || kind == DEF_COMPLEX)
        d->record = model_record(x->im, intern_text(x->im->names, name),
                                 n->line);
    if (kind == DEF_ENTITY)
        d->record->stream = flag(n, META_NS, "HasStream", false) ||
                            flag(n, NULL, "HasStream", false);
    vec_push(x->im->arena, &x->defs, d);
    table_put(x->im->arena, t, full, d);
    if (alias != NULL && *alias != '\0')
        table_put(x->im->arena, t, join(x, alias, '.', name), d);
}

/* Annotations that stand apart: "alias.Type/Member" under the full name. */
static void
note_target(struct edmx *x, const struct xml_node *schema,
            const struct xml_node *n)
{
    const char *target = xml_attr(n, "Target"),
               *ns = xml_attr(schema, "Namespace"),
               *alias = xml_attr(schema, "Alias");

    if (target == NULL || strchr(target, '/') == NULL)
        return;
    size_t len = alias != NULL ? strlen(alias) : 0;
    if (len > 0 && ns != NULL && strncmp(target, alias, len) == 0 &&
        target[len] == '.')
        target = arena_printf(x->im->arena, "%s%s", ns, target + len);
    table_put(x->im->arena, &x->notes, intern_text(x->im->names, target),
              (void *)(uintptr_t)n);
}

static void
define_all(struct edmx *x, const struct xml_node *schema)
{
    static const struct {
        const char *name;
        enum def_kind kind;
    } kinds[] = {
        { "EntityType", DEF_ENTITY },       { "ComplexType", DEF_COMPLEX },
        { "EnumType", DEF_ENUM },           { "TypeDefinition", DEF_TYPEDEF },
        { "Association", DEF_ASSOC },
    };

    for (const struct xml_node *n = schema->first; n != NULL; n = n->next) {
        if (edmx_is(n, "Annotations")) {
            note_target(x, schema, n);
            continue;
        }
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            if (edmx_is(n, kinds[i].name))
                define(x, schema, n, kinds[i].kind);
    }
}

/* --- what a type name means --- */

static void
fill_enum(struct edmx *x, struct def *d)
{
    d->type.kind = TYPE_TEXT;
    d->wire = WIRE_TEXT;
    for (const struct xml_node *n = d->node->first; n != NULL; n = n->next) {
        const char *name = edmx_is(n, "Member") ? edmx_need(x, n, "Name")
                                                : NULL;

        /* Flags are written as several names, so the set stays open. */
        if (name != NULL && !flag(d->node, NULL, "IsFlags", false))
            vec_push(x->im->arena, &d->type.values,
                     intern_text(x->im->names, name));
    }
    type_close(&d->type);
    d->state = DEF_DONE;
}

static void
report_unknown(struct edmx *x, const struct xml_node *n, const char *what,
               const char *name)
{
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_UNKNOWN,
                              xml_span(x->im, n),
                              "there is no %s %.200s in this schema", what,
                              name);
    diag_note(d, NOTE_HELP, "export the metadata again with this part, or "
              "correct the name");
}

/* Metadata cut down to some types names others: no error, but said. */
static void
report_partial(struct edmx *x, const struct xml_node *n, const char *type)
{
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_PARTIAL,
                              xml_span(x->im, n),
                              "there is no type %.200s in this schema", type);
    diag_label_here(d, "left out");
    diag_note(d, NOTE_HELP, "export the metadata with this type if a map "
              "needs it");
}

static bool
primitive_use(struct edmx *x, const struct xml_node *n, const char *name,
              struct use *u)
{
    switch (edm_primitive(name, x->v4, &u->type, &u->wire, &u->why)) {
    case EDM_VALUE:
        edm_facets(x->im, n, x->v4, &u->type);
        return true;
    case EDM_LEFT_OUT:
        u->left_out = true;
        return true;
    case EDM_UNKNOWN:
        break;
    }
    report_unknown(x, n, "type", name);
    return false;
}

static void
fill_typedef(struct edmx *x, struct def *d)
{
    const char *under = edmx_need(x, d->node, "UnderlyingType");
    struct use u = { .type.kind = TYPE_ERROR };

    d->state = DEF_DONE;
    d->type.kind = TYPE_ERROR;
    if (under == NULL)
        return;
    if (strncmp(under, "Edm.", 4) != 0) {
        report_unknown(x, d->node, "primitive type", under);
    } else if (primitive_use(x, d->node, under + 4, &u) && !u.left_out) {
        d->type = u.type;
        d->wire = u.wire;
    }
}

static bool
def_use(struct edmx *x, const struct xml_node *n, struct def *d,
        struct use *u)
{
    switch (d->kind) {
    case DEF_ENTITY:
    case DEF_COMPLEX:
        u->record = d->record;
        break;
    case DEF_ENUM:
        if (d->state == DEF_NEW)
            fill_enum(x, d);
        u->type = d->type;
        u->wire = d->wire;
        break;
    case DEF_TYPEDEF:
        if (d->state == DEF_NEW)
            fill_typedef(x, d);
        u->type = d->type;
        u->wire = d->wire;
        edm_facets(x->im, n, x->v4, &u->type);
        break;
    case DEF_ASSOC:
        return false;
    }
    return true;
}

/* Collection(X) => X, many */
bool
edmx_use(struct edmx *x, const struct xml_node *n, const char *name,
         struct use *u)
{
    size_t len = strlen(name);

    if (strncmp(name, "Collection(", 11) == 0 && name[len - 1] == ')') {
        u->many = true;
        name += 11;
        len -= 12;
    }
    if (len > 4 && strncmp(name, "Edm.", 4) == 0)
        return primitive_use(
            x, n, intern(x->im->names, name + 4, len - 4), u);
    const char *key = intern(x->im->names, name, len);
    struct def *d = table_find(&x->by_name, key);
    if (d != NULL && def_use(x, n, d, u))
        return true;
    report_partial(x, n, key);
    return false;
}

/* --- members --- */

/* The core vocabulary's words on what a client may write. */
static void
apply_annotations(struct edmx *x, const struct xml_node *of, struct member *m)
{
    for (const struct xml_node *n = of->first; n != NULL; n = n->next) {
        const char *term = edmx_is(n, "Annotation") ? xml_attr(n, "Term")
                                                    : NULL;
        const char *dot = term != NULL ? strrchr(term, '.') : NULL;

        if (dot == NULL || !flag(n, NULL, "Bool", true))
            continue;
        const char *vocabulary = intern(x->im->names, term,
                                        (size_t)(dot - term));
        if (strcmp(vocabulary, CORE) != 0 &&
            table_find(&x->core, vocabulary) == NULL)
            continue;
        if (strcmp(dot, ".Computed") == 0)
            m->creatable = m->updatable = false;
        else if (strcmp(dot, ".Immutable") == 0)
            m->updatable = false;
        else if (strcmp(dot, ".ComputedDefaultValue") == 0)
            m->required = false;
    }
}

/* What a client may write, and so what it must: a member that may not be
 * empty, may be given when the record is made, and is not made by the server.
 * ObjectID of Cloud for Customer (Nullable and creatable both false) is not
 * required: the server makes it and ignores what is sent. */
static void
set_rights(struct edmx *x, const struct def *owner, const struct xml_node *n,
           struct member *m)
{
    const char *made = xml_attr_ns(n, STORE_NS, "StoreGeneratedPattern");
    const char *unit = xml_attr_ns(n, SAP_NS, "unit");
    const char *meaning = xml_attr_ns(n, SAP_NS, "semantics");

    m->creatable = flag(n, SAP_NS, "creatable", true);
    m->updatable = flag(n, SAP_NS, "updatable", true);
    m->unfilterable = !flag(n, SAP_NS, "filterable", true);
    m->unit = unit == NULL ? NULL : intern_text(x->im->names, unit);
    m->measure = meaning != NULL && strcmp(meaning, "unit-of-measure") == 0;
    m->required = !m->type.nullable && xml_attr(n, "DefaultValue") == NULL &&
                  (made == NULL || strcmp(made, "None") == 0);
    apply_annotations(x, n, m);
    if (x->notes.n > 0) {
        const struct xml_node *apart = table_find(
            &x->notes, join(x, owner->full, '/', m->name));

        if (apart != NULL)
            apply_annotations(x, apart, m);
    }
    m->required = m->required && m->creatable;
}

static void
add_property(struct edmx *x, struct def *owner, const struct xml_node *n)
{
    const char *name = edmx_need(x, n, "Name"), *type = edmx_need(x, n, "Type");
    const char *codes = xml_attr_ns(n, C4C_NS, "value-help");
    struct member m = { .file = import_file(n->src), .line = n->line,
                        .max = 1 };
    struct use u = { 0 };

    if (name == NULL || type == NULL || !edmx_use(x, n, type, &u))
        return;
    if (u.left_out) {
        import_skip(x->im, u.why, n->src, n->line);
        return;
    }
    m.name = intern_text(x->im->names, name);
    m.record = u.record;
    m.type = u.type;
    m.wire = u.wire;
    m.type.nullable = flag(n, NULL, "Nullable", true);
    m.code_list = codes != NULL ? intern_text(x->im->names, codes) : NULL;
    m.declared = intern_text(x->im->names, type);
    set_rights(x, owner, n, &m);
    m.min = m.type.nullable ? 0 : 1;
    if (u.many) {
        m.min = 0;
        m.max = UNBOUNDED_COUNT;
        m.required = false;
    }
    model_add(x->im, owner->record, m);
}

static const struct xml_node *
find_end(struct edmx *x, const struct def *assoc, const char *role)
{
    for (const struct xml_node *n = assoc->node->first; n != NULL;
         n = n->next) {
        const char *name = edmx_is(n, "End") ? xml_attr(n, "Role") : NULL;

        if (!import_step(x->im, n->src, n->line))
            return NULL;
        if (name != NULL && strcmp(name, role) == 0)
            return n;
    }
    return NULL;
}

/* v2: the association's end that has the ToRole => type and multiplicity */
static bool
association_use(struct edmx *x, const struct xml_node *n, struct use *u)
{
    const char *relation = edmx_need(x, n, "Relationship"),
               *role = edmx_need(x, n, "ToRole");

    if (relation == NULL || role == NULL)
        return false;
    struct def *assoc = table_find(&x->assocs,
                                   intern_text(x->im->names, relation));
    if (assoc == NULL) {
        report_unknown(x, n, "association", relation);
        return false;
    }
    const struct xml_node *end = find_end(x, assoc, role);
    if (end == NULL) {
        report_unknown(x, n, "end of the association with the role", role);
        return false;
    }
    const char *type = edmx_need(x, end, "Type"),
               *count = edmx_need(x, end, "Multiplicity");
    if (type == NULL || count == NULL || !edmx_use(x, end, type, u))
        return false;
    u->many = strcmp(count, "*") == 0;
    return true;
}

static void
add_navigation(struct edmx *x, struct def *owner, const struct xml_node *n)
{
    const char *name = edmx_need(x, n, "Name"), *type = xml_attr(n, "Type");
    struct member m = { .file = import_file(n->src), .line = n->line,
                        .navigation = true, .max = 1 };
    struct use u = { 0 };
    bool found = type != NULL ? edmx_use(x, n, type, &u)
                              : association_use(x, n, &u);

    if (name == NULL || !found)
        return;
    if (u.left_out || u.record == NULL) {
        import_skip(x->im, SKIPPED_UNTYPED, n->src, n->line);
        return;
    }
    m.name = intern_text(x->im->names, name);
    m.record = u.record;
    m.type.nullable = flag(n, NULL, "Nullable", true);
    set_rights(x, owner, n, &m);
    if (u.many) {
        m.max = UNBOUNDED_COUNT;
        m.required = false;
    }
    m.min = m.required ? 1 : 0;
    model_add(x->im, owner->record, m);
}

static void
mark_keys(struct edmx *x, struct def *d, const struct xml_node *key)
{
    for (const struct xml_node *n = key->first; n != NULL; n = n->next) {
        const char *name = edmx_is(n, "PropertyRef") ? edmx_need(x, n, "Name")
                                                     : NULL;

        /* A path into a complex member is a key of that member's record. */
        if (name == NULL || strchr(name, '/') != NULL)
            continue;
        struct member *m = table_find(&d->record->by_name,
                                      intern_text(x->im->names, name));
        if (m != NULL)
            m->key = true;
        else
            report_unknown(x, n, "property", name);
    }
}

static void fill(struct edmx *x, struct def *d, int depth);

static void
inherit(struct edmx *x, struct def *d, int depth)
{
    const char *name = xml_attr(d->node, "BaseType");

    if (name == NULL)
        return;
    struct def *base = table_find(&x->by_name,
                                  intern_text(x->im->names, name));
    if (base == NULL || base->record == NULL) {
        report_unknown(x, d->node, "base type", name);
        return;
    }
    fill(x, base, depth + 1);
    if (base->state != DEF_DONE) {
        struct diag *e = diag_add(x->im->ds, DIAG_SCHEMA_CIRCLE,
                                  xml_span(x->im, d->node),
                                  "the base types of %s never end", d->full);
        diag_note(e, NOTE_HELP, "remove one BaseType from the circle");
        return;
    }
    for (size_t i = 0; i < base->record->members.n; i++)
        if (!model_add(x->im, d->record, base->record->members.at[i]))
            return;
}

static void
fill(struct edmx *x, struct def *d, int depth)
{
    const struct xml_node *key = NULL;

    if (d->record == NULL || d->state != DEF_NEW || depth > IMPORT_MAX_DEPTH)
        return;
    d->state = DEF_BUSY;
    inherit(x, d, depth);
    for (const struct xml_node *n = d->node->first; n != NULL; n = n->next) {
        if (edmx_is(n, "Property"))
            add_property(x, d, n);
        else if (edmx_is(n, "NavigationProperty"))
            add_navigation(x, d, n);
        else if (edmx_is(n, "Key"))
            key = n;
    }
    model_index(x->im, d->record, d->node->src);
    if (key != NULL)
        mark_keys(x, d, key);
    d->state = DEF_DONE;
}

/* --- roots --- */

static void
add_roots(struct edmx *x)
{
    for (size_t i = 0; i < x->defs.n; i++) {
        struct def *d = x->defs.at[i];

        if (d->kind != DEF_ENTITY)
            continue;
        struct member m = { .name = d->record->name, .record = d->record,
                            .max = UNBOUNDED_COUNT, .creatable = true,
                            .updatable = true,
                            .file = import_file(d->node->src),
                            .line = d->record->line };
        model_add_root(x->im, m);
    }
    model_index_roots(x->im);
    for (size_t i = 0, k = 0; i < x->defs.n; i++)
        if (x->defs.at[i]->kind == DEF_ENTITY)
            x->defs.at[i]->root = &x->im->schema->roots.at[k++];
}

static void
add_set(struct edmx *x, struct def *d, const struct xml_node *n,
        const char *name, bool one)
{
    if (d->record->set == NULL && !one) {
        d->record->set = name;
        d->record->set_uncreatable = !flag(n, SAP_NS, "creatable", true);
        d->record->set_unupdatable = !flag(n, SAP_NS, "updatable", true);
    }
    model_alias_root(x->im, name, d->root);
}

static void
add_sets(struct edmx *x, const struct xml_node *container)
{
    for (const struct xml_node *n = container->first; n != NULL; n = n->next) {
        bool one = edmx_is(n, "Singleton");

        if (!one && !edmx_is(n, "EntitySet"))
            continue;
        const char *name = edmx_need(x, n, "Name"),
                   *type = edmx_need(x, n, one ? "Type" : "EntityType");
        if (name == NULL || type == NULL)
            continue;
        struct def *d = table_find(&x->by_name,
                                   intern_text(x->im->names, type));
        if (d == NULL || d->kind != DEF_ENTITY)
            report_partial(x, n, type);
        else
            add_set(x, d, n, intern_text(x->im->names, name), one);
    }
}

/* --- the document --- */

static void
note_vocabulary(struct edmx *x, const struct xml_node *reference)
{
    for (const struct xml_node *n = reference->first; n != NULL; n = n->next) {
        const char *ns = xml_attr(n, "Namespace"),
                   *alias = xml_attr(n, "Alias");

        if (ns != NULL && alias != NULL && strcmp(ns, CORE) == 0)
            table_put(x->im->arena, &x->core,
                      intern_text(x->im->names, alias), x);
    }
}

static void
find_schemas(struct edmx *x, const struct xml_node *n, int depth)
{
    if (strcmp(n->name, "Schema") == 0) {
        if (!is_edm_ns(n->ns)) {
            struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_FORMAT,
                                      xml_span(x->im, n),
                                      "this OData schema has a version that "
                                      "mapc does not know");
            diag_note(d, NOTE_HELP, "mapc reads OData 2, 3 and 4");
            return;
        }
        if (edmx_need(x, n, "Namespace") != NULL)
            vec_push(x->im->arena, &x->schemas, n);
        return;
    }
    if (strcmp(n->name, "Reference") == 0)
        note_vocabulary(x, n);
    for (const struct xml_node *c = n->first; c != NULL && depth < 2;
         c = c->next)
        find_schemas(x, c, depth + 1);
}

void
import_edmx(struct importer *im, const struct xml_node *root)
{
    struct edmx x = { .im = im };

    x.v4 = is_v4_ns(root->ns);
    im->schema->format = x.v4 ? SCHEMA_EDMX4 : SCHEMA_EDMX2;
    find_schemas(&x, root, 0);
    for (size_t i = 0; i < x.schemas.n; i++)
        define_all(&x, x.schemas.at[i]);
    for (size_t i = 0; i < x.defs.n; i++)
        fill(&x, x.defs.at[i], 0);
    add_roots(&x);
    for (size_t i = 0; i < x.schemas.n; i++)
        for (const struct xml_node *n = x.schemas.at[i]->first; n != NULL;
             n = n->next)
            if (edmx_is(n, "EntityContainer")) {
                add_sets(&x, n);
                edmx_functions(&x, n);
            }
}
