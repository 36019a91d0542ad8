/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts about one value. Keywords side by side, a $ref and allOf all hold
 * at once and tighten each other; of oneOf and anyOf one holds, so what is
 * common to all of them remains.
 */
#include "schema/json_type.h"

#include <string.h>

static unsigned
kind_of_word(const char *word)
{
    static const struct {
        const char *word;
        unsigned kind;
    } words[] = {
        { "null", JSON_KIND_NULL },     { "boolean", JSON_KIND_BOOL },
        { "integer", JSON_KIND_INTEGER }, { "number", JSON_KIND_NUMBER },
        { "string", JSON_KIND_TEXT },   { "object", JSON_KIND_OBJECT },
        { "array", JSON_KIND_ARRAY },
    };

    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].kind;
    return 0;
}

static void
read_types(const json_t *node, struct json_facts *f)
{
    json_t *type = json_object_get(node, "type"), *one;
    unsigned kinds = 0;
    size_t i;

    if (json_is_string(type))
        kinds = kind_of_word(json_string_value(type));
    json_array_foreach(type, i, one)
        kinds |= kind_of_word(json_string_value(one));
    if (kinds == 0 && json_object_get(node, "properties") != NULL)
        kinds = JSON_KIND_OBJECT;
    if (kinds == 0 && json_object_get(node, "items") != NULL)
        kinds = JSON_KIND_ARRAY;
    if ((kinds & JSON_KIND_NULL) != 0)
        f->nullable = true;
    kinds &= ~(unsigned)JSON_KIND_NULL;
    if (f->kinds == 0 || kinds == 0)
        f->kinds |= kinds;
    else if ((f->kinds & kinds) != 0)
        f->kinds &= kinds;
    if (json_is_true(json_object_get(node, "nullable")) ||
        json_is_true(json_object_get(node, "x-nullable")))
        f->nullable = true;
    if (json_is_true(json_object_get(node, "readOnly")))
        f->read_only = true;
}

static void
report_fact(struct jsons *js, struct json_at at, const char *key)
{
    struct diag *d = diag_add(js->im->ds, DIAG_SCHEMA_FACT, json_span(js, at),
                              "\"%s\" is not a whole number that makes sense",
                              key);

    diag_note(d, NOTE_HELP, "correct the number in the schema file");
}

static void
read_length(struct jsons *js, struct json_at at, const char *key,
            uint32_t *out, bool least)
{
    json_t *v = json_object_get(at.node, key);

    if (v == NULL)
        return;
    if (!json_is_integer(v) || json_integer_value(v) < 0 ||
        json_integer_value(v) > INT32_MAX) {
        report_fact(js, at, key);
        return;
    }
    uint32_t n = (uint32_t)json_integer_value(v);
    if (*out == UNBOUNDED || (least ? n > *out : n < *out))
        *out = n;
}

/* 0.01 => 2; the shortest decimal text of the number is what was written. */
static void
read_multiple(const json_t *node, struct json_facts *f)
{
    json_t *v = json_object_get(node, "multipleOf");
    char text[40];

    if (json_is_integer(v)) {
        f->has_scale = true;
        f->scale = 0;
    }
    if (!json_is_real(v) || json_real_value(v) <= 0)
        return;
    snprintf(text, sizeof text, "%.10f", json_real_value(v));
    const char *point = strchr(text, '.');
    size_t n = point != NULL ? strlen(point + 1) : 0;
    while (n > 0 && point[n] == '0')
        n--;
    f->has_scale = true;
    f->scale = (uint16_t)n;
}

/* Draft 4 says exclusiveMinimum: true beside minimum, later ones a number. */
static void
read_limit(const json_t *node, bool low, struct json_facts *f)
{
    json_t *v = json_object_get(node, low ? "minimum" : "maximum"),
           *x = json_object_get(node, low ? "exclusiveMinimum"
                                          : "exclusiveMaximum");
    bool exclusive = json_is_true(x);

    if (json_is_integer(x)) {
        v = x;
        exclusive = true;
    }
    if (!json_is_integer(v))
        return;
    int64_t n = json_integer_value(v);
    if (exclusive && low && n < INT64_MAX)
        n++;
    else if (exclusive && !low && n > INT64_MIN)
        n--;
    if (low && (!f->has_low || n > f->low)) {
        f->has_low = true;
        f->low = n;
    } else if (!low && (!f->has_high || n < f->high)) {
        f->has_high = true;
        f->high = n;
    }
}

static void
add_value(struct jsons *js, struct json_facts *f, const json_t *v,
          unsigned *kinds)
{
    if (json_is_null(v) || (json_is_string(v) && json_string_length(v) == 0)) {
        f->nullable = true;
    } else if (json_is_string(v)) {
        vec_push(js->im->arena, &f->values,
                 intern_text(js->im->names, json_string_value(v)));
        *kinds |= JSON_KIND_TEXT;
    } else {
        *kinds |= json_is_boolean(v)   ? JSON_KIND_BOOL
                  : json_is_integer(v) ? JSON_KIND_INTEGER
                                       : JSON_KIND_NUMBER;
    }
}

