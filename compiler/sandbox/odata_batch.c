/* SPDX-License-Identifier: Apache-2.0 */
/*
 * $batch: parts of a multipart body are requests or change sets of requests.
 * A change set happens as a whole or is answered by the one error that
 * stopped it. Parts are answered in their order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sandbox/counts.h"
#include "sandbox/odata.h"

enum { MOST_PARTS = 10000, MOST_HEADERS = 40 };

/* A stretch of the body. */
struct piece {
    const char *p, *end;
};

struct batch {
    struct request *outer;
    struct buf *out;
    struct answer *to;
    size_t parts;
    VEC(struct header) made;    /* Content-ID => address, of one change set */
};

/* --- taking apart --- */

/* A line without its end; false at the end of the piece. */
static bool
take_line(struct piece *in, struct piece *line)
{
    const char *stop;

    if (in->p >= in->end)
        return false;
    stop = memchr(in->p, '\n', (size_t)(in->end - in->p));
    line->p = in->p;
    line->end = stop == NULL ? in->end : stop;
    in->p = stop == NULL ? in->end : stop + 1;
    if (line->end > line->p && line->end[-1] == '\r')
        line->end--;
    return true;
}

/* Headers up to the empty line. */
static bool
take_headers(struct request *r, struct piece *in)
{
    struct piece line;

    while (take_line(in, &line)) {
        const char *colon, *value;
        struct header h;

        if (line.p == line.end)
            return true;
        colon = memchr(line.p, ':', (size_t)(line.end - line.p));
        if (colon == NULL || r->headers.n == MOST_HEADERS)
            return false;
        for (value = colon + 1; value < line.end && *value == ' ';)
            value++;
        h.name = arena_copy(r->arena, line.p, (size_t)(colon - line.p));
        h.value = arena_copy(r->arena, value, (size_t)(line.end - value));
        vec_push(r->arena, &r->headers, h);
    }
    return true;
}

/* boundary=… of a content type; NULL: it is not multipart/mixed. */
static const char *
boundary_of(struct arena *a, const char *type)
{
    const char *p, *end;

    if (type == NULL || strncasecmp(type, "multipart/mixed", 15) != 0)
        return NULL;
    for (p = type; *p != '\0' && strncasecmp(p, "boundary=", 9) != 0;)
        p++;
    if (*p == '\0')
        return NULL;
    p += strlen("boundary=");
    if (*p == '"')
        end = strchr(++p, '"');
    else
        end = p + strcspn(p, "; \t");
    if (end == NULL || end == p || end - p > 70)
        return NULL;
    return arena_copy(a, p, (size_t)(end - p));
}

/* Where the next line starts that is --boundary; NULL: there is none. `last`
 * tells whether it is --boundary--. */
static const char *
find_boundary(struct piece in, const char *boundary, bool *last,
              const char **behind)
{
    size_t n = strlen(boundary);

    while (in.p < in.end) {
        const char *start = in.p;
        struct piece line;

        take_line(&in, &line);
        if ((size_t)(line.end - line.p) < n + 2 || line.p[0] != '-' ||
            line.p[1] != '-' || memcmp(line.p + 2, boundary, n) != 0)
            continue;
        *last = (size_t)(line.end - line.p) >= n + 4 &&
                line.p[n + 2] == '-' && line.p[n + 3] == '-';
        if (!*last && (size_t)(line.end - line.p) > n + 2 &&
            line.p[n + 2] != ' ')
            continue;
        *behind = in.p;
        return start;
    }
    return NULL;
}

/* The next part; *in starts behind its boundary afterwards. */
static bool
take_part(struct piece *in, const char *boundary, struct piece *part,
          bool *last)
{
    const char *behind, *stop;

    part->p = in->p;
    stop = find_boundary(*in, boundary, last, &behind);
    if (stop == NULL)
        return false;
    /* The line break before a boundary belongs to the boundary. */
    part->end = stop;
    if (part->end > part->p && part->end[-1] == '\n')
        part->end--;
    if (part->end > part->p && part->end[-1] == '\r')
        part->end--;
    in->p = behind;
    return true;
}

/* --- one request --- */

static enum traffic
kind_of(const struct request *r)
{
    return strcmp(r->method, "GET") == 0      ? TRAFFIC_READ
           : strcmp(r->method, "POST") == 0   ? TRAFFIC_CREATE
           : strcmp(r->method, "DELETE") == 0 ? TRAFFIC_DELETE
                                              : TRAFFIC_UPDATE;
}

