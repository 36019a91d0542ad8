/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rounds of asking. A round is over when its last answer is there; answers
 * are taken in the order of asking, so that the same answers make the same
 * chain, whichever comes first.
 */
#include "call/docflow.h"

void
docflow_init(struct docflow *f, const struct mr_call *call,
             const struct mr_memory *memory, int64_t (*clock)(void))
{
    memset(f, 0, sizeof *f);
    f->call = call;
    f->clock = clock;
    f->began = clock();
    f->within = call->within;
    chain_init(&f->chain, memory);
}

static void
close_ask(struct docflow_ask *ask)
{
    if (ask->open)
        calling_done(&ask->q);
    ask->open = false;
}

void
docflow_done(struct docflow *f)
{
    close_ask(&f->first);
    for (uint32_t i = 0; i < DOCFLOW_TOGETHER; i++)
        close_ask(&f->asks[i]);
    chain_done(&f->chain);
    memset(f, 0, sizeof *f);
}

void
docflow_hurry(struct docflow *f, uint32_t within)
{
    if (within < f->within)
        f->within = within;
    if (f->first.open)
        calling_hurry(&f->first.q, within);
}

static uint32_t
time_left(const struct docflow *f)
{
    int64_t gone = (f->clock() - f->began) / 1000;

    return gone >= f->within ? 0 : f->within - (uint32_t)gone;
}

/* --- one request --- */

static bool
begin_ask(struct docflow *f, struct docflow_ask *ask, const char *key,
          size_t n)
{
    calling_init(&ask->q, f->call, &f->chain.cx.memory, f->clock);
    calling_hurry(&ask->q, time_left(f));
    ask->flow = f;
    ask->open = true;
    f->n_asked++;
    return calling_begin_key(&ask->q, f->call->docflow->key, key, n);
}

bool
docflow_begin(struct docflow *f, const char *key, size_t n)
{
    f->first.number = chain_keep(&f->chain, mr_slice(key, (uint32_t)n));
    return begin_ask(f, &f->first, key, n);
}

/* --- rounds --- */

static void next_round(struct docflow *f);

static void
finish(struct docflow *f)
{
    if (f->chain.cut)
        docflow_say(f, mr_missing(), "there are more than %d documents or %d "
                    "steps; the rest is left out", CHAIN_DOCUMENTS_MAX,
                    CHAIN_STEPS_MAX);
    if (f->first.q.end == CALL_ANSWERED &&
        (!chain_finish(&f->chain) || f->chain.cx.error.status != MR_OK))
        f->first.q.end = CALL_FAILED;
    f->done(f->arg, f);
}

static const char *
why_not(const struct calling *q)
{
    return q->end == CALL_HELD ? "a rule refused it"
           : q->text[0] != '\0' ? q->text
           : q->cx.error.status != MR_OK ? q->cx.error.text
                                         : "there is no answer";
}

static void
round_over(struct docflow *f)
{
    for (uint32_t i = 0; i < f->n_asks; i++) {
        struct docflow_ask *ask = &f->asks[i];

        if (ask->q.end == CALL_ANSWERED)
            docflow_take(f, ask);
        else if (ask->open)
            docflow_say(f, ask->number, "it was not looked into: %s",
                        why_not(&ask->q));
        close_ask(ask);
    }
    next_round(f);
}

static void
ask_ended(void *arg, struct calling *q)
{
    struct docflow_ask *ask = arg;

    (void)q;
    if (--ask->flow->under_way == 0)
        round_over(ask->flow);
}

static bool
wanted(const struct docflow *f, const struct chain_document *d)
{
    const struct mr_docflow *map = f->call->docflow;
    struct mr_val type = d->fields[MR_DOCUMENT_TYPE];

    if (d->asked || !map->again)
        return false;
    for (uint16_t i = 0; i < map->n_types; i++)
        if (type.state == MR_HERE && strlen(map->types[i]) == type.n &&
            memcmp(map->types[i], type.p, type.n) == 0)
            return true;
    return map->n_types == 0;
}

/* Why no more is asked; NULL: more is. */
static const char *
enough(const struct docflow *f, const struct chain_document *d)
{
    return f->n_asked >= DOCFLOW_ASKED_MAX ? "it would be one call too many"
           : d->depth > DOCFLOW_DEPTH_MAX  ? "it is too far away"
           : time_left(f) == 0             ? "the time is over"
                                           : NULL;
}

/* The next ones to be asked for, in the order in which they were found. */
static void
choose(struct docflow *f)
{
    f->n_asks = 0;
    for (uint32_t i = 0; i < f->chain.n && f->n_asks < DOCFLOW_TOGETHER; i++) {
        struct chain_document *d = &f->chain.documents[i];
        struct mr_val number = d->fields[MR_DOCUMENT_NUMBER];
        const char *why;

        if (!wanted(f, d))
            continue;
        d->asked = true;
        why = enough(f, d);
        if (why != NULL) {
            docflow_say(f, number, "it was not looked into: %s", why);
            continue;
        }
        f->asks[f->n_asks].number = number;
        f->asks[f->n_asks++].depth = d->depth;
    }
}

/* One more is under way than there is, so that the round is not over before
 * all of it was sent. */
static void
next_round(struct docflow *f)
{
    if (!f->given_up)
        choose(f);
    if (f->given_up || f->n_asks == 0) {
        finish(f);
        return;
    }
    f->under_way = f->n_asks + 1;
    for (uint32_t i = 0; i < f->n_asks; i++) {
        struct docflow_ask *ask = &f->asks[i];

        if (begin_ask(f, ask, ask->number.p, ask->number.n))
            calling_send(&ask->q, f->session, f->url, ask_ended, ask);
        else
            f->under_way--;
    }
    if (--f->under_way == 0)
        round_over(f);
}

/* The document that the user named: the one that the answer says it was asked
 * for, else that of this number. */
static void
mark_first(struct docflow *f)
{
    const struct mr_docflow_list *asked = &f->call->docflow->asked;
    struct chain_document *d = NULL;
    struct mr_val number;

    if (asked->at != MR_NO_FIELD) {
        memcpy(&number, (const char *)f->first.q.answer + asked->at +
                            asked->fields[MR_DOCUMENT_NUMBER], sizeof number);
        d = chain_document(&f->chain, number);
    }
    if (d == NULL)
        d = chain_find(&f->chain, f->first.number);
    if (d != NULL) {
        d->asked = true;
        d->depth = 0;
    }
}

static void
first_ended(void *arg, struct calling *q)
{
    struct docflow *f = arg;

    if (q->end != CALL_ANSWERED) {
        finish(f);
        return;
    }
    docflow_take(f, &f->first);
    mark_first(f);
    next_round(f);
}

void
docflow_send(struct docflow *f, struct http_session *session, const char *url,
             void (*done)(void *arg, struct docflow *f), void *arg)
{
    f->session = session;
    f->url = url;
    f->done = done;
    f->arg = arg;
    calling_send(&f->first.q, session, url, first_ended, f);
}

void
docflow_cancel(struct docflow *f)
{
    f->given_up = true;
    if (f->under_way == 0) {
        calling_cancel(&f->first.q);
        return;
    }
    /* Held until all are given up: the last one's end may be f's. */
    f->under_way++;
    for (uint32_t i = 0; i < f->n_asks; i++)
        if (f->asks[i].open)
            calling_cancel(&f->asks[i].q);
    if (--f->under_way == 0)
        round_over(f);
}
