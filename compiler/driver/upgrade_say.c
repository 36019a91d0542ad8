/* SPDX-License-Identifier: Apache-2.0 */
/* What a new version changes, for people and for programs. */
#include <jansson.h>
#include <stdlib.h>

#include "base/buf.h"
#include "driver/replay.h"
#include "syntax/write.h"

static const struct {
    const char *word;           /* for programs */
    const char *text;
} kinds[] = {
    [UPGRADE_OVERRIDDEN] = { "overridden", "the package changed what you "
                             "changed: is yours still right?" },
    [UPGRADE_BOTH_ADDED] = { "both-added", "you added it, and the package has "
                             "it now: `replace` it, or drop yours" },
    [UPGRADE_SOURCE_GONE] = { "source-gone", "what you changed is there no "
                              "more: drop yours, or `add` it" },
    [UPGRADE_SAME_NOW] = { "same-now", "the package says the same now: drop "
                           "yours" },
    [UPGRADE_OWN_SCHEMA] = { "own-schema", "the package's schema changed: "
                             "fetch yours from your system anew" },
    [UPGRADE_CHANGED] = { "changed", "changed" },
    [UPGRADE_NEW] = { "new", "new" },
    [UPGRADE_GONE] = { "gone", "gone" }
};

/* --- text --- */

static void
print_one(struct session *s, const char *word, const char *text,
          struct span at, FILE *out)
{
    if (text == NULL)
        return;
    fprintf(out, "    %-5s  %s", word, text);
    if (at.file != 0) {
        struct place p = source_place(s->sources, at);

        fprintf(out, "  (%s:%u)", p.file, p.line);
    }
    fputc('\n', out);
}

static void
print_line(struct session *s, const struct upgrade_line *l, FILE *out)
{
    fprintf(out, "  %s: %s\n", l->in, kinds[l->kind].text);
    print_one(s, "was", l->was, l->was_at, out);
    print_one(s, "is", l->is, l->is_at, out);
    print_one(s, "yours", l->own, l->own_at, out);
}

static void
print_lines(struct session *s, const struct upgrade *u, bool decide,
            FILE *out)
{
    for (size_t i = 0; i < u->lines.n; i++)
        if ((u->lines.at[i].kind < UPGRADE_CHANGED) == decide)
            print_line(s, &u->lines.at[i], out);
}

void
upgrade_print(struct session *s, const struct upgrade *u, bool all,
              FILE *out)
{
    size_t decide = upgrade_to_decide(u);

    if (decide > 0) {
        fprintf(out, "%zu to decide\n", decide);
        print_lines(s, u, true, out);
    } else {
        fputs("nothing to decide\n", out);
    }
    fprintf(out, "%zu changed by the package alone\n", u->lines.n - decide);
    if (all)
        print_lines(s, u, false, out);
    fprintf(out, "%zu as they were; %zu of yours stay as they are\n",
            u->inherited, u->own);
}

/* --- replay --- */

static const char *
value_text(struct session *s, const char *value)
{
    struct buf b;

    if (value == NULL)
        return "missing";
    buf_init(&b, s->arena);
    write_text(&b, value);
    return b.at;
}

static void
print_keys(const char *words, const text_vec *keys, FILE *out)
{
    if (keys->n == 0)
        return;
    fprintf(out, "  %zu %s:", keys->n, words);
    for (size_t i = 0; i < keys->n && i < REPLAY_EXAMPLES; i++)
        fprintf(out, " %s", keys->at[i]);
    fputs(keys->n > REPLAY_EXAMPLES ? " …\n" : "\n", out);
}

