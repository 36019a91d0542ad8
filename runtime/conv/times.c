/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times and moments as text in other forms, on the clocks of a zone, and as
 * days. A form is read as it stands: runs of y, m, d, h, s are parts, m behind
 * h are minutes, all else is taken as it is. The compiler has checked it.
 */
#include "mr/conv.h"

#include "conv/zone.h"
#include "value/date.h"
#include "value/text.h"

/* Which number a run of a letter stands for. */
enum part { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS, LITERAL };

struct scan {
    const char *form;
    uint32_t at, run;
    enum part part, before;
};

static bool
next_part(struct scan *s)
{
    char c;

    s->at += s->run;
    c = s->form[s->at];
    if (c == '\0')
        return false;
    for (s->run = 1; s->form[s->at + s->run] == c; s->run++)
        ;
    s->part = c == 'y' ? YEAR : c == 'd' ? DAY : c == 'h' ? HOUR :
              c == 's' ? SECOND : c != 'm' ? LITERAL :
              s->before == HOUR ? MINUTE : MONTH;
    if (s->part == LITERAL)
        s->run = 1;
    else
        s->before = s->part;
    return true;
}

static uint32_t
write_form(char *p, const char *form, const int parts[PARTS])
{
    struct scan s = { form, 0, 0, LITERAL, LITERAL };

    while (next_part(&s)) {
        if (s.part == LITERAL)
            p[s.at] = form[s.at];
        else
            mr_put_digits(p + s.at, s.run, (uint32_t)parts[s.part]);
    }
    return s.at;
}

enum reading { READ, READ_ZEROS, READ_NOT };

static enum reading
read_form(struct mr_val v, const char *form, int parts[PARTS])
{
    struct scan s = { form, 0, 0, LITERAL, LITERAL };
    int sum = 0;

    if (v.n != strlen(form))
        return READ_NOT;
    memset(parts, 0, PARTS * sizeof parts[0]);
    while (next_part(&s)) {
        if (s.part == LITERAL) {
            if (v.p[s.at] != form[s.at])
                return READ_NOT;
            continue;
        }
        parts[s.part] = mr_digits(v.p + s.at, s.run);
        if (parts[s.part] < 0)
            return READ_NOT;
        sum += parts[s.part];
    }
    return sum == 0 ? READ_ZEROS : READ;
}

static bool
has_seconds(const char *form)
{
    return strchr(form, 's') != NULL;
}

static struct mr_val
fail(struct mr_cx *cx, const char *name, struct mr_val v, enum mr_why why)
{
    return mr_step(cx, name, mr_failed(v, why));
}

/* --- times of day --- */

struct mr_val
mr_time_right(struct mr_cx *cx, struct mr_val v, const char *form)
{
    int parts[PARTS] = { 0 };
    uint32_t seconds, fraction;
    char *p;

    if (!mr_is_here(v))
        return v;
    if (mr_clock_read(v.p, v.n, &seconds, &fraction) != v.n)
        return fail(cx, "time", v, MR_WHY_NOT_A_TIME);
    if (fraction != 0 || (seconds % 60 != 0 && !has_seconds(form)))
        return fail(cx, "time", v, MR_WHY_TOO_PRECISE);
    p = mr_alloc(cx, strlen(form));
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    parts[HOUR] = (int)(seconds / 3600);
    parts[MINUTE] = (int)(seconds / 60 % 60);
    parts[SECOND] = (int)(seconds % 60);
    return mr_step(cx, "time", mr_slice(p, write_form(p, form, parts)));
}

static bool
is_clock(const int parts[PARTS])
{
    return parts[HOUR] < 24 && parts[MINUTE] < 60 && parts[SECOND] < 60;
}

static uint32_t
seconds_of(const int parts[PARTS])
{
    return (uint32_t)(parts[HOUR] * 3600 + parts[MINUTE] * 60 + parts[SECOND]);
}

