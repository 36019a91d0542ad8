/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IDocs by HTTP: what is written becomes messages that are posted, several
 * IDocs in one. The receiver answers for each, or with a status for all. An
 * IDoc of which that is unsure is sent again with the number that it had, by
 * which a receiver knows it. Records can't be read; they come by themselves.
 */
#define _GNU_SOURCE
#include "peer/idoc.h"

#include <stdlib.h>

#include "http/client.h"
#include "peer/idoc_out.h"
#include "peer/peer.h"
#include "peer/redact.h"
#include "peer/results.h"

enum { BATCH = 1, IN_FLIGHT = 4, TIMEOUT_MS = 60000 };

struct idocs {
    struct peer peer;
    struct mr_cx cx;
    struct peer_settings set;
    struct http_client *client;
    struct http_session *session;
    bool closing;
    const struct mr_op **pending;
    size_t n_pending, room;
    size_t running;
    struct results results;
};

/* One message under way. */
struct packet {
    struct idocs *i;
    struct bytes body;
    size_t n;
    const struct mr_op *ops[];
};

static void pump(struct idocs *i);

static void
free_packet(struct packet *k)
{
    bytes_free(&k->body);
    mr_resize(&k->i->cx, k, 0);
}

static void
give_all(struct packet *k, enum op_outcome outcome, const char *text,
         uint32_t retry_after)
{
    for (size_t i = 0; i < k->n; i++)
        results_add(&k->i->results, k->ops[i], outcome, text, retry_after);
}

/* ---- answers ---- */

/* Statuses of inbound processing that mean: not taken over. */
static bool
is_error(int status)
{
    static const int errors[] = { 51, 52, 56, 60, 63, 65, 68 };

    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (errors[i] == status)
            return true;
    return false;
}

static const char *
without_zeros(const char *docnum)
{
    while (*docnum == '0')
        docnum++;
    return docnum;
}

/* The status of an operation's IDoc; they mostly stand in the order sent, and
 * *at is behind the last one found. No more are looked at than were sent, lest
 * an endless answer takes as long. */
static bool
status_of(const struct http_reply *reply, const struct packet *k, size_t i,
          struct op_bytes *at, struct idoc_status *s)
{
    const char *wanted = without_zeros(k->ops[i]->message_token);
    struct op_bytes left = *at;

    if (idoc_answer(&left, s) &&
        strcmp(without_zeros(s->docnum), wanted) == 0) {
        *at = left;
        return true;
    }
    left = (struct op_bytes){ reply->body, reply->n };
    for (size_t n = 0; n < k->n && idoc_answer(&left, s); n++)
        if (strcmp(without_zeros(s->docnum), wanted) == 0) {
            *at = left;
            return true;
        }
    return false;
}

/* What it says, without what was sent. */
static void
say_refused(struct packet *k, const struct mr_op *op, struct idoc_status *s)
{
    size_t n = redact_xml(s->text, strlen(s->text), op->parts[0].body);
    char text[200];

    s->text[redact_rest(s->text, n)] = '\0';
    n = (size_t)snprintf(text, sizeof text, "status %d%s%s", s->status,
                         s->text[0] != '\0' ? ": " : "", s->text);
    if (n >= sizeof text)
        text[redact_cut(text, sizeof text - 1, sizeof text - 4)] = '\0';
    results_add(&k->i->results, op, OP_REFUSED, text, 0);
}

static void
take_statuses(struct packet *k, const struct http_reply *reply)
{
    struct op_bytes at = { reply->body, reply->n };

    for (size_t i = 0; i < k->n; i++) {
        struct idoc_status s;

        if (!status_of(reply, k, i, &at, &s)) {
            results_add(&k->i->results, k->ops[i], OP_UNSURE,
                        "the answer says nothing about this IDoc", 0);
        } else if (is_error(s.status)) {
            say_refused(k, k->ops[i], &s);
        } else {
            results_add(&k->i->results, k->ops[i], OP_OK, "", 0);
        }
    }
}

