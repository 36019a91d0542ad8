/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of two programs, paired by their keys and compared by fields. */
#include <string.h>

#include "driver/replay.h"
#include "driver/replay_flat.h"

struct pairing {
    struct session *session;
    struct replay *replay;
    const struct replay_shape *shape;
    bool differs;               /* the document at work */
};

static const char *
last_name(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot == NULL ? path : dot + 1;
}

static bool
is_among(const text_vec *names, const char *path)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->at[i], last_name(path)) == 0)
            return true;
    return false;
}

/* The first value of each field of the key. */
static const char *
key_of(struct pairing *p, const struct flat_doc *d)
{
    const char *key = "";

    for (size_t k = 0; k < p->shape->keys.n; k++)
        for (size_t i = 0; i < d->fields.n; i++) {
            const struct flat_field *f = &d->fields.at[i];

            if (strcmp(last_name(f->path), p->shape->keys.at[k]) != 0)
                continue;
            key = arena_printf(p->session->arena, "%s%s%s", key,
                               *key == '\0' ? "" : "/",
                               is_among(&p->shape->personal, f->path)
                                   ? "…" : f->value);
            break;
        }
    return key;
}

static struct replay_field *
field_of(struct pairing *p, const char *path)
{
    struct replay *r = p->replay;
    struct replay_field new = { .path = path };

    for (size_t i = 0; i < r->fields.n; i++)
        if (r->fields.at[i].path == path)
            return &r->fields.at[i];
    vec_push(p->session->arena, &r->fields, new);
    return &r->fields.at[r->fields.n - 1];
}

static void
add(struct pairing *p, const struct flat_doc *d, const char *path,
    const char *was, const char *is)
{
    struct replay_field *f = field_of(p, path);

    p->differs = true;
    if (is_among(&p->shape->personal, path)) {
        was = was != NULL ? "…" : NULL;
        is = is != NULL ? "…" : NULL;
    }
    if (f->n < REPLAY_EXAMPLES)
        f->examples[f->n] =
            (struct replay_example){ key_of(p, d), was, is };
    f->n++;
}

static void
index_fields(struct pairing *p, const struct flat_doc *d, struct table *t)
{
    for (size_t i = 0; i < d->fields.n; i++)
        table_put(p->session->arena, t, d->fields.at[i].key,
                  &d->fields.at[i]);
}

static void
compare_documents(struct pairing *p, const struct flat_doc *was,
                  const struct flat_doc *is)
{
    struct table before = { 0 }, now = { 0 };

    index_fields(p, was, &before);
    index_fields(p, is, &now);
    p->differs = false;
    for (size_t i = 0; i < was->fields.n; i++) {
        const struct flat_field *f = &was->fields.at[i];
        const struct flat_field *other = table_find(&now, f->key);

        if (other == NULL || strcmp(other->value, f->value) != 0)
            add(p, was, f->path, f->value,
                other == NULL ? NULL : other->value);
    }
    for (size_t i = 0; i < is->fields.n; i++)
        if (table_find(&before, is->fields.at[i].key) == NULL)
            add(p, is, is->fields.at[i].path, NULL, is->fields.at[i].value);
    p->replay->differ += p->differs;
}

/* --- pairs --- */

/* Documents of one key, in their order. */
struct queue {
    VEC(struct flat_doc *) docs;
    size_t next;
};

static void
fill(struct pairing *p, const flat_docs *docs, struct table *t)
{
    for (size_t i = 0; i < docs->n; i++) {
        const char *key = intern_text(p->session->names,
                                      key_of(p, docs->at[i]));
        struct queue *q = table_find(t, key);

        if (q == NULL) {
            q = arena_alloc(p->session->arena, sizeof *q);
            table_put(p->session->arena, t, key, q);
        }
        vec_push(p->session->arena, &q->docs, docs->at[i]);
    }
}

static void
compare_all(struct pairing *p, const flat_docs *was, const flat_docs *is)
{
    struct table now = { 0 };

    fill(p, is, &now);
    for (size_t i = 0; i < was->n; i++) {
        const char *key = key_of(p, was->at[i]);
        struct queue *q =
            table_find(&now, intern_text(p->session->names, key));

        if (q != NULL && q->next < q->docs.n)
            compare_documents(p, was->at[i], q->docs.at[q->next++]);
        else
            vec_push(p->session->arena, &p->replay->gone, key);
    }
    for (size_t i = 0; i < is->n; i++) {
        const char *key = key_of(p, is->at[i]);
        struct queue *q =
            table_find(&now, intern_text(p->session->names, key));

        if (q->next == q->docs.n)
            continue;
        q->next++;
        vec_push(p->session->arena, &p->replay->new, key);
    }
}

static bool
read_documents(struct session *s, enum protocol protocol,
               struct replay_text text, flat_docs *out)
{
    if (protocol == PROTOCOL_IDOC || protocol == PROTOCOL_XML)
        return flat_xml(s->arena, s->names, text.p, text.n,
                        protocol == PROTOCOL_IDOC, out);
    return flat_json(s->arena, s->names, text.p, text.n, out);
}

bool
replay_compare(struct session *s, struct replay *r,
               const struct replay_shape *shape, enum protocol protocol,
               struct replay_text was, struct replay_text is)
{
    struct pairing p = { .session = s, .replay = r, .shape = shape };
    flat_docs before = { 0 }, now = { 0 };

    if (!read_documents(s, protocol, was, &before) ||
        !read_documents(s, protocol, is, &now))
        return false;
    r->was += before.n;
    r->is += now.n;
    compare_all(&p, &before, &now);
    return true;
}

bool
replay_differs(const struct replay *r)
{
    return r->fields.n + r->gone.n + r->new.n > 0;
}