/* "POST $1/Items" => the address of what Content-ID 1 made. */
static const char *
resolve(struct batch *b, struct arena *a, const char *url)
{
    size_t n = strcspn(url, "/");

    for (size_t i = 0; *url == '$' && i < b->made.n; i++)
        if (strlen(b->made.at[i].name) == n - 1 &&
            memcmp(b->made.at[i].name, url + 1, n - 1) == 0)
            return arena_printf(a, "%s%s", b->made.at[i].value, url + n);
    return url;
}

/* "GET Set?$top=1 HTTP/1.1" */
static bool
take_request_line(struct batch *b, struct request *r, struct piece *in)
{
    struct piece line;
    const char *url, *end, *question, *service;
    size_t n;

    do {
        if (!take_line(in, &line))
            return false;
    } while (line.p == line.end);
    url = memchr(line.p, ' ', (size_t)(line.end - line.p));
    if (url == NULL || line.end - line.p < 12 ||
        strncmp(line.end - 9, " HTTP/1.1", 9) != 0)
        return false;
    r->method = arena_copy(r->arena, line.p, (size_t)(url - line.p));
    for (url++; url < line.end && *url == ' ';)
        url++;
    end = line.end - 9;
    if (end <= url)
        return false;
    url = arena_copy(r->arena, url, (size_t)(end - url));
    n = strlen(r->site->url);
    service = r->site->base;
    if (strncmp(url, r->site->url, n) == 0)
        url += n;
    else if (strncmp(url, service, strlen(service)) == 0)
        url += strlen(service);
    url = resolve(b, r->arena, url);
    question = strchr(url, '?');
    n = question == NULL ? strlen(url) : (size_t)(question - url);
    r->path = url_decode(r->arena, url, n, false);
    r->query = question == NULL ? "" : question + 1;
    return r->path != NULL;
}

/* The request in a part, its body cut to Content-Length where it has one. */
static bool
take_request(struct batch *b, struct request *r, struct piece in)
{
    const char *length;

    if (!take_request_line(b, r, &in) || !take_headers(r, &in))
        return false;
    length = request_header(r, "content-length");
    r->body = in.p;
    r->body_n = (size_t)(in.end - in.p);
    if (length != NULL) {
        unsigned long n = strtoul(length, NULL, 10);

        if (n < r->body_n)
            r->body_n = n;
    }
    return true;
}

static void
perform(struct request *r, struct answer *to)
{
    enum traffic kind = kind_of(r);
    struct mishap m = faults_draw(r->site->faults, kind, true);

    r->site->counts->requests[kind]++;
    if (m.status != 0) {
        answer_error(to, m.status, "%s", status_words(m.status));
        if (m.retry_after >= 0)
            answer_header(to, "retry-after",
                          arena_printf(r->arena, "%d", m.retry_after));
    } else {
        sb_odata_request(r, to);
    }
}

/* --- answering --- */

static void
show_answer(struct buf *out, const struct answer *a, const char *content_id)
{
    size_t head, length_at;

    buf_text(out, "Content-Type: application/http\r\nContent-Length: ");
    length_at = out->n;
    buf_text(out, "          \r\ncontent-transfer-encoding: binary\r\n");
    if (content_id != NULL)
        buf_printf(out, "Content-ID: %.40s\r\n", content_id);
    buf_text(out, "\r\n");
    head = out->n;
    buf_printf(out, "HTTP/1.1 %d %s\r\n", a->status, status_words(a->status));
    for (size_t i = 0; i < a->headers.n; i++)
        buf_printf(out, "%s: %s\r\n", a->headers.at[i].name,
                   a->headers.at[i].value);
    buf_printf(out, "Content-Length: %zu\r\n\r\n", a->body.n);
    buf_add(out, a->body.at, a->body.n);
    /* The length goes into the blanks, as the service does it. */
    char digits[16];
    int n = snprintf(digits, sizeof digits, "%zu", out->n - head);
    memcpy(out->at + length_at, digits, (size_t)n);
    buf_text(out, "\r\n");
}

static struct request
inner_request(struct batch *b)
{
    struct request r = { 0 };

    r.arena = b->outer->arena;
    r.store = b->outer->store;
    r.model = b->outer->model;
    r.site = b->outer->site;
    r.inner = true;
    return r;
}

static bool
malformed(struct batch *b, const char *what)
{
    b->outer->site->counts->refused++;
    answer_error(b->to, 400, "Malformed $batch: %s in part %zu", what,
                 b->parts);
    return false;
}

/* --- change sets --- */

static void
remember(struct batch *b, const struct request *r, const struct answer *a,
         const char *id)
{
    struct header h = { id, NULL };

    for (size_t i = 0; i < a->headers.n; i++)
        if (strcmp(a->headers.at[i].name, "location") == 0)
            h.value = a->headers.at[i].value + strlen(r->site->url);
    if (id != NULL && h.value != NULL)
        vec_push(r->arena, &b->made, h);
}

