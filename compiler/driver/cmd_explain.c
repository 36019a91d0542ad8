/* SPDX-License-Identifier: Apache-2.0 */
/* mapc explain: more about a finding, or about a function of the library. */
#include <stdio.h>
#include <string.h>

#include "driver/commands.h"
#include "sema/native.h"
#include "sema/stdlib.h"

static enum mapc_exit
explain_code(enum diag_code code)
{
    printf("%s: %s\n\n%s\n", diag_number(code), diag_title(code),
           diag_more(code));
    return MAPC_OK;
}

static enum mapc_exit
list_codes(void)
{
    for (int code = 0; code < DIAG_COUNT; code++)
        printf("%s  %-7s  %s\n", diag_number((enum diag_code)code),
               severity_name(diag_severity((enum diag_code)code)),
               diag_title((enum diag_code)code));
    return MAPC_OK;
}

static enum mapc_exit
list_library(void)
{
    size_t n;
    const struct native *natives = native_list(&n);

    for (size_t i = 0; i < n; i++)
        printf("%-16s %-10s %s\n", natives[i].name,
               natives[i].back == BACK_NONE ? "one way"
               : natives[i].back == BACK_CANONICAL ? "canonical" : "both ways",
               natives[i].domain == NULL ? "" : natives[i].domain);
    puts("\n`mapc explain NAME` shows examples.");
    return MAPC_OK;
}

/* The end of the line at p. */
static const char *
line_end(const char *p)
{
    return p + strcspn(p, "\n");
}

/* Does this heading line of the library's text name it? `-- alpha(n): …` */
static bool
names(const char *line, const char *name)
{
    size_t n = strlen(name);

    return strncmp(line, "-- ", 3) == 0 && strncmp(line + 3, name, n) == 0 &&
           strchr("(: \n", line[3 + n]) != NULL;
}

/* The comment block that starts with its name, without the dashes. */
static bool
print_words(const char *text, const char *name)
{
    for (const char *p = text; *p != '\0';) {
        const char *end = line_end(p);

        if (names(p, name)) {
            for (; strncmp(p, "--", 2) == 0; p = end + (*end != '\0')) {
                end = line_end(p);
                p += p[2] == ' ' ? 3 : 2;
                printf("%.*s\n", (int)(end - p), p);
            }
            return true;
        }
        p = end + (*end != '\0');
    }
    return false;
}

static enum mapc_exit
explain_name(const char *name)
{
    for (const struct stdlib_file *f = stdlib_files; f->name != NULL; f++)
        if (print_words(f->text, name))
            return MAPC_OK;
    fprintf(stderr, "mapc explain: neither a finding nor a library function: "
            "%s\n", name);
    fputs("`mapc explain --list` lists the findings, `mapc explain stdlib` the "
          "library.\n", stderr);
    return MAPC_USAGE;
}

enum mapc_exit
command_explain(struct session *s, int argc, char **argv)
{
    bool list = false;
    const struct option options[] = {
        { "--list", "-l", OPTION_FLAG, NULL, "all findings", &list, NULL,
          NULL },
        { "--help", "-h", OPTION_FLAG, NULL, "this text", &s->help, NULL,
          NULL },
    };

    if (!options_parse(s->arena, "explain", argc, argv, options, 2, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc explain M0301 | NAME | stdlib | --list\n\nSays what "
             "a finding means, or shows a function of the library.\n");
        options_help(options, 2);
        return MAPC_OK;
    }
    if (list)
        return list_codes();
    if (s->files.n != 1) {
        fputs("mapc explain: what? For example: mapc explain M0303\n", stderr);
        return MAPC_USAGE;
    }
    enum diag_code code = diag_by_number(s->files.at[0]);
    if (code != DIAG_COUNT)
        return explain_code(code);
    if (strcmp(s->files.at[0], "stdlib") == 0)
        return list_library();
    return explain_name(s->files.at[0]);
}
