/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions are compiled once by mapc, to find their mistakes. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "sema/native_kit.h"

bool
kit_pattern(struct arena *a, const char *pattern, struct native_result *out)
{
    PCRE2_UCHAR words[256];
    PCRE2_SIZE at;
    pcre2_code *code;
    int error;

    code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &at,
                         NULL);
    if (code != NULL) {
        pcre2_code_free(code);
        return true;
    }
    pcre2_get_error_message(error, words, sizeof words);
    out->problem = arena_printf(a, "the pattern \"%s\" has a mistake behind "
                                "character %zu: %s", pattern, (size_t)at,
                                (const char *)words);
    return false;
}
