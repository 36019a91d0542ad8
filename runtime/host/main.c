/* SPDX-License-Identifier: Apache-2.0 */
/* The whole program around a deployment: which command is wanted. */
#include "host/host.h"

#include <errno.h>
#include <signal.h>

static const struct host_command commands[] = {
    { "map", "map documents from one system to the other", host_map },
    { "about", "what this program was made from", host_about },
    { "selftest", "run the tests and round trips compiled in",
      host_selftest },
    { "certificate", "what two-way rules promise, with examples",
      host_certificate },
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

/* Command i of all, those of the deployment behind those that each has. */
static const struct host_command *
command(const struct host *h, size_t i)
{
    const struct mr_commands *more = h->program->commands;

    if (i < N_COMMANDS)
        return &commands[i];
    i -= N_COMMANDS;
    return more != NULL && i < more->n ? &more->list[i] : NULL;
}

static void
usage(const struct host *h, FILE *out)
{
    const struct host_command *c;

    fprintf(out, "%s: maps of %s\n\nusage: %s COMMAND [OPTION…]\n\n", h->name,
            h->program->deployment, h->name);
    for (size_t i = 0; (c = command(h, i)) != NULL; i++)
        fprintf(out, "  %-12s %s\n", c->name, c->help);
    fprintf(out,
            "\n`%s COMMAND --help` says more. Exit codes: 0 all documents "
            "mapped,\n1 some parked or rejected, 2 wrong usage, 3 some input "
            "refused, 4 output\nnot written, 5 self-test %s70 memory "
            "ran out.\n", h->name,
            h->program->commands == NULL ? "failed, " :
            "or check failed, 6 store in use,\n");
}

static int
unknown(const struct host *h, const char *name)
{
    const struct host_command *c;
    const char *best = NULL;

    for (size_t i = 0; (c = command(h, i)) != NULL && best == NULL; i++)
        best = host_closest(name, &c->name, 1);
    fprintf(stderr, "%s: there is no command %s", h->name, name);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fprintf(stderr, "\nTry `%s --help`.\n", h->name);
    return HOST_USAGE;
}

static int
run(const struct host *h, int argc, char **argv)
{
    const struct host_command *c;

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
    for (size_t i = 0; (c = command(h, i)) != NULL; i++)
        if (strcmp(c->name, argv[1]) == 0)
            return c->run(h, argc - 2, argv + 2);
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
    errno = 0;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "%s: standard output: %s\n", h.name,
                errno != 0 ? strerror(errno) : "it could not be written");
        return code == HOST_OK ? HOST_OUTPUT : code;
    }
    return code;
}
