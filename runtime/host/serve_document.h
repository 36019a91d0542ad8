/* SPDX-License-Identifier: Apache-2.0 */
/* Documents over HTTP: GET /document/NAME/KEY. */
#ifndef HOST_SERVE_DOCUMENT_H
#define HOST_SERVE_DOCUMENT_H

#include "host/serve.h"

void serve_document(struct serve *s, const struct server_request *r);
/* Its caller went away. */
void serve_document_gone(struct serve *s, uint64_t ticket);
/* Goes on with those that waited for their callers; minds the time. */
void serve_document_step(struct serve *s);
/* Gives up all that are under way. */
void serve_document_close(struct serve *s);

#endif
