/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serving calls. A request gets a slot, or is sent away with 503: what is not
 * begun costs its caller nothing but a moment. When its caller goes away or its
 * time is over, the call ends, whatever the called system does.
 */
#include "host/serve.h"

#include <stdlib.h>

#include "host/call_words.h"
#include "host/clock.h"
#include "host/effects.h"
#include "host/listen.h"
#include "host/log_out.h"
#include "host/openapi.h"
#include "host/serve_attachment.h"
#include "host/serve_docflow.h"
#include "host/serve_document.h"
#include "host/serve_soap.h"

/* What a call may come as, and its answer be. */
static const char *const json_types[] = { "application/json", "text/xml",
                                          NULL };
/* While documents and attachments are under way, their time is looked at so
 * often. */
enum { WATCH_MS = 100 };
static const char problem_type[] = "application/problem+json";

struct serve_slot {
    struct calling q;
    struct once once;
    struct serve *serve;
    struct serve_slot *next;    /* spare ones */
    uint64_t ticket;            /* 0: free */
    size_t which;               /* of the calls */
    const struct soap_in *soap; /* it came in an envelope; NULL: JSON */
    unsigned char key[CALL_KEY];        /* where answers are kept */
};

/* --- opening --- */

static void
fill_routes(struct serve *s)
{
    enum server_guard guard = listen_guard(&s->config);
    enum server_guard inside = config_is_loopback(s->config.inbound.listen)
                                   ? SERVER_OPEN : guard;
    struct server_route *r = s->routes;

    r[SERVE_CALL] = (struct server_route){
        .method = "POST", .path = "/call/", .types = json_types,
        .guard = guard, .header = "Prefer"
    };
    r[SERVE_DOCFLOW] = (struct server_route){
        .method = "GET", .path = "/docflow/", .guard = guard,
        .header = "Prefer"
    };
    r[SERVE_DOCUMENT] = (struct server_route){
        .method = "GET", .path = "/document/", .guard = guard,
        .header = "Prefer"
    };
    r[SERVE_ATTACHMENT] = (struct server_route){
        .method = "POST", .path = "/attachment/", .guard = guard,
        .header = "Prefer"
    };
    r[SERVE_WSDL] = (struct server_route){
        .method = "GET", .path = "/call/", .guard = guard
    };
    r[SERVE_HEALTH] = (struct server_route){ .method = "GET",
                                             .path = "/healthz" };
    r[SERVE_READY] = (struct server_route){ .method = "GET",
                                            .path = "/readyz" };
    r[SERVE_METRICS] = (struct server_route){
        .method = "GET", .path = "/metrics", .guard = inside
    };
    r[SERVE_OPENAPI] = (struct server_route){
        .method = "GET", .path = "/openapi.json", .guard = guard
    };
}

/* What the call that looks reads and answers, under this call's name. */
static bool
make_found(struct serve *s, uint16_t which)
{
    const struct mr_call *const *calls = s->h->program->calls;
    struct mr_call look = *calls[which];

    memset(&s->found[which], 0, sizeof s->found[which]);
    if (look.n_keys == 0)
        return true;
    look.request = calls[look.find]->request;
    look.response = calls[look.find]->response;
    return soap_in_make(&s->cx, &look, &s->found[which]) ||
           s->cx.error.status == MR_OK;
}

static bool
make_slots(struct serve *s)
{
    size_t n = s->config.calls_in_flight;
    uint16_t calls = s->h->program->n_calls;

    s->slots = mr_resize(&s->cx, NULL, n * sizeof *s->slots);
    s->counts = mr_resize(&s->cx, NULL, calls * sizeof *s->counts);
    s->soap = mr_resize(&s->cx, NULL, calls * sizeof *s->soap);
    s->found = mr_resize(&s->cx, NULL, calls * sizeof *s->found);
    s->cache = call_cache_new((size_t)s->config.calls_cache_mb << 20);
    if (s->slots == NULL || s->counts == NULL || s->cache == NULL ||
        s->soap == NULL || s->found == NULL)
        return false;
    for (uint16_t i = 0; i < calls; i++)
        if ((!soap_in_make(&s->cx, s->h->program->calls[i], &s->soap[i]) &&
             s->cx.error.status != MR_OK) || !make_found(s, i))
            return false;
    memset(s->slots, 0, n * sizeof *s->slots);
    memset(s->counts, 0, calls * sizeof *s->counts);
    s->n_slots = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        s->slots[i].serve = s;
        s->slots[i].next = s->spare;
        s->spare = &s->slots[i];
    }
    return true;
}

