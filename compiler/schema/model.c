/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building the model: records, members and roots, the limits on their number,
 * the report of names that come twice, and the notes on what was left out.
 */
#include <stdlib.h>
#include <string.h>

#include "schema/importer.h"

struct record *
model_record(struct importer *im, const char *name, uint32_t line)
{
    struct record *r = arena_alloc(im->arena, sizeof *r);

    r->name = name;
    r->line = line;
    vec_push(im->arena, &im->schema->records, r);
    return r;
}

bool
model_add(struct importer *im, struct record *r, struct member m)
{
    if (im->too_large)
        return false;
    if (r->members.n >= IMPORT_MAX_RECORD ||
        im->members >= IMPORT_MAX_MEMBERS) {
        import_too_large(im, im->at, "there are too many members");
        return false;
    }
    im->members++;
    vec_push(im->arena, &r->members, m);
    return true;
}

static void
describe_member(const struct member *m, struct buf *out)
{
    if (m->record != NULL)
        buf_printf(out, "record %s", m->record->name);
    else
        type_describe(&m->type, out);
}

static void
report_twice(struct importer *im, const struct record *r,
             const struct member *first, const struct member *second,
             const struct source *src)
{
    struct buf a, b;

    buf_init(&a, im->arena);
    buf_init(&b, im->arena);
    describe_member(first, &a);
    describe_member(second, &b);
    struct diag *d = diag_add(im->ds, DIAG_SCHEMA_TWICE,
                              import_span(src, second->line),
                              "%s.%s is described twice", r->name,
                              second->name);
    diag_label_here(d, "the second: %s", b.at);
    diag_label(d, import_span(src, first->line), "the first: %s", a.at);
    diag_note(d, NOTE_FACT, "maps use the first: %s.%s: %s", r->name,
              first->name, a.at);
    diag_note(d, NOTE_HELP, "if the system means the second, correct the "
              "schema file or export it again");
}

/* An attribute and an element may share a name; the element is found. */
static void
index_pass(struct importer *im, struct record *r, const struct source *src,
           bool attributes)
{
    for (size_t i = 0; i < r->members.n; i++) {
        struct member *m = &r->members.at[i];

        if (m->attribute != attributes)
            continue;
        struct member *first = table_find(&r->by_name, m->name);
        if (first == NULL)
            table_put(im->arena, &r->by_name, m->name, m);
        else if (src != NULL)
            report_twice(im, r, first, m, src);
    }
}

void
model_index(struct importer *im, struct record *r, const struct source *src)
{
    index_pass(im, r, src, false);
    index_pass(im, r, src, true);
}

void
model_add_root(struct importer *im, struct member m)
{
    vec_push(im->arena, &im->schema->roots, m);
}

void
model_index_roots(struct importer *im)
{
    struct schema *s = im->schema;

    for (size_t i = 0; i < s->roots.n; i++) {
        struct member *m = &s->roots.at[i];

        if (table_find(&s->root_by_name, m->name) == NULL)
            table_put(im->arena, &s->root_by_name, m->name, m);
    }
}

void
model_alias_root(struct importer *im, const char *alias, struct member *root)
{
    struct table *t = &im->schema->root_by_name;

    if (table_find(t, alias) == NULL)
        table_put(im->arena, t, alias, root);
}

bool
import_step(struct importer *im, const struct source *src, uint32_t line)
{
    if (im->too_large)
        return false;
    if (++im->steps > IMPORT_MAX_STEPS) {
        import_too_large(im, import_span(src, line),
                         "its parts refer to each other too often");
        return false;
    }
    return true;
}

void
import_too_large(struct importer *im, struct span at, const char *what)
{
    if (im->too_large)
        return;
    im->too_large = true;
    struct diag *d = diag_add(im->ds, DIAG_SCHEMA_TOO_LARGE, at,
                              "the schema %s is too large: %s",
                              im->schema->file, what);
    diag_note(d, NOTE_HELP,
              "export only the objects that the maps use");
}

void
import_skip(struct importer *im, enum skipped kind, const struct source *src,
            uint32_t line)
{
    if (im->skipped[kind].n++ == 0)
        im->skipped[kind].at = import_span(src, line);
}

void
import_skip_notes(struct importer *im)
{
    static const char *const words[SKIPPED_COUNT] = {
        [SKIPPED_ANY] = "elements or attributes of any kind",
        [SKIPPED_STREAM] = "media streams",
        [SKIPPED_GEO] = "geographic shapes",
        [SKIPPED_UNTYPED] = "members without a type of their own",
        [SKIPPED_MIXED] = "text between elements",
    };

    for (int i = 0; i < SKIPPED_COUNT; i++) {
        size_t n = im->skipped[i].n;

        if (n == 0)
            continue;
        struct diag *d = diag_add(im->ds, DIAG_SCHEMA_SKIPPED,
                                  im->skipped[i].at,
                                  "%s are left out (%zu %s in %s)", words[i],
                                  n, n == 1 ? "place" : "places",
                                  im->schema->file);
        diag_label_here(d, n == 1 ? "here" : "the first of them");
    }
}

bool
import_number(const char *text, uint32_t most, uint32_t *out)
{
    uint32_t n = 0;

    text += strspn(text, " \t\r\n");
    if (*text < '0' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        uint32_t digit = (uint32_t)(*text - '0');

        if (n > (most - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    if (text[strspn(text, " \t\r\n")] != '\0')
        return false;
    *out = n;
    return true;
}

static uint32_t
count_chars(const char *s)
{
    uint32_t n = 0;

    for (; *s != '\0'; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

void
type_close(struct type *t)
{
    uint32_t longest = 0;

    for (size_t i = 0; i < t->values.n; i++) {
        uint32_t n = count_chars(t->values.at[i]);

        if (n > longest)
            longest = n;
    }
    if (t->values.n > 0 && longest > 0)
        t->max_chars = longest;
}

/* [0-9]* \d+ [0-9]{4} \d{1,10}: only digits, and how many of them. */
static bool
read_digit_pattern(const char *p, uint32_t *min, uint32_t *max)
{
    char *end;

    *min = 0;
    *max = UNBOUNDED;
    if (strncmp(p, "[0-9]", 5) == 0)
        p += 5;
    else if (strncmp(p, "\\d", 2) == 0)
        p += 2;
    else
        return false;
    if (*p == '\0') {
        *min = *max = 1;
        return true;
    }
    if (strcmp(p, "*") == 0)
        return true;
    if (strcmp(p, "+") == 0) {
        *min = 1;
        return true;
    }
    if (*p++ != '{' || *p < '0' || *p > '9')
        return false;
    unsigned long low = strtoul(p, &end, 10), high = low;
    if (*end == ',') {
        p = end + 1;
        high = *p == '}' ? UNBOUNDED : strtoul(p, &end, 10);
        if (*p == '}')
            end = (char *)(uintptr_t)p;
    }
    if (strcmp(end, "}") != 0 || low > INT32_MAX || high > INT32_MAX)
        return false;
    *min = (uint32_t)low;
    *max = (uint32_t)high;
    return true;
}

void
type_pattern(struct type *t, const char *pattern)
{
    uint32_t min, max;

    if (t->kind != TYPE_TEXT || !read_digit_pattern(pattern, &min, &max))
        return;
    t->digits_only = true;
    if (min > t->min_chars)
        t->min_chars = min;
    if (max != UNBOUNDED && (t->max_chars == UNBOUNDED || max < t->max_chars))
        t->max_chars = max;
}
