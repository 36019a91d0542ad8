/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of documents over HTTP: GET /docflow/NAME/KEY. */
#ifndef HOST_SERVE_DOCFLOW_H
#define HOST_SERVE_DOCFLOW_H

#include "host/serve.h"

void serve_docflow(struct serve *s, const struct server_request *r);
/* Its caller went away. */
void serve_docflow_gone(struct serve *s, uint64_t ticket);
/* Gives up all that are under way. */
void serve_docflow_close(struct serve *s);

#endif
