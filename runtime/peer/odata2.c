/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OData v2 as SAP's services speak it. Operations wait until flush, go out
 * gathered, and come back one by one. Before the first request that sends
 * something the service is asked for a token against forged requests; when it
 * has forgotten it, once more. Neither counts as a try of the operation.
 */
#include "peer/odata_task.h"

enum {
    BATCH = 100, IN_FLIGHT = 4, TIMEOUT_MS = 60000,     /* where not said */
    TOKEN_TRIES = 2
};

static void pump(struct odata *o);

static void
end_task(struct task *t)
{
    struct odata *o = t->o;

    o->running--;
    o->writing -= t->writes;
    if (t->results == 0)
        task_free(t);
}

static void
fail_task(struct task *t, enum op_outcome outcome, const char *text,
          uint32_t retry_after)
{
    task_fail(t, outcome, text, retry_after);
    end_task(t);
}

static bool send_task(struct task *t);

static void
launch(struct task *t)
{
    t->o->running++;
    t->o->writing += t->writes;
    if (t->method == NULL)
        fail_task(t, OP_REFUSED, "this can't be asked of an OData service", 0);
    else if (!send_task(t))
        fail_task(t, OP_BUSY, "memory ran out", 0);
}

/* What is to be asked again goes in two halves, so that one request that spoils
 * a whole batch is found. */
static void
ask_again(struct odata *o, const struct mr_op *const *ops, size_t n,
          struct task *failed)
{
    size_t at = 0;

    while (at < n) {
        size_t part = n == failed->n && n > 1 ? (n + 1) / 2 : n;
        struct task *t;

        if (part > n - at)
            part = n - at;
        if (!failed->batch || failed->n == 1)
            part = 1;
        t = task_new(o, ops + at, part);
        for (size_t i = 0; t == NULL && i < part; i++)
            task_give(failed, ops[at + i], OP_BUSY, "memory ran out", 0);
        at += part;
        if (t != NULL)
            launch(t);
    }
}

static bool
refused_token(struct task *t)
{
    struct odata_reply reply = {
        t->reply.status, { t->reply.headers, t->reply.headers_n },
        { t->reply.body, t->reply.n }
    };

    return t->sends && t->token_tries < TOKEN_TRIES &&
           odata_wants_token(&reply);
}

/* The token is gone; unless another request found that out before. */
static void
renew_token(struct task *t)
{
    struct odata *o = t->o;

    t->token_tries++;
    http_reply_free(&t->reply);
    memset(&t->reply, 0, sizeof t->reply);
    if (o->token_state != TOKEN_ASKED && t->token_number == o->token_number)
        o->token_state = TOKEN_UNKNOWN;
    if (!send_task(t))
        fail_task(t, OP_BUSY, "memory ran out", 0);
}

static void
take_answer(struct task *t)
{
    struct odata *o = t->o;
    const struct mr_op **again = mr_resize(&o->cx, NULL, t->n * sizeof *again);
    size_t n = 0;

    if (again == NULL) {
        fail_task(t, t->writes ? OP_UNSURE : OP_BUSY, "memory ran out", 0);
        return;
    }
    task_results(t, again, &n);
    if (n > 0)
        ask_again(o, again, n, t);
    mr_resize(&o->cx, again, 0);
    end_task(t);
}

static void
answered(void *arg, struct http_reply *reply)
{
    struct task *t = arg;
    struct odata *o = t->o;

    if (o->closing) {
        task_free(t);
        return;
    }
    switch (reply->end) {
    case HTTP_ANSWERED:
        http_reply_keep(reply, &t->reply);
        if (refused_token(t)) {
            renew_token(t);
            return;
        }
        take_answer(t);
        break;
    case HTTP_NOT_SENT:
        fail_task(t, OP_BUSY, reply->text, 0);
        break;
    case HTTP_DENIED:
        fail_task(t, OP_DENIED, reply->text, 0);
        break;
    case HTTP_BROKEN:
        fail_task(t, OP_UNSURE, reply->text, 0);
        break;
    case HTTP_TOO_LARGE:
        fail_task(t, t->writes ? OP_UNSURE : OP_REFUSED, reply->text, 0);
        break;
    }
    pump(o);
}

/* ---- the token ---- */

