/* SPDX-License-Identifier: Apache-2.0 */
/* The whole program around a deployment: which command is wanted. */
#include "host/host.h"

#include <errno.h>
#include <signal.h>

static const struct command {
    const char *name;
    const char *help;
    int (*run)(const struct host *h, int argc, char **argv);
} commands[] = {
    { "map", "map documents from one system to the other", host_map },
    { "about", "what this program was made from", host_about },
    { "selftest", "run the tests and round trips compiled in",
      host_selftest },
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static void
usage(const struct host *h, FILE *out)
{
    fprintf(out, "%s: maps of %s\n\nusage: %s COMMAND [OPTION…]\n\n", h->name,
            h->program->deployment, h->name);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
    fprintf(out,
            "\n`%s COMMAND --help` says more. Exit codes: 0 all documents "
            "mapped,\n1 some parked or rejected, 2 wrong usage, 3 some input "
            "refused, 4 output\nnot written, 5 self-test failed, 70 memory "
            "ran out.\n", h->name);
}

static int
unknown(const struct host *h, const char *name)
{
    const char *names[N_COMMANDS];
    const char *best;

    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i].name;
    best = host_closest(name, names, N_COMMANDS);
    fprintf(stderr, "%s: there is no command %s", h->name, name);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fprintf(stderr, "\nTry `%s --help`.\n", h->name);
    return HOST_USAGE;
}

static int
run(const struct host *h, int argc, char **argv)
{
    if (argc < 2) {
        usage(h, stderr);
        return HOST_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(h, stdout);
        return HOST_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("%s (%s)\n", h->program->deployment, h->program->compiler);
        return HOST_OK;
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].name, argv[1]) == 0)
            return commands[i].run(h, argc - 2, argv + 2);
    return unknown(h, argv[1]);
}

int
mr_main(int argc, char **argv, const struct mr_program *program)
{
    struct host h = { program, "program" };
    int code;

    if (argc > 0) {
        const char *slash = strrchr(argv[0], '/');

        h.name = slash != NULL ? slash + 1 : argv[0];
    }
    /* A closed pipe is an error of write, with a message and an exit code. */
    signal(SIGPIPE, SIG_IGN);
    code = run(&h, argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "%s: standard output: %s\n", h.name, strerror(errno));
        return code == HOST_OK ? HOST_OUTPUT : code;
    }
    return code;
}
