/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine as a whole: made from a program and what the store knows, one turn
 * after another. What was told since the last turn is settled in one
 * transaction; then items go on as far as they can, and new ones are taken up
 * while there is room.
 */
#include "repl/engine_state.h"

enum { SEARCH_TRIES = 5 };     /* without a page: it fails */

void
engine_defaults(struct engine_settings *s)
{
    memset(s, 0, sizeof *s);
    s->queue = 512;
    s->in_flight = 64;
    s->tries = 8;
    s->stale_tries = 5;
    s->backoff_ms = 500;
    s->backoff_max_ms = 60000;
    s->breaker = 10;
    s->breaker_pause_ms = 30000;
    s->seed = 1;
}

bool
engine_fail(struct engine *e, enum mr_status status)
{
    if (e->status == MR_OK)
        e->status = status;
    return false;
}

/* The error was about a document and is dealt with. */
void
engine_clear(struct engine *e)
{
    e->cx->error.status = MR_OK;
    e->cx->error.text[0] = '\0';
}

/* splitmix64 */
uint64_t
engine_random(struct engine *e)
{
    uint64_t z = e->random += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static void
count(struct engine *e, enum engine_event event, int side)
{
    struct engine_counts *c = &e->counts;

    switch (event) {
    case EVENT_CREATED: c->created[side]++; break;
    case EVENT_UPDATED: c->updated[side]++; break;
    case EVENT_DELETED: c->deleted[side]++; break;
    case EVENT_ECHO: c->echoes++; break;
    case EVENT_MATCHED: c->matched++; break;
    case EVENT_CONFLICT: c->conflicts++; break;
    case EVENT_PARKED: c->parked++; break;
    case EVENT_REJECTED: c->rejected++; break;
    case EVENT_WOKEN: c->woken++; break;
    case EVENT_RETRY: c->retries++; break;
    case EVENT_STALE: c->stale++; break;
    case EVENT_LEFT_OUT: c->left_out++; break;
    case EVENT_UNLINKED: c->unlinked++; break;
    case EVENT_GUARD: case EVENT_BREAKER: break;
    }
}

void
engine_note(struct engine *e, enum engine_event event, const struct flow *f,
            const char *key, const char *text)
{
    struct engine_notice n = { event, f->map, f->side,
                               key == NULL ? "" : key, text, NULL, 0 };

    count(e, event, f->side);
    if (e->notice != NULL)
        e->notice(e->notice_arg, &n);
}

/* --- made and freed --- */

static bool
systems_add(struct engine *e, const char *name)
{
    struct system *s;

    if (system_named(e, name) != NULL)
        return true;
    s = &e->systems[e->n_systems++];
    s->name = name;
    return true;
}

/* What another program made of a record says nothing here. */
static uint64_t
looks_salt(struct engine *e, const struct mr_map *map, int side)
{
    const struct mr_program *p = e->program;
    uint64_t of[4] = { 0, 0, 0, (uint64_t)side };

    of[0] = seal_hash(e->keys, map->name, strlen(map->name));
    of[1] = p->compiler == NULL
                ? 0 : seal_hash(e->keys, p->compiler, strlen(p->compiler));
    for (uint16_t i = 0; i < p->n_sources; i++) {
        uint64_t pair[2] = { of[2], p->sources[i].hash };

        of[2] = seal_hash(e->keys, pair, sizeof pair);
    }
    return seal_hash(e->keys, of, sizeof of);
}

static void
flow_init(struct engine *e, struct flow *f, const struct mr_map *map, int side,
          uint32_t slot)
{
    const struct mr_flow *away = side == MR_LEFT ? map->to_right
                                                 : map->to_left;
    const struct mr_flow *back = side == MR_LEFT ? map->to_left
                                                 : map->to_right;

    f->e = e;
    f->map = map;
    f->repl = map->repl;
    f->side = side;
    f->to_other = away;
    /* A side that only receives is read, too: is it there already? */
    f->doc = away != NULL ? away->from
             : back != NULL ? back->to
                            : NULL;
    f->system = system_named(e, side == MR_LEFT ? map->left : map->right);
    f->looks = !f->repl->cyclic &&
               (f->repl->after == NULL || f->repl->after[0] == NULL);
    f->salt = looks_salt(e, map, side);
    f->other = side == MR_LEFT ? f + 1 : f - 1;
    search_init(e, &f->poll, f, false, slot);
    search_init(e, &f->sweep, f, true, slot + 1);
}

static void *
zeroed(struct engine *e, size_t n, size_t size)
{
    void *p = mr_resize(e->cx, NULL, (n + 1) * size);

    if (p == NULL)
        engine_fail(e, MR_EMEMORY);
    else
        memset(p, 0, (n + 1) * size);
    return p;
}

static bool
flows_init(struct engine *e)
{
    const struct mr_program *p = e->program;
    uint32_t slot = e->set.queue;

    e->systems = zeroed(e, (size_t)p->n_maps * 2, sizeof *e->systems);
    e->flows = zeroed(e, (size_t)p->n_maps * 2, sizeof *e->flows);
    e->n_slots = e->set.queue + (uint32_t)p->n_maps * 4;
    e->calls = zeroed(e, e->n_slots, sizeof(struct call *));
    e->items = zeroed(e, e->set.queue, sizeof(struct item *));
    e->places = zeroed(e, e->set.queue, sizeof *e->places);
    if (e->status != MR_OK)
        return false;
    for (uint32_t i = 0; i < e->set.queue; i++)
        e->places[i] = i;
    for (uint16_t i = 0; i < p->n_maps; i++) {
        const struct mr_map *m = p->maps[i];

        if (m->repl == NULL)
            continue;
        systems_add(e, m->left);
        systems_add(e, m->right);
    }
    /* Their addresses are final from here on. */
    for (size_t i = 0; i < e->n_systems; i++)
        system_init(&e->systems[i]);
    for (uint16_t i = 0; i < p->n_maps; i++) {
        const struct mr_map *m = p->maps[i];

        for (int side = 0; side < 2 && m->repl != NULL; side++) {
            flow_init(e, &e->flows[e->n_flows++], m, side, slot);
            slot += 2;
        }
    }
    return true;
}

enum mr_status
engine_new(struct mr_cx *cx, const struct mr_program *program,
           const struct engine_settings *settings, struct store *store,
           const struct store_keys *keys, struct engine **out)
{
    struct engine *e = mr_resize(cx, NULL, sizeof *e);

    *out = NULL;
    if (e == NULL)
        return MR_EMEMORY;
    memset(e, 0, sizeof *e);
    e->cx = cx;
    e->program = program;
    e->set = *settings;
    if (e->set.queue == 0)
        e->set.queue = 1;
    if (e->set.in_flight == 0)
        e->set.in_flight = 1;
    e->store = store;
    e->keys = keys;
    e->random = settings->seed;
    e->run_end = &e->run;
    e->answers_end = &e->answers;
    e->arrivals_end = &e->arrivals;
    e->feed_more = e->intents_more = !e->set.dry;
    refs_init(e);
    if (!flows_init(e)) {
        engine_free(e);
        return MR_EMEMORY;
    }
    *out = e;
    return MR_OK;
}

static void
flow_free(struct engine *e, struct flow *f)
{
    search_stop(e, &f->poll);
    search_stop(e, &f->sweep);
    mr_resize(e->cx, f->mark_text, 0);
    mr_resize(e->cx, f->load_text, 0);
}

void
engine_free(struct engine *e)
{
    if (e == NULL)
        return;
    if (e->in_turn)
        e->store->ops->rollback(e->store);
    for (uint32_t i = 0; e->items != NULL && i < e->set.queue; i++)
        if (e->items[i] != NULL)
            item_free(e, e->items[i]);
    for (size_t i = 0; i < e->n_flows; i++)
        flow_free(e, &e->flows[i]);
    while (e->answers != NULL) {
        struct answer *a = e->answers;
        struct keep mem = a->mem;

        e->answers = a->next;
        keep_free(e, &mem);
    }
    messages_done(e);
    mr_resize(e->cx, e->systems, 0);
    mr_resize(e->cx, e->flows, 0);
    mr_resize(e->cx, e->calls, 0);
    mr_resize(e->cx, e->items, 0);
    mr_resize(e->cx, e->places, 0);
    mr_resize(e->cx, e->tickets, 0);
    mr_resize(e->cx, e->seen, 0);
    if (e->cx->finder == &e->finder)
        e->cx->finder = NULL;
    mr_resize(e->cx, e, 0);
}

void
engine_watch(struct engine *e,
             void (*notice)(void *arg, const struct engine_notice *n),
             void *arg)
{
    e->notice = notice;
    e->notice_arg = arg;
}

void
engine_readable(struct engine *e, const char *name, bool reads)
{
    struct system *s = system_named(e, name);

    if (s != NULL)
        s->reads = reads;
}

/* --- a turn --- */

/* With padding behind it. */
static struct op_bytes
kept_body(struct engine *e, struct keep *k, struct op_bytes b)
{
    struct op_bytes copy = { "", 0 };
    char *p;

    if (b.n == 0)
        return copy;
    p = keep_alloc(e, k, b.n + MR_PADDING);
    if (p == NULL)
        return copy;
    memcpy(p, b.p, b.n);
    memset(p + b.n, 0, MR_PADDING);
    return (struct op_bytes){ p, b.n };
}

static const char *
kept_text(struct engine *e, struct keep *k, const char *s)
{
    const char *copy = s == NULL || *s == '\0' ? "" : keep_text(e, k, s);

    return copy == NULL ? "" : copy;
}

void
engine_result(struct engine *e, const struct op_result *r)
{
    struct keep mem = { NULL };
    struct answer *a = keep_alloc(e, &mem, sizeof *a);

    if (a == NULL)
        return;
    a->next = NULL;
    a->r = *r;
    a->r.body = kept_body(e, &mem, r->body);
    a->r.record_id = kept_text(e, &mem, r->record_id);
    a->r.etag = kept_text(e, &mem, r->etag);
    a->r.next = kept_text(e, &mem, r->next);
    a->r.text = kept_text(e, &mem, r->text);
    a->mem = mem;
    *e->answers_end = a;
    e->answers_end = &a->next;
}

static void
answer_free(struct engine *e, struct answer *a)
{
    struct keep mem = a->mem;   /* which holds the answer itself */

    keep_free(e, &mem);
}

static void
answers_take(struct engine *e)
{
    while (e->answers != NULL && e->status == MR_OK) {
        struct answer *a = e->answers;
        struct call *c = e->calls[a->r.id % e->n_slots];

        e->answers = a->next;
        if (e->answers == NULL)
            e->answers_end = &e->answers;
        if (c == NULL || c->state != CALL_OUT || c->op.id != a->r.id) {
            answer_free(e, a);  /* nobody waits for it any more */
            continue;
        }
        call_back(c);
        if (c->search != NULL) {
            search_answer(e, c->search, a);
            continue;           /* it keeps the answer */
        }
        item_answer(e, c->item, &a->r);
        answer_free(e, a);
    }
}

static void
settle(struct engine *e)
{
    bool more = true;

    messages_store(e);
    answers_take(e);
    items_due(e);
    searches_schedule(e);
    while (more && e->status == MR_OK) {
        items_run(e);
        more = parked_feed(e);
        more |= messages_feed(e);
        more |= searches_feed(e);
    }
}

/* The errors of one document are dealt with where they come up. */
static enum mr_status
turn_open(struct engine *e)
{
    enum mr_status status;

    if (e->status != MR_OK)
        return e->status;
    if (e->in_turn)
        return MR_OK;
    engine_clear(e);
    e->cx->finder = &e->finder;
    status = e->store->ops->begin(e->cx, e->store);
    if (status != MR_OK)
        return e->status = status;
    e->in_turn = true;
    return MR_OK;
}

static enum mr_status
turn_close(struct engine *e)
{
    e->in_turn = false;
    mr_cx_next(e->cx);
    if (e->status == MR_OK && !e->set.dry)
        engine_fail(e, e->store->ops->commit(e->cx, e->store));
    if (e->status != MR_OK || e->set.dry)
        e->store->ops->rollback(e->store);
    e->cx->finder = NULL;
    return e->status;
}

/* The time goes on; the first one is where numbers begin. */
static void
time_is(struct engine *e, int64_t now)
{
    if (e->now < now)
        e->now = now;
    if (e->next_op == 0) {
        e->next_op = (uint64_t)e->now;
        e->next_token = (uint64_t)e->now;
        e->started = e->now;
    }
}

enum mr_status
engine_turn(struct engine *e, int64_t now)
{
    time_is(e, now);
    if (turn_open(e) != MR_OK)
        return e->status;
    e->owes_turn = false;
    settle(e);
    return turn_close(e);
}

enum mr_status
engine_take_in(struct engine *e, int64_t now)
{
    time_is(e, now);
    if (turn_open(e) != MR_OK)
        return e->status;
    e->owes_turn = true;
    messages_store(e);
    return turn_close(e);
}

enum mr_status
engine_retry(struct engine *e, int64_t parked)
{
    struct store_parked p;

    if (turn_open(e) != MR_OK)
        return e->status;
    if (!st_parked(e, parked, &p))
        return e->status == MR_OK ? MR_END : e->status;
    p.next = e->now > 0 ? e->now : 1;
    st_parked_put(e, &p);
    e->parked_due = 0;
    return e->status;
}

enum mr_status
engine_drop(struct engine *e, int64_t parked)
{
    struct store_parked p;

    if (turn_open(e) != MR_OK)
        return e->status;
    if (!st_parked(e, parked, &p))
        return e->status == MR_OK ? MR_END : e->status;
    if (p.message != 0 && !st_message_done(e, p.message, p.index))
        message_spend(e, p.message);
    known_drop(e, &p);
    st_parked_drop(e, parked);
    return e->status;
}

static const struct mr_repl *
repl_named(const struct engine *e, const char *map)
{
    for (size_t i = 0; i < e->n_flows; i++)
        if (strcmp(e->flows[i].map->name, map) == 0)
            return e->flows[i].repl;
    return NULL;
}

enum mr_status
engine_forget(struct engine *e, int64_t link, size_t *n)
{
    const struct mr_repl *repl;
    struct base_kept *kept;
    struct store_link l;
    struct base base;

    *n = 0;
    if (turn_open(e) != MR_OK)
        return e->status;
    if (!st_link(e, link, &l))
        return e->status == MR_OK ? MR_END : e->status;
    repl = repl_named(e, l.map);
    if (repl == NULL || base_unpack(e->cx, repl, l.base, &base) != MR_OK)
        return e->cx->error.status;
    kept = mr_alloc(e->cx, (base.n_kept + 1) * sizeof *kept);
    if (kept == NULL)
        return e->cx->error.status;
    for (size_t i = 0; i < base.n_kept; i++)
        if (base.kept[i].what == BASE_VALUE)
            kept[i - *n] = base.kept[i];
        else
            ++*n;
    base.kept = kept;
    base.n_kept -= *n;
    if (*n == 0)
        return MR_OK;
    if (base_pack(e->cx, repl, &base, &l.base) != MR_OK)
        return e->cx->error.status;
    return st_link_put(e, &l) ? MR_OK : e->status;
}

/* --- asked from outside --- */

static int64_t
sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t
engine_deadline(const struct engine *e)
{
    int64_t due = INT64_MAX;

    if (e->answers != NULL || e->arrivals != NULL || e->in_turn ||
        e->owes_turn)
        return 0;
    if (!e->set.dry && !e->parked_more)
        due = e->parked_due;
    for (uint32_t i = 0; i < e->set.queue; i++)
        if (e->items[i] != NULL && e->items[i]->state == ITEM_PAUSE)
            due = sooner(due, e->items[i]->due);
    for (size_t i = 0; i < e->n_flows; i++) {
        const struct flow *f = &e->flows[i];

        due = sooner(due, search_due(e, &f->poll));
        due = sooner(due, search_due(e, &f->sweep));
        due = sooner(due, flow_due(f));
    }
    for (size_t i = 0; i < e->n_systems; i++)
        if (system_waits(&e->systems[i]) && e->systems[i].hold > e->now)
            due = sooner(due, e->systems[i].hold);
    return due;
}

bool
engine_idle(const struct engine *e)
{
    if (e->n_items > 0 || e->answers != NULL || e->arrivals != NULL ||
        e->in_turn || e->feed_more || e->feed.id != 0 || e->parked_more ||
        e->intents_more)
        return false;
    for (size_t i = 0; i < e->n_flows; i++)
        if (e->flows[i].poll.state != SEARCH_OFF ||
            e->flows[i].sweep.state != SEARCH_OFF)
            return false;
    return true;
}

bool
engine_waiting(const struct engine *e)
{
    for (uint32_t i = 0; i < e->set.queue; i++)
        if (e->items[i] != NULL && e->items[i]->state == ITEM_PAUSE)
            return true;
    for (size_t i = 0; i < e->n_systems; i++)
        if (system_waits(&e->systems[i]) &&
            (e->systems[i].hold > e->now || e->systems[i].open))
            return true;
    return false;
}

static bool
search_fails(const struct search *s)
{
    return s->state != SEARCH_OFF &&
           (s->tries >= SEARCH_TRIES || s->refused >= SEARCH_TRIES);
}

bool
engine_search_fails(const struct engine *e)
{
    for (size_t i = 0; i < e->n_flows; i++)
        if (search_fails(&e->flows[i].poll) ||
            search_fails(&e->flows[i].sweep))
            return true;
    return false;
}

void
engine_counted(const struct engine *e, struct engine_counts *out)
{
    *out = e->counts;
}

uint64_t
engine_loaded(const struct engine *e, const struct mr_map *map, int side)
{
    for (size_t i = 0; i < e->n_flows; i++)
        if (e->flows[i].map == map && e->flows[i].side == side)
            return e->flows[i].mark.loaded;
    return 0;
}
