/* SPDX-License-Identifier: Apache-2.0 */
/* XSD's value types: those built in, and what restrictions make of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "schema/xsd.h"

struct builtin {
    const char *name;
    enum type_kind kind;
    enum wire wire;
    uint16_t precision;
    bool has_range;
    int64_t low, high;
};

#define TEXT(name) { name, TYPE_TEXT, WIRE_TEXT, 0, false, 0, 0 }
#define OPEN_NUMBER(name) { name, TYPE_NUMBER, WIRE_NUMBER, 0, false, 0, 0 }
#define INTEGER(name, digits, low, high)                                      \
    { name, TYPE_NUMBER, WIRE_NUMBER, digits, true, low, high }

static const struct builtin builtins[] = {
    TEXT("string"), TEXT("normalizedString"), TEXT("token"),
    TEXT("language"), TEXT("Name"), TEXT("NCName"), TEXT("NMTOKEN"),
    TEXT("NMTOKENS"), TEXT("ID"), TEXT("IDREF"), TEXT("IDREFS"),
    TEXT("ENTITY"), TEXT("ENTITIES"), TEXT("QName"), TEXT("NOTATION"),
    TEXT("anyURI"), TEXT("hexBinary"), TEXT("duration"),
    TEXT("dayTimeDuration"), TEXT("yearMonthDuration"), TEXT("gYear"),
    TEXT("gYearMonth"), TEXT("gMonth"), TEXT("gMonthDay"), TEXT("gDay"),
    TEXT("anySimpleType"), TEXT("anyAtomicType"), TEXT("anyType"),
    { "boolean", TYPE_BOOL, WIRE_BOOL, 0, false, 0, 0 },
    { "date", TYPE_DATE, WIRE_DATE, 0, false, 0, 0 },
    { "time", TYPE_TIME, WIRE_TIME, 0, false, 0, 0 },
    { "dateTime", TYPE_DATETIME, WIRE_DATETIME, 0, false, 0, 0 },
    { "dateTimeStamp", TYPE_DATETIME, WIRE_DATETIME, 0, false, 0, 0 },
    { "base64Binary", TYPE_BINARY, WIRE_BINARY, 0, false, 0, 0 },
    OPEN_NUMBER("decimal"), OPEN_NUMBER("float"), OPEN_NUMBER("double"),
    OPEN_NUMBER("integer"),
    INTEGER("nonNegativeInteger", 0, 0, INT64_MAX),
    INTEGER("positiveInteger", 0, 1, INT64_MAX),
    INTEGER("nonPositiveInteger", 0, INT64_MIN, 0),
    INTEGER("negativeInteger", 0, INT64_MIN, -1),
    INTEGER("long", 19, INT64_MIN, INT64_MAX),
    INTEGER("int", 10, INT32_MIN, INT32_MAX),
    INTEGER("short", 5, INT16_MIN, INT16_MAX),
    INTEGER("byte", 3, INT8_MIN, INT8_MAX),
    INTEGER("unsignedLong", 20, 0, INT64_MAX),
    INTEGER("unsignedInt", 10, 0, UINT32_MAX),
    INTEGER("unsignedShort", 5, 0, UINT16_MAX),
    INTEGER("unsignedByte", 3, 0, UINT8_MAX),
};

bool
xsd_builtin(const char *local, struct xsd_value *out)
{
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++) {
        const struct builtin *b = &builtins[i];

        if (strcmp(b->name, local) != 0)
            continue;
        *out = (struct xsd_value){ .wire = b->wire };
        out->type.kind = b->kind;
        out->type.precision = b->precision;
        out->type.has_range = b->has_range;
        out->type.low = b->low;
        out->type.high = b->high;
        out->type.any_scale = b->kind == TYPE_NUMBER && !b->has_range &&
                              strcmp(local, "integer") != 0;
        return true;
    }
    return false;
}

static void
report_fact(struct xsd *x, const struct xml_node *n, const char *value)
{
    struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_FACT, xml_span(x->im, n),
                              "%s value=\"%.40s\" makes no sense here",
                              n->name, value);
    diag_note(d, NOTE_HELP, "correct the number in the schema file");
}

static void
length_facet(struct xsd *x, const struct xml_node *n, const char *value,
             struct type *t)
{
    uint32_t length;

    if (!import_number(value, INT32_MAX, &length)) {
        report_fact(x, n, value);
        return;
    }
    if (t->kind != TYPE_TEXT)
        return;
    if (!xsd_is(n, "maxLength"))
        t->min_chars = length;
    if (!xsd_is(n, "minLength") && length != 0)
        t->max_chars = length;
}

static void
digits_facet(struct xsd *x, const struct xml_node *n, const char *value,
             struct type *t)
{
    uint32_t digits;

    if (!import_number(value, 1000, &digits)) {
        report_fact(x, n, value);
        return;
    }
    if (t->kind != TYPE_NUMBER)
        return;
    if (xsd_is(n, "totalDigits")) {
        t->precision = (uint16_t)digits;
    } else {
        t->scale = (uint16_t)digits;
        t->any_scale = false;
    }
}

/* Limits of whole numbers; those of others are not part of a type. */
static void
range_facet(const struct xml_node *n, const char *value, struct type *t)
{
    char *end;

    if (t->kind != TYPE_NUMBER || t->any_scale || t->scale != 0)
        return;
    errno = 0;
    long long v = strtoll(value, &end, 10);
    if (end == value || *end != '\0' || errno != 0)
        return;
    if (!t->has_range) {
        t->has_range = true;
        t->low = INT64_MIN;
        t->high = INT64_MAX;
    }
    if (xsd_is(n, "minInclusive"))
        t->low = v;
    else if (xsd_is(n, "maxInclusive"))
        t->high = v;
    else if (xsd_is(n, "minExclusive") && v < INT64_MAX)
        t->low = v + 1;
    else if (xsd_is(n, "maxExclusive") && v > INT64_MIN)
        t->high = v - 1;
}

