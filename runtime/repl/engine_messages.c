/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages: looked through when they come in, stored sealed by the next turn,
 * then taken from the store in the order of their arrival, record by record. A
 * message goes when its last record is done; one that is parked keeps its own
 * part of it.
 *
 * The records of a message are numbered through all maps that read such
 * messages, in the order of the program.
 */
#include "peer/idoc.h"
#include "repl/engine_state.h"
#include "repl/message_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "value/date.h"

enum { ARRIVED_BYTES_MAX = 64 * 1024 * 1024 };

/* Time zones differ by quarters of an hour; clocks are as far off; for so long
 * after a start messages may come that waited. In seconds. */
enum { QUARTER = 900, SKEW = 120, WAITED = 1800, SECOND = 1000000 };

static bool
takes_messages(const struct flow *f, const char *name, const char *p, size_t n)
{
    return f->to_other != NULL && f->doc != NULL &&
           strcmp(f->system->name, name) == 0 &&
           f->repl->schedule[f->side].trigger == MR_TRIGGER_MESSAGE &&
           message_is_of(f->doc, p, n);
}

/* --- coming in --- */

static enum mr_status
count_records(struct engine *e, const struct flow *f, const char *p, size_t n,
              uint32_t *records)
{
    void *record = mr_resize(e->cx, NULL, f->doc->shape->size);
    struct stream s;
    enum mr_status status;

    if (record == NULL)
        return MR_EMEMORY;
    stream_open(&s, f->doc, p, n);
    while ((status = stream_next(e, &s, record)) == MR_OK)
        ++*records;
    stream_close(e, &s);
    mr_resize(e->cx, record, 0);
    return status == MR_END ? MR_OK : status;
}

static void
ticket_add(struct engine *e, uint64_t ticket)
{
    if (e->n_tickets == e->tickets_room) {
        size_t room = e->tickets_room == 0 ? 64 : e->tickets_room * 2;
        uint64_t *p = mr_resize(e->cx, e->tickets, room * sizeof *p);

        if (p == NULL) {
            engine_fail(e, MR_EMEMORY);
            return;
        }
        e->tickets = p;
        e->tickets_room = room;
    }
    e->tickets[e->n_tickets++] = ticket;
}

bool
engine_accepted(struct engine *e, uint64_t *ticket)
{
    if (e->tickets_at == e->n_tickets || e->status != MR_OK) {
        e->tickets_at = e->n_tickets = 0;
        return false;
    }
    *ticket = e->tickets[e->tickets_at++];
    return true;
}

static enum mr_status
arrival_add(struct engine *e, const char *name, const char *p, size_t n,
            uint64_t ticket, uint32_t records)
{
    struct keep mem = { NULL };
    struct arrival *a = keep_alloc(e, &mem, sizeof *a);

    if (a == NULL)
        return MR_EMEMORY;
    memset(a, 0, sizeof *a);
    a->system = name;
    a->p = keep_slice(e, &mem, p, n);
    a->n = n;
    a->ticket = ticket;
    a->records = records;
    a->mem = mem;
    if (a->p == NULL) {
        keep_free(e, &mem);
        return MR_EMEMORY;
    }
    *e->arrivals_end = a;
    e->arrivals_end = &a->next;
    e->n_arrivals++;
    e->arrived_bytes += n;
    return MR_OK;
}

static bool
is_blank(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r' && p[i] != '\n')
            return false;
    return true;
}

enum mr_status
engine_message(struct engine *e, const char *name, const char *p, size_t n,
               uint64_t ticket)
{
    struct system *s = system_named(e, name);
    uint32_t records = 0;
    enum mr_status status = MR_OK;

    if (e->status != MR_OK)
        return e->status;
    engine_clear(e);
    if (s == NULL)
        return mr_fail(e->cx, MR_EUSAGE, "no map is replicated with %s", name);
    if (e->n_arrivals >= e->set.queue ||
        e->arrived_bytes + n > ARRIVED_BYTES_MAX)
        return MR_ELIMIT;
    for (size_t i = 0; i < e->n_flows && status == MR_OK; i++)
        if (takes_messages(&e->flows[i], name, p, n))
            status = count_records(e, &e->flows[i], p, n, &records);
    if (status == MR_EMEMORY || e->status != MR_OK)
        return MR_EMEMORY;
    if (status != MR_OK)
        return MR_EFORMAT;
    if (records == 0)
        return mr_fail(e->cx, MR_EFORMAT,
                       is_blank(p, n) ? "there is nothing in it"
                                      : "no map takes a record of it");
    return arrival_add(e, s->name, p, n, ticket, records);
}

