/* SPDX-License-Identifier: Apache-2.0 */
/* The inbound endpoint: POST /idoc/SYSTEM for messages, /healthz, /readyz and
 * /metrics. */
#include "host/endpoint.h"

#include <stdlib.h>

#include "host/folders.h"
#include "host/listen.h"
#include "peer/idoc.h"

enum route { ROUTE_IDOC, ROUTE_HEALTH, ROUTE_READY, ROUTE_METRICS, ROUTES };

static const char *const xml_types[] = { "text/xml", "application/xml", NULL };

struct endpoint {
    struct http_server *server;         /* NULL: it does not listen */
    struct server_route routes[ROUTES];
    /* Requests not answered yet: the first `given` are with the engine, the
     * others wait for room in its queue. */
    struct server_request *requests;
    size_t n, given, room;
    struct folders *folders;    /* NULL: no system is one */
};

/* --- opening --- */

static void
fill_routes(struct session *s)
{
    enum server_guard guard = listen_guard(&s->config);
    /* Counts say something about the business: not for everybody out there. */
    enum server_guard counts =
        config_is_loopback(s->config.inbound.listen) ? SERVER_OPEN : guard;
    struct server_route *r = s->endpoint->routes;

    r[ROUTE_IDOC] = (struct server_route){
        .method = "POST", .path = "/idoc/", .types = xml_types, .guard = guard
    };
    r[ROUTE_HEALTH] = (struct server_route){ .method = "GET",
                                             .path = "/healthz" };
    r[ROUTE_READY] = (struct server_route){ .method = "GET",
                                            .path = "/readyz" };
    r[ROUTE_METRICS] = (struct server_route){
        .method = "GET", .path = "/metrics", .guard = counts
    };
}

static int
listen_now(struct session *s)
{
    fill_routes(s);
    return listen_open(&s->config, &s->cx, s->endpoint->routes, ROUTES,
                       s->client, false, &s->endpoint->server);
}

int
endpoint_open(struct session *s)
{
    struct endpoint *in = mr_resize(&s->cx, NULL, sizeof *in);

    if (in == NULL)
        return session_error(s, &s->cx);
    memset(in, 0, sizeof *in);
    s->endpoint = in;
    in->room = s->config.inbound.connections;
    in->requests = mr_resize(&s->cx, NULL, in->room * sizeof *in->requests);
    if (in->requests == NULL)
        return session_error(s, &s->cx);
    if (!folders_open(s, &in->folders))
        return session_error(s, &s->cx);
    return s->config.inbound.listen != NULL ? listen_now(s) : HOST_OK;
}

void
endpoint_close(struct session *s)
{
    struct endpoint *in = s->endpoint;

    if (in == NULL)
        return;
    if (in->server != NULL)
        server_free(in->server);
    folders_close(s, in->folders);
    mr_resize(&s->cx, in->requests, 0);
    mr_resize(&s->cx, in, 0);
    s->endpoint = NULL;
}

void
endpoint_quiet(struct session *s)
{
    if (s->endpoint != NULL && s->endpoint->server != NULL)
        server_quiet(s->endpoint->server);
}

uint16_t
endpoint_port(const struct session *s)
{
    return s->endpoint != NULL && s->endpoint->server != NULL
               ? server_port(s->endpoint->server)
               : 0;
}

/* --- answers --- */

static void
answer(struct session *s, uint64_t ticket, int status, const char *type,
       const char *body, size_t n)
{
    struct server_answer a = { status, type, body, n,
                               status == 503 ? 1u : 0u };

    server_answer(s->endpoint->server, ticket, &a);
}

static void
put_xml(FILE *out, const char *p)
{
    for (; *p != '\0'; p++) {
        if (*p == '<' || *p == '>' || *p == '&')
            fprintf(out, "&#%d;", *p);
        else
            fputc((unsigned char)*p < 0x20 ? ' ' : *p, out);
    }
}

static void
answer_error(struct session *s, uint64_t ticket, int status, const char *text)
{
    char body[600];
    FILE *out = fmemopen(body, sizeof body, "w");
    size_t n = 0;

    if (out != NULL) {
        fputs("<error>", out);
        put_xml(out, text);
        fputs("</error>\n", out);
        fflush(out);
        n = (size_t)ftell(out);
        fclose(out);
    }
    answer(s, ticket, status, "text/xml", body, n);
}

