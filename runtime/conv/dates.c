/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as text in other forms. A form is read as it stands: runs of y, m, d
 * are parts, all else is taken as it is. The compiler has checked the form.
 */
#include "mr/conv.h"

#include "value/date.h"
#include "value/text.h"

/* How often the letter at p stands there in a row. */
static uint32_t
run_of(const char *p)
{
    uint32_t n = 1;

    while (p[n] == p[0])
        n++;
    return n;
}

static bool
is_part(const char *form, uint32_t *run)
{
    *run = 1;
    if (*form != 'y' && *form != 'm' && *form != 'd')
        return false;
    *run = run_of(form);
    return true;
}

static int *
part_of(struct mr_ymd *d, char letter)
{
    return letter == 'y' ? &d->year : letter == 'm' ? &d->month : &d->day;
}

static bool
equals(struct mr_val v, const char *text)
{
    return text != NULL && v.n == strlen(text) && memcmp(v.p, text, v.n) == 0;
}

/* Zeros wherever the form has a digit. */
static bool
is_initial(struct mr_val v, const char *form)
{
    for (uint32_t i = 0; i < v.n; i++) {
        bool digit = form[i] == 'y' || form[i] == 'm' || form[i] == 'd';

        if (v.p[i] != (digit ? '0' : form[i]))
            return false;
    }
    return true;
}

struct mr_val
mr_date_right(struct mr_cx *cx, struct mr_val v, const char *form,
              const char *initial)
{
    struct mr_ymd d;
    uint32_t n = 0, run;
    char *p;

    if (v.state == MR_EMPTY && initial != NULL)
        return mr_step(cx, "date", mr_text(initial));
    if (!mr_is_here(v))
        return v;
    if (!mr_date_read(v.p, v.n, &d))
        return mr_step(cx, "date", mr_failed(v, MR_WHY_NOT_A_DATE));
    p = mr_alloc(cx, strlen(form));
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    for (; form[n] != '\0'; n += run) {
        if (is_part(form + n, &run))
            mr_put_digits(p + n, run, (uint32_t)*part_of(&d, form[n]));
        else
            p[n] = form[n];
    }
    return mr_step(cx, "date", mr_slice(p, n));
}

struct mr_val
mr_date_left(struct mr_cx *cx, struct mr_val v, const char *form,
             const char *initial)
{
    struct mr_ymd d = { 0, 0, 0 };
    uint32_t n = (uint32_t)strlen(form), run;
    struct mr_val text;
    char *p;

    if (!mr_is_here(v))
        return v;
    text = mr_without_blanks(v);
    if (!mr_is_here(text) || equals(v, initial))
        return mr_step(cx, "date", mr_empty());
    if (text.n != n)
        return mr_step(cx, "date", mr_failed(v, MR_WHY_NOT_A_DATE));
    if (is_initial(text, form))
        return mr_step(cx, "date", mr_empty());
    for (uint32_t i = 0; i < n; i += run) {
        if (is_part(form + i, &run))
            *part_of(&d, form[i]) = mr_digits(text.p + i, run);
        else if (text.p[i] != form[i])
            return mr_step(cx, "date", mr_failed(v, MR_WHY_NOT_A_DATE));
    }
    if (!mr_ymd_ok(d))
        return mr_step(cx, "date", mr_failed(v, MR_WHY_NOT_A_DATE));
    p = mr_alloc(cx, 10);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    mr_date_put(p, d);
    return mr_step(cx, "date", mr_slice(p, 10));
}
