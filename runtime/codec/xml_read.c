/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records from XML in one pass over the window: open elements on a stack,
 * each mapped (by the shape) or skipped. When the window ends inside a record
 * the record is read again from its start tag with more bytes behind it; in
 * front of and behind records only the last token is.
 */
#include "codec/xml_chars.h"
#include "codec/xml_scan.h"
#include "codec/xml_state.h"

static bool
is_on_path(const struct mr_xml_open *x, uint32_t level,
           const struct xml_name *name, unsigned ns)
{
    const struct mr_member *m = &x->doc->path[level];
    uint32_t skip = name->prefix == 0 ? 0 : name->prefix + 1;

    return ns == m->ns && name->n - skip == m->name_n &&
           memcmp(name->p + skip, m->name, m->name_n) == 0;
}

static bool
refuse_document(struct mr_xml_open *x, const struct xml_name *name,
                unsigned ns)
{
    const struct mr_member *m = &x->doc->path[0];
    uint32_t skip = name->prefix == 0 ? 0 : name->prefix + 1;
    bool same_name = name->n - skip == m->name_n &&
                     memcmp(name->p + skip, m->name, m->name_n) == 0;

    if (same_name && ns != m->ns)
        (void)xml_refuse(x, MR_EFORMAT, name->p,
                         "the document element <%.*s> is not in namespace "
                         "\"%.100s\"", (int)(name->n < 80 ? name->n : 80),
                         name->p, x->doc->namespaces[m->ns]);
    else
        (void)xml_refuse(x, MR_EFORMAT, name->p,
                         "the document element is <%.*s>, expected is <%.*s>",
                         (int)(name->n < 80 ? name->n : 80), name->p,
                         m->name_n < 80 ? m->name_n : 80, m->name);
    return false;
}

/* What the element is. False: it can not stand here. */
static bool
aim_at(struct mr_xml_open *x, const struct xml_name *name, unsigned ns,
       struct aim *aim)
{
    struct xml_frame *f = x->depth == 0 ? NULL : &x->frames[x->depth - 1];
    uint32_t skip = name->prefix == 0 ? 0 : name->prefix + 1;

    if (f == NULL || f->kind == XML_PATH) {
        if (is_on_path(x, x->depth, name, ns))
            aim->kind = x->depth + 1u == x->doc->n_path ? XML_RECORD
                                                         : XML_PATH;
        else if (f == NULL)
            return refuse_document(x, name, ns);
        return true;
    }
    if (f->kind == XML_VALUE)
        f->broken = true;
    if (f->kind != XML_RECORD)
        return true;
    aim->member = xml_find(f->shape, name->p + skip, name->n - skip, ns, false);
    if (aim->member == NULL)
        return true;
    aim->kind = aim->member->kind == MR_VALUE ? XML_VALUE : XML_RECORD;
    if (aim->member->kind == MR_MANY || xml_first(x, f, aim->member))
        return true;
    (void)xml_refuse(x, MR_EFORMAT, name->p, "<%.*s> is there twice",
                     (int)(name->n < 80 ? name->n : 80), name->p);
    return false;
}

/* At </ */
static const char *
end_tag(struct mr_xml_open *x, const char *p)
{
    const struct xml_frame *f = &x->frames[x->depth - 1];
    const char *q = xml_plain_end(x, p, f->name, f->n);
    struct xml_name name;

    if (q == NULL) {
        q = xml_name(x, p + 2, &name);
        if (q == NULL)
            return NULL;
        if (q >= x->end)
            return xml_bad(x, q, "an end tag is not ended");
        if (name.n != f->n || memcmp(name.p, f->name, f->n) != 0)
            return xml_refuse(x, MR_EFORMAT, p, "</%.*s> where </%.*s> is "
                              "expected", (int)(name.n < 80 ? name.n : 80),
                              name.p, (int)(f->n < 80 ? f->n : 80), f->name);
        q = xml_space(q);
        if (*q != '>')
            return xml_bad(x, q, "an end tag's > is missing");
        q++;
    }
    return xml_pop(x) ? q : NULL;
}

