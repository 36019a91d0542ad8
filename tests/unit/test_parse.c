/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser: the tree of each construct, which line ends count, and for each
 * kind of mistake its code and place. Twenty mistakes give twenty findings.
 */
#include <glob.h>
#include <stdlib.h>

#include "base/buf.h"
#include "syntax/ast_dump.h"
#include "syntax/parse.h"
#include "unit/check.h"

struct run {
    struct arena *arena;
    struct sources *sources;
    struct diags *diags;
    const struct file *file;
};

static struct run
parse_bytes(const char *text, size_t n)
{
    struct run r = { .arena = arena_new() };

    r.sources = sources_new(r.arena);
    r.diags = diags_new(r.arena);
    r.file = parse_source(r.arena, names_new(r.arena), r.diags,
                          source_text(r.sources, "t", text, n));
    return r;
}

static struct run
parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static const char *
dump(const struct run *r)
{
    struct buf b;

    buf_init(&b, r->arena);
    ast_dump(&b, r->file);
    return b.at;
}

/* All findings as "line:column code" joined by blanks. */
static const char *
findings(const struct run *r)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    struct buf b;

    if (out == NULL)
        return "no memory";
    diags_print_text(r->diags, r->sources, (struct diag_style){ 0 }, out);
    fclose(out);
    buf_init(&b, r->arena);
    for (char *p = text, *next; p != NULL && *p != '\0'; p = next) {
        unsigned line, column;
        char code[8];

        next = strchr(p, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (sscanf(p, "t:%u:%u: error %5s", &line, &column, code) == 3)
            buf_printf(&b, "%s%u:%u %s", b.n > 0 ? " " : "", line, column,
                       code);
    }
    free(text);
    return b.at;
}

/* --- trees --- */

struct tree_case {
    const char *from, *tree;
};

static void
check_trees(const struct tree_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct run r = parse(cases[i].from);

        CHECK_TEXT(findings(&r), "");
        CHECK_TEXT(dump(&r), cases[i].tree);
        arena_free(r.arena);
    }
}

#define BODY(text) "function f() text = " text
#define BODY_TREE(tree) "function f text\n  body " tree "\n"

static void
expressions(void)
{
    static const struct tree_case cases[] = {
        { BODY("1 + 2 * 3 - 4"), BODY_TREE("(- (+ 1 (* 2 3)) 4)") },
        { BODY("(1 + 2) * -3"), BODY_TREE("(* (+ 1 2) (negate 3))") },
        { BODY("a / b / c"), BODY_TREE("(/ (/ (path a) (path b)) (path c))") },
        { BODY("a or b and not c = d"),
          BODY_TREE("(or (path a) (and (path b) (not (= (path c) "
                    "(path d)))))") },
        { BODY("not not a"), BODY_TREE("(not (not (path a)))") },
        { BODY("a not in (1, \"x\") and b"),
          BODY_TREE("(and (not-in (path a) 1 \"x\") (path b))") },
        { BODY("a between 1 and 2 + 3 and b"),
          BODY_TREE("(and (between (path a) 1 (+ 2 3)) (path b))") },
        { BODY("a is not empty or b is missing"),
          BODY_TREE("(or (is-not-empty (path a)) (is-missing (path b)))") },
        { BODY("if a then if b then 1 else 2"),
          BODY_TREE("(if (path a) (if (path b) 1 2))") },
        { BODY("if a then (if b then 1) else 2"),
          BODY_TREE("(if (path a) (if (path b) 1) 2)") },
        { BODY("left(x.Name, 1 + 2) + now()"),
          BODY_TREE("(+ (call left (path x Name) (+ 1 2)) (call now))") },
        { BODY("erp.\"_-CWM_-T\".if.E1[PARVW = \"AG\"].X"),
          BODY_TREE("(path erp \"_-CWM_-T\" if E1[PARVW \"AG\"] X)") },
        { BODY("outer.outer.erp.A + outer.\"outer\".B"),
          BODY_TREE("(+ (path ^ ^ erp A) (path ^ outer B))") },
        { BODY("\"\\u{1F600}\\\"\\n\" + 12.50 + true + empty"),
          BODY_TREE("(+ (+ (+ \"\360\237\230\200\\\"\\n\" 12.50) true) "
                    "empty)") },
    };

    check_trees(cases, CHECK_ROWS(cases));
}

