/* SPDX-License-Identifier: Apache-2.0 */
/* mapc fmt: maps in their canonical form, in place. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/commands.h"
#include "syntax/fmt.h"
#include "syntax/parse.h"

static bool
unwritten(const char *path)
{
    fprintf(stderr, "mapc fmt: %s: %s\n", path, strerror(errno));
    return false;
}

/* Beside the old file and renamed over it, so that it is never half there. */
static bool
replace_file(struct session *s, const char *path, const char *text, size_t n)
{
    char *temporary = arena_printf(s->arena, "%s.XXXXXX", path);
    int fd = mkstemp(temporary);
    struct stat old;

    if (fd < 0)
        return unwritten(temporary);
    FILE *out = fdopen(fd, "wb");
    if (out == NULL) {
        close(fd);
        unlink(temporary);
        return unwritten(temporary);
    }
    if (stat(path, &old) == 0)
        (void)!fchmod(fd, old.st_mode & 07777);
    bool written = fwrite(text, 1, n, out) == n;
    written = fclose(out) == 0 && written;
    if (written && rename(temporary, path) == 0)
        return true;
    unwritten(path);
    unlink(temporary);
    return false;
}

struct fmt_options {
    bool check, to_stdout;
};

static enum mapc_exit
fmt_one(struct session *s, const char *path, const struct fmt_options *options)
{
    const struct source *src = source_load(s->sources, path);
    size_t before = diags_errors(s->diags);
    size_t n;

    if (src == NULL) {
        unwritten(path);
        return MAPC_UNWRITTEN;
    }
    struct file *file = parse_source(s->arena, s->names, s->diags, src);
    if (diags_errors(s->diags) != before)
        return MAPC_FINDINGS;
    char *text = fmt_file(s->arena, file, &n);
    bool same = n == src->n && memcmp(text, src->bytes, n) == 0;
    if (options->to_stdout) {
        fwrite(text, 1, n, stdout);
        return MAPC_OK;
    }
    if (same)
        return MAPC_OK;
    puts(path);
    if (options->check)
        return MAPC_FINDINGS;
    return replace_file(s, path, text, n) ? MAPC_OK : MAPC_UNWRITTEN;
}

enum mapc_exit
command_fmt(struct session *s, int argc, char **argv)
{
    struct fmt_options fmt = { false, false };
    struct option options[SESSION_OPTIONS + 2] = {
        { "--check", NULL, OPTION_FLAG, NULL,
          "change nothing; name the files that would change, exit with 1",
          &fmt.check, NULL, NULL },
        { "--stdout", NULL, OPTION_FLAG, NULL,
          "to standard output instead of in place", &fmt.to_stdout, NULL,
          NULL },
    };
    enum mapc_exit worst = MAPC_OK;

    session_options(s, options + 2);
    if (!options_parse(s->arena, "fmt", argc, argv, options,
                       SESSION_OPTIONS + 2, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc fmt [OPTION…] FILE…\n\nAligns the columns of maps in "
             "place and names the files that it changed.\nA file with errors "
             "stays as it is.\n");
        options_help(options, SESSION_OPTIONS + 2);
        return MAPC_OK;
    }
    if (!session_ready(s, "fmt"))
        return MAPC_USAGE;
    if (s->files.n == 0) {
        fputs("mapc fmt: which file?\n", stderr);
        return MAPC_USAGE;
    }
    for (size_t i = 0; i < s->files.n; i++) {
        enum mapc_exit code = fmt_one(s, s->files.at[i], &fmt);

        if (code > worst)
            worst = code;
    }
    session_report(s, stderr);
    return worst;
}
