/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of elements and attributes to the values of a record. */
#include "codec/xml_scan.h"
#include "codec/xml_state.h"
#include "value/wire.h"

bool
xml_copy(struct mr_xml_open *x, struct xml_text *t, const char *p, size_t n)
{
    size_t whole = t->n + n;

    if (whole > t->room) {
        size_t room = whole < 64 ? 128 : whole * 2;
        char *at = mr_alloc(x->cx, room);

        if (at == NULL)
            return false;
        if (t->n != 0)
            memcpy(at, t->p, t->n);
        t->p = t->at = at;
        t->room = (uint32_t)room;
    }
    memcpy(t->at + t->n, p, n);
    t->n = (uint32_t)whole;
    return true;
}

bool
xml_append(struct mr_xml_open *x, struct xml_text *t, const char *p, size_t n)
{
    if (n == 0)
        return true;
    if (t->n != 0 || t->room != 0)
        return xml_copy(x, t, p, n);
    t->p = p;
    t->n = (uint32_t)n;
    return true;
}

bool
xml_attribute_text(struct mr_xml_open *x, const struct xml_attribute *a,
                   struct xml_text *t)
{
    const char *p = a->value, *end = p + a->n, *from = p;

    memset(t, 0, sizeof *t);
    t->p = p;
    while (p < end) {
        if (*p != '&' && *p != '\t' && *p != '\n' && *p != '\r') {
            p++;
            continue;
        }
        if (!xml_append(x, t, from, (size_t)(p - from)))
            return false;
        if (*p == '&') {
            p = xml_reference(x, p, t);
            if (p == NULL)
                return false;
        } else {
            /* A line end of two characters is one blank. */
            p += p[0] == '\r' && p[1] == '\n' ? 2 : 1;
            if (!xml_copy(x, t, " ", 1))
                return false;
        }
        from = p;
    }
    return xml_append(x, t, from, (size_t)(end - from));
}

static bool
is_blank(const char *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\n')
            return false;
    return true;
}

void
xml_store(struct mr_xml_open *x, const struct mr_member *m,
          struct mr_val *slot, const char *p, uint32_t n)
{
    struct mr_val v = mr_slice(p, n);

    if (n == x->nodata_n && x->doc->nodata != NULL &&
        memcmp(p, x->doc->nodata, n) == 0)
        v = mr_missing();
    else if (m->wire != MR_WIRE_TEXT)
        v = mr_wire_in(x->cx, (enum mr_wire)m->wire, v);
    else if (x->idoc && n != 0 && is_blank(p, n))
        v = mr_empty();
    *slot = v;
}

static struct mr_val *
slot_of(const struct xml_frame *f, const struct mr_member *m)
{
    return (struct mr_val *)(void *)(f->record + m->offset);
}

bool
xml_store_attributes(struct mr_xml_open *x, struct xml_frame *f)
{
    for (uint32_t i = 0; i < x->n_attributes; i++) {
        const struct xml_attribute *a = &x->attributes[i];
        uint32_t skip = a->name.prefix == 0 ? 0 : a->name.prefix + 1;
        const struct mr_member *m = xml_find(f->shape, a->name.p + skip,
                                             a->name.n - skip, a->ns, true);
        struct xml_text t;

        if (m == NULL)
            continue;
        if (!xml_attribute_text(x, a, &t))
            return false;
        xml_store(x, m, slot_of(f, m), t.p, t.n);
    }
    return true;
}

bool
xml_first_of_many(struct mr_xml_open *x, struct xml_frame *f, size_t i)
{
    size_t bytes = (f->shape->n_read + 63u) / 64 * 8;
    uint64_t bit = (uint64_t)1 << i % 64;
    bool first;

    if (f->seen_more == NULL) {
        f->seen_more = mr_alloc(x->cx, bytes);
        if (f->seen_more == NULL)
            return true;    /* noticed when the record ends */
        memset(f->seen_more, 0, bytes);
    }
    first = (f->seen_more[i / 64] & bit) == 0;
    f->seen_more[i / 64] |= bit;
    return first;
}

/* A bit for each of the members from `first` on that were not there. */
static uint64_t
not_seen(const struct xml_frame *f, size_t first)
{
    size_t n = f->shape->n_read - first;
    uint64_t seen = f->shape->n_read <= 64 ? f->seen
                    : f->seen_more == NULL ? 0 : f->seen_more[first / 64];

    return ~seen & (n < 64 ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0);
}

void
xml_finish_record(struct mr_xml_open *x, struct xml_frame *f)
{
    if (f->member != NULL)
        xml_store(x, f->member, slot_of(f, f->member),
                  f->text.n == 0 ? "" : f->text.p, f->text.n);
    if (!x->idoc)
        return;
    /* A field that a segment leaves out has its initial value there. */
    for (size_t first = 0; first < f->shape->n_read; first += 64)
        for (uint64_t bits = not_seen(f, first); bits != 0; bits &= bits - 1) {
            const struct mr_member *m =
                &f->shape->read[first + (size_t)__builtin_ctzll(bits)];

            if (m->kind == MR_VALUE && !m->attribute && !m->content)
                *slot_of(f, m) = mr_empty();
        }
}
