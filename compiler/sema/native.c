/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the standard library's C functions. */
#include "sema/native.h"

#include <string.h>

#include "sema/native_kit.h"

#define P_NOTHING { PARAM_NONE }, 0
#define P_COUNT { PARAM_COUNT }, 1
#define P_COUNT_COUNT { PARAM_COUNT, PARAM_COUNT }, 2
#define P_COUNT_TEXT { PARAM_COUNT, PARAM_TEXT }, 2
#define P_TEXT { PARAM_TEXT }, 1
#define P_TEXT_TEXT { PARAM_TEXT, PARAM_TEXT }, 2
#define P_FORM { PARAM_FORM }, 1
#define P_FORM_TEXT { PARAM_FORM, PARAM_TEXT }, 2
#define P_FORM_ZONE { PARAM_FORM, PARAM_ZONE }, 2
#define P_PATTERN { PARAM_PATTERN }, 1
#define P_ZONE { PARAM_ZONE }, 1
#define P_VALUE { PARAM_VALUE }, 1
#define P_VALUE3 { PARAM_VALUE, PARAM_VALUE, PARAM_VALUE }, 3

#define ONE(name, shape, required, function, right, result, words)            \
    { #name, FAN_NONE, BACK_NONE, function, P_##shape, required, #right,      \
      NULL, result, words, NULL },
#define TWO(name, shape, required, fan, back, right, left, result, form,      \
            words)                                                            \
    { #name, fan, back, (fan) == FAN_NONE, P_##shape, required, #right,       \
      #left, result, words, form },

static const struct native natives[] = {
#include "../../stdlib/native.def"
};

enum { NATIVES = sizeof natives / sizeof natives[0] };

const struct native *
native_find(const char *name)
{
    for (size_t i = 0; i < NATIVES; i++)
        if (strcmp(natives[i].name, name) == 0)
            return &natives[i];
    return NULL;
}

const struct native *
native_list(size_t *n)
{
    *n = NATIVES;
    return natives;
}
