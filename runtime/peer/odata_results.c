/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer to a task, taken apart for its operations. Parts of a batch answer
 * its requests in their order; where they end early, what is left is unsure.
 * Records that were asked for together go to the operation whose key they have;
 * where one has none of these keys, or the list goes on, those that got nothing
 * are asked for alone.
 */
#include "peer/odata_task.h"

static void
add_result(struct task *t, const struct op_result *r)
{
    struct odata *o = t->o;
    struct odata_result *made = &t->places[t->used++];

    made->next = NULL;
    made->task = t;
    made->r = *r;
    *o->done_end = made;
    o->done_end = &made->next;
    t->results++;
}

void
task_give(struct task *t, const struct mr_op *op, enum op_outcome outcome,
          const char *text, uint32_t retry_after)
{
    struct op_result r = { .id = op->id, .outcome = outcome,
                           .body = { "", 0 }, .record_id = "", .etag = "",
                           .next = "", .retry_after = retry_after,
                           .text = text };

    add_result(t, &r);
}

void
task_fail(struct task *t, enum op_outcome outcome, const char *text,
          uint32_t retry_after)
{
    size_t n = strlen(text) + 1;
    char *copy = mr_alloc(&t->cx, n);

    if (copy != NULL)
        memcpy(copy, text, n);
    for (size_t i = 0; i < t->n; i++)
        task_give(t, t->ops[i], outcome, copy == NULL ? "" : copy,
                    retry_after);
}

static struct odata_origin
origin(const struct task *t)
{
    struct odata_origin from = { t->o->root, t->batch ? 0 : t->o->set.page };

    return from;
}

static void
add_outcome(struct task *t, const struct mr_op *op,
            const struct odata_reply *reply)
{
    struct odata_origin from = origin(t);
    struct op_result r;

    odata_outcome(&t->cx, &from, op, reply, &r);
    if (op->kind == OP_PAGE)
        r.date = odata_date((struct op_bytes){ t->reply.headers,
                                               t->reply.headers_n });
    add_result(t, &r);
}

/* ---- records that were asked for together ---- */

struct split {
    struct task *t;
    const struct mr_op *const *ops;
    size_t n;
    struct found {
        struct op_bytes records;        /* NULL p: none */
        size_t n;
    } *found;                   /* an operation's */
    bool stranger;              /* a record that nobody asked for */
};

/* Two of a key are as wrong as many, and many would each be copied again. */
static bool
append(struct mr_cx *cx, struct found *f, struct op_bytes record)
{
    struct op_bytes *to = &f->records;
    char *p;

    if (++f->n > 2)
        return true;
    if (f->n == 1) {
        *to = record;
        return true;
    }
    p = mr_alloc(cx, to->n + 1 + record.n);
    if (p == NULL)
        return false;
    memcpy(p, to->p, to->n);
    p[to->n] = '\n';
    memcpy(p + to->n + 1, record.p, record.n);
    to->p = p;
    to->n += 1 + record.n;
    return true;
}

static void
give_record(void *arg, struct op_bytes record)
{
    struct split *s = arg;
    struct mr_val key = odata_field(&s->t->cx, record, s->ops[0]->keys[0].name);
    bool known = false;

    for (size_t i = 0; i < s->n && key.state == MR_HERE; i++) {
        const char *value = s->ops[i]->keys[0].value;

        if (strlen(value) != key.n || memcmp(value, key.p, key.n) != 0)
            continue;
        known = true;
        if (!append(&s->t->cx, &s->found[i], record))
            s->stranger = true;
    }
    if (!known)
        s->stranger = true;
}

static void
split_finds(struct task *t, const struct mr_op *const *ops, size_t n,
            const struct odata_reply *reply, const struct mr_op **again,
            size_t *n_again)
{
    struct split s = { t, ops, n, NULL, false };
    struct odata_list list;

    s.found = mr_alloc(&t->cx, n * sizeof *s.found);
    if (s.found == NULL) {
        for (size_t i = 0; i < n; i++)
            task_give(t, ops[i], OP_BUSY, "memory ran out", 0);
        return;
    }
    memset(s.found, 0, n * sizeof *s.found);
    if (odata_scan(&t->cx, reply->body, give_record, &s, &list) != MR_OK) {
        for (size_t i = 0; i < n; i++)
            task_give(t, ops[i], OP_UNSURE,
                        "the answer is no list of records", 0);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct op_result r = { .id = ops[i]->id, .outcome = OP_OK,
                               .record_id = "", .etag = "", .next = "",
                               .text = "" };

        if (n > 1 && (list.next.state == MR_HERE ||
                      (s.stranger && s.found[i].records.p == NULL))) {
            again[(*n_again)++] = ops[i];
            continue;
        }
        r.body = n == 1 ? reply->body : s.found[i].records;
        if (r.body.p == NULL)
            r.body = (struct op_bytes){ "", 0 };
        add_result(t, &r);
    }
}