#define IN_MAP(text) "map A between c.X and e.Y {\n" text "\n}\n"
#define MAP_TREE(tree) "map A\n  left (path c X)\n  right (path e Y)\n" tree

static void
rules(void)
{
    static const struct tree_case cases[] = {
        { IN_MAP("key c.A <-> e.B : reverse alpha(10), codes C(e.L), ref D"),
          MAP_TREE("  key <->\n    left (path c A)\n    right (path e B)\n"
                   "    reverse (alpha 10)\n    convert (codes C (path e L))\n"
                   "    convert (ref D)\n") },
        { IN_MAP("c.A <~> e.B + e.C when c.D = 1 owner newest by c.T "
                 "personal remember else \"x\""),
          MAP_TREE("  rule <~> personal remember\n    left (path c A)\n"
                   "    right (+ (path e B) (path e C))\n"
                   "    when (= (path c D) 1)\n"
                   "    policy owner newest by c.T\n    else \"x\"\n") },
        { IN_MAP("c.A <- if e.B then 1 else 2 else park"),
          MAP_TREE("  rule <-\n    left (path c A)\n"
                   "    right (if (path e B) 1 2)\n    else park\n") },
        { IN_MAP("c.A <- if e.B then 1 else reject"),
          MAP_TREE("  rule <-\n    left (path c A)\n"
                   "    right (if (path e B) 1)\n    else reject\n") },
        { IN_MAP("ignore c.A\nwhere e.B leave keep\ncreate none\n"
                 "delete e -> c : set c.S = \"4\"\nowner c unless empty\n"
                 "else keep"),
          MAP_TREE("  ignore (path c A)\n  where-leave-keep (path e B)\n"
                   "  create none\n  delete e -> c\n    set (path c S)\n"
                   "    value \"4\"\n  policy owner c unless empty\n"
                   "  else keep\n") },
        { IN_MAP("group g newest { c.A -> e.B }\ngroup h owner e { }"),
          MAP_TREE("  group g\n    policy owner newest\n    rule ->\n"
                   "      left (path c A)\n      right (path e B)\n"
                   "  group h\n    policy owner e\n") },
        { IN_MAP("each c.L <-> e.M match c.A <-> e.B : f, g(1), c.C <-> e.D"
                 " by position where e.B <> \"\", c.E { ignore c.F }"),
          MAP_TREE("  each <-> by-position\n    left (path c L)\n"
                   "    right (path e M)\n    match <->\n"
                   "      left (path c A)\n      right (path e B)\n"
                   "      convert (f)\n      convert (g 1)\n    match <->\n"
                   "      left (path c C)\n      right (path e D)\n"
                   "    where (<> (path e B) \"\")\n    where (path c E)\n"
                   "    ignore (path c F)\n") },
        { IN_MAP("each c.L where c.A { }"),
          MAP_TREE("  each one list\n    left (path c L)\n"
                   "    where (path c A)\n") },
    };

    check_trees(cases, CHECK_ROWS(cases));
}

static void
file_items(void)
{
    static const struct tree_case cases[] = {
        { "language 1\nscenario a.b \"T\"\nuse \"x\"",
          "language 1\nscenario a.b\n  title \"T\"\nuse \"x\"\n" },
        { "system c \"C\" : odata2 \"f\" {\nbytes 6 : A, B.C\npersonal D\n"
          "control E = \"F\"\ncontrol G = \"H\" for changed I\n}",
          "system c odata2\n  title \"C\"\n  schema \"f\"\n"
          "  bytes 6 (path A) (path B C)\n  personal (path D)\n"
          "  control E \"F\"\n  control G \"H\" changed I\n" },
        { "codes C from \"f\"\ncodes D between a and b { \"A\" <-> \"1\"\n"
          "\"DE\" : \"B\" <- \"2\"\nelse \"x\" }",
          "codes C\n  file \"f\"\ncodes D a b\n  row \"A\" <-> \"1\"\n"
          "  row \"DE\" : \"B\" <- \"2\"\n  else \"x\"\n" },
        { "convert c(n number, s text) text <-> text { -> value  <- s }\n"
          "convert d text -> text { -> value }",
          "convert c (n number) (s text) text <-> text\n"
          "  forward (path value)\n  backward (path s)\n"
          "convert d text -> text\n  forward (path value)\n" },
        { "test \"t\" for A { ref A \"1\" <-> \"2\"\n"
          "c { key: 1, \"x y\": [-2, { }] }  e { } }",
          "test \"t\" for A <->\n  ref A \"1\" \"2\"\n"
          "  c (record key 1 \"x y\" (list -2 (record)))\n  e (record)\n" },
        { "test \"t\" { c { A: empty\nB: missing\n} -> left out }",
          "test \"t\" -> left-out\n  c (record A empty B missing)\n" },
        { "deployment d { use a.b, c\nuse \"f\"\noption o = on }",
          "deployment d\n  scenario a.b\n  scenario c\n  use \"f\"\n"
          "  option o on\n" },
        { "replicate A { c -> e every 5 min changed \"@on\" sweep every 2 days\n"
          "e -> c on message\nguard at most 2.5% or 50 deletes }",
          "replicate A\n"
          "  flow c e every 5 min changed @on sweep 2 days\n"
          "  flow e c message\n"
          "  guard-percent \"2.5\"\n  guard-deletes \"50\"\n" },
        /* its words are names elsewhere */
        { IN_MAP("on.every <-> message.guard : most"),
          MAP_TREE("  rule <->\n    left (path on every)\n"
                   "    right (path message guard)\n    convert (most)\n") },
    };

    check_trees(cases, CHECK_ROWS(cases));
}