static void
message_store(struct engine *e, struct arrival *a)
{
    struct store_message m = { .system = a->system, .serial = "",
                               .arrived = e->now, .records = a->records };

    m.sealed = st_seal(e, &a->mem, a->p, a->n);
    if (e->status != MR_OK || !st_message_put(e, &m))
        return;
    if (e->first_new == 0)
        e->first_new = m.id;
    e->feed_more = !e->set.dry;
    e->counts.messages++;
    if (!a->early)
        ticket_add(e, a->ticket);
}

static void
arrival_free(struct engine *e, struct arrival *a)
{
    struct keep mem = a->mem;

    e->n_arrivals--;
    e->arrived_bytes -= a->n;
    keep_free(e, &mem);
}

void
messages_store(struct engine *e)
{
    struct arrival *a = e->arrivals;

    e->arrivals = NULL;
    e->arrivals_end = &e->arrivals;
    while (a != NULL) {
        struct arrival *next = a->next;

        if (e->set.bug_ack_early && !a->early) {
            a->early = true;
            ticket_add(e, a->ticket);
            a->next = NULL;
            *e->arrivals_end = a;
            e->arrivals_end = &a->next;
        } else {
            message_store(e, a);
            arrival_free(e, a);
        }
        a = next;
    }
}

/* --- record by record --- */

static void
control_close(struct engine *e, struct feed *d)
{
    if (d->control != NULL)
        idoc_in_close(e->cx, d->control);
    d->control = NULL;
    d->control_left = 0;
    d->serial[0] = '\0';
}

static void
feed_close(struct engine *e, struct feed *d)
{
    control_close(e, d);
    stream_close(e, &d->stream);
    keep_free(e, &d->mem);
    mr_resize(e->cx, d->record, 0);
    memset(d, 0, sizeof *d);
}

/* The first flow at or behind `from` that reads this message, its stream
 * opened. false: none is left. */
static bool
feed_flow(struct engine *e, struct feed *d, size_t from)
{
    control_close(e, d);
    stream_close(e, &d->stream);
    for (d->flow = from; d->flow < e->n_flows; d->flow++) {
        const struct flow *f = &e->flows[d->flow];
        void *p;

        if (!takes_messages(f, d->system, d->p, d->n))
            continue;
        p = mr_resize(e->cx, d->record, f->doc->shape->size);
        if (p == NULL)
            return engine_fail(e, MR_EMEMORY);
        d->record = p;
        stream_open(&d->stream, f->doc, d->p, d->n);
        if (f->doc->format == MR_IDOC &&
            idoc_in_open(e->cx, d->p, d->n, f->doc, &d->control) != MR_OK) {
            d->control = NULL;
            engine_clear(e);
        }
        return true;
    }
    return false;
}

/* false: it can't be opened, or an error. */
static bool
feed_open(struct engine *e, struct feed *d, const struct store_message *m)
{
    unsigned char *out;
    size_t n;

    memset(d, 0, sizeof *d);
    d->id = m->id;
    d->arrived = m->arrived;
    d->system = keep_text(e, &d->mem, m->system);
    out = keep_alloc(e, &d->mem, m->sealed.n + 1);
    if (d->system == NULL || out == NULL)
        return false;
    if (seal_open(e->cx, e->keys, m->sealed.p, m->sealed.n, out, &n)
        != MR_OK) {
        engine_clear(e);
        return false;
    }
    d->p = (char *)out;
    d->n = n;
    feed_flow(e, d, 0);
    return e->status == MR_OK;
}

/* The control record that stands before the next record says when that was
 * sent. */
static void
feed_serial(struct engine *e, struct feed *d)
{
    struct idoc_control c;

    while (d->control != NULL && d->control_left == 0) {
        if (idoc_in_next(e->cx, d->control, &c) != MR_OK) {
            control_close(e, d);
            engine_clear(e);
            return;
        }
        d->control_left = c.records;
        idoc_serial(&c, d->serial, sizeof d->serial);
        if (d->serial[0] == '\0' && c.docnum[0] != '\0')
            snprintf(d->serial, sizeof d->serial, "%016llu",
                     strtoull(c.docnum, NULL, 10));
    }
    if (d->control_left > 0)
        d->control_left--;
}

