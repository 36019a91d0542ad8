/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The examples in the standard library's words are true: each line
 *     -- example left <-> right : conversion(arguments)
 * (or -> or <-) is run, and every C function has examples for each way it
 * goes. A side is values in quotes, `empty`, `missing`, or `failed WHY`, with
 * commas between several.
 */
#include "check.h"
#include "sema/stdlib.h"
#include "stdlib_calls.h"

enum { TEXT = 4096, ARGS = 4 };

struct side {
    struct mr_val v[CALL_PARTS];
    uint32_t n;
};

struct example {
    struct side left, right;
    bool to_right, to_left;
    char name[32];
    struct call_arg args[ARGS];
};

/* Texts of an example, ended with NUL. */
static char pool[TEXT];
static size_t pool_n;

static void
skip(const char **p)
{
    while (**p == ' ')
        (*p)++;
}

static bool
take(const char **p, const char *word)
{
    size_t n = strlen(word);

    skip(p);
    if (strncmp(*p, word, n) != 0)
        return false;
    *p += n;
    return true;
}

static bool
quoted(const char **p, const char **text)
{
    *text = pool + pool_n;
    if (!take(p, "\""))
        return false;
    while (**p != '"' && **p != '\0' && pool_n < TEXT - 1)
        pool[pool_n++] = *(*p)++;
    pool[pool_n++] = '\0';
    return *(*p)++ == '"';
}

static bool
why_named(const char **p, enum mr_why *out)
{
    static const char *const names[] = {
#define W(name, words) #name,
#include "mr/why.def"
#undef W
    };

    skip(p);
    for (size_t i = 0; i < CHECK_ROWS(names); i++) {
        size_t n = strlen(names[i]);

        if (strncmp(*p, names[i], n) == 0 &&
            strchr(" ,\n", (*p)[n]) != NULL) {
            *p += n;
            *out = (enum mr_why)i;
            return true;
        }
    }
    return false;
}

static bool
value(const char **p, struct mr_val *out)
{
    const char *text;
    enum mr_why why;

    if (take(p, "empty"))
        *out = mr_empty();
    else if (take(p, "missing"))
        *out = mr_missing();
    else if (take(p, "failed") && why_named(p, &why))
        *out = mr_failed(mr_empty(), why);
    else if (quoted(p, &text))
        *out = mr_text(text);
    else
        return false;
    return true;
}

static bool
side(const char **p, struct side *out)
{
    out->n = 0;
    do {
        if (out->n == CALL_PARTS || !value(p, &out->v[out->n++]))
            return false;
    } while (take(p, ","));
    return true;
}

static bool
arguments(const char **p, struct call_arg *args)
{
    for (int i = 0; i < ARGS; i++) {
        args[i].text = NULL;
        args[i].count = 0;
        args[i].value = mr_missing();
    }
    if (!take(p, "("))
        return true;
    for (int i = 0; i < ARGS; i++) {
        skip(p);
        if (**p >= '0' && **p <= '9') {
            args[i].count = (uint32_t)strtoul(*p, (char **)p, 10);
        } else {
            if (!quoted(p, &args[i].text))
                return false;
            args[i].value = mr_text(args[i].text);
        }
        if (take(p, ")"))
            return true;
        if (!take(p, ","))
            return false;
    }
    return false;
}

static bool
read_example(const char *p, struct example *e)
{
    size_t n;

    pool_n = 0;
    memset(e, 0, sizeof *e);
    if (!side(&p, &e->left))
        return false;
    if (take(&p, "<->"))
        e->to_right = e->to_left = true;
    else if (take(&p, "->"))
        e->to_right = true;
    else if (take(&p, "<-"))
        e->to_left = true;
    if (!side(&p, &e->right) || !take(&p, ":"))
        return false;
    skip(&p);
    n = strspn(p, "abcdefghijklmnopqrstuvwxyz_0123456789");
    if (n == 0 || n >= sizeof e->name)
        return false;
    memcpy(e->name, p, n);
    p += n;
    return arguments(&p, e->args) && *p == '\n';
}

