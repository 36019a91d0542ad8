/* SPDX-License-Identifier: Apache-2.0 */
/* The command attachment: from one system to the other. */
#include <inttypes.h>
#include <stdlib.h>

#include "call/attachment.h"
#include "host/call_said.h"
#include "host/called.h"
#include "host/calls.h"
#include "host/clock.h"

enum { WAIT_MS = 100 };

static const char help_text[] =
    "usage: %s attachment [NAME] KEY [OPTION...]\n"
    "\n"
    "Reads the attachment KEY from the one system and makes it in the other, as\n"
    "the maps say; prints how many bytes it has. NAME is the attachment of the\n"
    "maps, where there are several.\n"
    "\n"
    "  -c, --config FILE    the configuration (MAPC_CONFIG, else %s.json)\n"
    "\n"
    "Exit codes: 0 it is there, 1 refused, 2 wrong usage, 3 a system does not\n"
    "answer, or what came is no such attachment.\n";

struct args {
    const char *words[2];       /* NAME, KEY */
    size_t n;
    const char *config;
    bool help;
};

static void
note_done(void *arg, struct attachment *a)
{
    (void)a;
    *(bool *)arg = true;
}

static struct attachment_place
place(struct called_systems *systems, const char *name)
{
    struct called *s = called_find(systems, name);

    return (struct attachment_place){ s->session, s->system->url };
}

static int
carry(const struct host *h, struct attachment *at,
      struct called_systems *systems)
{
    const struct mr_call *call = at->q.call;
    struct calling *said;
    bool done = false;

    attachment_send(at, place(systems, call->from), place(systems, call->to),
                    note_done, &done);
    while (!done) {
        http_wait(systems->client, WAIT_MS);
        if (!done)
            attachment_watch(at);
    }
    said = attachment_said(at);
    if (said->end != CALL_ANSWERED)
        return call_say_end(h, said, false);
    printf("%" PRIu64 " bytes\n", at->source.sent);
    return fflush(stdout) == 0 ? HOST_OK : HOST_OUTPUT;
}

static int
send_it(const struct host *h, struct attachment *at, const struct args *a)
{
    struct config config;
    struct called_systems systems;
    int code = HOST_USAGE;

    if (config_read(h, &config, a->config)) {
        code = called_open(&systems, &config, NULL);
        if (code == HOST_OK)
            code = carry(h, at, &systems);
        called_close(&systems);
    }
    config_done(&config);
    return code;
}

static int
begin(const struct host *h, const struct mr_call *call, const struct args *a)
{
    const char *key = a->words[a->n - 1];
    struct attachment *at = malloc(sizeof *at);
    int code;

    if (at == NULL) {
        fprintf(stderr, "%s: memory ran out\n", h->name);
        return HOST_INTERNAL;
    }
    attachment_init(at, call, NULL, host_ticks);
    code = attachment_begin(at, key, strlen(key))
               ? send_it(h, at, a)
               : call_say_end(h, attachment_said(at), false);
    attachment_done(at);
    free(at);
    return code;
}

int
host_attachment(const struct host *h, int argc, char **argv)
{
    struct args a = { { NULL, NULL }, 0, NULL, false };
    const struct host_option options[] = {
        { "--config", "-c", NULL, &a.config },
        { "--help", "-h", &a.help, NULL },
    };
    const struct mr_call *call;

    if (!host_args(h, "attachment", argc, argv, options,
                   sizeof options / sizeof options[0], a.words, 2, &a.n))
        return HOST_USAGE;
    if (a.help) {
        printf(help_text, h->name, h->program->deployment);
        return HOST_OK;
    }
    if (a.n == 0 || a.words[a.n - 1][0] == '\0') {
        fprintf(stderr, "%s attachment: say which attachment\n", h->name);
        return HOST_USAGE;
    }
    call = call_find(h, "attachment", a.n == 2 ? a.words[0] : NULL,
                     SORT_ATTACHMENT);
    return call == NULL ? HOST_USAGE : begin(h, call, &a);
}
