/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain takes a place among the calls under way; its own calls to the system
 * are bounded by call/docflow.h.
 */
#include "host/serve_docflow.h"

#include <stdlib.h>

#include "host/call_words.h"
#include "host/clock.h"
#include "host/docflow_words.h"

struct serve_chain {
    struct docflow f;
    struct serve *serve;
    struct serve_chain *next;
    uint64_t ticket;
    size_t which;               /* of the calls */
    bool picture;
};

/* --- answers --- */

/* false: memory ran out. */
static bool
print(FILE *out, struct serve_chain *c)
{
    if (c->f.first.q.end != CALL_ANSWERED) {
        call_problem_json(out, &c->f.first.q);
        return true;
    }
    return c->picture ? docflow_svg(out, &c->f) : docflow_json(out, &c->f);
}

static void
answer(struct serve_chain *c)
{
    bool good = c->f.first.q.end == CALL_ANSWERED;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    bool printed = out != NULL && print(out, c);

    if (out != NULL)
        printed = fclose(out) == 0 && printed;
    if (printed) {
        struct server_answer a = {
            call_status(&c->f.first.q),
            !good        ? "application/problem+json"
            : c->picture ? "image/svg+xml" : "application/json",
            text, n, 0
        };

        server_answer(c->serve->server, c->ticket, &a);
    } else {
        serve_problem(c->serve, c->ticket, 503, "memory ran out");
    }
    free(text);
}

static void
unlink_chain(struct serve_chain *c)
{
    struct serve_chain **at = &c->serve->chains;

    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
}

static void
chain_ended(void *arg, struct docflow *f)
{
    struct serve_chain *c = arg;
    struct serve *s = c->serve;

    /* At the end of the program nobody is there to be answered. */
    if (s->server != NULL) {
        answer(c);
        call_counted(&s->counts[c->which], f->first.q.end,
                     host_ticks() - f->began);
        serve_log(s, &f->first.q);
    }
    unlink_chain(c);
    docflow_done(f);
    mr_resize(&s->cx, c, 0);
    s->under_way--;
}

/* --- requests --- */

static void
begin_chain(struct serve *s, size_t which, const struct server_request *r,
            const char *key)
{
    const struct mr_call *call = s->h->program->calls[which];
    struct called *to = called_find(&s->systems, call->to);
    uint32_t wait = serve_wait(r->header);
    struct serve_chain *c =
        to == NULL || s->under_way >= s->n_slots
            ? NULL : mr_resize(&s->cx, NULL, sizeof *c);

    if (c == NULL) {
        s->counts[which].refused++;
        serve_problem(s, r->ticket, 503, "too many calls at once");
        return;
    }
    s->under_way++;
    c->serve = s;
    c->next = s->chains;
    s->chains = c;
    c->ticket = r->ticket;
    c->which = which;
    c->picture = strcmp(r->query, "form=svg") == 0;
    docflow_init(&c->f, call, NULL, host_ticks);
    if (wait != 0)
        docflow_hurry(&c->f, wait);
    if (docflow_begin(&c->f, key, strlen(key)))
        docflow_send(&c->f, to->session, to->system->url, chain_ended, c);
    else
        chain_ended(c, &c->f);
}

void
serve_docflow(struct serve *s, const struct server_request *r)
{
    const char *slash = strchr(r->rest, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - r->rest);

    if (slash == NULL || slash[1] == '\0') {
        serve_problem(s, r->ticket, 404, "say which document");
        return;
    }
    if (r->query[0] != '\0' && strcmp(r->query, "form=svg") != 0) {
        serve_problem(s, r->ticket, 400, "the only choice is form=svg");
        return;
    }
    for (uint16_t i = 0; i < s->h->program->n_calls; i++) {
        const struct mr_call *call = s->h->program->calls[i];

        if (call->docflow != NULL && strlen(call->name) == n &&
            memcmp(call->name, r->rest, n) == 0) {
            begin_chain(s, i, r, slash + 1);
            return;
        }
    }
    serve_problem(s, r->ticket, 404, "there is no docflow of this name");
}

void
serve_docflow_gone(struct serve *s, uint64_t ticket)
{
    for (struct serve_chain *c = s->chains; c != NULL; c = c->next)
        if (c->ticket == ticket) {
            s->counts[c->which].gone++;
            docflow_cancel(&c->f);
            return;
        }
}

/* One that waits for a token stays until the session ends. */
void
serve_docflow_close(struct serve *s)
{
    struct serve_chain *next;

    for (struct serve_chain *c = s->chains; c != NULL; c = next) {
        next = c->next;
        docflow_cancel(&c->f);
    }
}