/* An element with nothing but plain text in it, p behind its start tag, is
 * not pushed. NULL: it is another one. */
static inline const char *
plain_leaf(struct mr_xml_open *x, const char *p, const struct xml_name *name,
           const struct aim *aim)
{
    const char *q = xml_scan(p, '<', '&', ']');
    const char *end = xml_plain_end(x, q, name->p, name->n);
    const struct xml_frame *f = &x->frames[x->depth - 1];

    if (end == NULL || x->depth == MR_DEPTH_MAX)
        return NULL;
    if (aim->kind == XML_VALUE)
        xml_store(x, aim->member, (struct mr_val *)(void *)
                  (f->record + aim->member->offset), p, (uint32_t)(q - p));
    return end;
}

/* Does the start tag just read say nothing but its name, and is the text in
 * the element nothing? */
static bool
is_bare(const struct mr_xml_open *x, const struct aim *aim)
{
    const struct mr_shape *shape =
        aim->kind != XML_RECORD ? NULL
        : aim->member == NULL   ? x->doc->shape : aim->member->shape;

    bool attributes = false;

    if (shape != NULL && xml_find_content(shape) != NULL)
        return false;
    for (uint32_t i = 0; shape != NULL && i < shape->n_read; i++)
        attributes |= shape->read[i].attribute;
    return attributes ? x->n_attributes == 0 : !x->named;
}

/* What is in the element whose text begins at p? '/': no other elements; '<':
 * one comes, or may come; 0: the window ends in front of that. */
static char
first_inside(const struct mr_xml_open *x, const char *p)
{
    p = memchr(p, '<', (size_t)(x->end - p));
    if (p == NULL || p + 1 == x->end)
        return 0;
    return p[1] == '/' || (p[1] == '!' && p[2] == '[') ? '/' : '<';
}

/* At < in front of a name. */
static const char *
start_tag(struct mr_xml_open *x, const char *p)
{
    uint32_t n_bindings = x->n_bindings;
    unsigned default_ns = x->default_ns, ns = default_ns;
    struct aim aim = { XML_SKIP, NULL };
    struct xml_name name;
    const char *q = xml_name(x, p + 1, &name), *leaf;
    struct track *inner = NULL;
    bool empty = false, simple;
    char inside;

    if (q == NULL)
        return NULL;
    x->n_attributes = 0;
    x->named = false;
    if (*q != '>') {
        q = xml_attributes(x, q);
        if (q == NULL)
            return NULL;
        empty = *q == '/';
        q += empty;
        if (*q != '>')
            return xml_bad(x, q, "a tag's > is missing");
    }
    q++;
    if ((name.prefix != 0 || x->n_attributes > 1 || x->named) &&
        !xml_bind(x, &name, &ns))
        return NULL;
    ns = name.prefix != 0 ? ns : x->default_ns;
    if (!aim_at(x, &name, ns, &aim))
        return NULL;
    x->place = XML_INSIDE;
    simple = !x->named && x->depth > 0 &&
             (aim.kind == XML_SKIP || aim.kind == XML_VALUE);
    if (!empty && simple && (leaf = plain_leaf(x, q, &name, &aim)) != NULL) {
        xml_learn_leaf(x, &name, q, false, &aim);
        return leaf;
    }
    inside = empty ? '/' : first_inside(x, q);
    if (inside == '/' && simple && x->depth < MR_DEPTH_MAX)
        xml_learn_leaf(x, &name, q, empty, &aim);
    else if (!empty && inside != 0 && aim.kind != XML_VALUE)
        inner = xml_inner_track(x, &name, q, &aim, is_bare(x, &aim));
    if (!xml_push(x, &name, &aim, n_bindings, default_ns))
        return NULL;
    x->frames[x->depth - 1].track = inner;
    return !empty || xml_pop(x) ? q : NULL;
}

/* Elements with nothing but plain text in them and without attributes: to the
 * first other thing, or to where what comes next may be known. What can not
 * stand there is left to start_tag. */
