/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of an OData service as they are kept: a JSON object with the fields
 * that hold something, in schema order, without blanks. A date is kept as it
 * is sent. So a page of records is made by copying slices.
 */
#ifndef SANDBOX_DOC_H
#define SANDBOX_DOC_H

#include "base/buf.h"
#include "sandbox/model.h"

/* The JSON text of a field's value; at NULL: it holds nothing. */
struct slot {
    const char *at;
    uint32_t n;
};

/* Fills slots (one for each field of the kind) from a kept record. */
void doc_read(const struct kind *k, const char *doc, size_t n,
              struct slot *slots);
void doc_write(const struct kind *k, const struct slot *slots,
               struct buf *out);

/* A JSON string; '/' stays as it is. */
void json_quote(struct buf *out, const char *text, size_t n);
/* What stands in the quotes of a kept JSON string, escapes undone; the text
 * itself where there are none. NULL for what is no string. */
const char *json_plain(struct arena *a, struct slot s, size_t *n);

#endif
