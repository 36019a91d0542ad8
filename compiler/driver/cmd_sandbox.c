/* SPDX-License-Identifier: Apache-2.0 */
/* mapc sandbox: the systems of a deployment on this machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/commands.h"
#include "sandbox/sandbox.h"

enum { OWN_OPTIONS = 12 };

struct sandbox_arguments {
    text_vec seeds, deliver;
    const char *port, *data, *seed_number, *flawed, *faults, *config;
    const char *packet, *ready, *stop_after, *bytes;
};

static void
own_options(struct sandbox_arguments *arg, struct option *at)
{
    const struct option options[OWN_OPTIONS] = {
        { "--port", NULL, OPTION_VALUE, "N",
          "port of the first system (0: any free one)", NULL, &arg->port,
          NULL },
        { "--data", NULL, OPTION_VALUE, "FILE",
          "keep the records in FILE (otherwise: in memory)", NULL,
          &arg->data, NULL },
        { "--seed", NULL, OPTION_LIST, "S.OBJ=N",
          "make up N records of object OBJ in system S", NULL, NULL,
          &arg->seeds },
        { "--seed-number", NULL, OPTION_VALUE, "N",
          "the same number makes the same records (1)", NULL,
          &arg->seed_number, NULL },
        { "--flawed", NULL, OPTION_VALUE, "P",
          "percent of made-up records that can't be mapped (0)", NULL,
          &arg->flawed, NULL },
        { "--bytes", NULL, OPTION_VALUE, "N",
          "made-up attachments have so many bytes, or more", NULL,
          &arg->bytes, NULL },
        { "--faults", NULL, OPTION_VALUE, "FILE",
          "what is to go wrong, as JSON", NULL, &arg->faults, NULL },
        { "--config", NULL, OPTION_VALUE, "FILE",
          "write the program's configuration there", NULL, &arg->config,
          NULL },
        { "--deliver", NULL, OPTION_LIST, "S=URL",
          "post the IDocs of system S there", NULL, NULL, &arg->deliver },
        { "--packet", NULL, OPTION_VALUE, "N",
          "IDocs in one message (1)", NULL, &arg->packet, NULL },
        { "--ready", NULL, OPTION_VALUE, "FILE",
          "write the addresses there when all is ready", NULL, &arg->ready,
          NULL },
        { "--stop-after", NULL, OPTION_VALUE, "S",
          "stop after S seconds (3600); 0: never", NULL, &arg->stop_after,
          NULL },
    };

    memcpy(at, options, sizeof options);
}

/* A number of at most `most`; false after saying that it is none. */
static bool
number(const char *option, const char *text, unsigned long otherwise,
       unsigned long most, unsigned long *out)
{
    char *end;

    *out = otherwise;
    if (text == NULL)
        return true;
    *out = strtoul(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && strlen(text) < 11 &&
        *out <= most)
        return true;
    fprintf(stderr, "mapc sandbox: %s takes a number from 0 to %lu\n", option,
            most);
    return false;
}

static bool
read_numbers(const struct sandbox_arguments *arg, struct sandbox_options *o)
{
    return number("--port", arg->port, 0, 65000, &o->port) &&
           number("--seed-number", arg->seed_number, 1, 4000000000,
                  &o->seed_number) &&
           number("--flawed", arg->flawed, 0, 100, &o->flawed) &&
           number("--bytes", arg->bytes, 0, SANDBOX_BYTES, &o->bytes) &&
           number("--packet", arg->packet, 1, 1000, &o->packet) &&
           number("--stop-after", arg->stop_after, 3600, 4000000,
                  &o->stop_after);
}

static enum mapc_exit
serve(struct session *s, struct sandbox_arguments *arg)
{
    struct sandbox_options o = {
        .data = arg->data, .faults = arg->faults, .config = arg->config,
        .ready = arg->ready
    };
    struct tprogram *program;

    if (!read_numbers(arg, &o))
        return MAPC_USAGE;
    program = session_check(s, s->files.at[0]);
    if (diags_errors(s->diags) > 0)
        return session_report(s, stderr);
    vec_push(s->arena, &arg->seeds, (const char *)NULL);
    vec_push(s->arena, &arg->deliver, (const char *)NULL);
    o.seeds = arg->seeds.at;
    o.deliver = arg->deliver.at;
    switch (sandbox_run(s->arena, program, &o)) {
    case SANDBOX_USAGE:
        return MAPC_USAGE;
    case SANDBOX_UNWRITTEN:
        return MAPC_UNWRITTEN;
    case SANDBOX_OK:
        break;
    }
    return MAPC_OK;
}

enum mapc_exit
command_sandbox(struct session *s, int argc, char **argv)
{
    struct option options[OWN_OPTIONS + SESSION_OPTIONS];
    struct sandbox_arguments arg = { .port = NULL };

    own_options(&arg, options);
    session_options(s, options + OWN_OPTIONS);
    if (!options_parse(s->arena, "sandbox", argc, argv, options,
                       OWN_OPTIONS + SESSION_OPTIONS, &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc sandbox [OPTION…] FILE\n\nServes the systems of a "
             "deployment on 127.0.0.1, made from their schemas, to\ntry its "
             "maps on: records, keys, lengths, and mishaps on demand.\n");
        options_help(options, OWN_OPTIONS + SESSION_OPTIONS);
        return MAPC_OK;
    }
    if (!session_ready(s, "sandbox"))
        return MAPC_USAGE;
    if (s->files.n != 1) {
        fputs("mapc sandbox: which deployment? For example: mapc sandbox "
              "mappings/standard.map\n", stderr);
        return MAPC_USAGE;
    }
    return serve(s, &arg);
}
