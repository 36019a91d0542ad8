/* SPDX-License-Identifier: Apache-2.0 */
/* A call from its beginning to its end; what it says is in answer.c. */
#include "call/call.h"


void
calling_init(struct calling *q, const struct mr_call *call,
             const struct mr_memory *memory, int64_t (*clock)(void))
{
    memset(q, 0, sizeof *q);
    q->call = call;
    if (call->request != NULL && call->request->to_right != NULL)
        q->reads = call->request->to_right->from;
    if (call->response != NULL && call->response->to_left != NULL)
        q->writes = call->response->to_left->to;
    q->within = call->within;
    q->clock = clock;
    q->began = clock();
    mr_cx_init(&q->cx, memory);
    mr_output_init(&q->request, NULL, NULL);
    bytes_init(&q->address, &q->cx.memory);
    bytes_init(&q->url, &q->cx.memory);
    bytes_init(&q->key, &q->cx.memory);
}

void
calling_done(struct calling *q)
{
    call_reader_free(&q->cx, q->reader);
    http_reply_free(&q->reply);
    mr_output_done(&q->cx, &q->request);
    bytes_free(&q->address);
    bytes_free(&q->url);
    bytes_free(&q->key);
    mr_resize(&q->cx, q->asked, 0);
    mr_cx_done(&q->cx);
    memset(q, 0, sizeof *q);
}

uint32_t
calling_left(const struct calling *q)
{
    int64_t gone = (q->clock() - q->began) / 1000;

    return gone >= q->within ? 0 : q->within - (uint32_t)gone;
}

void
calling_hurry(struct calling *q, uint32_t within)
{
    if (within < q->within)
        q->within = within;
}

void
calling_cancel(struct calling *q)
{
    q->given_up = true;
    if (q->session != NULL)
        http_cancel(q->session, q);
}

/* --- the request --- */

static bool
ended(struct calling *q, enum call_end end)
{
    q->end = q->cx.error.status == MR_EMEMORY ? CALL_FAILED : end;
    return false;
}

/* The one record of the document, in the frame's left place. */
static bool
read_input(struct calling *q, struct mr_reader *r, void *record)
{
    enum mr_status st = call_read(&q->cx, r, record);

    if (st == MR_END)
        mr_fail(&q->cx, MR_EFORMAT, "there is no record");
    return st == MR_OK || ended(q, CALL_INPUT);
}

static bool
map_input(struct calling *q, void *frame)
{
    const struct mr_flow *flow = q->call->request->to_right;
    struct mr_cx *cx = &q->cx;
    bool takes = flow->takes == NULL || flow->takes(cx, frame);

    if (takes && cx->verdict.n == 0)
        flow->run(cx, frame);
    if (cx->error.status != MR_OK)
        return ended(q, CALL_INPUT);
    if (cx->verdict.parked || cx->verdict.rejected)
        return ended(q, CALL_HELD);
    if (takes)
        return true;
    mr_fail(cx, MR_EUSAGE, "it does not take part (where)");
    return ended(q, CALL_INPUT);
}

static bool
write_request(struct calling *q, const void *record)
{
    struct mr_writer w;

    if (!calling_address(q, record))
        return ended(q, CALL_INPUT);
    if (q->call->bodiless)
        return true;
    mr_writer_init(&w, &q->request, q->call->request->to_right->to, false);
    return (mr_writer_put(&q->cx, &w, record) == MR_OK &&
            mr_writer_end(&q->cx, &w) == MR_OK) ||
           ended(q, CALL_INPUT);
}

/* The texts by which the effect is told: without one of them nothing tells it
 * from another one. */
static bool
keep_key(struct calling *q, const char *record)
{
    for (uint16_t i = 0; i < q->call->n_keys; i++) {
        const struct mr_call_key *k = &q->call->keys[i];
        struct mr_val v;

        memcpy(&v, record + k->field, sizeof v);
        if (v.state != MR_HERE || v.n == 0) {
            mr_fail(&q->cx, MR_EFORMAT, "%s is empty: nothing would tell this "
                    "call from another one", k->name);
            return ended(q, CALL_INPUT);
        }
        bytes_add(&q->key, (const char *)&v.n, sizeof v.n);
        bytes_add(&q->key, v.p, v.n);
    }
    return !q->key.failed || ended(q, CALL_FAILED);
}

static bool
make_request(struct calling *q, struct mr_reader *r)
{
    const struct mr_map *map = q->call->request;
    void *records[2];
    char *frame = mr_alloc(&q->cx, map->frame_size);

    if (frame == NULL)
        return ended(q, CALL_FAILED);
    memset(frame, 0, map->frame_size);
    for (int side = 0; side < 2; side++) {
        records[side] = mr_alloc(&q->cx, map->frame[side].size);
        if (records[side] == NULL)
            return ended(q, CALL_FAILED);
        memset(records[side], 0, map->frame[side].size);
        memcpy(frame + map->frame[side].at, &records[side],
               sizeof records[side]);
    }
    return read_input(q, r, records[MR_LEFT]) && map_input(q, frame) &&
           keep_key(q, records[MR_LEFT]) &&
           write_request(q, records[MR_RIGHT]) &&
           (calling_asks(q, records[MR_LEFT]) || ended(q, CALL_FAILED));
}

