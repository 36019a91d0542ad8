/* SPDX-License-Identifier: Apache-2.0 */
/* Constructors of calls. */
#include "syntax/make.h"

struct call_item *
make_call_item(struct parser *p, struct name name, struct expr *left,
               struct expr *right)
{
    struct call_item *c = arena_alloc(p->in.arena, sizeof *c);

    c->name = name;
    c->left = left;
    c->right = right;
    return c;
}

struct call_item *
make_docflow_item(struct parser *p, struct name name, struct expr *left,
                  struct expr *right)
{
    struct call_item *c = make_call_item(p, name, left, right);

    c->kind = CALL_DOCFLOW;
    return c;
}

struct call_item *
make_document_item(struct parser *p, struct name name, struct expr *left,
                   struct expr *right)
{
    struct call_item *c = make_call_item(p, name, left, right);

    c->kind = CALL_DOCUMENT;
    return c;
}

struct call_item *
make_attachment_item(struct parser *p, struct name name, struct expr *left,
                     struct expr *right)
{
    struct call_item *c = make_call_item(p, name, left, right);

    c->kind = CALL_ATTACHMENT;
    return c;
}

static void
said_twice(struct parser *p, struct span at, const char *what,
           struct span first)
{
    struct diag *d = diag_add(p->in.diags, DIAG_TWICE, at,
                              "`%s` stands twice in one call", what);

    diag_label(d, first, "the first one");
    diag_note(d, NOTE_HELP, "keep one of them");
}

struct call_item *
call_within(struct parser *p, struct call_item *c, struct span at,
            struct period d)
{
    if (c->within.number != NULL)
        said_twice(p, at, "within", c->within.at);
    c->within = d;
    return c;
}

void
call_effect(struct parser *p, struct call_item *c, struct span at)
{
    if (c->no_effect || c->once.there)
        said_twice(p, at, "effect", c->effect_at);
    c->no_effect = true;
    c->effect_at = at;
}

void
call_once(struct parser *p, struct call_item *c, struct span at, expr_vec per,
          struct name found)
{
    if (c->no_effect || c->once.there)
        said_twice(p, at, "effect", c->effect_at);
    c->once.there = true;
    c->once.per = per;
    c->once.found = found;
    c->effect_at = at;
}

void
call_cache(struct parser *p, struct call_item *c, struct span at,
           struct period d)
{
    if (c->cache.number != NULL)
        said_twice(p, at, "cache", c->cache_at);
    c->cache = d;
    c->cache_at = at;
}

void
call_last_known(struct parser *p, struct call_item *c, struct span at)
{
    if (c->last_known)
        said_twice(p, at, "else last known", c->last_known_at);
    c->last_known = true;
    c->last_known_at = at;
}

void
call_block(struct parser *p, struct call_item *c, struct span at,
           bool request, item_vec items)
{
    if (request ? c->request.there : c->response.there) {
        said_twice(p, at, request ? "request" : "response",
                   request ? c->request.at : c->response.at);
        return;
    }
    if (request) {
        c->request.at = at;
        c->request.there = true;
        c->request.items = items;
    } else {
        c->response.at = at;
        c->response.there = true;
        c->response.items = items;
    }
}

literal_vec
add_text(struct parser *p, literal_vec texts, const char *text)
{
    vec_push(p->in.arena, &texts, text);
    return texts;
}

void
call_again(struct parser *p, struct call_item *c, struct span at,
           literal_vec types)
{
    if (c->again.there)
        said_twice(p, at, "again", c->again.at);
    c->again.there = true;
    c->again.at = at;
    c->again.types = types;
}

void
call_content(struct parser *p, struct call_item *c, struct span at,
             struct content_path path, literal_vec types, struct period most)
{
    if (c->content.there)
        said_twice(p, at, "content", c->content.at);
    c->content.there = true;
    c->content.at = at;
    c->content.path = path;
    c->content.types = types;
    c->content.most = most;
}

void
add_call(struct parser *p, struct span at, struct call_item *c)
{
    struct file_item i = { .kind = FILE_CALL, .at = at };

    c->at = at;
    i.u.call = c;
    vec_push(p->in.arena, &p->in.file->items, i);
}
