/* SPDX-License-Identifier: Apache-2.0 */
/* How an array in an arena grows: by doubling into new memory. */
#include "base/vec.h"

#include <string.h>

void *
vec_grow(struct arena *a, void *at, size_t n, size_t *room, size_t size)
{
    size_t more = *room == 0 ? 4 : *room * 2;
    void *wider = arena_alloc(a, more * size);

    if (n > 0)
        memcpy(wider, at, n * size);
    *room = more;
    return wider;
}
