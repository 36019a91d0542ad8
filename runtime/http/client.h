/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP as a client: many requests at a time over kept connections, in the
 * caller's thread. A session is one system with its credentials, its cookies
 * and its token. Certificates are always verified, redirects never followed,
 * plain http goes to this machine only unless the settings say otherwise. A
 * request that was perhaps carried out is never sent again by itself.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "http/auth.h"
#include "mr/cx.h"

struct http_settings {
    const char *agent;          /* "mapc/0.1.0" */
    const char *ca_file, *ca_folder;    /* NULL: the machine's */
    bool insecure_http;         /* http to other machines, too */
    size_t body_max;            /* of an answer, unpacked; 0: 64 MB */
    uint32_t connections;       /* to one address at a time; 0: 16 */
};

enum { HTTP_CSRF_MAX = 512 };

struct http_client;
struct http_session;

struct http_header {
    const char *name, *value;
};

struct http_reply;

enum http_take {
    HTTP_TOOK,              /* all of it */
    HTTP_LATER,             /* nothing of it: the same again after http_go_on */
    HTTP_ENOUGH             /* the rest is not wanted: it ends as broken */
};

enum { HTTP_GIVE_LATER = -1, HTTP_GIVE_UP = -2 };

/* What is wished. All of it stays the caller's until `done` was called. */
struct http_call {
    const char *method, *url;
    const struct http_header *headers;
    size_t n_headers;
    const char *body;           /* NULL: none */
    size_t n;
    uint32_t timeout_ms;        /* of the whole; 0: 60 s */
    bool repeatable;            /* it changes nothing: a connection that broke
                                   before an answer is no reason to give up */
    void (*done)(void *arg, struct http_reply *reply);
    void *arg;
    /* Takes the body of an answer with status 2xx piece by piece; there is none
     * in the reply then. `head` has status and headers, while it runs. timeout_ms
     * 0 is an hour then: the time is the caller's affair. NULL: whole. */
    enum http_take (*take)(void *arg, const struct http_reply *head,
                           const char *p, size_t n);
    /* Gives the body of the request, at most n bytes at a time; 0: that is all.
     * HTTP_GIVE_LATER: http_go_on says when; HTTP_GIVE_UP. With body NULL, n is
     * its length, SIZE_MAX where that is not known. It can be given once
     * only: nothing is tried again. timeout_ms as above. NULL: `body`. */
    long (*give)(void *arg, char *p, size_t n);
};

enum http_end {
    HTTP_ANSWERED,          /* status, headers and the whole body are there */
    HTTP_NOT_SENT,          /* no connection, or no token: nothing was done */
    HTTP_DENIED,            /* the token's server refused the credentials */
    HTTP_BROKEN,            /* sent, but no whole answer came */
    HTTP_TOO_LARGE          /* the answer; it was not read to its end */
};

/* What came. Kept with http_reply_keep, it is good until http_reply_free; else
 * only while `done` runs. */
struct http_reply {
    enum http_end end;
    int status;                 /* 0: none came */
    /* MR_PADDING zero bytes stand behind the body. NULL: none came. */
    char *body;
    size_t n;
    char *headers;              /* "name: value\n", names in lower case */
    size_t headers_n;
    const char *text;           /* what went wrong, without values; "" */
    struct mr_memory memory;    /* the client's */
    bool kept;
};

/* cx: where memory comes from, and the error of a NULL. */
struct http_client *http_client_new(struct mr_cx *cx,
                                    const struct http_settings *settings);
/* Gives up what is under way (`done` is called for each) and closes. */
void http_client_free(struct http_client *client);

/* auth NULL: none. Texts stay the caller's. NULL with cx's error set. */
struct http_session *http_session_new(struct mr_cx *cx,
                                      struct http_client *client,
                                      const struct http_auth *auth);
void http_session_free(struct http_session *session);
/* May this address be asked at all? MR_EUSAGE with why in cx's error. */
enum mr_status http_session_allows(struct mr_cx *cx,
                                   const struct http_session *session,
                                   const char *url);

/* What the system wants to see with writing requests, beside the cookies that it
 * gave along with it; "": nothing is known. */
const char *http_session_csrf(const struct http_session *session);
/* false: it is longer than anything that is one. n 0: forgets it. */
bool http_session_keep_csrf(struct http_session *session, const char *p,
                            size_t n);

/* false: memory ran out, or the address can't be used; `done` is not called.
 * Else it is called once: by http_wait, by http_session_free, or by this. */
bool http_send(struct http_session *session, const struct http_call *call);
/* Gives up the requests of the session that have this `arg`: `done` is called
 * for each, as for one that broke. Those that wait for a token stay. Not from
 * a `done`. */
void http_cancel(struct http_session *session, const void *arg);
/* What said "later" is asked again, by the next http_wait. From anywhere. */
void http_go_on(struct http_session *session, const void *arg);
/* Goes on with all that is under way, waiting at most that long for something
 * to happen, and calls `done` for what ended. */
void http_wait(struct http_client *client, uint32_t timeout_ms);
/* Ends a wait, from any thread. */
void http_wake(struct http_client *client);
/* A wait ends, too, when there is something to read here. One at a time. */
bool http_watch(struct http_client *client, int fd);
/* Requests under way. */
size_t http_busy(const struct http_client *client);

/* The first header of that name (lower case), its length in *n; NULL. */
const char *http_reply_header(const struct http_reply *reply, const char *name,
                              size_t *n);
/* Takes body and headers over into `to`. */
void http_reply_keep(struct http_reply *reply, struct http_reply *to);
void http_reply_free(struct http_reply *reply);

#endif
