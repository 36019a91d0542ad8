/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a schema file of any format. The import must come back; what it
 * accepts must be a sound model: every reference inside it, counts and limits
 * in order, the same when it is imported again. No other file is ever read:
 * the input's folder does not exist.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/schema.h"

#define PATH "no-such-folder/for-this-test/input"

static void
must(bool holds, const char *what, const struct member *m)
{
    if (holds)
        return;
    fprintf(stderr, "%s: %s\n", m != NULL ? m->name : "schema", what);
    abort();
}

static bool
is_record(const struct schema *s, const struct record *r)
{
    for (size_t i = 0; i < s->records.n; i++)
        if (s->records.at[i] == r)
            return true;
    return false;
}

static void
check_member(const struct schema *s, const struct member *m)
{
    const struct type *t = &m->type;

    must(m->name != NULL && strlen(m->name) < 100000, "has no name", m);
    must(m->max > 0 && m->min <= m->max, "occurs less than it must", m);
    must(!m->required || m->creatable, "must be given and may not", m);
    must(!m->required || m->min > 0, "is required and optional", m);
    if (m->record != NULL) {
        must(is_record(s, m->record), "has a record of another schema", m);
        return;
    }
    must(t->kind != TYPE_ERROR, "has a type after a mistake", m);
    must(t->values.n > 0 || t->max_chars == UNBOUNDED ||
             t->min_chars <= t->max_chars, "has no possible length", m);
    must(!t->has_range || t->low <= t->high, "has no possible number", m);
    must(t->precision == 0 || t->scale <= t->precision, "has no digits", m);
    for (size_t i = 0; i < t->values.n; i++)
        must(t->values.at[i][0] != '\0', "has an empty value", m);
}

static void
check_schema(const struct schema *s)
{
    must(s->roots.n > 0, "has no roots", NULL);
    for (size_t i = 0; i < s->roots.n; i++) {
        check_member(s, &s->roots.at[i]);
        must(schema_root(s, s->roots.at[i].name) != NULL, "is not found",
             &s->roots.at[i]);
    }
    for (size_t i = 0; i < s->records.n; i++) {
        const struct record *r = s->records.at[i];

        for (size_t k = 0; k < r->members.n; k++) {
            const struct member *m = &r->members.at[k],
                                *found = record_member(r, m->name);

            check_member(s, m);
            must(found >= r->members.at && found < r->members.at + r->members.n,
                 "is not found", m);
        }
    }
}

static const char *
import(struct arena *a, const uint8_t *data, size_t n)
{
    struct names *ns = names_new(a);
    struct diags *ds = diags_new(a);
    struct sources *ss = sources_new(a);
    FILE *out = fopen("/dev/null", "w");
    struct buf b;

    source_text(ss, PATH, (const char *)data, n);
    struct schema *s = schema_import(a, ns, ds, ss, PATH, (struct span){ 0 });
    if (out != NULL) {
        diags_print_text(ds, ss, (struct diag_style){ .color = false }, out);
        diags_print_json(ds, ss, out);
        fclose(out);
    }
    must((s == NULL) == (diags_errors(ds) > 0), "failed without a word", NULL);
    buf_init(&b, a);
    if (s == NULL)
        return "";
    check_schema(s);
    schema_bytes_per_char(s, NULL, "Name", 3);
    schema_dump(s, &b);
    return b.at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new();
    const char *once = import(a, data, n), *again = import(a, data, n);

    must(strcmp(once, again) == 0, "differs the second time", NULL);
    arena_free(a);
    return 0;
}
