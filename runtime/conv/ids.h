/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ID map: for each map, which left ID and which right ID are one record.
 * Filled once, then only read.
 */
#ifndef CONV_IDS_H
#define CONV_IDS_H

#include "mr/cx.h"

struct mr_ids;

/* NULL: memory ran out (cx->error is set). */
struct mr_ids *mr_ids_new(struct mr_cx *cx);
void mr_ids_free(struct mr_cx *cx, struct mr_ids *ids);

/* Copies the texts. The same pair twice is one; one ID with two partners in a
 * map is an error. MR_EUSAGE, MR_ELIMIT or MR_EMEMORY, with cx->error set. */
enum mr_status mr_ids_add(struct mr_cx *cx, struct mr_ids *ids,
                          struct mr_val map, struct mr_val left,
                          struct mr_val right);

/* Rows `map,left,right` of a CSV text (RFC 4180 quotes; lines end with LF or
 * CR LF; a first row of just these words, and empty lines, are skipped).
 * MR_EFORMAT with the line in cx->error, or as mr_ids_add. */
enum mr_status mr_ids_load(struct mr_cx *cx, struct mr_ids *ids,
                           const char *text, size_t n);

/* The other side's ID, missing where there is none. */
struct mr_val mr_ids_right(const struct mr_ids *ids, const char *map,
                           struct mr_val left);
struct mr_val mr_ids_left(const struct mr_ids *ids, const char *map,
                          struct mr_val right);

#endif