/* The answer to one GET for the operations from i on. */
static void
take_group(struct task *t, size_t i, size_t n, const struct odata_reply *reply,
           const struct mr_op **again, size_t *n_again)
{
    bool good = reply->status >= 200 && reply->status < 300;

    if (odata_joins(t->ops[i]) && good) {
        split_finds(t, t->ops + i, n, reply, again, n_again);
        return;
    }
    /* A service that takes no "or", or not that much of it. */
    if (n > 1 && reply->status >= 400 && reply->status < 500 &&
        reply->status != 401 && reply->status != 403 &&
        reply->status != 429) {
        for (size_t k = 0; k < n; k++)
            again[(*n_again)++] = t->ops[i + k];
        return;
    }
    for (size_t k = 0; k < n; k++)
        add_outcome(t, t->ops[i + k], reply);
}

/* ---- batches ---- */

/* A change set: the answer to its first request, the record's, where all
 * succeeded; or the one error that stopped it, which some services put into a
 * frame of its own. Anything else is not understood. */
static bool
read_changes(struct odata_parts *inner, size_t n, struct odata_reply *first)
{
    struct odata_reply reply;
    bool nested, good = true;
    size_t i = 0;
    enum mr_status st;

    while ((st = odata_parts_next(inner, &reply, NULL, &nested)) == MR_OK) {
        good = good && reply.status >= 200 && reply.status < 300;
        if (i++ == 0)
            *first = reply;
    }
    return st == MR_END && (good ? i == n : i == 1 && first->status >= 400);
}

/* One part of the answer. false: there is none, or it isn't understood. */
static bool
take_part(struct task *t, struct odata_parts *parts, size_t i, size_t n,
          const struct mr_op **again, size_t *n_again)
{
    struct odata_reply reply;
    struct odata_parts inner;
    bool nested;

    if (odata_parts_next(parts, &reply, &inner, &nested) != MR_OK)
        return false;
    if (nested && (!t->writes ||
                   !read_changes(&inner, odata_parts(t->ops[i]), &reply)))
        return false;
    if (!nested && t->writes && reply.status < 300)
        return false;
    take_group(t, i, n, &reply, again, n_again);
    return true;
}

static struct odata_reply
whole_reply(const struct task *t)
{
    struct odata_reply reply = {
        t->reply.status, { t->reply.headers, t->reply.headers_n },
        { t->reply.body, t->reply.n }
    };

    return reply;
}

static void
take_batch(struct task *t, const struct mr_op **again, size_t *n_again)
{
    struct odata_reply whole = whole_reply(t);
    struct odata_parts parts;
    bool good = odata_parts_open(&parts,
                                 odata_header(whole.head, "content-type"),
                                 whole.body);

    for (size_t i = 0, n; i < t->n; i += n) {
        n = t->writes ? 1 : task_group(t, i);
        good = good && take_part(t, &parts, i, n, again, n_again);
        for (size_t k = 0; !good && k < n; k++)
            task_give(t, t->ops[i + k], OP_UNSURE,
                        "no readable answer in the batch", 0);
    }
}

void
task_results(struct task *t, const struct mr_op **again, size_t *n_again)
{
    struct odata_reply whole = whole_reply(t);

    *n_again = 0;
    if (t->batch && whole.status >= 200 && whole.status < 300)
        take_batch(t, again, n_again);
    else if (t->batch && t->n > 1 && whole.status >= 400 &&
             whole.status < 500 && whole.status != 401 &&
             whole.status != 403 && whole.status != 408 &&
             whole.status != 429)
        /* The batch was refused as such: by one that is in it, maybe. */
        for (size_t i = 0; i < t->n; i++)
            again[(*n_again)++] = t->ops[i];
    else if (t->batch)
        for (size_t i = 0; i < t->n; i++)
            add_outcome(t, t->ops[i], &whole);
    else
        take_group(t, 0, t->n, &whole, again, n_again);
}
