/* SPDX-License-Identifier: Apache-2.0 */
/* The writer of C: what texts from maps and schemas can not do to it, and how
 * long lines are broken. */
#include "check.h"
#include "emit/cwriter.h"

static struct arena *arena;

static void
quotes(void)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "", "\"\"" },
        { "a\"b\\c", "\"a\\\"b\\\\c\"" },
        { "a\nb\tc", "\"a\\nb\\tc\"" },
        { "DE\x1f" "01", "\"DE\\03701\"" },
        { "what?\?=", "\"what?\\?=\"" },
        { "Zürich", "\"Zürich\"" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++)
        CHECK_TEXT(cw_quote(arena, rows[i].text), rows[i].want);
}

static void
comments(void)
{
    struct cwriter w;

    cw_init(&w, arena);
    cw_comment(&w, "%s", "a */ int x; /* b ?\?/ \\");
    CHECK_TEXT(w.out.at, "/* a * / int x; / * b ? ?/ \\  */\n");
    cw_init(&w, arena);
    cw_comment(&w, "%s",
               "words that go on and on until they are longer than what one "
               "line of eighty columns has room for");
    CHECK_TEXT(w.out.at,
               "/* words that go on and on until they are longer than what one "
               "line of eighty\n"
               " * columns has room for */\n");
}

static struct pexpr *
node(enum pexpr_kind kind, const char *text)
{
    struct pexpr *e = arena_alloc(arena, sizeof *e);

    e->kind = kind;
    e->text = text;
    return e;
}

static struct pexpr *
call(const char *text, const struct pexpr *a, const struct pexpr *b)
{
    struct pexpr *e = node(PEXPR_CALL, text);

    vec_push(arena, &e->args, a);
    vec_push(arena, &e->args, b);
    return e;
}

static void
calls_are_broken(void)
{
    const char *a = "at->cloud->FirstLongNameOfAField";
    const char *b = "at->cloud->SecondLongNameOfAField";
    struct pexpr *inner = call("mr_concat", node(PEXPR_C, a),
                               node(PEXPR_C, b));
    struct cwriter w;

    cw_init(&w, arena);
    cw_expr(&w, "", inner, NULL, ";");
    CHECK_TEXT(w.out.at, "mr_concat(at->cloud->FirstLongNameOfAField, "
                         "at->cloud->SecondLongNameOfAField);\n");
    cw_init(&w, arena);
    w.depth = 1;
    cw_expr(&w, "", call("mr_put", node(PEXPR_STRING, "x"), inner), NULL, ";");
    CHECK_TEXT(w.out.at,
               "    mr_put(\"x\",\n"
               "           mr_concat(at->cloud->FirstLongNameOfAField,\n"
               "                     at->cloud->SecondLongNameOfAField));\n");
}

/* Where arguments below each other would leave the columns, calls among them
 * begin lines of their own. */
static void
deep_calls_hang(void)
{
    struct pexpr *e = node(PEXPR_C, "at->cloud->FirstLongNameOfAField");
    struct cwriter w;

    for (int i = 0; i < 4; i++)
        e = call("function_with_a_name", e, node(PEXPR_C, "b"));
    cw_init(&w, arena);
    w.depth = 1;
    cw_expr(&w, "v = ", e, NULL, ";");
    CHECK_TEXT(w.out.at,
               "    v = function_with_a_name(\n"
               "        function_with_a_name(\n"
               "            function_with_a_name(\n"
               "                function_with_a_name("
               "at->cloud->FirstLongNameOfAField, b), b),\n"
               "            b), b);\n");
}

static void
holes_are_filled(void)
{
    struct pexpr *e = call("f", node(PEXPR_C, "cx"), node(PEXPR_HOLE, NULL));
    struct cwriter w;

    cw_init(&w, arena);
    cw_expr(&w, "v = ", e, node(PEXPR_C, "v"), ";");
    CHECK_TEXT(w.out.at, "v = f(cx, v);\n");
}

static void
long_strings_are_split(void)
{
    struct cwriter w;

    cw_init(&w, arena);
    w.depth = 1;
    cw_field_string(&w, "rule",
                    "cloud.Name <-> erp.NAME1 + erp.NAME2 : split(35) "
                    "remember else park  owner cloud");
    CHECK_TEXT(w.out.at,
               "    .rule = \"cloud.Name <-> erp.NAME1 + erp.NAME2 : "
               "split(35) remember else \"\n"
               "            \"park  owner cloud\",\n");
    cw_init(&w, arena);
    cw_field_string(&w, "none", NULL);
    CHECK_NUMBER(w.out.n, 0);
}

int
main(void)
{
    static const struct check_case cases[] = {
        { "quotes", quotes },
        { "comments", comments },
        { "calls are broken", calls_are_broken },
        { "deep calls hang", deep_calls_hang },
        { "holes are filled", holes_are_filled },
        { "long strings are split", long_strings_are_split },
    };
    int bad;

    arena = arena_new();
    bad = check_run(cases, CHECK_ROWS(cases));
    arena_free(arena);
    return bad;
}
