/* SPDX-License-Identifier: Apache-2.0 */
/* /sandbox/…: what a person or a test does to a system from outside. */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "sandbox/message.h"

void control_answer(struct request *r, struct answer *to);

/* The edits of users, each in a transaction of its own. NULL, or why not. */
const char *user_edit(struct request *r, struct kind *k, const char *key,
                      const json_t *set);
const char *user_create(struct request *r, struct kind *k,
                        const json_t *record);
/* As user_create, but in the caller's transaction and without an IDoc. */
const char *user_put(struct request *r, struct kind *k, const json_t *record);
const char *user_delete(struct request *r, struct kind *k, const char *key);
/* By business key, else by ObjectID. */
bool user_find(struct request *r, const struct kind *k, const char *key,
               struct row *row);

#endif
