/* SPDX-License-Identifier: Apache-2.0 */
/* One character after the other; runs of base64 at once. */
#include "call/xml_bytes.h"

#include <string.h>

enum { IN_TEXT, AT_TAG, IN_NAME, IN_TAG, IN_VALUE, IN_PI, AT_BANG, IN_COMMENT,
       IN_CDATA, IN_REFERENCE };

void
xml_bytes_init(struct xml_bytes *x, const char *const *path, unsigned n_path)
{
    memset(x, 0, sizeof *x);
    x->path = path;
    x->n_path = n_path;
}

static bool
wrong(struct xml_bytes *x, const char *why)
{
    x->wrong = why;
    return false;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* --- elements --- */

static bool
in_element(const struct xml_bytes *x)
{
    return x->on_path == x->n_path && x->deep == x->n_path;
}

static const char *
local_name(struct xml_bytes *x)
{
    const char *colon;

    x->name[x->n] = '\0';
    colon = strchr(x->name, ':');
    return colon == NULL ? x->name : colon + 1;
}

static bool
open_element(struct xml_bytes *x)
{
    if (x->root_over)
        return wrong(x, "it has two roots");
    if (x->deep == XML_BYTES_DEEP)
        return wrong(x, "it is too deep");
    if (in_element(x))
        return wrong(x, "an element stands in the base64");
    if (x->on_path == x->deep && x->deep < x->n_path &&
        strcmp(local_name(x), x->path[x->deep]) == 0)
        x->on_path++;
    x->deep++;
    x->found |= in_element(x);
    return true;
}

static bool
close_element(struct xml_bytes *x)
{
    if (x->deep == 0)
        return wrong(x, "an element is closed that was not opened");
    if (in_element(x) && !base64_decoded(&x->base64))
        return wrong(x, "its base64 is cut off");
    if (x->on_path == x->deep)
        x->on_path--;
    x->deep--;
    x->root_over = x->deep == 0;
    return true;
}

static bool
end_tag(struct xml_bytes *x)
{
    x->state = IN_TEXT;
    if (x->closing)
        return close_element(x);
    return open_element(x) && (!x->slash || close_element(x));
}

/* --- between the marks --- */

static bool
put_text(struct xml_bytes *x, const char *p, size_t n, char *to, long *made)
{
    long k;

    if (!in_element(x))
        return true;
    k = base64_decode(&x->base64, p, n, to + *made);
    if (k < 0)
        return wrong(x, "what stands there is no base64");
    *made += k;
    return true;
}

static bool
begin_tag(struct xml_bytes *x, char c)
{
    x->closing = c == '/';
    x->slash = false;
    x->n = 0;
    x->marks = 0;
    if (c == '!' || c == '?') {
        x->state = c == '!' ? AT_BANG : IN_PI;
        return true;
    }
    x->state = IN_NAME;
    if (c == '/')
        return true;
    if (is_blank(c) || c == '<' || c == '>' || c == '&')
        return wrong(x, "it is no XML");
    x->name[x->n++] = c;
    return true;
}

static bool
in_tag(struct xml_bytes *x, char c)
{
    if (c == '>')
        return end_tag(x);
    if (c == '<')
        return wrong(x, "it is no XML");
    x->slash = c == '/';
    x->state = IN_TAG;
    if (c == '"' || c == '\'') {
        x->quote = c;
        x->state = IN_VALUE;
    }
    return true;
}

static bool
in_name(struct xml_bytes *x, char c)
{
    if (is_blank(c) || c == '>' || (c == '/' && !x->closing) || c == '<')
        return x->n == 0 ? wrong(x, "it is no XML") : in_tag(x, c);
    if (x->n + 1 == XML_BYTES_NAME)
        return wrong(x, "a name in it is too long");
    x->name[x->n++] = c;
    return true;
}

/* "<!--", "<![CDATA[" */
static bool
at_bang(struct xml_bytes *x, char c)
{
    static const char comment[] = "--", cdata[] = "[CDATA[";

    x->name[x->n++] = c;
    if (strncmp(x->name, comment, x->n) != 0 &&
        strncmp(x->name, cdata, x->n) != 0)
        return wrong(x, "it has a DOCTYPE");
    if (x->n == 2 && c == '-')
        x->state = IN_COMMENT;
    else if (x->n == sizeof cdata - 1)
        x->state = IN_CDATA;
    return true;
}

/* "-->", "]]>", "?>": so many marks and the end. */
static bool
is_end(struct xml_bytes *x, char c, char mark, unsigned n)
{
    if (c == '>' && x->marks >= n) {
        x->state = IN_TEXT;
        return true;
    }
    x->marks = c == mark ? x->marks + 1 : 0;
    return false;
}

static bool
in_cdata(struct xml_bytes *x, char c, char *to, long *made)
{
    if (is_end(x, c, ']', 2) || x->marks > 0)
        return true;
    return put_text(x, &c, 1, to, made);
}

/* In base64 there are only those of white space. */
static bool
in_reference(struct xml_bytes *x, char c)
{
    static const char *const blanks[] = { "#9", "#10", "#13", "#32", "#x9",
                                          "#xA", "#xa", "#xD", "#xd", "#x20" };

    if (c != ';' && x->n < 10) {
        x->name[x->n++] = c;
        return true;
    }
    x->name[x->n] = '\0';
    x->state = IN_TEXT;
    if (!in_element(x))
        return true;
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (c == ';' && strcmp(x->name, blanks[i]) == 0)
            return true;
    return wrong(x, "what stands there is no base64");
}

/* --- the document --- */

/* How many characters of text; -1: x->wrong. */
static long
text_run(struct xml_bytes *x, const char *p, size_t n, char *to, long *made)
{
    const char *tag = memchr(p, '<', n), *and;
    size_t run = tag == NULL ? n : (size_t)(tag - p);

    and = memchr(p, '&', run);
    if (and != NULL)
        run = (size_t)(and - p);
    if (!put_text(x, p, run, to, made))
        return -1;
    if (run == n)
        return (long)n;
    x->state = p[run] == '<' ? AT_TAG : IN_REFERENCE;
    x->n = 0;
    return (long)run + 1;
}

static bool
step(struct xml_bytes *x, char c, char *to, long *made)
{
    switch (x->state) {
    case AT_TAG:
        return begin_tag(x, c);
    case IN_NAME:
        return in_name(x, c);
    case IN_TAG:
        return in_tag(x, c);
    case IN_VALUE:
        if (c == x->quote)
            x->state = IN_TAG;
        x->slash = false;
        return true;
    case IN_PI:
        is_end(x, c, '?', 1);
        return true;
    case AT_BANG:
        return at_bang(x, c);
    case IN_COMMENT:
        is_end(x, c, '-', 2);
        return true;
    case IN_CDATA:
        return in_cdata(x, c, to, made);
    default:
        return in_reference(x, c);
    }
}

long
xml_bytes_next(struct xml_bytes *x, const char *p, size_t n, char *to)
{
    long made = 0;

    for (size_t i = 0; i < n;) {
        if (p[i] == '\0' && wrong(x, "it is not in UTF-8") == false)
            return -1;
        if (x->state == IN_TEXT) {
            long run = text_run(x, p + i, n - i, to, &made);

            if (run < 0)
                return -1;
            i += (size_t)run;
        } else if (!step(x, p[i++], to, &made)) {
            return -1;
        }
    }
    return made;
}

bool
xml_bytes_whole(const struct xml_bytes *x)
{
    return x->root_over && x->state == IN_TEXT;
}
