/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made XML documents: for a shape, with everything around its fields that XML
 * allows, now and then with something that it does not; and damage to them.
 * The same state gives the same documents.
 */
#ifndef TESTS_CODEC_XML_MAKE_H
#define TESTS_CODEC_XML_MAKE_H

#include "codec/xml_shapes.h"

enum { XML_MAKE_ROOM = 8192, XML_MAKE_FULL = 3000 };

struct xml_make {
    uint64_t state;
    const struct mr_doc *doc;
    const char *prefix;     /* of the shape's first namespace; "": default */
    size_t n;
    char text[XML_MAKE_ROOM + 64];
};

/* Below n. */
static inline uint32_t
xml_random(struct xml_make *m, uint32_t n)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((m->state >> 33) % n);
}

static inline void
xml_put(struct xml_make *m, const char *text)
{
    size_t n = strlen(text);

    if (n > XML_MAKE_ROOM - m->n)
        n = XML_MAKE_ROOM - m->n;
    memcpy(m->text + m->n, text, n);
    m->n += n;
}

#define XML_PICK(m, words)                                                    \
    ((words)[xml_random((m), sizeof(words) / sizeof((words)[0]))])

static inline void
xml_put_space(struct xml_make *m, bool needed)
{
    static const char *const some[] = { " ", " ", "\n", "\t", "\r\n", "\r  " };

    if (needed || xml_random(m, 12) == 0)
        xml_put(m, XML_PICK(m, some));
}

/* Comments and instructions. */
static inline void
xml_put_misc(struct xml_make *m)
{
    static const char *const some[] = {
        "<!---->", "<!-- <a> & ]]> -->", "<!--\r\n- -->", "<!--\xc3\xa4-->",
        "<?p?>", "<?p  ?x ?>", "<?xml-x a='>'?>", "<?\xc3\xa4 \xe2\x82\xac?>"
    };
    static const char *const wrong[] = {
        "<!-- -- -->", "<!--->", "<!-- --->", "<?xml ?>", "<?XML ?>", "<?p:q?>",
        "<? p?>", "<!a>", "<!DOCTYPE DEBMAS06>", "<?p\x02?>", "<?p!?>",
        "<!--\xef\xbf\xbf-->"
    };

    xml_put(m, xml_random(m, 150) == 0 ? XML_PICK(m, wrong)
                                       : XML_PICK(m, some));
}

static inline void
xml_put_text(struct xml_make *m)
{
    static const char *const some[] = {
        "abc", "Muster GmbH", "1", "-1.50", "+7", "12345678901234567890", "/",
        " ", "  ", "\t", "\n", "\r", "\r\n", "true", "X", "0", "\xc3\xa4",
        "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbd", "&amp;", "&lt;",
        "&gt;", "&quot;", "&apos;", "&#65;", "&#x20AC;", "&#13;", "&#10;",
        "&#0000032;", "&#x1F600;", "]", "]]", "]>", ">", "'", "\"",
        "<![CDATA[]]>", "<![CDATA[a<b&c]]>", "<![CDATA[ ]]]]>",
        "<![CDATA[x\r\ny\rz]]>", "a rather long text, more than a vector"
    };
    static const char *const wrong[] = {
        "]]>", "&", "&;", "&lol;", "&amp", "&#;", "&#x;", "&#0;", "&#xD800;",
        "&#xFFFE;", "&#1114112;", "&#99999999999;", "&#x1", "<", "< a/>",
        "\x01", "\x7f\x1f", "\xef\xbf\xbe", "\xff", "\xc0\x80", "\xed\xa0\x80",
        "<![CDATA[\x0c]]>", "<![cdata[]]>", "&AMP;", "&#X41;"
    };

    for (uint32_t k = xml_random(m, 4); k > 0; k--) {
        if (xml_random(m, 10) == 0)
            xml_put_misc(m);
        else
            xml_put(m, xml_random(m, 900) == 0 ? XML_PICK(m, wrong)
                                               : XML_PICK(m, some));
    }
}

