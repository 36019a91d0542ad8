/* SPDX-License-Identifier: Apache-2.0 */
/* References: IDs of other records, through the ID map. */
#include "conv/ids.h"
#include "mr/codes.h"
#include "mr/repl.h"

static struct mr_val
known(struct mr_cx *cx, struct mr_val v, struct mr_val found)
{
    if (!mr_is_here(found))
        found = mr_failed(v, MR_WHY_UNKNOWN_REF);
    return mr_step(cx, "ref", found);
}

struct mr_val
mr_ref_right(struct mr_cx *cx, const char *map, struct mr_val v)
{
    if (!mr_is_here(v))
        return v;
    if (cx->finder != NULL)
        return known(cx, v, cx->finder->find(cx->finder->arg, cx, map,
                                             MR_RIGHT, v));
    return known(cx, v, cx->ids == NULL ? mr_missing()
                                        : mr_ids_right(cx->ids, map, v));
}

struct mr_val
mr_ref_left(struct mr_cx *cx, const char *map, struct mr_val v)
{
    if (!mr_is_here(v))
        return v;
    if (cx->finder != NULL)
        return known(cx, v, cx->finder->find(cx->finder->arg, cx, map,
                                             MR_LEFT, v));
    return known(cx, v, cx->ids == NULL ? mr_missing()
                                        : mr_ids_left(cx->ids, map, v));
}
