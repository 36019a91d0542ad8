/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents for the benchmark: a sample, compact as services send it, again
 * and again with other values, one document a line. Whatever a real system
 * would vary varies: numbers, ids, dates, names, codes, switches, which fields
 * are empty or left out, how many rows a list has. A reader that compares with
 * the document before finds the same names in the same order, nothing more;
 * with `shuffled` not even that, as members then come in random order.
 *   make_docs json|xml|json-shuffled|xml-shuffled SAMPLE COUNT [SEED] >FILE
 * What varies how stands in make_docs.h, for members and fields by name.
 */
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "make_docs.h"

enum { TEXT_MAX = 512, ROWS_MAX = 20 };

struct maker {
    uint64_t seed;
    long number;            /* of the document, from 0 */
    bool shuffled;
    char root[40];          /* id of the record */
    char id[40];            /* id of the object or row at hand */
    int place;              /* of the row in its list, from 0 */
    long long time;         /* of the last change, in seconds */
};

/* --- chance: a xorshift generator, the same documents each time --- */

static uint64_t
chance(struct maker *m, uint64_t below)
{
    m->seed ^= m->seed << 13;
    m->seed ^= m->seed >> 7;
    m->seed ^= m->seed << 17;
    return (m->seed >> 11) % below;
}

static const char *
one_of(struct maker *m, const char *const *list)
{
    size_t n = 0;

    while (list[n] != NULL)
        n++;
    return list[chance(m, n)];
}

static void
make_id(struct maker *m, char out[40])
{
    snprintf(out, 40, "00163E%08X%08X%08X%02X", (unsigned)m->seed,
             (unsigned)chance(m, UINT32_MAX), (unsigned)chance(m, UINT32_MAX),
             (unsigned)chance(m, 256));
}

static void
make_date(struct maker *m, char way, char *out, size_t room)
{
    int day = (int)(m->time / 86400 % 28) + 1;
    int month = (int)(m->time / 2419200 % 12) + 1;
    int year = 2015 + (int)(m->time / 29030400 % 10);
    int second = (int)(m->time % 60), minute = (int)(m->time / 60 % 60);
    int hour = (int)(m->time / 3600 % 24);

    if (way == 'd')
        snprintf(out, room, "%04d%02d%02d", year, month, day);
    else if (way == 'h')
        snprintf(out, room, "%02d%02d%02d", hour, minute, second);
    else
        snprintf(out, room, "%04d-%02d-%02dT%02d%%3A%02d%%3A%02d.%07dZ", year,
                 month, day, hour, minute, second,
                 (int)chance(m, 10000000));
}

/* What stands for %x in a pattern; make_docs.h has the list. */
static void
make_word(struct maker *m, char word, char *out, size_t room)
{
    switch (word) {
    case 'n': snprintf(out, room, "%ld", 1000000 + m->number); break;
    case 'i': snprintf(out, room, "%s", m->id); break;
    case 'p': snprintf(out, room, "%s", m->root); break;
    case 'k': snprintf(out, room, "%d", m->place % 10); break;
    case 'K': snprintf(out, room, "%04d", m->place + 1); break;
    case 't': snprintf(out, room, "%lld%03d", m->time + 1000000000,
                       (int)chance(m, 1000)); break;
    case 'f': snprintf(out, room, "%s", one_of(m, first_names)); break;
    case 's': snprintf(out, room, "%s", one_of(m, last_names)); break;
    case 'c': snprintf(out, room, "%s", one_of(m, cities)); break;
    case 'w': snprintf(out, room, "%s", one_of(m, words)); break;
    case 'r': snprintf(out, room, "%s", one_of(m, streets)); break;
    default: make_date(m, word, out, room); break;
    }
}

/* One of the pattern's alternatives, with digits, hexadecimal digits, words. */
static void
make_text(struct maker *m, const char *pattern, char *out)
{
    size_t n = 0, choices = 1;

    for (const char *p = pattern; *p != '\0'; p++)
        choices += *p == '|';
    for (size_t k = chance(m, choices); k > 0; k--)
        pattern = strchr(pattern, '|') + 1;
    for (; *pattern != '\0' && *pattern != '|'; pattern++) {
        if (*pattern == '#') {
            out[n++] = "0123456789"[chance(m, 10)];
        } else if (*pattern == '@') {
            out[n++] = "0123456789ABCDEF"[chance(m, 16)];
        } else if (*pattern == '%') {
            make_word(m, *++pattern, out + n, TEXT_MAX - n);
            n += strlen(out + n);
        } else {
            out[n++] = *pattern;
        }
    }
    out[n] = '\0';
}

