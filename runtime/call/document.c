/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of an answer, from the called system to the sink. */
#include "call/document.h"

#include <stdlib.h>
#include <strings.h>

static enum http_take take_piece(void *arg, const struct http_reply *head,
                                 const char *p, size_t n);
static void take_end(struct calling *q);

void
document_init(struct document *d, const struct mr_call *call,
              const struct mr_memory *memory, int64_t (*clock)(void))
{
    memset(d, 0, sizeof *d);
    calling_init(&d->q, call, memory, clock);
    d->q.take = take_piece;
    d->q.over = take_end;
    d->size = UINT64_MAX;
    xml_bytes_init(&d->xml, call->document->path, call->document->n_path);
}

void
document_done(struct document *d)
{
    calling_done(&d->q);
    memset(d, 0, sizeof *d);
}

bool
document_begin(struct document *d, const char *key, size_t n)
{
    return calling_begin_key(&d->q, d->q.call->document->key, key, n);
}

/* --- is it what it should be? --- */

/* Ends it, with a reason. */
static enum http_take
enough(struct document *d, const char *fmt, const char *what)
{
    calling_ends(&d->q, CALL_GARBLED, fmt, what);
    return HTTP_ENOUGH;
}

/* Nobody asked for that; its length and its bytes would be others'. */
static bool
is_packed(struct document *d, const struct http_reply *head)
{
    size_t n = 0;
    const char *said = http_reply_header(head, "content-encoding", &n);

    if (said == NULL || n == 0 ||
        (n == 8 && strncasecmp(said, "identity", n) == 0))
        return false;
    calling_ends(&d->q, CALL_GARBLED, "what came is packed: %.*s",
                 n > 80 ? 80 : (int)n, said);
    return true;
}

/* Of a stream that is the answer itself: what its headers say. A type that says
 * nothing is fine where the first bytes tell. */
static bool
check_headers(struct document *d, const struct http_reply *head)
{
    const struct mr_document *map = d->q.call->document;
    size_t n = 0;
    const char *said = http_reply_header(head, "content-type", &n);
    const char *length;
    bool open;

    if (is_packed(d, head))
        return false;
    open = said == NULL || map->n_types == 0 ||
           media_type_is("application/octet-stream", said, n);

    for (uint16_t i = 0; i < map->n_types && !open; i++)
        if (media_type_is(map->types[i], said, n))
            d->type = map->types[i];
    if (d->type == NULL && !open) {
        calling_ends(&d->q, CALL_GARBLED, "what came is %.*s, and no %s",
                     n > 80 ? 80 : (int)n, said, map->types[0]);
        return false;
    }
    length = http_reply_header(head, "content-length", &n);
    if (length != NULL && n > 0 && n < 19 &&
        strspn(length, "0123456789") >= n)
        d->size = strtoull(length, NULL, 10);
    return true;
}

/* The type that these first bytes may have; NULL: none. */
static const char *
type_of(const struct document *d)
{
    const struct mr_document *map = d->q.call->document;

    if (map->n_types == 0)
        return "application/octet-stream";
    if (d->type != NULL)
        return media_type_fits(d->type, d->first, d->n_first) ? d->type : NULL;
    for (uint16_t i = 0; i < map->n_types; i++)
        if (media_type_is_known(map->types[i]) &&
            media_type_fits(map->types[i], d->first, d->n_first))
            return map->types[i];
    /* Of an answer in XML nothing else says it. */
    for (uint16_t i = 0; map->path != NULL && i < map->n_types; i++)
        if (!media_type_is_known(map->types[i]))
            return map->types[i];
    return NULL;
}

static enum http_take
too_large(struct document *d)
{
    calling_ends(&d->q, CALL_GARBLED, "it is larger than %llu bytes",
                 (unsigned long long)d->q.call->document->most);
    return HTTP_ENOUGH;
}

/* The first bytes are there: the sink begins with them. */
static enum http_take
begin(struct document *d)
{
    d->type = type_of(d);
    if (d->type == NULL)
        return enough(d, "what came begins otherwise than %s does",
                      d->q.call->document->types[0]);
    if (d->size != UINT64_MAX && d->size > d->q.call->document->most)
        return too_large(d);
    if (!d->sink->begin(d->sink_arg, d->type, d->size)) {
        calling_ends(&d->q, CALL_FAILED, "it could not be taken");
        return HTTP_ENOUGH;
    }
    d->begun = true;
    d->sent = d->n_first;
    if (d->sink->put(d->sink_arg, d->first, d->n_first))
        return HTTP_TOOK;
    calling_ends(&d->q, CALL_FAILED, "it could not be taken");
    return HTTP_ENOUGH;
}

