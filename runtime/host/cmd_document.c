/* SPDX-License-Identifier: Apache-2.0 */
/* The command document: the bytes of one, into a file. */
#include <stdlib.h>
#include <unistd.h>

#include "host/call_said.h"
#include "host/called.h"
#include "host/calls.h"
#include "host/clock.h"
#include "host/file_sink.h"

enum { WAIT_MS = 100 };

static const char help_text[] =
    "usage: %s document [NAME] KEY [OPTION...]\n"
    "\n"
    "Reads the document KEY as the called system has it (as a PDF, say), looks at\n"
    "its type and its size, and writes it to a file, or to standard output. NAME is\n"
    "the document of the maps, where there are several. A file is written whole or\n"
    "not at all.\n"
    "\n"
    "  -o, --output FILE    into this file\n"
    "      --request        print the request; send nothing\n"
    "  -c, --config FILE    the configuration (MAPC_CONFIG, else %s.json)\n"
    "\n"
    "Exit codes: 0 it is there, 1 refused, 2 wrong usage, 3 the called system does\n"
    "not answer, or what came is no such document, 4 it could not be written.\n";

struct args {
    const char *words[2];       /* NAME, KEY */
    size_t n;
    const char *config, *output;
    bool request, help;
};

static void
note_done(void *arg, struct document *d)
{
    (void)d;
    *(bool *)arg = true;
}

static int
not_written(const struct host *h, const struct file_sink *f)
{
    fprintf(stderr, "%s: %s: %s\n", h->name,
            f->name == NULL ? "standard output" : f->name, strerror(f->error));
    return HOST_OUTPUT;
}

static int
read_it(const struct host *h, struct document *d,
        struct called_systems *systems, struct file_sink *f)
{
    struct called *to = called_find(systems, d->q.call->to);
    bool done = false;

    d->q.began = host_ticks();
    document_send(d, to->session, to->system->url, &file_sink, f, note_done,
                  &done);
    while (!done) {
        http_wait(systems->client, WAIT_MS);
        document_watch(d);
    }
    if (f->error != 0 ||
        (d->q.end == CALL_ANSWERED && !file_sink_keep(f)))
        return not_written(h, f);
    return d->q.end == CALL_ANSWERED ? HOST_OK : call_say_end(h, &d->q, false);
}

static int
send_it(const struct host *h, struct document *d, const struct args *a)
{
    struct config config;
    struct called_systems systems;
    struct file_sink f;
    int code = HOST_USAGE;

    if (config_read(h, &config, a->config)) {
        code = called_open(&systems, &config, d->q.call->to);
        if (code == HOST_OK) {
            code = file_sink_open(&f, a->output)
                       ? read_it(h, d, &systems, &f) : not_written(h, &f);
            file_sink_close(&f);
        }
        called_close(&systems);
    }
    config_done(&config);
    return code;
}

static int
ask(const struct host *h, const struct mr_call *call, const struct args *a)
{
    const char *key = a->words[a->n - 1];
    struct document *d = malloc(sizeof *d);
    int code;

    if (d == NULL) {
        fprintf(stderr, "%s: memory ran out\n", h->name);
        return HOST_INTERNAL;
    }
    document_init(d, call, NULL, host_ticks);
    if (!document_begin(d, key, strlen(key)))
        code = call_say_end(h, &d->q, false);
    else if (a->request)
        code = call_print_request(&d->q);
    else
        code = send_it(h, d, a);
    document_done(d);
    free(d);
    return code;
}

int
host_document(const struct host *h, int argc, char **argv)
{
    struct args a = { { NULL, NULL }, 0, NULL, NULL, false, false };
    const struct host_option options[] = {
        { "--config", "-c", NULL, &a.config },
        { "--output", "-o", NULL, &a.output },
        { "--request", NULL, &a.request, NULL },
        { "--help", "-h", &a.help, NULL },
    };
    const struct mr_call *call;

    if (!host_args(h, "document", argc, argv, options,
                   sizeof options / sizeof options[0], a.words, 2, &a.n))
        return HOST_USAGE;
    if (a.help) {
        printf(help_text, h->name, h->program->deployment);
        return HOST_OK;
    }
    if (a.n == 0) {
        fprintf(stderr, "%s document: say which document\n", h->name);
        return HOST_USAGE;
    }
    call = call_find(h, "document", a.n == 2 ? a.words[0] : NULL,
                     SORT_DOCUMENT);
    if (call != NULL && a.output == NULL && !a.request && isatty(1) == 1) {
        fprintf(stderr, "%s document: it is nothing for a terminal; say where "
                "to: -o FILE\n", h->name);
        return HOST_USAGE;
    }
    return call == NULL ? HOST_USAGE : ask(h, call, &a);
}
