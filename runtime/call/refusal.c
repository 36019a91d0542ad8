/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a service with JSON refused a request, in its words. Services differ:
 * problem details (RFC 9457) have a title and a detail, OData has an error with
 * a code and a message, whose text version 2 puts into a value; others have a
 * message. What is not known is passed by.
 */
#include "call/call.h"
#include "codec/json_scan.h"

enum { NESTED_MAX = 3 };

struct refusal {
    struct json j;
    struct mr_val code, title, detail, message;
};

static const char *read_object(struct refusal *r, const char *p, int depth);

static struct mr_val *
place_of(struct refusal *r, struct mr_val name)
{
    if (json_is(name, "code"))
        return &r->code;
    if (json_is(name, "title"))
        return &r->title;
    if (json_is(name, "detail") || json_is(name, "error_description"))
        return &r->detail;
    if (json_is(name, "message") || json_is(name, "value") ||
        json_is(name, "error"))
        return &r->message;
    return NULL;
}

/* One member: p is at its name. */
static const char *
read_member(struct refusal *r, const char *p, int depth)
{
    struct mr_val name, text;
    struct mr_val *to;

    p = mr_json_name(&r->j, p, &name);
    p = p == NULL ? NULL : json_colon(&r->j, p);
    if (p == NULL)
        return NULL;
    to = place_of(r, name);
    if (*p == '{' && to == &r->message && depth < NESTED_MAX)
        return read_object(r, p, depth + 1);
    if (*p != '"' || to == NULL || to->state == MR_HERE)
        return mr_json_skip(&r->j, p);
    p = mr_json_name(&r->j, p, &text);
    if (p != NULL)
        *to = text;
    return p;
}

/* p is at the bracket. */
static const char *
read_object(struct refusal *r, const char *p, int depth)
{
    p = json_space(p + 1);
    if (*p == '}')
        return p + 1;
    for (;;) {
        if (*p != '"')
            return NULL;
        p = read_member(r, p, depth);
        if (p == NULL)
            return NULL;
        p = json_space(p);
        if (*p == '}')
            return p + 1;
        if (*p != ',')
            return NULL;
        p = json_space(p + 1);
    }
}

static size_t
add(char *to, size_t size, size_t n, const char *between,
    const struct mr_val *v)
{
    if (v->state != MR_HERE || v->n == 0 || n + 4 >= size)
        return n;
    if (n > 0)
        n += (size_t)snprintf(to + n, size - n, "%s", between);
    call_words(to + n, size - n, v);
    return n + strlen(to + n);
}

static void
tell(const struct refusal *r, char *text, size_t size)
{
    size_t n = 0;

    n = add(text, size, n, "", &r->code);
    n = add(text, size, n, ": ", &r->title);
    n = add(text, size, n, ": ", &r->message);
    add(text, size, n, ": ", &r->detail);
}

/* All of it, checked to be UTF-8. NULL: it can't be read. */
static struct mr_reader *
read_all(struct mr_cx *cx, const char *p, size_t n)
{
    static const struct mr_doc doc = { .system = "refusal",
                                       .format = MR_JSON };
    struct mr_reader *r = call_reader(cx, p, n, &doc);
    enum mr_status st = r == NULL ? MR_EMEMORY : MR_OK;

    while (st == MR_OK && !r->in->eof)
        st = mr_input_more(cx, r->in);
    if (st == MR_OK)
        return r;
    call_reader_free(cx, r);
    return NULL;
}

bool
call_refusal(const struct mr_memory *memory, const char *p, size_t n,
             char *text, size_t size)
{
    struct mr_cx cx;
    struct mr_reader *all;
    struct refusal r = { .j = { .cx = &cx } };

    mr_cx_init(&cx, memory);
    mr_cx_next(&cx);
    text[0] = '\0';
    all = read_all(&cx, p, n);
    if (all != NULL) {
        const char *at = json_space(all->in->at + all->in->start);

        r.j.in = all->in;
        r.j.end = all->in->at + all->in->end;
        if (*at == '{')
            read_object(&r, at, 0);
        tell(&r, text, size);
    }
    call_reader_free(&cx, all);
    mr_cx_done(&cx);
    return text[0] != '\0';
}
