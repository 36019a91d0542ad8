/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formatter: what it makes of given texts, and its two promises (the same
 * tree, and nothing changes the second time) over every map of the project
 * and over some thousands of generated files with wild spacing and remarks.
 */
#define _XOPEN_SOURCE 700        /* nftw */

#include <ftw.h>

#include "base/buf.h"
#include "syntax/ast_dump.h"
#include "syntax/fmt.h"
#include "syntax/parse.h"
#include "unit/check.h"

struct run {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
};

static struct run
run_new(void)
{
    struct run r = { .arena = arena_new() };

    r.names = names_new(r.arena);
    r.sources = sources_new(r.arena);
    r.diags = diags_new(r.arena);
    return r;
}

static const struct file *
parse(struct run *r, const char *text)
{
    return parse_source(r->arena, r->names, r->diags,
                        source_text(r->sources, "test.map", text,
                                    strlen(text)));
}

static const char *
dump(struct run *r, const struct file *f)
{
    struct buf b;

    buf_init(&b, r->arena);
    ast_dump(&b, f);
    for (size_t i = 0; i < f->comments.n; i++) {
        struct span at = f->comments.at[i].at;
        size_t n = at.to - at.from;
        const char *p = f->source->bytes + at.from;

        while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
            n--;
        buf_printf(&b, "%.*s\n", (int)n, p);
    }
    return b.at;
}

static const char *
format(struct run *r, const struct file *f)
{
    size_t n;
    const char *s = fmt_file(r->arena, f, &n);

    CHECK(strlen(s) == n);
    return s;
}

/* Both promises for one text; false after a failure. */
static bool
keeps_promises(struct run *r, const char *name, const char *text)
{
    const struct file *f = parse(r, text);

    if (diags_errors(r->diags) > 0) {
        check_fail(__FILE__, __LINE__, "%s does not parse", name);
        return false;
    }
    const char *once = format(r, f);
    const struct file *g = parse(r, once);
    if (diags_errors(r->diags) > 0 || strcmp(dump(r, f), dump(r, g)) != 0) {
        check_fail(__FILE__, __LINE__, "%s means something else:\n%s", name,
                   once);
        return false;
    }
    const char *twice = format(r, g);
    if (strcmp(once, twice) != 0) {
        check_fail(__FILE__, __LINE__, "%s changes again:\n%s", name, once);
        return false;
    }
    return true;
}

/* --- given texts --- */

