/* SPDX-License-Identifier: Apache-2.0 */
/* Kept answers: a table by key, and a list by when they were asked for. */
#include "host/call_cache.h"

#include <sodium.h>
#include <stdlib.h>

enum { BUCKETS = 4096 };

struct entry {
    struct entry *next;                 /* in its bucket */
    struct entry *newer, *older;
    unsigned char key[CALL_KEY];
    int64_t at;
    size_t n;
    char text[];
};

struct call_cache {
    size_t bytes, most;
    struct entry *newest, *oldest;
    struct entry *buckets[BUCKETS];
};

struct call_cache *
call_cache_new(size_t bytes)
{
    struct call_cache *c = calloc(1, sizeof *c);

    if (c != NULL)
        c->most = bytes;
    return c;
}

void
call_cache_key(const char *call, bool soap, const char *address,
               const char *request, size_t n, unsigned char key[CALL_KEY])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, CALL_KEY);
    /* With their NULs, so that the parts don't run together. */
    crypto_generichash_update(&state, (const unsigned char *)call,
                              strlen(call) + 1);
    crypto_generichash_update(&state, (const unsigned char *)(soap ? "S" : "J"),
                              1);
    crypto_generichash_update(&state, (const unsigned char *)address,
                              strlen(address) + 1);
    if (n > 0)
        crypto_generichash_update(&state, (const unsigned char *)request, n);
    crypto_generichash_final(&state, key, CALL_KEY);
}

static struct entry **
place(struct call_cache *c, const unsigned char key[CALL_KEY])
{
    uint32_t hash;
    struct entry **at;

    memcpy(&hash, key, sizeof hash);
    at = &c->buckets[hash % BUCKETS];
    while (*at != NULL && memcmp((*at)->key, key, CALL_KEY) != 0)
        at = &(*at)->next;
    return at;
}

static void
unlink_entry(struct call_cache *c, struct entry *e)
{
    if (e->newer != NULL)
        e->newer->older = e->older;
    else
        c->newest = e->older;
    if (e->older != NULL)
        e->older->newer = e->newer;
    else
        c->oldest = e->newer;
}

static void
link_newest(struct call_cache *c, struct entry *e)
{
    e->newer = NULL;
    e->older = c->newest;
    if (c->newest != NULL)
        c->newest->newer = e;
    else
        c->oldest = e;
    c->newest = e;
}

static void
drop(struct call_cache *c, struct entry **at)
{
    struct entry *e = *at;

    *at = e->next;
    unlink_entry(c, e);
    c->bytes -= sizeof *e + e->n;
    free(e);
}

void
call_cache_free(struct call_cache *c)
{
    if (c == NULL)
        return;
    while (c->oldest != NULL)
        drop(c, place(c, c->oldest->key));
    free(c);
}

bool
call_cache_get(struct call_cache *c, const unsigned char key[CALL_KEY],
               struct cached *out)
{
    struct entry *e = *place(c, key);

    if (e == NULL)
        return false;
    unlink_entry(c, e);
    link_newest(c, e);
    out->text = e->text;
    out->n = e->n;
    out->at = e->at;
    return true;
}

void
call_cache_put(struct call_cache *c, const unsigned char key[CALL_KEY],
               const char *text, size_t n, int64_t now)
{
    struct entry **at = place(c, key), *e;

    if (*at != NULL)
        drop(c, at);
    if (sizeof *e + n > c->most || (e = malloc(sizeof *e + n)) == NULL)
        return;
    c->bytes += sizeof *e + n;
    while (c->bytes > c->most)
        drop(c, place(c, c->oldest->key));
    memcpy(e->key, key, CALL_KEY);
    memcpy(e->text, text, n);
    e->n = n;
    e->at = now;
    at = place(c, key);
    e->next = *at;
    *at = e;
    link_newest(c, e);
}
