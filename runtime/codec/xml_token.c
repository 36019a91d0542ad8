/* SPDX-License-Identifier: Apache-2.0 */
/* The tokens of XML: names, references, text, comments, instructions, CDATA,
 * attributes. What is skipped is checked like what is wanted. */
#include "codec/xml_chars.h"
#include "codec/xml_scan.h"
#include "codec/xml_state.h"

const char *
xml_bad(struct mr_xml_open *x, const char *p, const char *words)
{
    const struct xml_frame *f;

    if (p < x->end)
        return xml_refuse(x, MR_EFORMAT, p, "%s", words);
    if (!x->in->eof) {
        x->more = true;
        return NULL;
    }
    if (x->depth == 0)
        return xml_refuse(x, MR_EFORMAT, x->end, "the input ends here: %s",
                          words);
    f = &x->frames[x->depth - 1];
    return xml_refuse(x, MR_EFORMAT, x->end, "the input ends in <%.*s>",
                      (int)(f->n < 100 ? f->n : 100), f->name);
}

int
xml_at(const struct mr_xml_open *x, const char *p, const char *word)
{
    size_t n = strlen(word), there = (size_t)(x->end - p);

    if (there >= n)
        return memcmp(p, word, n) == 0;
    if (memcmp(p, word, there) != 0)
        return 0;
    return -1;
}

const char *
xml_space(const char *p)
{
    while (xml_is(*p, XML_SPACE))
        p++;
    return p;
}

/* The same with colons and characters outside of ASCII. */
static const char *
long_name(struct mr_xml_open *x, const char *p, struct xml_name *name)
{
    const char *q = p, *part = p;
    uint32_t n;

    name->prefix = 0;
    for (;; q += n) {
        uint32_t c = xml_decode(q, &n);

        if (q == part) {
            if (!xml_is_name_start(c))
                return xml_bad(x, q, q == p ? "a name is missing"
                                            : "a name behind the colon is "
                                              "missing");
        } else if (c == ':') {
            if (name->prefix != 0)
                return xml_bad(x, q, "a name has one colon at most");
            name->prefix = (uint32_t)(q - p);
            part = q + 1;
        } else if (!xml_is_name(c)) {
            break;
        }
    }
    name->p = p;
    name->n = (uint32_t)(q - p);
    return q;
}

const char *
xml_name(struct mr_xml_open *x, const char *p, struct xml_name *name)
{
    const char *q = p;

    if (xml_is(*q, XML_START))
        q = xml_name_end(q);
    name->p = p;
    name->n = (uint32_t)(q - p);
    name->prefix = 0;
    if (*q == ':' || (unsigned char)*q >= 0x80 || q == p) {
        q = long_name(x, p, name);
        if (q == NULL)
            return NULL;
    }
    if (q - p > XML_NAME_MAX)
        return xml_refuse(x, MR_ELIMIT, p, "a name is longer than %d bytes",
                          XML_NAME_MAX);
    return q;
}

const char *
xml_odd(struct mr_xml_open *x, const char *p)
{
    uint32_t n, c;

    if (*p == '\r')
        return p + 1;
    if (p >= x->end)
        return xml_bad(x, p, "more is expected");
    c = xml_decode(p, &n);
    if (xml_is_char(c))
        return p + n;
    return xml_refuse(x, MR_EFORMAT, p, "XML takes no character U+%04X",
                      (unsigned)c);
}

/* The number of a character reference at p, ended with `;`. */
static const char *
char_reference(struct mr_xml_open *x, const char *p, uint32_t *out)
{
    bool hex = *p == 'x';
    const char *q = p + hex;
    uint32_t c = 0;

    for (;; q++) {
        unsigned digit = 99;

        if (*q >= '0' && *q <= '9')
            digit = (unsigned)(*q - '0');
        else if (hex && ((*q | 0x20) >= 'a' && (*q | 0x20) <= 'f'))
            digit = (unsigned)((*q | 0x20) - 'a' + 10);
        if (digit == 99)
            break;
        if (c <= 0x10ffff)
            c = c * (hex ? 16 : 10) + digit;
    }
    if (q == p + hex || *q != ';')
        return xml_bad(x, q, "a character reference is &#digits; or "
                             "&#xdigits;");
    if (!xml_is_char(c))
        return xml_refuse(x, MR_EFORMAT, p - 2,
                          "a reference to a character that XML does not take");
    *out = c;
    return q + 1;
}

