/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Are two systems equal? Takes the records of one, translated into the terms of
 * the other (what the program's command map makes of them), and the records of
 * the other as that system has them: each as JSON, one record a line, or as
 * IDocs in one XML document.
 *
 *   compare KEY WANTED HAVE [IGNORED…]
 *
 * Every record of WANTED must be in HAVE exactly once, by the field KEY (in a
 * segment: E1EDK01.BELNR), and the other way round; every field that is in
 * WANTED must be the same there, but for those IGNORED. null, "", false, 0, "/"
 * in an IDoc and a field that is not there are one; numbers are compared as
 * numbers; lists must have as many rows, each of which is found in the other
 * one. Prints what differs (the first 20) and the counts; ends with 1 where
 * something does, or where there was no record.
 */
#include <jansson.h>
#include <libxml/parser.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct counts {
    size_t records, fields, different;
};

enum { SHOWN = 20 };

static char **ignored;                  /* names, then NULL */

static bool
is_ignored(const char *name)
{
    for (char **at = ignored; *at != NULL; at++)
        if (strcmp(*at, name) == 0)
            return true;
    return false;
}

static void
differs(struct counts *c, const char *key, const char *what)
{
    if (c->different++ < SHOWN)
        printf("  %s: %s\n", key, what);
}

static bool
is_nothing(const json_t *v)
{
    char *end;

    if (json_is_array(v))
        return json_array_size(v) == 0;
    if (!json_is_string(v))
        return v == NULL || json_is_null(v) || json_is_false(v) ||
               (json_is_number(v) && json_number_value(v) == 0);
    if (*json_string_value(v) == '\0')
        return true;
    /* Decimal numbers are texts in OData; keys are never only noughts. */
    return strchr(json_string_value(v), '.') != NULL &&
           strtod(json_string_value(v), &end) == 0 && *end == '\0';
}

