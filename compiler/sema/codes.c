/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code tables: rows written in place or read from a file, and whether each way
 * through the table is unambiguous. Whether a table fits the fields is checked
 * where it is used.
 */
#include <errno.h>
#include <string.h>

#include "base/hash.h"
#include "sema/csv.h"
#include "sema/env.h"
#include "sema/paths.h"

struct columns {
    size_t left, right, way, context;       /* (size_t)-1: not there */
};

enum { NOT_THERE = -1 };

static const char *
literal_text(struct env *env, const struct expr *e, const char *what)
{
    if (e->kind == EXPR_TEXT)
        return e->u.text;
    struct diag *d = diag_add(env->diags, DIAG_CODE_NOT_TEXT, e->at,
                              "%s of a code table is a text", what);
    diag_note(d, NOTE_HELP, "write it in quotes: \"01\"");
    return "";
}

struct tcode
codes_row_of(struct env *env, const struct codes_row *row)
{
    struct tcode code = { .arrow = row->arrow, .at = row->at };

    if (row->context != NULL)
        code.context = literal_text(env, row->context, "the context");
    code.left = literal_text(env, row->left, "the left value");
    code.right = literal_text(env, row->right, "the right value");
    return code;
}

static void
rows_in_place(struct env *env, struct tcodes *t, const struct codes_item *item)
{
    for (size_t i = 0; i < item->rows.n; i++) {
        struct tcode code = codes_row_of(env, item->rows.at[i]);

        t->context |= code.context != NULL;
        vec_push(env->arena, &t->rows, code);
    }
    for (size_t i = 0; i < t->rows.n; i++)
        if (t->context && t->rows.at[i].context == NULL)
            diag_add(env->diags, DIAG_CODE_CONTEXT, t->rows.at[i].at,
                     "this row has no context, other rows of codes %s have one",
                     t->name);
}

/* --- from a file --- */

static bool
read_header(struct env *env, struct tcodes *t, const struct csv_row *row,
            struct columns *c)
{
    *c = (struct columns){ (size_t)NOT_THERE, (size_t)NOT_THERE,
                           (size_t)NOT_THERE, (size_t)NOT_THERE };
    for (size_t i = 0; i < row->cells.n; i++) {
        const char *name = row->cells.at[i];

        if (strcmp(name, "way") == 0) {
            c->way = i;
        } else if (strcmp(name, "context") == 0) {
            c->context = i;
            t->context = true;
        } else if (strcmp(name, "remark") == 0) {
            continue;
        } else if (c->left == (size_t)NOT_THERE) {
            c->left = i;
            t->systems[LEFT] = intern_text(env->names, name);
        } else if (c->right == (size_t)NOT_THERE) {
            c->right = i;
            t->systems[RIGHT] = intern_text(env->names, name);
        } else {
            diag_add(env->diags, DIAG_CODE_COLUMNS, row->at,
                     "column \"%s\" is one too many: a table has two systems",
                     name);
            return false;
        }
    }
    if (c->right != (size_t)NOT_THERE)
        return true;
    struct diag *d = diag_add(env->diags, DIAG_CODE_COLUMNS, row->at,
                              "the first line has to name two systems");
    diag_note(d, NOTE_HELP, row->cells.n == 1 &&
              strchr(row->cells.at[0], ';') != NULL
              ? "separate by commas, not by semicolons"
              : "for example: cloud,erp,way,remark");
    return false;
}

static const char *
cell(const struct csv_row *row, size_t i)
{
    return i < row->cells.n ? row->cells.at[i] : "";
}

static enum arrow
row_way(struct env *env, const struct csv_row *row, const struct columns *c)
{
    const char *way =
        c->way == (size_t)NOT_THERE ? "<->" : cell(row, c->way);

    if (strcmp(way, "<->") == 0 || *way == '\0')
        return ARROW_BOTH;
    if (strcmp(way, "->") == 0)
        return ARROW_RIGHT;
    if (strcmp(way, "<-") == 0)
        return ARROW_LEFT;
    diag_add(env->diags, DIAG_BAD_CSV, row->at,
             "\"%s\" is no way: <->, -> or <-", way);
    return ARROW_BOTH;
}

