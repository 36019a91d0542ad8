/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C identifiers. Two names that would become one are told apart by a number,
 * in the order in which they are asked for, so the same program gives the same
 * names.
 */
#include "plan/cname.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

/* Keywords of C11 and what the headers of the C library and of the runtime
 * make of common words. */
static const char *const reserved[] = {
    "auto", "break", "case", "char", "const", "continue", "default", "do",
    "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline",
    "int", "long", "register", "restrict", "return", "short", "signed",
    "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned",
    "void", "volatile", "while", "asm", "typeof", "bool", "true", "false",
    "main", "linux", "unix", "errno", "stdin", "stdout", "stderr", "NULL",
    "EOF", "offsetof", "cx", "at", "frame", "from", "to", "v", "i", "check",
    "row", "value"
};

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (strcmp(reserved[i], name) == 0)
            return true;
    return false;
}

static const char *
unique(struct cscope *scope, const char *name)
{
    const char *try = intern_text(scope->names, name);

    for (unsigned n = 2; table_find(&scope->taken, try) != NULL; n++)
        try = intern_text(scope->names,
                          arena_printf(scope->arena, "%s_%u", name, n));
    table_put(scope->arena, &scope->taken, try, (void *)try);
    return try;
}

/* "@odata.type" => "odata_type", "1st" => "n1st", "int" => "int_" */
static const char *
clean(struct arena *a, const char *name)
{
    struct buf b;

    buf_init(&b, a);
    while (*name != '\0' && !is_letter(*name) && !is_digit(*name))
        name++;
    if (is_digit(*name) || *name == '\0')
        buf_char(&b, 'n');
    for (; *name != '\0'; name++) {
        if (is_letter(*name) || is_digit(*name))
            buf_char(&b, *name);
        else if (b.at[b.n - 1] != '_')
            buf_char(&b, '_');
    }
    if (is_reserved(b.at))
        buf_char(&b, '_');
    return b.at;
}

const char *
cname_make(struct cscope *scope, const char *fmt, ...)
{
    va_list args;
    const char *name;

    va_start(args, fmt);
    name = arena_vprintf(scope->arena, fmt, args);
    va_end(args);
    return unique(scope, clean(scope->arena, name));
}

const char *
cname_make_lower(struct cscope *scope, const char *name)
{
    struct buf b;

    buf_init(&b, scope->arena);
    name = clean(scope->arena, name);
    for (const char *p = name; *p != '\0'; p++) {
        bool upper = *p >= 'A' && *p <= 'Z';

        if (upper && p > name && p[-1] >= 'a' && p[-1] <= 'z')
            buf_char(&b, '_');
        buf_char(&b, upper ? (char)(*p - 'A' + 'a') : *p);
    }
    return unique(scope, clean(scope->arena, b.at));
}
