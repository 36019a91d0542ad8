/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources and diagnostics: places, lines, the rendering with carets as text
 * and as JSON, sorting, and the registry of codes.
 */
#include "source/diag.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/check.h"

struct run {
    struct arena *arena;
    struct sources *sources;
    struct diags *diags;
};

static struct run
run_new(void)
{
    struct run r = { .arena = arena_new() };

    r.sources = sources_new(r.arena);
    r.diags = diags_new(r.arena);
    return r;
}

static const struct source *
load(struct run *r, const char *name, const char *text)
{
    return source_text(r->sources, name, text, strlen(text));
}

static struct span
span(const struct source *src, uint32_t from, uint32_t to)
{
    return (struct span){ src->id + 1, from, to };
}

static const char *
printed(struct run *r, bool json, struct diag_style style)
{
    char *text = NULL;
    const char *copy;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (out == NULL)
        return "no memory";
    if (json)
        diags_print_json(r->diags, r->sources, out);
    else
        diags_print_text(r->diags, r->sources, style, out);
    fclose(out);
    copy = arena_copy(r->arena, text, n);
    free(text);
    return copy;
}

static const struct diag_style plain = { .color = false };

/* --- places --- */

static void
places(void)
{
    static const char text[] = "\xEF\xBB\xBF" "ab\r\n\nx\xC3\xBCy\n";
    static const struct {
        uint32_t at, line, column;
        const char *shown;
    } cases[] = {
        { 3, 1, 1, "ab" },  { 4, 1, 2, "ab" },   { 5, 1, 3, "ab" },
        { 7, 2, 1, "" },    { 8, 3, 1, "x\xC3\xBCy" },
        { 9, 3, 2, "x\xC3\xBCy" }, { 11, 3, 3, "x\xC3\xBCy" },
        { 12, 3, 4, "x\xC3\xBCy" }, { 13, 4, 1, "" }, { 99, 4, 1, "" },
    };
    struct run r = run_new();
    const struct source *src = load(&r, "f.map", text);

    for (size_t i = 0; i < CHECK_ROWS(cases); i++) {
        struct span at = span(src, cases[i].at, cases[i].at);
        struct place pl = source_place(r.sources, at);
        struct source_line l = source_line(r.sources, at);

        CHECK_THAT(pl.line == cases[i].line && pl.column == cases[i].column,
                   "offset %u is %u:%u", (unsigned)cases[i].at,
                   (unsigned)pl.line, (unsigned)pl.column);
        CHECK_TEXT(pl.file, "f.map");
        CHECK_TEXT(arena_copy(r.arena, l.p, l.n), cases[i].shown);
    }
    CHECK_NUMBER(source_place(r.sources, (struct span){ 0, 0, 0 }).line, 0);
    CHECK(source_get(r.sources, (struct span){ 2, 0, 0 }) == NULL);
    arena_free(r.arena);
}

static void
loading(void)
{
    struct run r = run_new();
    char path[] = "/tmp/test_diag_XXXXXX";
    int fd = mkstemp(path);

    REQUIRE(fd >= 0);
    REQUIRE(write(fd, "a\0b", 3) == 3);
    close(fd);
    const struct source *src = source_load(r.sources, path);
    CHECK(src != NULL && src->n == 3 && memcmp(src->bytes, "a\0b", 4) == 0);
    CHECK(src == source_load(r.sources, path));
    unlink(path);
    errno = 0;
    CHECK(source_load(r.sources, "/nowhere/at all") == NULL);
    CHECK_NUMBER(errno, ENOENT);
    CHECK(source_load(r.sources, "/") == NULL && errno == EISDIR);
    CHECK(source_load(r.sources, "/dev/zero") == NULL && errno == EFBIG);
    arena_free(r.arena);
}

static void
joining(void)
{
    struct span a = { 1, 4, 9 }, b = { 1, 6, 7 }, c = { 1, 12, 15 };

    CHECK_NUMBER(span_join(a, c).from, 4);
    CHECK_NUMBER(span_join(a, c).to, 15);
    CHECK_NUMBER(span_join(a, b).to, 9);
}

/* --- text --- */

static void
rendering(void)
{
    struct run r = run_new();
    const struct source *src = load(
        &r, "a.map", "one\n\tcloud.Name <-> erp.NAME1\nthree\n");
    struct diag *d = diag_add(r.diags, DIAG_UNEXPECTED, span(src, 20, 29),
                              "no %s", "good");

    diag_label_here(d, "here");
    diag_label(d, span(src, 0, 3), "there");
    diag_note(d, NOTE_FACT, "erp.NAME1: text, 35");
    diag_note(d, NOTE_EXAMPLE, "\"x\"");
    diag_note(d, NOTE_HELP, "say why");
    CHECK_TEXT(printed(&r, false, plain),
               "a.map:2:17: error M0101: no good\n"
               " 2 |         cloud.Name <-> erp.NAME1\n"
               "   |                        ^^^^^^^^^ here\n"
               " 1 | one\n"
               "   | --- there\n"
               "   = schema: erp.NAME1: text, 35\n"
               "   = example: \"x\"\n"
               "   = help: say why\n"
               "\n"
               "1 error\n");
    arena_free(r.arena);
}

