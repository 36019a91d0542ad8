/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which operations go together into one request, and its text. Reads are
 * gathered into one batch of GETs, and FINDs of one map that differ in their
 * only key into one GET; writes into one batch with a change set each, so that
 * each is done or not done by itself.
 */
#include "peer/odata_task.h"

enum {
    GROUP = 50      /* keys in one GET; services cut expanded lists at 100 */
};

bool
task_reads(const struct mr_op *op)
{
    switch (op->kind) {
    case OP_PAGE:
    case OP_IDS:
    case OP_READ:
    case OP_FIND:
        return true;
    case OP_CREATE:
    case OP_UPDATE:
    case OP_REMOVE:
        return false;
    }
    return false;
}

static bool
is_page(const struct mr_op *op)
{
    return op->kind == OP_PAGE || op->kind == OP_IDS;
}

/* Pages go alone, they are large. */
static bool
goes_with(const struct mr_op *first, const struct mr_op *op)
{
    return !is_page(first) && !is_page(op) &&
           task_reads(first) == task_reads(op);
}

/* Who came first, of the sort of which fewer requests are under way: a system
 * that has writes to do is busy while reads are answered here, and the other
 * way round. */
static size_t
leader(const struct odata *o)
{
    bool reads = o->writing * 2 >= o->running;

    if (o->writing * 2 == o->running)
        return 0;
    for (size_t i = 0; i < o->n_pending; i++)
        if (task_reads(o->pending[i]) == reads)
            return i;
    return 0;
}

size_t
task_gather(struct odata *o, const struct mr_op **ops, size_t max)
{
    size_t from = leader(o), n = 0, kept = 0;
    const struct mr_op *first = o->n_pending > 0 ? o->pending[from] : NULL;

    for (size_t i = 0; i < o->n_pending; i++) {
        const struct mr_op *op = o->pending[i];

        if (i == from || (i > from && n < max && goes_with(first, op)))
            ops[n++] = op;
        else
            o->pending[kept++] = op;
    }
    o->n_pending = kept;
    return n;
}

/* FINDs of one map stand side by side, so that they can be joined. */
static void
sort_finds(const struct mr_op **ops, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i + 1;

        if (!odata_joins(ops[i]))
            continue;
        for (size_t k = i + 1; k < n; k++) {
            const struct mr_op *op = ops[k];

            if (!odata_joins(op) || op->map != ops[i]->map ||
                op->side != ops[i]->side)
                continue;
            ops[k] = ops[at];
            ops[at++] = op;
        }
        i = at - 1;
    }
}

size_t
task_group(const struct task *t, size_t i)
{
    const struct mr_op *first = t->ops[i];
    size_t n = 1;

    if (!odata_joins(first))
        return 1;
    while (i + n < t->n && n < GROUP && odata_joins(t->ops[i + n]) &&
           t->ops[i + n]->map == first->map &&
           t->ops[i + n]->side == first->side &&
           strcmp(t->ops[i + n]->keys[0].name, first->keys[0].name) == 0)
        n++;
    return n;
}

/* It came out of a record, where any character may be; it goes into a line. */
static bool
etag_fits(const struct mr_op *op)
{
    for (const char *p = op->etag; p != NULL && *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return false;
    return true;
}

/* One operation as a request of its own. */
static bool
write_single(struct task *t)
{
    const struct mr_op *op = t->ops[0];
    struct op_part lead;
    const struct op_part *part;

    bytes_text(&t->url, t->o->root);
    if (task_reads(op)) {
        t->method = "GET";
        return odata_address(&t->url, t->ops, t->n, t->o->set.page);
    }
    part = odata_part(op, 0, &lead);
    t->method = odata_method(part->kind);
    t->sends = true;
    odata_part_address(&t->url, op, part);
    if (part->kind != PART_DELETE)
        bytes_add(&t->body, part->body.p, part->body.n);
    return etag_fits(op);
}

static bool
write_gets(struct task *t)
{
    struct bytes address;
    bool ok = true;

    bytes_init(&address, &t->cx.memory);
    for (size_t i = 0, n; ok && i < t->n; i += n) {
        n = task_group(t, i);
        address.n = 0;
        ok = odata_address(&address, t->ops + i, n, 0);
        if (ok)
            odata_batch_get(&t->body, address.p, address.n);
    }
    ok = ok && !address.failed;
    bytes_free(&address);
    return ok;
}

static bool
write_batch(struct task *t)
{
    bool ok = true;

    t->batch = t->sends = true;
    t->method = "POST";
    bytes_text(&t->url, t->o->root);
    bytes_text(&t->url, "$batch");
    odata_batch_begin(&t->body);
    if (!t->writes)
        ok = write_gets(t);
    for (size_t i = 0; t->writes && i < t->n; i++) {
        ok = ok && etag_fits(t->ops[i]);
        odata_batch_changes(&t->body, &t->cx, t->ops[i], i);
        mr_cx_next(&t->cx);
    }
    odata_batch_end(&t->body);
    return ok;
}

static bool
write_request(struct task *t)
{
    bool alone = t->writes ? t->n == 1 && odata_parts(t->ops[0]) == 1
                           : task_group(t, 0) == t->n && t->n < 5;
    bool ok = alone ? write_single(t) : write_batch(t);

    bytes_add(&t->url, "", 1);
    if (t->url.failed || t->body.failed)
        return false;
    if (!ok)
        t->method = NULL;
    return true;
}

struct task *
task_new(struct odata *o, const struct mr_op *const *ops, size_t n)
{
    struct mr_memory *m = &o->cx.memory;
    struct task *t = m->resize(m->arg, NULL, sizeof *t);

    if (t == NULL)
        return NULL;
    memset(t, 0, sizeof *t);
    t->o = o;
    mr_cx_init(&t->cx, m);
    bytes_init(&t->url, m);
    bytes_init(&t->body, m);
    t->ops = m->resize(m->arg, NULL, n * sizeof *t->ops);
    t->places = m->resize(m->arg, NULL, n * sizeof *t->places);
    if (t->ops != NULL && t->places != NULL) {
        memcpy(t->ops, ops, n * sizeof *t->ops);
        t->n = n;
        t->writes = !task_reads(ops[0]);
        if (!t->writes)
            sort_finds(t->ops, n);
    }
    if (t->n == 0 || !write_request(t)) {
        task_free(t);
        return NULL;
    }
    return t;
}

void
task_free(struct task *t)
{
    struct mr_memory *m = &t->o->cx.memory;

    http_reply_free(&t->reply);
    bytes_free(&t->url);
    bytes_free(&t->body);
    mr_cx_done(&t->cx);
    m->resize(m->arg, t->ops, 0);
    m->resize(m->arg, t->places, 0);
    m->resize(m->arg, t, 0);
}
