/* SPDX-License-Identifier: Apache-2.0 */
/* mapc lock: writes down which packages a program is made of. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/commands.h"
#include "driver/lock.h"

/* Whole or not at all. */
static enum mapc_exit
write_lock(struct session *s, const char *path, const char *text)
{
    const char *new = arena_printf(s->arena, "%s.new", path);
    FILE *f = fopen(new, "wb");
    bool ok = f != NULL && fputs(text, f) >= 0;

    ok = f != NULL && fclose(f) == 0 && ok;
    ok = ok && rename(new, path) == 0;
    if (ok) {
        puts(path);
        return MAPC_OK;
    }
    fprintf(stderr, "mapc lock: %s: %s\n", path, strerror(errno));
    if (f != NULL)
        unlink(new);
    return MAPC_UNWRITTEN;
}

static enum mapc_exit
lock(struct session *s, const char *file)
{
    struct tprogram *program = session_load(s, file);
    const char *text;

    if (diags_errors(s->diags) > 0)
        return session_report(s, stderr);
    text = lock_text(s, program);
    if (text != NULL)
        return write_lock(s, lock_path(s, file), text);
    fprintf(stderr, "mapc lock: %s uses no package: no file says `package "
            "NAME version \"…\"`\n", file);
    return MAPC_FINDINGS;
}

enum mapc_exit
command_lock(struct session *s, int argc, char **argv)
{
    struct option options[SESSION_OPTIONS];

    session_options(s, options);
    if (!options_parse(s->arena, "lock", argc, argv, options,
                       SESSION_OPTIONS, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc lock [OPTION…] FILE\n\nWrites mapc.lock beside the "
             "file: the version of each package that it uses and\na SHA-256 "
             "of each of the package's files. From then on every command "
             "compares.\n");
        options_help(options, SESSION_OPTIONS);
        return MAPC_OK;
    }
    if (!session_ready(s, "lock"))
        return MAPC_USAGE;
    if (s->files.n != 1) {
        fputs("mapc lock: which file? One at a time\n", stderr);
        return MAPC_USAGE;
    }
    return lock(s, s->files.at[0]);
}