/* The next record; d->flow says whose. MR_END: no more. */
static enum mr_status
feed_next(struct engine *e, struct feed *d)
{
    while (d->stream.open) {
        enum mr_status status;

        feed_serial(e, d);
        status = stream_next(e, &d->stream, d->record);

        if (status == MR_OK) {
            d->index++;
            return status;
        }
        if (status != MR_END)
            return status;
        feed_flow(e, d, d->flow + 1);
    }
    return MR_END;
}

/* --- when it was made --- */

/* "20260301120000…" as micros; 0: it doesn't begin with a time. */
static int64_t
time_of(const char *serial)
{
    char text[24];
    struct mr_moment m;

    if (strlen(serial) < 20 || mr_digits(serial, 8) < 0 ||
        mr_digits(serial + 8, 6) < 0)
        return 0;
    snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", serial,
             serial + 4, serial + 6, serial + 8, serial + 10, serial + 12);
    if (mr_moment_read(text, (uint32_t)strlen(text), &m) != MR_WHY_NONE)
        return 0;
    return m.seconds * SECOND;
}

static int64_t
floor_to(int64_t a, int64_t unit)
{
    return (a - (a % unit + unit) % unit) / unit;
}

/* A system writes its local time. How far that is from ours, the messages that
 * did not wait tell: those that came a while after the start. Until then whole
 * hours are taken: the message may have waited for the rest. */
static void
zone_learn(struct engine *e, struct system *s, int64_t arrived, int64_t made)
{
    int64_t second = SECOND, apart = arrived - made + SKEW * second;
    int64_t zone = floor_to(apart, QUARTER * second);
    int64_t hours = floor_to(apart, 4 * QUARTER * second) * 4;
    bool settled = arrived - e->started > WAITED * second;
    char name[80], text[24];
    struct mr_bytes known;

    snprintf(name, sizeof name, "zone:%.60s", s->name);
    known = s->zoned ? (struct mr_bytes){ "", 0 } : st_meta(e, name);
    if (known.n > 0 && known.n < sizeof text) {
        memcpy(text, known.p, known.n);
        text[known.n] = '\0';
        s->zone = strtoll(text, NULL, 10);
        s->zoned = true;
    }
    if (!s->zoned && !settled)
        zone = hours;
    else if (s->zoned && !settled && zone >= s->zone)
        return;
    else if (s->zoned && zone == s->zone)
        return;
    s->zone = zone;
    s->zoned = true;
    snprintf(text, sizeof text, "%lld", (long long)zone);
    st_meta_put(e, name, (struct mr_bytes){ text, strlen(text) });
}

int64_t
message_made(const struct engine *e, const struct item *it)
{
    int64_t made = it->made + it->flow->system->zone * QUARTER * SECOND;
    bool may_have_waited = it->arrived - e->started < (int64_t)WAITED * SECOND;

    return it->made != 0 && may_have_waited && made < it->arrived
               ? made : it->arrived;
}

static void
feed_item(struct engine *e, struct feed *d, struct item *it)
{
    struct flow *f = &e->flows[d->flow];
    struct merge m;

    merge_init(&m, e->cx, f->map, e->keys);
    m.record[f->side] = d->record;
    it->message = d->id;
    it->index = d->index - 1;
    it->arrived = d->arrived;
    item_set_record(e, it, &m, e->now);
    if (d->serial[0] != '\0')
        it->serial = keep_text(e, &it->mem, d->serial);
    it->made = time_of(d->serial);
    if (it->made != 0)
        zone_learn(e, f->system, d->arrived, it->made);
    merge_done(&m);
}

/* Done with, or parked, before this start. */
static bool
is_taken(struct engine *e, const struct feed *d)
{
    struct store_query q = { .message = d->id };
    struct store_parked p;

    if (e->first_new != 0 && d->id >= e->first_new)
        return false;
    if (st_message_is_done(e, d->id, d->index - 1))
        return true;
    while (st_parked_next(e, &q, &p)) {
        q.after = p.id;
        if (p.index == d->index - 1)
            return true;
    }
    return false;
}

/* Bytes of which nothing can be made any more: the store's key is another one,
 * or the program no longer reads them. */