static void
read_values(struct jsons *js, const json_t *node, struct json_facts *f)
{
    json_t *list = json_object_get(node, "enum"),
           *one = json_object_get(node, "const"), *v;
    unsigned kinds = 0;
    size_t i;

    if (!json_is_array(list) && one == NULL)
        return;
    memset(&f->values, 0, sizeof f->values);
    js->im->steps += json_array_size(list);
    if (one != NULL)
        add_value(js, f, one, &kinds);
    else
        json_array_foreach(list, i, v)
            add_value(js, f, v, &kinds);
    f->closed = kinds == JSON_KIND_TEXT;
    if (f->kinds == 0)
        f->kinds = kinds;
}

static void
keep_text(const json_t *node, const char *key, const char **out)
{
    const char *text = json_text(node, key);

    if (text != NULL)
        *out = text;
}

/* What both say. */
static void
join_alternative(struct jsons *js, struct json_facts *a,
                 const struct json_facts *b)
{
    a->kinds |= b->kinds;
    a->nullable = a->nullable || b->nullable;
    a->read_only = a->read_only && b->read_only;
    if (a->format == NULL || b->format == NULL ||
        strcmp(a->format, b->format) != 0)
        a->format = NULL;
    a->encoding = a->pattern = NULL;
    a->closed = a->closed && b->closed;
    js->im->steps += b->values.n;
    for (size_t i = 0; i < b->values.n; i++)
        vec_push(js->im->arena, &a->values, b->values.at[i]);
    if (b->min_chars < a->min_chars)
        a->min_chars = b->min_chars;
    if (a->max_chars != UNBOUNDED &&
        (b->max_chars == UNBOUNDED || b->max_chars > a->max_chars))
        a->max_chars = b->max_chars;
    a->has_scale = a->has_scale && b->has_scale && a->scale == b->scale;
    a->has_low = a->has_low && b->has_low;
    a->has_high = a->has_high && b->has_high;
    if (b->low < a->low)
        a->low = b->low;
    if (b->high > a->high)
        a->high = b->high;
    if (a->items.node == NULL)
        a->items = b->items;
}

/* Facts of the alternatives are added where the schema itself is silent. */
static void
adopt(struct json_facts *f, const struct json_facts *all)
{
    struct json_facts own = *f;

    *f = *all;
    if (own.kinds != 0)
        f->kinds = own.kinds;
    f->nullable = own.nullable || all->nullable;
    f->read_only = own.read_only || all->read_only;
    if (own.format != NULL)
        f->format = own.format;
    if (own.closed) {
        f->closed = true;
        f->values.at = own.values.at;
        f->values.n = own.values.n;
        f->values.room = own.values.room;
    }
    if (own.max_chars != UNBOUNDED)
        f->max_chars = own.max_chars;
    if (own.min_chars != 0)
        f->min_chars = own.min_chars;
    if (own.has_scale) {
        f->has_scale = true;
        f->scale = own.scale;
    }
    if (own.items.node != NULL)
        f->items = own.items;
}

bool
json_is_null_only(const json_t *node)
{
    const char *type = json_text(node, "type");

    return type != NULL && strcmp(type, "null") == 0;
}

static bool
collect_alternatives(struct jsons *js, struct json_at at, const char *key,
                     struct json_facts *f, int depth)
{
    json_t *list = json_object_get(at.node, key), *one;
    struct json_facts all = { 0 };
    bool first = true, ok = true;
    size_t i;

    if (!json_is_array(list))
        return true;
    json_array_foreach(list, i, one) {
        struct json_facts g = { 0 };

        if (json_is_null_only(one)) {
            f->nullable = true;
            continue;
        }
        ok &= json_collect(js, (struct json_at){ at.doc, one }, &g,
                           depth + 1);
        if (first)
            all = g;
        else
            join_alternative(js, &all, &g);
        first = false;
    }
    if (!first)
        adopt(f, &all);
    return ok;
}

bool
json_collect(struct jsons *js, struct json_at at, struct json_facts *f,
             int depth)
{
    json_t *node = at.node, *one, *items = json_object_get(node, "items");
    const char *ref = json_text(node, "$ref"), *name;
    struct json_at target;
    bool ok = true;
    size_t i;

    if (!json_is_object(node))
        return true;
    if (depth > IMPORT_MAX_DEPTH) {
        struct diag *d = diag_add(js->im->ds, DIAG_SCHEMA_CIRCLE,
                                  json_span(js, at),
                                  "this schema refers to itself without end");
        diag_note(d, NOTE_HELP, "a $ref may lead back only through "
                  "properties or items");
        return false;
    }
    if (!import_step(js->im, at.doc->src, json_line(js, at.node)))
        return false;
    if (ref != NULL)
        ok = json_follow(js, at, ref, &target, &name) &&
             json_collect(js, target, f, depth + 1);
    json_array_foreach(json_object_get(node, "allOf"), i, one)
        ok = ok && json_collect(js, (struct json_at){ at.doc, one }, f,
                                depth + 1);
    ok = ok && collect_alternatives(js, at, "oneOf", f, depth) &&
         collect_alternatives(js, at, "anyOf", f, depth);
    read_types(node, f);
    keep_text(node, "format", &f->format);
    keep_text(node, "contentEncoding", &f->encoding);
    keep_text(node, "pattern", &f->pattern);
    read_length(js, at, "minLength", &f->min_chars, true);
    read_length(js, at, "maxLength", &f->max_chars, false);
    read_multiple(node, f);
    read_limit(node, true, f);
    read_limit(node, false, f);
    read_values(js, node, f);
    if (json_is_object(items))
        f->items = (struct json_at){ at.doc, items };
    return ok;
}