bool
calling_begin(struct calling *q, const char *p, size_t n)
{
    struct mr_reader *r;
    bool made;

    mr_cx_next(&q->cx);
    r = call_reader(&q->cx, p, n, q->reads);
    made = r != NULL ? make_request(q, r) : ended(q, CALL_FAILED);
    /* What holds it shows values that point into the document. */
    q->reader = r;
    return made;
}

/* --- on its way --- */

static bool send_now(struct calling *q, struct http_session *session,
                     const char *url, uint32_t left);

/* Once more, where nothing can be done twice, something went wrong on the way,
 * and there is time: a quarter of it. */
static bool
sent_again(struct calling *q, const struct http_reply *reply)
{
    bool broken = reply->end == HTTP_BROKEN || reply->end == HTTP_NOT_SENT;
    bool busy = reply->end == HTTP_ANSWERED && reply->status >= 502 &&
                reply->status <= 504;
    uint32_t left = calling_left(q);

    if (!q->call->no_effect || q->again || q->given_up || q->taken ||
        (!broken && !busy) || left < q->within / 4)
        return false;
    q->again = true;
    return send_now(q, q->session, q->to, left);
}

static void
replied(void *arg, struct http_reply *reply)
{
    struct calling *q = arg;

    if (sent_again(q, reply))
        return;
    if (calling_token_refused(q, reply) && q->give == NULL && calling_go_on(q))
        return;
    q->session = NULL;
    http_reply_keep(reply, &q->reply);
    calling_answer(q);
    q->done(q->arg, q);
}

static void
add_header(struct calling *q, size_t *n, const char *name, const char *value)
{
    q->headers[(*n)++] = (struct http_header){ name, value };
}

/* How many there are. */
static size_t
make_headers(struct calling *q, uint32_t left)
{
    size_t n = 0;

    if (q->call->way == MR_CALL_SOAP) {
        snprintf(q->action, sizeof q->action, "\"%s\"", q->call->action);
        add_header(q, &n, "Content-Type", "text/xml; charset=utf-8");
        add_header(q, &n, "SOAPAction", q->action);
    } else {
        snprintf(q->token, sizeof q->token, "%s",
                 http_session_csrf(q->session));
        if (q->token[0] != '\0')
            add_header(q, &n, "x-csrf-token", q->token);
        if (!q->call->bodiless)
            add_header(q, &n, "Content-Type", "application/json");
        add_header(q, &n, "Accept",
                   q->take != NULL ? "*/*" : "application/json");
    }
    /* RFC 7240: how long the answer is of use, in whole seconds. */
    snprintf(q->wait, sizeof q->wait, "wait=%u",
             (unsigned)((left + 999) / 1000));
    add_header(q, &n, "Prefer", q->wait);
    return n;
}

static bool
send_now(struct calling *q, struct http_session *session, const char *url,
         uint32_t left)
{
    bool soap = q->call->way == MR_CALL_SOAP;
    struct http_call call = {
        .method = soap ? "POST" : q->call->method,
        .url = calling_url(q, url), .headers = q->headers,
        .body = q->request.at, .n = q->request.n, .timeout_ms = left,
        .repeatable = q->call->no_effect, .done = replied, .arg = q
    };
    bool sent = false;

    q->session = session;
    q->to = url;
    call.n_headers = make_headers(q, left);
    if (q->take != NULL || q->give != NULL) {
        call.take = q->take;
        call.give = q->give;
        call.timeout_ms = 0;
    }
    if (q->give != NULL) {
        call.body = NULL;
        call.n = q->give_n;
    }
    if (calling_wants_token(q, session))
        sent = calling_ask_token(q, session, url, left);
    else if (call.url != NULL)
        sent = http_send(session, &call);
    if (!sent)
        q->session = NULL;
    return sent;
}

bool
calling_go_on(struct calling *q)
{
    uint32_t left = calling_left(q);
    struct http_session *session = q->session;

    if (left > 0 && send_now(q, session, q->to, left))
        return true;
    q->session = session;
    return false;
}

void
calling_send(struct calling *q, struct http_session *session, const char *url,
             void (*done)(void *arg, struct calling *q), void *arg)
{
    uint32_t left = calling_left(q);

    q->done = done;
    q->arg = arg;
    call_reader_free(&q->cx, q->reader);
    q->reader = NULL;
    if (left > 0 && send_now(q, session, url, left))
        return;
    q->end = left == 0 ? CALL_LATE : CALL_FAILED;
    snprintf(q->text, sizeof q->text, "%s",
             left == 0 ? "its time was over before it was sent"
                       : "it could not be sent");
    done(arg, q);
}

enum mr_status
calling_write(struct calling *q, struct mr_output *out, bool pretty)
{
    struct mr_writer w;
    enum mr_status st;

    mr_writer_init(&w, out, q->writes, pretty);
    st = mr_writer_put(&q->cx, &w, q->answer);
    return st == MR_OK ? mr_writer_end(&q->cx, &w) : st;
}
