/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers piece by piece. The host asks how much room there is and puts no
 * more than that; whoever reads slowly is waited for by whoever writes.
 */
#include "http/outflow.h"

#include <stdlib.h>

enum { BLOCK = 16 * 1024 };

static struct inbound *
find(struct http_server *s, uint64_t ticket)
{
    struct inbound *in = s->all;

    while (in != NULL && in->ticket != ticket)
        in = in->older;
    return in;
}

/* --- the server's thread --- */

void
outflow_wake(struct inbound *in)
{
    struct outflow *f = in->flow;

    if (in->mhd == NULL || !f->asleep || (f->begun && f->n == 0 && !f->ended))
        return;
    f->asleep = false;
    MHD_resume_connection(in->mhd);
}

void
outflow_cut(struct inbound *in)
{
    if (!in->flow->ended)
        in->flow->whole = false;
    in->flow->ended = true;
    outflow_wake(in);
}

/* The next bytes of the ring, as far as they stand in one piece. */
static size_t
take(struct outflow *f, char *to, size_t room)
{
    size_t n = OUTFLOW_ROOM - f->at;

    n = n < f->n ? n : f->n;
    n = n < room ? n : room;
    memcpy(to, f->ring + f->at, n);
    f->at = (f->at + n) % OUTFLOW_ROOM;
    f->n -= n;
    return n;
}

struct reader {
    struct http_server *server;
    struct inbound *in;
};

static ssize_t
read_ring(void *arg, uint64_t at, char *to, size_t room)
{
    struct reader *r = arg;
    struct outflow *f = r->in->flow;
    ssize_t n = 0;

    (void)at;
    pthread_mutex_lock(&r->server->lock);
    if (f->n > 0) {
        n = (ssize_t)take(f, to, room);
        inbound_enter(r->in->connection, PHASE_ANSWERING);
    } else if (f->ended) {
        n = f->whole ? MHD_CONTENT_READER_END_OF_STREAM
                     : MHD_CONTENT_READER_END_WITH_ERROR;
    } else {
        f->asleep = true;
        inbound_enter(r->in->connection, PHASE_HOST);
        MHD_suspend_connection(r->in->mhd);
    }
    pthread_mutex_unlock(&r->server->lock);
    if (n > 0 && r->server->set.wake != NULL)
        r->server->set.wake(r->server->set.arg);
    return n;
}

static void
free_reader(void *arg)
{
    free(arg);
}

enum MHD_Result
outflow_give(struct http_server *s, struct inbound *in)
{
    struct reader *r = malloc(sizeof *r);
    struct MHD_Response *response;
    enum MHD_Result ok;

    if (r == NULL)
        return MHD_NO;
    *r = (struct reader){ s, in };
    response = MHD_create_response_from_callback(
        in->flow->length == UINT64_MAX ? MHD_SIZE_UNKNOWN : in->flow->length,
        BLOCK, read_ring, r, free_reader);
    if (response == NULL) {
        free(r);
        return MHD_NO;
    }
    inbound_headers(s, response, in);
    inbound_enter(in->connection, PHASE_ANSWERING);
    in->flow->begun = true;
    ok = MHD_queue_response(in->mhd, (unsigned)in->status, response);
    MHD_destroy_response(response);
    return ok;
}

/* --- the host's --- */

bool
server_stream(struct http_server *s, uint64_t ticket, const char *type_as,
              const char *disposition, uint64_t length)
{
    struct outflow *f = malloc(sizeof *f);
    char *type = strdup(type_as);
    char *name = disposition == NULL ? NULL : strdup(disposition);
    struct inbound *in;
    bool ok;

    pthread_mutex_lock(&s->lock);
    in = find(s, ticket);
    ok = f != NULL && type != NULL && (disposition == NULL || name != NULL) &&
         in != NULL && !in->answered && in->mhd != NULL;
    if (ok) {
        f->length = length;
        f->at = f->n = 0;
        f->ended = f->whole = f->begun = false;
        f->asleep = true;           /* since it was handed over */
        in->flow = f;
        in->type = type;
        in->name = name;
        in->status = 200;
        in->answered = s->news = true;
    }
    pthread_mutex_unlock(&s->lock);
    if (!ok) {
        free(f);
        free(type);
        free(name);
        return false;
    }
    server_nudge(s);
    return true;
}

size_t
server_room(struct http_server *s, uint64_t ticket)
{
    const struct inbound *in;
    size_t room = 0;

    pthread_mutex_lock(&s->lock);
    in = find(s, ticket);
    if (in != NULL && in->flow != NULL && !in->flow->ended)
        room = OUTFLOW_ROOM - in->flow->n;
    pthread_mutex_unlock(&s->lock);
    return room;
}

static void
add(struct outflow *f, const char *p, size_t n)
{
    size_t end = (f->at + f->n) % OUTFLOW_ROOM, first = OUTFLOW_ROOM - end;

    first = n < first ? n : first;
    memcpy(f->ring + end, p, first);
    memcpy(f->ring, p + first, n - first);
    f->n += n;
}

void
server_put(struct http_server *s, uint64_t ticket, const char *p, size_t n)
{
    struct inbound *in;

    pthread_mutex_lock(&s->lock);
    in = find(s, ticket);
    if (in != NULL && in->flow != NULL && !in->flow->ended &&
        n <= OUTFLOW_ROOM - in->flow->n) {
        add(in->flow, p, n);
        s->news = true;
    }
    pthread_mutex_unlock(&s->lock);
    server_nudge(s);
}

void
server_stream_end(struct http_server *s, uint64_t ticket, bool whole)
{
    struct inbound *in;

    pthread_mutex_lock(&s->lock);
    in = find(s, ticket);
    if (in != NULL && in->flow != NULL && !in->flow->ended) {
        in->flow->ended = s->news = true;
        in->flow->whole = whole;
    }
    pthread_mutex_unlock(&s->lock);
    server_nudge(s);
}
