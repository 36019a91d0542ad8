/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OData's primitive types as kinds of value and forms on the wire. A binary
 * floating point type is a decimal here: its digits are kept as they came.
 */
#include "schema/edm_type.h"

#include <string.h>
#include <strings.h>

enum { NOT_THERE = -1 };

struct primitive {
    const char *name;
    enum type_kind kind;
    int v2, v4;                 /* enum wire, or NOT_THERE */
    int bits;                   /* of an integer; negative: unsigned */
};

static const struct primitive primitives[] = {
    { "String", TYPE_TEXT, WIRE_TEXT, WIRE_TEXT, 0 },
    { "Boolean", TYPE_BOOL, WIRE_BOOL, WIRE_BOOL, 0 },
    { "Byte", TYPE_NUMBER, WIRE_NUMBER, WIRE_NUMBER, -8 },
    { "SByte", TYPE_NUMBER, WIRE_NUMBER, WIRE_NUMBER, 8 },
    { "Int16", TYPE_NUMBER, WIRE_NUMBER, WIRE_NUMBER, 16 },
    { "Int32", TYPE_NUMBER, WIRE_NUMBER, WIRE_NUMBER, 32 },
    { "Int64", TYPE_NUMBER, WIRE_NUMBER_TEXT, WIRE_NUMBER, 64 },
    { "Decimal", TYPE_NUMBER, WIRE_NUMBER_TEXT, WIRE_NUMBER, 0 },
    { "Double", TYPE_NUMBER, WIRE_NUMBER_TEXT, WIRE_NUMBER, 0 },
    { "Single", TYPE_NUMBER, WIRE_NUMBER_TEXT, WIRE_NUMBER, 0 },
    { "Float", TYPE_NUMBER, WIRE_NUMBER_TEXT, NOT_THERE, 0 },
    { "DateTime", TYPE_DATETIME, WIRE_DATETIME_TICKS, NOT_THERE, 0 },
    { "DateTimeOffset", TYPE_DATETIME, WIRE_DATETIME_TICKS, WIRE_DATETIME,
      0 },
    { "Time", TYPE_TIME, WIRE_TIME_DURATION, NOT_THERE, 0 },
    { "Date", TYPE_DATE, NOT_THERE, WIRE_DATE, 0 },
    { "TimeOfDay", TYPE_TIME, NOT_THERE, WIRE_TIME, 0 },
    { "Duration", TYPE_TEXT, NOT_THERE, WIRE_TEXT, 0 },
    { "Guid", TYPE_GUID, WIRE_GUID, WIRE_GUID, 0 },
    { "Binary", TYPE_BINARY, WIRE_BINARY, WIRE_BINARY, 0 },
};

static void
set_integer(struct type *t, int bits)
{
    static const int64_t most[] = { 127, 32767, 2147483647, INT64_MAX };
    static const uint16_t digits[] = { 3, 5, 10, 19 };
    int i = bits == 16 ? 1 : bits == 32 ? 2 : bits == 64 ? 3 : 0;

    t->precision = digits[i];
    t->has_range = true;
    t->low = -most[i] - 1;
    t->high = most[i];
    if (bits < 0) {
        t->low = 0;
        t->high = 255;
    }
}

static enum edm_found
left_out(const char *name, enum skipped *why)
{
    if (strcmp(name, "Stream") == 0)
        *why = SKIPPED_STREAM;
    else if (strncmp(name, "Geo", 3) == 0)
        *why = SKIPPED_GEO;
    else if (strcmp(name, "Untyped") == 0 ||
             strcmp(name, "PrimitiveType") == 0 ||
             strcmp(name, "ComplexType") == 0 ||
             strcmp(name, "EntityType") == 0 ||
             strstr(name, "Path") != NULL)
        *why = SKIPPED_UNTYPED;
    else
        return EDM_UNKNOWN;
    return EDM_LEFT_OUT;
}