struct mr_val
mr_time_left(struct mr_cx *cx, struct mr_val v, const char *form)
{
    int parts[PARTS];
    struct mr_val text;
    char *p;

    if (!mr_is_here(v))
        return v;
    text = mr_without_blanks(v);
    if (!mr_is_here(text))
        return mr_step(cx, "time", text);
    if (read_form(text, form, parts) == READ_NOT || !is_clock(parts))
        return fail(cx, "time", v, MR_WHY_NOT_A_TIME);
    p = mr_alloc(cx, 16);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    return mr_step(cx, "time",
                   mr_slice(p, mr_clock_put(p, seconds_of(parts), 0)));
}

/* --- zones --- */

static bool
is_utc(const char *zone)
{
    return zone == NULL || strcmp(zone, "UTC") == 0;
}

static bool
in_range(int64_t seconds)
{
    return seconds >= MR_SECONDS_MIN && seconds <= MR_SECONDS_MAX;
}

/* First and last day that SAP systems know mean 'unlimited', everywhere. */
static bool
is_unlimited(int64_t seconds)
{
    return seconds == MR_SECONDS_MIN ||
           seconds == MR_SECONDS_MAX - MR_DAY + 1;
}

/* From UTC to the zone's clocks. */
static enum mr_why
to_local(struct mr_cx *cx, const char *name, int64_t *seconds)
{
    const struct mr_zone *zone;

    if (is_utc(name) || is_unlimited(*seconds))
        return MR_WHY_NONE;
    zone = mr_zone_find(cx, name);
    if (zone == NULL)
        return MR_WHY_UNKNOWN_ZONE;
    *seconds += mr_zone_offset(zone, *seconds);
    return in_range(*seconds) ? MR_WHY_NONE : MR_WHY_OUT_OF_RANGE;
}

static enum mr_why
to_utc(struct mr_cx *cx, const char *name, int64_t *seconds)
{
    const struct mr_zone *zone;

    if (is_utc(name) || is_unlimited(*seconds))
        return MR_WHY_NONE;
    zone = mr_zone_find(cx, name);
    if (zone == NULL)
        return MR_WHY_UNKNOWN_ZONE;
    if (!mr_zone_utc(zone, *seconds, seconds))
        return MR_WHY_NO_SUCH_TIME;
    return in_range(*seconds) ? MR_WHY_NONE : MR_WHY_OUT_OF_RANGE;
}

/* A moment with a zone, or of UTC without one, on the clocks of this one. */
static enum mr_why
read_local(struct mr_cx *cx, struct mr_val v, const char *zone,
           struct mr_moment *out)
{
    enum mr_why why = mr_moment_read(v.p, v.n, out);

    if (why == MR_WHY_NONE)
        why = to_local(cx, zone, &out->seconds);
    out->zoned = false;
    return why;
}

static int64_t
day_of(int64_t seconds)
{
    return (seconds - MR_SECONDS_MIN) / MR_DAY + MR_SECONDS_MIN / MR_DAY;
}

struct mr_val
mr_zone_right(struct mr_cx *cx, struct mr_val v, const char *zone)
{
    struct mr_moment m;
    enum mr_why why;

    if (!mr_is_here(v))
        return v;
    why = read_local(cx, v, zone, &m);
    if (why != MR_WHY_NONE)
        return fail(cx, "zone", v, why);
    return mr_step(cx, "zone", mr_moment_text(cx, m));
}

struct mr_val
mr_zone_left(struct mr_cx *cx, struct mr_val v, const char *zone)
{
    struct mr_moment m;
    enum mr_why why;

    if (!mr_is_here(v))
        return v;
    why = mr_moment_read(v.p, v.n, &m);
    if (why == MR_WHY_NONE && !m.zoned)
        why = to_utc(cx, zone, &m.seconds);
    if (why != MR_WHY_NONE)
        return fail(cx, "zone", v, why);
    m.zoned = true;
    return mr_step(cx, "zone", mr_moment_text(cx, m));
}

/* --- days and times of moments --- */

