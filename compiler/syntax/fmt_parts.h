/* SPDX-License-Identifier: Apache-2.0 */
/* The formatter's parts: maps, and the data and bodies of tests. */
#ifndef SYNTAX_FMT_PARTS_H
#define SYNTAX_FMT_PARTS_H

#include "syntax/fmt_out.h"

void fmt_map(struct fmt_out *o, const struct map *m);
void fmt_call(struct fmt_out *o, const struct call_item *c);
/* One line or block of a map. */
void fmt_item(struct fmt_out *o, const struct map_item *i);
/* The same as text on one line; of a block, its head. */
const char *fmt_line_of(struct arena *a, const struct map_item *i);
/* An item as text, without its remarks; no system and no test. */
const char *fmt_item_text(struct arena *a, const struct file_item *i);
void fmt_extend(struct fmt_out *o, const struct extend_item *e);
void fmt_extend_system(struct fmt_out *o, const struct system_item *s);
/* `to`: where the line ends. */
void fmt_codes_row(struct fmt_out *o, const struct codes_row *r, uint32_t to);
void fmt_test(struct fmt_out *o, const struct test_item *t);

/* `head {`, at the start of a block that is written from `from` on. */
unsigned fmt_open(struct fmt_out *o, const char *head, uint32_t from);
/* `}`, of a block that ends at `to`. */
void fmt_close(struct fmt_out *o, unsigned outer, uint32_t to);

#endif
