/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values for the self-test: such that their field can hold them, more often at
 * the limits than in the middle. The same seed gives the same values.
 */
#include "host/host.h"

enum { LONGEST = 400, BETWEEN = 0x1f };

/* splitmix64: good enough to choose, and the same everywhere. */
uint64_t
host_random(struct host_random *r, uint64_t below)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return below == 0 ? 0 : z % below;
}

struct text {
    char *p;
    uint32_t n;
};

static void
add(struct text *t, const char *p, uint32_t n)
{
    memcpy(t->p + t->n, p, n);
    t->n += n;
}

static void
add_number(struct text *t, uint64_t value, int digits)
{
    char s[24];
    int n = snprintf(s, sizeof s, "%0*llu", digits, (unsigned long long)value);

    add(t, s, (uint32_t)n);
}

/* Room for `chars` characters of up to four bytes, and some more. */
static struct text
text_new(struct mr_cx *cx, uint32_t chars)
{
    struct text t = { mr_alloc(cx, (size_t)chars * 4 + 64), 0 };

    return t;
}

static struct mr_val
done(struct text t)
{
    return mr_slice(t.p, t.n);
}

/* --- text --- */

static uint32_t
a_length(struct host_random *r, uint32_t max)
{
    if (max == 0 || max > LONGEST)
        max = LONGEST;
    switch (host_random(r, 6)) {
    case 0:
        return max;
    case 1:
        return max > 1 ? max - 1 : 1;
    case 2:
        return 1;
    default:
        return 1 + (uint32_t)host_random(r, max < 40 ? max : 40);
    }
}

static struct mr_val
a_text(struct mr_cx *cx, struct host_random *r, uint32_t max)
{
    static const char *const parts[] = {
        "a", "e", "n", "r", "s", "t", "M", "K", "G", "0", "7", " ", "-", ".",
        "&", "/", "ä", "ö", "ü", "ß", "É", "ł", "Ж", "漢", "字", "😀"
    };
    uint32_t n = a_length(r, max);
    /* Most values are plain, some are all there is. */
    uint64_t kinds = host_random(r, 3) == 0 ? 26 : 16;
    struct text t = text_new(cx, n);

    for (uint32_t i = 0; t.p != NULL && i < n; i++) {
        const char *part = parts[host_random(r, kinds)];

        /* No blanks at the ends: fields of most systems drop them. */
        if (*part == ' ' && (i == 0 || i + 1 == n))
            part = "x";
        add(&t, part, (uint32_t)strlen(part));
    }
    return t.p == NULL ? mr_missing() : done(t);
}

static struct mr_val
digits(struct mr_cx *cx, struct host_random *r, uint32_t max)
{
    uint32_t n = a_length(r, max == 0 || max > 18 ? 18 : max);
    struct text t = text_new(cx, n);

    for (uint32_t i = 0; t.p != NULL && i < n; i++)
        add_number(&t, i == 0 ? 1 + host_random(r, 9) : host_random(r, 10), 1);
    return t.p == NULL ? mr_missing() : done(t);
}

static struct mr_val
a_word(struct mr_cx *cx, struct host_random *r, uint32_t max)
{
    uint32_t n = a_length(r, max == 0 || max > 12 ? 12 : max);
    struct text t = text_new(cx, n);

    for (uint32_t i = 0; t.p != NULL && i < n; i++)
        add(&t, &"abcdefghijklmnopqrstuvwxyz"[host_random(r, 26)], 1);
    return t.p == NULL ? mr_missing() : done(t);
}

/* --- dates, times, numbers --- */

static void
add_date(struct text *t, struct host_random *r, const char *form)
{
    uint64_t year = host_random(r, 8) == 0 ? 1753 + host_random(r, 8246)
                                           : 1900 + host_random(r, 200);
    uint64_t month = 1 + host_random(r, 12), day = 1 + host_random(r, 28);

    for (const char *p = form; *p != '\0';) {
        int run = (int)strspn(p, (char[]){ *p, '\0' });

        if (*p == 'y' && run == 4)
            add_number(t, year, 4);
        else if (*p == 'm' && run == 2)
            add_number(t, month, 2);
        else if (*p == 'd' && run == 2)
            add_number(t, day, 2);
        else if (*p == 'h' && run == 2)
            add_number(t, host_random(r, 24), 2);
        else if ((*p == 'i' || *p == 's') && run == 2)
            add_number(t, host_random(r, 60), 2);
        else
            add(t, p, (uint32_t)run);
        p += run;
    }
}

static struct mr_val
a_date(struct mr_cx *cx, struct host_random *r, const char *form)
{
    struct text t = text_new(cx, (uint32_t)strlen(form) * 4);

    if (t.p == NULL)
        return mr_missing();
    add_date(&t, r, form);
    return done(t);
}