/* Those that waited go on, or end like the token's request. */
static void
release(struct odata *o, const struct http_reply *reply)
{
    struct task *t = o->waiting, *next;
    struct odata_reply whole = { .status = 0 };
    const char *text = reply->text;
    enum op_outcome outcome = OP_BUSY;

    o->waiting = NULL;
    o->waiting_end = &o->waiting;
    if (reply->end == HTTP_DENIED)
        outcome = OP_DENIED;
    if (reply->end == HTTP_ANSWERED) {
        whole.status = reply->status;
        text = "the service gave no token";
        if (whole.status == 401 || whole.status == 403 ||
            (whole.status >= 300 && whole.status < 400)) {
            outcome = OP_DENIED;
            text = "the service refused the credentials";
        }
    }
    for (; t != NULL; t = next) {
        next = t->next;
        t->next = NULL;
        if (o->token_state == TOKEN_UNKNOWN)
            fail_task(t, outcome, text, 0);
        else if (!send_task(t))
            fail_task(t, OP_BUSY, "memory ran out", 0);
    }
}

static void
token_came(void *arg, struct http_reply *reply)
{
    struct odata *o = arg;
    const char *p;
    size_t n = 0;

    if (o->closing)
        return;
    o->token_state = TOKEN_UNKNOWN;
    if (reply->end == HTTP_ANSWERED && reply->status >= 200 &&
        reply->status < 300) {
        o->token_state = TOKEN_NEEDLESS;
        p = http_reply_header(reply, "x-csrf-token", &n);
        if (p != NULL && n > 0 && n < sizeof o->token) {
            memcpy(o->token, p, n);
            o->token[n] = '\0';
            o->token_state = TOKEN_THERE;
        }
        o->token_number++;
    }
    release(o, reply);
    pump(o);
}

static bool
ask_token(struct odata *o)
{
    static const struct http_header headers[] = {
        { "x-csrf-token", "fetch" }, { "Accept", "application/json" }
    };
    struct http_call call = {
        .method = "GET", .url = o->root, .headers = headers, .n_headers = 2,
        .timeout_ms = o->set.timeout_ms, .repeatable = true,
        .done = token_came, .arg = o
    };

    o->token_state = TOKEN_ASKED;
    if (http_send(o->session, &call))
        return true;
    o->token_state = TOKEN_UNKNOWN;
    return false;
}

/* ---- sending ---- */

static bool
wait_for_token(struct task *t)
{
    struct odata *o = t->o;

    t->next = NULL;
    *o->waiting_end = t;
    o->waiting_end = &t->next;
    if (o->token_state == TOKEN_ASKED || ask_token(o))
        return true;
    o->waiting = NULL;
    o->waiting_end = &o->waiting;
    return false;
}

static bool
send_task(struct task *t)
{
    struct odata *o = t->o;
    const struct mr_op *op = t->ops[0];
    struct http_header h[6];
    struct http_call call = {
        .method = t->method, .url = t->url.p, .headers = h,
        .timeout_ms = o->set.timeout_ms, .repeatable = !t->writes,
        .done = answered, .arg = t
    };

    if (t->sends && o->token_state != TOKEN_THERE &&
        o->token_state != TOKEN_NEEDLESS)
        return wait_for_token(t);
    h[call.n_headers++] = (struct http_header){ "Accept", t->batch
                              ? "multipart/mixed" : "application/json" };
    h[call.n_headers++] = (struct http_header){ "Accept-Language", "en" };
    if (t->sends && o->token_state == TOKEN_THERE)
        h[call.n_headers++] = (struct http_header){ "x-csrf-token", o->token };
    t->token_number = o->token_number;
    if (t->body.n > 0) {
        call.body = t->body.p;
        call.n = t->body.n;
        h[call.n_headers++] = (struct http_header){
            "Content-Type", t->batch ? odata_batch_type : "application/json" };
    }
    if (!t->batch && t->writes && op->kind != OP_CREATE && op->etag != NULL &&
        op->etag[0] != '\0')
        h[call.n_headers++] = (struct http_header){ "If-Match", op->etag };
    if (!t->batch && op->kind == OP_CREATE && odata_sends_key(&t->cx, op))
        h[call.n_headers++] = (struct http_header){
            "odata-no-response-payload", "true" };
    return http_send(o->session, &call);
}

