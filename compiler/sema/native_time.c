/* SPDX-License-Identifier: Apache-2.0 */
/* What the conversions of dates and times make of types. */
#include "sema/native_kit.h"

#include <string.h>

static struct type
of_kind(enum type_kind kind, bool nullable)
{
    struct type t;

    memset(&t, 0, sizeof t);
    t.kind = kind;
    t.nullable = nullable;
    return t;
}

/* Does the form have each of these runs once and no other run of a letter of
 * them? parts: "yyyy mm dd". */
static bool
has_parts(const char *form, const char *letters, const char *lengths)
{
    unsigned seen = 0, all = (1u << strlen(letters)) - 1;

    while (*form != '\0') {
        const char *letter = strchr(letters, *form);
        size_t run = strspn(form, (char[]){ *form, '\0' });

        if (letter == NULL) {
            if ((*form >= '0' && *form <= '9') || (*form & 0x80) != 0)
                return false;
            form++;
            continue;
        }
        if (run != (size_t)(lengths[letter - letters] - '0') ||
            (seen & 1u << (letter - letters)) != 0)
            return false;
        seen |= 1u << (letter - letters);
        form += run;
    }
    return seen == all;
}

void
result_date(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    const char *form = kit_literal(use, 0), *initial = kit_literal(use, 1);
    uint32_t n = kit_chars(form);

    kit_start(use, out);
    if (!has_parts(form, "ymd", "422")) {
        out->problem = arena_printf(a, "\"%s\" is no form of a date", form);
        out->help = "write yyyy, mm and dd once each, with anything but "
                    "digits between: \"yyyymmdd\", \"dd.mm.yyyy\"";
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
        out->out = of_kind(TYPE_DATE, true);
    }
}
