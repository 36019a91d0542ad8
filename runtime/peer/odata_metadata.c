/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tags of an EDMX document, one after another. What is no tag of the few that
 * are looked for is passed over, whatever it is.
 */
#define _GNU_SOURCE
#include "peer/odata_metadata.h"

struct tag {
    struct mr_val name;         /* without prefix */
    struct op_bytes attributes;
    const char *start, *behind;
    bool closes, empty;
};

/* Past a comment or an instruction; NULL: it does not end. */
static const char *
pass(const char *p, const char *end)
{
    const char *stop;

    if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
        stop = memmem(p, (size_t)(end - p), "-->", 3);
        return stop == NULL ? NULL : stop + 3;
    }
    stop = memchr(p, '>', (size_t)(end - p));
    return stop == NULL ? NULL : stop + 1;
}

/* The end of a tag, quotes minded. */
static const char *
tag_end(const char *p, const char *end)
{
    char quote = '\0';

    for (; p < end; p++) {
        if (quote != '\0') {
            if (*p == quote)
                quote = '\0';
        } else if (*p == '"' || *p == '\'') {
            quote = *p;
        } else if (*p == '>') {
            return p;
        }
    }
    return NULL;
}

static bool
next_tag(struct op_bytes *in, struct tag *t)
{
    const char *p = in->p, *end = p + in->n, *name, *close;

    for (;;) {
        p = p == NULL || p >= end ? NULL : memchr(p, '<', (size_t)(end - p));
        if (p == NULL || end - p < 3)
            return false;
        if (p[1] != '!' && p[1] != '?')
            break;
        p = pass(p, end);
    }
    t->start = p;
    t->closes = p[1] == '/';
    name = p + 1 + t->closes;
    close = tag_end(name, end);
    if (close == NULL)
        return false;
    t->empty = close[-1] == '/';
    for (p = name; p < close && strchr(" \t\r\n/", *p) == NULL; p++)
        if (*p == ':')
            name = p + 1;
    t->name = mr_slice(name, (uint32_t)(p - name));
    t->attributes = (struct op_bytes){ p, (size_t)(close - p) };
    t->behind = close + 1;
    in->n = (size_t)(end - t->behind);
    in->p = t->behind;
    return true;
}

static bool
is(struct mr_val v, const char *word)
{
    return v.n == strlen(word) && memcmp(v.p, word, v.n) == 0;
}

static struct mr_val
attribute(const struct tag *t, const char *name)
{
    const char *p = t->attributes.p, *end = p + t->attributes.n;
    size_t n = strlen(name);

    while (p < end) {
        const char *start, *open, *close;

        while (p < end && strchr(" \t\r\n", *p) != NULL)
            p++;
        start = p;
        while (p < end && *p != '=')
            p++;
        open = p + 1;
        if (open >= end || (*open != '"' && *open != '\''))
            return mr_missing();
        close = memchr(open + 1, *open, (size_t)(end - open - 1));
        if (close == NULL)
            return mr_missing();
        if ((size_t)(p - start) == n && memcmp(start, name, n) == 0)
            return mr_slice(open + 1, (uint32_t)(close - open - 1));
        p = close + 1;
    }
    return mr_missing();
}

/* Behind the namespace. */
static struct mr_val
local(struct mr_val name)
{
    const char *dot = name.state != MR_HERE
                          ? NULL : memrchr(name.p, '.', name.n);

    return dot == NULL ? name
                       : mr_slice(dot + 1,
                                  (uint32_t)(name.p + name.n - dot - 1));
}

static bool
find_set(struct op_bytes text, const char *set, struct tag *t)
{
    while (next_tag(&text, t))
        if (!t->closes && is(t->name, "EntitySet") &&
            is(attribute(t, "Name"), set))
            return true;
    return false;
}

static bool
find_type(struct op_bytes text, struct mr_val wanted, struct op_bytes *type,
          struct mr_val *base)
{
    struct tag t;

