/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a program, one function each. */
#include "emit/emit.h"

#include <stdlib.h>
#include <string.h>

#include "emit/parts.h"

struct files {
    struct arena *arena;
    const struct plan *plan;
    struct emitted_files *out;
};

void
emit_banner(struct cwriter *w, const struct plan *plan, const char *what)
{
    cw_comment(w, "%s of %s. Made by mapc: change the map, not this file.",
               what, plan->name);
}

static void
keep(struct files *f, const char *name, const struct cwriter *w)
{
    struct emitted file = { name, w->out.at, w->out.n };

    vec_push(f->arena, &f->out->files, file);
}

static void
guard_open(struct cwriter *w, const char *name)
{
    struct buf b;

    buf_init(&b, w->out.arena);
    for (; *name != '\0'; name++)
        buf_char(&b, *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A')
                                                  : *name);
    cw_line(w, "#ifndef %s_H", b.at);
    cw_line(w, "#define %s_H", b.at);
    cw_blank(w);
}

/* Tables are filled into lines; clang-format would make a line of each
 * number. */
static void
emit_filled(struct cwriter *w, bool begins)
{
    cw_line(w, "/* clang-format %s */", begins ? "off" : "on");
    if (!begins)
        cw_blank(w);
}

/* --- maps --- */

static void
map_header(struct files *f, const struct pmap *map)
{
    struct cwriter w;

    cw_init(&w, f->arena);
    emit_banner(&w, f->plan,
                arena_printf(f->arena, "Records of map %s", map->name));
    guard_open(&w, map->c_name);
    cw_line(&w, "#include \"mr/gen.h\"");
    cw_blank(&w);
    emit_map_header(&w, map);
    cw_blank(&w);
    cw_line(&w, "#endif");
    keep(f, arena_printf(f->arena, "%s.h", map->c_name), &w);
}

static void
map_source(struct files *f, const struct pmap *map)
{
    struct cwriter w;

    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, arena_printf(f->arena, "Map %s", map->name));
    cw_line(&w, "#include \"%s.h\"", map->c_name);
    cw_blank(&w);
    if (f->plan->codes.n > 0)
        cw_line(&w, "#include \"codes.h\"");
    if (f->plan->functions.n > 0)
        cw_line(&w, "#include \"functions.h\"");
    if (f->plan->codes.n + f->plan->functions.n > 0)
        cw_blank(&w);
    cw_comment(&w, "--- records on the wire ---");
    cw_blank(&w);
    emit_filled(&w, true);
    emit_shapes(&w, map);
    emit_docs(&w, map);
    emit_filled(&w, false);
    cw_comment(&w, "--- what rules read and write ---");
    cw_blank(&w);
    emit_rule_tables(&w, map);
    emit_filled(&w, true);
    emit_target_lists(&w, map);
    emit_filled(&w, false);
    cw_comment(&w, "--- rules ---");
    cw_blank(&w);
    emit_rules(&w, map);
    cw_comment(&w, "--- directions ---");
    cw_blank(&w);
    emit_flows(&w, map);
    if (map->repl != NULL)
        emit_repl(&w, map);
    emit_map_table(&w, map);
    keep(f, arena_printf(f->arena, "%s.c", map->c_name), &w);
}

/* --- what maps share --- */

static void
codes_files(struct files *f)
{
    struct cwriter w;

    if (f->plan->codes.n == 0)
        return;
    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, "Code tables");
    guard_open(&w, "codes");
    cw_line(&w, "#include \"mr/gen.h\"");
    cw_blank(&w);
    emit_codes_header(&w, f->plan);
    cw_blank(&w);
    cw_line(&w, "#endif");
    keep(f, "codes.h", &w);
    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, "Code tables");
    cw_line(&w, "#include \"codes.h\"");
    cw_blank(&w);
    emit_filled(&w, true);
    emit_codes(&w, f->plan);
    keep(f, "codes.c", &w);
}

static void
functions_files(struct files *f)
{
    struct cwriter w;

    if (f->plan->functions.n == 0)
        return;
    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, "Functions");
    guard_open(&w, "functions");
    cw_line(&w, "#include \"mr/gen.h\"");
    cw_blank(&w);
    emit_functions_header(&w, f->plan);
    cw_blank(&w);
    cw_line(&w, "#endif");
    keep(f, "functions.h", &w);
    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, "Functions");
    cw_line(&w, "#include \"functions.h\"");
    emit_functions(&w, f->plan);
    keep(f, "functions.c", &w);
}

static void
include_maps(struct cwriter *w, const struct plan *plan)
{
    cw_line(w, "#include \"mr/gen.h\"");
    cw_blank(w);
    for (size_t i = 0; i < plan->maps.n; i++)
        cw_line(w, "#include \"%s.h\"", plan->maps.at[i]->c_name);
    if (plan->maps.n > 0)
        cw_blank(w);
}

static void
tests_file(struct files *f)
{
    struct cwriter w;

    if (f->plan->tests.n == 0)
        return;
    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, "Tests");
    include_maps(&w, f->plan);
    cw_line(&w, "extern const struct mr_test *const tests[%zu];",
            f->plan->tests.n);
    cw_blank(&w);
    emit_tests(&w, f->plan);
    keep(f, "tests.c", &w);
}

