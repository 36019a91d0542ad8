/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document takes a place among the calls under way. Until its first bytes
 * are known to be right, an error is a status; behind them the connection is
 * closed before the end that an answer has, so that nobody takes half of it for
 * the whole.
 */
#include "host/serve_document.h"

#include <stdlib.h>

#include "call/document.h"
#include "host/call_words.h"
#include "host/clock.h"

enum { NAME_MAX_CHARS = 60 };

struct serve_file {
    struct document d;
    struct serve *serve;
    struct serve_file *next;
    uint64_t ticket;
    size_t which;               /* of the calls */
    char name[NAME_MAX_CHARS + 1];      /* the key, as far as it is a name */
};

/* --- the sink --- */

static bool
begin(void *arg, const char *type, uint64_t size)
{
    struct serve_file *f = arg;
    char disposition[NAME_MAX_CHARS + 40];

    snprintf(disposition, sizeof disposition, "inline; filename=\"%s.%s\"",
             f->name, media_type_ending(type));
    return f->serve->server != NULL &&
           server_stream(f->serve->server, f->ticket, type, disposition, size);
}

static size_t
room(void *arg)
{
    const struct serve_file *f = arg;

    return f->serve->server == NULL ? 0
                                    : server_room(f->serve->server, f->ticket);
}

static bool
put(void *arg, const char *p, size_t n)
{
    const struct serve_file *f = arg;

    if (f->serve->server == NULL)
        return false;
    server_put(f->serve->server, f->ticket, p, n);
    return true;
}

static const struct document_sink sink = { begin, room, put };

/* --- the end --- */

static void
answer_problem(struct serve_file *f)
{
    struct server_answer a = { .status = call_status(&f->d.q),
                               .type = "application/problem+json" };
    char *text = NULL;
    FILE *out = open_memstream(&text, &a.n);

    if (out != NULL) {
        call_problem_json(out, &f->d.q);
        if (fclose(out) == 0)
            a.body = text;
    }
    if (a.body != NULL)
        server_answer(f->serve->server, f->ticket, &a);
    else
        serve_problem(f->serve, f->ticket, 503, "memory ran out");
    free(text);
}

static void
unlink_file(struct serve_file *f)
{
    struct serve_file **at = &f->serve->files;

    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
}

static void
ended(void *arg, struct document *d)
{
    struct serve_file *f = arg;
    struct serve *s = f->serve;

    /* At the end of the program nobody is there to be answered. */
    if (s->server != NULL) {
        if (d->begun)
            server_stream_end(s->server, f->ticket,
                              d->q.end == CALL_ANSWERED);
        else
            answer_problem(f);
        call_counted(&s->counts[f->which], d->q.end,
                     host_ticks() - d->q.began);
        serve_log(s, &d->q);
    }
    unlink_file(f);
    document_done(d);
    mr_resize(&s->cx, f, 0);
    s->under_way--;
}

/* --- requests --- */

/* Letters and digits of the key: nothing that a header or a file's name could
 * be led astray with. */
static void
make_name(char name[NAME_MAX_CHARS + 1], const char *key)
{
    size_t n = 0;

    for (; *key != '\0' && n < NAME_MAX_CHARS; key++)
        if ((*key >= '0' && *key <= '9') || (*key >= 'A' && *key <= 'Z') ||
            (*key >= 'a' && *key <= 'z') || *key == '-' || *key == '_')
            name[n++] = *key;
    name[n] = '\0';
    if (n == 0)
        strcpy(name, "document");
}

static void
begin_file(struct serve *s, size_t which, const struct server_request *r,
           const char *key)
{
    const struct mr_call *call = s->h->program->calls[which];
    struct called *to = called_find(&s->systems, call->to);
    uint32_t wait = serve_wait(r->header);
    struct serve_file *f = to == NULL || s->under_way >= s->n_slots
                               ? NULL : mr_resize(&s->cx, NULL, sizeof *f);

    if (f == NULL) {
        s->counts[which].refused++;
        serve_problem(s, r->ticket, 503, "too many calls at once");
        return;
    }
    s->under_way++;
    f->serve = s;
    f->next = s->files;
    s->files = f;
    f->ticket = r->ticket;
    f->which = which;
    make_name(f->name, key);
    document_init(&f->d, call, NULL, host_ticks);
    if (wait != 0)
        calling_hurry(&f->d.q, wait);
    if (document_begin(&f->d, key, strlen(key)))
        document_send(&f->d, to->session, to->system->url, &sink, f, ended, f);
    else
        ended(f, &f->d);
}

void
serve_document(struct serve *s, const struct server_request *r)
{
    const char *slash = strchr(r->rest, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - r->rest);

    if (slash == NULL || slash[1] == '\0') {
        serve_problem(s, r->ticket, 404, "say which document");
        return;
    }
    for (uint16_t i = 0; i < s->h->program->n_calls; i++) {
        const struct mr_call *call = s->h->program->calls[i];

        if (call->document != NULL && strlen(call->name) == n &&
            memcmp(call->name, r->rest, n) == 0) {
            begin_file(s, i, r, slash + 1);
            return;
        }
    }
    serve_problem(s, r->ticket, 404, "there is no document of this name");
}

void
serve_document_gone(struct serve *s, uint64_t ticket)
{
    for (struct serve_file *f = s->files; f != NULL; f = f->next)
        if (f->ticket == ticket) {
            s->counts[f->which].gone++;
            document_cancel(&f->d);
            return;
        }
}

void
serve_document_step(struct serve *s)
{
    struct serve_file *next;

    for (struct serve_file *f = s->files; f != NULL; f = next) {
        next = f->next;
        if (f->d.waits && room(f) >= DOCUMENT_PIECE)
            document_go_on(&f->d);
        document_watch(&f->d);
    }
}

/* One that waits for a token stays until the session ends. */
void
serve_document_close(struct serve *s)
{
    struct serve_file *next;

    for (struct serve_file *f = s->files; f != NULL; f = next) {
        next = f->next;
        document_cancel(&f->d);
    }
}
