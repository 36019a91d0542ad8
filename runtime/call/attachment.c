/* SPDX-License-Identifier: Apache-2.0 */
/* Two requests side by side, and the ring between them. */
#include "call/attachment.h"

static void record_is_there(struct calling *q);
static void is_made(struct calling *q);

void
attachment_init(struct attachment *a, const struct mr_call *call,
                const struct mr_memory *memory, int64_t (*clock)(void))
{
    memset(a, 0, sizeof *a);
    a->from = (struct mr_call){
        .name = call->name, .at = call->at, .from = call->to,
        .to = call->from, .operation = call->attachment->set,
        .way = MR_CALL_ODATA, .method = "GET", .path = "", .bodiless = true,
        .within = call->within, .no_effect = true,
        .document = &call->attachment->limits
    };
    calling_init(&a->q, call, memory, clock);
    calling_init(&a->record, &a->from, memory, clock);
    document_init(&a->source, &a->from, memory, clock);
    a->q.over = is_made;
    a->record.over = record_is_there;
}

void
attachment_done(struct attachment *a)
{
    calling_done(&a->q);
    calling_done(&a->record);
    document_done(&a->source);
    memset(a, 0, sizeof *a);
}

struct calling *
attachment_said(struct attachment *a)
{
    if (a->record.end != CALL_ANSWERED && a->record.end != CALL_OPEN)
        return &a->record;
    if (a->source.q.end != CALL_ANSWERED && a->source.q.end != CALL_OPEN &&
        !a->cancelled)
        return &a->source.q;
    return &a->q;
}

void
attachment_hurry(struct attachment *a, uint32_t within)
{
    calling_hurry(&a->record, within);
    calling_hurry(&a->source.q, within);
    calling_hurry(&a->q, within);
}

/* --- which one --- */

static void
make_address(struct calling *q, const struct mr_attachment *map,
             const char *key, size_t n)
{
    bytes_format(&q->address, "/%s(%s", map->set, map->before);
    address_text(&q->address, key, n, true);
    bytes_format(&q->address, "%s)", map->after);
}

bool
attachment_begin(struct attachment *a, const char *key, size_t n)
{
    const struct mr_attachment *map = a->q.call->attachment;

    make_address(&a->record, map, key, n);
    if (map->select[0] != '\0')
        bytes_format(&a->record.address, "?$select=%s", map->select);
    make_address(&a->source.q, map, key, n);
    bytes_text(&a->source.q.address, map->bytes);
    if (bytes_end(&a->record.address) != NULL &&
        bytes_end(&a->source.q.address) != NULL)
        return true;
    mr_fail(&a->record.cx, MR_EMEMORY, "memory ran out");
    a->record.end = CALL_FAILED;
    return false;
}

/* --- the end --- */

/* Tells it, once all of it is over; a may be gone then. */
static void
settle(struct attachment *a)
{
    if (a->holding || a->record_open || a->source_open || a->q_open ||
        (!a->failed && !a->sent))
        return;
    a->done(a->arg, a);
}

static void
is_made(struct calling *q)
{
    q->end = CALL_ANSWERED;
}

static void
made(void *arg, struct calling *q)
{
    struct attachment *a = arg;

    (void)q;
    a->q_open = false;
    settle(a);
}

/* --- the request --- */

/* As many of the bytes as fit; what was put is taken. */
static long
take_ring(struct attachment *a, char *p, size_t room)
{
    size_t n = ATTACHMENT_ROOM - a->at;

    n = n < a->n ? n : a->n;
    n = n < room ? n : room;
    memcpy(p, a->ring + a->at, n);
    a->at = (a->at + n) % ATTACHMENT_ROOM;
    a->n -= n;
    return (long)n;
}

static long
tell(struct attachment *a, const char *text, size_t length, char *p,
     size_t room)
{
    size_t n = length - a->told;

    n = n < room ? n : room;
    memcpy(p, text + a->told, n);
    a->told += n;
    return (long)n;
}

static size_t
room_left(void *arg)
{
    const struct attachment *a = arg;

    size_t room = (ATTACHMENT_ROOM - a->n) / 4 * 3;

    return room < 8 ? 0 : room - 8;     /* a group may be begun already */
}

/* What closes the text, and the record. */
static void
make_tail(struct attachment *a)
{
    if (a->tail_n > 0)
        return;
    a->tail_n = base64_encoded(&a->base64, a->tail);
    memcpy(a->tail + a->tail_n, "\"}", 2);
    a->tail_n += 2;
    a->told = 0;
}

static long
give(void *arg, char *p, size_t room)
{
    struct attachment *a = arg;
    long n;

    a->moved = a->q.clock();
    if (a->failed)
        return HTTP_GIVE_UP;
    if (a->tail_n == 0 && a->told < a->head_n)
        return tell(a, a->head, a->head_n, p, room);
    if (a->n > 0) {
        n = take_ring(a, p, room);
        if (a->source.waits && room_left(a) >= DOCUMENT_PIECE)
            document_go_on(&a->source);
        return n;
    }
    if (a->source_open) {
        a->waits = true;
        return HTTP_GIVE_LATER;
    }
    make_tail(a);
    return tell(a, a->tail, a->tail_n, p, room);
}

