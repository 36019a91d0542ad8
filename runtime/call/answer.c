/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What came back: the answer mapped to the caller's record, the messages beside
 * it, or why there is none. A fault is told in the called system's words.
 */
#include "call/call.h"

#include <stdarg.h>


/* curl's clock and ours need not strike at once. */
enum { MESSAGES_MAX = 1000, SLACK_MS = 20 };

void
calling_ends(struct calling *q, enum call_end end, const char *fmt, ...)
{
    va_list args;

    q->end = end;
    va_start(args, fmt);
    vsnprintf(q->text, sizeof q->text, fmt, args);
    va_end(args);
}

/* --- messages --- */

/* SAP's one letter (type of BAPIRET2), or a word. */
static enum call_severity
severity_of(struct mr_val v)
{
    char c = v.state == MR_HERE && v.n > 0 ? v.p[0] : 'I';

    switch (c) {
    case 'E':
    case 'A':
    case 'X':
    case 'e':
        return CALL_ERROR;
    case 'W':
    case 'w':
        return CALL_WARNING;
    case 'S':
    case 's':
        return CALL_SUCCESS;
    default:
        return CALL_INFO;
    }
}

static struct mr_val
field(const char *record, uint32_t offset)
{
    struct mr_val v = { 0 };

    if (offset != MR_NO_FIELD)
        memcpy(&v, record + offset, sizeof v);
    return v;
}

/* In the map's words, as far as it has some for it. */
static enum call_severity
severity_in(struct calling *q, const struct mr_codes *codes, struct mr_val v)
{
    struct mr_val word = codes == NULL || v.state != MR_HERE
                             ? mr_empty()
                             : mr_codes_left(&q->cx, codes, v, mr_missing());

    return severity_of(word.state == MR_HERE ? word : v);
}

/* A row without a text says nothing. */
static void
add_message(struct calling *q, const struct mr_call_messages *m,
            const char *row)
{
    struct mr_val text = field(row, m->text);
    struct call_message *to =
        text.state == MR_HERE ? calling_message(q) : NULL;

    if (to == NULL)
        return;
    to->text = text;
    to->severity = severity_in(q, m->severities, field(row, m->severity));
    to->number = field(row, m->number);
    to->item = calling_item(q, m->item_in, field(row, m->item));
}

struct call_message *
calling_message(struct calling *q)
{
    if (q->messages == NULL)
        q->messages = mr_alloc(&q->cx, MESSAGES_MAX * sizeof *q->messages);
    if (q->messages == NULL || q->n_messages == MESSAGES_MAX)
        return NULL;
    memset(&q->messages[q->n_messages], 0, sizeof *q->messages);
    return &q->messages[q->n_messages++];
}

static void
read_messages(struct calling *q, const char *record)
{
    const struct mr_call *call = q->call;

    for (uint16_t i = 0; i < call->n_messages; i++) {
        const struct mr_call_messages *m = &call->messages[i];
        const struct mr_rows *rows = (const void *)(record + m->at);

        if (m->size == 0)
            add_message(q, m, record + m->at);
        for (uint32_t k = 0; m->size != 0 && k < rows->n; k++)
            add_message(q, m, mr_row(rows, k, m->size));
    }
}

/* --- the answer --- */

/* A record of the map's frame, empty. */
static void *
new_record(struct calling *q, const struct mr_map *map, int side)
{
    void *p = mr_alloc(&q->cx, map->frame[side].size);

    if (p != NULL)
        memset(p, 0, map->frame[side].size);
    return p;
}

static void
map_answer(struct calling *q, void *record)
{
    const struct mr_map *map = q->call->response;
    void *answer = new_record(q, map, MR_LEFT);
    char *frame = mr_alloc(&q->cx, map->frame_size);

    if (answer == NULL || frame == NULL) {
        q->end = CALL_FAILED;
        return;
    }
    memset(frame, 0, map->frame_size);
    memcpy(frame + map->frame[MR_LEFT].at, &answer, sizeof answer);
    memcpy(frame + map->frame[MR_RIGHT].at, &record, sizeof record);
    map->to_left->run(&q->cx, frame);
    read_messages(q, record);
    q->answer = answer;
    calling_unique(q);
    calling_unanswered(q);
    if (q->cx.error.status != MR_OK) {
        q->end = CALL_FAILED;
    } else if (q->cx.verdict.parked || q->cx.verdict.rejected) {
        q->end = CALL_HELD;
    } else {
        q->end = CALL_ANSWERED;
    }
}

