/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limits' reader of IDoc XML: a first pass marks every `<`; a field then is
 * a comparison of its tag and a store, as its text ends at the next mark. Tags
 * with attributes are segments, those without are fields. It takes neither
 * comments nor CDATA nor blanks between tags.
 */
#ifndef BENCH_LIMIT_XML_H
#define BENCH_LIMIT_XML_H

#include "limit.h"

struct xml {
    const char *text;
    const uint32_t *mark;       /* of the tag to come */
    struct slice nowhere[SLOTS];
};

static const struct slice initial = { "                                 ", 0 };

static inline void
xml_marks(const char *text, size_t n, uint32_t *marks)
{
    for (size_t i = 0; i < n; i += 64) {
        uint64_t bits = bits_of(text + i, '<');

        if (n - i < 64)
            bits = _bzhi_u64(bits, (unsigned)(n - i));
        marks = marks_put(marks, bits, (uint32_t)i);
    }
    *marks = (uint32_t)n;
}

static inline size_t
tag_length(const char *p)
{
    return (size_t)((const char *)memchr(p, '>', LINES_PAD) - p) + 1;
}

/* Fields and segments up to the end tag of this one. */
static void
xml_segment(struct xml *x, struct kind *k, struct slice *fields)
{
    struct name *last = &k->names[0];

    for (;;) {
        const char *p = x->text + x->mark[0];

        if (p[1] == '/')
            break;
        NAME_AT(k, last, p, tag_length(p));
        if (last->child != NULL) {
            x->mark++;
            xml_segment(x, last->child, row_new(last->child, x->nowhere));
        } else if (last->empty) {
            fields[last->slot] = initial;
            x->mark++;
        } else if (last->segment) {
            last->child = kind_new(0, initial);
        } else {
            const char *v = p + last->n;

            fields[last->slot] = (struct slice){
                v, (size_t)(x->text + x->mark[1] - v)
            };
            x->mark += 2;
        }
    }
    x->mark++;
}

/* A field's name, or that of a segment with its attribute. */
static inline struct name *
xml_name(struct kind *k, const char *tag, uint32_t slot)
{
    struct name *made = name_find(k, tag, strlen(tag));

    made->slot = slot;
    return made;
}

static inline struct kind *
xml_rows(struct kind *k, const char *tag)
{
    struct name *name = xml_name(k, tag, 0);

    name->child = kind_new(ROWS, initial);
    return name->child;
}

static inline void
xml_read(struct xml *x, const char *text, size_t n, struct kind *document)
{
    static uint32_t marks[MARKS];

    xml_marks(text, n, marks);
    x->text = text;
    x->mark = marks + 1;
    xml_segment(x, document, x->nowhere);
    if (*x->mark != n)
        unexpected("something behind the document");
}

/* Takes references out of s. */
static inline size_t
xml_unescape(struct slice s, char *out)
{
    static const struct { char text[8]; size_t n; char c; } known[] = {
        { "&amp;", 5, '&' }, { "&lt;", 4, '<' }, { "&gt;", 4, '>' },
        { "&quot;", 6, '"' }, { "&apos;", 6, '\'' }
    };
    char *o = out;

    for (const char *p = s.at, *end = p + s.n; p < end;) {
        size_t i = 0;

        if (*p != '&') {
            *o++ = *p++;
            continue;
        }
        while (i < 5 && strncmp(p, known[i].text, known[i].n) != 0)
            i++;
        if (i == 5)
            unexpected("a reference");
        *o++ = known[i].c;
        p += known[i].n;
    }
    return (size_t)(o - out);
}

/* --- JSON of it --- */

static char *
json_text_slow(char *o, struct slice s, size_t max)
{
    char plain[DOC_MAX / 64];

    if (s.n > sizeof plain)
        unexpected("a long text");
    size_t n = xml_unescape(s, plain);

    if (chars(plain, n) > max)
        unexpected("a text too long");
    for (size_t i = 0; i < n; i++) {
        if (plain[i] == '"' || plain[i] == '\\')
            *o++ = '\\';
        *o++ = plain[i];
    }
    return o;
}

static inline bool
blank(struct slice s)
{
    size_t i = 0;

    while (i < s.n && s.at[i] == ' ')
        i++;
    return i == s.n;
}

/* A member's value: null where the field is blank. */
static inline char *
json_text(char *o, struct slice s, size_t max)
{
    if (s.n == 0 || (*s.at == ' ' && blank(s)))
        return PUT(o, "null");
    *o++ = '"';
    char *end = s.n > max ? NULL : plain_put(o, s.at, s.n, '"', '\\', '&', '&');

    if (__builtin_expect(end == NULL, 0))
        end = json_text_slow(o, s, max);
    *end++ = '"';
    return end;
}

static inline bool
unknown(struct slice s)
{
    return s.n == 1 && *s.at == '/';
}

/* A member, unless the field says / (nothing is known). */
#define MEMBER(o, name, s, max)                                      \
    do {                                                             \
        struct slice s_ = (s);                                       \
        if (!unknown(s_))                                            \
            o = json_text(PUT(o, ",\"" name "\":"), s_, max);        \
    } while (0)

#define MEMBER_CODE(o, name, s, codes)                               \
    do {                                                             \
        if (!unknown(s)) {                                           \
            o = PUT(o, ",\"" name "\":");                            \
            o = blank(s) ? PUT(o, "null") : quoted_code(o, codes, s); \
        }                                                            \
    } while (0)

static inline char *
quoted_code(char *o, const struct codes *c, struct slice s)
{
    *o++ = '"';
    o = code_put(o, c, s, "code");
    *o++ = '"';
    return o;
}

/* Without zeros in front, where it is a number. */
static inline struct slice
stripped(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return s;
    while (s.n > 1 && *s.at == '0')
        s.at++, s.n--;
    return s;
}

#endif
