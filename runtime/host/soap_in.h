/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls from programs that speak SOAP 1.1, as Cloud for Customer does when it
 * calls out. The body has one element with the call's name, in it the caller's
 * record with its fields by their names; the answer's is NAMEResponse.
 */
#ifndef HOST_SOAP_IN_H
#define HOST_SOAP_IN_H

#include "call/call.h"
#include "host/host.h"

/* The caller's record as it stands in an envelope; in the call's tables it is
 * JSON. */
struct soap_in {
    struct mr_doc asked, answered;
    const char *record;         /* its element: "SalesQuote" */
    bool there;                 /* false: a name of it can't be one in XML, or
                                   its system's documents are XML anyway */
};

/* In the context's memory, which has to outlive it. false: memory. */
bool soap_in_make(struct mr_cx *cx, const struct mr_call *call,
                  struct soap_in *to);
/* The answer with its messages; false: memory, or a value that can't be. */
bool soap_in_answer(FILE *out, struct calling *q, const struct soap_in *soap);
/* A kept answer, and how old it is. */
void soap_in_kept(FILE *out, const struct soap_in *soap, const char *text,
                  size_t n, long long age, bool stale);
/* Why there is none. */
void soap_in_fault(FILE *out, const struct calling *q);
void soap_in_refusal(FILE *out, bool callers_fault, const char *text);

/* --- soap_wsdl.c --- */

/* What a caller has to know. `url`: where it is. */
void soap_in_wsdl(FILE *out, const struct mr_call *call,
                  const struct soap_in *soap, const char *url);
/* The namespace of the two elements. */
void soap_in_namespace(FILE *out, const struct mr_call *call);
/* Text between tags, or in an attribute. */
void soap_in_text(FILE *out, const char *p, size_t n);

#endif
