/* SPDX-License-Identifier: Apache-2.0 */
/* mapc check: everything that can be found before anything runs. */
#include <stdio.h>

#include "driver/commands.h"
#include "plan/plan.h"

enum mapc_exit
command_check(struct session *s, int argc, char **argv)
{
    struct option options[SESSION_OPTIONS];

    session_options(s, options);
    if (!options_parse(s->arena, "check", argc, argv, options,
                       SESSION_OPTIONS, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc check [OPTION…] FILE…\n\nChecks maps with all that "
             "they use. Findings go to standard output.\n");
        options_help(options, SESSION_OPTIONS);
        return MAPC_OK;
    }
    if (!session_ready(s, "check"))
        return MAPC_USAGE;
    if (s->files.n == 0) {
        fputs("mapc check: which file?\n", stderr);
        return MAPC_USAGE;
    }
    for (size_t i = 0; i < s->files.n; i++) {
        size_t before = diags_errors(s->diags);
        struct tprogram *program = session_check(s, s->files.at[i]);

        if (diags_errors(s->diags) == before)
            plan_lower(s->arena, s->diags, program);
    }
    return session_report(s, stdout);
}