int
serve_open(const struct host *h, struct serve *s, const char *config)
{
    int code;

    memset(s, 0, sizeof *s);
    s->h = h;
    mr_cx_init(&s->cx, NULL);
    mr_cx_init(&s->systems.cx, NULL);
    if (!config_read(h, &s->config, config))
        return HOST_USAGE;
    s->log_level = s->config.log_level;
    if (s->config.inbound.listen == NULL) {
        config_wrong(&s->config, NULL, "inbound.listen", "is missing: serve "
                     "needs an address to listen at");
        return HOST_USAGE;
    }
    code = called_open(&s->systems, &s->config, NULL);
    if (code != HOST_OK)
        return code;
    if (!make_slots(s)) {
        fprintf(stderr, "%s: memory ran out\n", h->name);
        return HOST_INTERNAL;
    }
    code = effects_open(h, &s->config, &s->journal);
    if (code != HOST_OK)
        return code;
    fill_routes(s);
    signals_begin(&s->stop, s->systems.client);
    return listen_open(&s->config, &s->cx, s->routes, SERVE_ROUTES,
                       s->systems.client, true, &s->server);
}

static void
cancel(struct serve_slot *slot)
{
    if (slot->once.q != NULL)
        once_cancel(&slot->once);
    else
        calling_cancel(&slot->q);
}

void
serve_close(struct serve *s)
{
    signals_end(&s->stop);
    for (uint32_t i = 0; i < s->n_slots; i++)
        if (s->slots[i].ticket != 0)
            cancel(&s->slots[i]);
    serve_docflow_close(s);
    serve_document_close(s);
    serve_attachment_close(s);
    if (s->server != NULL)
        server_free(s->server);
    s->server = NULL;
    called_close(&s->systems);
    call_cache_free(s->cache);
    mr_resize(&s->cx, s->slots, 0);
    mr_resize(&s->cx, s->counts, 0);
    mr_resize(&s->cx, s->soap, 0);
    mr_resize(&s->cx, s->found, 0);
    journal_close(s->journal);
    mr_cx_done(&s->cx);
    config_done(&s->config);
}

/* --- answers --- */

void
serve_log(struct serve *s, const struct calling *q)
{
    bool good = q->end == CALL_ANSWERED;
    enum config_level level = good                       ? LOG_DEBUG
                              : call_status(q) / 100 == 4 ? LOG_INFO
                                                         : LOG_WARNING;
    struct log_line l = { "", q->call->name, q->call->to, "", q->text };

    if (level <= s->log_level)
        log_put(&s->config, level, call_end_word(q->end), &l);
}

static void
answer_text(struct serve *s, uint64_t ticket, int status, const char *type,
            const char *text)
{
    struct server_answer a = { status, type, text, strlen(text),
                               status == 503 ? 1u : 0u };

    server_answer(s->server, ticket, &a);
}

void
serve_problem(struct serve *s, uint64_t ticket, int status, const char *title)
{
    char text[300];

    snprintf(text, sizeof text, "{\"title\":\"%s\",\"status\":%d}\n", title,
             status);
    answer_text(s, ticket, status, problem_type, text);
}

/* A kept answer, and how old it is. `stale`: older than it should be. */
static void
answer_kept(struct serve *s, uint64_t ticket, const struct soap_in *soap,
            const struct cached *kept, bool stale)
{
    long long age = (long long)((host_ticks() - kept->at) / 1000000);
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (out != NULL) {
        if (soap != NULL) {
            soap_in_kept(out, soap, kept->text, kept->n, age, stale);
        } else {
            fprintf(out, "{\"age\":%lld,%s", age,
                    stale ? "\"stale\":true," : "");
            fwrite(kept->text + 1, 1, kept->n - 1, out);
        }
        if (fclose(out) == 0) {
            struct server_answer a = { 200, soap != NULL ? serve_soap_type
                                                         : json_types[0],
                                       text, n, 0 };

            server_answer(s->server, ticket, &a);
            free(text);
            return;
        }
    }
    free(text);
    serve_problem(s, ticket, 503, "memory ran out");
}

/* The system is to blame, not the request: an older answer may do. */
static bool
may_be_older(const struct calling *q)
{
    return q->call->last_known &&
           (q->end == CALL_LATE || q->end == CALL_NOT_SENT ||
            q->end == CALL_BROKEN || q->end == CALL_GARBLED ||
            q->end == CALL_DENIED);
}