static bool
is_one_of(const struct xml_node *n, const char *a, const char *b,
          const char *c, const char *d)
{
    return xsd_is(n, a) || xsd_is(n, b) || (c != NULL && xsd_is(n, c)) ||
           (d != NULL && xsd_is(n, d));
}

static void
facet(struct xsd *x, const struct xml_node *n, struct type *t)
{
    const char *value = xml_attr(n, "value");

    if (value == NULL || t->kind == TYPE_ERROR)
        return;
    if (is_one_of(n, "length", "minLength", "maxLength", NULL))
        length_facet(x, n, value, t);
    else if (is_one_of(n, "totalDigits", "fractionDigits", NULL, NULL))
        digits_facet(x, n, value, t);
    else if (is_one_of(n, "minInclusive", "maxInclusive", "minExclusive",
                       "maxExclusive"))
        range_facet(n, value, t);
}

/* Of several patterns a value needs to fit one, so only a single one says
 * something about all values. */
static void
pattern(const struct xml_node *n, struct type *t)
{
    const char *only = NULL;
    size_t found = 0;

    for (const struct xml_node *c = n->first; c != NULL; c = c->next)
        if (xsd_is(c, "pattern")) {
            only = xml_attr(c, "value");
            found++;
        }
    if (found == 1 && only != NULL)
        type_pattern(t, only);
}

/* The values of this restriction replace those of its base. */
static void
enumeration(struct xsd *x, const struct xml_node *n, struct type *t)
{
    bool first = true;

    if (t->kind != TYPE_TEXT)
        return;
    for (const struct xml_node *c = n->first; c != NULL; c = c->next) {
        const char *value = xsd_is(c, "enumeration") ? xml_attr(c, "value")
                                                     : NULL;
        if (value == NULL)
            continue;
        if (first) {
            memset(&t->values, 0, sizeof t->values);
            t->nullable = false;
            first = false;
        }
        if (*value == '\0')
            t->nullable = true;
        else
            vec_push(x->im->arena, &t->values,
                     intern_text(x->im->names, value));
    }
    type_close(t);
}

