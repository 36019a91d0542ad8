/* SPDX-License-Identifier: Apache-2.0 */
/* mapc build, mapc test and mapc prove: a program of a deployment, its own
 * tests, and what its two-way rules promise. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/build.h"
#include "driver/commands.h"

/* Lowered and verified; NULL after reporting. */
static struct plan *
make_plan(struct session *s, const char *path)
{
    struct tprogram *program = session_check(s, path);
    struct plan *plan = NULL;

    if (diags_errors(s->diags) == 0)
        plan = plan_lower(s->arena, s->diags, program);
    if (diags_errors(s->diags) == 0)
        plan_verify(plan, s->diags);
    session_report(s, stderr);
    return diags_errors(s->diags) == 0 ? plan : NULL;
}

static bool
one_file(const struct session *s, const char *command)
{
    if (s->files.n == 1)
        return true;
    fprintf(stderr, "mapc %s: %s\n", command,
            s->files.n == 0 ? "which file?" : "one file at a time");
    return false;
}

/* What two-way rules promise, as the certificate counts it. */
static void
say_promises(const struct plan *plan)
{
    static const char *const words[] = { "exact", "exact on its domain",
                                         "canonical", "remembered", "lossy" };
    unsigned n[5] = { 0 }, all = 0, trusted = 0;
    bool any = false;

    for (size_t m = 0; m < plan->maps.n; m++)
        for (size_t i = 0; i < plan->maps.at[m]->pairs.n; i++) {
            const struct ppair *p = &plan->maps.at[m]->pairs.at[i];

            for (size_t k = 0; k < 5; k++)
                n[k] += strcmp(p->promise, words[k]) == 0;
            trusted += p->unproven != NULL;
            all++;
        }
    if (all == 0)
        return;
    fprintf(stderr, "%u two-way rule%s:", all, all == 1 ? "" : "s");
    for (size_t k = 0; k < 5; k++)
        if (n[k] > 0) {
            fprintf(stderr, "%s %u %s", any ? "," : "", n[k], words[k]);
            any = true;
        }
    if (trusted > 0)
        fprintf(stderr, "; %u of them trusted, not proven", trusted);
    fputc('\n', stderr);
}

enum mapc_exit
command_build(struct session *s, int argc, char **argv)
{
    struct build_options build = { 0 };
    bool quiet = false;
    struct option options[SESSION_OPTIONS + 6] = {
        { "--output", "-o", OPTION_VALUE, "FILE",
          "the program (default: the deployment's name)", NULL, &build.out,
          NULL },
        { "--emit-c", NULL, OPTION_FLAG, NULL,
          "write the C files and stop", &build.emit_c_only, NULL, NULL },
        { "--folder", "-d", OPTION_VALUE, "DIR",
          "where the C files go", NULL, &build.folder, NULL },
        { "--keep", NULL, OPTION_FLAG, NULL,
          "leave the C files beside the program", &build.keep, NULL, NULL },
        { "--verbose", "-v", OPTION_FLAG, NULL,
          "show the commands that are run", &build.verbose, NULL, NULL },
        { "--quiet", "-q", OPTION_FLAG, NULL,
          "say nothing of what two-way rules promise", &quiet, NULL, NULL },
    };

    session_options(s, options + 6);
    if (!options_parse(s->arena, "build", argc, argv, options,
                       SESSION_OPTIONS + 6, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc build [OPTION…] FILE\n\nMakes a program of a map "
             "or deployment with the C compiler in $CC (cc).\n");
        options_help(options, SESSION_OPTIONS + 6);
        return MAPC_OK;
    }
    if (!session_ready(s, "build") || !one_file(s, "build"))
        return MAPC_USAGE;
    struct plan *plan = make_plan(s, s->files.at[0]);
    if (plan == NULL)
        return MAPC_FINDINGS;
    enum build_exit built = build_program(s->arena, plan, &build, stderr);
    if (built == BUILD_OK && !quiet && !build.emit_c_only)
        say_promises(plan);
    return (enum mapc_exit)built;
}

/* The program's own exit code; -1 where it could not be run. */
static int
run_program(const char *program, const char *const argv[])
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        execv(program, (char *const *)argv);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Builds the map's program for one run of one of its commands, argv[1]. */
static enum mapc_exit
build_and_run(struct session *s, const char *word, const char *argv[])
{
    struct plan *plan = make_plan(s, s->files.at[0]);
    struct build_options build = { 0 };
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(s->arena, "%s/mapc-%s-XXXXXX",
                                tmp != NULL && *tmp != '\0' ? tmp : "/tmp",
                                word);

    if (plan == NULL)
        return MAPC_FINDINGS;
    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, "mapc %s: %s: %s\n", word, folder, strerror(errno));
        return MAPC_UNWRITTEN;
    }
    argv[0] = build.out = arena_printf(s->arena, "%s/program", folder);
    enum build_exit built = build_program(s->arena, plan, &build, stderr);
    int code = built == BUILD_OK ? run_program(build.out, argv) : -1;
    unlink(build.out);
    rmdir(folder);
    if (built != BUILD_OK)
        return (enum mapc_exit)built;
    return code == 0 ? MAPC_OK : MAPC_FINDINGS;
}

enum mapc_exit
command_test(struct session *s, int argc, char **argv)
{
    const char *count = "200";
    struct option options[SESSION_OPTIONS + 1] = {
        { "--count", "-n", OPTION_VALUE, "N",
          "generated values for each two-way rule (200)", NULL, &count, NULL },
    };

    session_options(s, options + 1);
    if (!options_parse(s->arena, "test", argc, argv, options,
                       SESSION_OPTIONS + 1, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc test [OPTION…] FILE\n\nBuilds the map's program and "
             "runs the tests in it: those written in the\nmap, and the round "
             "trip of every two-way rule on generated values.\n");
        options_help(options, SESSION_OPTIONS + 1);
        return MAPC_OK;
    }
    if (!session_ready(s, "test") || !one_file(s, "test"))
        return MAPC_USAGE;
    const char *run[] = { NULL, "selftest", "--count", count, NULL };
    return build_and_run(s, "test", run);
}

enum mapc_exit
command_prove(struct session *s, int argc, char **argv)
{
    bool json = false;
    struct option options[SESSION_OPTIONS + 1] = {
        { "--json", NULL, OPTION_FLAG, NULL, "for programs", &json, NULL,
          NULL },
    };

    session_options(s, options + 1);
    if (!options_parse(s->arena, "prove", argc, argv, options,
                       SESSION_OPTIONS + 1, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc prove [OPTION…] FILE\n\nSays of every two-way rule "
             "what becomes of values that go there and back:\nexact, exact on "
             "its domain, canonical, remembered or lossy, by facts about\nthe "
             "conversions; and shows the shortest value that is changed or refused, by\n"
             "running the rule. The program has it as its command "
             "`certificate`.\n");
        options_help(options, SESSION_OPTIONS + 1);
        return MAPC_OK;
    }
    if (!session_ready(s, "prove") || !one_file(s, "prove"))
        return MAPC_USAGE;
    const char *run[] = { NULL, "certificate", json ? "--json" : NULL, NULL };
    return build_and_run(s, "prove", run);
}
