/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open addressing with linear probing, both for the interned texts and for the
 * maps keyed by them. FNV-1a is enough: inputs are schema and map names, and
 * their number is bounded by the size limits of the files they come from.
 */
#include "base/names.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

struct names {
    struct arena *arena;
    const char **slots;
    size_t n, room;
};

struct table_slot {
    const char *key;
    void *item;
};

static uint64_t
hash_bytes(const char *p, size_t n)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 1099511628211u;
    return h ^ (h >> 29);
}

struct names *
names_new(struct arena *a)
{
    struct names *ns = arena_alloc(a, sizeof *ns);

    ns->arena = a;
    ns->room = 1024;
    ns->slots = arena_alloc(a, ns->room * sizeof *ns->slots);
    return ns;
}

static const char **
names_slot(const char **slots, size_t room, const char *p, size_t n)
{
    size_t i = hash_bytes(p, n) & (room - 1);

    while (slots[i] != NULL &&
           (strncmp(slots[i], p, n) != 0 || slots[i][n] != '\0'))
        i = (i + 1) & (room - 1);
    return &slots[i];
}

static void
names_grow(struct names *ns)
{
    size_t room = ns->room * 2;
    const char **slots = arena_alloc(ns->arena, room * sizeof *slots);

    for (size_t i = 0; i < ns->room; i++)
        if (ns->slots[i] != NULL)
            *names_slot(slots, room, ns->slots[i], strlen(ns->slots[i])) =
                ns->slots[i];
    ns->slots = slots;
    ns->room = room;
}

const char *
intern(struct names *ns, const char *p, size_t n)
{
    if (ns->n * 2 >= ns->room)
        names_grow(ns);

    const char **slot = names_slot(ns->slots, ns->room, p, n);
    if (*slot == NULL) {
        *slot = arena_copy(ns->arena, p, n);
        ns->n++;
    }
    return *slot;
}

const char *
intern_text(struct names *ns, const char *s)
{
    return intern(ns, s, strlen(s));
}

static struct table_slot *
table_slot(struct table_slot *slots, size_t room, const char *key)
{
    uintptr_t h = (uintptr_t)key;
    size_t i = (size_t)((h >> 4) * 0x9e3779b97f4a7c15u >> 20) & (room - 1);

    while (slots[i].key != NULL && slots[i].key != key)
        i = (i + 1) & (room - 1);
    return &slots[i];
}

void *
table_find(const struct table *t, const char *key)
{
    if (t->room == 0)
        return NULL;
    return table_slot(t->slots, t->room, key)->item;
}

static void
table_grow(struct arena *a, struct table *t)
{
    size_t room = t->room == 0 ? 16 : t->room * 2;
    struct table_slot *slots = arena_alloc(a, room * sizeof *slots);

    for (size_t i = 0; i < t->room; i++)
        if (t->slots[i].key != NULL)
            *table_slot(slots, room, t->slots[i].key) = t->slots[i];
    t->slots = slots;
    t->room = room;
}

void *
table_put(struct arena *a, struct table *t, const char *key, void *item)
{
    if (t->n * 2 >= t->room)
        table_grow(a, t);

    struct table_slot *slot = table_slot(t->slots, t->room, key);
    void *before = slot->item;
    if (slot->key == NULL) {
        slot->key = key;
        t->n++;
    }
    slot->item = item;
    return before;
}

enum { EDIT = 10, CASE_ONLY = 2, NAME_MAX_COMPARED = 80 };

static int
least(int a, int b)
{
    return a < b ? a : b;
}

static int
replace_cost(char a, char b)
{
    if (a == b)
        return 0;
    if (tolower((unsigned char)a) == tolower((unsigned char)b))
        return CASE_ONLY;
    return EDIT;
}

/* Optimal string alignment, three rows kept. */
int
name_distance(const char *a, const char *b, int limit)
{
    int rows[3][NAME_MAX_COMPARED + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2];
    size_t n = strlen(a), m = strlen(b);

    if (n > NAME_MAX_COMPARED || m > NAME_MAX_COMPARED)
        return limit + 1;
    for (size_t j = 0; j <= m; j++)
        last[j] = (int)j * EDIT;
    for (size_t i = 1; i <= n; i++) {
        row[0] = (int)i * EDIT;
        for (size_t j = 1; j <= m; j++) {
            int d = last[j - 1] + replace_cost(a[i - 1], b[j - 1]);

            d = least(d, least(last[j], row[j - 1]) + EDIT);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = least(d, before[j - 2] + EDIT);
            row[j] = d;
        }
        int *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return least(last[m], limit + 1);
}
