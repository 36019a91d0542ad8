/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limits' reader of JSON. A first pass marks the quotes that are not
 * escaped; then names and ends of texts are known without a look at what is
 * between, and a member costs a comparison of its name and a store.
 */
#ifndef BENCH_LIMIT_JSON_H
#define BENCH_LIMIT_JSON_H

#include "limit.h"

struct json {
    const char *text;
    const uint32_t *mark;       /* of the quote to come */
    struct slice nowhere[SLOTS];
};

/* Bits of the bytes behind a backslash that is not itself behind one. */
static inline uint64_t
escaped_bits(uint64_t backslash, uint64_t *carry)
{
    uint64_t escaped = 0;

    if (*carry != 0) {
        escaped = 1;
        backslash &= ~(uint64_t)1;
    }
    *carry = 0;
    while (backslash != 0) {
        int at = __builtin_ctzll(backslash);

        if (at == 63) {
            *carry = 1;
            break;
        }
        escaped |= (uint64_t)2 << at;
        backslash &= ~((uint64_t)3 << at);
    }
    return escaped;
}

static inline void
json_marks(const char *text, size_t n, uint32_t *marks)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < n; i += 64) {
        uint64_t quotes = bits_of(text + i, '"');
        uint64_t backslash = bits_of(text + i, '\\');

        if (n - i < 64) {
            quotes = _bzhi_u64(quotes, (unsigned)(n - i));
            backslash = _bzhi_u64(backslash, (unsigned)(n - i));
        }
        if ((backslash | carry) != 0)
            quotes &= ~escaped_bits(backslash, &carry);
        marks = marks_put(marks, quotes, (uint32_t)i);
    }
}

static const char *json_value(struct json *j, const char *p, struct name *name,
                              struct slice *fields);

/* The members of an object; p is behind its brace. */
static const char *
json_object(struct json *j, const char *p, struct kind *k, struct slice *fields)
{
    struct name *last = &k->names[0];

    if (*p == '}')
        return p + 1;
    for (;; p++) {
        NAME_AT(k, last, p, j->mark[1] - j->mark[0] + 2);
        const char *v = p + last->n;

        j->mark += 2;
        if (*v == '"') {
            const char *end = j->text + j->mark[1];

            j->mark += 2;
            fields[last->slot] = (struct slice){ v + 1, (size_t)(end - v - 1) };
            p = end + 1;
        } else {
            p = json_value(j, v, last, fields);
        }
        if (*p != ',')
            break;
    }
    if (*p != '}')
        unexpected("no brace");
    return p + 1;
}

static struct kind *
json_child(struct name *name)
{
    if (name->child == NULL)
        name->child = kind_new(0, (struct slice){ 0 });
    return name->child;
}

/* A value that is no text. A number or true is its own text, null is "". */
static const char *
json_value(struct json *j, const char *p, struct name *name,
           struct slice *fields)
{
    const char *from = p;

    if (*p == '{')
        return json_object(j, p + 1, json_child(name), j->nowhere);
    if (*p == '[') {
        for (p++; *p == '{' || *p == ','; p += *p == ',') {
            struct kind *k = json_child(name);

            p = json_object(j, p + 1, k, row_new(k, j->nowhere));
        }
        if (*p != ']')
            unexpected("no bracket");
        return p + 1;
    }
    while (*p != ',' && *p != '}' && *p != '\n')
        p++;
    fields[name->slot] = (struct slice){ from, *from == 'n' ? 0
                                               : (size_t)(p - from) };
    return p;
}

/* Says which slot a member has; the colon belongs to the name. */
static inline struct name *
json_name(struct kind *k, const char *name, uint32_t slot)
{
    char bytes[64];
    int n = snprintf(bytes, sizeof bytes, "\"%s\":", name);
    struct name *made = name_find(k, bytes, (size_t)n);

    made->slot = slot;
    return made;
}

/* A list of rows, as OData has them. */
static inline struct kind *
json_rows(struct kind *k, const char *name, struct slice initial)
{
    struct kind *list = json_child(json_name(k, name, 0));
    struct name *results = json_name(list, "results", 0);

    results->child = kind_new(ROWS, initial);
    return results->child;
}

/* Reads one document into the fields of the record. */
static inline void
json_read(struct json *j, const char *text, size_t n, struct kind *record,
          struct slice *fields)
{
    static uint32_t marks[MARKS];

    json_marks(text, n, marks);
    j->text = text;
    j->mark = marks;
    if (json_object(j, text + 1, record, fields) != text + n)
        unexpected("something behind the record");
}

/* Takes escapes out of s. */
static inline size_t
json_unescape(struct slice s, char *out)
{
    char *o = out;

    for (const char *p = s.at, *end = p + s.n; p < end; p++) {
        if (*p != '\\') {
            *o++ = *p;
            continue;
        }
        p++;
        if (*p == 'u') {
            char digits[5] = { p[1], p[2], p[3], p[4], 0 };
            unsigned c = (unsigned)strtoul(digits, NULL, 16);

            if (c >= 0xd800 && c < 0xe000)
                unexpected("a surrogate");
            if (c >= 0x800)
                *o++ = (char)(0xe0 | c >> 12);
            if (c >= 0x80)
                *o++ = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 63)
                                         : 0xc0 | c >> 6);
            *o++ = (char)(c >= 0x80 ? 0x80 | (c & 63) : c);
            p += 4;
        } else {
            *o++ = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : *p;
        }
    }
    return (size_t)(o - out);
}

#endif
