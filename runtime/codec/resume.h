/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream read from the middle: a second reader starts behind a record as the
 * first one stood behind an earlier record, and whether that was right is seen
 * when the first one comes there.
 */
#ifndef CODEC_RESUME_H
#define CODEC_RESUME_H

#include "codec/codec.h"

/* The line of the first byte that is not yet consumed, and where in the stream
 * that line starts. */
uint64_t mr_input_line(const struct mr_input *in, uint64_t *line_start);
/* Empties the window: what is read next stands at this offset of the stream,
 * in UTF-8. It is counted as the start of line 1. */
void mr_input_start_at(struct mr_input *in, uint64_t offset);
/* Is everything consumed that was read? */
bool mr_input_is_empty(const struct mr_input *in);

/* Behind a record, with no error: can another reader take this one's place,
 * wherever in the stream it is? Not where another encoding is converted. */
bool mr_reader_may_copy(const struct mr_reader *r);
/* `to` goes on as `from` would, at what its own input has next; it may have
 * read before. Both are of the same doc. MR_EMEMORY. */
enum mr_status mr_reader_copy(struct mr_cx *cx, struct mr_reader *to,
                              const struct mr_reader *from);
/* Would both read the same bytes the same way? Both stand behind a record. */
bool mr_reader_alike(const struct mr_reader *a, const struct mr_reader *b);

#endif