/* --- lines --- */

#define ONE_RULE                                                              \
    MAP_TREE("  rule <->\n    left (path c A)\n"                              \
             "    right (+ (path e B) (path e C))\n    convert (f 1 2)\n")

static void
lines(void)
{
    static const struct tree_case cases[] = {
        { IN_MAP("c.A <->\ne.B +\ne.C :\nf(1,\n2)"), ONE_RULE },
        { IN_MAP("c.A\n<-> e.B\n+ e.C\n: f(\n1\n, 2\n)"), ONE_RULE },
        { IN_MAP("c.A -- x\n-- y\n\n<-> e.B + e.C : f(1, 2)"), ONE_RULE },
        { "map A\nbetween c.X and\ne.Y\n{\n c.A <-> e.B + e.C : f(1, 2) }",
          ONE_RULE },
        { "convert f text <->\ntext { -> value +\n1 <- value }",
          "convert f text <-> text\n  forward (+ (path value) 1)\n"
          "  backward (path value)\n" },
        /* an `else` on a line of its own */
        { IN_MAP("c.A <- if e.B\nthen 1\nelse 2\nelse park"),
          MAP_TREE("  rule <-\n    left (path c A)\n"
                   "    right (if (path e B) 1 2)\n  else park\n") },
        { IN_MAP("c.A <- if e.B then 1\nelse park"),
          MAP_TREE("  rule <-\n    left (path c A)\n"
                   "    right (if (path e B) 1)\n  else park\n") },
        { IN_MAP("c.A <- (if e.B then 1)\nelse \"x\""),
          MAP_TREE("  rule <-\n    left (path c A)\n"
                   "    right (if (path e B) 1)\n  else \"x\"\n") },
        /* `where` and `match` go on with the head of an `each` only */
        { IN_MAP("each c.L <-> e.M\nmatch c.A <-> e.A\nwhere c.B\n{ }\n"
                 "where c.C"),
          MAP_TREE("  each <->\n    left (path c L)\n    right (path e M)\n"
                   "    match <->\n      left (path c A)\n"
                   "      right (path e A)\n    where (path c B)\n"
                   "  where (path c C)\n") },
        { "\xEF\xBB\xBFlanguage 1\r\n\r\nuse \"x\"\r\n",
          "language 1\nuse \"x\"\n" },
    };

    check_trees(cases, CHECK_ROWS(cases));
}

static void
remarks(void)
{
    struct run r = parse("-- a\nlanguage 1 -- b\n  --> c\n");

    CHECK_TEXT(findings(&r), "");
    REQUIRE(r.file->comments.n == 3);
    CHECK(r.file->comments.at[0].alone && r.file->comments.at[2].alone);
    CHECK(!r.file->comments.at[1].alone);
    CHECK_NUMBER(r.file->comments.at[1].at.from, 16);
    CHECK_NUMBER(r.file->comments.at[1].at.to, 20);
    arena_free(r.arena);
}

