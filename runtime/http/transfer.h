/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What client and session share: a transfer is one request under way, from the
 * moment it was accepted until its caller was told.
 */
#ifndef HTTP_TRANSFER_H
#define HTTP_TRANSFER_H

#include <curl/curl.h>

#include "http/bytes.h"
#include "http/client.h"
#include "http/clock.h"
#include "http/events.h"

struct transfer {
    struct transfer *next, *before;     /* in client->active or ->spare */
    struct transfer *waits;     /* next that waits for the session's token */
    struct http_client *client;
    struct http_session *session;
    struct http_call call;
    CURL *easy;
    struct curl_slist *headers;
    struct bytes body, head;
    size_t sent;                /* bytes of the call's body */
    bool running;               /* in the multi handle */
    bool plain;                 /* without the session's token: fetches it */
    bool renewed;               /* was answered 401 once with an old token */
    bool too_large;
    bool paused, goes_on;       /* take or give said "later"; http_go_on */
    char error[CURL_ERROR_SIZE];
};

struct http_session {
    struct http_session *next;
    struct http_client *client;
    struct http_auth auth;
    CURLSH *cookies;
    bool closing;               /* takes no more requests */
    char csrf[HTTP_CSRF_MAX];   /* "": none */
    /* OAuth2 */
    char *token;                /* NULL: none */
    int64_t token_until;        /* milliseconds of the steady clock */
    bool fetching;
    struct transfer *first_waiting, *last_waiting;
    struct bytes form;          /* the request for a token */
};

struct http_client {
    struct mr_memory memory;
    CURLM *multi;
    struct http_events events;
    char *agent, *ca_file, *ca_folder;
    bool insecure_http;
    size_t body_max;
    struct transfer *active, *spare;
    struct http_session *sessions;
    size_t busy;
    bool go_on;                 /* a transfer goes_on */
};

char *http_copy(const struct mr_memory *memory, const char *text);

/* Hands the transfer to curl. false: memory. */
bool transfer_start(struct transfer *t);
/* Tells the caller how it ended and puts the transfer aside. */
void transfer_end(struct transfer *t, enum http_end end, int status,
                  const char *text);
/* Ends all of a session. Their callers must not begin others. */
void transfers_give_up(struct http_session *s);
/* A new one for this call, not started. NULL: memory. */
struct transfer *transfer_new(struct http_session *s,
                              const struct http_call *call);

/* Has the session what its requests need? Else the transfer waits for it. */
bool http_session_ready(struct http_session *s, struct transfer *t);
/* Asks for a token. */
void http_session_fetch(struct http_session *s);
/* 401: was the token at fault and will there be a new one? Then the transfer
 * waits for that. */
bool http_session_renews(struct http_session *s, struct transfer *t);
/* May the address be asked? NULL, or why not. */
const char *http_session_refuses(const struct http_session *s, const char *url);

#endif
