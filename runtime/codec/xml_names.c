/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Namespaces in XML 1.0: declarations and their scope, attributes that are
 * there twice, members of a shape by name; and the place outside of the window
 * for the names of what stays open between records.
 */
#include "codec/xml_state.h"

#define XML_URI "http://www.w3.org/XML/1998/namespace"
#define XMLNS_URI "http://www.w3.org/2000/xmlns/"

enum { FEW = 8 };       /* attributes that are compared one by one */

static bool
is(const char *p, uint32_t n, const char *word)
{
    return n == strlen(word) && memcmp(p, word, n) == 0;
}

static bool
fail(struct mr_xml_open *x, const struct xml_name *name, const char *words)
{
    (void)xml_refuse(x, MR_EFORMAT, name->p, "%.*s: %s",
                     (int)(name->n < 100 ? name->n : 100), name->p, words);
    return false;
}

static unsigned
find_namespace(const struct mr_doc *doc, const char *uri, uint32_t n)
{
    if (n == 0)
        return 0;
    for (unsigned i = 1; i < doc->n_namespaces; i++)
        if (is(uri, n, doc->namespaces[i]))
            return i;
    return XML_NS_OTHER;
}

/* xmlns="…" or xmlns:prefix="…". */
static bool
declare(struct mr_xml_open *x, struct xml_attribute *a)
{
    bool prefixed = a->name.prefix != 0;
    const char *prefix = a->name.p + (prefixed ? 6 : 5);
    uint32_t prefix_n = prefixed ? a->name.n - 6 : 0;
    struct xml_text uri;
    struct xml_binding *b;
    bool is_xml;

    if (!xml_attribute_text(x, a, &uri))
        return false;
    is_xml = is(uri.p, uri.n, XML_URI);
    if (is(prefix, prefix_n, "xmlns") || is(uri.p, uri.n, XMLNS_URI))
        return fail(x, &a->name, "xmlns and its namespace can not be declared");
    if (is(prefix, prefix_n, "xml") != is_xml)
        return fail(x, &a->name, "xml and its namespace belong together");
    if (prefixed && uri.n == 0)
        return fail(x, &a->name, "a prefix can not be undeclared");
    a->ns = XML_NS_OTHER;
    a->uri = XMLNS_URI;
    a->uri_n = sizeof XMLNS_URI - 1;
    if (uri.n > XML_URI_MAX || x->n_bindings == XML_BINDINGS_MAX) {
        (void)xml_refuse(x, MR_ELIMIT, a->name.p, uri.n > XML_URI_MAX
                         ? "a namespace name is longer than %d bytes"
                         : "more than %d namespace declarations are in scope",
                         uri.n > XML_URI_MAX ? XML_URI_MAX : XML_BINDINGS_MAX);
        return false;
    }
    b = &x->bindings[x->n_bindings++];
    b->prefix = prefix;
    b->prefix_n = prefix_n;
    b->uri = uri.p;
    b->uri_n = uri.n;
    b->ns = find_namespace(x->doc, uri.p, uri.n);
    if (!prefixed)
        x->default_ns = b->ns;
    return true;
}

/* NULL: the prefix is not declared. */
static const struct xml_binding *
find_binding(struct mr_xml_open *x, const char *prefix, uint32_t n)
{
    static const struct xml_binding xml = {
        "xml", XML_URI, 3, sizeof XML_URI - 1, XML_NS_OTHER
    };

    for (uint32_t i = x->n_bindings; i-- > 0;) {
        const struct xml_binding *b = &x->bindings[i];

        if (b->prefix_n == n && memcmp(b->prefix, prefix, n) == 0)
            return b;
    }
    return is(prefix, n, "xml") ? &xml : NULL;
}

static bool
same_attribute(const struct xml_attribute *a, const struct xml_attribute *b)
{
    uint32_t a_skip = a->name.prefix == 0 ? 0 : a->name.prefix + 1;
    uint32_t b_skip = b->name.prefix == 0 ? 0 : b->name.prefix + 1;

    return a->name.n - a_skip == b->name.n - b_skip &&
           a->uri_n == b->uri_n &&
           memcmp(a->name.p + a_skip, b->name.p + b_skip,
                  a->name.n - a_skip) == 0 &&
           (a->uri_n == 0 || memcmp(a->uri, b->uri, a->uri_n) == 0);
}