static const struct {
    const char *from, *to;
} cases[] = {
    { "", "" },
    { "\n\n  language   1\n\n\n\nuse \"a\"", "language 1\n\nuse \"a\"\n" },
    { "\xEF\xBB\xBFlanguage 1\r\n", "language 1\n" },
    { "-- one\n\n\n-- two  \nlanguage 1 --three",
      "-- one\n\n-- two\nlanguage 1  --three\n" },
    { "system cloud \"C\":odata2 \"c.edmx\"\n"
      "system other \"Other\" :idoc\"o.xsd\"{bytes 6:City,A.B\n"
      "control M=\"O\"for changed O5\n}",
      "system cloud  \"C\"      : odata2  \"c.edmx\"\n"
      "system other  \"Other\"  : idoc    \"o.xsd\" {\n"
      "  bytes 6 : City, A.B\n"
      "  control M = \"O\" for changed O5\n"
      "}\n" },
    { "map A between c.X and e.Y{\nkey c.A<->e.B:alpha(10)\n"
      "c.Name->e.N owner c personal else keep -- remark\n"
      "c.LongName<-\"x\" -- other\n}",
      "map A between c.X and e.Y {\n"
      "  key c.A     <->  e.B  : alpha(10)\n"
      "  c.Name       ->  e.N  owner c  personal  else keep"
      "  -- remark\n"
      "  c.LongName  <-   \"x\"                                "
      "-- other\n"
      "}\n" },
    /* remarks move with what they stand at */
    { "map A between c.X and e.Y { -- head\n-- alone\nc.A <-> -- inner\n"
      "  e.B\n-- last\n} -- tail\n",
      "map A between c.X and e.Y {  -- head\n"
      "  -- alone\n"
      "  c.A  <->  e.B  -- inner\n"
      "  -- last\n"
      "}  -- tail\n" },
    { "map A between c.X and e.Y {\nc.A <-> -- one\n e.B -- two\n}",
      "map A between c.X and e.Y {\n"
      "  -- one\n"
      "  c.A  <->  e.B  -- two\n"
      "}\n" },
    /* brackets only where they say something */
    { "function f(a number) number = ((a)+(a*2))-(a-(1))/-(-a)",
      "function f(a number) number = a + a * 2 - (a - 1) / -(-a)\n" },
    { "function f(a text) bool = (not ((a=\"x\") or a in(\"y\")))",
      "function f(a text) bool = not (a = \"x\" or a in (\"y\"))\n" },
    { "map A between c.X and e.Y {\n"
      "(-1) -> e.A\n"
      "c.A <- (if e.B then \"1\") else \"2\"\n"
      "c.B <- if e.B then (if e.C then 1) else 2\n"
      "c.C <- if e.B then 1 else (park)\n"
      "}",
      "map A between c.X and e.Y {\n"
      "  (-1)   ->  e.A\n"
      "  c.A   <-   (if e.B then \"1\")  else \"2\"\n"
      "  c.B   <-   if e.B then (if e.C then 1) else 2\n"
      "  c.C   <-   if e.B then 1 else (park)\n"
      "}\n" },
    { "map A between c.X and e.Y {\nc.A <- (if e.B then 1)\nelse \"2\"\n}",
      "map A between c.X and e.Y {\n"
      "  c.A  <-  (if e.B then 1)\n"
      "  else \"2\"\n"
      "}\n" },
    { "function f() text = \"\\u{A0}\\u{e4}\\\"\\\\\\n\\t\\u{7f}\"",
      "function f() text = \"\\u{A0}ä\\\"\\\\\\n\\t\\u{7F}\"\n" },
    { "codes C between a and b{\n\"DE\":\"1\"<->\"22\"\n\"X\"->\"Y\"\n"
      "else park}",
      "codes C between a and b {\n"
      "  \"DE\" : \"1\"  <->  \"22\"\n"
      "  \"X\"          ->  \"Y\"\n"
      "  else park\n"
      "}\n" },
    { "test \"t\" for A {c{A:1,B:[1,2]}\ne{A:{\nB:1}\nand:\"x y\",\"p q\":-2}}",
      "test \"t\" for A {\n"
      "  c { A: 1, B: [1, 2] }\n"
      "  e {\n"
      "    A: {\n"
      "      B: 1\n"
      "    }\n"
      "    and: \"x y\"\n"
      "    \"p q\": -2\n"
      "  }\n"
      "}\n" },
    { "test \"t\" {c{A:1}->left out}",
      "test \"t\" { c { A: 1 } -> left out }\n" },
    { "test \"t\" {c{A:1\n}->left\tout -- why\n}",
      "test \"t\" {\n"
      "  c {\n"
      "    A: 1\n"
      "  } -> left out  -- why\n"
      "}\n" },
    { "deployment d{use a.b,c.d\nuse\"x\"\n\noption o=on -- why\n}",
      "deployment d {\n"
      "  use a.b, c.d\n"
      "  use \"x\"\n"
      "\n"
      "  option o = on  -- why\n"
      "}\n" },
    { "replicate A{erp->cloud on message\n-- why\nguard at most 2%or 5 deletes\n"
      "\ncloud->erp every 5 min sweep every 1 day changed On overlap 2 s -- x\n}",
      "replicate A {\n"
      "  erp   -> cloud  on message\n"
      "  -- why\n"
      "  guard at most 2% or 5 deletes\n"
      "\n"
      "  cloud -> erp    every 5 min  changed On  overlap 2 s sweep every 1 day  "
      "-- x\n"
      "}\n" },
};

