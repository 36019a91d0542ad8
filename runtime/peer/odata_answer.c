/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an answer means for an operation. Rules of thumb of the statuses: 4xx
 * says that nothing was done, 5xx but 503 says nothing. Which ones are worth
 * another try is the engine's affair and told by the outcome alone.
 */
#define _GNU_SOURCE
#include "peer/odata.h"

#include <strings.h>

#include "peer/redact.h"
#include "value/wire.h"

/* More is looked at than shown: a value must not be cut before it is found. */
enum { TEXT_MAX_BYTES = 300, LOOK_MAX_BYTES = 4096, CODE_MAX_BYTES = 80 };
enum { RETRY_MAX_SECONDS = 3600 };

/* ---- errors in words ---- */

/* {"error":{"code":"…","message":{"lang":"en","value":"…"}}} */
static struct mr_val
error_field(struct mr_cx *cx, struct op_bytes body, const char *name)
{
    struct op_bytes in = body;
    const char *p;

    p = memmem(body.p, body.n, "\"error\"", 7);
    if (p == NULL)
        return mr_missing();
    p = memchr(p, ':', (size_t)(body.p + body.n - p));
    if (p == NULL)
        return mr_missing();
    in.p = p + 1;
    in.n = (size_t)(body.p + body.n - in.p);
    if (strcmp(name, "code") != 0) {
        p = memmem(in.p, in.n, "\"message\"", 9);
        p = p == NULL ? NULL : memchr(p, ':', (size_t)(in.p + in.n - p));
        if (p == NULL)
            return mr_missing();
        in.n -= (size_t)(p + 1 - in.p);
        in.p = p + 1;
    }
    return odata_field(cx, in, name);
}

/* <code>…</code>, <message xml:lang="en">…</message> */
static struct mr_val
error_element(struct op_bytes body, const char *name)
{
    char open[24];
    const char *p, *end;
    int n = snprintf(open, sizeof open, "<%s", name);

    p = memmem(body.p, body.n, open, (size_t)n);
    p = p == NULL ? NULL : memchr(p, '>', (size_t)(body.p + body.n - p));
    if (p == NULL)
        return mr_missing();
    p++;
    end = memchr(p, '<', (size_t)(body.p + body.n - p));
    return end == NULL ? mr_missing()
                       : mr_slice(p, (uint32_t)(end - p));
}

static void
error_parts(struct mr_cx *cx, const struct odata_reply *reply,
            struct mr_val *code, struct mr_val *message)
{
    const struct op_bytes *body = &reply->body;
    size_t at = 0;

    *code = *message = mr_missing();
    if (body->p == NULL || body->n == 0)
        return;
    while (at < body->n && strchr(" \t\r\n\xef\xbb\xbf", body->p[at]) != NULL)
        at++;
    if (at < body->n && body->p[at] == '{') {
        *code = error_field(cx, *body, "code");
        *message = error_field(cx, *body, "value");
    } else if (at < body->n && body->p[at] == '<') {
        *code = error_element(*body, "code");
        *message = error_element(*body, "message");
    }
}

/* Values and keys that the operation had. */
static size_t
without_sent(char *text, size_t n, const struct mr_op *op)
{
    for (size_t i = 0; op != NULL && i < op->n_parts; i++)
        n = redact_json(text, n, op->parts[i].body);
    for (size_t i = 0; op != NULL && i < op->n_keys; i++)
        n = redact_value(text, n, op->keys[i].value,
                         strlen(op->keys[i].value));
    return n;
}

const char *
odata_error_text(struct mr_cx *cx, const struct odata_reply *reply,
                 const struct mr_op *op)
{
    struct mr_val code, message;
    size_t n, tail_n, room = 64 + CODE_MAX_BYTES + LOOK_MAX_BYTES;
    char *text = mr_alloc(cx, room), *tail;

    if (text == NULL)
        return "memory ran out";
    error_parts(cx, reply, &code, &message);
    n = (size_t)snprintf(text, room, "HTTP %d", reply->status);
    if (code.state == MR_HERE && code.n <= CODE_MAX_BYTES)
        n += (size_t)snprintf(text + n, room - n, ", %.*s", (int)code.n,
                              code.p);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = ' ';
    if (message.state != MR_HERE)
        return text;
    n += (size_t)snprintf(text + n, room - n, ": ");
    tail = text + n;
    tail_n = redact_cut(message.p, message.n, LOOK_MAX_BYTES);
    memcpy(tail, message.p, tail_n);
    tail_n = redact_rest(tail, without_sent(tail, tail_n, op));
    tail[redact_cut(tail, tail_n, TEXT_MAX_BYTES)] = '\0';
    return text;
}

/* ---- outcomes ---- */

bool
odata_wants_token(const struct odata_reply *reply)
{
    struct mr_val v = odata_header(reply->head, "x-csrf-token");

    if (reply->status != 403)
        return false;
    if (v.state == MR_HERE && v.n == 8 && strncasecmp(v.p, "required", 8) == 0)
        return true;
    return reply->body.n > 0 &&
           memmem(reply->body.p, reply->body.n, "CSRF", 4) != NULL;
}

