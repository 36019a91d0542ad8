/* SPDX-License-Identifier: Apache-2.0 */
/* Characters and their columns, as Unicode's East_Asian_Width has them. */
#include "host/glyphs.h"

struct range {
    uint32_t from, to;
};

/* Two columns: what East Asian scripts and pictures take. */
static const struct range wide[] = {
    { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },
    { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },
    { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },   { 0x1f300, 0x1faff },
    { 0x20000, 0x3fffd }
};

/* None: what stands on the character before it, or is not seen. */
static const struct range flat[] = {
    { 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5bd },
    { 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x2069 },
    { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
    { 0xfeff, 0xfeff }
};

static bool
within(const struct range *r, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= r[i].from && c <= r[i].to)
            return true;
    return false;
}

/* The character at *at, which moves behind it; what is none is '?'. */
static uint32_t
next(struct mr_val v, uint32_t *at)
{
    unsigned char lead = (unsigned char)v.p[(*at)++];
    uint32_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    uint32_t c = more == 0 ? lead : lead & (0x3fu >> more);

    if (more > v.n - *at || (lead >= 0x80 && lead < 0xc2) || lead > 0xf4)
        return '?';
    for (; more > 0; more--) {
        unsigned char tail = (unsigned char)v.p[*at];

        if ((tail & 0xc0) != 0x80)
            return '?';
        c = c << 6 | (tail & 0x3fu);
        ++*at;
    }
    return c;
}

/* Is it a character that does something instead of being seen? The ones that
 * turn the direction of writing are. */
static bool
commands(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xd800 && c <= 0xdfff) || (c & 0xfffe) == 0xfffe;
}

static uint32_t
columns(uint32_t c)
{
    if (commands(c) || c < 0x300)
        return 1;
    if (within(flat, sizeof flat / sizeof flat[0], c))
        return 0;
    return within(wide, sizeof wide / sizeof wide[0], c) ? 2 : 1;
}

uint32_t
glyphs_width(struct mr_val v)
{
    uint32_t n = 0;

    for (uint32_t at = 0; v.state == MR_HERE && at < v.n;)
        n += columns(next(v, &at));
    return n;
}

static void
put_one(FILE *out, const char *p, uint32_t n, uint32_t c,
        enum glyphs_form form)
{
    const char *name = c == '&'   ? "&amp;"
                       : c == '<' ? "&lt;"
                       : c == '>' ? "&gt;"
                       : c == '"' ? "&quot;" : NULL;

    if (commands(c) || c == '?')
        fputc('?', out);
    else if (form == GLYPHS_XML && name != NULL)
        fputs(name, out);
    else
        fwrite(p, 1, n, out);
}

uint32_t
glyphs_put(FILE *out, struct mr_val v, uint32_t room, enum glyphs_form form,
           bool utf8)
{
    bool cut = glyphs_width(v) > room;
    uint32_t n = 0;

    for (uint32_t at = 0; v.state == MR_HERE && at < v.n;) {
        uint32_t from = at, c = next(v, &at), more = columns(c);

        if (cut && n + more + 1 > room)
            break;
        put_one(out, v.p + from, at - from, c, form);
        n += more;
    }
    if (!cut || room == 0)
        return n;
    fputs(utf8 ? "\xe2\x80\xa6" : "~", out);
    return n + 1;
}
