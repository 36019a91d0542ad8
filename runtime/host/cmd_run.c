/* SPDX-License-Identifier: Apache-2.0 */
/* The commands run and once: all flows by their schedules, or one round. */
#include "host/endpoint.h"
#include "host/replication.h"

enum { TRIM_SECONDS = 60, TRIM_ROWS = 500 };

static const char run_help[] =
    "usage: %s run [OPTION…]\n"
    "\n"
    "Keeps the systems in step until SIGTERM or Ctrl-C: searches for changes as\n"
    "the maps say, takes messages at inbound.listen (POST /idoc/SYSTEM), answers\n"
    "/healthz, /readyz and /metrics there. The log goes to standard error.\n"
    "\n"
    "  -v, --verbose        logs everything, as log.level debug\n";

static const char once_help[] =
    "usage: %s once [OPTION…]\n"
    "\n"
    "One round: searches all systems for changes, does what waits, and ends. A\n"
    "system that does not answer is not waited for.\n"
    "\n"
    "      --sweep          searches for deleted records, though it isn't due\n"
    "      --format json    the result as one JSON object\n"
    "  -v, --verbose        logs each record\n";

/* Decisions are kept for some time only; a bit of it now and then, so that
 * nothing has to wait long. */
static int
trim(struct session *s)
{
    const struct store_ops *ops = s->store->ops;
    int64_t ticks = host_ticks();
    uint32_t n = 0;

    if (ticks < s->trim_at)
        return HOST_OK;
    s->trim_at = ticks + (int64_t)TRIM_SECONDS * 1000000;
    if (ops->begin(&s->cx, s->store) != MR_OK ||
        ops->decision_trim(&s->cx, s->store,
                           host_steady() -
                               (int64_t)s->config.decisions_days * 86400 *
                                   1000000,
                           TRIM_ROWS, &n) != MR_OK ||
        ops->commit(&s->cx, s->store) != MR_OK) {
        ops->rollback(s->store);
        return session_error(s, &s->cx);
    }
    /* There are more: soon again. */
    if (n == TRIM_ROWS)
        s->trim_at = ticks;
    return HOST_OK;
}

static int
run_until_stopped(struct session *s)
{
    int code = HOST_OK;
    uint16_t port = endpoint_port(s);

    engine_run(s->engine);
    if (port != 0)
        log_line(s, LOG_INFO, "listening", "port %u", (unsigned)port);
    log_line(s, LOG_INFO, "started", "%s, %s", s->h->program->deployment,
             s->h->program->compiler);
    while (code == HOST_OK && !atomic_load(&s->stop.asked)) {
        code = loop_step(s, 1000);
        if (code == HOST_OK)
            code = trim(s);
    }
    if (code == HOST_OK) {
        log_line(s, LOG_INFO, "stopping", "what is under way may end");
        round_end(s);
        log_line(s, LOG_INFO, "stopped", "%llu turns",
                 (unsigned long long)s->turns);
    }
    return code;
}

int
host_run(const struct host *h, int argc, char **argv)
{
    struct common_args a;
    struct session s;
    size_t n;
    int code;

    if (!common_args(h, "run", run_help, argc, argv, NULL, 0, &a, NULL, 0, &n,
                     &code))
        return code;
    code = round_open(h, &s, &a, true);
    if (code != HOST_OK)
        return code;
    if (a.verbose)
        s.log_level = LOG_DEBUG;
    code = run_until_stopped(&s);
    session_close(&s);
    return code;
}

int
host_once(const struct host *h, int argc, char **argv)
{
    bool sweep = false, complete;
    const struct host_option more[] = {
        { "--sweep", NULL, &sweep, NULL },
    };
    struct common_args a;
    struct session s;
    size_t n;
    int code;

    if (!common_args(h, "once", once_help, argc, argv, more, 1, &a, NULL, 0,
                     &n, &code))
        return code;
    code = round_open(h, &s, &a, false);
    if (code != HOST_OK)
        return code;
    if (!a.verbose && s.log_level > LOG_ERROR)
        s.log_level = LOG_ERROR;
    round_begin(&s, sweep);
    code = loop_until_idle(&s, &complete);
    round_end(&s);
    round_summary(&s, "once", a.json, code, complete);
    code = round_code(&s, code, complete);
    session_close(&s);
    return code;
}
