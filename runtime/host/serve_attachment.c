/* SPDX-License-Identifier: Apache-2.0 */
/* An attachment takes a place among the calls under way. */
#include "host/serve_attachment.h"

#include <inttypes.h>
#include <stdlib.h>

#include "call/attachment.h"
#include "host/call_words.h"
#include "host/clock.h"

struct serve_carry {
    struct attachment a;
    struct serve *serve;
    struct serve_carry *next;
    uint64_t ticket;
    size_t which;               /* of the calls */
    int64_t began;
};

static void
answer(struct serve_carry *c)
{
    struct calling *q = attachment_said(&c->a);
    bool good = q->end == CALL_ANSWERED;
    struct server_answer a = {
        .status = call_status(q),
        .type = good ? "application/json" : "application/problem+json"
    };
    char *text = NULL;
    FILE *out = open_memstream(&text, &a.n);

    if (out != NULL) {
        if (good)
            fprintf(out, "{\"bytes\":%" PRIu64 "}\n", c->a.source.sent);
        else
            call_problem_json(out, q);
        if (fclose(out) == 0)
            a.body = text;
    }
    if (a.body != NULL)
        server_answer(c->serve->server, c->ticket, &a);
    else
        serve_problem(c->serve, c->ticket, 503, "memory ran out");
    free(text);
}

static void
ended(void *arg, struct attachment *a)
{
    struct serve_carry *c = arg, **at;
    struct serve *s = c->serve;
    struct calling *q = attachment_said(a);

    /* At the end of the program nobody is there to be answered. */
    if (s->server != NULL) {
        answer(c);
        call_counted(&s->counts[c->which], q->end, host_ticks() - c->began);
        serve_log(s, q);
    }
    for (at = &s->carries; *at != c;)
        at = &(*at)->next;
    *at = c->next;
    attachment_done(a);
    mr_resize(&s->cx, c, 0);
    s->under_way--;
}

static void
begin(struct serve *s, size_t which, const struct server_request *r,
      const char *key)
{
    const struct mr_call *call = s->h->program->calls[which];
    struct called *from = called_find(&s->systems, call->from);
    struct called *to = called_find(&s->systems, call->to);
    uint32_t wait = serve_wait(r->header);
    struct serve_carry *c =
        from == NULL || to == NULL || s->under_way >= s->n_slots
            ? NULL : mr_resize(&s->cx, NULL, sizeof *c);

    if (c == NULL) {
        s->counts[which].refused++;
        serve_problem(s, r->ticket, 503, "too many calls at once");
        return;
    }
    s->under_way++;
    c->serve = s;
    c->next = s->carries;
    s->carries = c;
    c->ticket = r->ticket;
    c->which = which;
    c->began = host_ticks();
    attachment_init(&c->a, call, NULL, host_ticks);
    if (wait != 0)
        attachment_hurry(&c->a, wait);
    if (attachment_begin(&c->a, key, strlen(key)))
        attachment_send(
            &c->a,
            (struct attachment_place){ from->session, from->system->url },
            (struct attachment_place){ to->session, to->system->url }, ended,
            c);
    else
        ended(c, &c->a);
}

void
serve_attachment(struct serve *s, const struct server_request *r)
{
    const char *slash = strchr(r->rest, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - r->rest);

    if (slash == NULL || slash[1] == '\0') {
        serve_problem(s, r->ticket, 404, "say which attachment");
        return;
    }
    for (uint16_t i = 0; i < s->h->program->n_calls; i++) {
        const struct mr_call *call = s->h->program->calls[i];

        if (call->attachment != NULL && strlen(call->name) == n &&
            memcmp(call->name, r->rest, n) == 0) {
            begin(s, i, r, slash + 1);
            return;
        }
    }
    serve_problem(s, r->ticket, 404, "there is no attachment of this name");
}

void
serve_attachment_gone(struct serve *s, uint64_t ticket)
{
    for (struct serve_carry *c = s->carries; c != NULL; c = c->next)
        if (c->ticket == ticket) {
            s->counts[c->which].gone++;
            attachment_cancel(&c->a);
            return;
        }
}

void
serve_attachment_step(struct serve *s)
{
    struct serve_carry *next;

    for (struct serve_carry *c = s->carries; c != NULL; c = next) {
        next = c->next;
        attachment_watch(&c->a);
    }
}

/* One that waits for a token stays until the session ends. */
void
serve_attachment_close(struct serve *s)
{
    struct serve_carry *next;

    for (struct serve_carry *c = s->carries; c != NULL; c = next) {
        next = c->next;
        attachment_cancel(&c->a);
    }
}
