/* SPDX-License-Identifier: Apache-2.0 */
/* One effect for each key: what is done when, by the journal's word. */
#include "call/once.h"

enum { MARGIN_US = 2000000 };   /* a claim outlives its call by so much */

static const char repeated_text[] = "it was done before: this is the answer "
                                    "of then";
static const char other_text[] = "it was done before, by a request that was "
                                 "not the same: this is the answer of then";

void
once_init(struct once *o, struct calling *q, const struct mr_call *find,
          struct call_journal *journal, int64_t (*now)(void))
{
    memset(o, 0, sizeof *o);
    o->q = q;
    o->find = find;
    o->journal = journal;
    o->now = now;
    bytes_init(&o->how, &q->cx.memory);
}

void
once_done(struct once *o)
{
    if (o->q == NULL)
        return;
    if (o->open)
        calling_done(&o->look);
    bytes_free(&o->how);
    mr_resize(&o->q->cx, o->entry.text, 0);
    memset(o, 0, sizeof *o);
}

static void
open_look(struct once *o)
{
    calling_init(&o->look, o->find, &o->q->cx.memory, o->q->clock);
    o->open = true;
    if (o->reads != NULL)
        o->look.reads = o->reads;
}

/* Nothing is begun that could not be looked up. */
bool
once_begin(struct once *o, const char *p, size_t n)
{
    struct calling *l = &o->look, *q = o->q;

    open_look(o);
    if (!calling_begin(l, p, n)) {
        q->end = l->end == CALL_FAILED ? CALL_FAILED : CALL_INPUT;
        mr_fail(&q->cx, MR_EFORMAT, "%s, which finds what was done, can't be "
                "made from this record", o->find->name);
        return false;
    }
    if (l->address.p != NULL)
        bytes_add(&o->how, l->address.p, l->address.n);
    bytes_add(&o->how, "", 1);
    bytes_add(&o->how, l->request.at, l->request.n);
    if (!o->how.failed)
        return true;
    q->end = CALL_FAILED;
    mr_fail(&q->cx, MR_EMEMORY, "memory ran out");
    return false;
}

/* --- is anything there? --- */

static const char *
string_end(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p < end ? p + 1 : end;
}

bool
once_is_there(const char *p, size_t n)
{
    const char *end = p + n;

    while (p < end) {
        if (*p == '"') {
            p = string_end(p, end);
            while (p < end && *p == ' ')
                p++;
            if (p == end || *p != ':')
                return true;
        } else if (*p == 'n') {
            p += 4;                     /* null */
        } else if (strchr("{}[]:, \t\r\n", *p) == NULL) {
            return true;
        } else {
            p++;
        }
    }
    return false;
}

static bool
has_value(struct calling *q)
{
    struct mr_output out;
    bool there;

    mr_output_init(&out, NULL, NULL);
    there = calling_write(q, &out, false) == MR_OK &&
            once_is_there(out.at, out.n);
    mr_output_done(&q->cx, &out);
    return there;
}

static bool
has_error(const struct calling *q)
{
    for (uint32_t i = 0; i < q->n_messages; i++)
        if (q->messages[i].severity == CALL_ERROR)
            return true;
    return false;
}

/* --- ends --- */

static void
end_with(struct once *o, enum call_end end, const char *before,
         const char *text)
{
    o->q->end = end;
    snprintf(o->q->text, sizeof o->q->text, "%s%.400s", before, text);
}

static void
finish(struct once *o)
{
    o->looks = false;
    o->done(o->arg, o->q);
}

static bool
kept(struct once *o, enum mr_status st)
{
    if (st == MR_OK)
        return true;
    end_with(o, CALL_FAILED, "",
             st == MR_END ? "another one has begun the same"
                          : o->q->cx.error.text);
    if (st == MR_END)
        o->q->end = CALL_BUSY;
    return false;
}

/* What can't be written down now is found by the next look. */
static void
leave(struct once *o)
{
    struct mr_error error = o->q->cx.error;

    (void)journal_leave(&o->q->cx, o->journal, &o->entry);
    o->q->cx.error = error;
}

/* Nothing was done. */
static void
drop(struct once *o)
{
    struct mr_error error = o->q->cx.error;

    (void)journal_drop(&o->q->cx, o->journal, &o->entry);
    o->q->cx.error = error;
}

static void
settle(struct once *o, const struct calling *by)
{
    struct mr_error error = o->q->cx.error;

    (void)journal_done(&o->q->cx, o->journal, &o->entry, by->reply.body,
                       by->reply.n, by != o->q, o->now());
    o->q->cx.error = error;
}

static void
say(struct calling *q, enum call_severity severity, const char *text)
{
    struct call_message *m = calling_message(q);

    if (m == NULL)
        return;
    m->severity = severity;
    m->text = (struct mr_val){ .p = text, .n = (uint32_t)strlen(text),
                               .state = MR_HERE };
}

/* The answer that the look brought is the caller's. */
static void
adopt(struct once *o)
{
    struct calling *q = o->q;

    q->end = CALL_ANSWERED;
    q->answer = o->look.answer;
    q->writes = o->look.writes;
    q->messages = o->look.messages;
    q->n_messages = o->look.n_messages;
    q->repeated = true;
}

/* --- sending --- */