/* Puts attribute i in a hash table; false: an equal one is there. */
static bool
add_slot(struct mr_xml_open *x, uint32_t i)
{
    const struct xml_attribute *a = &x->attributes[i];
    uint32_t skip = a->name.prefix == 0 ? 0 : a->name.prefix + 1;
    uint64_t seed = (uint64_t)(uintptr_t)x | 1;
    uint64_t h = mr_hash(a->name.p + skip, a->name.n - skip,
                         seed * 0x9e3779b97f4a7c15u | 1);

    for (size_t s = h >> 20 & (XML_SLOTS - 1); ; s = (s + 1) % XML_SLOTS) {
        if (x->slots[s] == 0) {
            x->slots[s] = (uint16_t)(i + 1);
            return true;
        }
        if (same_attribute(a, &x->attributes[x->slots[s] - 1]))
            return false;
    }
}

static bool
check_unique(struct mr_xml_open *x)
{
    uint32_t n = x->n_attributes;

    if (n > FEW)
        memset(x->slots, 0, sizeof x->slots);
    for (uint32_t i = 0; i < n; i++) {
        bool twice = n > FEW && !add_slot(x, i);

        for (uint32_t k = 0; n <= FEW && k < i; k++)
            twice |= same_attribute(&x->attributes[i], &x->attributes[k]);
        if (twice)
            return fail(x, &x->attributes[i].name,
                        "this attribute is there twice");
    }
    return true;
}

static bool
resolve(struct mr_xml_open *x, struct xml_attribute *a)
{
    const struct xml_binding *b;

    if (a->name.prefix == 0 || a->uri != NULL)
        return true;
    b = find_binding(x, a->name.p, a->name.prefix);
    if (b == NULL)
        return fail(x, &a->name, "the prefix is not declared");
    a->ns = b->ns;
    a->uri = b->uri;
    a->uri_n = b->uri_n;
    return true;
}

bool
xml_bind(struct mr_xml_open *x, const struct xml_name *element, unsigned *ns)
{
    uint32_t n = x->n_attributes;
    const struct xml_binding *b;

    for (uint32_t i = 0; i < n && x->named; i++) {
        struct xml_attribute *a = &x->attributes[i];
        uint32_t first = a->name.prefix != 0 ? a->name.prefix : a->name.n;

        if (is(a->name.p, first, "xmlns") && !declare(x, a))
            return false;
    }
    for (uint32_t i = 0; i < n && x->named; i++)
        if (!resolve(x, &x->attributes[i]))
            return false;
    if (n > 1 && !check_unique(x))
        return false;
    *ns = x->default_ns;
    if (element->prefix == 0)
        return true;
    b = is(element->p, element->prefix, "xmlns")
            ? NULL
            : find_binding(x, element->p, element->prefix);
    if (b == NULL)
        return fail(x, element, "the prefix is not declared");
    *ns = b->ns;
    return true;
}

void
xml_unbind(struct mr_xml_open *x, uint32_t n, unsigned default_ns)
{
    x->n_bindings = n;
    x->default_ns = default_ns;
    if (x->parked_bindings > n)
        x->parked_bindings = n;
}

/* Attributes, elements and text may share a name; a look-up knows one. */
static const struct mr_member *
find_other(const struct mr_shape *shape, const struct mr_member *first,
           unsigned ns, bool attribute)
{
    for (uint32_t i = 0; i < shape->n_read; i++) {
        const struct mr_member *m = &shape->read[i];

        if (m->ns == ns && m->attribute == attribute && !m->content &&
            m->name_n == first->name_n &&
            memcmp(m->name, first->name, m->name_n) == 0)
            return m;
    }
    return NULL;
}

