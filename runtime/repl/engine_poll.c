/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches: pages of changed records, of all records, of ids. While a page is
 * taken up, the next one is fetched. A poll's mark moves when every record of it
 * is settled; a load's token, when all of a page and of those before it are.
 */
#include "repl/engine_state.h"

#include "codec/json_scan.h"

enum { SECOND = 1000000, LOOK_ID_MAX = 128 };

void
search_init(struct engine *e, struct search *s, struct flow *f, bool sweep,
            uint32_t slot)
{
    s->flow = f;
    s->sweep = sweep;
    s->call.slot = slot;
    s->call.search = s;
    s->pages_end = &s->pages;
    e->calls[slot] = &s->call;
}

static void
body_free(struct engine *e, struct answer **a)
{
    if (*a != NULL) {
        struct keep mem = (*a)->mem;

        keep_free(e, &mem);
    }
    *a = NULL;
}

/* Items that are still in work go on, but count for no page any more. */
static void
pages_drop(struct engine *e, struct search *s)
{
    for (uint32_t i = 0; e->items != NULL && i < e->set.queue; i++)
        if (e->items[i] != NULL && e->items[i]->search == s) {
            e->items[i]->search = NULL;
            e->items[i]->page = NULL;
        }
    while (s->pages != NULL) {
        struct page *p = s->pages;

        s->pages = p->next;
        mr_resize(e->cx, p->follows, 0);
        mr_resize(e->cx, p, 0);
    }
    s->pages_end = &s->pages;
    s->page = NULL;
    stream_close(e, &s->stream);
    body_free(e, &s->body);
    body_free(e, &s->ahead);
}

void
search_stop(struct engine *e, struct search *s)
{
    pages_drop(e, s);
    call_end(e, &s->call);
    mr_resize(e->cx, s->record, 0);
    mr_resize(e->cx, s->ids, 0);
    s->record = NULL;
    s->ids = NULL;
    s->n_ids = s->ids_room = 0;
    s->state = SEARCH_OFF;
}

/* --- asking --- */

static void
ask_page(struct engine *e, struct search *s, const char *token)
{
    struct flow *f = s->flow;
    struct mr_op *op = call_begin(e, &s->call, s->sweep ? OP_IDS : OP_PAGE, f);
    char since[MARK_MAX] = "";

    if (!s->sweep && !s->all)
        mark_since(f, since);
    op->since = keep_text(e, &s->call.mem, since);
    op->token = keep_text(e, &s->call.mem, token);
    if (e->status == MR_OK)
        call_ready(e, &s->call);
}

static bool
is_loading(const struct flow *f)
{
    return f->poll.state != SEARCH_OFF && f->poll.all;
}

/* Maps that it refers to are still being loaded, or the left side is, whose
 * records will be on the right one then. */
static bool
is_blocked(const struct engine *e, const struct search *s)
{
    const struct flow *f = s->flow;

    if (s->all && !s->sweep && f->side == MR_RIGHT && is_loading(f->other))
        return true;
    for (const char *const *name = f->repl->after;
         s->all && !s->sweep && name != NULL && *name != NULL; name++)
        for (size_t i = 0; i < e->n_flows; i++) {
            const struct flow *o = &e->flows[i];

            if (o->map == f->map || strcmp(o->map->name, *name) != 0 ||
                !is_loading(o))
                continue;
            if (!f->repl->cyclic || !o->repl->cyclic || o < f)
                return true;
        }
    return false;
}

static bool
record_room(struct engine *e, struct search *s)
{
    if (s->record == NULL)
        s->record = mr_resize(e->cx, NULL, s->flow->doc->shape->size);
    return s->record != NULL || engine_fail(e, MR_EMEMORY);
}

/* A mark is there from the beginning of the first load on, so it does not tell
 * that the load came to its end. Without memory nothing is known of it. */
static bool
is_loaded(const struct flow *f)
{
    return f->load_text != NULL && strcmp(f->load_text, "done") == 0;
}

static void
search_start(struct engine *e, struct search *s)
{
    struct flow *f = s->flow;
    const char *token = "";
    bool done;

    st_mark_load(f);
    done = is_loaded(f);
    if (!side_reads(f) || e->status != MR_OK || !record_room(e, s)) {
        search_stop(e, s);
        return;
    }
    if (!s->sweep && !done)
        s->all = true;
    s->load = s->all && !s->sweep && !done && !e->set.dry;
    if (s->load && *f->load_text != '\0')
        token = f->load_text;
    if (s->load && *token == '\0')
        f->mark.loaded = 0;
    s->state = SEARCH_RUNS;
    s->ended = s->sorted = false;
    s->greatest = 0;
    s->n_ids = 0;
    s->begun = e->now;
    s->start = 0;
    s->met = (struct circle){ .next = 1 };
    /* A page may show what was when the first one was asked for; of a load
     * that goes on, nobody knows when that was. */
    s->view = *token == '\0' ? e->now : 0;
    if (s->load && *f->mark_text == '\0')
        mark_begin(f);
    ask_page(e, s, token);
}

