/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of others where room counts: how many columns of a terminal they take,
 * cut to what there is, without characters that command a terminal or that XML
 * does not allow.
 */
#ifndef HOST_GLYPHS_H
#define HOST_GLYPHS_H

#include <stdio.h>

#include "mr/val.h"

enum glyphs_form { GLYPHS_PLAIN, GLYPHS_XML };

/* Columns of the whole text; 0 where there is none. */
uint32_t glyphs_width(struct mr_val v);
/* At most `room` columns of it, the last one a `…` (a `~` without utf8) where
 * it is cut. Returns the columns printed. */
uint32_t glyphs_put(FILE *out, struct mr_val v, uint32_t room,
                    enum glyphs_form form, bool utf8);

#endif