static inline void
xml_put_value(struct xml_make *m)
{
    static const char *const some[] = {
        "1", "EUR", "a b", "\t", "\n", "\r\n", "\r", "&amp;", "&lt;", "&#9;",
        "&#xA;", ">", "]]>", "\xc3\xb6", "/", " ", "&quot;&apos;"
    };
    static const char *const wrong[] = { "<", "&", "&x;", "\x0b", "&#3;",
                                         "\xf5" };
    const char *quote = xml_random(m, 2) == 0 ? "'" : "\"";

    xml_put_space(m, false);
    xml_put(m, "=");
    xml_put_space(m, false);
    xml_put(m, quote);
    for (uint32_t k = xml_random(m, 3); k > 0; k--)
        xml_put(m, xml_random(m, 400) == 0 ? XML_PICK(m, wrong)
                                           : XML_PICK(m, some));
    xml_put(m, quote);
}

/* Attributes that nothing maps, good ones and bad ones. `round`: 0 in front of
 * those that are mapped, 1 behind them. */
static inline void
xml_put_others(struct xml_make *m, int round)
{
    static const char *const some[2][5] = {
        { "x", "SEGMENT", "\xc3\xa4", "xml:lang", "key" },
        { "y", "x.y-z", "_", "xml:space", "A-rather-long-name" }
    };
    static const char *const whole[] = {
        "xmlns:q='urn:q' q:x='1'", "xmlns:r=\"urn:example:order\"",
        "xmlns:s='urn:example:keys' s:KEY='2' s:x='3'",
        "xmlns:xml='http://www.w3.org/XML/1998/namespace'",
        "xmlns:&#97;='x'", "xmlns:q='' ", "q:x='1'", "xmlns:xmlns='urn:q'",
        "xmlns:xml='urn:q'", "xmlns='http://www.w3.org/2000/xmlns/'",
        "xmlns:q='u' xmlns:s='u' q:x='1' s:x='2'", "x='1' x='2'", "a:b:c='1'",
        "xmlns:q='u' xmlns:q='u'", ":x='1'", "x:='1'", "x", "x=1",
        "a='1'b='2'", "xmlns='&#117;rn:example:order'"
    };

    if (xml_random(m, 5) == 0) {
        xml_put_space(m, true);
        xml_put(m, xml_random(m, 60) == 0 ? "xmlns" : XML_PICK(m, some[round]));
        xml_put_value(m);
    }
    if (round == 0 && xml_random(m, 30) == 0) {
        xml_put_space(m, true);
        /* The first four are good. */
        xml_put(m, whole[xml_random(m, xml_random(m, 12) == 0 ? 20 : 4)]);
    }
}

static inline void xml_put_members(struct xml_make *m,
                                   const struct mr_shape *shape);

static inline void
xml_put_attributes(struct xml_make *m, const struct mr_shape *shape)
{
    xml_put_others(m, 0);
    for (uint32_t i = 0; shape != NULL && i < shape->n_read; i++) {
        const struct mr_member *a = &shape->read[i];

        if (!a->attribute || xml_random(m, 3) == 0)
            continue;
        xml_put_space(m, true);
        xml_put(m, a->ns == 2 ? "k:" : "");
        xml_put(m, a->name);
        xml_put_value(m);
    }
    xml_put_others(m, 1);
    xml_put_space(m, false);
}

/* shape NULL: text; so is an element that nothing maps. */
static inline void
xml_put_element(struct xml_make *m, const char *name, unsigned ns,
                const struct mr_shape *shape)
{
    bool own = ns == 1 && xml_random(m, 30) == 0;
    const char *prefix = own ? "z:" : ns == 1 ? m->prefix : "";

    xml_put(m, "<");
    xml_put(m, prefix);
    xml_put(m, name);
    if (own)
        xml_put(m, " xmlns:z='urn:example:order'");
    xml_put_attributes(m, shape);
    if (xml_random(m, 10) == 0) {
        xml_put(m, "/>");
        return;
    }
    xml_put(m, ">");
    if (shape != NULL)
        xml_put_members(m, shape);
    else
        xml_put_text(m);
    if (shape == NULL && xml_random(m, 50) == 0)
        xml_put_element(m, "b", 0, NULL);
    xml_put(m, xml_random(m, 2000) == 0 ? "" : "</");
    xml_put(m, prefix);
    xml_put(m, xml_random(m, 2000) == 0 ? "c" : name);
    xml_put_space(m, false);
    xml_put(m, ">");
}