static const char *
plain_leaves(struct mr_xml_open *x, struct xml_frame *f, const char *p)
{
    do {
        struct xml_name name = { xml_space(p) + 1, 0, 0 };
        const char *end = xml_name_end(name.p), *text = end + 1, *close;
        struct aim aim = { XML_SKIP, NULL };

        name.n = (uint32_t)(end - name.p);
        if (name.p[-1] != '<' || *end != '>' || !xml_is(*name.p, XML_START) ||
            name.n > XML_NAME_MAX)
            return p;
        if (f->kind == XML_RECORD)
            aim.member = xml_find(f->shape, name.p, name.n, x->default_ns,
                                  false);
        if (aim.member != NULL && aim.member->kind != MR_VALUE)
            return p;
        end = xml_scan(text, '<', '&', ']');
        close = xml_plain_end(x, end, name.p, name.n);
        if (close == NULL ||
            (aim.member != NULL && !xml_first(x, f, aim.member)))
            return p;
        if (aim.member != NULL) {
            aim.kind = XML_VALUE;
            xml_store(x, aim.member, (struct mr_val *)(void *)
                      (f->record + aim.member->offset), text,
                      (uint32_t)(end - text));
        }
        xml_learn_leaf(x, &name, text, false, &aim);
        p = close;
    } while (f->track == NULL);
    return p;
}

/* In a document, up to the end of a record or of the document. */
static const char *
read_content(struct mr_xml_open *x, const char *p)
{
    while (p != NULL && x->depth > 0 && !x->done) {
        struct xml_frame *f = &x->frames[x->depth - 1];
        const char *from;

        if (!f->collects && f->track != NULL) {
            p = xml_known(x, p);
            if (p == NULL || x->done || x->depth == 0)
                return p;
            f = &x->frames[x->depth - 1];
        }
        from = p;
        if (!f->collects && x->depth < MR_DEPTH_MAX &&
            (f->kind == XML_SKIP || f->kind == XML_RECORD))
            p = plain_leaves(x, f, p);
        if (x->record_depth == 0)
            x->keep = p;
        if (p != from && f->track != NULL)
            continue;
        p = f->collects ? xml_collect(x, p, &f->text) : xml_skip_text(x, p);
        if (p == NULL)
            return NULL;
        if (x->record_depth == 0)
            x->keep = p;
        if (p[1] == '/')
            p = end_tag(x, p);
        else if (p[1] == '!' || p[1] == '?')
            p = xml_misc(x, p, true, f->collects ? &f->text : NULL);
        else
            p = start_tag(x, p);
    }
    return p;
}

/* What is not declared to be in the stream's encoding is in UTF-8, and must
 * not be taken for characters of that encoding. At < as the last byte that is
 * there, a declaration may still follow. */
static const char *
document_element(struct mr_xml_open *x, const char *p)
{
    x->prolog = false;
    if (p + 1 < x->end && x->place != XML_IN_PROLOG &&
        x->encoding[0] != '\0' && strcmp(x->encoding, "UTF-16") != 0)
        return xml_refuse(x, MR_EFORMAT, p,
                          "no declaration names the encoding, the bytes are "
                          "%s", x->encoding);
    return start_tag(x, p);
}

/* Between documents, up to behind the next document element's start tag. */
static const char *
read_outside(struct mr_xml_open *x, const char *p)
{
    bool may_declare;
    int at;

    if (x->place == XML_BEHIND)
        x->keep = p = xml_space(p);
    if ((x->place == XML_AT_START || x->place == XML_BEHIND) &&
        memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        x->bom |= x->encoding[0] == '\0';
        x->place = XML_AT_DECLARATION;
        p += 3;
    }
    may_declare = x->place <= XML_AT_DECLARATION || x->place == XML_BEHIND;
    if (xml_is(*p, XML_SPACE) && x->place <= XML_AT_DECLARATION) {
        x->place = XML_BLANK;
        may_declare = false;
    }
    x->keep = p = xml_space(p);
    x->prolog = x->place == XML_IN_PROLOG;
    if (p >= x->end && x->in->eof && x->place != XML_IN_PROLOG) {
        x->finished = true;
        return NULL;
    }
    if (*p != '<')
        return xml_bad(x, p, p < x->end
                       ? "text outside of the document element"
                       : "a document element is missing");
    x->token = x->in->offset + (uint64_t)(p - x->in->at);
    if (p[1] != '?' && p[1] != '!')
        return document_element(x, p);
    at = xml_at(x, p, "<?xml");
    if (at < 0 || (at > 0 && p + 5 == x->end))
        return xml_bad(x, x->end, "an XML declaration is not ended");
    if (at > 0 && xml_is(p[5], XML_SPACE) && may_declare) {
        x->prolog = true;
        return xml_declaration(x, p);
    }
    x->prolog |= p[1] == '!' && p[2] == 'D';
    p = xml_misc(x, p, false, NULL);
    if (p != NULL && x->place != XML_BEHIND)
        x->place = XML_IN_PROLOG;
    return p;
}