/* --- pieces --- */

static enum http_take
hand_on(struct document *d, const char *p, size_t n)
{
    size_t k = d->begun ? 0 : MEDIA_BYTES - d->n_first;
    enum http_take took = HTTP_TOOK;

    k = n < k ? n : k;
    memcpy(d->first + d->n_first, p, k);
    d->n_first += k;
    if (!d->begun && d->n_first == MEDIA_BYTES)
        took = begin(d);
    if (took != HTTP_TOOK || n == k)
        return took;
    d->sent += n - k;
    if (d->sent > d->q.call->document->most)
        return too_large(d);
    if (d->sink->put(d->sink_arg, p + k, n - k))
        return HTTP_TOOK;
    calling_ends(&d->q, CALL_FAILED, "it could not be taken");
    return HTTP_ENOUGH;
}

/* Of the base64 in it. */
static enum http_take
take_xml(struct document *d, const char *p, size_t n)
{
    char bytes[DOCUMENT_PIECE];
    size_t k = DOCUMENT_START - d->n_start;
    long made;

    k = n < k ? n : k;
    memcpy(d->start + d->n_start, p, k);
    d->n_start += k;
    for (; n > 0; p += k, n -= k) {
        enum http_take took = HTTP_TOOK;

        k = n < DOCUMENT_PIECE ? n : DOCUMENT_PIECE;
        made = xml_bytes_next(&d->xml, p, k, bytes);
        if (made < 0)
            return enough(d, "what came is no answer: %s", d->xml.wrong);
        if (made > 0)
            took = hand_on(d, bytes, (size_t)made);
        if (took != HTTP_TOOK)
            return took;
    }
    return HTTP_TOOK;
}

static enum http_take
take_piece(void *arg, const struct http_reply *head, const char *p, size_t n)
{
    struct document *d = arg;
    bool first = !d->q.taken;

    d->q.taken = true;
    d->moved = d->q.clock();
    if (first && d->q.call->document->path == NULL &&
        !check_headers(d, head))
        return HTTP_ENOUGH;
    if (d->begun && d->sink->room(d->sink_arg) < n) {
        d->waits = true;
        return HTTP_LATER;
    }
    return d->q.call->document->path != NULL ? take_xml(d, p, n)
                                             : hand_on(d, p, n);
}

/* --- the end --- */

/* Of an answer in XML without a document. */
static void
no_document(struct document *d)
{
    struct calling *q = &d->q;

    if (d->n_start < DOCUMENT_START &&
        soap_fault(&q->cx.memory, d->start, d->n_start, q->text,
                   sizeof q->text))
        q->end = CALL_FAULT;
    else
        calling_ends(q, CALL_GARBLED, "there is no document in its answer");
}

static void
take_end(struct calling *q)
{
    struct document *d = (struct document *)q;
    bool xml = q->call->document->path != NULL;

    if (xml && !xml_bytes_whole(&d->xml))
        calling_ends(q, CALL_GARBLED, "its answer is cut off");
    else if (!d->begun && d->n_first == 0)
        no_document(d);
    else if (d->begun || begin(d) == HTTP_TOOK)
        q->end = CALL_ANSWERED;
}

static void
call_ended(void *arg, struct calling *q)
{
    struct document *d = arg;

    (void)q;
    d->done(d->arg, d);
}

void
document_send(struct document *d, struct http_session *session,
              const char *url, const struct document_sink *sink,
              void *sink_arg, void (*done)(void *arg, struct document *d),
              void *arg)
{
    d->sink = sink;
    d->sink_arg = sink_arg;
    d->done = done;
    d->arg = arg;
    d->moved = d->q.began;
    calling_send(&d->q, session, url, call_ended, d);
}

void
document_go_on(struct document *d)
{
    if (!d->waits || d->q.session == NULL)
        return;
    d->waits = false;
    d->moved = d->q.clock();
    http_go_on(d->q.session, &d->q);
}

void
document_watch(struct document *d)
{
    struct calling *q = &d->q;

    if (q->session == NULL || d->waits ||
        (q->clock() - d->moved) / 1000 <= (int64_t)q->within)
        return;
    calling_ends(q, CALL_LATE, q->taken ? "it stopped in the middle for %u ms"
                                        : "no answer within %u ms",
                 (unsigned)q->within);
    calling_cancel(q);
}

void
document_cancel(struct document *d)
{
    calling_cancel(&d->q);
}