static void
feed_park(struct engine *e, const struct store_message *m, uint32_t index)
{
    struct store_parked row = {
        .kind = PARKED_FORMAT, .map = "", .record_id = "", .key = "",
        .message = m->id, .index = index, .rule = "",
        .reason = "a stored message can't be read", .detail = { "", 0 },
        .wants_map = "", .wants_key = "", .made = e->now
    };

    st_parked_put(e, &row);
    for (size_t i = 0; i < e->n_flows; i++)
        if (strcmp(e->flows[i].system->name, m->system) == 0) {
            engine_note(e, EVENT_PARKED, &e->flows[i], "", row.reason);
            break;
        }
}

/* The next stored message is opened. false: there is none. */
static bool
feed_begin(struct engine *e)
{
    struct store_message m;
    struct store_query q;
    struct store_parked p;

    if (!e->feed_more || e->status != MR_OK)
        return false;
    if (!st_message_next(e, e->fed, &m)) {
        e->feed_more = false;
        return false;
    }
    e->fed = m.id;
    if (feed_open(e, &e->feed, &m) || e->status != MR_OK)
        return true;
    feed_close(e, &e->feed);
    q = (struct store_query){ .message = e->fed };
    if (!st_parked_next(e, &q, &p) && st_message(e, e->fed, &m)) {
        m.system = arena_text(e, m.system);
        if (m.system != NULL)
            feed_park(e, &m, 0);
    }
    return true;
}

bool
messages_feed(struct engine *e)
{
    struct feed *d = &e->feed;
    bool any = false;

    while (items_room(e, 0)) {
        struct item *it;
        enum mr_status status;

        if (d->id == 0 && !feed_begin(e))
            break;
        any = true;
        if (d->id == 0)
            continue;
        status = feed_next(e, d);
        if (status != MR_OK) {
            int64_t id = d->id;

            if (status != MR_END)
                engine_clear(e);
            feed_close(e, d);
            message_spend(e, id);
            continue;
        }
        if (is_taken(e, d))
            continue;
        it = item_new(e, &e->flows[d->flow]);
        if (it == NULL)
            break;
        feed_item(e, d, it);
        item_run(e, it);
    }
    return any;
}

bool
message_record(struct engine *e, struct item *it, int64_t id, uint32_t index)
{
    struct store_message m;
    struct feed d;
    bool found = false;

    memset(&d, 0, sizeof d);
    if (!st_message(e, id, &m))
        return false;
    if (feed_open(e, &d, &m)) {
        while (!found && feed_next(e, &d) == MR_OK)
            found = d.index == index + 1;
        found = found && &e->flows[d.flow] == it->flow;
        if (found)
            feed_item(e, &d, it);
    }
    engine_clear(e);
    feed_close(e, &d);
    return found && e->status == MR_OK;
}

/* --- what is done with --- */

struct spent {
    struct engine *e;
    int64_t id;
};

static bool
record_is_done(void *arg, uint32_t index)
{
    const struct spent *s = arg;

    return st_message_is_done(s->e, s->id, index);
}

static bool
message_in_work(const struct engine *e, int64_t id)
{
    for (uint32_t i = 0; i < e->set.queue; i++)
        if (e->items[i] != NULL && e->items[i]->message == id)
            return true;
    return e->feed.id == id;
}

/* Without what is done with, under the same id: numbers of records stay. */
static void
message_strip_stored(struct engine *e, const struct store_message *stored)
{
    struct store_message m = *stored;
    struct spent s = { e, m.id };
    struct message open = { .program = e->program };
    struct keep mem = { NULL };
    unsigned char *p = keep_alloc(e, &mem, m.sealed.n + 1);

    m.system = open.system = keep_text(e, &mem, m.system);
    m.serial = keep_text(e, &mem, m.serial);
    open.p = (char *)p;
    if (e->status == MR_OK &&
        seal_open(e->cx, e->keys, m.sealed.p, m.sealed.n, p, &open.n) == MR_OK &&
        message_strip(e->cx, &open, record_is_done, &s)) {
        m.sealed = st_seal(e, &mem, open.p, open.n);
        if (e->status == MR_OK)
            st_message_put(e, &m);
    }
    if (e->status == MR_OK)
        engine_clear(e);
    keep_free(e, &mem);
}

void
message_spend(struct engine *e, int64_t id)
{
    struct store_message m;

    if (e->status == MR_OK && !e->set.dry && !message_in_work(e, id) &&
        st_message(e, id, &m) && m.records > 1)
        message_strip_stored(e, &m);
}

void
messages_done(struct engine *e)
{
    while (e->arrivals != NULL) {
        struct arrival *a = e->arrivals;

        e->arrivals = a->next;
        arrival_free(e, a);
    }
    feed_close(e, &e->feed);
}
