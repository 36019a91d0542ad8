/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value on its way from a source field to a target field: a slice of bytes
 * in canonical form (UTF-8) and what kind of something or nothing it is. 16
 * bytes, passed in two registers. A slice borrows: from the input buffer, from
 * the document's arena or from constant text; it is good until the next
 * document.
 *
 * Canonical forms: text as it is; bool "true"/"false"; number "-12.50" (no
 * exponent, no plus, digits on both sides of a point); date "2024-01-31"; time
 * "13:45:00[.fffffff]"; datetime "2024-01-31T13:45:00[.fffffff]Z", local ones
 * without Z; guid lower case with dashes; binary base64.
 */
#ifndef MR_VAL_H
#define MR_VAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum mr_state {
    MR_MISSING,     /* not sent: leave the target alone */
    MR_EMPTY,       /* sent as nothing: clear the target */
    MR_HERE,        /* n >= 1 bytes at p */
    MR_FAILED       /* p, n: the operand at fault; why: what is wrong */
};

/* Why a value failed; MR_WHY_<name> for each row of why.def. */
enum mr_why {
#define W(name, words) MR_WHY_##name,
#include "mr/why.def"
#undef W
    MR_WHY_COUNT
};

struct mr_val {
    const char *p;
    uint32_t n;             /* bytes */
    uint8_t state;          /* enum mr_state */
    uint8_t why;            /* enum mr_why, where MR_FAILED */
    uint16_t spare;         /* 0 */
};

static inline struct mr_val
mr_slice(const char *p, uint32_t n)
{
    struct mr_val v = { p, n, n == 0 ? MR_EMPTY : MR_HERE, 0, 0 };

    return v;
}

/* Constant text ended with NUL; "" is empty. */
static inline struct mr_val
mr_text(const char *s)
{
    return mr_slice(s, (uint32_t)strlen(s));
}

static inline struct mr_val
mr_missing(void)
{
    struct mr_val v = { "", 0, MR_MISSING, 0, 0 };

    return v;
}

static inline struct mr_val
mr_empty(void)
{
    struct mr_val v = { "", 0, MR_EMPTY, 0, 0 };

    return v;
}

static inline struct mr_val
mr_failed(struct mr_val operand, enum mr_why why)
{
    operand.state = MR_FAILED;
    operand.why = (uint8_t)why;
    return operand;
}

static inline bool
mr_is_here(struct mr_val v)
{
    return v.state == MR_HERE;
}

static inline struct mr_val
mr_bool(bool b)
{
    return b ? mr_slice("true", 4) : mr_slice("false", 5);
}

static inline bool
mr_is_true(struct mr_val v)
{
    return v.state == MR_HERE && v.n == 4 && memcmp(v.p, "true", 4) == 0;
}

/* "the value is longer than its target"; never NULL. */
const char *mr_why_words(enum mr_why why);

#endif
