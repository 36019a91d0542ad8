/* SPDX-License-Identifier: Apache-2.0 */
/* Attachments on demand: POST /attachment/NAME/KEY. */
#ifndef HOST_SERVE_ATTACHMENT_H
#define HOST_SERVE_ATTACHMENT_H

#include "host/serve.h"

void serve_attachment(struct serve *s, const struct server_request *r);
/* Its caller went away. */
void serve_attachment_gone(struct serve *s, uint64_t ticket);
void serve_attachment_step(struct serve *s);
/* Gives up all that are under way. */
void serve_attachment_close(struct serve *s);

#endif
