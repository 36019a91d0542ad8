/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sales documents that are kept: inquiries (A), quotations (B), orders (C),
 * and what follows orders: deliveries (J), goods issues (R), invoices (M). Each
 * stands below the one that it follows.
 */
#ifndef SANDBOX_SD_DOCUMENT_H
#define SANDBOX_SD_DOCUMENT_H

#include <jansson.h>

#include "sandbox/message.h"

/* By its number, with or without zeros in front; NULL where there is none. The
 * caller frees it. */
json_t *sd_document(struct request *r, const char *number, struct row *row);
/* Keeps this one, behind another's row (0: none). Its own number, or NULL for
 * the next of its category, goes into SD_DOC. NULL, or what is wrong. */
const char *sd_document_keep(struct request *r, json_t *document,
                             int64_t behind, const char *number);
/* All of them, or those behind one. The cursor is given back with
 * sb_store_end. */
struct cursor *sd_documents(struct request *r);
struct cursor *sd_documents_behind(struct request *r, int64_t row);

/* What a user of ERP does next: delivers an order, books the goods issue of a
 * delivery, bills it. NULL, and what `made` is for has the new document's
 * number; or what is wrong. */
const char *sd_document_follow(struct request *r, const char *number,
                               const char **made);

#endif
