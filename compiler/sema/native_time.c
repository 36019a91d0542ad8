/* SPDX-License-Identifier: Apache-2.0 */
/* What the conversions of dates and times make of types. */
#include "sema/native_kit.h"

#include <string.h>
#include <sys/stat.h>

/* What a form may have; seconds may be left out. */
enum { WITH_DATE = 1, WITH_TIME = 2 };

/* Bits: year, month, day, hour, minute, second. */
enum { YEAR = 1, MONTH = 2, DAY = 4, HOUR = 8, MINUTE = 16, SECOND = 32 };

/* The part that a run of a letter stands for; m behind h are minutes. */
static unsigned
part_of(char letter, size_t run, unsigned before)
{
    if (letter == 'y')
        return run == 4 ? YEAR : 0;
    if (run != 2)
        return 0;
    switch (letter) {
    case 'm': return before == HOUR ? MINUTE : MONTH;
    case 'd': return DAY;
    case 'h': return HOUR;
    case 's': return SECOND;
    default: return 0;
    }
}

/* Each part once, no other letters, no digits, at most 40 characters. */
static bool
is_form(const char *form, int with)
{
    unsigned seen = 0, before = 0, part;
    unsigned all = (with & WITH_DATE ? YEAR | MONTH | DAY : 0u) |
                   (with & WITH_TIME ? HOUR | MINUTE : 0u);

    if (strlen(form) > 40)
        return false;
    while (*form != '\0') {
        char run[2] = { *form, '\0' };
        size_t n = strspn(form, run);

        /* Literals: ASCII, T between date and time. */
        if ((*form | 32) < 'a' || (*form | 32) > 'z' || *form == 'T') {
            if ((*form >= '0' && *form <= '9') || (*form & 0x80) != 0)
                return false;
            form++;
            continue;
        }
        part = part_of(*form, n, before);
        if (part == 0 || (seen & part) != 0)
            return false;
        seen |= before = part;
        form += n;
    }
    return (seen & ~(with & WITH_TIME ? SECOND : 0u)) == all;
}

void
result_date(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    const char *form = kit_literal(use, 0), *initial = kit_literal(use, 1);
    uint32_t n = kit_chars(form);

    kit_start(use, out);
    if (!is_form(form, WITH_DATE)) {
        out->problem = arena_printf(a, "\"%s\" is no form of a date", form);
        out->help = "write yyyy, mm and dd once each, with anything but "
                    "letters and digits between: \"yyyymmdd\", "
                    "\"dd.mm.yyyy\"";
        return;
    }
    if (use->to_right) {
        if (!kit_takes(a, use->in, TYPE_DATE, out))
            return;
        out->out = kit_text(n, n, use->in->nullable && initial == NULL);
        out->out.digits_only = strspn(form, "ymd") == strlen(form);
        if (initial != NULL && kit_chars(initial) != n) {
            out->out.max_chars = kit_chars(initial) > n ? kit_chars(initial)
                                                        : n;
            out->out.min_chars = 1;
        }
        return;
    }
    if (kit_takes(a, use->in, TYPE_TEXT, out)) {
        out->failures |= WHY(NOT_A_DATE);
        out->out = kit_type(TYPE_DATE, true);
    }
}

static void
to_form(const struct native_use *use, const char *form,
        struct native_result *out)
{
    uint32_t n = kit_chars(form);

    out->out = kit_text(n, n, use->in->nullable);
    out->out.digits_only = strspn(form, "ymdhs") == strlen(form);
    out->failures |= WHY(TOO_PRECISE);
}

void
result_time(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    const char *form = kit_literal(use, 0);

    kit_start(use, out);
    if (!is_form(form, WITH_TIME)) {
        out->problem = arena_printf(a, "\"%s\" is no form of a time", form);
        out->help = "write hh, mm and, if you like, ss once each: \"hhmmss\", "
                    "\"hh:mm\"";
        return;
    }
    if (use->to_right) {
        if (kit_takes(a, use->in, TYPE_TIME, out))
            to_form(use, form, out);
    } else if (kit_takes(a, use->in, TYPE_TEXT, out)) {
        out->failures |= WHY(NOT_A_TIME);
        out->out = kit_type(TYPE_TIME, true);
    }
}

/* --- zones --- */