static const char *
pattern_of(const char *name)
{
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (strcmp(patterns[i].name, name) == 0)
            return patterns[i].text;
    return NULL;
}

/* How many rows a list gets; -1: as many as the sample has. */
static int
rows_of(struct maker *m, const char *name)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].name, name) == 0)
            return lists[i].from +
                   (int)chance(m, (uint64_t)(lists[i].to - lists[i].from + 1));
    return -1;
}

static void
begin(struct maker *m, long number)
{
    m->number = number;
    m->place = (int)number;
    m->time = (long long)chance(m, 700000000);
    make_id(m, m->root);
    memcpy(m->id, m->root, sizeof m->id);
}

static void
shuffle(struct maker *m, void **list, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = chance(m, i);
        void *held = list[i - 1];

        list[i - 1] = list[k];
        list[k] = held;
    }
}

/* --- JSON --- */

static json_t *vary_json(struct maker *m, const json_t *v, const char *name);

static json_t *
vary_rows(struct maker *m, const json_t *rows, const char *list)
{
    size_t n = json_array_size(rows);
    int wanted = rows_of(m, list);
    json_t *made = json_array();
    struct maker outer = *m;

    for (int i = 0; i < (wanted < 0 ? (int)n : wanted) && n > 0; i++) {
        m->place = i;
        make_id(m, m->id);
        size_t like = wanted < 0 ? (size_t)i : chance(m, n);

        json_array_append_new(
            made, vary_json(m, json_array_get(rows, like), list));
    }
    m->place = outer.place;
    memcpy(m->id, outer.id, sizeof m->id);
    return made;
}

static json_t *
vary_object(struct maker *m, const json_t *v, const char *list)
{
    void *iters[256];
    size_t n = 0;
    json_t *made = json_object();

    for (void *i = json_object_iter((json_t *)v); i != NULL && n < 256;
         i = json_object_iter_next((json_t *)v, i))
        iters[n++] = i;
    if (m->shuffled)
        shuffle(m, iters, n);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_object_iter_key(iters[i]);
        const json_t *value = json_object_iter_value(iters[i]);

        json_object_set_new(made, name, json_is_array(value)
                                            ? vary_rows(m, value, list)
                                            : vary_json(m, value, name));
    }
    return made;
}

static json_t *
vary_json(struct maker *m, const json_t *v, const char *name)
{
    const char *pattern = pattern_of(name);
    char text[TEXT_MAX];

    if (json_is_object(v))
        return vary_object(m, v, name);
    if (json_is_boolean(v))
        return json_boolean(chance(m, 2));
    if (json_is_number(v) || pattern == NULL)
        return json_deep_copy(v);
    make_text(m, pattern, text);
    return strcmp(text, "null") == 0 ? json_null() : json_string(text);
}

/* Dates have escaped slashes, and only they, as services write them. */
static void
print_json(const char *text)
{
    for (; *text != '\0'; text++) {
        if (strncmp(text, "/Date(", 6) == 0 || strncmp(text, "/\"", 2) == 0)
            putchar('\\');
        putchar(*text);
    }
    putchar('\n');
}

static int
make_json(struct maker *m, const char *sample, long count)
{
    json_error_t error;
    json_t *file = json_load_file(sample, 0, &error);
    json_t *entity = json_array_get(
        json_object_get(json_object_get(file, "d"), "results"), 0);

    if (entity == NULL) {
        fprintf(stderr, "%s: %s\n", sample, error.text);
        return 1;
    }
    for (long i = 0; i < count; i++) {
        begin(m, i);
        json_t *made = vary_object(m, entity, "");
        /* Some clients write all beyond ASCII as escapes. */
        char *text = json_dumps(made, JSON_COMPACT | (chance(m, 16) == 0
                                          ? JSON_ENSURE_ASCII : 0));

        print_json(text);
        free(text);
        json_decref(made);
    }
    json_decref(file);
    return 0;
}

/* --- IDoc XML --- */

static bool
is_segment(xmlNodePtr n)
{
    return n != NULL && n->type == XML_ELEMENT_NODE && n->properties != NULL;
}

static void vary_segment(struct maker *m, xmlNodePtr segment);

/* Makes as many of the segments of one name as the list wants, each a copy of
   one of the sample's. Returns the first node behind them. */