struct mr_val
mr_date_of_right(struct mr_cx *cx, struct mr_val v, const char *zone)
{
    struct mr_moment m;
    enum mr_why why;
    char *p;

    if (!mr_is_here(v))
        return v;
    why = read_local(cx, v, zone, &m);
    if (why != MR_WHY_NONE)
        return fail(cx, "date_of", v, why);
    p = mr_alloc(cx, 10);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    mr_date_put(p, mr_ymd_of(day_of(m.seconds)));
    return mr_step(cx, "date_of", mr_slice(p, 10));
}

struct mr_val
mr_date_of_left(struct mr_cx *cx, struct mr_val v, const char *zone)
{
    struct mr_moment m = { 0, 0, true };
    struct mr_ymd d;
    enum mr_why why;

    if (!mr_is_here(v))
        return v;
    if (!mr_date_read(v.p, v.n, &d))
        return fail(cx, "date_of", v, MR_WHY_NOT_A_DATE);
    m.seconds = mr_days_of(d) * MR_DAY;
    why = to_utc(cx, zone, &m.seconds);
    if (why != MR_WHY_NONE)
        return fail(cx, "date_of", v, why);
    return mr_step(cx, "date_of", mr_moment_text(cx, m));
}

struct mr_val
mr_time_of(struct mr_cx *cx, struct mr_val v, const char *zone)
{
    struct mr_moment m;
    enum mr_why why;
    char *p;

    if (!mr_is_here(v))
        return v;
    why = read_local(cx, v, zone, &m);
    if (why != MR_WHY_NONE)
        return fail(cx, "time_of", v, why);
    p = mr_alloc(cx, 16);
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    m.seconds -= day_of(m.seconds) * MR_DAY;
    return mr_step(cx, "time_of",
                   mr_slice(p, mr_clock_put(p, (uint32_t)m.seconds,
                                            m.fraction)));
}

/* --- moments as text --- */

struct mr_val
mr_datetime_right(struct mr_cx *cx, struct mr_val v, const char *form,
                  const char *zone)
{
    struct mr_moment m;
    struct mr_ymd d;
    enum mr_why why;
    int64_t rest;
    char *p;

    if (!mr_is_here(v))
        return v;
    why = read_local(cx, v, zone, &m);
    if (why == MR_WHY_NONE &&
        (m.fraction != 0 || (m.seconds % 60 != 0 && !has_seconds(form))))
        why = MR_WHY_TOO_PRECISE;
    if (why != MR_WHY_NONE)
        return fail(cx, "datetime", v, why);
    p = mr_alloc(cx, strlen(form));
    if (p == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    d = mr_ymd_of(day_of(m.seconds));
    rest = m.seconds - day_of(m.seconds) * MR_DAY;
    const int parts[PARTS] = { d.year, d.month, d.day, (int)(rest / 3600),
                               (int)(rest / 60 % 60), (int)(rest % 60) };
    return mr_step(cx, "datetime", mr_slice(p, write_form(p, form, parts)));
}

struct mr_val
mr_datetime_left(struct mr_cx *cx, struct mr_val v, const char *form,
                 const char *zone)
{
    struct mr_moment m = { 0, 0, true };
    struct mr_val text;
    struct mr_ymd d;
    enum reading reading;
    enum mr_why why;
    int parts[PARTS];

    if (!mr_is_here(v))
        return v;
    text = mr_without_blanks(v);
    if (!mr_is_here(text))
        return mr_step(cx, "datetime", text);
    reading = read_form(text, form, parts);
    if (reading == READ_ZEROS)
        return mr_step(cx, "datetime", mr_empty());
    d.year = parts[YEAR];
    d.month = parts[MONTH];
    d.day = parts[DAY];
    if (reading == READ_NOT || !mr_ymd_ok(d) || !is_clock(parts))
        return fail(cx, "datetime", v, MR_WHY_NOT_A_DATETIME);
    m.seconds = mr_days_of(d) * MR_DAY + seconds_of(parts);
    why = to_utc(cx, zone, &m.seconds);
    if (why != MR_WHY_NONE)
        return fail(cx, "datetime", v, why);
    return mr_step(cx, "datetime", mr_moment_text(cx, m));
}