/* The carets stand below what they mean on a terminal. */
static void
widths(void)
{
    static const struct {
        const char *line;
        uint32_t from, to;
        const char *shown, *marks;
    } cases[] = {
        { "ab\tcd", 3, 5, "ab      cd", "        ^^" },
        { "ab\tcd", 2, 3, "ab      cd", "  ^^^^^^" },
        { "\xE6\xBC\xA2x", 3, 4, "\xE6\xBC\xA2x", "  ^" },
        { "\xE6\xBC\xA2x", 0, 3, "\xE6\xBC\xA2x", "^^" },
        { "\xC3\xBCx", 2, 3, "\xC3\xBCx", " ^" },
        { "e\xCC\x81x", 3, 4, "e\xCC\x81x", " ^" },
        { "a\x1B[0m", 1, 2, "a\xEF\xBF\xBD[0m", " ^" },
        { "a\xFFz", 2, 3, "a\xEF\xBF\xBDz", "  ^" },
        { "abc", 3, 3, "abc", "   ^" },
        { "abc", 1, 99, "abc", " ^^" },
    };

    for (size_t i = 0; i < CHECK_ROWS(cases); i++) {
        struct run r = run_new();
        const struct source *src = load(&r, "w", cases[i].line);

        diag_add(r.diags, DIAG_UNEXPECTED,
                 span(src, cases[i].from, cases[i].to), "m");
        const char *text = printed(&r, false, plain);
        const char *want = arena_printf(r.arena, " 1 | %s\n   | %s\n",
                                        cases[i].shown, cases[i].marks);
        CHECK_THAT(strstr(text, want) != NULL, "case %zu:\n%swant\n%s", i,
                   text, want);
        arena_free(r.arena);
    }
}

/* Of a very long line only the part around the place is shown. */
static void
long_lines(void)
{
    struct run r = run_new();
    char *line = arena_alloc(r.arena, 100001);

    memset(line, 'x', 100000);
    line[50000] = 'Y';
    const struct source *src = load(&r, "w", line);
    diag_add(r.diags, DIAG_UNEXPECTED, span(src, 50000, 50001), "m");
    const char *text = printed(&r, false, plain);
    const char *y = strchr(text, 'Y'), *caret = strchr(text, '^');

    CHECK(strlen(text) < 600);
    REQUIRE(y != NULL && caret != NULL);
    CHECK_NUMBER(y - strstr(text, " 1 | "), caret - strstr(text, "   | "));
    arena_free(r.arena);
}

static void
sorting(void)
{
    struct run r = run_new();
    const struct source *a = load(&r, "a", "12345");
    const struct source *b = load(&r, "b", "12345");

    diag_add(r.diags, DIAG_UNEXPECTED, span(b, 0, 1), "4");
    diag_add(r.diags, DIAG_UNEXPECTED, span(a, 3, 4), "3");
    diag_add(r.diags, DIAG_SCHEMA_TWICE, span(a, 1, 2), "2");
    diag_add(r.diags, DIAG_UNEXPECTED, span(a, 3, 4), "3");
    diag_add(r.diags, DIAG_UNEXPECTED, (struct span){ 0, 0, 0 }, "1");
    CHECK_TEXT(printed(&r, false, plain),
               "error M0101: 1\n\n"
               "a:1:2: warning M0206: 2\n 1 | 12345\n   |  ^\n\n"
               "a:1:4: error M0101: 3\n 1 | 12345\n   |    ^\n\n"
               "b:1:1: error M0101: 4\n 1 | 12345\n   | ^\n\n"
               "3 errors, 1 warning\n");
    CHECK_TEXT(printed(&r, false, (struct diag_style){ .most = 1 }),
               "error M0101: 1\n\n3 errors, 1 warning; 3 more not shown\n");
    CHECK_NUMBER(diags_errors(r.diags), 4);
    CHECK_NUMBER(diags_count(r.diags), 5);
    arena_free(r.arena);
}

static void
nothing(void)
{
    struct run r = run_new();

    CHECK_TEXT(printed(&r, false, plain), "");
    CHECK_TEXT(printed(&r, true, plain), "[]\n");
    CHECK_NUMBER(diags_errors(r.diags), 0);
    arena_free(r.arena);
}

/* A label in another file says which; one without a place is a note. */
static void
other_files(void)
{
    struct run r = run_new();
    const struct source *a = load(&r, "a", "1234\n");
    const struct source *b = load(&r, "b", "\n\n\n\n\n\n\n\n\n5678\n");
    struct diag *d = diag_add(r.diags, DIAG_UNEXPECTED, span(a, 0, 1), "m");

    diag_label(d, span(b, 10, 12), "first");
    diag_label(d, (struct span){ 0, 0, 0 }, "built in");
    CHECK_TEXT(printed(&r, false, plain),
               "a:1:1: error M0101: m\n"
               "  1 | 1234\n"
               "    | ^\n"
               "    --> b:10:2\n"
               " 10 | 5678\n"
               "    |  -- first\n"
               "    = built in\n\n"
               "1 error\n");
    arena_free(r.arena);
}