/* Answers of SAP's own services for IDocs, which have no status for each. */
static bool
is_plain_success(const struct http_reply *reply)
{
    static const char *const words[] = { "inbound ok", "urn:sap-com:document" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (reply->n > 0 && memmem(reply->body, reply->n, words[i],
                                   strlen(words[i])) != NULL)
            return true;
    return reply->n == 0;
}

static bool start(struct idocs *i, const struct mr_op *const *ops, size_t n);

static void
send_singly(struct packet *k)
{
    for (size_t i = 0; i < k->n; i++)
        if (!start(k->i, &k->ops[i], 1))
            results_add(&k->i->results, k->ops[i], OP_BUSY, "memory ran out",
                        0);
}

static void
take_status(struct packet *k, const struct http_reply *reply)
{
    struct op_bytes all = { reply->body, reply->n };
    struct idoc_status s;
    char text[80];
    size_t n = 0;
    const char *wait = http_reply_header(reply, "retry-after", &n);
    uint32_t seconds = wait == NULL ? 0 : (uint32_t)strtoul(wait, NULL, 10);

    snprintf(text, sizeof text, "HTTP %d", reply->status);
    if (reply->status >= 200 && reply->status < 300) {
        if (idoc_answer(&all, &s))
            take_statuses(k, reply);
        else if (is_plain_success(reply))
            give_all(k, OP_OK, "", 0);
        else
            give_all(k, OP_UNSURE, "the answer is not understood", 0);
    } else if (reply->status == 429 || reply->status == 503 ||
               reply->status == 423) {
        give_all(k, OP_BUSY, text, seconds < 3600 ? seconds : 3600);
    } else if (reply->status >= 500 || reply->status == 408) {
        give_all(k, OP_UNSURE, text, 0);
    } else if (reply->status == 400 || reply->status == 413 ||
               reply->status == 415 || reply->status == 422) {
        if (k->n > 1)
            send_singly(k);
        else
            give_all(k, OP_REFUSED, text, 0);
    } else {
        /* 401, 403, but also an address that is not that of a service. */
        give_all(k, OP_DENIED, text, 0);
    }
}

static void
answered(void *arg, struct http_reply *reply)
{
    struct packet *k = arg;
    struct idocs *i = k->i;

    if (i->closing) {
        free_packet(k);
        return;
    }
    i->running--;
    switch (reply->end) {
    case HTTP_ANSWERED:
        take_status(k, reply);
        break;
    case HTTP_NOT_SENT:
        give_all(k, OP_BUSY, reply->text, 0);
        break;
    case HTTP_DENIED:
        give_all(k, OP_DENIED, reply->text, 0);
        break;
    case HTTP_BROKEN:
    case HTTP_TOO_LARGE:
        give_all(k, OP_UNSURE, reply->text, 0);
        break;
    }
    free_packet(k);
    pump(i);
}

/* ---- sending ---- */

static bool
write_packet(struct packet *k)
{
    time_t now = time(NULL);

    for (size_t i = 0; i < k->n; i++)
        if (!idoc_add(&k->body, k->ops[i], now, i == 0))
            return false;
    return idoc_close(&k->body, k->ops[0]->parts[0].body);
}

/* false: memory; nothing was begun. */
static bool
start(struct idocs *i, const struct mr_op *const *ops, size_t n)
{
    static const struct http_header headers[] = {
        { "Content-Type", "text/xml; charset=utf-8" },
        { "Accept", "text/xml, application/xml, */*" }
    };
    struct packet *k = mr_resize(&i->cx, NULL, sizeof *k + n * sizeof *ops);
    struct http_call call = {
        .method = "POST", .url = i->set.url, .headers = headers,
        .n_headers = 2, .timeout_ms = i->set.timeout_ms, .done = answered,
        .arg = k
    };

    if (k == NULL)
        return false;
    k->i = i;
    k->n = n;
    memcpy(k->ops, ops, n * sizeof *ops);
    bytes_init(&k->body, &i->cx.memory);
    if (!write_packet(k)) {
        give_all(k, k->body.failed ? OP_BUSY : OP_REFUSED,
                 k->body.failed ? "memory ran out" : "this is no IDoc", 0);
        free_packet(k);
        return true;
    }
    call.body = k->body.p;
    call.n = k->body.n;
    i->running++;
    if (http_send(i->session, &call))
        return true;
    i->running--;
    free_packet(k);
    return false;
}

static bool
goes_with(const struct mr_op *a, const struct mr_op *b)
{
    return a->n_parts == 1 && b->n_parts == 1 &&
           idoc_joins(a, b);
}

static size_t
gather(struct idocs *i, const struct mr_op **ops)
{
    size_t n = 0, kept = 0;

    for (size_t k = 0; k < i->n_pending; k++) {
        const struct mr_op *op = i->pending[k];

        if (n < i->set.batch && (n == 0 || goes_with(ops[0], op)))
            ops[n++] = op;
        else
            i->pending[kept++] = op;
    }
    i->n_pending = kept;
    return n;
}

static void
pump(struct idocs *i)
{
    const struct mr_op **ops;

    if (i->n_pending == 0 || i->running >= i->set.in_flight)
        return;
    ops = mr_resize(&i->cx, NULL, i->set.batch * sizeof *ops);
    while (ops != NULL && i->n_pending > 0 && i->running < i->set.in_flight) {
        size_t n = gather(i, ops);

        if (!start(i, ops, n))
            for (size_t k = 0; k < n; k++)
                results_add(&i->results, ops[k], OP_BUSY, "memory ran out", 0);
    }
    mr_resize(&i->cx, ops, 0);
    i->cx.error.status = MR_OK;
}

/* ---- as a peer ---- */

static bool
submit(struct peer *p, const struct mr_op *op)
{
    struct idocs *i = (struct idocs *)(void *)p;
    bool writes = op->kind == OP_CREATE || op->kind == OP_UPDATE ||
                  op->kind == OP_REMOVE;

    if (i->n_pending == i->room || !results_reserve(&i->results))
        return false;
    if (writes && op->n_parts == 1 && op->message_token != NULL)
        i->pending[i->n_pending++] = op;
    else
        results_add(&i->results, op, OP_REFUSED,
                    "this can't be asked of a receiver of IDocs", 0);
    return true;
}

static void
flush(struct peer *p)
{
    pump((struct idocs *)(void *)p);
}

static bool
collect(struct peer *p, struct op_result *out)
{
    return results_take(&((struct idocs *)(void *)p)->results, out);
}

static void
close_peer(struct peer *p)
{
    struct idocs *i = (struct idocs *)(void *)p;
    struct mr_memory memory = i->cx.memory;

    i->closing = true;
    if (i->session != NULL)
        http_session_free(i->session);
    results_done(&i->results);
    mr_resize(&i->cx, i->pending, 0);
    mr_cx_done(&i->cx);
    memory.resize(memory.arg, i, 0);
}

static bool
check(struct peer *p, const struct mr_program *program,
      const struct peer_report *report)
{
    struct idocs *i = (struct idocs *)(void *)p;

    (void)program;
    return idoc_check(&i->cx, i->client, i->session, &i->set, report);
}

static const struct peer_ops ops = {
    "idoc", false, submit, flush, collect, check, close_peer
};

struct peer *
peer_idoc_new(struct mr_cx *cx, struct http_client *client,
              const struct peer_settings *settings)
{
    struct idocs *i = mr_resize(cx, NULL, sizeof *i);

    if (i == NULL)
        return NULL;
    memset(i, 0, sizeof *i);
    i->peer.ops = &ops;
    mr_cx_init(&i->cx, &cx->memory);
    results_init(&i->results, &cx->memory);
    i->set = *settings;
    i->client = client;
    if (i->set.batch == 0)
        i->set.batch = BATCH;
    if (i->set.in_flight == 0)
        i->set.in_flight = IN_FLIGHT;
    if (i->set.timeout_ms == 0)
        i->set.timeout_ms = TIMEOUT_MS;
    i->room = (size_t)i->set.batch * i->set.in_flight * 2;
    i->pending = mr_resize(cx, NULL, i->room * sizeof *i->pending);
    i->session = http_session_new(cx, client, settings->auth);
    if (i->pending == NULL || i->session == NULL ||
        http_session_allows(cx, i->session, i->set.url) != MR_OK) {
        mr_fail(cx, MR_EMEMORY, "memory ran out");
        close_peer(&i->peer);
        return NULL;
    }
    return &i->peer;
}