/* false: an answer that can't be written. */
static bool
write_answer(FILE *out, struct calling *q, const struct soap_in *soap)
{
    return soap != NULL ? soap_in_answer(out, q, soap)
                        : call_answer_json(out, q);
}

static void
answer_call(struct serve *s, uint64_t ticket, struct calling *q,
            const unsigned char key[CALL_KEY], const struct soap_in *soap)
{
    struct cached kept;
    char *text = NULL;
    size_t n = 0;
    FILE *out;
    struct server_answer a = { 500, NULL, NULL, 0, 0 };

    if (may_be_older(q) && call_cache_get(s->cache, key, &kept)) {
        answer_kept(s, ticket, soap, &kept, true);
        return;
    }
    out = open_memstream(&text, &n);
    if (out != NULL) {
        bool good = q->end == CALL_ANSWERED && write_answer(out, q, soap);

        if (q->end == CALL_ANSWERED && !good)
            q->end = CALL_FAILED;
        if (!good && soap != NULL)
            soap_in_fault(out, q);
        else if (!good)
            call_problem_json(out, q);
        if (fclose(out) == 0) {
            a.status = good || soap == NULL ? call_status(q) : 500;
            a.type = soap != NULL ? serve_soap_type
                     : good       ? json_types[0]
                                  : problem_type;
            a.body = text;
            a.n = n;
            a.retry_after = a.status == 409 ? 1 : 0;
            if (good && q->call->cache > 0)
                call_cache_put(s->cache, key, text, n, host_ticks());
        }
    }
    server_answer(s->server, ticket, &a);
    free(text);
}

/* --- calls --- */

static void
free_slot(struct serve_slot *slot)
{
    struct serve *s = slot->serve;

    once_done(&slot->once);
    calling_done(&slot->q);
    slot->ticket = 0;
    slot->next = s->spare;
    s->spare = slot;
    s->under_way--;
}

/* As which envelope it is answered; NULL: as JSON. */
static const struct soap_in *
form(const struct serve_slot *slot)
{
    bool found = slot->once.open && slot->q.repeated &&
                 slot->q.answer == slot->once.look.answer;

    return slot->soap != NULL && found ? &slot->serve->found[slot->which]
                                       : slot->soap;
}

static void
slot_end(struct serve_slot *slot)
{
    struct serve *s = slot->serve;

    /* At the end of the program nobody is there to be answered. */
    if (s->server != NULL) {
        answer_call(s, slot->ticket, &slot->q, slot->key, form(slot));
        call_counted(&s->counts[slot->which], slot->q.end,
                     host_ticks() - slot->q.began);
        serve_log(s, &slot->q);
    }
    free_slot(slot);
}

/* Is there an answer to just this request that is young enough? */
static bool
answered_before(struct serve *s, struct serve_slot *slot)
{
    const struct mr_call *call = slot->q.call;
    struct cached kept;

    if (call->cache == 0)
        return false;
    call_cache_key(call->name, slot->soap != NULL,
                   slot->q.address.p == NULL ? "" : slot->q.address.p,
                   slot->q.request.at, slot->q.request.n, slot->key);
    if (!call_cache_get(s->cache, slot->key, &kept) ||
        host_ticks() - kept.at > (int64_t)call->cache * 1000000)
        return false;
    answer_kept(s, slot->ticket, slot->soap, &kept, false);
    s->counts[slot->which].kept++;
    free_slot(slot);
    return true;
}

static void
call_ended(void *arg, struct calling *q)
{
    (void)q;
    slot_end(arg);
}

uint32_t
serve_wait(const char *prefer)
{
    const char *p = strstr(prefer, "wait=");
    unsigned long n = p == NULL ? 0 : strtoul(p + 5, NULL, 10);

    return n > 600 ? 600000 : (uint32_t)n * 1000;
}

static void
send_once(struct serve_slot *slot, struct called *to,
          const struct server_request *r)
{
    struct serve *s = slot->serve;
    struct once *o = &slot->once;

    once_init(o, &slot->q, s->h->program->calls[slot->q.call->find],
              s->journal, host_now);
    if (slot->soap != NULL)
        o->reads = &s->found[slot->which].asked;
    if (once_begin(o, r->body, r->n))
        once_send(o, to->session, to->system->url, call_ended, slot);
    else
        slot_end(slot);
}

