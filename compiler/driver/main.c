/* SPDX-License-Identifier: Apache-2.0 */
/* mapc: which command is wanted. */
#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "driver/commands.h"
#include "driver/version.h"

static const struct command commands[] = {
    { "check", "check maps, tables and schemas; make nothing", command_check },
    { "build", "make a program (or its C) of a map or deployment",
      command_build },
    { "test", "run the tests in maps", command_test },
    { "prove", "say what two-way rules promise, with examples",
      command_prove },
    { "fmt", "align the columns of maps", command_fmt },
    { "explain", "say more about a finding or a library function",
      command_explain },
    { "dump", "show what mapc makes of a file: ast, schema, plan",
      command_dump },
    { "resolve", "show what layers add up to, and who says what",
      command_resolve },
    { "lock", "write down which packages are used, to the byte",
      command_lock },
    { "upgrade", "say what a new version of a package changes",
      command_upgrade },
    { "sandbox", "serve the systems of a deployment to try its maps on",
      command_sandbox },
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static void
usage(FILE *out)
{
    fputs("mapc checks maps between systems and makes programs of them.\n\n"
          "usage: mapc COMMAND [OPTION…] FILE…\n\n", out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
    fputs("\n`mapc COMMAND --help` says more. Exit codes: 0 all well, 1 "
          "findings,\n2 wrong usage, 3 the C compiler failed, 4 a file could "
          "not be read or\nwritten, 70 a mistake in mapc.\n", out);
}

static int
unknown_command(const char *name)
{
    const char *best = NULL;
    int limit = 25;

    for (size_t i = 0; i < N_COMMANDS; i++) {
        int d = name_distance(name, commands[i].name, limit);

        if (d <= limit) {
            best = commands[i].name;
            limit = d - 1;
        }
    }
    fprintf(stderr, "mapc: there is no command %s", name);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputs("\nTry `mapc --help`.\n", stderr);
    return MAPC_USAGE;
}

static int
run_command(const struct command *command, int argc, char **argv)
{
    struct session s;

    session_init(&s);
    int code = (int)command->run(&s, argc, argv);
    session_done(&s);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("mapc: standard output");
        return MAPC_UNWRITTEN;
    }
    return code;
}

int
main(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return MAPC_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return MAPC_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts(MAPC_VERSION_TEXT);
        return MAPC_OK;
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].name, argv[1]) == 0)
            return run_command(&commands[i], argc - 2, argv + 2);
    return unknown_command(argv[1]);
}
