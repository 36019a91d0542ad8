/* SPDX-License-Identifier: Apache-2.0 */
/* What `serve` says to callers that speak SOAP, beside answers of calls. */
#ifndef HOST_SERVE_SOAP_H
#define HOST_SERVE_SOAP_H

#include "host/serve.h"

extern const char serve_soap_type[];

/* No call, no room: a fault. `status` as it would be with JSON. */
void serve_fault(struct serve *s, uint64_t ticket, int status,
                 const char *title);
/* GET /call/NAME?wsdl */
void serve_wsdl(struct serve *s, const struct server_request *r);

#endif
