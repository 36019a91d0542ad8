/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XML declaration, and what its encoding means for the stream: a stream
 * is in one encoding from where a declaration first names it. UTF-16 is known
 * by its byte order mark, not by the declaration.
 */
#include <strings.h>

#include "codec/xml_chars.h"
#include "codec/xml_state.h"

struct part {
    const char *p;              /* between the quotes */
    uint32_t n;
};

/* ` name="value"`. `optional`: p is returned where another name stands. */
static const char *
read_part(struct mr_xml_open *x, const char *p, const char *name,
          struct part *part)
{
    const char *q = xml_space(p);
    char quote;
    int at = xml_at(x, q, name);

    part->p = NULL;
    if (at < 0)
        return xml_bad(x, x->end, "an XML declaration is not ended");
    if (at == 0)
        return p;
    if (q == p)
        return xml_bad(x, q, "a blank is expected here");
    q = xml_space(q + strlen(name));
    if (*q != '=')
        return xml_bad(x, q, "an = is expected here");
    q = xml_space(q + 1);
    quote = *q;
    if (quote != '"' && quote != '\'')
        return xml_bad(x, q, "a quote is expected here");
    part->p = ++q;
    while (xml_is(*q, XML_NAME))
        q++;
    if (*q != quote)
        return xml_bad(x, q, "this can not stand in an XML declaration");
    part->n = (uint32_t)(q - part->p);
    return q + 1;
}

/* 1. and digits: later versions of XML 1 are read as 1.0. */
static bool
is_version(const struct part *part)
{
    if (part->n < 3 || part->p[0] != '1' || part->p[1] != '.')
        return false;
    for (uint32_t i = 2; i < part->n; i++)
        if (part->p[i] < '0' || part->p[i] > '9')
            return false;
    return true;
}

static bool
is_word(const struct part *part, const char *word)
{
    return part->n == strlen(word) && strncasecmp(part->p, word, part->n) == 0;
}

/* UTF-16 and its like, which no declaration in single bytes can be in. */
static bool
is_wide(const struct part *part)
{
    static const char *const words[] = {
        "utf-16", "utf16", "utf-32", "utf32", "ucs", "iso-10646", "unicode",
        "csunicode", "csucs"
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (part->n >= strlen(words[i]) &&
            strncasecmp(part->p, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* Takes the encoding that the declaration at p names. NULL: it does not fit
 * the bytes; or x->again: it is a new one from `end` on. */
static const char *
take_encoding(struct mr_xml_open *x, const struct part *part, const char *end)
{
    bool wide = strcmp(x->encoding, "UTF-16") == 0;
    bool utf8 = x->encoding[0] == '\0';

    if (wide && (is_word(part, "UTF-16") || is_word(part, "UTF-16LE") ||
                 is_word(part, "UTF-16BE")))
        return end;
    if (utf8 && (is_word(part, "UTF-8") || is_word(part, "UTF8")))
        return end;
    if (!utf8 && !wide && is_word(part, x->encoding))
        return end;
    if (part->n == 0 || !xml_is(part->p[0], XML_START) ||
        part->n >= sizeof x->encoding)
        return xml_refuse(x, MR_EFORMAT, part->p, "this is no encoding's name");
    if (!utf8 || is_wide(part) || x->bom)
        return xml_refuse(x, MR_EFORMAT, part->p,
                          "the declaration says %.*s, the bytes are %s",
                          (int)part->n, part->p, utf8 ? "not" : x->encoding);
    memcpy(x->encoding, part->p, part->n);
    x->encoding[part->n] = '\0';
    x->keep = end;
    x->again = true;
    x->place = XML_IN_PROLOG;
    return NULL;
}

const char *
xml_declaration(struct mr_xml_open *x, const char *p)
{
    struct part version, encoding, alone;
    const char *q = read_part(x, p + 5, "version", &version), *end;

    if (q == NULL)
        return NULL;
    if (version.p == NULL)
        return xml_bad(x, xml_space(q), "an XML declaration begins with "
                                        "version");
    if (!is_version(&version))
        return xml_refuse(x, MR_EFORMAT, version.p,
                          "the version is not 1.0");
    q = read_part(x, q, "encoding", &encoding);
    if (q != NULL)
        q = read_part(x, q, "standalone", &alone);
    if (q == NULL)
        return NULL;
    end = xml_space(q);
    if (end[0] != '?' || end[1] != '>')
        return xml_bad(x, end[0] == '?' ? end + 1 : end,
                       "?> is expected here");
    if (alone.p != NULL && !(alone.n == 3 && memcmp(alone.p, "yes", 3) == 0) &&
        !(alone.n == 2 && memcmp(alone.p, "no", 2) == 0))
        return xml_refuse(x, MR_EFORMAT, alone.p, "standalone is yes or no");
    end += 2;
    if (encoding.p != NULL)
        end = take_encoding(x, &encoding, end);
    else if (x->encoding[0] != '\0' && strcmp(x->encoding, "UTF-16") != 0)
        return xml_refuse(x, MR_EFORMAT, p,
                          "the declaration names no encoding, the bytes are "
                          "%s", x->encoding);
    if (end != NULL)
        x->place = XML_IN_PROLOG;
    return end;
}
