/* SPDX-License-Identifier: Apache-2.0 */
/* Yes and no as two texts, one of which may be nothing. */
#include "mr/conv.h"

static bool
equals(struct mr_val v, const char *text)
{
    return v.n == strlen(text) &&
           (v.n == 0 || memcmp(v.p, text, v.n) == 0);
}

struct mr_val
mr_flag_right(struct mr_cx *cx, struct mr_val v, const char *on,
              const char *off)
{
    if (!mr_is_here(v))
        return v;
    if (equals(v, "true"))
        v = mr_text(on);
    else if (equals(v, "false"))
        v = mr_text(off != NULL ? off : "");
    else
        v = mr_failed(v, MR_WHY_NOT_BOOL);
    return mr_step(cx, "flag", v);
}

struct mr_val
mr_flag_left(struct mr_cx *cx, struct mr_val v, const char *on,
             const char *off)
{
    if (v.state == MR_EMPTY && (off == NULL || off[0] == '\0'))
        return mr_step(cx, "flag", mr_bool(false));
    if (!mr_is_here(v))
        return v;
    if (equals(v, on))
        v = mr_bool(true);
    else if (off != NULL && equals(v, off))
        v = mr_bool(false);
    else
        v = mr_failed(v, MR_WHY_NO_MATCH);
    return mr_step(cx, "flag", v);
}
