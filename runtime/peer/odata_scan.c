/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A quick look into an answer without decoding it: how many records, where the
 * first and the last one stand, where to go on. Decoding is the caller's
 * caller's affair.
 */
#include "codec/json_scan.h"
#include "peer/odata.h"

_Static_assert((int)BYTES_PADDING >= (int)MR_PADDING,
               "the scanner reads behind the end");

struct look {
    struct mr_input in;
    struct json j;
};

static void
look_init(struct look *l, struct mr_cx *cx, struct op_bytes bytes)
{
    memset(l, 0, sizeof *l);
    l->in.at = (char *)(uintptr_t)bytes.p;
    l->in.end = l->in.room = bytes.n;
    l->in.limit = SIZE_MAX;
    l->in.eof = l->in.read_eof = true;
    l->in.line = l->in.noted_line = 1;
    l->j.cx = cx;
    l->j.in = &l->in;
    l->j.end = bytes.p + bytes.n;
}

/* Behind '{' or ',' at p: the next name, and its value's place. NULL: an error,
 * or the end of the object (*name is missing then and *close behind it). */
static const char *
member(struct look *l, const char *p, bool first, struct mr_val *name,
       const char **close)
{
    *name = mr_missing();
    *close = NULL;
    p = json_space(p);
    if (*p == '}') {
        *close = p + 1;
        return NULL;
    }
    if (!first) {
        if (*p != ',')
            return mr_json_bad(&l->j, p, "',' or '}'");
        p = json_space(p + 1);
    }
    p = mr_json_name(&l->j, p, name);
    return p == NULL ? NULL : json_colon(&l->j, p);
}

/* A list of objects, p behind its '['. Returns the place behind ']'. */
static const char *
records(struct look *l, const char *p,
        void (*each)(void *arg, struct op_bytes record), void *arg,
        struct odata_list *out)
{
    p = json_space(p);
    if (*p == ']')
        return p + 1;
    for (;;) {
        struct op_bytes record = { p, 0 };

        if (*p != '{')
            return mr_json_wrong(&l->j, p, "a record");
        /* Whoever decodes it will see whether it is one. */
        p = each == NULL ? mr_json_extent(p, l->j.end) : NULL;
        if (p == NULL)
            p = mr_json_skip(&l->j, record.p);
        if (p == NULL)
            return NULL;
        record.n = (size_t)(p - record.p);
        if (out->n++ == 0)
            out->first = record;
        out->last = record;
        if (each != NULL)
            each(arg, record);
        p = json_space(p);
        if (*p == ']')
            return p + 1;
        if (*p != ',')
            return mr_json_bad(&l->j, p, "',' or ']'");
        p = json_space(p + 1);
    }
}

static void
one_record(struct op_bytes record,
           void (*each)(void *arg, struct op_bytes record), void *arg,
           struct odata_list *out)
{
    out->n = 1;
    out->first = out->last = record;
    if (each != NULL)
        each(arg, record);
}

/* What "d" or "results" has: a list, an object, or nothing. */
static const char *
content(struct look *l, const char *p,
        void (*each)(void *arg, struct op_bytes record), void *arg,
        struct odata_list *out)
{
    struct op_bytes record = { p, 0 };

    if (*p == '[')
        return records(l, p + 1, each, arg, out);
    if (*p != '{')
        return mr_json_skip(&l->j, p);
    p = mr_json_skip(&l->j, p);
    if (p == NULL)
        return NULL;
    record.n = (size_t)(p - record.p);
    one_record(record, each, arg, out);
    return p;
}

static struct mr_val
scalar(struct look *l, const char *p)
{
    struct mr_val text = mr_missing();
    const char *end;

    if (*p == '"')
        return mr_json_name(&l->j, p, &text) == NULL ? mr_missing() : text;
    if (*p == '{' || *p == '[')
        return mr_missing();
    if (*p == 'n')
        return mr_empty();
    end = mr_json_skip(&l->j, p);
    return end == NULL ? mr_missing() : mr_slice(p, (uint32_t)(end - p));
}

/* The members of "d". Without "results" it is a record itself. */
static enum mr_status
scan_d(struct look *l, const char *p,
       void (*each)(void *arg, struct op_bytes record), void *arg,
       struct odata_list *out)
{
    struct op_bytes whole = { p, 0 };
    const char *close;
    struct mr_val name;
    bool results = false, first = true;