    while (next_tag(&text, &t)) {
        struct mr_val name;

        if (t.closes || !is(t.name, "EntityType"))
            continue;
        name = attribute(&t, "Name");
        if (name.n != wanted.n || memcmp(name.p, wanted.p, name.n) != 0)
            continue;
        *base = local(attribute(&t, "BaseType"));
        *type = (struct op_bytes){ t.behind, 0 };
        if (t.empty)
            return true;
        while (next_tag(&text, &t))
            if (t.closes && is(t.name, "EntityType")) {
                type->n = (size_t)(t.start - type->p);
                return true;
            }
    }
    return false;
}

bool
metadata_type(struct op_bytes text, const char *set, struct op_bytes *type)
{
    struct mr_val name, base;
    struct tag t;

    if (!find_set(text, set, &t))
        return false;
    name = local(attribute(&t, "EntityType"));
    return name.state == MR_HERE && find_type(text, name, type, &base);
}

bool
metadata_entity(struct op_bytes text, const char *name, struct op_bytes *type,
                struct mr_val *base)
{
    return find_type(text, mr_text(name), type, base);
}

static bool
truth(const struct tag *t, const char *name)
{
    struct mr_val v = attribute(t, name);

    return v.state != MR_HERE || is(v, "true") || is(v, "1");
}

bool
metadata_set(struct op_bytes text, const char *set, struct metadata_set *out)
{
    struct tag t;

    if (!find_set(text, set, &t))
        return false;
    out->creatable = truth(&t, "sap:creatable");
    out->updatable = truth(&t, "sap:updatable");
    return true;
}

/* A number of up to eight digits; 0 for what is none, as "max". */
static uint32_t
number(const struct tag *t, const char *name)
{
    struct mr_val v = attribute(t, name);
    uint32_t n = 0;

    for (uint32_t i = 0; v.state == MR_HERE && i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9' || i > 7)
            return 0;
        n = n * 10 + (uint32_t)(v.p[i] - '0');
    }
    return n;
}

bool
metadata_next(struct op_bytes *rest, struct metadata_member *out)
{
    struct tag t;

    while (next_tag(rest, &t)) {
        bool navigation = is(t.name, "NavigationProperty");

        if (t.closes || (!navigation && !is(t.name, "Property")))
            continue;
        *out = (struct metadata_member){
            .name = attribute(&t, "Name"),
            .type = navigation ? mr_missing() : attribute(&t, "Type"),
            .max = number(&t, "MaxLength"),
            .precision = number(&t, "Precision"),
            .scale = number(&t, "Scale"), .nullable = truth(&t, "Nullable"),
            .creatable = truth(&t, "sap:creatable"),
            .updatable = truth(&t, "sap:updatable"),
            .given = attribute(&t, "DefaultValue").state != MR_MISSING
        };
        return true;
    }
    return false;
}

bool
metadata_member(struct op_bytes type, const char *name,
                struct metadata_member *out)
{
    while (metadata_next(&type, out))
        if (is(out->name, name))
            return true;
    return false;
}

bool
metadata_is_key(struct op_bytes type, const char *name)
{
    struct tag t;

    while (next_tag(&type, &t))
        if (!t.closes && is(t.name, "PropertyRef") &&
            is(attribute(&t, "Name"), name))
            return true;
    return false;
}

size_t
metadata_count(struct op_bytes text)
{
    struct metadata_member m;
    size_t n = 0;

    while (metadata_next(&text, &m))
        n += m.type.state == MR_HERE;
    return n;
}

const char *
metadata_complaint(struct op_bytes text)
{
    struct mr_val version;
    struct tag t;
    bool ends = false;

    if (!next_tag(&text, &t) || t.closes || !is(t.name, "Edmx"))
        return "what comes is no $metadata";
    version = attribute(&t, "Version");
    if (version.state == MR_HERE && version.n > 0 && *version.p == '4')
        return "it is of OData 4; OData 2 is spoken here";
    ends = t.empty;
    while (next_tag(&text, &t))
        ends = t.closes && is(t.name, "Edmx");
    return ends ? NULL : "it ends in the middle";
}