const char *
xml_reference(struct mr_xml_open *x, const char *p, struct xml_text *t)
{
    static const struct { const char *word; char c; } known[] = {
        { "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' }, { "quot;", '"' },
        { "apos;", '\'' }
    };
    struct xml_name name;
    const char *q;
    char out[4];
    uint32_t c = 0, n;

    if (p[1] == '#') {
        q = char_reference(x, p + 2, &c);
        if (q == NULL)
            return NULL;
        n = xml_encode(c, out);
        return t != NULL && !xml_copy(x, t, out, n) ? NULL : q;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        int at = xml_at(x, p + 1, known[i].word);

        if (at < 0)
            return xml_bad(x, x->end, "a reference is not ended");
        if (at == 0)
            continue;
        out[0] = known[i].c;
        if (t != NULL && !xml_copy(x, t, out, 1))
            return NULL;
        return p + 1 + strlen(known[i].word);
    }
    q = xml_name(x, p + 1, &name);
    if (q == NULL)
        return NULL;
    if (*q != ';')
        return xml_bad(x, q, "a reference ends with a semicolon");
    return xml_refuse(x, MR_EFORMAT, p, "the entity &%.*s; is not known",
                      (int)(name.n < 100 ? name.n : 100), name.p);
}

/* `]` in text: ]]> may not stand there. */
static const char *
bracket(struct mr_xml_open *x, const char *p)
{
    if (xml_at(x, p, "]]>") > 0)
        return xml_refuse(x, MR_EFORMAT, p, "]]> outside of a CDATA section");
    return p + 1;
}

const char *
xml_skip_text(struct mr_xml_open *x, const char *p)
{
    while (p != NULL) {
        p = xml_scan(p, '<', '&', ']');
        if (*p == '<')
            return p;
        if (*p == '&')
            p = xml_reference(x, p, NULL);
        else if (*p == ']')
            p = bracket(x, p);
        else
            p = xml_odd(x, p);
    }
    return NULL;
}

/* A carriage return at p, with a line feed behind it or not, is a line feed.
 * `from`: what stands in front of it and is not appended yet. */
static const char *
line_end(struct mr_xml_open *x, const char *from, const char *p,
         struct xml_text *t)
{
    if (!xml_append(x, t, from, (size_t)(p - from)))
        return NULL;
    if (p + 1 >= x->end && !x->in->eof)
        return xml_bad(x, p + 1, "more is expected");
    if (p[1] == '\n')
        return p + 1;
    return xml_copy(x, t, "\n", 1) ? p + 1 : NULL;
}

const char *
xml_collect(struct mr_xml_open *x, const char *p, struct xml_text *t)
{
    const char *from = p;

    for (;;) {
        p = xml_scan(p, '<', '&', ']');
        if (*p == '<')
            return xml_append(x, t, from, (size_t)(p - from)) ? p : NULL;
        if (*p == ']') {
            p = bracket(x, p);
        } else if (*p == '&') {
            if (!xml_append(x, t, from, (size_t)(p - from)))
                return NULL;
            p = from = xml_reference(x, p, t);
        } else if (*p == '\r') {
            p = from = line_end(x, from, p, t);
        } else {
            p = xml_odd(x, p);
        }
        if (p == NULL)
            return NULL;
    }
}

/* Behind `<!--`. */
static const char *
comment(struct mr_xml_open *x, const char *p)
{
    for (;;) {
        p = xml_scan(p, '-', '-', '-');
        if (*p != '-') {
            p = xml_odd(x, p);
            if (p == NULL)
                return NULL;
        } else if (p[1] != '-') {
            p++;
        } else if (p[2] == '>') {
            return p + 3;
        } else {
            return xml_bad(x, p + 2, "-- in a comment");
        }
    }
}

/* Behind `<![CDATA[`. */
static const char *
cdata(struct mr_xml_open *x, const char *p, struct xml_text *t)
{
    const char *from = p;

    for (;;) {
        p = xml_scan(p, ']', ']', ']');
        if (*p == ']' && p[1] == ']' && p[2] == '>') {
            if (t != NULL && !xml_append(x, t, from, (size_t)(p - from)))
                return NULL;
            return p + 3;
        }
        if (*p == ']')
            p++;
        else if (*p == '\r' && t != NULL)
            p = from = line_end(x, from, p, t);
        else
            p = xml_odd(x, p);
        if (p == NULL)
            return NULL;
    }
}

/* Behind `<?`. */
static const char *
instruction(struct mr_xml_open *x, const char *p)
{
    struct xml_name name;
    const char *q = xml_name(x, p, &name);

    if (q == NULL)
        return NULL;
    if (q >= x->end)
        return xml_bad(x, q, "a processing instruction is not ended");
    if (name.prefix != 0)
        return xml_refuse(x, MR_EFORMAT, p,
                          "a processing instruction's name has no colon");
    if (name.n == 3 && (p[0] | 0x20) == 'x' && (p[1] | 0x20) == 'm' &&
        (p[2] | 0x20) == 'l')
        return xml_refuse(x, MR_EFORMAT, p - 2,
                          "an XML declaration can not stand here");
    if (q[0] == '?' && q[1] == '>')
        return q + 2;
    if (!xml_is(*q, XML_SPACE))
        return xml_bad(x, q[0] == '?' ? q + 1 : q,
                       "a blank or ?> is expected here");
    for (;;) {
        q = xml_scan(q, '?', '?', '?');
        if (*q != '?') {
            q = xml_odd(x, q);
            if (q == NULL)
                return NULL;
        } else if (q[1] == '>') {
            return q + 2;
        } else {
            q++;
        }
    }
}

const char *
xml_misc(struct mr_xml_open *x, const char *p, bool inside,
         struct xml_text *t)
{
    int at;

    if (p[1] == '?')
        return instruction(x, p + 2);
    at = xml_at(x, p, "<!--");
    if (at > 0)
        return comment(x, p + 4);
    if (at == 0)
        at = xml_at(x, p, "<![CDATA[");
    if (at > 0 && inside)
        return cdata(x, p + 9, t);
    if (at > 0)
        return xml_refuse(x, MR_EFORMAT, p,
                          "text outside of the document element");
    if (at == 0)
        at = xml_at(x, p, "<!DOCTYPE");
    if (at > 0)
        return xml_refuse(x, MR_EFORMAT, p,
                          "a document type (<!DOCTYPE) is not accepted");
    if (at < 0)
        return xml_bad(x, x->end, "markup is not ended");
    return xml_refuse(x, MR_EFORMAT, p, inside
                      ? "<! begins neither a comment nor a CDATA section"
                      : "<! does not begin a comment");
}

/* At the quote. */
static const char *
attribute_value(struct mr_xml_open *x, const char *p, struct xml_attribute *a)
{
    char quote = *p;

    if (quote != '"' && quote != '\'')
        return xml_bad(x, p, "a quote is expected here");
    a->value = ++p;
    while (p != NULL) {
        p = xml_scan(p, quote, '<', '&');
        if (*p == quote) {
            a->n = (uint32_t)(p - a->value);
            return p + 1;
        }
        if (*p == '<')
            return xml_refuse(x, MR_EFORMAT, p, "< in an attribute's value");
        p = *p == '&' ? xml_reference(x, p, NULL) : xml_odd(x, p);
    }
    return NULL;
}

const char *
xml_attributes(struct mr_xml_open *x, const char *p)
{
    x->named = false;
    for (;;) {
        const char *q = xml_space(p);
        struct xml_attribute *a = &x->attributes[x->n_attributes];

        if (*q == '>' || *q == '/')
            return q;
        if (q == p)
            return xml_bad(x, q, "a blank, > or /> is expected here");
        if (q >= x->end)
            return xml_bad(x, q, "a tag is not ended");
        if (x->n_attributes == XML_ATTRIBUTES_MAX)
            return xml_refuse(x, MR_ELIMIT, q,
                              "an element has more than %d attributes",
                              XML_ATTRIBUTES_MAX);
        p = xml_name(x, q, &a->name);
        if (p == NULL)
            return NULL;
        p = xml_space(p);
        if (*p != '=')
            return xml_bad(x, p, "an attribute's = is missing");
        p = attribute_value(x, xml_space(p + 1), a);
        if (p == NULL)
            return NULL;
        a->ns = 0;
        a->uri = NULL;
        a->uri_n = 0;
        if (a->name.prefix != 0 ||
            (a->name.n == 5 && memcmp(a->name.p, "xmlns", 5) == 0))
            x->named = true;
        x->n_attributes++;
    }
}
