/* SPDX-License-Identifier: Apache-2.0 */
/* What the conversions of GUIDs, phone numbers and postal codes make of
 * types. */
#include "sema/native_kit.h"

enum { GUID_DIGITS = 32, PHONE_MIN = 6, PHONE_MAX = 16, POSTAL_MAX = 10 };

void
result_guid(struct arena *a, const struct native_use *use,
            struct native_result *out)
{
    kit_start(use, out);
    if (use->to_right && use->in->kind == TYPE_GUID) {
        out->out = kit_text(GUID_DIGITS, GUID_DIGITS, use->in->nullable);
        return;
    }
    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return;
    out->failures |= WHY(NOT_A_GUID);
    out->out = use->to_right
                   ? kit_text(GUID_DIGITS, GUID_DIGITS, use->in->nullable)
                   : kit_type(TYPE_GUID, true);
}

static bool
takes_country(struct arena *a, const struct native_use *use,
              struct native_result *out)
{
    const struct type *country = kit_value(use, 0);

    if (!kit_takes(a, use->in, TYPE_TEXT, out))
        return false;
    if (country == NULL || country->kind == TYPE_TEXT ||
        country->kind == TYPE_ERROR)
        return true;
    out->problem = arena_printf(a, "the country is %s, not text",
                                type_word(country->kind));
    return false;
}

void
result_phone(struct arena *a, const struct native_use *use,
             struct native_result *out)
{
    kit_start(use, out);
    if (!takes_country(a, use, out))
        return;
    out->failures |= WHY(NO_MATCH) | WHY(TOO_SHORT) | WHY(UNKNOWN_COUNTRY);
    /* Up to three digits of a country code come to it. */
    if (kit_over(use->in, PHONE_MAX - 4))
        out->failures |= WHY(TOO_LONG);
    out->out = kit_text(PHONE_MIN, PHONE_MAX, true);
}

void
result_postal_code(struct arena *a, const struct native_use *use,
                   struct native_result *out)
{
    uint32_t longest = kit_text_length(use->in);

    kit_start(use, out);
    if (!takes_country(a, use, out))
        return;
    out->failures |= WHY(NO_MATCH);
    /* A blank or a dash may come into it, but codes have their length. */
    if (longest != UNBOUNDED && longest < POSTAL_MAX)
        longest++;
    out->out = kit_text(1, longest, true);
}
