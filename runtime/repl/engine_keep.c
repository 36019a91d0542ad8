/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What outlives a step: memory that goes with an item or an operation, decoded
 * records packed so that they can wait, streams of records over memory.
 *
 * A packed record has, for each member that is read, the value's length, state
 * and bytes, or the number of rows and these. It is unpacked with its values
 * pointing into it.
 */
#include "repl/engine_state.h"

struct keep_block {
    struct keep_block *next;
    size_t used, size;
};

enum {
    BLOCK_HEAD = (sizeof(struct keep_block) + 15) & ~15,
    BLOCK_ROOM = 2048 - BLOCK_HEAD
};

void *
keep_alloc(struct engine *e, struct keep *k, size_t n)
{
    size_t whole = (n + 15) & ~(size_t)15;
    size_t room = whole > BLOCK_ROOM ? whole : BLOCK_ROOM;
    struct keep_block *b = k->blocks;
    void *p;

    if (b == NULL || b->size - b->used < whole) {
        b = whole < n ? NULL : mr_resize(e->cx, NULL, BLOCK_HEAD + room);
        if (b == NULL) {
            engine_fail(e, MR_EMEMORY);
            return NULL;
        }
        b->next = k->blocks;
        b->used = 0;
        b->size = room;
        k->blocks = b;
    }
    p = (char *)b + BLOCK_HEAD + b->used;
    b->used += whole;
    return p;
}

char *
keep_slice(struct engine *e, struct keep *k, const char *p, size_t n)
{
    char *copy = keep_alloc(e, k, n + 1);

    if (copy == NULL)
        return NULL;
    if (n > 0)
        memcpy(copy, p, n);
    copy[n] = '\0';
    return copy;
}

char *
keep_text(struct engine *e, struct keep *k, const char *s)
{
    return s == NULL ? NULL : keep_slice(e, k, s, strlen(s));
}

void
keep_free(struct engine *e, struct keep *k)
{
    while (k->blocks != NULL) {
        struct keep_block *b = k->blocks;

        k->blocks = b->next;
        mr_resize(e->cx, b, 0);
    }
}

char *
arena_text(struct engine *e, const char *s)
{
    size_t n = strlen(s);
    char *copy = mr_alloc(e->cx, n + 1);

    if (copy == NULL) {
        engine_fail(e, MR_EMEMORY);
        return NULL;
    }
    memcpy(copy, s, n + 1);
    return copy;
}

/* --- packed records --- */

struct packed {
    uint32_t n;
    uint8_t state, why;
};

/* out NULL: only counts. */
static size_t
put(char *out, size_t at, const void *p, size_t n)
{
    if (out != NULL && n > 0)
        memcpy(out + at, p, n);
    return at + n;
}

static size_t
pack(char *out, size_t at, const struct mr_shape *shape, const char *record)
{
    for (uint16_t i = 0; i < shape->n_read; i++) {
        const struct mr_member *m = &shape->read[i];
        struct packed head = { 0, 0, 0 };
        struct mr_rows rows;
        struct mr_val v;

        switch ((enum mr_kind)m->kind) {
        case MR_VALUE:
            memcpy(&v, record + m->offset, sizeof v);
            head.n = v.n;
            head.state = v.state;
            head.why = v.why;
            at = put(out, at, &head, sizeof head);
            at = put(out, at, v.p, v.n);
            break;
        case MR_ONE:
            at = pack(out, at, m->shape, record + m->offset);
            break;
        case MR_MANY:
            memcpy(&rows, record + m->offset, sizeof rows);
            head.n = rows.n;
            head.state = (uint8_t)rows.state;
            at = put(out, at, &head, sizeof head);
            for (uint32_t k = 0; k < rows.n; k++)
                at = pack(out, at, m->shape, mr_row(&rows, k, m->shape->size));
            break;
        }
    }
    return at;
}

bool
freeze(struct engine *e, struct keep *k, const struct mr_shape *shape,
       const void *record, char **out, size_t *n)
{
    *n = pack(NULL, 0, shape, record);
    *out = keep_alloc(e, k, *n);
    if (*out == NULL)
        return false;
    pack(*out, 0, shape, record);
    return true;
}