static void
spans(void)
{
    struct run r = parse(IN_MAP("c.A <-> (e.B) : f  personal -- x"));
    const struct map *m = r.file->items.at[0].u.map;
    const struct rule *u = m->items.at[0]->u.rule;

    CHECK_NUMBER(m->at.from, 0);
    CHECK_NUMBER(m->at.to, 28 + 32 + 2);
    CHECK_NUMBER(u->at.from, 28);
    CHECK_NUMBER(u->at.to, 28 + 27);
    CHECK_NUMBER(u->arrow_at.from, 32);
    CHECK_NUMBER(u->right->at.from, 36);
    CHECK_NUMBER(u->right->at.to, 41);
    CHECK(u->left->u.path.steps.at[0].name.text ==
          m->left->u.path.steps.at[0].name.text);
    arena_free(r.arena);
}

/* --- mistakes --- */

static const struct {
    const char *from, *findings;
} mistakes[] = {
    { "langauge 1", "1:1 M0101" },
    { "language one", "1:10 M0101" },
    { IN_MAP("c.A e.B"), "2:5 M0101" },
    { IN_MAP("c.A <-> e.B : f(1\nc.B <-> e.C"), "2:18 M0101" },
    { IN_MAP("c.A <-> \"abc\nc.B <-"), "2:9 M0102 3:7 M0101" },
    { IN_MAP("c.A <->\nc.B <-> e.B :\nc.C <-> e.C"), "2:8 M0101 3:14 M0101" },
    { IN_MAP("c.A <- \"a\\qb\\u{D800}\""), "2:10 M0103 2:13 M0103" },
    { IN_MAP("c.\303\244 -> e.A"), "2:3 M0104" },
    { IN_MAP("c.A \302\240-> e.A"), "2:5 M0104" },
    { "use \"\1\"", "1:6 M0104" },
    { "use \"\377\"", "1:6 M0105" },
    { "use \"\355\240\200\"", "1:6 M0105" },
    { "map A between c.X and e.Y {\nc.A -> e.B\ncodes C from \"f\"",
      "1:27 M0106" },
    { "map A between c.X and e.Y {\ngroup g {\n", "1:27 M0106 2:9 M0106" },
    { IN_MAP("c.A <- 1e5 + 12. + 4711A"),
      "2:8 M0107 2:14 M0107 2:20 M0107" },
    { IN_MAP("c.A => e.A\nc.A <=> e.A\nc.A --> e.A\nc.A <-- e.A"),
      "2:5 M0110 3:5 M0110 4:5 M0110 5:5 M0110" },
    { IN_MAP("c.A -> e.A;\n// no\nc.A <- 'x'"),
      "2:11 M0110 3:1 M0110 4:8 M0110" },
    { IN_MAP("c.A <- if e.A == \"x\" && e.B != \"y\" then 1"),
      "2:15 M0110 2:22 M0110 2:29 M0110" },
    { IN_MAP("c.A <- \342\200\234x\342\200\235"), "2:8 M0110" },
    { IN_MAP("c.A -> e.A owner c owner e personal personal else park "
             "else keep"),
      "2:26 M0111 2:37 M0111 2:56 M0111" },
    { IN_MAP("group g {\ncreate both\neach c.L -> e.L {\nkey c.A -> e.A\n}\n}"),
      "3:1 M0112 4:1 M0112 5:1 M0112" },
    { "test \"t\" { c { } }", "1:1 M0113" },
    { "test \"t\" { c { } e { } e { } }", "1:24 M0113" },
    /* a bad head: the block is read all the same */
    { IN_MAP("each c.L e.L {\nc.A\nc.B -> e.B\n}\nc.C"),
      "2:10 M0101 3:4 M0101 6:4 M0101" },
    { "map between c.X and e.Y {\nc.A\n}\nuse x", "1:5 M0101 2:4 M0101 "
      "4:5 M0101" },
    /* a block that means nothing is stepped over as a whole */
    { "foo { a { b } c\n d }\nuse x", "1:1 M0101 3:5 M0101" },
    { "system c odata2 \"f\" { }\nuse x", "1:10 M0101 2:5 M0101" },
    { "test \"t\" { c { A \"x\" { y }, B: 1\n C: } e { D: } }",
      "1:18 M0101 2:4 M0101 2:13 M0101" },
    { "codes C {\n\"A\" <~> \"B\"\n\"A\" <-> B\n}",
      "2:5 M0101 3:9 M0101" },
    { "convert c text -> text { value }\nuse x", "1:26 M0101 2:5 M0101" },
    { "replicate A {\na -> b\nguard 5%\na -> b every 5\n}",
      "2:7 M0101 3:7 M0101 4:15 M0101" },
    { "deployment d {\nuse 5\noption x\n}\n}", "2:5 M0101 3:9 M0101 "
      "5:1 M0101" },
};