/* false: memory; the operations are pending again, until the next flush. */
static bool
start(struct odata *o, const struct mr_op *const *ops, size_t n)
{
    struct task *t = task_new(o, ops, n);
    bool good = true;

    if (t == NULL) {
        memcpy(o->pending + o->n_pending, ops, n * sizeof *ops);
        o->n_pending += n;
        return false;
    }
    if (t->method != NULL || n == 1) {
        launch(t);
        return true;
    }
    /* One of them can't be asked. */
    task_free(t);
    for (size_t i = 0; i < n; i++)
        good &= start(o, ops + i, 1);
    return good;
}

static void
pump(struct odata *o)
{
    const struct mr_op **ops;
    bool going = o->n_pending > 0 && o->running < o->set.in_flight;

    if (!going)
        return;
    ops = mr_resize(&o->cx, NULL, o->set.batch * sizeof *ops);
    while (ops != NULL && going) {
        size_t n = task_gather(o, ops, o->set.batch);

        going = start(o, ops, n) && o->n_pending > 0 &&
                o->running < o->set.in_flight;
    }
    mr_resize(&o->cx, ops, 0);
    o->cx.error.status = MR_OK;
}

/* ---- as a peer ---- */

static bool
submit(struct peer *p, const struct mr_op *op)
{
    struct odata *o = (struct odata *)(void *)p;

    if (o->n_pending == o->room)
        return false;
    o->pending[o->n_pending++] = op;
    return true;
}

static void
flush(struct peer *p)
{
    pump((struct odata *)(void *)p);
}

static void
let_go(struct odata *o)
{
    struct task *t = o->given;

    o->given = NULL;
    if (t != NULL && --t->results == 0)
        task_free(t);
}

static bool
collect(struct peer *p, struct op_result *out)
{
    struct odata *o = (struct odata *)(void *)p;
    struct odata_result *r = o->done;

    let_go(o);
    if (r == NULL)
        return false;
    o->done = r->next;
    if (o->done == NULL)
        o->done_end = &o->done;
    *out = r->r;
    o->given = r->task;
    return true;
}

static void
close_peer(struct peer *p)
{
    struct odata *o = (struct odata *)(void *)p;
    struct mr_memory memory = o->cx.memory;
    struct op_result r;
    struct task *t;

    while (collect(p, &r))
        ;
    o->closing = true;
    while ((t = o->waiting) != NULL) {
        o->waiting = t->next;
        task_free(t);
    }
    if (o->session != NULL)
        http_session_free(o->session);
    mr_resize(&o->cx, o->pending, 0);
    mr_resize(&o->cx, o->root, 0);
    mr_cx_done(&o->cx);
    memory.resize(memory.arg, o, 0);
}

static const struct peer_ops ops = {
    "odata2", true, submit, flush, collect, odata_check, close_peer
};

static void
fill_defaults(struct peer_settings *s)
{
    if (s->batch == 0)
        s->batch = BATCH;
    if (s->in_flight == 0)
        s->in_flight = IN_FLIGHT;
    if (s->timeout_ms == 0)
        s->timeout_ms = TIMEOUT_MS;
}

static bool
make_root(struct odata *o, const char *url)
{
    size_t n = strlen(url);

    o->root = mr_resize(&o->cx, NULL, n + 2);
    if (o->root == NULL)
        return false;
    memcpy(o->root, url, n + 1);
    if (n == 0 || url[n - 1] != '/')
        strcpy(o->root + n, "/");
    return true;
}

struct peer *
peer_odata2_new(struct mr_cx *cx, struct http_client *client,
                const struct peer_settings *settings)
{
    struct odata *o = mr_resize(cx, NULL, sizeof *o);

    if (o == NULL)
        return NULL;
    memset(o, 0, sizeof *o);
    o->peer.ops = &ops;
    mr_cx_init(&o->cx, &cx->memory);
    o->set = *settings;
    o->client = client;
    fill_defaults(&o->set);
    o->waiting_end = &o->waiting;
    o->done_end = &o->done;
    o->room = (size_t)o->set.batch * o->set.in_flight * 2;
    o->pending = mr_resize(cx, NULL, o->room * sizeof *o->pending);
    o->session = http_session_new(cx, client, settings->auth);
    if (o->pending == NULL || o->session == NULL ||
        !make_root(o, settings->url) ||
        http_session_allows(cx, o->session, o->root) != MR_OK) {
        mr_fail(cx, MR_EMEMORY, "memory ran out");
        close_peer(&o->peer);
        return NULL;
    }
    return &o->peer;
}
