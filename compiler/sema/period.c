/* SPDX-License-Identifier: Apache-2.0 */
/* Times and sizes as they are written: a whole number and a unit. */
#include <stdlib.h>
#include <string.h>

#include "sema/env.h"

enum { LONGEST = 366 * 24 * 60 * 60, LONGEST_CALL = 10 * 60 * 1000 };

#define LARGEST UINT32_C(4000000000)    /* bytes of a document */

static const struct unit {
    const char *name;
    uint32_t size;
} units[] = {
    { "s", 1 }, { "min", 60 }, { "h", 3600 }, { "day", 86400 },
    { "days", 86400 }
}, short_units[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 } };

static const char *
unit_name(const void *table, size_t i)
{
    return ((const struct unit *)table)[i].name;
}

/* 0 after reporting; `words`: which units there are. */
static uint32_t
unit_size(struct env *env, const struct period *p, const struct unit *table,
          size_t n, const char *words)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].name, p->unit.text) == 0)
            return table[i].size;
    const char *near = closest_name(p->unit.text, unit_name, table, n);
    struct diag *d = diag_add(env->diags, DIAG_REPLICATE_NUMBER, p->unit.at,
                              "%s is no unit of time", p->unit.text);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    else
        diag_note(d, NOTE_HELP, "times are given in %s", words);
    return 0;
}

uint32_t
period_whole(const char *text, uint32_t most)
{
    char *end;
    unsigned long n;

    if (strchr(text, '.') != NULL || strlen(text) > 9)
        return 0;
    n = strtoul(text, &end, 10);
    return *end == '\0' && n <= most ? (uint32_t)n : 0;
}

static uint32_t
period_of(struct env *env, const struct period *p, uint32_t unit,
          uint32_t longest, const char *range)
{
    uint32_t n;

    if (unit == 0)
        return 0;
    n = period_whole(p->number, longest / unit);
    if (n == 0) {
        struct diag *d = diag_add(env->diags, DIAG_REPLICATE_NUMBER, p->at,
                                  "%s %s is no time that can be waited for",
                                  p->number, p->unit.text);
        diag_note(d, NOTE_HELP, "a whole number, %s", range);
    }
    return n * unit;
}

uint32_t
period_seconds(struct env *env, const struct period *p)
{
    uint32_t unit = unit_size(env, p, units, sizeof units / sizeof units[0],
                              "s, min, h or days");

    return period_of(env, p, unit, LONGEST, "from 1 s to 366 days");
}

uint32_t
period_milliseconds(struct env *env, const struct period *p)
{
    uint32_t unit = unit_size(env, p, short_units,
                              sizeof short_units / sizeof short_units[0],
                              "ms, s or min");

    return period_of(env, p, unit, LONGEST_CALL, "from 1 ms to 10 min");
}

uint64_t
period_bytes(struct env *env, const struct period *p)
{
    static const struct unit sizes[] = {
        { "kB", 1000 }, { "MB", 1000 * 1000 }, { "GB", 1000 * 1000 * 1000 }
    };

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint32_t n = strcmp(sizes[i].name, p->unit.text) == 0
                         ? period_whole(p->number, LARGEST / sizes[i].size)
                         : 0;

        if (n != 0)
            return (uint64_t)n * sizes[i].size;
    }
    struct diag *d = diag_add(env->diags, DIAG_DOCUMENT_PART, p->at,
                              "%s %s is no size that a document can have",
                              p->number, p->unit.text);
    diag_note(d, NOTE_HELP, "a whole number of kB, MB or GB, up to 4 GB: at "
              "most 20 MB");
    return 0;
}