static void
mistakes_found(void)
{
    for (size_t i = 0; i < CHECK_ROWS(mistakes); i++) {
        struct run r = parse(mistakes[i].from);

        if (strcmp(findings(&r), mistakes[i].findings) != 0)
            check_fail(__FILE__, __LINE__, "%s\ngot  %s\nwant %s",
                       mistakes[i].from, findings(&r), mistakes[i].findings);
        arena_free(r.arena);
    }
}

static void
twenty(void)
{
    struct arena *a = arena_new();
    struct buf b, want;

    buf_init(&b, a);
    buf_init(&want, a);
    buf_text(&b, "map A between c.X and e.Y {\n");
    for (int i = 0; i < 20; i++) {
        buf_text(&b, i % 2 ? "c.A e.B\n" : "c.A <- f(1\n");
        buf_printf(&want, "%s%d:%d M0101", i > 0 ? " " : "", i + 2,
                   i % 2 ? 5 : 11);
    }
    buf_text(&b, "}\n");
    struct run r = parse(b.at);
    CHECK_TEXT(findings(&r), want.at);
    CHECK_NUMBER(diags_errors(r.diags), 20);
    arena_free(r.arena);
    arena_free(a);
}

/* --- words --- */

static const char *
first_message(struct run *r)
{
    char *text = NULL, *message, *end;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (out == NULL)
        return "no memory";
    diags_print_text(r->diags, r->sources, (struct diag_style){ 0 }, out);
    fclose(out);
    message = strstr(text, "M0101: ");
    end = message != NULL ? strchr(message, '\n') : NULL;
    if (end == NULL) {
        free(text);
        return "none";
    }
    message = arena_copy(r->arena, message + 7, (size_t)(end - message - 7));
    free(text);
    return message;
}

static void
words(void)
{
    static const struct {
        const char *from, *message;
    } cases[] = {
        { IN_MAP("c.A e.B"), "found `e`, expected an arrow or an operator" },
        { IN_MAP("c.A -> f(1"), "found the end of the line, expected a comma "
          "or `)`" },
        { IN_MAP("c.A <- )"), "found `)`, expected a value" },
        { IN_MAP("c.A <- e.B e.C"), "found `e`, expected `:` and a conversion,"
          " an operator or the end of the line" },
        { IN_MAP(")"), "found `)`, expected a rule or another line of a map" },
        { "x", "found `x`, expected `map`, `codes`, `system` or another item "
          "of a file" },
        { "codes C", "found the end of the line, expected `{`, `between`, "
          "`from` or `final`" },
        { IN_MAP("ignore \"a text of more than forty characters, which is "
                 "cut\""),
          "found `\"a text of more than forty character\342\200\246`, expected "
          "a name or `outer`" },
    };

    for (size_t i = 0; i < CHECK_ROWS(cases); i++) {
        struct run r = parse(cases[i].from);

        CHECK_TEXT(first_message(&r), cases[i].message);
        arena_free(r.arena);
    }
}

/* --- tests/diag --- */

/* What the `--| ` lines at the start of a file say. */
static const char *
expected_rendering(struct arena *a, const struct source *src)
{
    const char *p = src->bytes;
    struct buf b;

    buf_init(&b, a);
    while (strncmp(p, "--|", 3) == 0) {
        size_t n = strcspn(p, "\n"), skip = p[3] == ' ' ? 4 : 3;

        buf_printf(&b, "%.*s\n", (int)(n - skip), p + skip);
        p += n + (p[n] == '\n');
    }
    return b.at;
}

static void
check_rendering(const char *path)
{
    struct arena *a = arena_new();
    struct sources *ss = sources_new(a);
    struct diags *ds = diags_new(a);
    const struct source *src = source_load(ss, path);
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (src == NULL || out == NULL) {
        check_fail(__FILE__, __LINE__, "%s can't be read", path);
    } else {
        parse_source(a, names_new(a), ds, src);
        diags_print_text(ds, ss, (struct diag_style){ 0 }, out);
        fflush(out);
        CHECK_TEXT(text, expected_rendering(a, src));
    }
    if (out != NULL)
        fclose(out);
    free(text);
    arena_free(a);
}

