/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to a message of IDocs: a status for each. */
#define _GNU_SOURCE
#include "peer/idoc.h"

#include <stdlib.h>

struct span {
    const char *p, *end;
};

static bool
element(struct span in, const char *name, struct span *out)
{
    char open[24], close[24];
    size_t n;

    snprintf(open, sizeof open, "<%s>", name);
    snprintf(close, sizeof close, "</%s>", name);
    n = strlen(open);
    out->p = memmem(in.p, (size_t)(in.end - in.p), open, n);
    if (out->p == NULL)
        return false;
    out->p += n;
    out->end = memmem(out->p, (size_t)(in.end - out->p), close,
                      strlen(close));
    return out->end != NULL;
}

static void
copy(struct span from, char *out, size_t size)
{
    size_t n = (size_t)(from.end - from.p);

    if (n >= size)
        n = size - 1;
    /* Not in the middle of a character. */
    while (n > 0 && n == size - 1 && ((unsigned char)from.p[n] & 0xc0) == 0x80)
        n--;
    memcpy(out, from.p, n);
    out[n] = '\0';
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)out[i] < ' ')
            out[i] = ' ';
}

bool
idoc_answer(struct op_bytes *left, struct idoc_status *out)
{
    struct span all = { left->p, left->p + left->n }, one, part;

    if (left->n == 0 || !element(all, "IDOC", &one))
        return false;
    left->p = one.end;
    left->n = (size_t)(all.end - one.end);
    memset(out, 0, sizeof *out);
    if (!element(one, "DOCNUM", &part))
        return false;
    copy(part, out->docnum, sizeof out->docnum);
    if (!element(one, "STATUS", &part) || part.end - part.p > 4)
        return false;
    for (; part.p < part.end; part.p++) {
        if (*part.p < '0' || *part.p > '9')
            return false;
        out->status = out->status * 10 + (*part.p - '0');
    }
    if (element(one, "TEXT", &part))
        copy(part, out->text, sizeof out->text);
    return true;
}
