/* SPDX-License-Identifier: Apache-2.0 */
/* What one run of mapc works with, and the steps that commands share. */
#include "driver/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/lock.h"

void
session_init(struct session *s)
{
    memset(s, 0, sizeof *s);
    s->arena = arena_new();
    s->names = names_new(s->arena);
    s->sources = sources_new(s->arena);
    s->diags = diags_new(s->arena);
    s->format = "text";
    s->color = "auto";
    s->most = "20";
}

void
session_done(struct session *s)
{
    arena_free(s->arena);
}

void
session_options(struct session *s, struct option *at)
{
    const struct option options[SESSION_OPTIONS] = {
        { "--include", "-I", OPTION_LIST, "DIR",
          "look for packages (use erp.master_data) in DIR, too", NULL, NULL,
          &s->folders },
        { "--format", NULL, OPTION_VALUE, "FORM",
          "findings as text or as json", NULL, &s->format, NULL },
        { "--color", NULL, OPTION_VALUE, "WHEN",
          "auto (on a terminal), always or never", NULL, &s->color, NULL },
        { "--max", NULL, OPTION_VALUE, "N",
          "show at most N findings (20); 0 shows all", NULL, &s->most, NULL },
        { "--help", "-h", OPTION_FLAG, NULL, "this text", &s->help, NULL,
          NULL },
    };

    memcpy(at, options, sizeof options);
}

static bool
one_of(const char *command, const char *option, const char *value,
       const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], value) == 0)
            return true;
    fprintf(stderr, "mapc %s: %s is one of:", command, option);
    for (size_t i = 0; words[i] != NULL; i++)
        fprintf(stderr, " %s", words[i]);
    fputc('\n', stderr);
    return false;
}

/* MAPC_PATH: folders separated by colons. */
static void
add_path(struct session *s, const char *path)
{
    while (path != NULL && *path != '\0') {
        const char *end = path + strcspn(path, ":");

        if (end > path)
            vec_push(s->arena, &s->folders,
                     arena_copy(s->arena, path, (size_t)(end - path)));
        path = *end == '\0' ? end : end + 1;
    }
}

const char *
session_home(struct session *s, const char *what)
{
    static const char *const beside[] = { "../..", "../share/mapc", ".." };
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    const char *home = getenv("MAPC_HOME");
    const char *path;

    if (home != NULL) {
        path = arena_printf(s->arena, "%s/%s", home, what);
        return access(path, R_OK) == 0 ? path : NULL;
    }
    if (n <= 0)
        return NULL;
    exe[n] = '\0';
    *strrchr(exe, '/') = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        path = arena_printf(s->arena, "%s/%s/%s", exe, beside[i], what);
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

bool
session_ready(struct session *s, const char *command)
{
    static const char *const formats[] = { "text", "json", NULL };
    static const char *const colors[] = { "auto", "always", "never", NULL };
    const char *own;

    if (!one_of(command, "--format", s->format, formats) ||
        !one_of(command, "--color", s->color, colors))
        return false;
    if (*s->most == '\0' || s->most[strspn(s->most, "0123456789")] != '\0') {
        fprintf(stderr, "mapc %s: --max takes a number\n", command);
        return false;
    }
    add_path(s, getenv("MAPC_PATH"));
    own = session_home(s, "mappings");
    if (own != NULL)
        vec_push(s->arena, &s->folders, own);
    vec_push(s->arena, &s->folders, (const char *)NULL);
    return true;
}

struct tprogram *
session_load(struct session *s, const char *path)
{
    struct check_input in = {
        .arena = s->arena, .names = s->names, .diags = s->diags,
        .sources = s->sources, .folders = s->folders.at
    };

    return check_program(&in, path);
}

struct tprogram *
session_check(struct session *s, const char *path)
{
    struct tprogram *p = session_load(s, path);

    lock_check(s, p, path);
    return p;
}

static bool
wants_color(const struct session *s, FILE *out)
{
    if (strcmp(s->color, "auto") != 0)
        return strcmp(s->color, "always") == 0;
    return isatty(fileno(out)) && getenv("NO_COLOR") == NULL;
}

enum mapc_exit
session_report(struct session *s, FILE *out)
{
    struct diag_style style = { wants_color(s, out),
                                strtoul(s->most, NULL, 10) };

    if (strcmp(s->format, "json") == 0)
        diags_print_json(s->diags, s->sources, out);
    else
        diags_print_text(s->diags, s->sources, style, out);
    return diags_errors(s->diags) > 0 ? MAPC_FINDINGS : MAPC_OK;
}