/* Words by which services say that a creation met a record that is there. A
 * status of its own for it (409) is rare. */
static bool
says_exists(struct mr_val v)
{
    static const char *const words[] = {
        "already exist", "duplicate", "not unique", "must be unique",
        "existiert bereits", "bereits vorhanden"
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);

        for (uint32_t at = 0; v.state == MR_HERE && at + n <= v.n; at++)
            if (strncasecmp(v.p + at, words[i], n) == 0)
                return true;
    }
    return false;
}

static bool
exists_already(struct mr_cx *cx, const struct odata_reply *reply)
{
    struct mr_val code, message;

    if (reply->status == 409)
        return true;
    if (reply->status != 400 && reply->status != 422)
        return false;
    error_parts(cx, reply, &code, &message);
    return says_exists(code) || says_exists(message);
}

static enum op_outcome
missing_outcome(enum op_kind kind)
{
    switch (kind) {
    case OP_READ:
        return OP_NONE;
    case OP_UPDATE:
        return OP_STALE;        /* reading it again shows that it is gone */
    case OP_REMOVE:
    case OP_FIND:
        return OP_OK;
    case OP_PAGE:
    case OP_IDS:
    case OP_CREATE:
        return OP_REFUSED;
    }
    return OP_REFUSED;
}

/* A portal in between may well answer 200 and a page for people. */
static bool
is_from_service(struct mr_cx *cx, const struct mr_op *op,
                const struct odata_reply *reply)
{
    struct odata_list list;

    switch (op->kind) {
    case OP_PAGE:
    case OP_IDS:
    case OP_FIND:
        return true;        /* looked at where it is taken apart */
    case OP_READ:
        return odata_scan(cx, reply->body, NULL, NULL, &list) == MR_OK &&
               list.n == 1;
    case OP_CREATE:
    case OP_UPDATE:
    case OP_REMOVE:
        return reply->status == 201 || reply->status == 204 ||
               reply->body.n == 0 || reply->body.p[0] == '{';
    }
    return false;
}

static enum op_outcome
outcome_of(struct mr_cx *cx, const struct mr_op *op,
           const struct odata_reply *reply)
{
    int status = reply->status;

    if (status >= 200 && status < 300)
        return is_from_service(cx, op, reply) ? OP_OK : OP_UNSURE;
    if (op->kind == OP_CREATE && exists_already(cx, reply))
        return OP_EXISTS;
    if (status == 404 || status == 410)
        return missing_outcome(op->kind);
    if (status == 412)
        return OP_STALE;
    if (status == 409 || status == 423 || status == 425 || status == 429 ||
        status == 503)
        return OP_BUSY;
    /* A redirect is how a portal asks for a log-in. */
    if (status == 401 || status == 403 || status == 407 ||
        (status >= 300 && status < 400))
        return OP_DENIED;
    if (status >= 400 && status < 500 && status != 408)
        return OP_REFUSED;
    return OP_UNSURE;
}

static const char *
text_of(struct mr_cx *cx, struct mr_val v)
{
    char *p;

    if (v.state != MR_HERE)
        return "";
    p = mr_alloc(cx, (size_t)v.n + 1);
    if (p == NULL)
        return "";
    memcpy(p, v.p, v.n);
    p[v.n] = '\0';
    return p;
}

/* Seconds; a date is not read. One that wants to be left alone for long is
 * asked now and then. */
static uint32_t
retry_after(const struct odata_reply *reply)
{
    struct mr_val v = odata_header(reply->head, "retry-after");
    uint32_t n = 0;

    for (uint32_t i = 0; v.state == MR_HERE && i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9' || n > 86400)
            return 0;
        n = n * 10 + (uint32_t)(v.p[i] - '0');
    }
    return n < RETRY_MAX_SECONDS ? n : RETRY_MAX_SECONDS;
}

/* Only addresses of the service itself are followed. */
static const char *
next_address(struct mr_cx *cx, const char *root, struct mr_val next)
{
    size_t n = strlen(root);
    char *p;

    if (next.state != MR_HERE)
        return "";
    if (next.n > n && memcmp(next.p, root, n) == 0) {
        next.p += n;
        next.n -= (uint32_t)n;
    } else if (memmem(next.p, next.n, "://", 3) != NULL ||
               next.p[0] == '/' || next.p[0] == '.') {
        return NULL;
    }
    p = mr_alloc(cx, (size_t)next.n + 3);
    if (p == NULL)
        return NULL;
    memcpy(p, "n:", 2);
    memcpy(p + 2, next.p, next.n);
    p[next.n + 2] = '\0';
    return strpbrk(p, " \t\r\n") == NULL ? p : NULL;
}

/* The token of the page behind this one: at the last record's change or key,
 * where that is behind the first one's; else where the service says. */