    p++;
    while ((p = member(l, p, first, &name, &close)) != NULL) {
        first = false;
        if (json_is(name, "__next"))
            out->next = scalar(l, p);
        if (json_is(name, "results") && !results &&
            (*p == '[' || *p == '{')) {
            results = true;
            p = content(l, p, each, arg, out);
        } else {
            p = mr_json_skip(&l->j, p);
        }
        if (p == NULL)
            break;
    }
    if (p == NULL && close == NULL)
        return MR_EFORMAT;
    whole.n = (size_t)(close - whole.p);
    if (!results)
        one_record(whole, each, arg, out);
    return MR_OK;
}

enum mr_status
odata_scan(struct mr_cx *cx, struct op_bytes body,
           void (*each)(void *arg, struct op_bytes record), void *arg,
           struct odata_list *out)
{
    struct look l;
    const char *p, *close;
    struct mr_val name;
    enum mr_status st = MR_EFORMAT;

    memset(out, 0, sizeof *out);
    out->next = mr_missing();
    /* Nothing is not padded. */
    if (body.n == 0)
        return MR_EFORMAT;
    look_init(&l, cx, body);
    p = json_space(body.p);
    if (*p == '{' &&
        (p = member(&l, p + 1, true, &name, &close)) != NULL &&
        json_is(name, "d")) {
        if (*p == '{')
            st = scan_d(&l, p, each, arg, out);
        else if (*p == '[')
            st = records(&l, p + 1, each, arg, out) == NULL ? MR_EFORMAT
                                                            : MR_OK;
    }
    /* Callers go by the status; a look leaves no error behind. */
    cx->error.status = MR_OK;
    return st;
}

/* The value of this member of a record, where it begins; NULL: there is none,
 * or what stands before it is no JSON. */
static const char *
value_of(struct look *l, struct mr_cx *cx, struct op_bytes record,
         const char *wanted)
{
    const char *p, *close;
    struct mr_val name;
    bool first = true;

    if (record.n == 0)
        return NULL;
    look_init(l, cx, record);
    p = json_space(record.p);
    if (*p != '{')
        return NULL;
    p++;
    while ((p = member(l, p, first, &name, &close)) != NULL) {
        if (json_is(name, wanted))
            return p;
        first = false;
        p = mr_json_skip(&l->j, p);
        if (p == NULL)
            return NULL;
    }
    return NULL;
}

struct mr_val
odata_field(struct mr_cx *cx, struct op_bytes record, const char *wanted)
{
    struct look l;
    const char *p = value_of(&l, cx, record, wanted);
    struct mr_val found = p != NULL ? scalar(&l, p) : mr_missing();

    cx->error.status = MR_OK;
    return found;
}

struct mr_val
odata_metadata(struct mr_cx *cx, struct op_bytes record, const char *wanted)
{
    struct look l;
    const char *p = value_of(&l, cx, record, "__metadata");
    const char *end = p != NULL ? mr_json_skip(&l.j, p) : NULL;
    struct mr_val found = mr_missing();

    if (end != NULL)
        found = odata_field(cx, (struct op_bytes){ p, (size_t)(end - p) },
                            wanted);
    cx->error.status = MR_OK;
    return found;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Percent-encoding and doubled quotes undone. */
static struct mr_val
unquote(struct mr_cx *cx, const char *p, size_t n)
{
    char *out = mr_alloc(cx, n + 1);
    size_t at = 0;
    bool quote = false;

    if (out == NULL)
        return mr_missing();
    for (size_t i = 0; i < n; i++) {
        char c = p[i];

        if (c == '%' && i + 2 < n && hex_digit(p[i + 1]) >= 0 &&
            hex_digit(p[i + 2]) >= 0) {
            c = (char)(hex_digit(p[i + 1]) << 4 | hex_digit(p[i + 2]));
            i += 2;
        }
        quote = c == '\'' && !quote;
        if (c != '\'' || quote)
            out[at++] = c;
    }
    out[at] = '\0';
    return mr_slice(out, (uint32_t)at);
}

struct mr_val
odata_key_of(struct mr_cx *cx, struct mr_val address)
{
    const char *p = address.p, *end = p + address.n, *open = NULL;

    if (address.state != MR_HERE || address.n < 4 || end[-1] != ')' ||
        end[-2] != '\'')
        return mr_missing();
    for (const char *q = end - 3; q > p; q--)
        if (*q == '\'' && (q[-1] == '(' || q[-1] == '=')) {
            open = q;
            break;
        }
    if (open == NULL)
        return mr_missing();
    return unquote(cx, open + 1, (size_t)(end - 2 - (open + 1)));
}
