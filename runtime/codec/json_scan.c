/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the JSON scanner that are not in line: escapes, numbers, words,
 * skipping whole values, and what is said about everything else.
 */
#include "codec/json_scan.h"

#include "codec/codec.h"

const char *
mr_json_refuse(struct json *j, const char *p, enum mr_status status,
               const char *words)
{
    mr_input_fail(j->cx, j->in, status, (size_t)(p - j->in->at), "%s", words);
    return NULL;
}

static const char *
refuse_found(struct json *j, const char *p, const char *expected,
             const char *found)
{
    mr_input_fail(j->cx, j->in, MR_EFORMAT, (size_t)(p - j->in->at),
                  "expected %s, found %s", expected, found);
    return NULL;
}

const char *
mr_json_bad(struct json *j, const char *p, const char *expected)
{
    unsigned char c = (unsigned char)*p;
    char found[16];

    if (p >= j->end && !j->in->eof) {
        j->more = true;
        return NULL;
    }
    if (p >= j->end)
        return refuse_found(j, p, expected, "the end of the input");
    if (c > ' ' && c < 0x7f)
        snprintf(found, sizeof found, "'%c'", c);
    else
        snprintf(found, sizeof found, "byte 0x%02x", c);
    return refuse_found(j, p, expected, found);
}

const char *
mr_json_wrong(struct json *j, const char *p, const char *expected)
{
    char c = *p;

    if (p >= j->end)
        return mr_json_bad(j, p, expected);
    if (c == '"')
        return refuse_found(j, p, expected, "a string");
    if (c == '{')
        return refuse_found(j, p, expected, "an object");
    if (c == '[')
        return refuse_found(j, p, expected, "a list");
    if (c == '-' || (c >= '0' && c <= '9'))
        return refuse_found(j, p, expected, "a number");
    return mr_json_bad(j, p, expected);
}

bool
mr_json_open(struct json *j, const char *p)
{
    if (j->depth < MR_DEPTH_MAX) {
        j->depth++;
        return true;
    }
    mr_input_fail(j->cx, j->in, MR_ELIMIT, (size_t)(p - j->in->at),
                  "objects and lists are nested more than %d deep",
                  MR_DEPTH_MAX);
    return false;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four digits at p. */
static const char *
read_hex(struct json *j, const char *p, unsigned *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, p++) {
        int digit = hex_digit(*p);

        if (digit < 0)
            return mr_json_bad(j, p, "a hexadecimal digit");
        *code = *code << 4 | (unsigned)digit;
    }
    return p;
}

/* Do the digits at p, as far as there are any, begin a low surrogate? Asked
 * before all four are there: the error is not told behind the digit that shows
 * it. */
static bool
is_low_half(const char *p)
{
    return hex_digit(p[0]) == 0xd && hex_digit(p[1]) >= 0xc;
}

static bool
is_no_low_half(const char *p)
{
    int first = hex_digit(p[0]);

    return first >= 0 && !is_low_half(p) &&
           (first != 0xd || hex_digit(p[1]) >= 0);
}

/* p is behind \u. */
static const char *
unicode_escape(struct json *j, const char *p)
{
    const char *start = p - 2;
    unsigned code;

    if (!is_low_half(p)) {
        p = read_hex(j, p, &code);
        if (p == NULL || code < 0xd800 || code > 0xdbff)
            return p;
        if (p[0] == '\\' && p[1] == 'u' && !is_no_low_half(p + 2))
            return read_hex(j, p + 2, &code);
        if (p >= j->end || (p[0] == '\\' && p + 1 >= j->end))
            return mr_json_bad(j, j->end, "the other half of a surrogate pair");
    }
    return mr_json_refuse(j, start, MR_EFORMAT, "half of a surrogate pair");
}

const char *
mr_json_escape(struct json *j, const char *p)
{
    if (p >= j->end)
        return mr_json_bad(j, p, "the end of a string");
    if (*p != '\\')
        return mr_json_bad(j, p, "a character of a string");
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return p + 2;
    case 'u':
        return unicode_escape(j, p + 2);
    default:
        return mr_json_bad(j, p + 1, "an escape");
    }
}

static unsigned
hex_value(const char *p)
{
    unsigned code = 0;

    for (int i = 0; i < 4; i++)
        code = code << 4 | (unsigned)hex_digit(p[i]);
    return code;
}

static char *
put_utf8(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *to++ = (char)(0xe0 | code >> 12);
        } else {
            *to++ = (char)(0xf0 | code >> 18);
            *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (code & 0x3f));
    return to;
}

/* What the escape at *p stands for; *p moves behind it. */
static char *
put_escape(char *to, const char **p)
{
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    const char *s = *p;
    unsigned code;

    if (s[1] != 'u') {
        *p = s + 2;
        *to++ = bytes[strchr(letters, s[1]) - letters];
        return to;
    }
    code = hex_value(s + 2);
    *p = s + 6;
    if (code >= 0xd800 && code <= 0xdbff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (hex_value(s + 8) - 0xdc00);
        *p = s + 12;
    }
    return put_utf8(to, code);
}

