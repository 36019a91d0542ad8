/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes that an operator makes to what replication remembers. The program
 * that has the store is the only one that writes to it: a change goes to it
 * over a socket beside the store, or, where none runs, is made at once. Who may
 * open the socket is who may open the store.
 */
#ifndef HOST_CONTROL_H
#define HOST_CONTROL_H

#include "host/host_session.h"

/* A change: words, perhaps a file's bytes, and where its answer goes. */
struct change {
    int argc;
    const char **argv;          /* argv[0] names the kind */
    const char *body;
    size_t n;
    FILE *out, *err;
    bool running;               /* it is made inside a running program */
};

/* Makes it; the exit code. Turns of the engine are not under way then. */
typedef int change_fn(struct session *s, struct change *c);

/* status_change changes nothing: it says what only the program itself knows. */
change_fn parked_change, ids_change, privacy_change, status_change;
/* A person says whose values a parked conflict takes (parked_words.c). */
int parked_resolve(struct session *s, struct change *c, int64_t id,
                   const char *system);

/* Tries parked ones again and waits, some seconds, to say what came of it
 * (parked_retry.c). */
int parked_retry(const struct host *h, const char *config, struct change *c);

/* Asks the program that has the store, or opens the store and does it. */
int change_make(const struct host *h, const char *config, struct change *c);

/* Listens beside the store; a program works without, too, after a warning. */
void control_open(struct session *s);
void control_close(struct session *s);
/* Makes the change that was asked for, if any. */
void control_serve(struct session *s);

/* --- within a change --- */

/* Begins a transaction of the store, or ends it: committed where code is
 * HOST_OK, else rolled back. Both return the exit code, having said why. */
int change_begin(struct session *s, struct change *c);
int change_end(struct session *s, struct change *c, int code);
/* Says the store's error. */
int change_error(struct session *s, struct change *c);

#endif
