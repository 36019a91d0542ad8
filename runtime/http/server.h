/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listening side: a thread of its own, or the host's in turns, takes requests, refuses what is
 * malformed, too large, too slow, of the wrong type or without the right
 * credentials, and queues the others whole. The host takes them when it likes
 * and answers each, from one thread of its own, by its ticket. Meanwhile the
 * connection costs nothing but its body.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "mr/cx.h"

enum server_guard {
    SERVER_OPEN,            /* nobody is asked */
    SERVER_BASIC, SERVER_BEARER,
    SERVER_CERTIFICATE      /* of the client, signed by client_ca; needs TLS */
};

struct server_route {
    const char *method;         /* "POST" */
    const char *path;           /* whole, or its start where it ends in '/' */
    const char *const *types;   /* content types, ended by NULL; NULL: there is
                                   no body */
    enum server_guard guard;
    bool loopback;              /* only from this machine */
    const char *header;         /* of the request, for the host; NULL: none */
};

struct server_settings {
    const char *listen;         /* "127.0.0.1:8090", "[::1]:0"; port 0: any */
    const struct server_route *routes;
    size_t n_routes;
    const char *user, *password;        /* SERVER_BASIC */
    const char *token;                  /* SERVER_BEARER */
    /* PEM text. cert NULL: no TLS. */
    const char *cert, *key, *key_password, *client_ca;
    size_t body_max;            /* of one request (16 MB) */
    size_t bodies_max;          /* of all that wait (128 MB) */
    uint32_t connections;       /* at a time (256) */
    uint32_t per_address;       /* of them from one address (64) */
    uint32_t request_ms;        /* first line to last byte (30 s) */
    uint32_t idle_ms;           /* until that first line (30 s) */
    /* Without a thread of its own: all is done in server_turn. */
    bool in_turns;
    /* Called from the server's thread after a request was queued. */
    void (*wake)(void *arg);
    void *arg;
};

/* Sizes and times as said above; the rest is left alone. */
void server_defaults(struct server_settings *s);

struct server_request {
    uint64_t ticket;
    size_t route;               /* index in routes */
    const char *rest;           /* of the path, behind the route's */
    const char *query;          /* behind '?', as sent; "" */
    const char *header;         /* the route's; "" */
    size_t type;                /* index in the route's types */
    const char *body;
    size_t n;
};

struct server_answer {
    int status;
    const char *type;           /* "text/plain"; NULL: no body */
    const char *body;
    size_t n;
    uint32_t retry_after;       /* seconds; 0: not said */
};

struct server_counts {
    uint64_t taken;             /* requests queued */
    uint64_t refused;           /* 4xx by the server itself, and cut off */
    uint64_t open;              /* connections now */
};

struct http_server;

/* Listens when it returns. Texts of the settings are copied, routes are not.
 * MR_EUSAGE: the address or a certificate can't be used (cx's error). */
enum mr_status server_new(struct mr_cx *cx, const struct server_settings *s,
                          struct http_server **out);
/* Stops listening; those that wait for an answer are cut off. */
void server_free(struct http_server *s);
/* The port it listens on. */
uint16_t server_port(const struct http_server *s);

/* Of a server without a thread: becomes readable when a turn is due. */
int server_fd(const struct http_server *s);
/* Takes what came, sends what was answered; then the next turn is due in so
 * many milliseconds, if not before. UINT32_MAX: whenever something comes. */
uint32_t server_turn(struct http_server *s);
/* Was anything answered since the last turn? Then one is due. */
bool server_is_due(struct http_server *s);

/* The next request. It stays until it is answered. false: none now. */
bool server_take(struct http_server *s, struct server_request *out);
/* The answer is copied. A ticket whose connection is gone is fine. */
void server_answer(struct http_server *s, uint64_t ticket,
                   const struct server_answer *answer);
/* An answer with status 200 that comes piece by piece; length UINT64_MAX: it is
 * not known. disposition: the header; NULL. false: memory ran out, or nobody
 * is there. */
bool server_stream(struct http_server *s, uint64_t ticket, const char *type,
                   const char *disposition, uint64_t length);
/* How much may be put now; the host is woken as there is more. */
size_t server_room(struct http_server *s, uint64_t ticket);
void server_put(struct http_server *s, uint64_t ticket, const char *p,
                size_t n);
/* Always due after server_stream. `whole` false: the connection is closed
 * without the end that an answer has. */
void server_stream_end(struct http_server *s, uint64_t ticket, bool whole);
/* A ticket that was taken and not answered to its end, whose connection its client closed;
 * each is told once. false: none now. With TLS nothing is noticed. */
bool server_gone(struct http_server *s, uint64_t *ticket);
/* Takes no further connections; those that are open go on. */
void server_quiet(struct http_server *s);
void server_counted(const struct http_server *s, struct server_counts *out);

#endif
