/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents as a printer would have them: one page of lines, as a PDF that any
 * reader opens; and bytes as base64.
 */
#ifndef SANDBOX_PDF_H
#define SANDBOX_PDF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* What is not ASCII becomes a question mark; comments make it at least that
 * long. */
void sb_pdf(struct buf *out, const char *const *lines, size_t n, size_t least);

void sb_base64(struct buf *out, const char *p, size_t n);
/* false: it is none. */
bool sb_base64_decode(struct buf *out, const char *p, size_t n);

#endif