int64_t
search_due(const struct engine *e, const struct search *s)
{
    switch (s->state) {
    case SEARCH_OFF: case SEARCH_RUNS:
        break;
    case SEARCH_WAITS:
        return is_blocked(e, s) ? INT64_MAX : s->due;
    case SEARCH_PAUSE:
        return s->due;
    case SEARCH_WALKS:
        return 0;
    }
    return INT64_MAX;
}

void
engine_poll(struct engine *e, const struct mr_map *map, int side, bool all)
{
    for (size_t i = 0; i < e->n_flows; i++)
        if (e->flows[i].map == map && e->flows[i].side == side)
            search_begin(e, &e->flows[i].poll, all);
}

void
engine_sweep(struct engine *e, const struct mr_map *map, int side)
{
    for (size_t i = 0; i < e->n_flows; i++)
        if (e->flows[i].map == map && e->flows[i].side == side)
            search_begin(e, &e->flows[i].sweep, true);
}

void
engine_run(struct engine *e)
{
    e->running = true;
}

void
search_begin(struct engine *e, struct search *s, bool all)
{
    (void)e;
    if (s->state != SEARCH_OFF)
        return;
    s->all = all;
    s->tries = 0;
    s->due = 0;
    s->state = SEARCH_WAITS;
}

/* --- answers --- */

static void
search_pause(struct engine *e, struct search *s, const struct op_result *r)
{
    s->due = backoff(e, s->tries++);
    if (r != NULL && r->retry_after > 0 &&
        s->due < e->now + (int64_t)r->retry_after * SECOND)
        s->due = e->now + (int64_t)r->retry_after * SECOND;
    engine_note(e, EVENT_RETRY, s->flow, "",
                r == NULL ? "a page could not be read" : r->text);
}

/* A page comes a second time, when this token leads to the next one: one of the
 * tokens is kept, and another one behind twice as many pages. */
static bool
goes_round(struct engine *e, struct search *s, const char *token)
{
    uint64_t hash = seal_hash(e->keys, token, strlen(token));

    if (*token == '\0')
        return false;
    if (s->met.n > 0 && s->met.kept == hash)
        return true;
    if (++s->met.n == s->met.next) {
        s->met.kept = hash;
        s->met.next *= 2;
    }
    return false;
}

/* From where it began; a load, from its last settled page. */
static void
search_restart(struct engine *e, struct search *s, const struct op_result *r)
{
    pages_drop(e, s);
    call_end(e, &s->call);
    search_pause(e, s, r);
    s->state = SEARCH_WAITS;
}

/* The search can't go on where it was. */
static void
search_refused(struct engine *e, struct search *s, const struct op_result *r)
{
    if (s->load && *s->call.op.token != '\0') {
        /* The peer no longer knows where it was: from the start. */
        s->flow->mark.load = "";
        st_mark_put(s->flow);
    }
    /* Pages before this one were read each time: that is no progress. */
    s->tries = s->refused++;
    search_restart(e, s, r);
}

void
search_answer(struct engine *e, struct search *s, struct answer *a)
{
    system_heard(e, s->flow->system, &a->r);
    switch (a->r.outcome) {
    case OP_OK:
        if (goes_round(e, s, a->r.next)) {
            a->r.text = "the pages go round in a circle: one was there before";
            search_refused(e, s, &a->r);
            break;
        }
        if (*s->call.op.token == '\0')
            mark_heard(s, a->r.date);
        s->ahead = a;
        return;
    case OP_BUSY: case OP_DENIED: case OP_UNSURE:
        search_pause(e, s, &a->r);
        s->state = SEARCH_PAUSE;
        break;
    case OP_NONE: case OP_STALE: case OP_REFUSED: case OP_EXISTS:
        search_refused(e, s, &a->r);
        break;
    }
    body_free(e, &a);
}

/* --- what is settled --- */

static void
search_end(struct engine *e, struct search *s)
{
    struct flow *f = s->flow;

    /* A load may have been resumed behind records that changed meanwhile: its
     * mark stays where it began. */
    if (s->load)
        f->mark.load = "done";
    else
        mark_move(s);
    f->mark.polled = e->now;
    s->refused = 0;
    st_mark_put(f);
    search_stop(e, s);
}