enum edm_found
edm_primitive(const char *name, bool v4, struct type *t, enum wire *w,
              enum skipped *why)
{
    for (size_t i = 0; i < sizeof primitives / sizeof primitives[0]; i++) {
        const struct primitive *p = &primitives[i];
        int wire = v4 ? p->v4 : p->v2;

        if (strcmp(p->name, name) != 0 || wire == NOT_THERE)
            continue;
        *t = (struct type){ .kind = p->kind };
        *w = (enum wire)wire;
        t->milliseconds = wire == WIRE_DATETIME_TICKS;
        /* Edm.DateTime has no zone by its definition, but OData v2 sends it
         * in /Date(ms)/, which counts from an instant in UTC; so it is one. */
        if (p->bits != 0)
            set_integer(t, p->bits);
        else
            t->any_scale = p->kind == TYPE_NUMBER;
        return EDM_VALUE;
    }
    return left_out(name, why);
}

static bool
number_facet(struct importer *im, const struct xml_node *n, const char *facet,
             uint32_t most, uint32_t *out)
{
    const char *text = xml_attr(n, facet);

    if (text == NULL)
        return false;
    if (import_number(text, most, out))
        return true;
    struct diag *d = diag_add(im->ds, DIAG_SCHEMA_FACT, xml_span(im, n),
                              "%s=\"%.40s\" is not a number up to %u", facet,
                              text, most);
    diag_note(d, NOTE_HELP, "correct the number in the schema file");
    return false;
}

static void
text_facets(struct importer *im, const struct xml_node *n, struct type *t)
{
    const char *max = xml_attr(n, "MaxLength");
    uint32_t chars;

    /* FixedLength says how a system stores the value: Cloud for Customer
     * states it for names too. It is no lower limit. */
    if (max != NULL && strcasecmp(max, "max") != 0 &&
        number_facet(im, n, "MaxLength", INT32_MAX, &chars))
        t->max_chars = chars;
}

/* A missing Scale means something for decimals alone, where they are named. */
static bool
is_decimal(const struct xml_node *n)
{
    const char *type = xml_attr(n, "Type");

    if (type == NULL)
        type = xml_attr(n, "UnderlyingType");
    return type != NULL && strcmp(type, "Edm.Decimal") == 0;
}

static void
decimal_facets(struct importer *im, const struct xml_node *n, bool v4,
               struct type *t)
{
    const char *text = xml_attr(n, "Scale");
    bool open = text != NULL && (strcasecmp(text, "variable") == 0 ||
                                 strcasecmp(text, "floating") == 0);
    uint32_t precision = 0, scale = 0;
    bool has_precision = number_facet(im, n, "Precision", 1000, &precision);
    bool has_scale = !open && number_facet(im, n, "Scale", 1000, &scale);

    if (has_precision)
        t->precision = (uint16_t)precision;
    if (has_scale) {
        t->scale = (uint16_t)scale;
        t->any_scale = false;
    } else if (open) {
        t->any_scale = true;
    } else if (text == NULL && t->any_scale && is_decimal(n)) {
        /* v4 says that no Scale is 0. v2 is silent; SAP leaves Scale out
         * where it is 0 and then always gives Precision. */
        t->any_scale = !v4 && !has_precision;
    }
    if (t->any_scale || t->precision == 0 || t->scale <= t->precision)
        return;
    struct diag *d = diag_add(im->ds, DIAG_SCHEMA_FACT, xml_span(im, n),
                              "Scale %u is more than Precision %u", t->scale,
                              t->precision);
    diag_note(d, NOTE_HELP, "Precision counts all digits, Scale those behind "
              "the point");
    t->kind = TYPE_ERROR;
}

void
edm_facets(struct importer *im, const struct xml_node *n, bool v4,
           struct type *t)
{
    if (t->kind == TYPE_TEXT && t->values.n == 0)
        text_facets(im, n, t);
    else if (t->kind == TYPE_NUMBER && !t->has_range)
        decimal_facets(im, n, v4, t);
}
