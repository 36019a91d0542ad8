/* SPDX-License-Identifier: Apache-2.0 */
/* GUIDs as SAP systems write them in character fields: RAW16 as hex digits. */
#include "mr/conv.h"

#include "value/wire.h"

struct mr_val
mr_guid_right(struct mr_cx *cx, struct mr_val v)
{
    struct mr_val guid;
    uint32_t n = 0;
    char *p;

    if (!mr_is_here(v))
        return v;
    guid = mr_wire_in(cx, MR_WIRE_GUID, v);
    if (!mr_is_here(guid))
        return mr_step(cx, "guid", mr_failed(v, MR_WHY_NOT_A_GUID));
    p = mr_alloc(cx, 32);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    for (uint32_t i = 0; i < guid.n; i++)
        if (guid.p[i] != '-')
            p[n++] = guid.p[i] >= 'a' ? (char)(guid.p[i] - 32) : guid.p[i];
    return mr_step(cx, "guid", mr_slice(p, n));
}

struct mr_val
mr_guid_left(struct mr_cx *cx, struct mr_val v)
{
    if (!mr_is_here(v))
        return v;
    return mr_step(cx, "guid", mr_wire_in(cx, MR_WIRE_GUID, v));
}