/* Takes the settled pages off the front. */
static void
search_progress(struct engine *e, struct search *s)
{
    struct flow *f = s->flow;

    while (s->pages != NULL && s->pages->read && s->pages->open == 0) {
        struct page *p = s->pages;

        s->pages = p->next;
        if (s->pages == NULL)
            s->pages_end = &s->pages;
        if (s->all)
            f->mark.loaded += p->records;
        if (s->load && *p->follows != '\0') {
            f->mark.load = p->follows;
            st_mark_put(f);
        }
        mr_resize(e->cx, p->follows, 0);
        mr_resize(e->cx, p, 0);
    }
    if (s->pages == NULL && s->ended && !s->sweep &&
        s->state == SEARCH_RUNS)
        search_end(e, s);
}

void
page_settled(struct engine *e, struct search *s, struct page *p)
{
    p->open--;
    search_progress(e, s);
}

/* --- known by their looks --- */

/*
 * Where all records are read again, nearly all are as they were: byte by byte
 * what was found as agreed before, and since then nothing became of the link,
 * or its look would be gone. So there is nothing to decide. The time of change
 * that such a record shows is not looked at; a mark must not need it.
 */
static bool
uses_looks(const struct search *s)
{
    return s->all && !s->sweep && s->view != 0 && s->start != 0 &&
           s->flow->looks && s->flow->repl->tech[s->flow->side].id_name != NULL;
}

static uint64_t
look_of(const struct flow *f, const char *p, size_t n)
{
    uint64_t both[2] = { f->salt, seal_hash_record(f->e->keys, p, n) };

    return seal_hash(f->e->keys, both, sizeof both);
}

/* Asked of each record of a page before it is decoded. */
static bool
page_knows(void *arg, const char *p, size_t n)
{
    struct search *s = arg;
    struct flow *f = s->flow;
    struct engine *e = f->e;
    struct mr_val id = mr_json_text_of(p, p + n,
                                       f->repl->tech[f->side].id_name);
    char text[LOOK_ID_MAX];

    s->look = 0;
    if (id.state != MR_HERE || id.n == 0 || id.n >= sizeof text)
        return false;
    memcpy(text, id.p, id.n);
    text[id.n] = '\0';
    s->look = look_of(f, p, n);
    return st_look(e, f->map, f->side, text) == s->look;
}

/* --- taking pages up --- */

static bool
page_open(struct engine *e, struct search *s)
{
    struct page *p = mr_resize(e->cx, NULL, sizeof *p);
    size_t n = strlen(s->ahead->r.next) + 1;

    if (p == NULL)
        return engine_fail(e, MR_EMEMORY);
    memset(p, 0, sizeof *p);
    p->follows = mr_resize(e->cx, NULL, n);
    if (p->follows == NULL) {
        mr_resize(e->cx, p, 0);
        return engine_fail(e, MR_EMEMORY);
    }
    memcpy(p->follows, s->ahead->r.next, n);
    *s->pages_end = p;
    s->pages_end = &p->next;
    s->page = p;
    s->body = s->ahead;
    s->ahead = NULL;
    stream_over(&s->stream, s->flow->doc, s->body->r.body.p,
                s->body->r.body.n);
    if (uses_looks(s)) {
        s->stream.reader.knows = page_knows;
        s->stream.reader.knows_arg = s;
    }
    if (*p->follows != '\0') {
        /* What is asked for goes out behind this turn, so it ends here: the
         * peer makes the next page while this one is taken up. */
        ask_page(e, s, p->follows);
        s->fresh = e->owes_turn = true;
    }
    return true;
}

static void
page_close(struct engine *e, struct search *s)
{
    s->ended = *s->page->follows == '\0';
    s->page->read = true;
    s->tries = 0;
    s->page = NULL;
    stream_close(e, &s->stream);
    body_free(e, &s->body);
    if (s->ended && e->set.bug_mark_early && !s->sweep)
        mark_move(s);
    search_progress(e, s);
}

/* As it was agreed: nothing to do, and the quickest way to see it. */
static bool
page_echo(struct engine *e, struct search *s, struct merge *m)
{
    int side = s->flow->side;
    struct mr_val id = merge_id(m, side);
    struct store_link link;
    struct base base;
    char *text;
    bool echo = false;

    if (!mr_is_here(id))
        return false;
    text = mr_alloc(e->cx, (size_t)id.n + 1);
    if (text == NULL)
        return engine_fail(e, MR_EMEMORY);
    memcpy(text, id.p, id.n);
    text[id.n] = '\0';
    if (!st_link_by_record(e, s->flow->map, side, text, &link) ||
        link.gone[0] || link.gone[1] || link.base.n == 0 ||
        link.written[side] >= s->view)
        return false;
    if (base_unpack(e->cx, s->flow->repl, link.base, &base) != MR_OK ||
        merge_echo(m, side, &base, &echo) != MR_OK || !echo)
        return false;
    if (s->look != 0)
        st_look_put(e, link.id, side, s->look);
    return true;
}