const char *
mr_json_unescape(struct json *j, const char *p, size_t n, uint32_t *out_n)
{
    /* No escape is shorter than what it stands for. */
    char *text = mr_alloc(j->cx, n), *to = text;
    const char *end = p + n;

    if (text == NULL)
        return NULL;
    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));
        size_t run = (size_t)((slash == NULL ? end : slash) - p);

        memcpy(to, p, run);
        to += run;
        p += run;
        if (slash != NULL)
            to = put_escape(to, &p);
    }
    *out_n = (uint32_t)(to - text);
    return text;
}

const char *
mr_json_name(struct json *j, const char *p, struct mr_val *name)
{
    bool escaped = false;
    const char *end;

    if (*p != '"')
        return mr_json_bad(j, p, "a member name");
    end = json_string(j, p + 1, &escaped);
    if (end == NULL)
        return NULL;
    *name = mr_slice(p + 1, (uint32_t)(end - p - 1));
    if (escaped) {
        name->p = mr_json_unescape(j, name->p, name->n, &name->n);
        if (name->p == NULL)
            return NULL;
    }
    return end + 1;
}

static const char *
digits(struct json *j, const char *p)
{
    if (*p < '0' || *p > '9')
        return mr_json_bad(j, p, "a digit");
    while (*p >= '0' && *p <= '9')
        p++;
    return p;
}

const char *
mr_json_number(struct json *j, const char *p)
{
    if (*p == '-')
        p++;
    if (*p == '0')
        p++;
    else
        p = digits(j, p);
    if (p != NULL && *p == '.')
        p = digits(j, p + 1);
    if (p != NULL && (*p == 'e' || *p == 'E')) {
        p++;
        if (*p == '+' || *p == '-')
            p++;
        p = digits(j, p);
    }
    /* The next byte could belong to it. */
    if (p == j->end && !j->in->eof)
        return mr_json_bad(j, p, "a number");
    return p;
}

const char *
mr_json_word(struct json *j, const char *p, const char *word)
{
    for (size_t i = 0; word[i] != '\0'; i++)
        if (p[i] != word[i])
            return mr_json_bad(j, p + i, word);
    return p + strlen(word);
}

static const char *
skip_scalar(struct json *j, const char *p)
{
    bool escaped = false;

    switch (*p) {
    case '"':
        p = json_string(j, p + 1, &escaped);
        return p == NULL ? NULL : p + 1;
    case 't':
        return mr_json_word(j, p, "true");
    case 'f':
        return mr_json_word(j, p, "false");
    case 'n':
        return mr_json_word(j, p, "null");
    default:
        if (*p == '-' || (*p >= '0' && *p <= '9'))
            return mr_json_number(j, p);
        return mr_json_bad(j, p, "a value");
    }
}

const char *
mr_json_skip(struct json *j, const char *p)
{
    return *p == '{' || *p == '[' ? mr_json_skip_nested(j, p)
                                  : skip_scalar(j, p);
}

/* From a name's quote to its value. */
static const char *
skip_name(struct json *j, const char *p)
{
    bool escaped = false;

    if (*p != '"')
        return mr_json_bad(j, p, "a member name");
    p = json_string(j, p + 1, &escaped);
    return p == NULL ? NULL : json_colon(j, p + 1);
}

/* Behind a value in an object or list that is being skipped: closes what is
 * closed here, and goes on to the next value, or to the end (*open is 0). */
static const char *
skip_closes(struct json *j, const char *p, char *stack, uint32_t *open)
{
    for (;;) {
        bool object = stack[*open - 1] == '{';

        p = json_space(p);
        if (*p == ',') {
            p = json_space(p + 1);
            return object ? skip_name(j, p) : p;
        }
        if (*p != (object ? '}' : ']'))
            return mr_json_bad(j, p, object ? "',' or '}'" : "',' or ']'");
        p++;
        j->depth--;
        if (--*open == 0)
            return p;
    }
}

const char *
mr_json_skip_nested(struct json *j, const char *p)
{
    char stack[MR_DEPTH_MAX];
    uint32_t open = 0;

    do {
        if (*p == '{' || *p == '[') {
            char kind = *p;

            if (!mr_json_open(j, p))
                return NULL;
            stack[open++] = kind;
            p = json_space(p + 1);
            if (*p != kind + 2) {
                if (kind == '{')
                    p = skip_name(j, p);
                if (p == NULL)
                    return NULL;
                continue;
            }
        } else {
            p = skip_scalar(j, p);
            if (p == NULL)
                return NULL;
        }
        p = skip_closes(j, p, stack, &open);
    } while (p != NULL && open > 0);
    return p;
}