static void
read_record(struct mr_xml_open *x)
{
    const char *p = x->in->at + x->in->start;

    x->end = x->in->at + x->in->end;
    x->keep = p;
    x->more = x->again = x->finished = x->done = false;
    while (p != NULL && !x->done) {
        p = x->depth == 0 ? read_outside(x, p) : read_content(x, p);
        if (p != NULL && x->record_depth == 0)
            x->keep = p;
    }
    if (p != NULL)
        x->keep = p;
}

/* --- the window --- */

/* Do the bytes from index `from` on hold the end that was missing? */
static bool
has_end(const struct mr_xml_open *x, size_t from, const char *name, uint32_t n)
{
    const char *p = x->in->at + from, *end = x->in->at + x->in->end;

    if (n == 0)
        return memchr(p, '>', (size_t)(end - p)) != NULL;
    while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
        if ((size_t)(end - p) < n + (size_t)2)
            return false;
        if (p[1] == '/' && memcmp(p + 2, name, n) == 0)
            return true;
        p++;
    }
    return false;
}

/* Reads until starting again may help: the record's end tag (in front of it:
 * any >) has come. Who sends many false ends waits until there is half as much
 * again, so that the whole cost stays in proportion to the input. */
static enum mr_status
read_on(struct mr_xml_open *x, uint32_t name_n)
{
    struct mr_input *in = x->in;
    size_t had = in->end - in->start, from = had;
    uint64_t kept = in->offset + in->start;

    x->spent = kept == x->kept ? x->spent + had : had;
    x->kept = kept;
    for (;;) {
        enum mr_status st = mr_input_more(x->cx, in);
        size_t now = in->end - in->start;
        size_t back = name_n + 2 < from ? name_n + 2 : from;

        /* What came in front of the error may break the rules earlier. */
        if (st != MR_OK && now > had) {
            x->pending = x->cx->error;
            x->cx->error.status = MR_OK;
            return MR_OK;
        }
        if (st != MR_OK)
            return st;
        if (in->eof)
            return MR_OK;
        if (x->spent > 8 * now) {
            if (now >= had + had / 2)
                return MR_OK;
            continue;
        }
        if (has_end(x, in->start + from - back, in->at + in->start + 1, name_n))
            return MR_OK;
        from = now;
    }
}

/* Forgets the record that is not whole yet. */
static void
drop_record(struct mr_xml_open *x)
{
    struct xml_frame *f;

    if (x->record_depth == 0)
        return;
    f = &x->frames[x->record_depth - 1];
    x->depth = x->record_depth - 1;
    x->record_depth = 0;
    xml_unbind(x, f->n_bindings, f->default_ns);
    /* What stood in front of its element was good, a declaration, too. */
    if (x->depth == 0)
        x->place = XML_IN_PROLOG;
    mr_arena_back(x->cx, x->mark);
}

