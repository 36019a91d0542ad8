/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flat IDocs: a control record of 524 characters and data records of 1,063,
 * every field at its place, to and from IDoc XML. Which fields a segment has
 * and how long they are stands in a layout, a text:
 *
 *     -- customers
 *     segment E1KNA1M E2KNA1M005
 *     MSGFN 3
 *     KUNNR 10
 *
 * The second name of a segment is the one in flat files (it depends on the
 * release); without it they have the first.
 */
#ifndef PEER_FLAT_H
#define PEER_FLAT_H

#include "http/bytes.h"

struct flat_layout;

/* MR_EFORMAT with the line in cx's error. */
enum mr_status flat_layout_new(struct mr_cx *cx, const char *p, size_t n,
                               struct flat_layout **out);
void flat_layout_free(struct mr_cx *cx, struct flat_layout *l);

/* Added to `out`. MR_EFORMAT: the line or segment at fault is in cx's error. */
enum mr_status flat_to_xml(struct mr_cx *cx, const struct flat_layout *l,
                           const char *p, size_t n, struct bytes *out);
/* From IDoc XML as our encoder writes it. */
enum mr_status flat_from_xml(struct mr_cx *cx, const struct flat_layout *l,
                             const char *p, size_t n, struct bytes *out);

#endif
