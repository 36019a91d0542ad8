/* SPDX-License-Identifier: Apache-2.0 */
/* An answer: its headers by name, whose it is. */
#include "http/client.h"

const char *
http_reply_header(const struct http_reply *reply, const char *name, size_t *n)
{
    const char *p = reply->headers, *end;
    size_t name_n = strlen(name);

    if (p == NULL)
        return NULL;
    end = p + reply->headers_n;
    while (p < end) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));

        if (line_end == NULL)
            break;
        if ((size_t)(line_end - p) > name_n && p[name_n] == ':' &&
            memcmp(p, name, name_n) == 0) {
            p += name_n + 1;
            while (p < line_end && (*p == ' ' || *p == '\t'))
                p++;
            while (line_end > p &&
                   (line_end[-1] == ' ' || line_end[-1] == '\t'))
                line_end--;
            *n = (size_t)(line_end - p);
            return p;
        }
        p = line_end + 1;
    }
    return NULL;
}

void
http_reply_keep(struct http_reply *reply, struct http_reply *to)
{
    *to = *reply;
    to->kept = reply->kept = true;
}

void
http_reply_free(struct http_reply *reply)
{
    struct mr_memory *m = &reply->memory;

    if (!reply->kept)
        return;
    m->resize(m->arg, reply->body, 0);
    m->resize(m->arg, reply->headers, 0);
    reply->body = reply->headers = NULL;
    reply->kept = false;
}