static inline void
xml_put_unknown(struct xml_make *m)
{
    static const char *const some[] = {
        "X", "Kunnr", "Ordes", "KUNNR.", "E1KNA1M", "E1KNVVM", "_a.b-1",
        "\xc3\x9c", "ANREDE_WITH_A_LONG_NAME", "Prices"
    };
    static const char *const known[] = { "KUNNR", "Note", "Price", "Order" };
    static const struct mr_shape *const shapes[] = {
        NULL, NULL, NULL, &xml_sales, &xml_line, &xml_order
    };
    const char *name = xml_random(m, 20) == 0 ? XML_PICK(m, known)
                                              : XML_PICK(m, some);
    bool idoc = m->doc->format == MR_IDOC;

    if (m->n < XML_MAKE_FULL)
        xml_put_element(m, name, idoc ? 0 : xml_random(m, 2),
                        shapes[xml_random(m, idoc ? 4 : 6)]);
}

static inline void
xml_put_members(struct xml_make *m, const struct mr_shape *shape)
{
    uint64_t seen = 0;

    for (uint32_t k = xml_random(m, 2 * shape->n_read + 1); k > 0; k--) {
        uint32_t i = xml_random(m, shape->n_read);
        const struct mr_member *member = &shape->read[i];
        bool again = (seen >> i & 1) != 0 && member->kind != MR_MANY;

        xml_put_space(m, false);
        if (m->n > XML_MAKE_FULL)
            break;
        if (xml_random(m, 5) == 0)
            xml_put_unknown(m);
        if (member->content)
            xml_put_text(m);
        if (member->attribute || member->content ||
            (again && xml_random(m, 200) != 0))
            continue;
        seen |= (uint64_t)1 << i;
        xml_put_element(m, member->name, member->ns, member->shape);
    }
}

/* The elements down to the records, from `level` on, with others around. */
static inline void
xml_put_path(struct xml_make *m, uint16_t level)
{
    const struct mr_doc *doc = m->doc;
    const struct mr_member *step = &doc->path[level];
    bool last = level + 1 == doc->n_path;

    if (level > 0 && xml_random(m, 6) == 0)
        xml_put_unknown(m);
    if (last && level > 0) {
        xml_put_element(m, step->name, step->ns, doc->shape);
        return;
    }
    xml_put(m, "<");
    xml_put(m, step->ns == 1 ? m->prefix : "");
    xml_put(m, step->name);
    if (level == 0 && step->ns == 1) {
        xml_put(m, m->prefix[0] != '\0' ? " xmlns:a='urn:example:order'"
                                        : " xmlns='urn:example:order'");
        xml_put(m, " xmlns:k=\"urn:example:keys\"");
    }
    xml_put_attributes(m, last ? doc->shape : NULL);
    xml_put(m, ">");
    if (last)
        xml_put_members(m, doc->shape);
    else
        for (uint32_t k = xml_random(m, 4); k > 0; k--)
            xml_put_path(m, (uint16_t)(level + 1));
    xml_put_space(m, false);
    xml_put(m, "</");
    xml_put(m, step->ns == 1 ? m->prefix : "");
    xml_put(m, step->name);
    xml_put(m, ">");
}

