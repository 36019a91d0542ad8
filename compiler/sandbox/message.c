/* SPDX-License-Identifier: Apache-2.0 */
/* Headers, answers, and what is encoded in a URL. */
#include "sandbox/message.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sandbox/doc.h"
#include "syntax/lex.h"

const char *
request_header(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->headers.n; i++)
        if (strcasecmp(r->headers.at[i].name, name) == 0)
            return r->headers.at[i].value;
    return NULL;
}

void
answer_init(struct answer *to, struct arena *a)
{
    memset(to, 0, sizeof *to);
    to->status = 200;
    buf_init(&to->body, a);
}

void
answer_header(struct answer *to, const char *name, const char *value)
{
    struct header h = { name, value };

    vec_push(to->body.arena, &to->headers, h);
}

void
answer_utf8(char *text, size_t n)
{
    for (size_t at = utf8_check(text, n); at < n;
         at += utf8_check(text + at, n - at))
        text[at] = '?';
}

void
answer_error(struct answer *to, int status, const char *fmt, ...)
{
    struct arena *a = to->body.arena;
    va_list args;
    char *text;

    va_start(args, fmt);
    text = arena_vprintf(a, fmt, args);
    va_end(args);
    answer_utf8(text, strlen(text));
    to->status = status;
    to->headers.n = 0;
    answer_header(to, "content-type", "application/json;charset=utf-8");
    to->body.n = 0;
    buf_printf(&to->body, "{\"error\":{\"code\":\"SANDBOX/%d\",\"message\":"
               "{\"lang\":\"en\",\"value\":", status);
    json_quote(&to->body, text, strlen(text));
    buf_text(&to->body, "}}}");
}

const char *
status_words(int status)
{
    static const struct {
        int status;
        const char *words;
    } known[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 409, "Conflict" },
        { 412, "Precondition Failed" },
        { 413, "Payload Too Large" },
        { 415, "Unsupported Media Type" },
        { 428, "Precondition Required" },
        { 429, "Too Many Requests" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].status == status)
            return known[i].words;
    return "Status";
}

static int
hex(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

const char *
url_decode(struct arena *a, const char *p, size_t n, bool is_query)
{
    char *to = arena_alloc(a, n + 1), *start = to;

    for (const char *end = p + n; p < end; p++) {
        if (*p == '%') {
            int high = end - p > 2 ? hex(p[1]) : -1;
            int low = high < 0 ? -1 : hex(p[2]);

            if (low < 0 || high * 16 + low == 0)
                return NULL;
            *to++ = (char)(high * 16 + low);
            p += 2;
        } else {
            *to++ = is_query && *p == '+' ? ' ' : *p;
        }
    }
    *to = '\0';
    return start;
}

const char *
query_option(const struct request *r, const char *name)
{
    for (const char *p = r->query; *p != '\0';) {
        size_t n = strcspn(p, "&");
        const char *equals = memchr(p, '=', n);
        size_t name_n = equals == NULL ? n : (size_t)(equals - p);
        const char *key = url_decode(r->arena, p, name_n, true);

        if (key != NULL && strcmp(key, name) == 0)
            return equals == NULL
                       ? ""
                       : url_decode(r->arena, equals + 1, n - name_n - 1,
                                    true);
        p += n + (p[n] == '&');
    }
    return NULL;
}