static bool unpack(struct engine *e, const char **at,
                   const struct mr_shape *shape, char *record);

static bool
unpack_rows(struct engine *e, const char **at, const struct mr_shape *shape,
            const struct packed *head, struct mr_rows *rows)
{
    memset(rows, 0, sizeof *rows);
    rows->state = head->state;
    if (head->n == 0)
        return true;
    rows->at = mr_alloc(e->cx, (size_t)head->n * shape->size);
    if (rows->at == NULL)
        return engine_fail(e, MR_EMEMORY);
    memset(rows->at, 0, (size_t)head->n * shape->size);
    rows->n = rows->room = head->n;
    for (uint32_t i = 0; i < head->n; i++)
        if (!unpack(e, at, shape, mr_row(rows, i, shape->size)))
            return false;
    return true;
}

static bool
unpack(struct engine *e, const char **at, const struct mr_shape *shape,
       char *record)
{
    for (uint16_t i = 0; i < shape->n_read; i++) {
        const struct mr_member *m = &shape->read[i];
        struct packed head;
        struct mr_rows rows;
        struct mr_val v;

        if (m->kind == MR_ONE) {
            if (!unpack(e, at, m->shape, record + m->offset))
                return false;
            continue;
        }
        memcpy(&head, *at, sizeof head);
        *at += sizeof head;
        if (m->kind == MR_MANY) {
            if (!unpack_rows(e, at, m->shape, &head, &rows))
                return false;
            memcpy(record + m->offset, &rows, sizeof rows);
            continue;
        }
        v = (struct mr_val){ *at, head.n, head.state, head.why, 0 };
        *at += head.n;
        memcpy(record + m->offset, &v, sizeof v);
    }
    return true;
}

void *
thaw(struct engine *e, const struct mr_shape *shape, const char *frozen)
{
    char *record = mr_alloc(e->cx, shape->size);

    if (record == NULL) {
        engine_fail(e, MR_EMEMORY);
        return NULL;
    }
    memset(record, 0, shape->size);
    return unpack(e, &frozen, shape, record) ? record : NULL;
}

/* --- streams over memory --- */

static long
read_memory(void *arg, char *p, size_t n)
{
    struct stream *s = arg;

    if (n > s->n - s->at)
        n = s->n - s->at;
    memcpy(p, s->p + s->at, n);
    s->at += n;
    return (long)n;
}

void
stream_open(struct stream *s, const struct mr_doc *doc, const char *p,
            size_t n)
{
    s->p = p;
    s->n = n;
    s->at = 0;
    mr_input_init(&s->in, read_memory, s);
    mr_reader_init(&s->reader, &s->in, doc);
    s->open = true;
    s->lent = false;
}

void
stream_over(struct stream *s, const struct mr_doc *doc, const char *p,
            size_t n)
{
    stream_open(s, doc, p, n);
    /* XML may be in other encodings; what is no UTF-8 is told by the input. */
    if (doc->format == MR_IDOC || doc->format == MR_XML || n == 0 ||
        mr_utf8_valid(p, n) != n)
        return;
    s->at = n;
    s->in.at = (char *)(uintptr_t)p;
    s->in.end = s->in.room = n;
    s->in.eof = s->in.read_eof = true;
    s->lent = true;
}

enum mr_status
stream_next(struct engine *e, struct stream *s, void *record)
{
    enum mr_status status;

    mr_cx_next(e->cx);
    if (s->n == 0)
        return MR_END;
    status = mr_reader_next(e->cx, &s->reader, record);
    if (status == MR_EMEMORY)
        engine_fail(e, status);
    return status;
}

void
stream_close(struct engine *e, struct stream *s)
{
    if (!s->open)
        return;
    mr_reader_done(e->cx, &s->reader);
    if (s->lent)
        s->in.at = NULL;
    mr_input_done(e->cx, &s->in);
    s->open = false;
}