/* --- the value --- */

/* JSON Schema looks for the pattern anywhere, so only ^...$ says it all. */
static void
read_pattern(const char *pattern, struct type *t)
{
    char inner[64];
    size_t n = pattern != NULL ? strlen(pattern) : 0;

    if (n < 3 || n >= sizeof inner || pattern[0] != '^' ||
        pattern[n - 1] != '$')
        return;
    memcpy(inner, pattern + 1, n - 2);
    inner[n - 2] = '\0';
    type_pattern(t, inner);
}

static bool
text_value(const struct json_facts *f, struct type *t, enum wire *w)
{
    static const struct {
        const char *format;
        enum type_kind kind;
        enum wire wire;
    } formats[] = {
        { "date", TYPE_DATE, WIRE_DATE },
        { "time", TYPE_TIME, WIRE_TIME },
        { "date-time", TYPE_DATETIME, WIRE_DATETIME },
        { "uuid", TYPE_GUID, WIRE_GUID },
        { "byte", TYPE_BINARY, WIRE_BINARY },
        { "binary", TYPE_BINARY, WIRE_BINARY },
    };

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (f->format != NULL && strcmp(f->format, formats[i].format) == 0) {
            t->kind = formats[i].kind;
            *w = formats[i].wire;
            return true;
        }
    t->kind = TYPE_TEXT;
    *w = WIRE_TEXT;
    if (f->encoding != NULL && strcmp(f->encoding, "base64") == 0) {
        t->kind = TYPE_BINARY;
        *w = WIRE_BINARY;
        return true;
    }
    t->min_chars = f->min_chars;
    t->max_chars = f->max_chars;
    read_pattern(f->pattern, t);
    if (f->closed) {
        t->values.at = f->values.at;
        t->values.n = f->values.n;
        t->values.room = f->values.room;
        type_close(t);
    }
    return true;
}

static bool
number_value(const struct json_facts *f, struct type *t, enum wire *w)
{
    bool whole = (f->kinds & JSON_KIND_NUMBER) == 0 ||
                 (f->has_scale && f->scale == 0);
    const char *format = f->format != NULL ? f->format : "";

    t->kind = TYPE_NUMBER;
    *w = WIRE_NUMBER;
    t->any_scale = !whole && !f->has_scale;
    t->scale = whole ? 0 : f->scale;
    if (!whole)
        return true;
    t->has_range = f->has_low || f->has_high || strcmp(format, "int32") == 0 ||
                   strcmp(format, "int64") == 0;
    t->low = strcmp(format, "int32") == 0 ? INT32_MIN : INT64_MIN;
    t->high = strcmp(format, "int32") == 0 ? INT32_MAX : INT64_MAX;
    if (f->has_low && f->low > t->low)
        t->low = f->low;
    if (f->has_high && f->high < t->high)
        t->high = f->high;
    return true;
}

bool
json_value(const struct json_facts *f, struct type *t, enum wire *w)
{
    unsigned kinds = f->kinds;

    *t = (struct type){ .nullable = f->nullable };
    if (f->format != NULL && strcmp(f->format, "decimal") == 0 &&
        (kinds & (JSON_KIND_OBJECT | JSON_KIND_ARRAY)) == 0) {
        /* a decimal in a string, or in either: written as a string */
        t->kind = TYPE_NUMBER;
        t->any_scale = !f->has_scale;
        t->scale = f->has_scale ? f->scale : 0;
        *w = (kinds & JSON_KIND_TEXT) != 0 ? WIRE_NUMBER_TEXT : WIRE_NUMBER;
        return true;
    }
    if (kinds == 0 && (f->format != NULL || f->pattern != NULL ||
                       f->max_chars != UNBOUNDED || f->closed))
        kinds = JSON_KIND_TEXT;
    if (kinds == JSON_KIND_TEXT)
        return text_value(f, t, w);
    if (kinds != 0 &&
        (kinds & ~(unsigned)(JSON_KIND_INTEGER | JSON_KIND_NUMBER)) == 0)
        return number_value(f, t, w);
    t->kind = TYPE_BOOL;
    *w = WIRE_BOOL;
    return kinds == JSON_KIND_BOOL;
}