static const char *
next_token(struct mr_cx *cx, const struct odata_origin *from,
           const struct mr_op *op, const struct odata_list *list)
{
    const struct mr_tech *t = &op->map->repl->tech[op->side];
    bool by_change = op->kind == OP_PAGE && t->changed_name != NULL;
    const char *name = by_change ? t->changed_name : t->id_name;
    const char *asked = op->token == NULL ? "" : op->token;
    /* Without a limit of our own, all there is has come. */
    bool own = from->page != 0 && list->n >= from->page && asked[0] != 'C' &&
               asked[0] != 'I';
    struct mr_val first, last;
    char *p;

    if (list->n == 0 || (!own && list->next.state != MR_HERE))
        return "";
    first = odata_field(cx, list->first, name);
    last = odata_field(cx, list->last, name);
    if (by_change) {
        first = mr_wire_in(cx, MR_WIRE_DATETIME_TICKS, first);
        last = mr_wire_in(cx, MR_WIRE_DATETIME_TICKS, last);
    }
    if (first.state != MR_HERE || last.state != MR_HERE ||
        (list->next.state == MR_HERE && first.n == last.n &&
         memcmp(first.p, last.p, first.n) == 0))
        return next_address(cx, from->root, list->next);
    p = mr_alloc(cx, (size_t)last.n + 3);
    if (p == NULL)
        return NULL;
    p[0] = by_change ? 'c' : 'i';
    if (first.n == last.n && memcmp(first.p, last.p, first.n) == 0)
        p[0] = by_change ? 'C' : 'I';
    p[1] = ':';
    memcpy(p + 2, last.p, last.n);
    p[last.n + 2] = '\0';
    return p;
}

static void
take_page(struct mr_cx *cx, const struct odata_origin *from,
          const struct mr_op *op, const struct odata_reply *reply,
          struct op_result *out)
{
    struct odata_list list;

    if (odata_scan(cx, reply->body, NULL, NULL, &list) != MR_OK) {
        out->outcome = OP_UNSURE;
        out->text = "the answer is no list of records";
        return;
    }
    out->next = next_token(cx, from, op, &list);
    if (out->next == NULL) {
        out->outcome = OP_REFUSED;
        out->next = "";
        out->text = "the address of the next page is not the service's own";
        return;
    }
    /* For ever, else. */
    if (op->token != NULL && out->next[0] != '\0' &&
        strcmp(out->next, op->token) == 0) {
        out->outcome = OP_REFUSED;
        out->next = "";
        out->text = "behind the page comes the same page again";
        return;
    }
    out->body = reply->body;
}

static void
take_created(struct mr_cx *cx, const struct mr_op *op,
             const struct odata_reply *reply, struct op_result *out)
{
    const struct mr_tech *t = &op->map->repl->tech[op->side];
    struct mr_val id = mr_missing(), etag = mr_missing();
    struct odata_list list = { 0 };

    if (reply->body.n > 0 &&
        odata_scan(cx, reply->body, NULL, NULL, &list) == MR_OK &&
        list.n == 1) {
        id = odata_field(cx, list.first, t->id_name);
        etag = odata_metadata(cx, list.first, "etag");
        out->body = reply->body;
    }
    if (id.state != MR_HERE)
        id = odata_key_of(cx, odata_header(reply->head, "location"));
    if (etag.state != MR_HERE)
        etag = odata_header(reply->head, "etag");
    out->record_id = text_of(cx, id);
    out->etag = text_of(cx, etag);
}

static void
take_done(struct mr_cx *cx, const struct odata_origin *from,
          const struct mr_op *op, const struct odata_reply *reply,
          struct op_result *out)
{
    bool found = reply->status >= 200 && reply->status < 300;

    switch (op->kind) {
    case OP_PAGE:
    case OP_IDS:
        take_page(cx, from, op, reply, out);
        break;
    case OP_READ:
    case OP_FIND:
        if (found)
            out->body = reply->body;
        break;
    case OP_CREATE:
        take_created(cx, op, reply, out);
        break;
    case OP_UPDATE:
        /* Behind changes of children the record's ETag is another one. */
        if (odata_parts(op) == 1)
            out->etag = text_of(cx, odata_header(reply->head, "etag"));
        break;
    case OP_REMOVE:
        break;
    }
}

void
odata_outcome(struct mr_cx *cx, const struct odata_origin *from,
              const struct mr_op *op, const struct odata_reply *reply,
              struct op_result *out)
{
    memset(out, 0, sizeof *out);
    out->id = op->id;
    out->record_id = out->etag = out->next = out->text = "";
    out->body = (struct op_bytes){ "", 0 };
    out->outcome = outcome_of(cx, op, reply);
    if (out->outcome == OP_OK) {
        take_done(cx, from, op, reply, out);
        return;
    }
    if (reply->status >= 200 && reply->status < 300)
        out->text = "the answer is not one of the service";
    else if (out->outcome != OP_NONE)
        out->text = odata_error_text(cx, reply, op);
    if (out->outcome == OP_BUSY)
        out->retry_after = retry_after(reply);
}