/* Small ones, the ends of the range, and anything between. */
static struct mr_val
in_range(struct mr_cx *cx, struct host_random *r, const struct mr_field *f)
{
    uint64_t span = (uint64_t)f->high - (uint64_t)f->low;
    int64_t n = f->low;
    struct text t = text_new(cx, 24);

    if (t.p == NULL)
        return mr_missing();
    switch (host_random(r, 4)) {
    case 0:
        n = f->high;
        break;
    case 1:
        if (f->low <= -100 && f->high >= 100)
            n = (int64_t)host_random(r, 200) - 100;
        break;
    default:
        n = (int64_t)((uint64_t)f->low + (span == UINT64_MAX
                                              ? host_random(r, span)
                                              : host_random(r, span + 1)));
        break;
    }
    if (n < 0)
        add(&t, "-", 1);
    add_number(&t, n < 0 ? -(uint64_t)n : (uint64_t)n, 1);
    return done(t);
}

static struct mr_val
a_number(struct mr_cx *cx, struct host_random *r, const struct mr_field *f)
{
    uint32_t all = f->digits == 0 || f->digits > 28 ? 15 : f->digits;
    uint32_t most = f->scale < all ? f->scale : all - 1;
    uint32_t few = most < 3 ? most : 3;
    uint32_t scale = (uint32_t)host_random(
        r, 1 + (host_random(r, 4) == 0 ? most : few));
    uint32_t whole = (uint32_t)host_random(r, all - most + 1);
    struct text t;
    bool zero = true;

    if (f->has_range)
        return in_range(cx, r, f);
    t = text_new(cx, all + 4);
    if (t.p == NULL)
        return mr_missing();
    if (host_random(r, 4) == 0)
        add(&t, "-", 1);
    if (whole == 0)
        add(&t, "0", 1);
    for (uint32_t i = 0; i < whole; i++) {
        uint64_t d = i == 0 ? 1 + host_random(r, 9) : host_random(r, 10);

        zero = false;
        add_number(&t, d, 1);
    }
    if (scale > 0)
        add(&t, ".", 1);
    for (uint32_t i = 0; i < scale; i++) {
        uint64_t d = host_random(r, 10);

        zero = zero && d == 0;
        add_number(&t, d, 1);
    }
    /* There is no minus zero. */
    return zero && t.p[0] == '-' ? mr_slice(t.p + 1, t.n - 1) : done(t);
}

static struct mr_val
a_guid(struct mr_cx *cx, struct host_random *r)
{
    struct text t = text_new(cx, 36);

    for (uint32_t i = 0; t.p != NULL && i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        add(&t, dash ? "-" : &"0123456789abcdef"[host_random(r, 16)], 1);
    }
    return t.p == NULL ? mr_missing() : done(t);
}

/* --- any field --- */

static struct mr_val
a_code(struct host_random *r, const struct mr_codes_way *way,
       struct mr_val *context)
{
    const struct mr_code *row = &way->rows[host_random(r, way->n)];
    const char *between = memchr(row->key, BETWEEN, row->key_n);
    uint32_t n;

    if (between == NULL)
        return mr_slice(row->key, row->key_n);
    n = (uint32_t)(between - row->key);
    *context = mr_slice(row->key, n);
    return mr_slice(between + 1, row->key_n - n - 1);
}

static struct mr_val
a_listed(struct host_random *r, const char *const *values)
{
    size_t n = 0;

    while (values[n] != NULL)
        n++;
    return n == 0 ? mr_missing() : mr_text(values[host_random(r, n)]);
}

static struct mr_val
text_value(struct mr_cx *cx, struct host_random *r, const struct mr_field *f)
{
    if (f->form != NULL && strcmp(f->form, "word") == 0)
        return a_word(cx, r, f->max_chars);
    if (f->digits_only || (f->form != NULL && strcmp(f->form, "9") == 0))
        return digits(cx, r, f->max_chars);
    if (f->form != NULL)
        return a_date(cx, r, f->form);
    return a_text(cx, r, f->max_chars);
}

struct mr_val
host_value(struct mr_cx *cx, struct host_random *r, const struct mr_field *f,
           struct mr_val *context)
{
    bool local = f->form != NULL && strcmp(f->form, "local") == 0;

    if (f->codes != NULL && f->codes->n > 0)
        return a_code(r, f->codes, context);
    if (f->values != NULL)
        return a_listed(r, f->values);
    switch (f->type) {
    case MR_TYPE_TEXT:
        return text_value(cx, r, f);
    case MR_TYPE_BOOL:
        return mr_bool(host_random(r, 2) == 0);
    case MR_TYPE_NUMBER:
        return a_number(cx, r, f);
    case MR_TYPE_DATE:
        return a_date(cx, r, "yyyy-mm-dd");
    case MR_TYPE_TIME:
        return a_date(cx, r, "hh:ii:ss");
    case MR_TYPE_DATETIME:
        return a_date(cx, r,
                      local ? "yyyy-mm-ddThh:ii:ss" : "yyyy-mm-ddThh:ii:ssZ");
    case MR_TYPE_GUID:
        return a_guid(cx, r);
    case MR_TYPE_BINARY:
        return mr_text("TWFw");
    }
    return mr_missing();
}