static void
sent(void *arg, struct calling *q)
{
    struct once *o = arg;

    switch (q->end) {
    case CALL_ANSWERED:
        if (has_value(q))
            settle(o, q);
        else if (has_error(q))
            drop(o);
        else
            leave(o);
        break;
    case CALL_NOT_SENT:
    case CALL_DENIED:
        drop(o);
        break;
    case CALL_FAULT:
        /* Refused with a status of its own; a fault may come behind it. */
        if (q->call->way != MR_CALL_SOAP)
            drop(o);
        else
            leave(o);
        break;
    case CALL_OPEN:
    case CALL_INPUT:
    case CALL_HELD:
    case CALL_LATE:
    case CALL_BROKEN:
    case CALL_GARBLED:
    case CALL_BUSY:
    case CALL_FAILED:
        leave(o);
        break;
    }
    finish(o);
}

static int64_t
until(const struct once *o)
{
    return o->now() + (int64_t)calling_left(o->q) * 1000 + MARGIN_US;
}

static void
send_it(struct once *o)
{
    o->looks = false;
    calling_send(o->q, o->session, o->url, sent, o);
}

/* --- looking --- */

static void
not_there(struct once *o)
{
    int64_t over = o->entry.sent + (int64_t)o->q->call->within * 1000;

    if (o->done_before) {
        end_with(o, CALL_GARBLED, "", "it was done before, but is not found "
                 "any more");
        finish(o);
    } else if (o->now() < over) {
        leave(o);
        end_with(o, CALL_BUSY, "", "it was sent before, and may still be under "
                 "way there");
        finish(o);
    } else if (kept(o, journal_send(&o->q->cx, o->journal, &o->entry, o->now(),
                                    until(o)))) {
        send_it(o);
    } else {
        finish(o);
    }
}

static void
not_looked(struct once *o)
{
    struct calling *l = &o->look;

    if (!o->done_before)
        leave(o);
    o->q->cx.error = l->cx.error;
    end_with(o, l->end == CALL_ANSWERED || l->end == CALL_HELD ||
                        l->end == CALL_INPUT
                    ? CALL_GARBLED : l->end,
             "whether it was done before could not be looked up: ",
             l->text[0] != '\0' ? l->text : "the look was refused");
    finish(o);
}

static void
looked(void *arg, struct calling *look)
{
    struct once *o = arg;

    if (look->end == CALL_ANSWERED && has_value(look)) {
        if (!o->done_before)
            settle(o, look);
        adopt(o);
        say(look, CALL_INFO, repeated_text);
        o->q->messages = look->messages;
        o->q->n_messages = look->n_messages;
        finish(o);
    } else if (look->end == CALL_ANSWERED && !has_error(look)) {
        not_there(o);
    } else {
        not_looked(o);
    }
}

/* As it was to be looked up when it was begun: the caller's record may have
 * changed since. */
static bool
recall(struct once *o)
{
    struct calling *l = &o->look;
    size_t address = strlen(o->entry.text) + 1;

    l->address.n = 0;
    bytes_add(&l->address, o->entry.text, address - 1);
    l->request.n = 0;
    return bytes_end(&l->address) != NULL &&
           mr_output_add(&l->cx, &l->request, o->entry.text + address,
                         o->entry.n - address) == MR_OK;
}

static void
look(struct once *o)
{
    if (o->entry.state == JOURNAL_OPEN && o->entry.text != NULL && !recall(o)) {
        not_looked(o);
        return;
    }
    o->look.began = o->look.clock();
    calling_hurry(&o->look, calling_left(o->q));
    o->looks = true;
    calling_send(&o->look, o->session, o->url, looked, o);
}

/* --- what was done before --- */

/* The reply of then, read as it was then. */
static void
repeat(struct once *o)
{
    struct calling *by = o->q;

    if (o->entry.text == NULL) {
        o->done_before = true;
        look(o);
        return;
    }
    if (o->entry.looked_up)
        by = &o->look;
    by->reply = (struct http_reply){
        .end = HTTP_ANSWERED, .status = 200, .body = o->entry.text,
        .n = o->entry.n, .text = "", .memory = o->q->cx.memory, .kept = true
    };
    o->entry.text = NULL;
    calling_answer(by);
    if (by->end == CALL_ANSWERED)
        say(by, o->entry.same ? CALL_INFO : CALL_WARNING,
            o->entry.same ? repeated_text : other_text);
    if (by == o->q)
        by->repeated = by->end == CALL_ANSWERED;
    else if (by->end == CALL_ANSWERED)
        adopt(o);
    else
        end_with(o, by->end, "", by->text);
    finish(o);
}

void
once_send(struct once *o, struct http_session *session, const char *url,
          void (*done)(void *arg, struct calling *q), void *arg)
{
    struct calling *q = o->q;

    o->session = session;
    o->url = url;
    o->done = done;
    o->arg = arg;
    journal_name(o->journal, q->call->name, q->key.p, q->key.n,
                 q->address.p == NULL ? "" : q->address.p, q->request.at,
                 q->request.n, &o->entry);
    if (!kept(o, journal_begin(&q->cx, o->journal, &o->entry, o->now(),
                               until(o), o->how.p, o->how.n))) {
        finish(o);
        return;
    }
    switch (o->entry.state) {
    case JOURNAL_NEW:
        o->entry.sent = o->now();
        send_it(o);
        return;
    case JOURNAL_OPEN:
        look(o);
        return;
    case JOURNAL_DONE:
        repeat(o);
        return;
    case JOURNAL_BUSY:
        break;
    }
    end_with(o, CALL_BUSY, "", "another call is at it");
    finish(o);
}

void
once_cancel(struct once *o)
{
    calling_cancel(o->looks ? &o->look : o->q);
}