static void
go_on(struct attachment *a)
{
    if (!a->waits || a->q.session == NULL)
        return;
    a->waits = false;
    a->moved = a->q.clock();
    http_go_on(a->q.session, &a->q);
}

/* The record without its last brace, and the name of the field in front of the
 * bytes. false: memory. */
static bool
make_head(struct attachment *a)
{
    struct mr_output *out = &a->q.request;
    const char *name = a->q.call->attachment->content;
    size_t n = out->n;
    char *at;

    while (n > 0 && out->at[n - 1] != '}')
        n--;
    if (n == 0)
        return false;
    n--;
    a->head_n = n + strlen(name) + 5;
    at = mr_alloc(&a->q.cx, a->head_n);
    if (at == NULL)
        return false;
    memcpy(at, out->at, n);
    /* An empty record has nothing that a comma could stand behind. */
    at[n] = at[n - 1] == '{' ? ' ' : ',';
    at[n + 1] = '"';
    n += 2;
    memcpy(at + n, name, strlen(name));
    memcpy(at + n + strlen(name), "\":\"", 3);
    a->head = at;
    return true;
}

static void
send(struct attachment *a)
{
    uint64_t size = a->source.size;

    a->sent = a->q_open = true;
    a->q.give = give;
    a->q.give_n = size == UINT64_MAX ? SIZE_MAX
                                     : a->head_n + (size + 2) / 3 * 4 + 2;
    a->q.began = a->moved = a->q.clock();
    calling_send(&a->q, a->there.session, a->there.url, made, a);
}

/* --- the bytes --- */

static bool
begin(void *arg, const char *type, uint64_t size)
{
    (void)arg;
    (void)type;
    (void)size;
    return true;
}

static bool
put(void *arg, const char *p, size_t n)
{
    struct attachment *a = arg;
    char text[BASE64_ROOM(3072)];

    for (size_t k; n > 0; p += k, n -= k) {
        size_t made_n;

        k = n < 3072 ? n : 3072;
        made_n = base64_encode(&a->base64, p, k, text);
        for (size_t i = 0; i < made_n; i++)
            a->ring[(a->at + a->n + i) % ATTACHMENT_ROOM] = text[i];
        a->n += made_n;
    }
    go_on(a);
    return true;
}

static const struct document_sink sink = { begin, room_left, put };

static void
all_read(void *arg, struct document *d)
{
    struct attachment *a = arg;

    a->source_open = false;
    if (d->q.end != CALL_ANSWERED)
        a->failed = true;
    else if (!a->sent && !a->failed)
        send(a);
    go_on(a);
    settle(a);
}

/* --- what it is --- */

static void
record_is_there(struct calling *q)
{
    q->end = CALL_ANSWERED;
}

static void
record_read(void *arg, struct calling *q)
{
    struct attachment *a = arg;

    a->record_open = false;
    a->failed |= q->end != CALL_ANSWERED;
    if (!a->failed &&
        !calling_begin(&a->q, q->reply.body, q->reply.n))
        a->failed = true;
    else if (!a->failed && !make_head(a)) {
        mr_fail(&a->q.cx, MR_EMEMORY, "memory ran out");
        a->q.end = CALL_FAILED;
        a->failed = true;
    }
    if (!a->failed) {
        a->source_open = true;
        a->source.q.began = a->q.clock();
        document_send(&a->source, a->here.session, a->here.url, &sink, a,
                      all_read, a);
    }
    settle(a);
}

void
attachment_send(struct attachment *a, struct attachment_place from,
                struct attachment_place to,
                void (*done)(void *arg, struct attachment *a), void *arg)
{
    a->here = from;
    a->there = to;
    a->done = done;
    a->arg = arg;
    a->record_open = true;
    a->record.began = a->q.clock();
    calling_send(&a->record, from.session, from.url, record_read, a);
}

/* --- time --- */

static bool
is_late(const struct attachment *a)
{
    return a->q_open && a->q.session != NULL && !a->waits &&
           (a->q.clock() - a->moved) / 1000 > (int64_t)a->q.within;
}

void
attachment_watch(struct attachment *a)
{
    a->holding = true;
    if (a->source_open)
        document_watch(&a->source);
    if (a->source.begun && !a->sent && !a->failed)
        send(a);
    if (is_late(a)) {
        calling_ends(&a->q, CALL_LATE, "no answer within %u ms",
                     (unsigned)a->q.within);
        calling_cancel(&a->q);
    }
    /* It was refused before all of it was there. */
    if (a->sent && !a->q_open && a->source_open) {
        a->cancelled = true;
        document_cancel(&a->source);
    }
    a->holding = false;
    settle(a);
}

void
attachment_cancel(struct attachment *a)
{
    a->holding = true;
    a->failed = true;
    if (a->record_open)
        calling_cancel(&a->record);
    if (a->source_open)
        document_cancel(&a->source);
    if (a->q_open)
        calling_cancel(&a->q);
    a->holding = false;
    settle(a);
}