static void
given(void)
{
    for (size_t i = 0; i < CHECK_ROWS(cases); i++) {
        struct run r = run_new();
        const struct file *f = parse(&r, cases[i].from);

        CHECK_THAT(diags_errors(r.diags) == 0, "case %zu does not parse", i);
        if (diags_errors(r.diags) == 0) {
            CHECK_TEXT(format(&r, f), cases[i].to);
            keeps_promises(&r, cases[i].from, cases[i].from);
        }
        arena_free(r.arena);
    }
}

/* A long head of `each` is spread over lines. */
static void
long_each(void)
{
    struct run r = run_new();
    const struct file *f = parse(
        &r, "map A between c.X and e.Y {\n"
            "each c.Contacts <-> e.E1KNVKM match c.ExternalID <-> e.PARNR : "
            "alpha(10), trim, c.B <-> e.B where e.PARNR <> \"\" {\n"
            "c.A <-> e.A\n}\n}\n");

    CHECK(diags_errors(r.diags) == 0);
    CHECK_TEXT(format(&r, f),
               "map A between c.X and e.Y {\n"
               "  each c.Contacts <-> e.E1KNVKM\n"
               "      match c.ExternalID <-> e.PARNR : alpha(10), trim, "
               "c.B <-> e.B\n"
               "      where e.PARNR <> \"\" {\n"
               "    c.A  <->  e.A\n"
               "  }\n"
               "}\n");
    arena_free(r.arena);
}

/* --- every map of the project --- */

static size_t seen;

static int
visit(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    size_t n = strlen(path);

    (void)st;
    (void)ftw;
    if (kind != FTW_F || n < 4 || strcmp(path + n - 4, ".map") != 0)
        return 0;
    struct run r = run_new();
    const struct source *src = source_load(r.sources, path);
    CHECK_THAT(src != NULL, "%s can't be read", path);
    if (src != NULL) {
        parse_source(r.arena, r.names, r.diags, src);
        if (diags_errors(r.diags) == 0) {
            seen++;
            keeps_promises(&r, path, src->bytes);
        }
    }
    arena_free(r.arena);
    return 0;
}

static void
project(void)
{
    static const char *const folders[] = { "mappings", "stdlib", "tests" };

    seen = 0;
    for (size_t i = 0; i < CHECK_ROWS(folders); i++)
        nftw(folders[i], visit, 20, FTW_PHYS);
    CHECK_THAT(seen >= 5, "only %zu maps found; run it in the project's "
               "first folder", seen);
}

/* --- generated files --- */

struct gen {
    struct buf b;
    uint64_t state;
};

static unsigned
pick(struct gen *g, unsigned n)
{
    g->state ^= g->state << 13;
    g->state ^= g->state >> 7;
    g->state ^= g->state << 17;
    return (unsigned)((g->state >> 33) % n);
}

static const char *
one_of(struct gen *g, const char *const *words, unsigned n)
{
    return words[pick(g, n)];
}

