/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches as text: several requests in one body, and several answers out of
 * one. Answers are told apart by their order alone, so nothing is made of a
 * body in which a boundary or a status line is not exactly where it has to be.
 */
#define _GNU_SOURCE
#include "peer/odata.h"

#include <strings.h>

#define BOUNDARY "mapc_batch"
const char odata_batch_type[] = "multipart/mixed; boundary=" BOUNDARY;

/* ---- writing ---- */

void
odata_batch_begin(struct bytes *b)
{
    b->n = 0;
}

void
odata_batch_get(struct bytes *b, const char *address, size_t n)
{
    bytes_text(b, "--" BOUNDARY "\r\nContent-Type: application/http\r\n"
                  "Content-Transfer-Encoding: binary\r\n\r\nGET ");
    bytes_add(b, address, n);
    bytes_text(b, " HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n");
}

static void
add_change(struct bytes *b, struct mr_cx *cx, const struct mr_op *op,
           const struct op_part *part, size_t set, size_t number)
{
    bytes_format(b, "--mapc_set_%zu\r\nContent-Type: application/http\r\n"
                 "Content-Transfer-Encoding: binary\r\nContent-ID: %zu\r\n\r\n",
                 set, number + 1);
    bytes_format(b, "%s ", odata_method(part->kind));
    odata_part_address(b, op, part);
    bytes_text(b, " HTTP/1.1\r\nAccept: application/json\r\n");
    if (number == 0 && op->kind != OP_CREATE && op->etag != NULL &&
        op->etag[0] != '\0')
        bytes_format(b, "If-Match: %s\r\n", op->etag);
    if (op->kind == OP_CREATE && odata_sends_key(cx, op))
        bytes_text(b, "odata-no-response-payload: true\r\n");
    if (part->kind != PART_DELETE)
        bytes_format(b, "Content-Type: application/json\r\n"
                     "Content-Length: %zu\r\n", part->body.n);
    bytes_text(b, "\r\n");
    if (part->kind != PART_DELETE)
        bytes_add(b, part->body.p, part->body.n);
    bytes_text(b, "\r\n");
}

/* The record's own change comes first, it has the ETag: behind a change of a
 * child that of the record would be another one. */
static size_t
root_part(const struct mr_op *op)
{
    struct op_part lead;

    for (size_t i = 0; op->kind == OP_UPDATE && i < odata_parts(op); i++) {
        const struct op_part *part = odata_part(op, i, &lead);

        if (part->kind == PART_PATCH && part->id != NULL &&
            strcmp(part->id, op->record_id) == 0)
            return i;
    }
    return 0;
}

void
odata_batch_changes(struct bytes *b, struct mr_cx *cx, const struct mr_op *op,
                    size_t number)
{
    size_t n = odata_parts(op), root = root_part(op), at = 0;
    struct op_part lead;

    bytes_format(b, "--" BOUNDARY "\r\nContent-Type: multipart/mixed; "
                 "boundary=mapc_set_%zu\r\n\r\n", number);
    add_change(b, cx, op, odata_part(op, root, &lead), number, at++);
    for (size_t i = 0; i < n; i++)
        if (i != root)
            add_change(b, cx, op, odata_part(op, i, &lead), number, at++);
    bytes_format(b, "--mapc_set_%zu--\r\n\r\n", number);
}

void
odata_batch_end(struct bytes *b)
{
    bytes_text(b, "--" BOUNDARY "--\r\n");
}

/* ---- reading ---- */

static void
skip(struct op_bytes *b, size_t n)
{
    b->p += n;
    b->n -= n;
}

/* A line without its end. false: the bytes end before the line does. */
static bool
take_line(struct op_bytes *in, struct op_bytes *line)
{
    const char *end = in->n == 0 ? NULL : memchr(in->p, '\n', in->n);

    if (end == NULL)
        return false;
    line->p = in->p;
    line->n = (size_t)(end - in->p);
    skip(in, line->n + 1);
    if (line->n > 0 && line->p[line->n - 1] == '\r')
        line->n--;
    return true;
}

/* Lines up to the empty one, which is behind. */
static bool
take_head(struct op_bytes *in, struct op_bytes *head)
{
    struct op_bytes line;

    head->p = in->p;
    do {
        head->n = (size_t)(in->p - head->p);
        if (!take_line(in, &line))
            return false;
    } while (line.n > 0);
    return true;
}

struct mr_val
odata_header(struct op_bytes head, const char *name)
{
    struct op_bytes line;
    size_t n = strlen(name);

    while (head.n > 0) {
        if (!take_line(&head, &line)) {
            line = head;
            head.n = 0;
        }
        if (line.n <= n || line.p[n] != ':' ||
            strncasecmp(line.p, name, n) != 0)
            continue;
        skip(&line, n + 1);
        while (line.n > 0 && (*line.p == ' ' || *line.p == '\t'))
            skip(&line, 1);
        while (line.n > 0 && (line.p[line.n - 1] == ' ' ||
                              line.p[line.n - 1] == '\t'))
            line.n--;
        return mr_slice(line.p, (uint32_t)line.n);
    }
    return mr_missing();
}

static bool
starts_with(struct mr_val v, const char *word)
{
    size_t n = strlen(word);

    return v.state == MR_HERE && v.n >= n && strncasecmp(v.p, word, n) == 0;
}