/* Names are short: two loads that may overlap, where there are enough bytes. */
static inline bool
same_bytes(const char *a, const char *b, uint32_t n)
{
    uint64_t a8[2], b8[2];
    uint32_t a4[2], b4[2];

    if (n > 16)
        return memcmp(a, b, n) == 0;
    if (n >= 8) {
        memcpy(&a8[0], a, 8);
        memcpy(&a8[1], a + n - 8, 8);
        memcpy(&b8[0], b, 8);
        memcpy(&b8[1], b + n - 8, 8);
        return ((a8[0] ^ b8[0]) | (a8[1] ^ b8[1])) == 0;
    }
    if (n >= 4) {
        memcpy(&a4[0], a, 4);
        memcpy(&a4[1], a + n - 4, 4);
        memcpy(&b4[0], b, 4);
        memcpy(&b4[1], b + n - 4, 4);
        return ((a4[0] ^ b4[0]) | (a4[1] ^ b4[1])) == 0;
    }
    for (uint32_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

const struct mr_member *
xml_find(const struct mr_shape *shape, const char *p, uint32_t n, unsigned ns,
         bool attribute)
{
    const struct mr_member *m;
    unsigned slot;

    if (shape->n_read == 0)
        return NULL;
    slot = shape->lookup.slots[mr_slot(&shape->lookup, p, n)];
    if (slot == 0)
        return NULL;
    m = &shape->read[slot - 1];
    if (m->name_n != n || !same_bytes(m->name, p, n))
        return NULL;
    if (m->ns == ns && m->attribute == attribute && !m->content)
        return m;
    return find_other(shape, m, ns, attribute);
}

const struct mr_member *
xml_find_content(const struct mr_shape *shape)
{
    static const char name[] = "content";
    unsigned slot;

    if (shape->n_read == 0)
        return NULL;
    slot = shape->lookup.slots[mr_slot(&shape->lookup, name, 7)];
    if (slot == 0)
        return NULL;
    for (uint32_t i = 0; i < shape->n_read; i++)
        if (shape->read[i].content)
            return &shape->read[i];
    return NULL;
}

/* --- what stays open between records --- */

static const char *
moved(const char *p, const char *from, const char *to)
{
    return to + (p - from);
}

static bool
grow_store(struct mr_xml_open *x, size_t n)
{
    size_t room = x->store_room * 2 + n + 1024;
    char *at;

    if (x->store_room - x->store_n >= n + 16)
        return true;
    at = mr_resize(x->cx, NULL, room);
    if (at == NULL)
        return false;
    memset(at, 0, room);
    if (x->store_n != 0)
        memcpy(at, x->store, x->store_n);
    for (uint32_t i = 0; i < x->parked; i++)
        x->frames[i].name = moved(x->frames[i].name, x->store, at);
    for (uint32_t i = 0; i < x->parked_bindings; i++) {
        struct xml_binding *b = &x->bindings[i];

        b->prefix = moved(b->prefix, x->store, at);
        b->uri = moved(b->uri, x->store, at);
    }
    mr_resize(x->cx, x->store, 0);
    x->store = at;
    x->store_room = room;
    return true;
}

static const char *
keep_bytes(struct mr_xml_open *x, const char *p, uint32_t n)
{
    char *at = x->store + x->store_n;

    memcpy(at, p, n);
    x->store_n += n;
    return at;
}

bool
xml_park(struct mr_xml_open *x, uint32_t depth)
{
    while (x->parked < depth) {
        struct xml_frame *f = &x->frames[x->parked];
        uint32_t end = x->parked + 1 < x->depth ? f[1].n_bindings
                                                : x->n_bindings;
        size_t need = f->n;

        for (uint32_t i = f->n_bindings; i < end; i++)
            need += x->bindings[i].prefix_n + x->bindings[i].uri_n;
        if (!grow_store(x, need))
            return false;
        f->store_n = x->store_n;
        f->name = keep_bytes(x, f->name, f->n);
        for (uint32_t i = f->n_bindings; i < end; i++) {
            struct xml_binding *b = &x->bindings[i];

            b->prefix = keep_bytes(x, b->prefix, b->prefix_n);
            b->uri = keep_bytes(x, b->uri, b->uri_n);
        }
        x->parked_bindings = end;
        x->parked++;
    }
    return true;
}
