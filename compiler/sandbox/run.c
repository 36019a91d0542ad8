/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox from start to end: model, store, ports, files; then one loop
 * that serves requests and delivers IDocs.
 */
#include "sandbox/sandbox.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/config.h"
#include "sandbox/control.h"
#include "sandbox/counts.h"
#include "sandbox/guard.h"
#include "sandbox/http.h"
#include "sandbox/idoc.h"
#include "sandbox/odata.h"
#include "sandbox/outbox.h"
#include "sandbox/seed.h"
#include "sandbox/soap.h"

#define ODATA_BASE "/sap/c4c/odata/v1/c4codataapi/"
#define IDOC_BASE "/idoc"
#define SOAP_BASE "/sap/bc/soap/rfc"

struct sandbox {
    struct model model;
    struct store *store;
    struct http *http;
    struct transfers *transfers;
    struct inbound inbound;
    const struct sandbox_options *options;
};

static volatile sig_atomic_t stopped;

static void
on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static void
answer(struct request *r, struct answer *to)
{
    if (strncmp(r->path, "/sandbox/", 9) == 0)
        control_answer(r, to);
    else if (r->site->protocol == SITE_ODATA)
        sb_odata_answer(r, to);
    else if (r->site->protocol == SITE_SOAP)
        sb_soap_answer(r, to);
    else
        sb_idoc_answer(r, to);
}

/* --- setting up --- */

static void
equip(struct sandbox *s, struct site *site)
{
    static const char *const bases[] = {
        [SITE_ODATA] = ODATA_BASE, [SITE_IDOC] = IDOC_BASE,
        [SITE_SOAP] = SOAP_BASE
    };
    struct arena *a = s->model.arena;
    char secret[49];

    guard_secret(secret);
    site->password = arena_copy(a, secret, strlen(secret));
    site->base = bases[site->protocol];
    site->faults = faults_new(a);
    site->sessions = sessions_new(a);
    site->counts = arena_alloc(a, sizeof *site->counts);
    if (site->protocol == SITE_IDOC)
        site->outbox = outbox_new(s->store, site, s->options->packet);
}

static bool
listen_all(struct sandbox *s)
{
    for (size_t i = 0; i < s->model.sites.n; i++) {
        struct site *site = s->model.sites.at[i];
        unsigned port = (unsigned)s->options->port;

        if (!sb_http_listen(s->http, site,
                            port == 0 ? 0 : port + (unsigned)i))
            return false;
        site->url = arena_printf(s->model.arena, "http://127.0.0.1:%u%s",
                                 site->port, site->base);
    }
    s->inbound.port = s->options->port == 0
                          ? sb_config_free_port()
                          : (unsigned)(s->options->port + s->model.sites.n);
    return true;
}

/* "erp=http://…" */
static bool
deliver_to(struct sandbox *s, const char *text)
{
    const char *equals = strchr(text, '=');
    struct site *site = NULL;
    bool named = strchr(text, '@') != NULL;     /* http://user:password@… */

    if (equals != NULL)
        site = model_site(&s->model,
                          arena_copy(s->model.arena, text,
                                     (size_t)(equals - text)));
    if (site == NULL || site->outbox == NULL) {
        fprintf(stderr, "mapc sandbox: --deliver takes SYSTEM=URL of a "
                "system that speaks idoc, not %s\n", text);
        return false;
    }
    outbox_to(site->outbox, equals + 1,
              s->options->config == NULL || named ? NULL : "erp",
              s->inbound.password);
    return true;
}

static bool
address_outboxes(struct sandbox *s)
{
    for (size_t i = 0; i < s->model.sites.n; i++) {
        struct site *site = s->model.sites.at[i];

        if (site->outbox != NULL && s->options->config != NULL)
            outbox_to(site->outbox,
                      arena_printf(s->model.arena,
                                   "http://127.0.0.1:%u/idoc/%s",
                                   s->inbound.port, site->name),
                      "erp", s->inbound.password);
    }
    for (size_t i = 0; s->options->deliver[i] != NULL; i++)
        if (!deliver_to(s, s->options->deliver[i]))
            return false;
    return true;
}