/* One request of a change set; its answer goes to `shown`. */
static bool
change(struct batch *b, struct piece part, struct buf *shown,
       const char *boundary, struct answer *a)
{
    struct request wrapper = inner_request(b), r = inner_request(b);
    const char *id;

    if (!take_headers(&wrapper, &part) || !take_request(b, &r, part))
        return malformed(b, "no HTTP request");
    if (strcmp(r.method, "GET") == 0)
        return malformed(b, "a GET stands in a change set");
    id = request_header(&wrapper, "content-id");
    if (id == NULL)
        id = request_header(&r, "content-id");
    answer_init(a, r.arena);
    perform(&r, a);
    remember(b, &r, a, id);
    buf_printf(shown, "--%s\r\n", boundary);
    show_answer(shown, a, id);
    return true;
}

static bool
change_set(struct batch *b, struct piece in, const char *boundary)
{
    struct buf shown;
    struct piece part;
    struct answer a = { .status = 200 };
    struct counts before = *b->outer->site->counts;
    char own[32];
    bool last = false, good = true;

    buf_init(&shown, b->outer->arena);
    snprintf(own, sizeof own, "ejjeeffe%zu", b->parts);
    b->made.n = 0;
    if (!sb_store_part_begin(b->outer->store))
        return malformed(b, "no room for a change set");
    if (!take_part(&in, boundary, &part, &last))
        good = malformed(b, "the change set has no boundary");
    else if (last)
        good = malformed(b, "the change set is empty");
    while (good && !last && a.status < 400) {
        if (++b->parts > MOST_PARTS)
            good = malformed(b, "too many parts");
        else if (!take_part(&in, boundary, &part, &last))
            good = malformed(b, "the change set does not end");
        else
            good = change(b, part, &shown, own, &a);
    }
    if (!sb_store_part_end(b->outer->store, good && a.status < 400) || !good)
        return good && malformed(b, "the change set can't be stored");
    if (a.status >= 400) {
        counts_undo(b->outer->site->counts, &before);
        show_answer(b->out, &a, NULL);
        return true;
    }
    buf_printf(&shown, "--%s--\r\n", own);
    buf_printf(b->out, "Content-Type: multipart/mixed; boundary=%s\r\n"
               "Content-Length: %-10zu\r\n\r\n", own, shown.n);
    buf_add(b->out, shown.at, shown.n);
    return true;
}

/* --- the whole --- */

static bool
batch_part(struct batch *b, struct piece part)
{
    struct request wrapper = inner_request(b), r = inner_request(b);
    const char *type, *boundary;
    struct answer a;

    if (!take_headers(&wrapper, &part))
        return malformed(b, "the headers are no headers");
    type = request_header(&wrapper, "content-type");
    boundary = boundary_of(r.arena, type);
    if (boundary != NULL)
        return change_set(b, part, boundary);
    if (type == NULL || strncasecmp(type, "application/http", 16) != 0)
        return malformed(b, "neither a request nor a change set");
    if (!take_request(b, &r, part))
        return malformed(b, "no HTTP request");
    if (strcmp(r.method, "GET") != 0)
        return malformed(b, "a write stands outside of a change set");
    answer_init(&a, r.arena);
    perform(&r, &a);
    show_answer(b->out, &a, NULL);
    return true;
}

void
sb_odata_batch(struct request *r, struct answer *to)
{
    struct batch b = { .outer = r, .to = to };
    const char *boundary = boundary_of(r->arena,
                                       request_header(r, "content-type"));
    struct piece in = { r->body, r->body + r->body_n }, part;
    struct buf out;
    bool last = false;

    if (boundary == NULL || strcmp(r->method, "POST") != 0) {
        answer_error(to, 400, "A batch is a POST of multipart/mixed");
        r->site->counts->refused++;
        return;
    }
    buf_init(&out, r->arena);
    b.out = &out;
    if (!take_part(&in, boundary, &part, &last) || last) {
        malformed(&b, last ? "no request" : "no boundary");
        return;
    }
    while (!last) {
        if (++b.parts > MOST_PARTS) {
            malformed(&b, "too many parts");
            return;
        }
        if (!take_part(&in, boundary, &part, &last)) {
            malformed(&b, "the end is missing");
            return;
        }
        buf_text(&out, "--ejjeeffe0\r\n");
        if (!batch_part(&b, part))
            return;
    }
    buf_text(&out, "--ejjeeffe0--\r\n");
    to->status = 202;
    answer_header(to, "content-type", "multipart/mixed; boundary=ejjeeffe0");
    answer_header(to, "dataserviceversion", "2.0");
    to->body = out;
}
