/* SPDX-License-Identifier: Apache-2.0 */
/* What a new version changes, for people and for programs. */
#include <jansson.h>
#include <stdlib.h>

#include "driver/upgrade.h"

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

void
upgrade_print_json(struct session *s, const struct upgrade *u, FILE *out)
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
    text = json_dumps(o, JSON_INDENT(2));
    if (text != NULL)
        fprintf(out, "%s\n", text);
    free(text);
    json_decref(o);
}
