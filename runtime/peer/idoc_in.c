/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control records of a message that came in. It is read by the same codec
 * as its records later, with a shape made here: an IDOC has its EDI_DC40 and
 * the segments down to those that are records of the map, only counted. So what
 * passes here is well-formed, and the IDocs are counted as the codec counts
 * records.
 */
#include "peer/idoc.h"

#include <stdlib.h>

#include "core/arena.h"

enum {
    CONTROLS = 10,          /* fields looked at */
    SLOT_BITS = 6,
    NAME_MAX_BYTES = 63,
    LEVELS = 8              /* of segments; the records are the lowest */
};

/* What the codec fills: fields of the control record, the segments. */
struct found {
    struct mr_val control[CONTROLS];
    struct mr_rows segments;
};

struct seen {
    struct mr_rows below;
};

struct idoc_in {
    struct mr_input input;
    struct mr_reader reader;
    struct mr_doc doc;
    struct mr_member path[2], parts[2], fields[CONTROLS], below[LEVELS];
    struct mr_shape idoc, control, segment[LEVELS];
    uint16_t slots[2 + LEVELS][1 << SLOT_BITS];
    char root[NAME_MAX_BYTES + 1], names[LEVELS][NAME_MAX_BYTES + 1];
    size_t levels;          /* 0: records are not counted */
    const char *p;
    size_t n, at;
};

static const char *const names[CONTROLS] = {
    "DOCNUM", "CREDAT", "CRETIM", "SERIAL", "MESTYP", "IDOCTYP", "CIMTYP",
    "SNDPRT", "SNDPRN", "DIRECT"
};

static bool
is_name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/* Behind what may stand before the document element; NULL: nothing follows. */
static const char *
skip_prolog(const char *p, const char *end)
{
    while (p < end) {
        const char *stop = "";

        if (strchr(" \t\r\n\xef\xbb\xbf", *p) != NULL && *p != '\0') {
            p++;
            continue;
        }
        if (end - p < 2 || p[0] != '<')
            return NULL;
        if (end - p >= 4 && memcmp(p, "<!--", 4) == 0)
            stop = "-->";
        else if (p[1] == '?')
            stop = "?>";
        else
            return p;
        while ((size_t)(end - p) > strlen(stop) &&
               memcmp(p, stop, strlen(stop)) != 0)
            p++;
        p += strlen(stop);
    }
    return NULL;
}

enum mr_status
idoc_name(struct mr_cx *cx, const char *p, size_t n, char *name, size_t size)
{
    const char *end = p + n;
    size_t at = 0;

    p = skip_prolog(p, end);
    if (p == NULL || p >= end)
        return mr_fail(cx, MR_EFORMAT, "no XML document");
    for (p++; p < end && is_name_char(*p) && at + 1 < size; p++)
        name[at++] = *p;
    name[at] = '\0';
    if (at == 0 || p == end || is_name_char(*p))
        return mr_fail(cx, MR_EFORMAT, "no XML document whose name is that of "
                       "an IDoc type");
    return MR_OK;
}

/* A seed for which no two names share a slot. */
static void
make_lookup(struct mr_shape *shape, uint16_t *slots)
{
    struct mr_lookup *l = &shape->lookup;
    bool clash = true;

    l->shift = 64 - SLOT_BITS;
    l->slots = slots;
    for (l->seed = 0x9e3779b97f4a7c15u; clash; l->seed += 2) {
        clash = false;
        memset(slots, 0, sizeof(uint16_t) << SLOT_BITS);
        for (uint16_t i = 0; i < shape->n_read; i++) {
            const struct mr_member *m = &shape->read[i];
            uint32_t slot = mr_slot(l, m->name, m->name_n);

            clash |= slots[slot] != 0;
            slots[slot] = (uint16_t)(i + 1);
        }
        if (!clash)
            break;
    }
}

static struct mr_member
member(const char *name, enum mr_kind kind, size_t offset,
       const struct mr_shape *shape)
{
    struct mr_member m = { .name = name, .name_n = (uint16_t)strlen(name),
                           .kind = (uint8_t)kind, .wire = MR_WIRE_TEXT,
                           .offset = (uint32_t)offset, .shape = shape };

    return m;
}

static void
make_shape(struct mr_shape *s, const char *name, size_t size,
           const struct mr_member *read, size_t n, uint16_t *slots)
{
    s->name = name;
    s->size = (uint32_t)size;
    s->read = read;
    s->n_read = (uint16_t)n;
    make_lookup(s, slots);
}

/* The segments below the IDOC: each has those of the next level. */
static void
make_levels(struct idoc_in *in)
{
    for (size_t i = in->levels; i-- > 0;) {
        bool lowest = i + 1 == in->levels;

        if (!lowest)
            in->below[i] = member(in->names[i + 1], MR_MANY,
                                  offsetof(struct seen, below),
                                  &in->segment[i + 1]);
        make_shape(&in->segment[i], "segment", sizeof(struct seen),
                   &in->below[i], lowest ? 0 : 1, in->slots[2 + i]);
    }
}