static bool
read_faults(struct sandbox *s)
{
    json_error_t error;
    json_t *json, *rules;
    const char *name, *wrong = NULL;

    if (s->options->faults == NULL)
        return true;
    json = json_load_file(s->options->faults, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL || !json_is_object(json)) {
        fprintf(stderr, "mapc sandbox: %s: %s\n", s->options->faults,
                json == NULL ? error.text : "an object with systems");
        json_decref(json);
        return false;
    }
    json_object_foreach(json, name, rules) {
        struct site *site = model_site(&s->model, name);

        if (wrong == NULL)
            wrong = site == NULL
                        ? "there is no such system"
                        : faults_set(site->faults, s->model.arena, rules);
        if (wrong != NULL) {
            fprintf(stderr, "mapc sandbox: %s: %s: %s\n", s->options->faults,
                    name, wrong);
            break;
        }
    }
    json_decref(json);
    return wrong == NULL;
}

static bool
set_up(struct sandbox *s, struct arena *a, const struct tprogram *program)
{
    if (!model_make(&s->model, a, program))
        return false;
    s->store = sb_store_open(s->options->data);
    s->transfers = transfers_new();
    if (s->store == NULL || s->transfers == NULL ||
        !sb_store_kinds(s->store, &s->model))
        return false;
    guard_secret(s->inbound.password);
    for (size_t i = 0; i < s->model.sites.n; i++)
        equip(s, s->model.sites.at[i]);
    if (!read_faults(s))
        return false;
    if (!seed_fill(&s->model, s->store, s->options->seeds,
                   &(struct seed_wish){ s->options->seed_number,
                                        (unsigned)s->options->flawed,
                                        s->options->bytes }))
        return false;
    for (size_t i = 0; i < s->model.sites.n; i++)
        memset(s->model.sites.at[i]->counts, 0,
               sizeof *s->model.sites.at[i]->counts);
    s->http = sb_http_new(&s->model, s->store, answer);
    return listen_all(s) && address_outboxes(s);
}

static bool
tell(struct sandbox *s)
{
    struct buf lines;

    buf_init(&lines, s->model.arena);
    sb_config_lines(&s->model, &lines);
    if (s->options->config != NULL &&
        !sb_config_write(&s->model, &s->inbound, s->options->config))
        return false;
    fwrite(lines.at, 1, lines.n, stdout);
    /* Without a configuration there is no other way to learn them. */
    for (size_t i = 0; s->options->config == NULL && i < s->model.sites.n;
         i++)
        printf("%s user mapc password %s\n", s->model.sites.at[i]->name,
               s->model.sites.at[i]->password);
    fflush(stdout);
    return s->options->ready == NULL ||
           sb_config_replace(s->options->ready, lines.at, lines.n, 0644);
}

/* --- serving --- */

static void
serve(struct sandbox *s)
{
    int64_t end = s->options->stop_after == 0
                      ? INT64_MAX
                      : sb_http_clock() +
                            (int64_t)s->options->stop_after * 1000;

    while (!stopped && sb_http_clock() < end) {
        int fds[32];
        size_t n = sb_http_fds(s->http, fds, 32);
        int64_t due = sb_http_due(s->http), ms = 500;

        if (due >= 0 && due < ms)
            ms = due;
        for (size_t i = 0; i < s->model.sites.n; i++) {
            struct outbox *o = s->model.sites.at[i]->outbox;
            int64_t next = o == NULL ? -1 : outbox_run(o, s->transfers);

            if (next >= 0 && next < ms)
                ms = next;
        }
        transfers_wait(s->transfers, fds, n, (int)ms);
        sb_http_run(s->http);
        transfers_run(s->transfers);
    }
}

static void
tear_down(struct sandbox *s)
{
    if (s->http != NULL)
        sb_http_free(s->http);
    for (size_t i = 0; i < s->model.sites.n; i++)
        outbox_free(s->model.sites.at[i]->outbox);
    transfers_free(s->transfers);
    sb_store_close(s->store);
}

enum sandbox_exit
sandbox_run(struct arena *a, const struct tprogram *program,
            const struct sandbox_options *options)
{
    struct sandbox s = { .options = options };
    struct sigaction act = { .sa_handler = on_signal };
    enum sandbox_exit code = SANDBOX_USAGE;

    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (set_up(&s, a, program)) {
        code = tell(&s) ? SANDBOX_OK : SANDBOX_UNWRITTEN;
        if (code == SANDBOX_OK)
            serve(&s);
    }
    tear_down(&s);
    return code;
}
