/* SPDX-License-Identifier: Apache-2.0 */
/* The command serve: calls over HTTP, until it is told to stop. */
#include "host/calls.h"
#include "host/log_out.h"
#include "host/openapi.h"
#include "host/serve.h"

enum { STEP_MS = 1000 };

static const char help_text[] =
    "usage: %s serve [-c CONFIG] [-v]\n"
    "\n"
    "Takes calls at inbound.listen until SIGTERM or Ctrl-C: POST /call/NAME with\n"
    "the caller's record as JSON, or in an envelope of SOAP 1.1. Also there:\n"
    "/openapi.json and /call/NAME?wsdl, which say what a record may hold,\n"
    "/healthz, /readyz, /metrics. The log goes to standard error. When it stops,\n"
    "calls that are under way may end.\n"
    "\n"
    "      --openapi        prints openapi.json and ends\n"
    "  -v, --verbose        logs every call\n"
    "  -c, --config FILE    the configuration (MAPC_CONFIG, else %s.json)\n";

static void
say(struct serve *s, const char *event, const char *text)
{
    struct log_line l = { "", "", "", "", text };

    if (s->log_level >= LOG_INFO)
        log_put(&s->config, LOG_INFO, event, &l);
}

static void
serve_until_stopped(struct serve *s)
{
    char text[64];

    snprintf(text, sizeof text, "port %u", (unsigned)server_port(s->server));
    say(s, "listening", text);
    while (!atomic_load(&s->stop.asked))
        serve_step(s, STEP_MS);
    say(s, "stopping", "what is under way may end");
    server_quiet(s->server);
    while (s->under_way > 0)
        serve_step(s, STEP_MS);
    say(s, "stopped", "");
}

int
host_serve(const struct host *h, int argc, char **argv)
{
    const char *config = NULL;
    bool help = false, verbose = false, openapi = false;
    const struct host_option options[] = {
        { "--config", "-c", NULL, &config },
        { "--openapi", NULL, &openapi, NULL },
        { "--verbose", "-v", &verbose, NULL },
        { "--help", "-h", &help, NULL },
    };
    struct serve s;
    size_t n;
    int code;

    if (!host_args(h, "serve", argc, argv, options,
                   sizeof options / sizeof options[0], NULL, 0, &n))
        return HOST_USAGE;
    if (help || openapi) {
        if (help)
            printf(help_text, h->name, h->program->deployment);
        else
            openapi_print(stdout, h->program);
        return HOST_OK;
    }
    code = serve_open(h, &s, config);
    if (code == HOST_OK) {
        if (verbose)
            s.log_level = LOG_DEBUG;
        serve_until_stopped(&s);
    }
    serve_close(&s);
    return code;
}