/* The parameter "boundary" of multipart/mixed. */
static bool
find_boundary(struct mr_val type, char *out)
{
    static const char name[] = "boundary=";
    const char *p = type.p, *end = p + type.n;
    size_t n = 0;
    char stop = ';';

    if (!starts_with(type, "multipart/mixed"))
        return false;
    while ((size_t)(end - p) >= sizeof name &&
           strncasecmp(p, name, sizeof name - 1) != 0)
        p++;
    if ((size_t)(end - p) < sizeof name)
        return false;
    p += sizeof name - 1;
    if (*p == '"') {
        stop = '"';
        p++;
    }
    while (p + n < end && p[n] != stop && (stop == '"' || p[n] != ' '))
        n++;
    if (n == 0 || n > ODATA_BOUNDARY_MAX || (stop == '"' && p + n == end))
        return false;
    memcpy(out, p, n);
    out[n] = '\0';
    return true;
}

/* Is this line --boundary (1) or --boundary-- (2)? */
static int
is_delimiter(struct op_bytes line, const char *boundary)
{
    size_t n = strlen(boundary);
    int kind = 1;

    if (line.n < n + 2 || memcmp(line.p, "--", 2) != 0 ||
        memcmp(line.p + 2, boundary, n) != 0)
        return 0;
    skip(&line, n + 2);
    if (line.n >= 2 && memcmp(line.p, "--", 2) == 0) {
        kind = 2;
        skip(&line, 2);
    }
    for (; line.n > 0; skip(&line, 1))
        if (*line.p != ' ' && *line.p != '\t')
            return 0;
    return kind;
}

/* What stands before the next delimiter, its line break not counted; the
 * delimiter itself is left. */
static bool
take_until(struct op_bytes *in, const char *boundary, struct op_bytes *out)
{
    char mark[ODATA_BOUNDARY_MAX + 4];
    struct op_bytes rest = *in, line;
    int n = snprintf(mark, sizeof mark, "\n--%s", boundary);

    out->p = in->p;
    for (;;) {
        const char *found = memmem(rest.p, rest.n, mark, (size_t)n);

        if (found == NULL)
            return false;
        skip(&rest, (size_t)(found + 1 - rest.p));
        line = rest;
        if (!take_line(&rest, &line))
            rest.n = 0;
        if (is_delimiter(line, boundary) == 0)
            continue;
        out->n = (size_t)(found - out->p);
        if (out->n > 0 && out->p[out->n - 1] == '\r')
            out->n--;
        skip(in, (size_t)(line.p - in->p));
        return true;
    }
}

bool
odata_parts_open(struct odata_parts *parts, struct mr_val type,
                 struct op_bytes body)
{
    struct op_bytes line;

    parts->left = body;
    if (!find_boundary(type, parts->boundary))
        return false;
    while (take_line(&parts->left, &line)) {
        if (line.n == 0)
            continue;
        if (is_delimiter(line, parts->boundary) == 0)
            return false;
        parts->left.n += (size_t)(parts->left.p - line.p);
        parts->left.p = line.p;
        return true;
    }
    return false;
}

/* "HTTP/1.1 204 No Content", headers, body. */
static bool
take_reply(struct op_bytes in, struct odata_reply *reply)
{
    struct op_bytes line;
    struct mr_val length;
    size_t n = 0;

    do {
        if (!take_line(&in, &line))
            return false;
    } while (line.n == 0);
    if (line.n < 12 || memcmp(line.p, "HTTP/1.", 7) != 0 || line.p[8] != ' ')
        return false;
    reply->status = 0;
    for (int i = 9; i < 12; i++) {
        if (line.p[i] < '0' || line.p[i] > '9')
            return false;
        reply->status = reply->status * 10 + (line.p[i] - '0');
    }
    if (!take_head(&in, &reply->head)) {
        /* The empty line may be the one that belongs to the boundary. */
        reply->head = in;
        reply->body = (struct op_bytes){ "", 0 };
        return true;
    }
    reply->body = in;
    length = odata_header(reply->head, "content-length");
    for (uint32_t i = 0; length.state == MR_HERE && i < length.n; i++) {
        if (length.p[i] < '0' || length.p[i] > '9' || n > SIZE_MAX / 100)
            return false;
        n = n * 10 + (size_t)(length.p[i] - '0');
    }
    if (length.state == MR_HERE) {
        if (n > in.n)
            return false;
        reply->body.n = n;
    }
    return true;
}

enum mr_status
odata_parts_next(struct odata_parts *parts, struct odata_reply *reply,
                 struct odata_parts *inner, bool *nested)
{
    struct op_bytes line, part, head;
    struct mr_val type;
    int kind;

    if (!take_line(&parts->left, &line)) {
        line = parts->left;
        parts->left.n = 0;
    }
    kind = is_delimiter(line, parts->boundary);
    if (kind != 1)
        return kind == 2 ? MR_END : MR_EFORMAT;
    if (!take_until(&parts->left, parts->boundary, &part))
        return MR_EFORMAT;
    if (!take_head(&part, &head))
        return MR_EFORMAT;
    type = odata_header(head, "content-type");
    *nested = starts_with(type, "multipart/mixed");
    if (*nested)
        return inner != NULL && odata_parts_open(inner, type, part)
                   ? MR_OK : MR_EFORMAT;
    return starts_with(type, "application/http") && take_reply(part, reply)
               ? MR_OK : MR_EFORMAT;
}
