/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What curl waits for: only sockets on which something happened are looked at,
 * however many requests are under way. By curl's multi-socket interface, on
 * Linux's epoll.
 */
#ifndef HTTP_EVENTS_H
#define HTTP_EVENTS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

struct http_events {
    CURLM *multi;
    int epoll, wake;            /* -1: none */
    int watched;                /* not curl's; -1: none */
    int64_t due;                /* when curl wants to go on, milliseconds of
                                   http_clock; INT64_MAX: not by itself */
};

/* `multi` asks here from now on. false: the system has no more of it. */
bool http_events_open(struct http_events *e, CURLM *multi);
/* Behind curl_multi_cleanup, which still asks. */
void http_events_close(struct http_events *e);
/* What is due now, requests that were just begun among it. */
void http_events_run(struct http_events *e);
/* Waits for up to so long, and does what is due then. */
void http_events_wait(struct http_events *e, uint32_t timeout_ms);
/* Ends a wait, or the next one; from any thread, and from signals. */
void http_events_wake(struct http_events *e);
/* A wait ends, too, when there is something to read here. One at a time. */
bool http_events_watch(struct http_events *e, int fd);

#endif