static void
colors(void)
{
    struct run r = run_new();
    const struct source *a = load(&r, "a", "1234\n");

    diag_add(r.diags, DIAG_UNEXPECTED, span(a, 0, 1), "m");
    CHECK(strchr(printed(&r, false, plain), '\033') == NULL);
    const char *text = printed(&r, false, (struct diag_style){ .color = true });
    CHECK(strstr(text, "\033[31merror M0101: \033[0m") != NULL);
    arena_free(r.arena);
}

/* --- JSON --- */

static void
json(void)
{
    struct run r = run_new();
    const struct source *src = load(&r, "a.map", "on\xC3\xBC\ntwo\n");
    struct diag *d = diag_add(r.diags, DIAG_UNEXPECTED, span(src, 2, 8),
                              "a \"b\" \xC3\xBC");

    diag_label(d, span(src, 5, 6), "there");
    diag_note(d, NOTE_HELP, "why");
    diag_add(r.diags, DIAG_SCHEMA_TWICE, span(src, 6, 6), "\xFF");

    json_t *all = json_loads(printed(&r, true, plain), 0, NULL);
    const char *code, *severity, *message, *file, *label, *kind, *note;
    int line, column, end_line, end_column, at_line, at_column;

    REQUIRE(all != NULL && json_array_size(all) == 2);
    CHECK(json_unpack(json_array_get(all, 0),
                      "{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,"
                      "s:[{s:s,s:i,s:i}!],s:[{s:s,s:s}!]}",
                      "code", &code, "severity", &severity, "message",
                      &message, "file", &file, "line", &line, "column",
                      &column, "endLine", &end_line, "endColumn",
                      &end_column, "labels", "message", &label, "line",
                      &at_line, "column", &at_column, "notes", "kind", &kind,
                      "message", &note) == 0);
    CHECK_TEXT(code, "M0101");
    CHECK_TEXT(severity, "error");
    CHECK_TEXT(message, "a \"b\" \xC3\xBC");
    CHECK_TEXT(file, "a.map");
    CHECK_TEXT(label, "there");
    CHECK_TEXT(kind, "help");
    CHECK_TEXT(note, "why");
    CHECK(line == 1 && column == 3 && end_line == 2 && end_column == 4);
    CHECK(at_line == 2 && at_column == 1);
    CHECK_TEXT(json_string_value(json_object_get(json_array_get(all, 1),
                                                 "severity")), "warning");
    json_decref(all);
    arena_free(r.arena);
}

/* --- the registry --- */

static void
registry(void)
{
    for (int c = 0; c < DIAG_COUNT; c++) {
        enum diag_code code = (enum diag_code)c;
        const char *number = diag_number(code);

        CHECK_THAT(strlen(number) == 5 && number[0] == 'M' &&
                       strspn(number + 1, "0123456789") == 4,
                   "%s is no number", number);
        CHECK_THAT(diag_by_number(number) == code, "%s stands twice", number);
        CHECK_THAT(diag_title(code)[0] != '\0' &&
                       strchr(diag_title(code), '\n') == NULL &&
                       diag_title(code)[strlen(diag_title(code)) - 1] != '.',
                   "the title of %s", number);
        CHECK_THAT(strlen(diag_more(code)) > 30, "%s has no explanation",
                   number);
        /* what is wrong in a text is explained with a right one */
        CHECK_THAT(strncmp(number, "M01", 3) != 0 ||
                       (strstr(diag_more(code), "\n\n  wrong: ") != NULL &&
                        strstr(diag_more(code), "\n  right: ") != NULL),
                   "%s has no example", number);
    }
    CHECK(diag_by_number("m0101") == DIAG_UNEXPECTED);
    CHECK(diag_by_number("M9999") == DIAG_COUNT);
    CHECK(diag_by_number("") == DIAG_COUNT);
    CHECK_TEXT(severity_name(diag_severity(DIAG_BUG)), "bug");
}

/* No line of an explanation is wider than a terminal. */
static void
explanations(void)
{
    for (int c = 0; c < DIAG_COUNT; c++) {
        const char *p = diag_more((enum diag_code)c);

        while (*p != '\0') {
            size_t n = strcspn(p, "\n"), wide = 0;

            for (size_t i = 0; i < n; i++)
                wide += ((unsigned char)p[i] & 0xC0) != 0x80;
            CHECK_THAT(wide <= 80, "%s: %.*s", diag_number((enum diag_code)c),
                       (int)n, p);
            p += n + (p[n] == '\n');
        }
    }
}

CHECK_MAIN({ "places", places }, { "loading", loading },
           { "joining", joining }, { "rendering", rendering },
           { "widths", widths }, { "long lines", long_lines },
           { "sorting", sorting }, { "nothing", nothing },
           { "other files", other_files }, { "colors", colors },
           { "json", json }, { "registry", registry },
           { "explanations", explanations })