/* Some of them are about a table that the map uses, which parsing the map
 * does not read. */
static bool
is_about_itself(const char *path)
{
    char first[256] = "";
    FILE *f = fopen(path, "r");

    if (f != NULL && fgets(first, sizeof first, f) == NULL)
        first[0] = '\0';
    if (f != NULL)
        fclose(f);
    return strncmp(first, "--| ", 4) == 0 &&
           strncmp(first + 4, path, strlen(path)) == 0;
}

/* Every pinned rendering of the codes M01. */
static void
renderings(void)
{
    size_t shown = 0;
    glob_t found;

    REQUIRE(glob("tests/diag/m01*.map", 0, NULL, &found) == 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        /* What a change says is known when its map is. */
        if (!is_about_itself(found.gl_pathv[i]) ||
            strstr(found.gl_pathv[i], "m0112_change.map") != NULL)
            continue;
        check_rendering(found.gl_pathv[i]);
        shown++;
    }
    CHECK(shown >= 12);
    globfree(&found);
}

/* --- limits --- */

/* before, `n` times one thing, after. */
static struct run
parse_repeated(const char *before, const char *one, size_t n,
               const char *after)
{
    struct arena *a = arena_new();
    struct buf b;

    buf_init(&b, a);
    buf_text(&b, before);
    for (size_t i = 0; i < n; i++)
        buf_text(&b, one);
    buf_text(&b, after);
    struct run r = parse_bytes(b.at, b.n);
    arena_free(a);
    return r;
}

/* Nonsense of any length costs a bounded number of findings. */
static void
hopeless(void)
{
    static const char *const nonsense[] = {
        "a\n", "\"\n", "@", "} ", "each a\n", "codes X\n", "'x' ",
        "test \"t\" { a { } a { } a { } }\n",
    };

    for (size_t i = 0; i < CHECK_ROWS(nonsense); i++) {
        struct run r = parse_repeated("map A between c.X and e.Y {\n",
                                      nonsense[i], 20000, "");

        CHECK_THAT(diags_errors(r.diags) >= 251 &&
                       diags_errors(r.diags) <= 260,
                   "%s: %zu errors", nonsense[i], diags_errors(r.diags));
        CHECK_THAT(strstr(findings(&r), "M0114") != NULL, "%s", nonsense[i]);
        arena_free(r.arena);
    }
}

static void
limits(void)
{
    static const struct {
        const char *before, *one;
        size_t n;
        const char *after, *findings;
    } cases[] = {
        { "function f() text = ", "(", 200, "1", "1:222 M0101" },
        { "function f() text = ", "(", 201, "1", "1:221 M0108" },
        { "function f() text = ", "(", 100000, "1", "1:221 M0108" },
        { "function f() text = 1", "+1", 999, "", "" },
        { "function f() text = 1", "+1", 1000, "", "1:2020 M0108" },
        { "function f() text = ", "-", 1, "1", "" },
        { "function f() text = ", "- ", 100000, "1", "1:2019 M0108" },
        { "function f() text = ", "if a then ", 100000, "1", "1:10011 M0108" },
        { "test \"t\" { c { A: ", "[", 100000, "", "1:217 M0108" },
        { "function f() text = 1 in (1", ",\n1", 100000, ")", "" },
        { "", "language 1\n", 10000, "", "" },
        { "", "                ", 262145, "", "1:1 M0109" },
    };

    for (size_t i = 0; i < CHECK_ROWS(cases); i++) {
        struct run r = parse_repeated(cases[i].before, cases[i].one,
                                      cases[i].n, cases[i].after);

        CHECK_TEXT(findings(&r), cases[i].findings);
        arena_free(r.arena);
    }
}

CHECK_MAIN({ "expressions", expressions }, { "rules", rules },
           { "items of a file", file_items }, { "lines", lines },
           { "remarks", remarks }, { "spans", spans },
           { "mistakes are found", mistakes_found },
           { "twenty mistakes, twenty findings", twenty },
           { "words of messages", words }, { "renderings", renderings },
           { "limits", limits },
           { "hopeless", hopeless })
