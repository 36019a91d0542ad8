/* SPDX-License-Identifier: Apache-2.0 */
/* Input in another encoding than UTF-8, converted while it is read. */
#ifndef CODEC_ENCODING_H
#define CODEC_ENCODING_H

#include "codec/input.h"

/* Called by mr_input_more while in->convert is set, with room behind end (at
 * least MR_PADDING bytes, up to at + room): reads by in->read, appends UTF-8
 * at at + end and moves end. MR_OK (then end has grown, or in->read_eof is
 * set), MR_EFORMAT, MR_EREAD, MR_EMEMORY. */
enum mr_status mr_convert_read(struct mr_cx *cx, struct mr_input *in);

/* Frees in->convert. */
void mr_convert_done(struct mr_cx *cx, struct mr_input *in);

#endif