static enum mr_status
start_again(struct mr_xml_open *x)
{
    uint32_t name_n = x->record_depth == 0
                          ? 0
                          : x->frames[x->record_depth - 1].n;

    drop_record(x);
    if (!xml_park(x, x->depth))
        return MR_EMEMORY;
    mr_input_consume(x->in, (size_t)(x->keep - x->in->at));
    if (x->again) {
        enum mr_status st = mr_input_encoding(x->cx, x->in, x->encoding);

        if (st != MR_OK)
            x->encoding[0] = '\0';
        return st;
    }
    if (x->pending.status != MR_OK) {
        struct mr_error e = x->pending;

        x->pending.status = MR_OK;
        if (e.offset >= x->in->offset + x->in->start) {
            x->cx->error = e;
            x->cx->error.document = x->in->documents + 1;
            return e.status;
        }
    }
    return read_on(x, name_n);
}

/* Other readers of the context may have forgotten what this one is in. */
static void
leave_tracks(struct mr_xml_open *x)
{
    if (x->tracks != NULL && x->tracks->forgotten == x->forgotten)
        return;
    for (uint32_t i = 0; i < x->depth; i++)
        x->frames[i].track = NULL;
}

struct mr_xml_open *
xml_open(struct mr_cx *cx, struct mr_reader *r)
{
    struct mr_xml_open *x = r->open;

    if (x == NULL) {
        x = mr_resize(cx, NULL, sizeof *x);
        if (x == NULL)
            return NULL;
        memset(x, 0, sizeof *x);
        r->open = x;
        x->doc = r->doc;
        x->idoc = r->doc->format == MR_IDOC;
        if (r->doc->nodata != NULL) {
            x->nodata_n = (uint32_t)strlen(r->doc->nodata);
            /* Behind no text stands its end tag. */
            x->nodata = x->nodata_n == 0 ? '<' : r->doc->nodata[0];
        }
    }
    x->cx = cx;
    x->in = r->in;
    x->tracks = r->passing ? NULL : mr_tracks(cx, r->doc->shape, r->doc->path);
    leave_tracks(x);
    return x;
}

/* A stream in UTF-16 says so by its first two bytes, which are not UTF-8. The
 * window refused the first one; the second may still have to be read. */
static bool
is_utf16(const struct mr_xml_open *x)
{
    struct mr_input *in = x->in;
    char *p;

    if (x->place != XML_AT_START || in->offset + in->start != 0 ||
        in->end != 0 || in->held == 0)
        return false;
    p = in->at + MR_PADDING;
    if (in->held == 1 && !in->read_eof && (*p == '\xff' || *p == '\xfe')) {
        long n = in->read(in->arg, p + 1, 1);

        if (n > 0)
            in->held++;
        else if (n == 0)
            in->read_eof = true;
    }
    return in->held >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 ||
                             memcmp(p, "\xfe\xff", 2) == 0);
}

enum mr_status
mr_xml_next(struct mr_cx *cx, struct mr_reader *r, void *record)
{
    struct mr_xml_open *x = xml_open(cx, r);
    enum mr_status st;

    if (x == NULL)
        return MR_EMEMORY;
    x->record = record;
    for (;;) {
        st = MR_OK;
        if (x->in->at != NULL)
            read_record(x);
        else
            x->keep = NULL;
        if (x->done || x->finished)
            break;
        if (x->in->at != NULL && !x->more && !x->again)
            return cx->error.status;
        st = x->in->at == NULL ? mr_input_more(cx, x->in) : start_again(x);
        if (st == MR_EFORMAT && is_utf16(x)) {
            cx->error.status = MR_OK;
            memcpy(x->encoding, "UTF-16", 7);
            st = mr_input_encoding(cx, x->in, x->encoding);
        }
        if (st != MR_OK)
            return st;
    }
    x->record_depth = 0;
    if (!xml_park(x, x->depth))
        return MR_EMEMORY;
    mr_input_consume(x->in, (size_t)(x->keep - x->in->at));
    if (x->tracks != NULL)
        x->forgotten = x->tracks->forgotten;
    if (x->finished)
        return MR_END;
    x->in->documents++;
    return MR_OK;
}

void
mr_xml_reader_done(struct mr_cx *cx, struct mr_reader *r)
{
    if (r->open == NULL)
        return;
    mr_resize(cx, r->open->store, 0);
    mr_resize(cx, r->open, 0);
    r->open = NULL;
}