static void
begin_call(struct serve *s, size_t which, const struct server_request *r)
{
    const struct mr_call *call = s->h->program->calls[which];
    struct called *to = called_find(&s->systems, call->to);
    struct serve_slot *slot = s->spare;
    uint32_t wait = serve_wait(r->header);
    bool soap = r->type == 1;

    if (slot == NULL || to == NULL) {
        s->counts[which].refused++;
        (soap ? serve_fault : serve_problem)(s, r->ticket, 503,
                                               "too many calls at once");
        return;
    }
    if (soap && !s->soap[which].there) {
        serve_fault(s, r->ticket, 400, "this call takes no envelopes");
        return;
    }
    s->spare = slot->next;
    s->under_way++;
    slot->ticket = r->ticket;
    slot->which = which;
    slot->soap = soap ? &s->soap[which] : NULL;
    calling_init(&slot->q, call, NULL, host_ticks);
    if (soap)
        slot->q.reads = &s->soap[which].asked;
    if (wait != 0)
        calling_hurry(&slot->q, wait);
    if (!calling_begin(&slot->q, r->body, r->n))
        slot_end(slot);
    else if (call->n_keys > 0)
        send_once(slot, to, r);
    else if (!answered_before(s, slot))
        calling_send(&slot->q, to->session, to->system->url, call_ended,
                     slot);
}

static void
take_call(struct serve *s, const struct server_request *r)
{
    for (uint16_t i = 0; i < s->h->program->n_calls; i++)
        if (s->h->program->calls[i]->docflow == NULL &&
            s->h->program->calls[i]->document == NULL &&
            s->h->program->calls[i]->attachment == NULL &&
            strcmp(s->h->program->calls[i]->name, r->rest) == 0) {
            begin_call(s, i, r);
            return;
        }
    (r->type == 1 ? serve_fault : serve_problem)(
        s, r->ticket, 404, "there is no call of this name");
}

/* --- the other questions --- */

static void
answer_printed(struct serve *s, uint64_t ticket, enum serve_route route)
{
    const struct mr_program *p = s->h->program;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    bool printed = out != NULL;

    if (printed && route == SERVE_OPENAPI)
        openapi_print(out, p);
    else if (printed)
        call_counts_text(out, p->calls, s->counts, p->n_calls, s->under_way);
    printed = printed && fclose(out) == 0;
    if (printed)
        answer_text(s, ticket, 200, route == SERVE_OPENAPI
                    ? json_types[0] : "text/plain; version=0.0.4", text);
    else
        serve_problem(s, ticket, 503, "memory ran out");
    free(text);
}

static void
take(struct serve *s, const struct server_request *r)
{
    switch ((enum serve_route)r->route) {
    case SERVE_CALL:
        take_call(s, r);
        return;
    case SERVE_WSDL:
        serve_wsdl(s, r);
        return;
    case SERVE_DOCFLOW:
        serve_docflow(s, r);
        return;
    case SERVE_DOCUMENT:
        serve_document(s, r);
        return;
    case SERVE_ATTACHMENT:
        serve_attachment(s, r);
        return;
    case SERVE_HEALTH:
        answer_text(s, r->ticket, 200, "text/plain", "ok\n");
        return;
    case SERVE_READY:
        if (atomic_load(&s->stop.asked))
            answer_text(s, r->ticket, 503, "text/plain", "stopping\n");
        else
            answer_text(s, r->ticket, 200, "text/plain", "ready\n");
        return;
    case SERVE_METRICS:
    case SERVE_OPENAPI:
        answer_printed(s, r->ticket, (enum serve_route)r->route);
        return;
    case SERVE_ROUTES:
        break;
    }
    serve_problem(s, r->ticket, 404, "there is nothing here");
}

/* --- the loop --- */

static void
end_abandoned(struct serve *s)
{
    uint64_t ticket;

    while (server_gone(s->server, &ticket)) {
        serve_docflow_gone(s, ticket);
        serve_document_gone(s, ticket);
        serve_attachment_gone(s, ticket);
        for (uint32_t i = 0; i < s->n_slots; i++)
            if (s->slots[i].ticket == ticket) {
                s->counts[s->slots[i].which].gone++;
                cancel(&s->slots[i]);
            }
    }
}

void
serve_step(struct serve *s, uint32_t wait_ms)
{
    struct server_request r;
    uint32_t turn;

    do {
        turn = server_turn(s->server);
        while (server_take(s->server, &r))
            take(s, &r);
        end_abandoned(s);
        serve_document_step(s);
        serve_attachment_step(s);
    } while (server_is_due(s->server));
    if ((s->files != NULL || s->carries != NULL) && wait_ms > WATCH_MS)
        wait_ms = WATCH_MS;
    http_wait(s->systems.client, wait_ms < turn ? wait_ms : turn);
}
