/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SOAP 1.1: what the next ones share. Parameters are kept as JSON objects:
 * a record is an object, a value a text, what may stand often an array.
 */
#ifndef SANDBOX_SOAP_H
#define SANDBOX_SOAP_H

#include <jansson.h>

#include "sandbox/message.h"

#define SOAP_NS "http://schemas.xmlsoap.org/soap/envelope/"

/* --- envelopes to objects (soap_xml.c) --- */

struct soap_call {
    const struct operation *operation;
    json_t *input;              /* NULL: refused */
    const char *code;           /* why: "Client", "MustUnderstand", … */
    const char *wrong;          /* … in words; in the arena */
};

/* Each parameter is checked against the WSDL. The caller frees the input. */
bool sb_soap_parse(struct arena *a, const struct site *site, const char *p,
                   size_t n, struct soap_call *call);
/* NULL, or what is wrong with the text of a value. */
const char *sb_soap_value(struct arena *a, const struct member *m,
                          const char *text);

/* --- objects to envelopes (soap_write.c) --- */

/* Only what the WSDL has is written, in its order and digits. */
void sb_soap_write(struct buf *out, const struct member *output,
                   const json_t *json);
/* An answer with status 500. */
void sb_soap_fault(struct answer *to, const char *code, const char *words);

/* --- parameters (soap_rows.c) --- */

/* A value's text; "" where there is none. */
const char *sb_soap_text(const json_t *record, const char *name);
/* The rows of a table: an array, or NULL. */
const json_t *sb_soap_rows(const json_t *in, const char *table);
/* A table that came is to be answered, without rows at first. */
void sb_soap_table(json_t *out, const json_t *in, const char *table);
/* A new row, borrowed; NULL where the table did not come: what is put into
 * NULL is dropped. */
json_t *sb_soap_row(json_t *out, const char *table);
void sb_soap_put(json_t *record, const char *name, const char *text);

/* --- requests (soap.c) --- */

void sb_soap_answer(struct request *r, struct answer *to);

/* --- function modules --- */

/* Fills the answer's parameters. NULL, or the words of a fault. */
typedef const char *soap_function(struct request *r, const json_t *in,
                                  json_t *out);

soap_function sb_sd_simulate;
soap_function sb_sd_create_inquiry, sb_sd_create_quotation;
soap_function sb_sd_create_order;
soap_function sb_sd_list;
soap_function sb_sd_flow;
soap_function sb_sd_print;

#endif