static void
page_record(struct engine *e, struct search *s)
{
    struct flow *f = s->flow;
    struct merge m;
    struct item *it;
    int64_t changed;

    merge_init(&m, e->cx, f->map, e->keys);
    m.record[f->side] = s->record;
    s->page->records++;
    e->counts.read++;
    changed = moment_micros(merge_changed(&m, f->side));
    if (changed > s->greatest)
        s->greatest = changed;
    if (s->sweep) {
        sweep_record(e, s, &m);
    } else if (page_echo(e, s, &m)) {
        engine_note(e, EVENT_ECHO, f, "", "");
    } else if (e->status == MR_OK && (it = item_new(e, f)) != NULL) {
        item_set_record(e, it, &m, s->view);
        it->page = s->page;
        it->search = s;
        s->page->open++;
        item_run(e, it);
    }
    merge_done(&m);
}

static bool
search_feed(struct engine *e, struct search *s)
{
    bool any = false;

    if (s->state != SEARCH_RUNS)
        return false;
    if (s->page == NULL && s->ahead != NULL)
        any = page_open(e, s);
    while (s->page != NULL && !s->fresh && (s->sweep || items_room(e, 4)) &&
           e->status == MR_OK) {
        enum mr_status status;

        s->look = 0;
        status = stream_next(e, &s->stream, s->record);

        any = true;
        if (status == MR_OK && s->stream.reader.passed) {
            s->page->records++;
            e->counts.read++;
            engine_note(e, EVENT_ECHO, s->flow, "", "");
        } else if (status == MR_OK) {
            page_record(e, s);
        } else if (status == MR_END) {
            page_close(e, s);
        } else {
            engine_clear(e);
            search_restart(e, s, NULL);
        }
    }
    return any;
}

bool
searches_feed(struct engine *e)
{
    bool any = false;

    for (size_t i = 0; i < e->n_flows && e->status == MR_OK; i++) {
        any |= search_feed(e, &e->flows[i].poll);
        any |= search_feed(e, &e->flows[i].sweep);
        any |= sweep_turn(e, &e->flows[i].sweep);
    }
    return any;
}

/* --- when --- */

/* INT64_MAX: never by itself. */
static int64_t
poll_due(const struct flow *f)
{
    const struct mr_schedule *t = &f->repl->schedule[f->side];

    if (t->trigger != MR_TRIGGER_POLL || !side_reads(f))
        return INT64_MAX;
    /* A clock that was ahead must not hold it up. */
    return f->mark.polled == 0 || f->mark.polled > f->e->now ? 0
           : f->mark.polled + (int64_t)t->every * SECOND;
}

static int64_t
sweep_due(const struct flow *f)
{
    const struct mr_schedule *t = &f->repl->schedule[f->side];

    if (t->sweep == 0 || !side_reads(f))
        return INT64_MAX;
    return f->mark.swept == 0 || f->mark.swept > f->e->now ? 0
           : f->mark.swept + (int64_t)t->sweep * SECOND;
}

int64_t
flow_due(const struct flow *f)
{
    int64_t poll = poll_due(f), sweep = sweep_due(f);

    if (!f->e->running || (!f->marked && side_reads(f)))
        return f->e->running ? 0 : INT64_MAX;
    if (f->poll.state != SEARCH_OFF)
        poll = INT64_MAX;
    if (f->sweep.state != SEARCH_OFF)
        sweep = INT64_MAX;
    return poll < sweep ? poll : sweep;
}

static void
search_go(struct engine *e, struct search *s)
{
    if (s->state == SEARCH_PAUSE && s->due <= e->now) {
        s->state = SEARCH_RUNS;
        call_repeat(e, &s->call);
    }
    if (s->state == SEARCH_WAITS && s->due <= e->now && !is_blocked(e, s))
        search_start(e, s);
}

void
searches_schedule(struct engine *e)
{
    for (size_t i = 0; i < e->n_flows && e->status == MR_OK; i++) {
        struct flow *f = &e->flows[i];

        st_mark_load(f);
        f->poll.fresh = f->sweep.fresh = false;
        if (e->running && poll_due(f) <= e->now)
            search_begin(e, &f->poll, false);
        if (e->running && sweep_due(f) <= e->now)
            search_begin(e, &f->sweep, true);
        if (f->poll.state == SEARCH_WAITS && !is_loaded(f))
            f->poll.all = true;
    }
    /* Only now is it known which of them are loads, which others wait for. */
    for (size_t i = 0; i < e->n_flows && e->status == MR_OK; i++) {
        search_go(e, &e->flows[i].poll);
        search_go(e, &e->flows[i].sweep);
    }
}
