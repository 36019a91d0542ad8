/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in a message each of its IDocs stands, as bytes, and taking the texts
 * out of some. For messages that were read without an error before; IDocs are
 * numbered from 0 as idoc_in_next gives them.
 */
#ifndef PEER_IDOC_PARTS_H
#define PEER_IDOC_PARTS_H

#include <stdbool.h>
#include <stddef.h>

/* How many; 0 where that can't be told, as in UTF-16. */
size_t idoc_parts(const char *p, size_t n);
/* From the start tag to the end tag. false: there is no such. */
bool idoc_part(const char *p, size_t n, size_t which, size_t *from,
               size_t *to);
/* Leaves tags and control records of those IDocs for which spent[which], and
 * no other text in them. The others, and all that stands around them, stay as
 * they are. In place; the new length. */
size_t idoc_strip(char *p, size_t n, const bool *spent, size_t n_spent);

#endif
