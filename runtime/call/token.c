/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an OData service wants to see with what is posted: a token against
 * forged requests, which it gives along with a cookie to who asks for it. The
 * session keeps both; where the service takes it no longer, another one is
 * asked for, once: nothing was done. A body that can be given only once gets a
 * new one in any case.
 */
#include "call/call.h"

#include <strings.h>

bool
calling_wants_token(const struct calling *q, const struct http_session *session)
{
    return q->call->way == MR_CALL_ODATA &&
           strcmp(q->call->method, "GET") != 0 && !q->token_asked &&
           (q->give != NULL || http_session_csrf(session)[0] == '\0');
}

/* It goes no further: as if the call itself had been answered so. */
static void
give_up(struct calling *q, struct http_reply *reply)
{
    q->session = NULL;
    http_reply_keep(reply, &q->reply);
    /* Only the token was asked for. */
    if (q->reply.end == HTTP_BROKEN)
        q->reply.end = HTTP_NOT_SENT;
    calling_answer(q);
    q->done(q->arg, q);
}

static void
token_came(void *arg, struct http_reply *reply)
{
    struct calling *q = arg;
    size_t n = 0;
    const char *p;
    bool there = reply->end == HTTP_ANSWERED && reply->status >= 200 &&
                 reply->status < 300;

    if (there) {
        p = http_reply_header(reply, "x-csrf-token", &n);
        /* Some want none. */
        if (p != NULL)
            http_session_keep_csrf(q->session, p, n);
    }
    if (there && !q->given_up && calling_go_on(q))
        return;
    /* What came is no answer to the call. */
    if (there)
        reply->end = HTTP_NOT_SENT;
    give_up(q, reply);
}

bool
calling_ask_token(struct calling *q, struct http_session *session,
                  const char *url, uint32_t left)
{
    static const struct http_header headers[] = {
        { "x-csrf-token", "fetch" }, { "Accept", "application/json" }
    };
    struct http_call call = {
        .method = "GET", .url = url, .headers = headers, .n_headers = 2,
        .timeout_ms = left, .repeatable = true, .done = token_came, .arg = q
    };

    q->token_asked = true;
    return http_send(session, &call);
}

bool
calling_token_refused(struct calling *q, const struct http_reply *reply)
{
    size_t n = 0;
    const char *p;

    if (q->call->way != MR_CALL_ODATA || q->given_up || q->token_refused ||
        reply->end != HTTP_ANSWERED || reply->status != 403)
        return false;
    p = http_reply_header(reply, "x-csrf-token", &n);
    if (p == NULL || n != 8 || strncasecmp(p, "required", 8) != 0)
        return false;
    http_session_keep_csrf(q->session, NULL, 0);
    q->token_refused = true;
    q->token_asked = false;
    return true;
}
