/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flat IDocs to XML. Places are counted in characters, not bytes. Blank fields
 * are left out, as SAP's own XML leaves out what is initial. Segments are
 * nested by the number of the one that holds them, or by their level where
 * files come without numbers.
 */
#include "peer/flat_layout.h"

struct open_segment {
    const struct flat_segment *s;
    unsigned number, level;
};

struct reading {
    struct mr_cx *cx;
    const struct flat_layout *l;
    struct bytes *out;
    struct open_segment open[FLAT_DEPTH];
    size_t depth;
    size_t line;
    bool in_idoc;
    char root[FLAT_NAME + 1];
};

/* From character `at`, n of them, without the blanks behind. */
static struct mr_val
slice(const char *p, const char *end, size_t at, size_t n)
{
    const char *from, *to;

    for (; at > 0 && p < end; at--)
        for (p++; p < end && ((unsigned char)*p & 0xc0) == 0x80;)
            p++;
    from = to = p;
    for (; n > 0 && to < end; n--)
        for (to++; to < end && ((unsigned char)*to & 0xc0) == 0x80;)
            to++;
    while (to > from && to[-1] == ' ')
        to--;
    return mr_slice(from, (uint32_t)(to - from));
}

static unsigned
number(struct mr_val v)
{
    unsigned n = 0;

    for (uint32_t i = 0; i < v.n && v.p[i] >= '0' && v.p[i] <= '9'; i++)
        n = n * 10 + (unsigned)(v.p[i] - '0');
    return n;
}

static enum mr_status
refuse(struct reading *r, const char *what, struct mr_val v)
{
    return mr_fail(r->cx, MR_EFORMAT, "line %zu: %s%s%.*s", r->line, what,
                   v.n > 0 ? " " : "", v.n < 40 ? (int)v.n : 40,
                   v.n > 0 ? v.p : "");
}

/* false: a character that XML does not have. */
static bool
add_text(struct bytes *out, struct mr_val v)
{
    for (uint32_t i = 0; i < v.n; i++) {
        if ((unsigned char)v.p[i] < ' ' && v.p[i] != '\t')
            return false;
        if (v.p[i] == '&')
            bytes_text(out, "&amp;");
        else if (v.p[i] == '<')
            bytes_text(out, "&lt;");
        else if (v.p[i] == '>')
            bytes_text(out, "&gt;");
        else
            bytes_add(out, v.p + i, 1);
    }
    return true;
}

static bool
add_fields(struct bytes *out, const struct flat_field *f, size_t n,
           const char *p, const char *end)
{
    for (size_t i = 0; i < n; i++) {
        struct mr_val v = slice(p, end, f[i].at, f[i].n);

        if (v.n == 0)
            continue;
        bytes_format(out, "<%s>", f[i].name);
        if (!add_text(out, v))
            return false;
        bytes_format(out, "</%s>", f[i].name);
    }
    return true;
}

static void
close_to(struct reading *r, size_t depth)
{
    while (r->depth > depth)
        bytes_format(r->out, "</%s>", r->open[--r->depth].s->name);
}

static void
close_idoc(struct reading *r)
{
    close_to(r, 0);
    if (r->in_idoc)
        bytes_text(r->out, "</IDOC>");
    r->in_idoc = false;
}

/* The document element is named by the extension's type, or the basic type. */
static enum mr_status
take_control(struct reading *r, const char *p, const char *end)
{
    struct mr_val type = slice(p, end, 69, 30);

    if (type.n == 0)
        type = slice(p, end, 39, 30);
    if (type.n == 0 || type.n > FLAT_NAME)
        return refuse(r, "the control record has no IDOCTYP", mr_empty());
    for (uint32_t i = 0; i < type.n; i++)
        if (strchr(" <>&'\"/", type.p[i]) != NULL)
            return refuse(r, "this is no IDoc type:", type);
    close_idoc(r);
    if (r->root[0] == '\0') {
        memcpy(r->root, type.p, type.n);
        r->root[type.n] = '\0';
        bytes_format(r->out, "<%s>", r->root);
    } else if (strlen(r->root) != type.n ||
               memcmp(r->root, type.p, type.n) != 0) {
        return refuse(r, "another IDoc type in one file:", type);
    }
    bytes_text(r->out, "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">");
    if (!add_fields(r->out, flat_control, flat_n_control, p, end))
        return refuse(r, "a control character", mr_empty());
    bytes_text(r->out, "</EDI_DC40>");
    r->in_idoc = true;
    return MR_OK;
}

/* How many of the open segments hold this one; -1: they are not open. */
static long
place_of(const struct reading *r, unsigned outer, unsigned level)
{
    size_t depth = r->depth;

    if (outer == 0 && level == 0)
        return 0;
    if (outer == 0) {
        while (depth > 0 && r->open[depth - 1].level >= level)
            depth--;
        return (long)depth;
    }
    while (depth > 0 && r->open[depth - 1].number != outer)
        depth--;
    return depth == 0 ? -1 : (long)depth;
}

static enum mr_status
take_segment(struct reading *r, const char *p, const char *end)
{
    struct mr_val name = slice(p, end, 0, FLAT_NAME);
    unsigned own = number(slice(p, end, 49, 6));
    unsigned outer = number(slice(p, end, 55, 6));
    unsigned level = number(slice(p, end, 61, 2));
    const struct flat_segment *s = flat_find(r->l, name.p, name.n, true);
    const char *data = p;
    long depth;

    if (s == NULL)
        s = flat_find(r->l, name.p, name.n, false);
    if (s == NULL)
        return refuse(r, "the layout has no segment", name);
    if (!r->in_idoc)
        return refuse(r, "a segment before the control record:", name);
    depth = own == 0 ? place_of(r, 0, level) : place_of(r, outer,
                                                        outer == 0 ? 0 : level);
    if (depth < 0 || depth == FLAT_DEPTH)
        return refuse(r, "what holds this segment is not open:", name);
    close_to(r, (size_t)depth);
    bytes_format(r->out, "<%s SEGMENT=\"1\">", s->name);
    for (int i = 0; i < FLAT_HEAD && data < end; i++)
        for (data++; data < end && ((unsigned char)*data & 0xc0) == 0x80;)
            data++;
    if (!add_fields(r->out, r->l->fields + s->first, s->n, data, end))
        return refuse(r, "a control character in", name);
    r->open[r->depth++] = (struct open_segment){ s, own, level };
    return MR_OK;
}

enum mr_status
flat_to_xml(struct mr_cx *cx, const struct flat_layout *l, const char *p,
            size_t n, struct bytes *out)
{
    struct reading r = { .cx = cx, .l = l, .out = out };
    const char *end = p + n;
    enum mr_status st = MR_OK;

    bytes_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    while (st == MR_OK && p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p)), *last;

        stop = stop == NULL ? end : stop;
        last = stop > p && stop[-1] == '\r' ? stop - 1 : stop;
        r.line++;
        if (last - p >= 8 && memcmp(p, "EDI_DC40", 8) == 0)
            st = take_control(&r, p, last);
        else if (last > p)
            st = take_segment(&r, p, last);
        p = stop + 1;
    }
    if (st != MR_OK)
        return st;
    if (r.root[0] == '\0')
        return refuse(&r, "no control record", mr_empty());
    close_idoc(&r);
    bytes_format(out, "</%s>\n", r.root);
    return out->failed ? mr_fail(cx, MR_EMEMORY, "memory ran out") : MR_OK;
}
