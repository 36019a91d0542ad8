/* SPDX-License-Identifier: Apache-2.0 */
/* What `serve` says to callers that speak SOAP, beside answers of calls. */
#include "host/serve_soap.h"

#include <stdlib.h>
#include <strings.h>

const char serve_soap_type[] = "text/xml; charset=utf-8";

void
serve_fault(struct serve *s, uint64_t ticket, int status, const char *title)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (out != NULL) {
        soap_in_refusal(out, status / 100 == 4, title);
        if (fclose(out) == 0) {
            struct server_answer a = { status == 503 ? 503 : 500, serve_soap_type,
                                       text, n, status == 503 ? 1u : 0u };

            server_answer(s->server, ticket, &a);
            free(text);
            return;
        }
    }
    free(text);
    serve_problem(s, ticket, status, title);
}

void
serve_wsdl(struct serve *s, const struct server_request *r)
{
    const struct mr_program *p = s->h->program;
    uint16_t i = 0;
    char url[600], *text = NULL;
    size_t n = 0;
    FILE *out;

    if (strcasecmp(r->query, "wsdl") != 0) {
        struct server_answer a = { 405, "text/plain", "not this method\n", 16,
                                   0 };

        server_answer(s->server, r->ticket, &a);
        return;
    }
    while (i < p->n_calls && strcmp(p->calls[i]->name, r->rest) != 0)
        i++;
    if (i == p->n_calls || !s->soap[i].there) {
        serve_problem(s, r->ticket, 404, "there is no call of this name "
                       "that takes envelopes");
        return;
    }
    snprintf(url, sizeof url, "%s://%s/call/%s",
             s->config.inbound.cert != NULL ? "https" : "http",
             s->config.inbound.listen, p->calls[i]->name);
    out = open_memstream(&text, &n);
    if (out != NULL)
        soap_in_wsdl(out, p->calls[i], &s->soap[i], url);
    if (out != NULL && fclose(out) == 0) {
        struct server_answer a = { 200, serve_soap_type, text, n, 0 };

        server_answer(s->server, r->ticket, &a);
    } else {
        serve_problem(s, r->ticket, 503, "memory ran out");
    }
    free(text);
}