/* As text; numbers may be text or numbers on the wire. */
static const char *
as_text(const json_t *v, char *room, size_t n)
{
    if (json_is_string(v))
        return json_string_value(v);
    if (json_is_integer(v))
        snprintf(room, n, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    else if (json_is_real(v))
        snprintf(room, n, "%.15g", json_real_value(v));
    else
        snprintf(room, n, "%s", json_is_true(v) ? "true" : "false");
    return room;
}

static bool
same_value(const json_t *a, const json_t *b)
{
    char one[64], two[64], *one_end, *two_end;
    const char *x = as_text(a, one, sizeof one);
    const char *y = as_text(b, two, sizeof two);

    if (strcmp(x, y) == 0)
        return true;
    double p = strtod(x, &one_end), q = strtod(y, &two_end);

    return one_end != x && *one_end == '\0' && two_end != y &&
           *two_end == '\0' && p == q;
}

/* Rows of an expanded collection, with or without OData's `results`. */
static const json_t *
rows_of(const json_t *v)
{
    const json_t *results = json_object_get(v, "results");

    return results != NULL ? results : v;
}

static bool same(const json_t *want, const json_t *have, struct counts *c,
                 const char *key);

static bool
same_rows(const json_t *want, const json_t *have, struct counts *c)
{
    size_t i, j;
    json_t *row, *other;

    if (json_array_size(want) != json_array_size(have))
        return false;
    json_array_foreach(want, i, row) {
        bool found = false;

        json_array_foreach(have, j, other) {
            if (same(row, other, c, NULL)) {
                found = true;
                break;
            }
        }
        if (!found)
            return false;
    }
    return true;
}

/* key NULL: only whether; else each field that differs is said. */
static bool
same(const json_t *want, const json_t *have, struct counts *c, const char *key)
{
    bool all = true;
    const char *name;
    json_t *w;

    json_object_foreach((json_t *)want, name, w) {
        const json_t *h = rows_of(json_object_get(have, name));
        bool good;

        if (is_ignored(name))
            continue;
        if (is_nothing(w) || is_nothing(h))
            good = is_nothing(w) && is_nothing(h);
        else if (json_is_array(w))
            good = json_is_array(h) && same_rows(w, h, c);
        else if (json_is_object(w))
            good = json_is_object(h) && same(w, h, c, NULL);
        else
            good = same_value(w, h);
        c->fields++;
        if (good)
            continue;
        all = false;
        if (key != NULL)
            differs(c, key, name);
    }
    return all;
}

/* --- reading --- */

static void
die(const char *file, const char *what)
{
    fprintf(stderr, "%s: %s\n", file, what);
    exit(2);
}

/* A segment: its fields, and below the name of an inner one a list of them. */
static json_t *
segment(xmlNodePtr node)
{
    json_t *all = json_object();

    for (node = node->children; node != NULL; node = node->next) {
        const char *name = (const char *)node->name;
        xmlChar *text, *is_segment;

        if (node->type != XML_ELEMENT_NODE)
            continue;
        is_segment = xmlGetProp(node, BAD_CAST "SEGMENT");
        if (is_segment == NULL) {
            text = xmlNodeGetContent(node);
            if (strcmp((const char *)text, "/") != 0)
                json_object_set_new(all, name,
                                    json_string((const char *)text));
            xmlFree(text);
            continue;
        }
        xmlFree(is_segment);
        if (strcmp(name, "EDI_DC40") == 0)
            continue;
        if (json_object_get(all, name) == NULL)
            json_object_set_new(all, name, json_array());
        json_array_append_new(json_object_get(all, name), segment(node));
    }
    return all;
}

/* The value of a field, or of one in the first row of a list. */
static const json_t *
key_of(const json_t *record, const char *path)
{
    const char *dot = strchr(path, '.');
    char name[64];

    if (dot == NULL)
        return json_object_get(record, path);
    snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
    return key_of(json_array_get(json_object_get(record, name), 0), dot + 1);
}

/* A second record of one key is a difference. */
static void
keep(json_t *all, json_t *record, const char *file, const char *path,
     struct counts *c)
{
    const json_t *key = key_of(record, path);
    char room[64];

    if (is_nothing(key))
        die(file, "a record has no key");
    const char *text = as_text(key, room, sizeof room);

    if (json_object_get(all, text) != NULL)
        differs(c, text, "is there twice");
    json_object_set_new(all, text, record);
}

static void
read_idocs(json_t *all, const char *file, const char *path, struct counts *c)
{
    xmlDocPtr doc = xmlReadFile(file, NULL, XML_PARSE_HUGE);
    xmlNodePtr root = doc == NULL ? NULL : xmlDocGetRootElement(doc);

    if (root == NULL)
        die(file, "no XML document");
    for (root = root->children; root != NULL; root = root->next)
        if (strcmp((const char *)root->name, "IDOC") == 0)
            keep(all, segment(root), file, path, c);
    xmlFreeDoc(doc);
}

/* KEY -> record. */
static json_t *
read_records(const char *file, const char *path, struct counts *c)
{
    FILE *in = fopen(file, "r");
    json_t *all = json_object();
    char *line = NULL;
    size_t space = 0;
    int first;

    if (in == NULL)
        die(file, "can't be read");
    first = getc(in);
    ungetc(first, in);
    if (first == '<')
        read_idocs(all, file, path, c);
    while (first != '<' && getline(&line, &space, in) > 0) {
        json_error_t error;
        json_t *record = json_loads(line, 0, &error);

        if (record == NULL)
            die(file, error.text);
        keep(all, record, file, path, c);
    }
    free(line);
    fclose(in);
    return all;
}

int
main(int argc, char **argv)
{
    struct counts c = { 0, 0, 0 };
    const char *key;
    json_t *record;

    if (argc < 4) {
        fprintf(stderr, "usage: compare KEY WANTED HAVE [IGNORED…]\n");
        return 2;
    }
    ignored = argv + 4;
    json_t *want = read_records(argv[2], argv[1], &c);
    json_t *have = read_records(argv[3], argv[1], &c);

    json_object_foreach(want, key, record) {
        const json_t *other = json_object_get(have, key);

        c.records++;
        if (other == NULL)
            differs(&c, key, "is not there");
        else
            same(record, other, &c, key);
    }
    json_object_foreach(have, key, record)
        if (json_object_get(want, key) == NULL)
            differs(&c, key, "should not be there");
    printf("%zu records, %zu fields compared, %zu differences\n", c.records,
           c.fields, c.different);
    json_decref(want);
    json_decref(have);
    return c.different == 0 && c.records > 0 ? 0 : 1;
}
