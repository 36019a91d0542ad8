/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command load: all records of all systems, once. It goes on where an
 * earlier one ended, however that was. Systems that only send messages are
 * listened to until they are quiet.
 */
#include "host/endpoint.h"
#include "host/progress.h"
#include "host/replication.h"

static const char help_text[] =
    "usage: %s load [OPTION…]\n"
    "\n"
    "The initial load: looks at every record of every system that can be read,\n"
    "and takes messages until none came for a while. It may be stopped at any\n"
    "time; the next load goes on where this one ended.\n"
    "\n"
    "      --quiet S        ends when no message came for S seconds (10)\n"
    "      --patience S     gives up when a system did not answer for S seconds\n"
    "                       (300)\n"
    "      --format json    the result as one JSON object\n"
    "  -v, --verbose        logs each record\n";

struct load {
    struct session s;
    struct progress progress;
    uint64_t quiet, patience;   /* seconds */
    bool listens;
    uint64_t messages;
    int64_t heard;              /* ticks: the last message */
    int64_t moved;              /* ticks: something was done */
    uint64_t done;
};

static void
begin(struct load *l)
{
    const struct mr_program *p = l->s.h->program;

    for (uint16_t i = 0; i < p->n_maps; i++)
        for (int side = 0; side < 2 && p->maps[i]->repl != NULL; side++) {
            uint8_t trigger = p->maps[i]->repl->schedule[side].trigger;

            if (trigger == MR_TRIGGER_POLL)
                engine_poll(l->s.engine, p->maps[i], side, true);
            l->listens |= trigger == MR_TRIGGER_MESSAGE;
        }
}

static uint64_t
done_so_far(const struct load *l)
{
    const struct mr_program *p = l->s.h->program;
    struct engine_counts n;
    uint64_t sum;

    engine_counted(l->s.engine, &n);
    sum = n.messages;
    for (uint16_t i = 0; i < p->n_maps; i++)
        for (int side = 0; side < 2 && p->maps[i]->repl != NULL; side++)
            if (p->maps[i]->repl->schedule[side].trigger == MR_TRIGGER_POLL)
                sum += engine_loaded(l->s.engine, p->maps[i], side);
    return sum;
}

static void
look(struct load *l)
{
    struct engine_counts n;
    uint64_t done = done_so_far(l);
    int64_t now = host_ticks();
    bool broken = false;

    engine_counted(l->s.engine, &n);
    if (n.messages != l->messages || endpoint_waits(&l->s))
        l->heard = now;
    for (size_t i = 0; i < l->s.n_peers; i++)
        broken |= l->s.peers[i].broken;
    broken |= engine_search_fails(l->s.engine);
    /* A long request is good news, one more that fails is not. */
    if (done != l->done || (!broken && http_busy(l->s.client) > 0))
        l->moved = now;
    l->messages = n.messages;
    l->done = done;
    progress_show(&l->progress, done,
                  broken ? "a system does not answer"
                  : l->listens && engine_idle(l->s.engine)
                      ? "messages may come" : "");
}

static bool
is_complete(const struct load *l)
{
    return engine_idle(l->s.engine) && !endpoint_waits(&l->s) &&
           http_busy(l->s.client) == 0 &&
           (!l->listens ||
            host_ticks() - l->heard >= (int64_t)l->quiet * 1000000);
}

static int
load(struct load *l, bool *complete)
{
    int code = HOST_OK;

    *complete = false;
    begin(l);
    progress_begin(&l->progress, progress_count(&l->s), done_so_far(l));
    l->heard = l->moved = host_ticks();
    while (code == HOST_OK && !*complete && !atomic_load(&l->s.stop.asked) &&
           host_ticks() - l->moved < (int64_t)l->patience * 1000000) {
        code = l->quiet > 0 && l->listens ? loop_step(&l->s, 100)
                                          : loop_step_on(&l->s, 100);
        if (code != HOST_OK)
            break;
        look(l);
        *complete = is_complete(l);
    }
    progress_end(&l->progress);
    return code;
}

int
host_load(const struct host *h, int argc, char **argv)
{
    struct load l = { .quiet = 10, .patience = 300 };
    const char *quiet = NULL, *patience = NULL;
    const struct host_option more[] = {
        { "--quiet", NULL, NULL, &quiet },
        { "--patience", NULL, NULL, &patience },
    };
    struct common_args a;
    bool complete;
    size_t n;
    int code;

    if (!common_args(h, "load", help_text, argc, argv, more, 2, &a, NULL, 0,
                     &n, &code))
        return code;
    if ((quiet != NULL && !host_number(h, "--quiet", quiet, 86400, &l.quiet)) ||
        (patience != NULL &&
         !host_number(h, "--patience", patience, 864000, &l.patience)))
        return HOST_USAGE;
    code = round_open(h, &l.s, &a, true);
    if (code != HOST_OK)
        return code;
    if (!a.verbose && l.s.log_level > LOG_ERROR)
        l.s.log_level = LOG_ERROR;
    code = load(&l, &complete);
    round_end(&l.s);
    round_summary(&l.s, "load", a.json, code, complete);
    code = round_code(&l.s, code, complete);
    session_close(&l.s);
    return code;
}