void
xsd_facets(struct xsd *x, const struct xml_node *n, struct xsd_value *v)
{
    struct type *t = &v->type;

    for (const struct xml_node *c = n->first; c != NULL; c = c->next)
        facet(x, c, t);
    pattern(n, t);
    enumeration(x, n, t);
    if ((t->kind == TYPE_TEXT && t->max_chars != UNBOUNDED &&
         t->min_chars > t->max_chars && t->values.n == 0) ||
        (t->has_range && t->low > t->high) ||
        (t->kind == TYPE_NUMBER && t->precision != 0 &&
         t->scale > t->precision)) {
        struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_FACT,
                                  xml_span(x->im, n),
                                  "no value can have this type");
        diag_note(d, NOTE_FACT, "its smallest length, number or count of "
                  "digits is above the largest");
        diag_note(d, NOTE_HELP, "correct the limits in the schema file");
        t->kind = TYPE_ERROR;
    }
}

void
xsd_simple_named(struct xsd *x, const struct xsd_doc *doc,
                 const struct xml_node *n, const char *name, int depth,
                 struct xsd_value *out)
{
    const char *ns, *local;

    *out = (struct xsd_value){ .type.kind = TYPE_ERROR };
    if (!xsd_qname(x, doc, n, name, &ns, &local))
        return;
    if (ns != NULL && strcmp(ns, XSD_NS) == 0 && xsd_builtin(local, out))
        return;
    struct xsd_def *def = xsd_find(x, doc, n, XSD_TYPE, name);
    if (def == NULL)
        return;
    if (!xsd_is(def->node, "simpleType")) {
        struct diag *d = diag_add(x->im->ds, DIAG_SCHEMA_UNKNOWN,
                                  xml_span(x->im, n),
                                  "%s is not a simple type", def->name);
        diag_label(d, xml_span(x->im, def->node), "a complex type");
        diag_note(d, NOTE_HELP, "an attribute and a simple type need a type "
                  "without elements");
        return;
    }
    if (def->state == XSD_BUSY || depth > IMPORT_MAX_DEPTH) {
        xsd_report_circle(x, n, "type");
        return;
    }
    if (def->state == XSD_NEW) {
        def->state = XSD_BUSY;
        xsd_simple(x, def->doc, def->node, depth + 1, &def->value);
        def->state = XSD_DONE;
    }
    *out = def->value;
}

void
xsd_simple(struct xsd *x, const struct xsd_doc *doc, const struct xml_node *n,
           int depth, struct xsd_value *out)
{
    *out = (struct xsd_value){ .type.kind = TYPE_TEXT, .wire = WIRE_TEXT };
    if (depth > IMPORT_MAX_DEPTH) {
        xsd_report_circle(x, n, "type");
        out->type.kind = TYPE_ERROR;
        return;
    }
    for (const struct xml_node *c = n->first; c != NULL; c = c->next) {
        const char *base = xml_attr(c, "base");

        if (!xsd_is(c, "restriction"))
            continue;       /* a list or a union is text as it stands */
        if (base != NULL)
            xsd_simple_named(x, doc, c, base, depth + 1, out);
        else
            for (const struct xml_node *s = c->first; s != NULL; s = s->next)
                if (xsd_is(s, "simpleType"))
                    xsd_simple(x, doc, s, depth + 1, out);
        xsd_facets(x, c, out);
    }
}

void
xsd_finish_value(struct xsd *x, const struct xml_node *n, struct xsd_value *v)
{
    const char *nil = xml_attr(n, "nillable"), *fixed = xml_attr(n, "fixed");
    struct type *t = &v->type;

    if (fixed != NULL && *fixed != '\0' && t->kind == TYPE_TEXT) {
        memset(&t->values, 0, sizeof t->values);
        vec_push(x->im->arena, &t->values, intern_text(x->im->names, fixed));
        type_close(t);
    } else if (t->kind == TYPE_TEXT && t->values.n == 0 &&
               t->min_chars == 0) {
        t->nullable = true;
    }
    if (nil != NULL && (strcmp(nil, "true") == 0 || strcmp(nil, "1") == 0))
        t->nullable = true;
}