void
replay_print(struct session *s, const struct replay *r, FILE *out)
{
    fprintf(out, "replayed documents: %zu came out, %zu do now; %zu differ\n",
            r->was, r->is, r->differ);
    for (size_t i = 0; i < r->fields.n; i++) {
        const struct replay_field *f = &r->fields.at[i];

        fprintf(out, "  %s: %zu\n", f->path, f->n);
        for (size_t k = 0; k < f->n && k < REPLAY_EXAMPLES; k++)
            fprintf(out, "    %s: %s -> %s\n", f->examples[k].document,
                    value_text(s, f->examples[k].was),
                    value_text(s, f->examples[k].is));
    }
    print_keys("come out no more", &r->gone, out);
    print_keys("come out now", &r->new, out);
}

/* --- JSON --- */

static void
put_text(json_t *o, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(o, key, json_string(text));
}

static void
put_place(struct session *s, json_t *o, const char *key, const char *text,
          struct span at)
{
    if (text == NULL || at.file == 0)
        return;
    struct place p = source_place(s->sources, at);
    json_object_set_new(o, key, json_sprintf("%s:%u", p.file, p.line));
}

static json_t *
line_json(struct session *s, const struct upgrade_line *l)
{
    json_t *o = json_object();

    put_text(o, "kind", kinds[l->kind].word);
    put_text(o, "in", l->in);
    put_text(o, "was", l->was);
    put_place(s, o, "wasAt", l->was, l->was_at);
    put_text(o, "is", l->is);
    put_place(s, o, "isAt", l->is, l->is_at);
    put_text(o, "yours", l->own);
    put_place(s, o, "yoursAt", l->own, l->own_at);
    json_object_set_new(o, "decide",
                        json_boolean(l->kind < UPGRADE_CHANGED));
    return o;
}

static json_t *
example_json(const struct replay_example *e)
{
    json_t *o = json_object();

    put_text(o, "document", e->document);
    put_text(o, "was", e->was);
    put_text(o, "is", e->is);
    return o;
}

static json_t *
keys_json(const text_vec *keys)
{
    json_t *a = json_array();

    for (size_t i = 0; i < keys->n; i++)
        json_array_append_new(a, json_string(keys->at[i]));
    return a;
}

static json_t *
replay_json(const struct replay *r)
{
    json_t *o = json_object(), *fields = json_array();

    for (size_t i = 0; i < r->fields.n; i++) {
        const struct replay_field *f = &r->fields.at[i];
        json_t *field = json_object(), *examples = json_array();

        for (size_t k = 0; k < f->n && k < REPLAY_EXAMPLES; k++)
            json_array_append_new(examples, example_json(&f->examples[k]));
        put_text(field, "field", f->path);
        json_object_set_new(field, "differ", json_integer((json_int_t)f->n));
        json_object_set_new(field, "examples", examples);
        json_array_append_new(fields, field);
    }
    json_object_set_new(o, "was", json_integer((json_int_t)r->was));
    json_object_set_new(o, "is", json_integer((json_int_t)r->is));
    json_object_set_new(o, "differ", json_integer((json_int_t)r->differ));
    json_object_set_new(o, "fields", fields);
    json_object_set_new(o, "gone", keys_json(&r->gone));
    json_object_set_new(o, "new", keys_json(&r->new));
    return o;
}

void
upgrade_print_json(struct session *s, const struct upgrade *u,
                   const struct replay *replay, FILE *out)
{
    json_t *o = json_object(), *lines = json_array();
    char *text;

    for (size_t i = 0; i < u->lines.n; i++)
        json_array_append_new(lines, line_json(s, &u->lines.at[i]));
    json_object_set_new(o, "toDecide",
                        json_integer((json_int_t)upgrade_to_decide(u)));
    json_object_set_new(o, "asTheyWere",
                        json_integer((json_int_t)u->inherited));
    json_object_set_new(o, "yoursAsTheyAre", json_integer((json_int_t)u->own));
    json_object_set_new(o, "lines", lines);
    if (replay != NULL)
        json_object_set_new(o, "replay", replay_json(replay));
    text = json_dumps(o, JSON_INDENT(2));
    if (text != NULL)
        fprintf(out, "%s\n", text);
    free(text);
    json_decref(o);
}
