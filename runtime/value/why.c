/* SPDX-License-Identifier: Apache-2.0 */
/* The words of why.def. */
#include "mr/val.h"

const char *
mr_why_words(enum mr_why why)
{
    static const char *const words[] = {
#define W(name, text) text,
#include "mr/why.def"
#undef W
    };

    return (unsigned)why < MR_WHY_COUNT ? words[why] : "it is not valid";
}