static void
run(const char *where, const struct example *e,
    void (*f)(struct mr_cx *, const struct call_io *), const struct side *from,
    const struct side *to)
{
    struct mr_val out[CALL_PARTS];
    struct call_io io = { from->v, out, from->n, to->n, e->args };
    struct mr_cx cx;
    char got[300], want[300];

    mr_cx_init(&cx, NULL);
    f(&cx, &io);
    for (uint32_t i = 0; i < to->n; i++)
        CHECK_THAT(call_equal(out[i], to->v[i]), "%s: %s gives %s, not %s",
                   where, e->name, call_words(out[i], got, sizeof got),
                   call_words(to->v[i], want, sizeof want));
    mr_cx_done(&cx);
}

static unsigned seen_right[CALL_ENTRIES], seen_left[CALL_ENTRIES];

static void
check_example(const char *where, const char *line)
{
    const struct call_entry *f;
    struct example e;

    if (!read_example(line, &e)) {
        check_fail(__FILE__, __LINE__, "%s: not an example: %.60s", where,
                   line);
        return;
    }
    f = call_find(e.name);
    if (f == NULL) {
        check_fail(__FILE__, __LINE__, "%s: no conversion %s", where, e.name);
        return;
    }
    if (e.to_right) {
        run(where, &e, f->right, &e.left, &e.right);
        seen_right[f - call_entries]++;
    }
    if (e.to_left) {
        if (f->left == NULL) {
            check_fail(__FILE__, __LINE__, "%s: %s goes one way", where,
                       e.name);
            return;
        }
        run(where, &e, f->left, &e.right, &e.left);
        seen_left[f - call_entries]++;
    }
}

static void
examples_are_true(void)
{
    char where[64];

    for (const struct stdlib_file *f = stdlib_files; f->name != NULL; f++) {
        const char *line = f->text;

        for (int n = 1; *line != '\0'; n++) {
            snprintf(where, sizeof where, "stdlib/%s:%d", f->name, n);
            if (strncmp(line, "-- example ", 11) == 0)
                check_example(where, line + 11);
            line = strchr(line, '\n');
            if (line == NULL)
                break;
            line++;
        }
    }
}

static void
every_function_has_examples(void)
{
    for (int i = 0; i < CALL_ENTRIES; i++) {
        const struct call_entry *f = &call_entries[i];

        CHECK_THAT(seen_right[i] > 0, "%s has no example to the right",
                   f->name);
        CHECK_THAT(f->left == NULL || seen_left[i] > 0,
                   "%s has no example to the left", f->name);
    }
}

/* The first comment line that starts with the name heads its words: a block of
 * its own, as `mapc explain` looks for it. */
static bool
has_heading(const char *name)
{
    size_t n = strlen(name);

    for (const struct stdlib_file *f = stdlib_files; f->name != NULL; f++)
        for (const char *p = strstr(f->text, "\n-- "); p != NULL;
             p = strstr(p + 1, "\n-- "))
            if (strncmp(p + 4, name, n) == 0 &&
                strchr("(: \n", p[4 + n]) != NULL)
                return p > f->text && p[-1] == '\n' &&
                       (p[4 + n] == '(' || p[4 + n] == '\n');
    return false;
}

static void
every_function_has_words(void)
{
    for (int i = 0; i < CALL_ENTRIES; i++)
        CHECK_THAT(has_heading(call_entries[i].name), "%s has no words",
                   call_entries[i].name);
}

/* The parser of examples refuses what it does not understand. */
static void
bad_examples_are_refused(void)
{
    static const char *const bad[] = {
        "\"a\" -> \"b\"\n", "\"a\" => \"b\" : trim\n", "a -> \"b\" : trim\n",
        "\"a\" -> \"b\" : trim extra\n", "\"a\" -> failed NONSENSE : trim\n",
        "\"a -> \"b\" : left(1\n"
    };
    struct example e;

    for (size_t i = 0; i < CHECK_ROWS(bad); i++)
        CHECK_THAT(!read_example(bad[i], &e), "row %zu", i);
}

CHECK_MAIN({ "stdlib examples are true", examples_are_true },
           { "stdlib functions have examples", every_function_has_examples },
           { "stdlib functions have words", every_function_has_words },
           { "stdlib bad examples are refused", bad_examples_are_refused })