/* --- the program --- */

static void
emit_sources(struct cwriter *w, const struct plan *plan)
{
    if (plan->sources.n == 0)
        return;
    cw_open(w, "static const struct mr_source sources[] =");
    for (size_t i = 0; i < plan->sources.n; i++) {
        cw_row(w);
        cw_row_add(w, "%s",
                   cw_quote(w->out.arena, plan->sources.at[i].name));
        cw_row_add(w, "0x%016llx",
                   (unsigned long long)plan->sources.at[i].hash);
        cw_row_end(w);
    }
    cw_close(w, ";");
    cw_blank(w);
}

static bool
replicates(const struct plan *plan)
{
    for (size_t i = 0; i < plan->maps.n; i++)
        if (plan->maps.at[i]->repl != NULL)
            return true;
    return false;
}

/* The tables of commands, by what they do. */
static const char *
commands(const struct plan *plan)
{
    bool replicated = replicates(plan);

    if (plan->calls.n > 0)
        return replicated ? "mr_replication_and_calls" : "mr_calls";
    return replicated ? "mr_replication" : NULL;
}

void
emit_program_table(struct cwriter *w, const struct plan *plan,
                   const char *version)
{
    size_t n_maps = 0;

    for (size_t i = 0; i < plan->maps.n; i++)
        n_maps += !plan->maps.at[i]->half;
    if (n_maps > 0) {
        cw_open(w, "static const struct mr_map *const maps[] =");
        for (size_t i = 0; i < plan->maps.n; i++)
            if (!plan->maps.at[i]->half)
                cw_line(w, "&map_%s,", plan->maps.at[i]->c_name);
        cw_close(w, ";");
        cw_blank(w);
    }
    emit_calls(w, plan);
    emit_sources(w, plan);
    emit_facts(w, plan);
    if (plan->tests.n > 0) {
        cw_line(w, "extern const struct mr_test *const tests[%zu];",
                plan->tests.n);
        cw_blank(w);
    }
    cw_line(w, "extern const struct mr_program mapc_program;");
    cw_blank(w);
    cw_open(w, "const struct mr_program mapc_program =");
    cw_field_string(w, "deployment", plan->name);
    cw_field_string(w, "compiler", version);
    if (n_maps > 0)
        cw_line(w, ".maps = maps,");
    cw_line(w, ".n_maps = %zu,", n_maps);
    if (plan->calls.n > 0) {
        cw_line(w, ".calls = calls,");
        cw_line(w, ".n_calls = %zu,", plan->calls.n);
    }
    if (plan->sources.n > 0)
        cw_line(w, ".sources = sources,");
    cw_line(w, ".n_sources = %zu,", plan->sources.n);
    if (plan->tests.n > 0)
        cw_line(w, ".tests = tests,");
    cw_line(w, ".n_tests = %zu,", plan->tests.n);
    if (plan->relied.n > 0) {
        cw_line(w, ".relied = relied,");
        cw_line(w, ".n_relied = %zu,", plan->relied.n);
    }
    if (commands(plan) != NULL)
        cw_line(w, ".commands = &%s,", commands(plan));
    cw_close(w, ";");
}

/* Its facts do, and messages whose severities have words of their own. */
static bool
program_uses_codes(const struct plan *plan)
{
    bool uses = plan->codes.n > 0 && plan->relied.n > 0;

    for (size_t i = 0; i < plan->calls.n; i++)
        for (size_t k = 0; k < plan->calls.at[i]->messages.n; k++)
            uses |= plan->calls.at[i]->messages.at[k].severities != NULL;
    return uses;
}

static void
program_files(struct files *f, const char *version)
{
    struct cwriter w;

    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, "The tables");
    include_maps(&w, f->plan);
    if (program_uses_codes(f->plan)) {
        cw_line(&w, "#include \"codes.h\"");
        cw_blank(&w);
    }
    emit_program_table(&w, f->plan, version);
    keep(f, "program.c", &w);
    cw_init(&w, f->arena);
    emit_banner(&w, f->plan, "The program");
    cw_line(&w, "#include \"mr/gen.h\"");
    cw_blank(&w);
    cw_line(&w, "extern const struct mr_program mapc_program;");
    cw_blank(&w);
    cw_line(&w, "int");
    cw_line(&w, "main(int argc, char **argv)");
    cw_open(&w, "%s", "");
    cw_line(&w, "return mr_main(argc, argv, &mapc_program);");
    cw_close(&w, "");
    keep(f, "main.c", &w);
}

static int
by_name(const void *a, const void *b)
{
    const struct emitted *x = a, *y = b;

    return strcmp(x->name, y->name);
}

void
emit_program(struct arena *a, const struct plan *plan, const char *version,
             struct emitted_files *out)
{
    struct files f = { a, plan, out };

    for (size_t i = 0; i < plan->maps.n; i++) {
        map_header(&f, plan->maps.at[i]);
        map_source(&f, plan->maps.at[i]);
    }
    codes_files(&f);
    functions_files(&f);
    tests_file(&f);
    program_files(&f, version);
    qsort(out->files.at, out->files.n, sizeof out->files.at[0], by_name);
}