static inline void
xml_put_declaration(struct xml_make *m)
{
    static const char *const some[] = {
        "<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding='UTF-8'?>",
        "<?xml version='1.0' encoding=\"utf-8\" standalone='yes' ?>",
        "<?xml  version = '1.0' standalone=\"no\"?>",
        "\xef\xbb\xbf<?xml version='1.0'\n?>", "\xef\xbb\xbf"
    };
    static const char *const wrong[] = {
        "<?xml?>", "<?xml encoding='UTF-8'?>", "<?xml version='2.0'?>",
        "<?xml version='1.0' standalone='maybe'?>", " <?xml version='1.0'?>",
        "<?xml version='1.0'encoding='UTF-8'?>", "<?xml version=1.0?>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
        "<?xml version='1.0' encoding='UTF-16'?>",
        "<?xml version='1.0' encoding=''?>", "<?xml version='1.0'>",
        "<?xml version='1.0' encoding='x-none'?>", "<?XML version='1.0'?>"
    };

    xml_put(m, xml_random(m, 60) == 0 ? XML_PICK(m, wrong)
                                      : XML_PICK(m, some));
}

/* One document, seldom two, for m->doc. */
static inline void
xml_make_document(struct xml_make *m, const struct mr_doc *doc)
{
    m->n = 0;
    m->doc = doc;
    do {
        m->prefix = xml_random(m, 3) == 0 ? "a:" : "";
        if (xml_random(m, 2) == 0)
            xml_put_declaration(m);
        xml_put_space(m, false);
        if (xml_random(m, 8) == 0)
            xml_put_misc(m);
        xml_put_path(m, 0);
        xml_put_space(m, false);
        if (xml_random(m, 8) == 0)
            xml_put_misc(m);
    } while (xml_random(m, 20) == 0 && m->n < XML_MAKE_FULL);
    memset(m->text + m->n, 0, 64);
}

/* --- damage --- */

/* Puts n bytes in the place of `old` bytes at `at`. */
static inline void
xml_splice(struct xml_make *m, size_t at, size_t old, const char *p, size_t n)
{
    if (m->n - old + n > XML_MAKE_ROOM)
        return;
    memmove(m->text + at + n, m->text + at + old, m->n - at - old);
    memcpy(m->text + at, p, n);
    m->n += n;
    m->n -= old;
    memset(m->text + m->n, 0, 64);
}

static inline void
xml_make_damage(struct xml_make *m)
{
    static const char *const pieces[] = {
        "<!--", "-->", "--", "]]>", "<![CDATA[", "<?", "?>", "&", "&#", ";",
        "/>", "</", ">", "<", "\"", "'", "=", ":", " ", "\xef\xbb\xbf",
        " xmlns=''", " xmlns:a='u'", "<!DOCTYPE x>", "<?xml version='1.0'?>",
        "\r", "a:", "xml", "\xc2\x85", "\xe2\x80\xa8"
    };
    char run[64];
    uint32_t size = (uint32_t)m->n + 1;
    size_t at = xml_random(m, size), from = xml_random(m, size);
    size_t n = xml_random(m, 24), there = m->n - at;
    const char *piece = XML_PICK(m, pieces);

    if (m->n < 2)
        return;
    switch (xml_random(m, 6)) {
    case 0:
        at = at == m->n ? at - 1 : at;
        m->text[at] = (char)(xml_random(m, 2) == 0 ? xml_random(m, 256)
                                 : (uint32_t)m->text[at] ^ 1u << n % 8);
        break;
    case 1:
        xml_splice(m, at, n < there ? n : there, "", 0);
        break;
    case 2:
        n = n < m->n - from ? n : m->n - from;
        memcpy(run, m->text + from, n);
        xml_splice(m, at, 0, run, n);
        break;
    case 3:
        n = n < m->n - from ? n : m->n - from;
        memcpy(run, m->text + from, n);
        xml_splice(m, from, n, "", 0);
        xml_splice(m, at < m->n ? at : m->n, 0, run, n);
        break;
    case 4:
        if (xml_random(m, 3) == 0)
            xml_splice(m, at, there, "", 0);
        break;
    default:
        xml_splice(m, at, 0, piece, strlen(piece));
        break;
    }
}

#endif