static void
make_doc(struct idoc_in *in, const struct mr_doc *doc)
{
    static const char *const namespaces[] = { "", NULL };

    make_levels(in);
    for (size_t i = 0; i < CONTROLS; i++)
        in->fields[i] = member(names[i], MR_VALUE, i * sizeof(struct mr_val),
                               NULL);
    make_shape(&in->control, "EDI_DC40", CONTROLS * sizeof(struct mr_val),
               in->fields, CONTROLS, in->slots[0]);
    in->parts[0] = member("EDI_DC40", MR_ONE, offsetof(struct found, control),
                          &in->control);
    in->parts[1] = member(in->names[0], MR_MANY,
                          offsetof(struct found, segments), &in->segment[0]);
    make_shape(&in->idoc, "IDOC", sizeof(struct found), in->parts,
               in->levels > 0 ? 2 : 1, in->slots[1]);
    in->path[0] = member(in->root, MR_ONE, 0, NULL);
    in->path[1] = member("IDOC", MR_ONE, 0, NULL);
    in->doc = (struct mr_doc){
        .system = doc == NULL ? "" : doc->system, .format = MR_IDOC,
        .shape = &in->idoc, .path = in->path, .n_path = 2,
        .namespaces = namespaces, .n_namespaces = 1, .head = "", .tail = "",
        .before = "", .after = ""
    };
}

/* Names of the segments from the IDOC down to the map's record. */
static void
take_names(struct idoc_in *in, const struct mr_doc *doc)
{
    size_t n = doc == NULL || doc->n_path < 3 ? 0 : doc->n_path - 2u;

    if (n > LEVELS)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct mr_member *m = &doc->path[i + 2];

        if (m->name_n > NAME_MAX_BYTES)
            return;
        memcpy(in->names[i], m->name, m->name_n);
    }
    in->levels = n;
}

static long
read_memory(void *arg, char *p, size_t n)
{
    struct idoc_in *in = arg;

    if (n > in->n - in->at)
        n = in->n - in->at;
    memcpy(p, in->p + in->at, n);
    in->at += n;
    return (long)n;
}

enum mr_status
idoc_in_open(struct mr_cx *cx, const char *p, size_t n,
             const struct mr_doc *doc, struct idoc_in **out)
{
    struct idoc_in *in = mr_resize(cx, NULL, sizeof *in);

    if (in == NULL)
        return MR_EMEMORY;
    memset(in, 0, sizeof *in);
    in->p = p;
    in->n = n;
    if (idoc_name(cx, p, n, in->root, sizeof in->root) != MR_OK) {
        mr_resize(cx, in, 0);
        return cx->error.status;
    }
    take_names(in, doc);
    make_doc(in, doc);
    mr_input_init(&in->input, read_memory, in);
    mr_reader_init(&in->reader, &in->input, &in->doc);
    in->reader.passing = true;
    *out = in;
    return MR_OK;
}

void
idoc_in_close(struct mr_cx *cx, struct idoc_in *in)
{
    mr_reader_done(cx, &in->reader);
    mr_input_done(cx, &in->input);
    mr_resize(cx, in, 0);
}

/* Blanks at the end are filling. */
static void
copy(struct mr_val v, char *out, size_t size)
{
    size_t n = v.state == MR_HERE ? v.n : 0;

    while (n > 0 && v.p[n - 1] == ' ')
        n--;
    if (n >= size)
        n = size - 1;
    if (n > 0)
        memcpy(out, v.p, n);
    out[n] = '\0';
}

/* Segments so many levels further down. */
static uint32_t
count(const struct mr_rows *rows, size_t down)
{
    uint32_t n = 0;

    if (down == 0)
        return rows->n;
    for (uint32_t i = 0; i < rows->n; i++) {
        struct seen s;

        memcpy(&s, rows->at + i * sizeof s, sizeof s);
        n += count(&s.below, down - 1);
    }
    return n;
}

enum mr_status
idoc_in_next(struct mr_cx *cx, struct idoc_in *in, struct idoc_control *out)
{
    struct mr_arena_mark mark = mr_arena_mark(cx);
    struct found f;
    enum mr_status st = mr_reader_next(cx, &in->reader, &f);

    if (st == MR_OK) {
        memset(out, 0, sizeof *out);
        copy(f.control[0], out->docnum, sizeof out->docnum);
        copy(f.control[1], out->credat, sizeof out->credat);
        copy(f.control[2], out->cretim, sizeof out->cretim);
        copy(f.control[3], out->serial, sizeof out->serial);
        copy(f.control[4], out->mestyp, sizeof out->mestyp);
        copy(f.control[5], out->idoctyp, sizeof out->idoctyp);
        copy(f.control[6], out->cimtyp, sizeof out->cimtyp);
        copy(f.control[7], out->sndprt, sizeof out->sndprt);
        copy(f.control[8], out->sndprn, sizeof out->sndprn);
        copy(f.control[9], out->direct, sizeof out->direct);
        out->records = in->levels == 0 ? 0
                                       : count(&f.segments, in->levels - 1);
    }
    mr_arena_back(cx, mark);
    return st;
}

enum mr_status
idoc_control(struct mr_cx *cx, const char *p, size_t n,
             const struct mr_doc *doc, uint64_t index,
             struct idoc_control *out)
{
    struct idoc_in *in;
    enum mr_status st = idoc_in_open(cx, p, n, doc, &in);

    if (st != MR_OK)
        return st;
    while ((st = idoc_in_next(cx, in, out)) == MR_OK) {
        if (index < out->records)
            break;
        index -= out->records;
    }
    idoc_in_close(cx, in);
    return st;
}

static bool
all_digits(const char *text, size_t n)
{
    return strlen(text) >= n && strspn(text, "0123456789") >= n;
}

void
idoc_serial(const struct idoc_control *c, char *out, size_t size)
{
    char when[40] = "";

    if (all_digits(c->serial, 14))
        snprintf(when, sizeof when, "%s", c->serial);
    else if (all_digits(c->credat, 8) && all_digits(c->cretim, 6))
        snprintf(when, sizeof when, "%.8s%.6s", c->credat, c->cretim);
    out[0] = '\0';
    if (when[0] != '\0')
        snprintf(out, size, "%-20s%016llu", when,
                 all_digits(c->docnum, 1)
                     ? strtoull(c->docnum, NULL, 10) : 0ull);
}