static xmlNodePtr
vary_segments(struct maker *m, xmlNodePtr first)
{
    xmlNodePtr old[ROWS_MAX], made[ROWS_MAX], behind = first;
    int n = 0, wanted = rows_of(m, (const char *)first->name);

    while (is_segment(behind) && xmlStrEqual(behind->name, first->name)) {
        if (n < ROWS_MAX)
            old[n++] = behind;
        behind = behind->next;
    }
    int rows = wanted < 0 ? n : wanted;
    for (int i = 0; i < rows; i++) {
        m->place = i;
        made[i] = xmlCopyNode(wanted < 0 ? old[i]
                                         : old[chance(m, (uint64_t)n)], 1);
        vary_segment(m, made[i]);
    }
    for (int i = 0; i < rows; i++)
        xmlAddPrevSibling(first, made[i]);
    for (int i = 0; i < n; i++) {
        xmlUnlinkNode(old[i]);
        xmlFreeNode(old[i]);
    }
    return behind;
}

/* Empty fields are mostly left out, as SAP does, and sometimes written. */
static void
vary_field(struct maker *m, xmlNodePtr field)
{
    const char *pattern = pattern_of((const char *)field->name);
    char text[TEXT_MAX];

    if (pattern == NULL)
        return;
    make_text(m, pattern, text);
    if (*text == '\0' && chance(m, 4) != 0) {
        xmlUnlinkNode(field);
        xmlFreeNode(field);
        return;
    }
    xmlNodeSetContent(field, NULL);
    xmlNodeAddContent(field, (const xmlChar *)text);
}

/* Fields come before segments; both in random order among themselves. */
static void
shuffle_segment(struct maker *m, xmlNodePtr segment)
{
    void *list[512];
    size_t fields = 0, n = 0;

    for (xmlNodePtr c = segment->children; c != NULL && n < 512; c = c->next) {
        if (!is_segment(c))
            fields++;
        list[n++] = c;
    }
    shuffle(m, list, fields);
    shuffle(m, list + fields, n - fields);
    for (size_t i = 0; i < n; i++) {
        xmlUnlinkNode(list[i]);
        xmlAddChild(segment, list[i]);
    }
}

static void
vary_segment(struct maker *m, xmlNodePtr segment)
{
    int place = m->place;

    for (xmlNodePtr c = segment->children, next; c != NULL; c = next) {
        next = c->next;
        if (is_segment(c))
            next = vary_segments(m, c);
        else if (c->type == XML_ELEMENT_NODE)
            vary_field(m, c);
        m->place = place;
    }
    if (m->shuffled)
        shuffle_segment(m, segment);
}

static int
make_xml(struct maker *m, const char *sample, long count)
{
    xmlDocPtr doc = xmlReadFile(sample, NULL,
                                XML_PARSE_NOBLANKS | XML_PARSE_NONET);
    xmlNodePtr root = doc == NULL ? NULL : xmlDocGetRootElement(doc);

    if (root == NULL || root->children == NULL) {
        fprintf(stderr, "%s: no IDoc\n", sample);
        return 1;
    }
    for (long i = 0; i < count; i++) {
        xmlBufferPtr out = xmlBufferCreate();
        xmlNodePtr made = xmlCopyNode(root, 1);
        bool shuffled = m->shuffled;

        begin(m, i);
        m->shuffled = false;
        for (xmlNodePtr s = made->children->children, next; s != NULL;
             s = next) {
            m->shuffled = shuffled;
            next = vary_segments(m, s);
        }
        xmlNodeDump(out, doc, made, 0, 0);
        puts((const char *)xmlBufferContent(out));
        xmlFreeNode(made);
        xmlBufferFree(out);
    }
    xmlFreeDoc(doc);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc < 4 || argc > 5) {
        fputs("usage: make_docs json|xml[-shuffled] SAMPLE COUNT [SEED]\n",
              stderr);
        return 2;
    }
    struct maker m = {
        .seed = 88172645463325252ULL +
                (argc == 5 ? strtoull(argv[4], NULL, 10) : 0),
        .shuffled = strstr(argv[1], "-shuffled") != NULL,
    };
    long count = strtol(argv[3], NULL, 10);
    int code = strncmp(argv[1], "json", 4) == 0
                   ? make_json(&m, argv[2], count)
                   : make_xml(&m, argv[2], count);

    return fflush(stdout) == 0 ? code : 1;
}
