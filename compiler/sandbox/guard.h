/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may come in: basic authentication, and the CSRF tokens with their
 * session cookies that a write over it needs.
 */
#ifndef SANDBOX_GUARD_H
#define SANDBOX_GUARD_H

#include "sandbox/message.h"

struct sessions *sessions_new(struct arena *a);
/* Forgets all of them, as a restarted server does. */
void sessions_clear(struct sessions *s);

/* 48 hexadecimal digits that can't be guessed. */
void guard_secret(char out[49]);

/* Basic authentication as user mapc; false: the answer is filled. */
bool guard_login(const struct request *r, struct answer *to);
/* A token where one was asked for; a write without a valid one is refused. */
bool guard_token(const struct request *r, struct answer *to);

#endif
