/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in compiled code tables. */
#include "mr/codes.h"

enum { KEY_ROOM = 256, BETWEEN = 0x1f };

static const struct mr_code *
find(const struct mr_codes_way *way, const char *key, uint32_t n)
{
    const struct mr_lookup *l = &way->lookup;
    uint32_t slot, last;

    if (l->slots == NULL)
        return NULL;
    last = (uint32_t)((1u << (64 - l->shift)) - 1);
    for (slot = mr_slot(l, key, n); l->slots[slot] != 0;
         slot = (slot + 1) & last) {
        const struct mr_code *row = &way->rows[l->slots[slot] - 1];

        if (row->key_n == n && memcmp(row->key, key, n) == 0)
            return row;
    }
    return NULL;
}

static const struct mr_code *
find_in_context(const struct mr_codes_way *way, struct mr_val v,
                struct mr_val context)
{
    char key[KEY_ROOM];
    size_t n = (size_t)context.n + 1 + v.n;

    /* No key of a table is longer than this; nothing else can match. */
    if (n > sizeof key)
        return NULL;
    if (context.n != 0)
        memcpy(key, context.p, context.n);
    key[context.n] = BETWEEN;
    memcpy(key + context.n + 1, v.p, v.n);
    return find(way, key, (uint32_t)n);
}

static struct mr_val
look_up(struct mr_cx *cx, const struct mr_codes *codes,
        const struct mr_codes_way *way, struct mr_val v, struct mr_val context)
{
    const struct mr_code *row;

    if (v.state == MR_MISSING || v.state == MR_FAILED)
        return v;
    if (context.state == MR_FAILED)
        return context;
    row = codes->context ? find_in_context(way, v, context)
                         : find(way, v.p, v.n);
    if (row == NULL && v.state == MR_EMPTY)
        return v;               /* a table need not speak of it */
    v = row != NULL ? mr_slice(row->value, row->value_n)
                    : mr_failed(v, MR_WHY_UNKNOWN_CODE);
    return mr_step(cx, codes->name, v);
}

struct mr_val
mr_codes_right(struct mr_cx *cx, const struct mr_codes *codes, struct mr_val v,
               struct mr_val context)
{
    return look_up(cx, codes, &codes->right, v, context);
}

struct mr_val
mr_codes_left(struct mr_cx *cx, const struct mr_codes *codes, struct mr_val v,
              struct mr_val context)
{
    return look_up(cx, codes, &codes->left, v, context);
}