static void
rows_of_file(struct env *env, struct tcodes *t, const struct codes_item *item)
{
    const struct source *src = source_load(env->sources, t->path);

    if (src == NULL) {
        struct diag *d = diag_add(env->diags, DIAG_FILE_UNREADABLE,
                                  item->file_at, "the file \"%s\" can't be "
                                  "read: %s", item->file, strerror(errno));
        diag_note(d, NOTE_HELP, "the path is relative to this map's folder; "
                  "looked for %s", t->path);
        return;
    }
    t->hash = hash_fnv1a(src->bytes, src->n);
    size_t before = diags_errors(env->diags);
    csv_rows rows = csv_read(env->arena, env->diags, src);
    struct columns c;
    if (rows.n == 0 && diags_errors(env->diags) > before)
        return;
    if (rows.n == 0) {
        diag_add(env->diags, DIAG_CODE_COLUMNS, item->file_at,
                 "the file \"%s\" is empty", item->file);
        return;
    }
    if (!read_header(env, t, &rows.at[0], &c))
        return;
    for (size_t i = 1; i < rows.n; i++) {
        const struct csv_row *row = &rows.at[i];
        struct tcode code = {
            .left = cell(row, c.left), .right = cell(row, c.right),
            .arrow = row_way(env, row, &c), .at = row->at
        };

        if (row->cells.n > rows.at[0].cells.n)
            diag_add(env->diags, DIAG_BAD_CSV, row->at, "%zu values, but the "
                     "first line names %zu columns", row->cells.n,
                     rows.at[0].cells.n);
        if (c.context != (size_t)NOT_THERE)
            code.context = cell(row, c.context);
        vec_push(env->arena, &t->rows, code);
    }
}

/* --- one meaning for each value --- */

static bool
goes(const struct tcode *row, enum side to)
{
    return row->arrow == ARROW_BOTH ||
           row->arrow == (to == RIGHT ? ARROW_RIGHT : ARROW_LEFT);
}

static void
check_unique(struct env *env, const struct tcodes *t, enum side to)
{
    struct table seen = { 0 };

    for (size_t i = 0; i < t->rows.n; i++) {
        struct tcode *row = &t->rows.at[i];
        const char *from = to == RIGHT ? row->left : row->right;

        if (!goes(row, to))
            continue;
        const char *key = row->context == NULL ? from
            : arena_printf(env->arena, "%s\x1f%s", row->context, from);
        struct tcode *first =
            table_put(env->arena, &seen, intern_text(env->names, key), row);
        if (first == NULL)
            continue;
        struct diag *d = diag_add(env->diags, DIAG_CODE_TWICE, row->at,
            "codes %s says two things about \"%s\" on the way to the %s",
            t->name, from, to == RIGHT ? "right" : "left");
        diag_label(d, first->at, "first here");
        diag_note(d, NOTE_HELP, "let one of the rows go the other way only: "
                  "\"%s\" %s \"%s\"", row->left, to == RIGHT ? "<-" : "->",
                  row->right);
    }
}

/* Rows of a table that is too large are not looked at. */
static void
check_size(struct env *env, struct tcodes *t)
{
    enum { ROWS_MAX = 65534 };  /* what a compiled look-up holds */

    if (t->rows.n <= ROWS_MAX)
        return;
    diag_add(env->diags, DIAG_TOO_MANY_CODES, t->at,
             "codes %s has %zu rows; a table has at most %d", t->name,
             t->rows.n, ROWS_MAX);
    t->rows.n = 0;
}

struct tcodes *
codes_declare(struct env *env, const struct codes_item *item,
              const char *map_path)
{
    struct tcodes *t = arena_alloc(env->arena, sizeof *t);

    size_t before = diags_errors(env->diags);

    t->name = item->name.text;
    t->at = item->name.at;
    t->fate = item->fate;
    t->final = item->final;
    t->rank = env->rank;
    t->file = item->file;
    t->systems[LEFT] = item->left.text;
    t->systems[RIGHT] = item->right.text;
    if (item->file != NULL) {
        t->path = path_beside(env->arena, map_path, item->file);
        rows_of_file(env, t, item);
    } else {
        rows_in_place(env, t, item);
    }
    check_size(env, t);
    t->broken = diags_errors(env->diags) > before;
    check_unique(env, t, RIGHT);
    check_unique(env, t, LEFT);
    return t;
}

void
codes_check(struct env *env, struct tcodes *t)
{
    check_size(env, t);
    check_unique(env, t, RIGHT);
    check_unique(env, t, LEFT);
}

/* --- by name --- */

static const char *
declared_codes(const void *env, size_t i)
{
    return ((const struct env *)env)->codes_names.at[i];
}

struct tcodes *
codes_named(struct env *env, struct name name)
{
    struct tcodes *codes = table_find(&env->codes, name.text);
    const char *near;
    struct diag *d;

    if (codes != NULL)
        return codes;
    near = closest_name(name.text, declared_codes, env, env->codes_names.n);
    if (near == NULL && env->damaged)
        return NULL;
    d = diag_add(env->diags, DIAG_UNKNOWN_CODES, name.at,
                 "there is no code table %s", name.text);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    else
        diag_note(d, NOTE_HELP, "declare it: codes %s { … }, or codes %s "
                  "from \"file.csv\"", name.text, name.text);
    return NULL;
}

void
codes_use(struct env *env, struct tcodes *codes)
{
    if (codes->used)
        return;
    codes->used = true;
    vec_push(env->arena, &env->program->codes, codes);
}
