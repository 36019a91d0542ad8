/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold of every byte of a document: another byte in its place, the
 * end in its place, bytes that are not UTF-8 in front of it.
 */
#include "differ/differ.h"

#include <stdio.h>
#include <string.h>

/* The ways in which bytes fail to be UTF-8: a byte that continues nothing, one
 * that begins nothing, two bytes or more for what fits in less, surrogates,
 * beyond U+10FFFF, ends too early. */
static const char *const bad[] = {
    "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
    "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
    "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", "\xc3", "\xe2\x82",
    "\xf0\x9f\x98"
};

static void
change_bytes(const char *text, size_t n, uint32_t step, bytes_fn *try,
             void *arg, struct outcome *o)
{
    static struct draft d;

    for (size_t i = 0; i < n && !o->failed; i++) {
        draft_set(&d, text, n);
        try(arg, &d, o);                /* what is remembered stays fresh */
        for (uint32_t c = 1 + i % step; c < 256; c += step) {
            d.p[i] = (char)((unsigned char)text[i] + c);
            d.state = i * 256 + c;
            try(arg, &d, o);
        }
    }
}

static void
expect(const struct draft *d, size_t at, uint64_t where, struct outcome *o)
{
    if (where != at)
        outcome_fail(o, "an error was due at %zu, got one at %lld\n%.*s", at,
                     (long long)where, (int)d->n, d->p);
}

static void
cut(const char *text, size_t n, position_fn *ask, void *arg, struct outcome *o)
{
    static struct draft d;

    for (size_t i = 1; i < n && !o->failed; i++) {
        size_t at = i;

        /* What is left of a character is wrong from its first byte on. */
        while (((unsigned char)text[i] & 0xc0) == 0x80 &&
               ((unsigned char)text[at] & 0xc0) == 0x80)
            at--;
        draft_set(&d, text, i);
        expect(&d, at, ask(arg, &d, o), o);
    }
}

static void
put_bad(const char *text, size_t n, position_fn *ask, void *arg,
        struct outcome *o)
{
    static struct draft d;

    for (size_t i = 0; i <= n && !o->failed; i++)
        for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
            /* In the middle of a character it is an error before. */
            if (i < n && ((unsigned char)text[i] & 0xc0) == 0x80)
                break;
            draft_set(&d, text, n);
            draft_put(&d, i, bad[k]);
            expect(&d, i, ask(arg, &d, o), o);
        }
}

void
bytes_try(const char *text, uint32_t step, bytes_fn *try, position_fn *ask,
          void *arg, struct outcome *o)
{
    size_t n = strlen(text);

    change_bytes(text, n, step, try, arg, o);
    cut(text, n, ask, arg, o);
    put_bad(text, n, ask, arg, o);
}

void
bytes_sample(const char *path, uint32_t step, bytes_fn *try, position_fn *ask,
             void *arg, struct outcome *o)
{
    static char text[DRAFT_ROOM / 2];
    FILE *f = fopen(path, "r");
    size_t n = f == NULL ? 0 : fread(text, 1, sizeof text - 1, f);

    if (f != NULL)
        fclose(f);
    while (n > 0 && text[n - 1] == '\n')
        n--;
    text[n] = '\0';
    if (n == 0)
        outcome_fail(o, "%s is not there", path);
    else
        bytes_try(text, step, try, ask, arg, o);
}