static bool
is_zone_name(const char *name)
{
    static const char more[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789_+-/";

    return name[0] != '\0' && name[0] != '/' && strlen(name) <= 64 &&
           name[strspn(name, more)] == '\0';
}

/* Is it in the tz database? Where mapc's machine has none, the name alone is
 * looked at: the program's machine needs it, not this one. */
static bool
check_zone(struct arena *a, const char *name, struct native_result *out)
{
    static const char folder[] = "/usr/share/zoneinfo";
    struct stat st;

    if (name == NULL || strcmp(name, "UTC") == 0)
        return true;
    if (is_zone_name(name)) {
        if (stat(folder, &st) != 0)
            return true;
        if (stat(arena_printf(a, "%s/%s", folder, name), &st) == 0 &&
            S_ISREG(st.st_mode))
            return true;
    }
    out->problem = arena_printf(a, "\"%s\" is no time zone", name);
    out->help = "write a name of the tz database: \"Europe/Berlin\", "
                "\"America/New_York\", \"UTC\"";
    return false;
}

static bool
is_utc(const char *zone)
{
    return zone == NULL || strcmp(zone, "UTC") == 0;
}

static void
zone_failures(const struct native_use *use, const char *zone,
              struct native_result *out)
{
    if (is_utc(zone))
        return;
    out->failures |= WHY(OUT_OF_RANGE);
    if (!use->to_right)
        out->failures |= WHY(NO_SUCH_TIME);
}

void
result_datetime(struct arena *a, const struct native_use *use,
                struct native_result *out)
{
    const char *form = kit_literal(use, 0), *zone = kit_literal(use, 1);

    kit_start(use, out);
    if (!is_form(form, WITH_DATE | WITH_TIME)) {
        out->problem = arena_printf(a, "\"%s\" is no form of a date with "
                                    "time", form);
        out->help = "write yyyy, mm, dd, hh, mm behind hh and, if you like, "
                    "ss: \"yyyymmddhhmmss\"";
        return;
    }
    if (!check_zone(a, zone, out))
        return;
    zone_failures(use, zone, out);
    if (use->to_right) {
        if (kit_takes(a, use->in, TYPE_DATETIME, out))
            to_form(use, form, out);
    } else if (kit_takes(a, use->in, TYPE_TEXT, out)) {
        out->failures |= WHY(NOT_A_DATETIME);
        out->out = kit_type(TYPE_DATETIME, true);
        out->out.milliseconds = true;
    }
}

void
result_date_of(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    const char *zone = kit_literal(use, 0);
    bool right = use->to_right;

    kit_start(use, out);
    if (!check_zone(a, zone, out) ||
        !kit_takes(a, use->in, right ? TYPE_DATETIME : TYPE_DATE, out))
        return;
    zone_failures(use, zone, out);
    out->out = kit_type(right ? TYPE_DATE : TYPE_DATETIME, use->in->nullable);
    out->out.milliseconds = !right;
}

void
result_time_of(struct arena *a, const struct native_use *use,
               struct native_result *out)
{
    const char *zone = kit_literal(use, 0);

    kit_start(use, out);
    if (!check_zone(a, zone, out) ||
        !kit_takes(a, use->in, TYPE_DATETIME, out))
        return;
    zone_failures(use, zone, out);
    out->out = kit_type(TYPE_TIME, use->in->nullable);
}

void
result_zone(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    const char *zone = kit_literal(use, 0);

    kit_start(use, out);
    if (!check_zone(a, zone, out) ||
        !kit_takes(a, use->in, TYPE_DATETIME, out))
        return;
    zone_failures(use, zone, out);
    out->out = kit_type(TYPE_DATETIME, use->in->nullable);
    out->out.local = use->to_right;
    out->out.milliseconds = use->in->milliseconds;
}

void
result_duration(struct arena *a, const struct native_use *use,
                struct native_result *out)
{
    const char *unit = kit_literal(use, 0);

    kit_start(use, out);
    if (strlen(unit) != 1 || strchr("dhms", unit[0]) == NULL) {
        out->problem = arena_printf(a, "\"%s\" is no unit of time", unit);
        out->help = "write \"d\", \"h\", \"m\" or \"s\" for days, hours, "
                    "minutes or seconds";
        return;
    }
    if (!kit_takes(a, use->in, use->to_right ? TYPE_TEXT : TYPE_NUMBER, out))
        return;
    if (use->to_right) {
        out->failures |= WHY(NO_MATCH) | WHY(TOO_PRECISE);
        out->out = kit_type(TYPE_NUMBER, true);
        out->out.any_scale = true;
        return;
    }
    out->failures |= WHY(TOO_PRECISE) | WHY(OUT_OF_RANGE);
    /* "-PT", 16 digits of hours, "H59M59.123456789S". */
    out->out = kit_text(4, 40, use->in->nullable);
}
