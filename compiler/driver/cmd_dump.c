/* SPDX-License-Identifier: Apache-2.0 */
/* mapc dump: what the compiler made of a file, as stable text. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/commands.h"
#include "plan/plan.h"
#include "syntax/ast_dump.h"
#include "syntax/parse.h"

static void
dump_ast(struct session *s, const char *path, struct buf *out)
{
    const struct source *src = source_load(s->sources, path);

    if (src == NULL) {
        struct span nowhere = { 0, 0, 0 };
        diag_add(s->diags, DIAG_FILE_UNREADABLE, nowhere,
                 "the file \"%s\" can't be read: %s", path, strerror(errno));
        return;
    }
    ast_dump(out, parse_source(s->arena, s->names, s->diags, src));
}

static void
dump_schema(struct session *s, const char *path, struct buf *out)
{
    struct span nowhere = { 0, 0, 0 };
    struct schema *schema = schema_import(s->arena, s->names, s->diags,
                                          s->sources, path, nowhere);

    if (schema != NULL)
        schema_dump(schema, out);
}

static void
dump_plan(struct session *s, const char *path, struct buf *out)
{
    struct tprogram *program = session_check(s, path);

    if (diags_errors(s->diags) == 0) {
        struct plan *plan = plan_lower(s->arena, s->diags, program);

        if (diags_errors(s->diags) == 0)
            plan_dump(plan, out);
    }
}

static const struct {
    const char *name;
    void (*dump)(struct session *s, const char *path, struct buf *out);
} dumps[] = {
    { "ast", dump_ast }, { "schema", dump_schema }, { "plan", dump_plan },
};

enum { N_DUMPS = sizeof dumps / sizeof dumps[0] };

enum mapc_exit
command_dump(struct session *s, int argc, char **argv)
{
    struct option options[SESSION_OPTIONS];
    struct buf out;

    session_options(s, options);
    if (!options_parse(s->arena, "dump", argc, argv, options, SESSION_OPTIONS,
                       &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc dump ast|schema|plan [OPTION…] FILE\n\nShows a map's "
             "parse tree, a schema as it was imported, or a program's plan.\n");
        options_help(options, SESSION_OPTIONS);
        return MAPC_OK;
    }
    if (!session_ready(s, "dump"))
        return MAPC_USAGE;
    if (s->files.n != 2) {
        fputs("mapc dump: what of which file? For example: mapc dump schema "
              "c4c.edmx\n", stderr);
        return MAPC_USAGE;
    }
    for (size_t i = 0; i < N_DUMPS; i++) {
        if (strcmp(dumps[i].name, s->files.at[0]) != 0)
            continue;
        buf_init(&out, s->arena);
        dumps[i].dump(s, s->files.at[1], &out);
        fwrite(out.at, 1, out.n, stdout);
        return session_report(s, stderr);
    }
    fprintf(stderr, "mapc dump: %s is none of ast, schema, plan\n",
            s->files.at[0]);
    return MAPC_USAGE;
}
