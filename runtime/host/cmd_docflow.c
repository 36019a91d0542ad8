/* SPDX-License-Identifier: Apache-2.0 */
/* The command docflow: the chain of documents around one. */
#include <stdlib.h>
#include <unistd.h>

#include "host/call_said.h"
#include "host/called.h"
#include "host/calls.h"
#include "host/clock.h"
#include "host/docflow_words.h"

enum { WAIT_MS = 1000 };

static const char help_text[] =
    "usage: %s docflow [NAME] KEY [OPTION...]\n"
    "\n"
    "Asks for the document KEY and prints the chain that it is part of: what it\n"
    "came from, what followed it. NAME is the docflow of the maps, where there\n"
    "are several. What the called system says beside it stands on standard\n"
    "error.\n"
    "\n"
    "      --json           as JSON: documents, steps, messages\n"
    "      --svg            as a picture\n"
    "      --request        print the first request; send nothing\n"
    "  -c, --config FILE    the configuration (MAPC_CONFIG, else %s.json)\n"
    "\n"
    "Exit codes: 0 answered, 1 refused, or something could not be looked into, 2\n"
    "wrong usage, 3 the called system does not answer.\n";

struct args {
    const char *words[2];       /* NAME, KEY */
    size_t n;
    const char *config;
    bool request, json, svg, help;
};

/* --- what came of it --- */

static bool
speaks_utf8(void)
{
    const char *names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && value[0] != '\0')
            return strstr(value, "UTF-8") != NULL ||
                   strstr(value, "utf8") != NULL;
    }
    return false;
}

static bool
print_tree(struct docflow *f)
{
    bool terminal = isatty(1) == 1;
    struct docflow_look look = {
        .utf8 = terminal && speaks_utf8(),
        .colours = terminal && getenv("NO_COLOR") == NULL
    };

    if (f->chain.n == 0)
        puts("no documents");
    return docflow_tree(stdout, f, &look);
}

static int
print_chain(const struct host *h, struct docflow *f, const struct args *a)
{
    int code = f->incomplete ? HOST_HELD : HOST_OK;
    bool printed;

    fflush(stdout);
    for (uint32_t i = 0; i < f->n_messages && !a->json; i++)
        call_say_message(h, &f->messages[i]);
    for (uint32_t i = 0; i < f->n_messages; i++)
        if (f->messages[i].severity == CALL_ERROR)
            code = HOST_HELD;
    printed = a->json  ? docflow_json(stdout, f)
              : a->svg ? docflow_svg(stdout, f)
                       : print_tree(f);
    if (!printed) {
        host_report_error(h, &f->chain.cx.error);
        return HOST_INTERNAL;
    }
    return fflush(stdout) == 0 ? code : HOST_OUTPUT;
}

/* --- asking --- */

static void
note_done(void *arg, struct docflow *f)
{
    (void)f;
    *(bool *)arg = true;
}

static int
send_it(const struct host *h, struct docflow *f, const struct args *a)
{
    struct config config;
    struct called_systems systems;
    int code = HOST_USAGE;

    if (config_read(h, &config, a->config)) {
        code = called_open(&systems, &config, f->call->to);
        if (code == HOST_OK) {
            struct called *to = called_find(&systems, f->call->to);
            bool done = false;

            f->began = f->first.q.began = host_ticks();
            docflow_send(f, to->session, to->system->url, note_done, &done);
            while (!done)
                http_wait(systems.client, WAIT_MS);
            code = f->first.q.end == CALL_ANSWERED
                       ? print_chain(h, f, a)
                       : call_say_end(h, &f->first.q, false);
        }
        called_close(&systems);
    }
    config_done(&config);
    return code;
}

static int
ask(const struct host *h, const struct mr_call *call, const struct args *a,
    const char *key)
{
    struct docflow *f = malloc(sizeof *f);
    int code;

    if (f == NULL) {
        fprintf(stderr, "%s: memory ran out\n", h->name);
        return HOST_INTERNAL;
    }
    docflow_init(f, call, NULL, host_ticks);
    if (!docflow_begin(f, key, strlen(key)))
        code = call_say_end(h, &f->first.q, false);
    else if (a->request)
        code = call_print_request(&f->first.q);
    else
        code = send_it(h, f, a);
    docflow_done(f);
    free(f);
    return code;
}

int
host_docflow(const struct host *h, int argc, char **argv)
{
    struct args a = { { NULL, NULL }, 0, NULL, false, false, false, false };
    const struct host_option options[] = {
        { "--config", "-c", NULL, &a.config },
        { "--request", NULL, &a.request, NULL },
        { "--json", NULL, &a.json, NULL },
        { "--svg", NULL, &a.svg, NULL },
        { "--help", "-h", &a.help, NULL },
    };
    const struct mr_call *call;

    if (!host_args(h, "docflow", argc, argv, options,
                   sizeof options / sizeof options[0], a.words, 2, &a.n))
        return HOST_USAGE;
    if (a.help) {
        printf(help_text, h->name, h->program->deployment);
        return HOST_OK;
    }
    if (a.n == 0 || (a.json && a.svg)) {
        fprintf(stderr, "%s docflow: %s\n", h->name,
                a.n == 0 ? "say which document"
                         : "--json and --svg are two forms; say one");
        return HOST_USAGE;
    }
    call = call_find(h, "docflow", a.n == 2 ? a.words[0] : NULL,
                     SORT_DOCFLOW);
    return call == NULL ? HOST_USAGE : ask(h, call, &a, a.words[a.n - 1]);
}
