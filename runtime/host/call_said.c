/* SPDX-License-Identifier: Apache-2.0 */
/* Which call is meant, and what a system or a rule had to say, for people. */
#include "host/call_said.h"

#include "host/call_words.h"
#include "host/glyphs.h"

enum { HOST_PEER = HOST_INPUT, ROOM_MAX = 1000 };

/* --- which one --- */

enum call_sort
call_sort(const struct mr_call *call)
{
    return call->docflow != NULL    ? SORT_DOCFLOW
           : call->document != NULL ? SORT_DOCUMENT
           : call->attachment != NULL ? SORT_ATTACHMENT : SORT_CALL;
}

static const struct mr_call *
only_one(const struct host *h, enum call_sort sort)
{
    const struct mr_call *only = NULL;

    for (uint16_t i = 0; i < h->program->n_calls; i++) {
        const struct mr_call *c = h->program->calls[i];

        if (call_sort(c) != sort)
            continue;
        if (only != NULL)
            return NULL;
        only = c;
    }
    return only;
}

static void
say_which(const struct host *h, const char *command, enum call_sort sort)
{
    bool any = false;

    for (uint16_t i = 0; i < h->program->n_calls; i++)
        any |= call_sort(h->program->calls[i]) == sort;
    fprintf(stderr, any ? "%s %s: say which one:" : "%s %s: the program has "
            "none", h->name, command);
    for (uint16_t i = 0; i < h->program->n_calls; i++)
        if (call_sort(h->program->calls[i]) == sort)
            fprintf(stderr, " %s", h->program->calls[i]->name);
    fputc('\n', stderr);
}

const struct mr_call *
call_find(const struct host *h, const char *command, const char *name,
          enum call_sort sort)
{
    const struct mr_call *found = NULL;
    const char *best = NULL;

    if (name == NULL) {
        found = sort != SORT_CALL ? only_one(h, sort) : NULL;
        if (found == NULL)
            say_which(h, command, sort);
        return found;
    }
    for (uint16_t i = 0; i < h->program->n_calls; i++) {
        const struct mr_call *c = h->program->calls[i];

        if (call_sort(c) != sort)
            continue;
        if (strcmp(c->name, name) == 0)
            return c;
        if (best == NULL)
            best = host_closest(name, &c->name, 1);
    }
    fprintf(stderr, "%s %s: there is no %s %s", h->name, command, command,
            name);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
    return NULL;
}

/* What does not go to one address says where it goes. */
int
call_print_request(const struct calling *q)
{
    if (q->call->way != MR_CALL_SOAP)
        printf("%s %s\n", q->call->method, q->address.p);
    return q->request.n == 0 ||
                   fwrite(q->request.at, 1, q->request.n, stdout) ==
                       q->request.n
               ? HOST_OK : HOST_OUTPUT;
}

/* --- what was said --- */

static void
put(const char *before, struct mr_val v)
{
    if (v.state != MR_HERE)
        return;
    fputs(before, stderr);
    glyphs_put(stderr, v, ROOM_MAX, GLYPHS_PLAIN, true);
}

void
call_say_message(const struct host *h, const struct call_message *m)
{
    fprintf(stderr, "%s: %s", h->name, call_severity_word(m->severity));
    put(" ", m->number);
    put(", item ", m->item);
    put(": ", m->text);
    fputc('\n', stderr);
}

int
call_say_end(const struct host *h, const struct calling *q,
             bool show_personal)
{
    switch (q->end) {
    case CALL_INPUT:
        host_report_error(h, &q->cx.error);
        return HOST_INPUT;
    case CALL_HELD:
        fprintf(stderr, "%s: refused on the way %s:\n", h->name,
                q->answering ? "back" : "there");
        host_report_findings(stderr, 1, &q->cx, show_personal);
        return HOST_HELD;
    case CALL_FAULT:
        fprintf(stderr, "%s: %s refused it: %s\n", h->name, q->call->to,
                q->text);
        return HOST_HELD;
    case CALL_LATE:
    case CALL_NOT_SENT:
    case CALL_DENIED:
    case CALL_BROKEN:
    case CALL_GARBLED:
    case CALL_BUSY:
        fprintf(stderr, "%s: %s: %s\n", h->name, q->call->to, q->text);
        if (q->end != CALL_NOT_SENT && q->end != CALL_DENIED &&
            q->end != CALL_BUSY && !q->call->no_effect)
            fprintf(stderr, "%s: whether it was done there is not known\n",
                    h->name);
        return HOST_PEER;
    case CALL_OPEN:
    case CALL_ANSWERED:
    case CALL_FAILED:
        break;
    }
    host_report_error(h, &q->cx.error);
    return HOST_INTERNAL;
}