static bool
read_fault(struct calling *q)
{
    bool soap = q->call->way == MR_CALL_SOAP;

    if (q->reply.body == NULL ||
        !(soap ? soap_fault : call_refusal)(&q->cx.memory, q->reply.body,
                                            q->reply.n, q->text,
                                            sizeof q->text))
        return false;
    q->end = CALL_FAULT;
    return true;
}

/* Without an envelope the status tells whether it was refused: 4xx but those
 * that say "not now". Behind the others nobody knows. */
static bool
is_refusal(const struct calling *q)
{
    int status = q->reply.status;

    return q->call->way == MR_CALL_SOAP ||
           (status >= 400 && status < 500 && status != 408 && status != 425 &&
            status != 429);
}

static void
read_answer(struct calling *q)
{
    const struct mr_map *map = q->call->response;
    void *record;
    enum mr_status st;

    call_reader_free(&q->cx, q->reader);
    mr_cx_next(&q->cx);
    q->answering = true;
    q->reader = call_reader(&q->cx, q->reply.body, q->reply.n,
                            map->to_left->from);
    record = q->reader == NULL ? NULL : new_record(q, map, MR_RIGHT);
    if (record == NULL) {
        q->end = CALL_FAILED;
        return;
    }
    st = call_read(&q->cx, q->reader, record);
    if (st == MR_OK) {
        map_answer(q, record);
        return;
    }
    if (st == MR_EMEMORY) {
        q->end = CALL_FAILED;
        return;
    }
    if (st == MR_END && q->call->way == MR_CALL_SOAP && read_fault(q))
        return;
    calling_ends(q, CALL_GARBLED, "what came is no answer to %s: %s",
                 q->call->operation,
                 st == MR_END ? "it is not in it" : q->cx.error.text);
}

/* --- no answer --- */

static void
no_answer(struct calling *q)
{
    const char *why = q->reply.text != NULL ? q->reply.text : "";

    if (q->taken) {
        calling_ends(q, CALL_BROKEN, "it was cut off: %s", why);
        return;
    }
    if (calling_left(q) <= SLACK_MS) {
        calling_ends(q, CALL_LATE, "no answer within %u ms",
                     (unsigned)q->within);
        return;
    }
    switch (q->reply.end) {
    case HTTP_NOT_SENT:
        calling_ends(q, CALL_NOT_SENT, "it was not reached: %s", why);
        return;
    case HTTP_DENIED:
        calling_ends(q, CALL_DENIED, "it gave no token: %s", why);
        return;
    case HTTP_TOO_LARGE:
        calling_ends(q, CALL_GARBLED, "its answer is too large");
        return;
    case HTTP_BROKEN:
    case HTTP_ANSWERED:
        calling_ends(q, CALL_BROKEN, "no whole answer came: %s", why);
        return;
    }
}

void
calling_answer(struct calling *q)
{
    const struct http_reply *reply = &q->reply;

    /* Whoever took it may have had enough. */
    if ((q->take != NULL || q->give != NULL) && q->end != CALL_OPEN)
        return;
    if (reply->end != HTTP_ANSWERED) {
        no_answer(q);
    } else if (reply->status == 401 || reply->status == 403) {
        calling_ends(q, CALL_DENIED, "it refused the credentials (status %d)",
                     reply->status);
    } else if (reply->status == 200 ||
               (q->call->way != MR_CALL_SOAP && reply->status / 100 == 2)) {
        (q->over != NULL ? q->over : read_answer)(q);
    } else if (!is_refusal(q) || !read_fault(q)) {
        calling_ends(q, CALL_GARBLED, "it answered with status %d",
                     reply->status);
    }
}
