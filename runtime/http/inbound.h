/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's inside. All calls of libmicrohttpd are made in the server's own
 * thread; the host's thread only sees the queue of requests and puts answers
 * beside them, under the lock. Memory comes from malloc: that of a context
 * belongs to one thread.
 */
#ifndef HTTP_INBOUND_H
#define HTTP_INBOUND_H

#include <microhttpd.h>
#include <pthread.h>

#include "http/bytes.h"
#include "http/clock.h"
#include "http/server.h"

/* What a connection is waited for. */
enum phase {
    PHASE_IDLE,         /* the first line of a request */
    PHASE_READING,      /* its last byte */
    PHASE_HOST,         /* the host's answer: no limit here */
    PHASE_ANSWERING     /* the other side, to take the answer */
};

struct connection {
    struct connection *next, *before;
    int fd;
    enum phase phase;
    int64_t since;              /* milliseconds of the steady clock */
    bool left;                  /* closed by the other side */
    bool cut;
};

/* One request, from its first line to the end of its answer. */
struct inbound {
    struct inbound *next;       /* in server->queue */
    struct inbound *older, *newer;      /* in server->all */
    uint64_t ticket;
    struct MHD_Connection *mhd;         /* NULL: gone */
    struct connection *connection;
    size_t route;
    char *rest, *query, *header;
    size_t form;                /* which of the route's types */
    struct bytes body;
    size_t counted;             /* of server->bodies */
    int refused;                /* status to answer with instead; 0 */
    bool begun;                 /* its headers were looked at */
    bool queued;                /* the host has it or will get it */
    bool answered, cut;
    bool left, told;            /* its client went away; the host knows */
    /* The answer. */
    int status;
    uint32_t retry_after;
    char *type, *text;
    char *name;                 /* under which it may be kept; NULL */
    size_t n;
    struct outflow *flow;       /* it comes piece by piece; NULL: whole */
};

struct http_server {
    struct server_settings set;
    struct MHD_Daemon *daemon;
    int listening, wake[2];
    uint16_t port;
    pthread_t thread;           /* not in turns */
    struct connection *connections;     /* server's thread only */
    int64_t watched;            /* when these were looked at; the same */
    bool hushed;                /* takes no new ones; the same */
    unsigned char secret[32];   /* key under which credentials are compared */

    pthread_mutex_t lock;       /* of what follows */
    struct inbound *first, *last;       /* queue for the host */
    struct inbound *all;        /* queued and not ended */
    uint64_t tickets;
    size_t bodies;
    bool stop, quiet, news;     /* news: something was answered */
    size_t leaving;             /* left and not told */
    struct server_counts counts;
};

/* Callbacks for libmicrohttpd (inbound.c). arg: the server. */
enum MHD_Result inbound_handle(void *arg, struct MHD_Connection *mhd,
                               const char *url, const char *method,
                               const char *version, const char *data,
                               size_t *n, void **request);
void *inbound_line(void *arg, const char *uri, struct MHD_Connection *mhd);
void inbound_over(void *arg, struct MHD_Connection *mhd, void **request,
                  enum MHD_RequestTerminationCode code);
void inbound_connection(void *arg, struct MHD_Connection *mhd, void **socket,
                        enum MHD_ConnectionNotificationCode code);
void inbound_free(struct http_server *s, struct inbound *in);
/* The headers of in's answer. */
void inbound_headers(const struct http_server *s, struct MHD_Response *r,
                     const struct inbound *in);
void inbound_enter(struct connection *c, enum phase phase);
/* Cuts connections whose time is over. */
void inbound_watch(struct http_server *s, int64_t now);

/* Takes it out of s->all; under the lock. */
void server_unlink(struct http_server *s, struct inbound *in);
/* Wakes the server's thread. */
void server_nudge(struct http_server *s);

/* Does this request have what the route asks for? 0, or the status. */
int server_guard_check(const struct http_server *s,
                       const struct server_route *route,
                       struct MHD_Connection *mhd);
bool server_guard_is_loopback(struct MHD_Connection *mhd);

#endif
