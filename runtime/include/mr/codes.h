/* SPDX-License-Identifier: Apache-2.0 */
/* Code tables, compiled: one look-up each way. */
#ifndef MR_CODES_H
#define MR_CODES_H

#include "mr/cx.h"
#include "mr/lookup.h"

/* One way of a table. The key is the value, or context, byte 0x1f and value. */
struct mr_code {
    const char *key, *value;
    uint16_t key_n, value_n;
};

struct mr_codes_way {
    const struct mr_code *rows;
    uint32_t n;
    struct mr_lookup lookup;        /* key -> index in rows; goes on to the
                                       first empty slot */
};

struct mr_codes {
    const char *name;
    bool context;                   /* keys have a context */
    struct mr_codes_way right, left;
};

/* Missing goes through, and so does empty where no row has the key "". Any
 * other value without a row fails (UNKNOWN_CODE). context: mr_missing() where
 * the table has none. */
struct mr_val mr_codes_right(struct mr_cx *cx, const struct mr_codes *codes,
                             struct mr_val v, struct mr_val context);
struct mr_val mr_codes_left(struct mr_cx *cx, const struct mr_codes *codes,
                            struct mr_val v, struct mr_val context);

/* References through the ID map: the other side's ID, else UNKNOWN_REF. */
struct mr_val mr_ref_right(struct mr_cx *cx, const char *map, struct mr_val v);
struct mr_val mr_ref_left(struct mr_cx *cx, const char *map, struct mr_val v);

#endif
