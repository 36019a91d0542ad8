/* SPDX-License-Identifier: Apache-2.0 */
/* Code lists of an OData system: entity sets with the codes of its fields. */
#ifndef SANDBOX_CODES_H
#define SANDBOX_CODES_H

#include "sandbox/message.h"

/* Answers a request for a code list. false: the name is none's. */
bool codes_answer(struct request *r, const char *name, struct answer *to);
/* {"list": NAME, "add": [CODE, …], "remove": [CODE, …]}; NULL or what is
 * wrong. */
const char *codes_change(struct request *r, const json_t *body);
/* As in the beginning. */
void codes_reset(struct model *m);

#endif
