/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random JSON: valid documents with the names of json_shapes.h among others,
 * and small damage to them. The same seed gives the same bytes everywhere.
 */
#ifndef TESTS_CODEC_JSON_MAKE_H
#define TESTS_CODEC_JSON_MAKE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { JSON_MAKE_MAX = 8192 };

struct json_make {
    uint64_t state;
    size_t n;
    char text[JSON_MAKE_MAX + 64];
};

static inline uint32_t
json_random(struct json_make *m, uint32_t below)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((m->state >> 33) % below);
}

static inline void
json_make_text(struct json_make *m, const char *s)
{
    size_t n = strlen(s);

    if (m->n + n <= JSON_MAKE_MAX) {
        memcpy(m->text + m->n, s, n);
        m->n += n;
    }
}

#define JSON_MAKE_ONE_OF(m, list)                                             \
    json_make_text(m, list[json_random(m, sizeof list / sizeof list[0])])

static inline void
json_make_space(struct json_make *m)
{
    static const char *const spaces[] = { " ", "\n", "\r\n", "\t", "    ",
                                          "                  " };

    if (json_random(m, 8) == 0)
        JSON_MAKE_ONE_OF(m, spaces);
}

static inline void
json_make_string(struct json_make *m)
{
    static const char *const parts[] = {
        "a", "Muster", "0123456789abcdef", "ä", "€", "\xf0\x9d\x84\x9e", "\\n",
        "\\\"", "\\\\", "\\/", "\\u00e4", "\\u20AC", "\\ud834\\udd1e",
        "\\b\\f\\r\\t", " ", "\x7f", "{", "]", ",:"
    };

    json_make_text(m, "\"");
    for (uint32_t i = json_random(m, 6); i > 0; i--)
        JSON_MAKE_ONE_OF(m, parts);
    json_make_text(m, "\"");
}

static inline void
json_make_number(struct json_make *m)
{
    static const char *const numbers[] = {
        "0", "-0", "1", "12", "-7", "123456789", "0.5", "-1.50", "1e3", "2E-4",
        "1.25e+2", "1000000000000000000", "0.000001", "-0.0"
    };

    JSON_MAKE_ONE_OF(m, numbers);
}

static void json_make_object(struct json_make *m, int depth);

static inline void
json_make_list(struct json_make *m, int depth, int only_objects);

static inline void
json_make_value(struct json_make *m, int depth)
{
    static const char *const words[] = { "true", "false", "null",
                                         "\"\\u0000\"" };

    switch (json_random(m, depth > 5 ? 4 : 7)) {
    case 0:
        json_make_number(m);
        break;
    case 1:
        JSON_MAKE_ONE_OF(m, words);
        break;
    case 4:
        json_make_object(m, depth + 1);
        break;
    case 5:
        json_make_list(m, depth + 1, 0);
        break;
    default:
        json_make_string(m);
        break;
    }
}

static inline void
json_make_list(struct json_make *m, int depth, int only_objects)
{
    json_make_text(m, "[");
    for (uint32_t i = json_random(m, 4); i > 0; i--) {
        json_make_space(m);
        if (only_objects)
            json_make_object(m, depth + 1);
        else
            json_make_value(m, depth);
        json_make_space(m);
        if (i > 1)
            json_make_text(m, ",");
    }
    json_make_text(m, "]");
}

/* A name that is read, with a value that fits it most of the time. */
static inline void
json_make_known(struct json_make *m, int depth)
{
    static const char *const texts[] = { "ID", "Name", "Größe", "Gr\\u00f6ße",
                                         "Zip", "Street", "Number" };
    static const char *const numbers[] = { "Weight", "Amount" };
    static const char *const lists[] = { "Addresses", "Phones" };
    uint32_t kind = json_random(m, 8);

    json_make_text(m, "\"");
    if (kind < 4)
        JSON_MAKE_ONE_OF(m, texts);
    else if (kind == 4)
        JSON_MAKE_ONE_OF(m, numbers);
    else if (kind == 5)
        json_make_text(m, "Active");
    else if (kind == 6)
        json_make_text(m, "City");
    else
        JSON_MAKE_ONE_OF(m, lists);
    json_make_text(m, "\"");
    json_make_space(m);
    json_make_text(m, ":");
    json_make_space(m);
    if (json_random(m, 12) == 0)
        json_make_value(m, depth);
    else if (kind == 4)
        json_make_number(m);
    else if (kind == 5)
        json_make_text(m, json_random(m, 2) ? "true" : "false");
    else if (kind == 6 && depth <= 5)
        json_make_object(m, depth + 1);
    else if (kind == 7 && depth <= 5)
        json_make_list(m, depth + 1, 1);
    else
        json_make_string(m);
}

static void
json_make_object(struct json_make *m, int depth)
{
    json_make_text(m, "{");
    for (uint32_t i = json_random(m, 6); i > 0; i--) {
        json_make_space(m);
        if (json_random(m, 2) == 0) {
            json_make_known(m, depth);
        } else {
            json_make_string(m);
            json_make_space(m);
            json_make_text(m, ":");
            json_make_space(m);
            json_make_value(m, depth);
        }
        json_make_space(m);
        if (i > 1)
            json_make_text(m, ",");
    }
    json_make_text(m, "}");
}

/* One to three documents. */
static inline void
json_make_stream(struct json_make *m)
{
    m->n = 0;
    for (uint32_t i = 1 + json_random(m, 3); i > 0; i--) {
        if (json_random(m, 4) == 0)
            json_make_list(m, 1, 1);
        else
            json_make_object(m, 1);
        json_make_space(m);
    }
}

/* Changes a few bytes: over, out, in, twice, cut. */
static inline void
json_make_damage(struct json_make *m)
{
    static const char bytes[] = "{}[]\",:\\0123456789eE+-.u\x01\xc3\xff tfn/*'";
    uint32_t at = json_random(m, (uint32_t)m->n + 1), len;

    switch (json_random(m, 5)) {
    case 0:
        if (at < m->n)
            m->text[at] = bytes[json_random(m, sizeof bytes)];
        break;
    case 1:
        if (at < m->n) {
            memmove(m->text + at, m->text + at + 1, m->n - at - 1);
            m->n--;
        }
        break;
    case 2:
        memmove(m->text + at + 1, m->text + at, m->n - at);
        m->text[at] = bytes[json_random(m, sizeof bytes)];
        m->n++;
        break;
    case 3:
        len = json_random(m, 20);
        if (at + len <= m->n) {
            memmove(m->text + at + len, m->text + at, m->n - at);
            m->n += len;
        }
        break;
    default:
        if (json_random(m, 4) == 0)
            m->n = at;
        break;
    }
}

#endif
