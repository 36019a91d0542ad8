/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that are kept for a while: by the call and the bytes of its request.
 * In memory only, bounded; what was not asked for longest goes first.
 */
#ifndef HOST_CALL_CACHE_H
#define HOST_CALL_CACHE_H

#include "mr/cx.h"

struct call_cache;

struct cached {
    const char *text;           /* good until the next call_cache_put */
    size_t n;
    int64_t at;                 /* when it was put: microseconds */
};

enum { CALL_KEY = 16 };

/* At most so many bytes; 0: nothing is kept. NULL: memory. */
struct call_cache *call_cache_new(size_t bytes);
void call_cache_free(struct call_cache *c);
/* The key of a request: the form of its answer, what of it stands in the
 * address, and its body. */
void call_cache_key(const char *call, bool soap, const char *address,
                    const char *request, size_t n,
                    unsigned char key[CALL_KEY]);
bool call_cache_get(struct call_cache *c, const unsigned char key[CALL_KEY],
                    struct cached *out);
/* Takes a copy; without memory nothing is kept. */
void call_cache_put(struct call_cache *c, const unsigned char key[CALL_KEY],
                    const char *text, size_t n, int64_t now);

#endif
