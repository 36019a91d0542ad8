/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An answer whose body comes piece by piece: what the host has put and the
 * client has not taken yet, at most OUTFLOW_ROOM bytes of it. The connection
 * sleeps while there is nothing. All of it under the server's lock.
 */
#ifndef HTTP_OUTFLOW_H
#define HTTP_OUTFLOW_H

#include "http/inbound.h"

enum { OUTFLOW_ROOM = 128 * 1024 };

struct outflow {
    uint64_t length;            /* UINT64_MAX: not known */
    size_t at, n;               /* of the ring: first byte, how many */
    bool ended, whole;          /* the host said so */
    bool asleep;                /* the connection is suspended */
    bool begun;                 /* the status was sent */
    char ring[OUTFLOW_ROOM];
};

/* The answer begins: its status and headers. */
enum MHD_Result outflow_give(struct http_server *s, struct inbound *in);
/* Resumes the connection, if there is something to be done. */
void outflow_wake(struct inbound *in);
/* The server stops: what is under way is cut off. */
void outflow_cut(struct inbound *in);

#endif