#define ONE_OF(g, ...)                                                        \
    one_of(g, (const char *const[]){ __VA_ARGS__ },                           \
           sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void
put(struct gen *g, const char *s)
{
    buf_text(&g->b, s);
}

/* Between two tokens where no line end may stand. */
static void
gap(struct gen *g)
{
    put(g, ONE_OF(g, " ", " ", " ", "  ", "\t"));
}

/* Where a line end does not count. */
static void
loose(struct gen *g)
{
    put(g, ONE_OF(g, " ", " ", " ", " ", "  ", "\n    ", " -- in\n  ",
                  "\n-- alone\n", "\r\n", "\n\n"));
}

static void
line_end(struct gen *g)
{
    put(g, ONE_OF(g, "\n", "\n", "\n", "\n\n", " -- behind\n",
                  "\n  -- below\n", "\n\n\n-- far\n\n", "\t\r\n"));
}

static void gen_expr(struct gen *g, int depth);

static void
gen_name(struct gen *g)
{
    put(g, ONE_OF(g, "cloud", "erp", "value", "left", "map", "newest", "_x1",
                  "keep", "park", "test", "position"));
}

static void
gen_text(struct gen *g)
{
    put(g, ONE_OF(g, "\"\"", "\"abc\"", "\"-- no remark {\"", "\"\\\"\\\\\"",
                  "\"\\u{1F600} ü\\n\"", "\"}\""));
}

static void
gen_path(struct gen *g)
{
    put(g, ONE_OF(g, "", "", "", "outer.", "outer.outer."));
    gen_name(g);
    for (unsigned n = pick(g, 3); n > 0; n--)
        put(g, ONE_OF(g, ".Name", ".key", ".\"a b\"", ".\"outer\"",
                      ".E1[PARVW = \"AG\"]", ".E1[\"key\" = \"\\n\"]",
                      ".X[Q=\"{\"].Y"));
}

static void
gen_list(struct gen *g, int depth)
{
    put(g, "(");
    for (unsigned n = pick(g, 3) + 1; n > 0; n--) {
        loose(g);
        gen_expr(g, depth);
        put(g, n > 1 ? "," : "");
    }
    loose(g);
    put(g, ")");
}

static void
gen_in_brackets(struct gen *g, int depth)
{
    put(g, "(");
    gen_expr(g, depth);
    put(g, ")");
}

/* Something that binds tightly enough for any place. */
static void
gen_primary(struct gen *g, int depth)
{
    switch (depth <= 0 ? pick(g, 5) : pick(g, 8)) {
    case 0:
        gen_text(g);
        break;
    case 1:
        put(g, ONE_OF(g, "0", "12", "12.50", "true", "false"));
        break;
    case 2:
        put(g, ONE_OF(g, "empty", "missing"));
        break;
    case 3:
    case 4:
        gen_path(g);
        break;
    case 5:
        gen_name(g);
        gen_list(g, depth - 1);
        break;
    default:
        gen_in_brackets(g, depth - 1);
        break;
    }
}

/* `if` only where it needs no brackets: at the start of an expression. */
static void
gen_loose(struct gen *g, int depth)
{
    switch (pick(g, 6)) {
    case 0:
    case 1:
        put(g, "if ");
        gen_primary(g, depth - 1);
        put(g, "\n then ");
        gen_expr(g, depth - 1);
        if (pick(g, 2)) {
            put(g, " else (");
            gen_expr(g, depth - 1);
            put(g, ")");
        }
        break;
    case 2:
        put(g, "not ");
        gen_primary(g, depth - 1);
        break;
    case 3:
        gen_primary(g, depth - 1);
        put(g, ONE_OF(g, " is empty", " is not missing", " is missing"));
        break;
    case 4:
        gen_primary(g, depth - 1);
        put(g, ONE_OF(g, " in ", " not in "));
        gen_list(g, depth - 1);
        break;
    default:
        gen_primary(g, depth - 1);
        put(g, " between ");
        gen_primary(g, depth - 1);
        put(g, " and ");
        gen_primary(g, depth - 1);
        break;
    }
}

static void
gen_expr(struct gen *g, int depth)
{
    unsigned kind = depth <= 0 ? 0 : pick(g, 6);

    if (kind == 1) {
        gen_loose(g, depth);
        return;
    }
    if (kind == 2)
        put(g, "- ");
    gen_primary(g, depth - 1);
    for (unsigned n = kind >= 3 ? pick(g, 4) : 0; n > 0; n--) {
        loose(g);
        put(g, ONE_OF(g, "+", "-", "*", "/", "and", "or"));
        loose(g);
        put(g, ONE_OF(g, "", "", "- "));
        gen_primary(g, depth - 1);
    }
    if (kind == 5) {
        put(g, ONE_OF(g, " and 1 < ", " or 1 <> ", " and 1 >= "));
        gen_primary(g, depth - 1);
    }
}

/* A side of a rule; the left one may not start with a minus. */
static void
gen_side(struct gen *g)
{
    if (pick(g, 3) == 0)
        gen_in_brackets(g, 3);
    else
        gen_path(g);
}

static void
gen_modifiers(struct gen *g)
{
    if (pick(g, 4) == 0) {
        put(g, "\n when ");
        gen_in_brackets(g, 2);
    }
    put(g, ONE_OF(g, "", "", "", " owner cloud", " owner newest by cloud.T",
                  " owner keep both", " owner erp unless empty",
                  " owner ask"));
    put(g, ONE_OF(g, "", "", "", " remember", " personal",
                  " personal\tremember"));
    put(g, ONE_OF(g, "", "", "", " else keep", " else park", " else \"x\"",
                  " else empty", " else (park)", " else if a then b"));
}

static void
gen_rule(struct gen *g)
{
    gen_side(g);
    loose(g);
    put(g, ONE_OF(g, "<->", "<~>", "->", "<-"));
    loose(g);
    gen_side(g);
    if (pick(g, 2)) {
        loose(g);
        put(g, ":");
        loose(g);
        put(g, ONE_OF(g, "trim", "codes Country", "ref Account",
                      "reverse alpha(10)", "split(35), upper",
                      "codes Region(\n erp.LAND1), left(2)", "left(-1)"));
    }
    gen_modifiers(g);
}

static void gen_items(struct gen *g, int depth, bool whole);

static void
gen_block(struct gen *g, int depth)
{
    if (pick(g, 3) == 0) {
        put(g, "group address");
        put(g, ONE_OF(g, "", " newest", " newest by cloud.T", " owner cloud",
                      " keep both"));
        loose(g);
        put(g, "{");
        line_end(g);
        gen_items(g, 0, false);
    } else {
        put(g, ONE_OF(g, "each cloud.L <-> erp.L", "each cloud.L",
                      "each cloud.L ->\nerp.L"));
        loose(g);
        put(g, ONE_OF(g, "", "", "match cloud.A <-> erp.A : trim, cloud.B "
                      "<-> erp.B", "match cloud.A <-> erp.A : f(1, 2), g"));
        put(g, ONE_OF(g, "", "", "\n by position"));
        put(g, ONE_OF(g, "", "", "\n -- why\n where erp.A <> \"\", cloud.B"));
        loose(g);
        put(g, "{");
        line_end(g);
        gen_items(g, depth - 1, false);
    }
    put(g, "}");
}

static void
gen_items(struct gen *g, int depth, bool whole)
{
    for (unsigned n = pick(g, 6); n > 0; n--) {
        unsigned kind = pick(g, 8);

        if (kind == 0 && depth > 0) {
            gen_block(g, depth);
        } else if (kind == 1) {
            put(g, "ignore ");
            gen_path(g);
        } else if (kind == 2 && whole) {
            put(g, ONE_OF(g, "where (if a then b)  leave unlink",
                          "where erp.A in (\"1\",\n\"2\")", "create both",
                          "create cloud -> erp", "delete none", "else park",
                          "delete erp -> cloud:set cloud.S = \"4\"",
                          "delete both", "owner sum", "else reject",
                          "key cloud.A <-> erp.B : alpha(10)"));
        } else {
            gen_rule(g);
        }
        line_end(g);
    }
}

static void
gen_data(struct gen *g, int depth)
{
    unsigned kind = depth <= 0 ? pick(g, 3) : pick(g, 6);

    if (kind < 2) {
        put(g, ONE_OF(g, "1", "-2.5", "true", "empty", "missing"));
    } else if (kind == 2) {
        gen_text(g);
    } else if (kind == 3) {
        put(g, "[");
        for (unsigned n = pick(g, 4); n > 0; n--) {
            loose(g);
            gen_data(g, depth - 1);
            put(g, n > 1 ? "," : "");
        }
        loose(g);
        put(g, "]");
    } else {
        put(g, "{");
        for (unsigned n = pick(g, 4); n > 0; n--) {
            loose(g);
            put(g, ONE_OF(g, "Name", "key", "\"a b\"", "in", "map", "X"));
            put(g, ":");
            gap(g);
            gen_data(g, depth - 1);
            put(g, n > 1 ? "," : "");
        }
        put(g, ONE_OF(g, " ", "\n", " -- end\n"));
        put(g, "}");
    }
}

static void
gen_test(struct gen *g)
{
    put(g, "test \"t\"");
    put(g, ONE_OF(g, " {", " for Account {", " {\n", " { -- head\n"));
    put(g, ONE_OF(g, "", "", "ref Account \"A\" <-> \"B\"\n"));
    put(g, "cloud { A: ");
    gen_data(g, 3);
    put(g, ONE_OF(g, "}", "\n}", " -- end\n}"));
    if (pick(g, 2)) {
        put(g, ONE_OF(g, " ", "\n", "\n\n", " -> ", "\n -> "));
        put(g, "erp { B: ");
        gen_data(g, 3);
        put(g, "}");
    } else {
        put(g, ONE_OF(g, " -> parked", " -> rejected", "->left\tout"));
    }
    put(g, ONE_OF(g, "}", "\n}", "\nref X \"1\" <-> \"2\" }", " -- last\n}"));
}

static void
gen_file_item(struct gen *g)
{
    switch (pick(g, 6)) {
    case 0:
        put(g, ONE_OF(g, "language 1", "use \"x.map\"", "scenario a.b.c",
                      "scenario s \"Title\"", "codes C from \"c.csv\"",
                      "system cloud : odata2 \"c.edmx\"",
                      "system erp \"ERP\" : idoc \"x\" {\n-- no\n"
                      "personal Phone,\nA.B\n\ncontrol key2 = \"\\t\" }",
                      "system x : idoc \"x\" { }",
                      "deployment d {\nuse a,b.c,\n d\noption o = on\n\n"
                      "-- x\nuse \"f\"\nuse e }",
                      "replicate A {\n a->b on message --x\n\nb ->a every 5 "
                      "min\n-- y\nguard at most 5 deletes -- z\n}"));
        break;
    case 1:
        put(g, ONE_OF(g, "codes C {\n}", "codes C between a and b {\n"
                      "else \"x\"\n\n\"A\" <-> \"B\" -- z\n"
                      "\"D\":\"1\"<-\"2\"\n}",
                      "convert c(n number) text <-> text {\n-> value\n"
                      "  -- back\n<- value }"));
        break;
    case 2:
        put(g, ONE_OF(g, "convert c text -> text { -> ",
                      "convert c text <- text {\n<- "));
        gen_expr(g, 3);
        put(g, ONE_OF(g, " }", "\n}", " -- end\n}"));
        break;
    case 3:
        put(g, "function f(a text,\n b text) text = ");
        gen_expr(g, 5);
        break;
    case 4:
        gen_test(g);
        break;
    default:
        put(g, "map A between cloud.X and erp.Y {");
        line_end(g);
        gen_items(g, 3, true);
        put(g, "}");
        break;
    }
}

static void
generated(void)
{
    for (uint64_t seed = 1; seed <= 4000 && !check_failed; seed++) {
        struct run r = run_new();
        struct gen g = { .state = seed * 0x9E3779B97F4A7C15u };

        buf_init(&g.b, r.arena);
        for (unsigned n = pick(&g, 4) + 1; n > 0; n--) {
            gen_file_item(&g);
            line_end(&g);
        }
        if (!keeps_promises(&r, "the generated file", g.b.at)) {
            diags_print_text(r.diags, r.sources,
                             (struct diag_style){ .most = 3 }, stdout);
            printf("seed %u:\n%s\n", (unsigned)seed, g.b.at);
        }
        arena_free(r.arena);
    }
}

CHECK_MAIN({ "given", given }, { "long each", long_each },
           { "every map of the project", project },
           { "generated", generated })