/* What came is on disk. Each IDoc is named: 64, ready to be passed on. */
static void
answer_kept(struct session *s, const struct server_request *r)
{
    struct idoc_control control;
    struct idoc_in *in = NULL;
    char *body = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&body, &n);

    if (out == NULL) {
        answer(s, r->ticket, 200, NULL, NULL, 0);
        return;
    }
    fputs("<IDOCS>", out);
    if (idoc_in_open(&s->cx, r->body, r->n, NULL, &in) == MR_OK) {
        while (idoc_in_next(&s->cx, in, &control) == MR_OK) {
            fputs("<IDOC><DOCNUM>", out);
            put_xml(out, control.docnum);
            fputs("</DOCNUM><STATUS>64</STATUS></IDOC>", out);
        }
        idoc_in_close(&s->cx, in);
    }
    memset(&s->cx.error, 0, sizeof s->cx.error);
    fputs("</IDOCS>\n", out);
    fclose(out);
    answer(s, r->ticket, 200, "text/xml", body, n);
    free(body);
}

static void
answer_question(struct session *s, const struct server_request *r)
{
    size_t n = 0;
    char *text;

    switch ((enum route)r->route) {
    case ROUTE_HEALTH:
        answer(s, r->ticket, 200, "text/plain", "ok\n", 3);
        return;
    case ROUTE_READY:
        /* A system that is down is no reason to take no messages. */
        if (atomic_load(&s->stop.asked))
            answer(s, r->ticket, 503, "text/plain", "stopping\n", 9);
        else
            answer(s, r->ticket, 200, "text/plain", "ready\n", 6);
        return;
    case ROUTE_METRICS:
        text = metrics_text(s, &n);
        answer(s, r->ticket, text != NULL ? 200 : 503,
               "text/plain; version=0.0.4", text, n);
        free(text);
        return;
    case ROUTE_IDOC:
    case ROUTES:
        break;
    }
    answer_error(s, r->ticket, 404, "there is nothing here");
}

/* --- messages --- */

/* Drops request i, keeping the order of the others. */
static void
forget(struct endpoint *in, size_t i)
{
    in->n--;
    memmove(&in->requests[i], &in->requests[i + 1],
            (in->n - i) * sizeof in->requests[0]);
    in->given -= i < in->given;
}

static void
take_request(struct session *s, const struct server_request *r)
{
    struct endpoint *in = s->endpoint;

    if (r->route != ROUTE_IDOC)
        answer_question(s, r);
    else if (session_peer(s, r->rest) == NULL || !config_sends(s->h, r->rest))
        answer_error(s, r->ticket, 404,
                     "no map takes messages of a system of this name");
    else if (in->n == in->room)
        answer_error(s, r->ticket, 503, "too many messages at once");
    else
        in->requests[in->n++] = *r;
}

/* What is wrong and where, as far as that is known. */
static void
say_place(const struct mr_error *e, char *text, size_t room)
{
    if (e->line != 0 && e->column != 0)
        snprintf(text, room, "%s (line %llu, column %llu)", e->text,
                 (unsigned long long)e->line, (unsigned long long)e->column);
    else
        snprintf(text, room, "%s", e->text);
}

/* Those that wait, in their order, while the engine has room. */
static size_t
give_requests(struct session *s)
{
    struct endpoint *in = s->endpoint;
    char why[400];
    size_t given = 0;

    while (in->given < in->n) {
        const struct server_request *r = &in->requests[in->given];
        enum mr_status st = engine_message(s->engine, r->rest, r->body, r->n,
                                           r->ticket);

        if (st == MR_ELIMIT) {
            memset(&s->engine_cx.error, 0, sizeof s->engine_cx.error);
            break;
        }
        given++;
        if (st == MR_OK) {
            in->given++;
            continue;
        }
        say_place(&s->engine_cx.error, why, sizeof why);
        log_line(s, LOG_WARNING, "refused", "a message of %s: %s", r->rest,
                 why);
        answer_error(s, r->ticket, st == MR_EFORMAT ? 400 : 503, why);
        memset(&s->engine_cx.error, 0, sizeof s->engine_cx.error);
        forget(in, in->given);
    }
    return given;
}

size_t
endpoint_take(struct session *s)
{
    struct server_request r;
    size_t n = 0;

    if (s->endpoint == NULL)
        return 0;
    while (s->endpoint->server != NULL && server_take(s->endpoint->server, &r))
        take_request(s, &r);
    n = give_requests(s);
    return n + folders_take(s, s->endpoint->folders);
}

void
endpoint_settle(struct session *s)
{
    struct endpoint *in = s->endpoint;
    uint64_t ticket;

    while (in != NULL && engine_accepted(s->engine, &ticket)) {
        if (folders_settle(s, in->folders, ticket))
            continue;
        for (size_t i = 0; i < in->given; i++)
            if (in->requests[i].ticket == ticket) {
                answer_kept(s, &in->requests[i]);
                forget(in, i);
                break;
            }
    }
}

bool
endpoint_waits(const struct session *s)
{
    const struct endpoint *in = s->endpoint;

    return in != NULL && (in->n > 0 || folders_wait(in->folders));
}
