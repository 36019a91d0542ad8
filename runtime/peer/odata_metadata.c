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

/* EntityType of an EntitySet, without its namespace. */
static struct mr_val
type_of_set(struct op_bytes text, const char *set)
{
    struct tag t;

    while (next_tag(&text, &t)) {
        struct mr_val type;
        const char *dot;

        if (t.closes || !is(t.name, "EntitySet") ||
            !is(attribute(&t, "Name"), set))
            continue;
        type = attribute(&t, "EntityType");
        if (type.state != MR_HERE)
            return type;
        dot = memrchr(type.p, '.', type.n);
        return dot == NULL ? type
                           : mr_slice(dot + 1,
                                      (uint32_t)(type.p + type.n - dot - 1));
    }
    return mr_missing();
}

bool
metadata_type(struct op_bytes text, const char *set, struct op_bytes *type)
{
    struct mr_val wanted = type_of_set(text, set);
    struct tag t;

    if (wanted.state != MR_HERE)
        return false;
    while (next_tag(&text, &t)) {
        struct mr_val name;

        if (t.closes || !is(t.name, "EntityType"))
            continue;
        name = attribute(&t, "Name");
        if (name.n != wanted.n || memcmp(name.p, wanted.p, name.n) != 0)
            continue;
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
metadata_member(struct op_bytes type, const char *name, uint32_t *max)
{
    struct tag t;
    struct mr_val length;

    *max = 0;
    while (next_tag(&type, &t)) {
        if (t.closes || !is(attribute(&t, "Name"), name) ||
            (!is(t.name, "Property") && !is(t.name, "NavigationProperty")))
            continue;
        length = attribute(&t, "MaxLength");
        for (uint32_t i = 0; length.state == MR_HERE && i < length.n; i++) {
            if (length.p[i] < '0' || length.p[i] > '9' || i > 7) {
                *max = 0;
                break;
            }
            *max = *max * 10 + (uint32_t)(length.p[i] - '0');
        }
        return true;
    }
    return false;
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
