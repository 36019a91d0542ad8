/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same random calls to every backend: each has to answer as the first one
 * does. What the simulation shows over memory then holds over a file.
 */
#include "store/columns.h"
#include "unit/store_backends.h"

enum { STORES = CHECK_ROWS(backends), STEPS = 6000, ROOM = 4000 };

static uint64_t state;

static uint32_t
pick(uint32_t n)
{
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* Few different ones, so that rows meet. */
static const char *
pick_text(void)
{
    static const char *const texts[] = { "", "a", "b", "Order", "a\x1fz",
                                         "Müller", NULL };

    return texts[pick(CHECK_ROWS(texts))];
}

static struct mr_bytes
pick_bytes(void)
{
    static const char zeros[3000];
    struct mr_bytes b = { zeros, pick(4) == 0 ? pick(3000) : pick(4) };

    return b;
}

static int64_t
pick_id(void)
{
    return pick(40);
}

/* A row of random columns; texts that may be NULL are, too. */
static void
pick_row(enum store_table_id table, void *row)
{
    const struct store_table *t = &store_tables[table];

    memset(row, 0, t->size);
    for (size_t i = 0; i < t->n; i++) {
        const struct store_column *c = &t->columns[i];
        char *at = (char *)row + c->at;
        int64_t number = i == 0 && pick(3) != 0 ? 0 : pick_id();
        int small = (int)pick(c->max == 0 ? 9 : c->max + 1u);
        uint32_t count = pick(5);
        const char *text = pick_text();
        struct mr_bytes b = pick_bytes();

        if (c->kind == COLUMN_NUMBER || c->kind == COLUMN_HASH)
            memcpy(at, &number, sizeof number);
        else if (c->kind == COLUMN_COUNT)
            memcpy(at, &count, sizeof count);
        else if (c->kind == COLUMN_INT)
            memcpy(at, &small, sizeof small);
        else if (c->kind == COLUMN_BYTES)
            memcpy(at, &b, sizeof b);
        else if (c->kind == COLUMN_TEXT || c->kind == COLUMN_MAYBE)
            memcpy(at, &text, sizeof text);
        else
            *at = (char)(small & 1);
    }
}

/* A row as text, to compare; what was answered before it. */
static void
print_row(char *out, enum mr_status st, enum store_table_id table,
          const void *row)
{
    const struct store_table *t = &store_tables[table];
    size_t n = (size_t)snprintf(out, ROOM, "%d", st);

    for (size_t i = 0; st == MR_OK && i < t->n && n < ROOM; i++) {
        const struct store_column *c = &t->columns[i];
        const char *at = (const char *)row + c->at, *text;
        struct mr_bytes b;
        int64_t number = 0;

        if (c->kind == COLUMN_BYTES) {
            memcpy(&b, at, sizeof b);
            number = (int64_t)b.n;
        } else if (c->kind == COLUMN_TEXT || c->kind == COLUMN_MAYBE) {
            memcpy(&text, at, sizeof text);
            n += (size_t)snprintf(out + n, ROOM - n, " %s=%s", c->name,
                                  text == NULL ? "(null)" : text);
            continue;
        } else if (c->kind == COLUMN_SIDE || c->kind == COLUMN_FLAG) {
            number = *at;
        } else {
            memcpy(&number, at, c->kind == COLUMN_COUNT ||
                                c->kind == COLUMN_INT ? 4 : 8);
        }
        n += (size_t)snprintf(out + n, ROOM - n, " %s=%lld", c->name,
                              (long long)number);
    }
}

/* One random call; its answer as text. */
struct call {
    uint32_t what;
    int side;
    int64_t id, after;
    const char *map, *text;
    struct mr_bytes bytes;
    struct store_query q;
    union {
        struct store_link link;
        struct store_intent intent;
        struct store_message message;
        struct store_parked parked;
        struct store_decision decision;
        struct store_mark_row mark;
    } row;
};

static const enum store_table_id tables_of[] = {
    TABLE_LINK, TABLE_INTENT, TABLE_MESSAGE, TABLE_PARKED, TABLE_DECISION,
    TABLE_MARK
};

static void
pick_call(struct call *c)
{
    memset(c, 0, sizeof *c);
    c->what = pick(30);
    c->side = (int)pick(2);
    c->id = pick_id();
    c->after = pick(3) == 0 ? 0 : pick_id();
    do {
        c->map = pick_text();
    } while (c->map == NULL);
    do {
        c->text = pick_text();
    } while (c->text == NULL);
    c->bytes = pick_bytes();
    c->q.after = c->after;
    c->q.map = pick(3) == 0 ? c->map : NULL;
    c->q.link = pick(3) == 0 ? pick_id() : 0;
    c->q.message = pick(5) == 0 ? pick_id() : 0;
    c->q.key = pick(3) == 0 ? "a" : NULL;
    c->q.wants_map = pick(4) == 0 ? "b" : NULL;
    c->q.wants_key = pick(4) == 0 ? "b" : NULL;
    c->q.due = pick(2) == 0 ? pick_id() : 0;
    if (c->what < CHECK_ROWS(tables_of))
        pick_row(tables_of[c->what], &c->row);
}

/* Puts give the id, which is as good as the row. */
static enum mr_status
put(struct box *b, struct call *c)
{
    switch (c->what) {
    case 0:
        return CALL(b, link_put, &c->row.link);
    case 1:
        return CALL(b, intent_put, &c->row.intent);
    case 2:
        return CALL(b, message_put, &c->row.message);
    case 3:
        return CALL(b, parked_put, &c->row.parked);
    case 4:
        return CALL(b, decision_put, &c->row.decision);
    default:
        c->row.mark.mark.map = c->map;
        return CALL(b, mark_put, &c->row.mark.mark);
    }
}

static void
drop(struct box *b, const struct call *c, char *out)
{
    bool empty = false;
    uint32_t n = 0;
    enum mr_status st;

    switch (c->what) {
    case 6:
        st = CALL(b, link_drop, c->id);
        break;
    case 7:
        st = CALL(b, intent_drop, c->id);
        break;
    case 8:
        st = CALL(b, message_drop, c->id);
        break;
    case 9:
        st = CALL(b, parked_drop, c->id);
        break;
    case 10:
        st = CALL(b, decision_drop, c->id);
        break;
    case 11:
        st = CALL(b, decision_trim, c->after, 3, &n);
        break;
    case 12:
        st = CALL(b, meta_put, c->text, c->bytes);
        break;
    default:
        st = CALL(b, message_done, c->id, (uint32_t)c->after % 6, &empty);
    }
    snprintf(out, ROOM, "%d %d %u", st, empty, (unsigned)n);
}

static void
find(struct box *b, const struct call *c, char *out)
{
    struct store_link l;
    struct store_intent i;
    const char *key = c->what % 2 == 0 ? c->text : NULL;

    switch (c->what) {
    case 16:
        print_row(out, CALL(b, link_by_id, c->id, &l), TABLE_LINK, &l);
        break;
    case 17:
        print_row(out, CALL(b, link_by_record, c->map, c->side, c->text, &l),
                  TABLE_LINK, &l);
        break;
    case 18:
        print_row(out, CALL(b, link_by_key, c->map, c->side, c->text, &l),
                  TABLE_LINK, &l);
        break;
    case 19:
        print_row(out, CALL(b, link_next, c->q.map, c->after, &l), TABLE_LINK,
                  &l);
        break;
    case 20:
        print_row(out, CALL(b, intent_next, c->after, &i), TABLE_INTENT, &i);
        break;
    default:
        print_row(out, CALL(b, intent_find, c->map, c->side, key, c->id, &i),
                  TABLE_INTENT, &i);
    }
}

static void
look(struct box *b, const struct call *c, char *out)
{
    struct store_mark_row mark = { 0, { .map = NULL } };
    struct store_counts n = { 0 };
    struct store_message m;
    struct store_parked p;
    struct store_decision d;
    struct mr_bytes value;
    uint64_t links = 0;
    enum mr_status st;
    bool done = false;

    switch (c->what) {
    case 23:
        print_row(out, CALL(b, message_next, c->after, &m), TABLE_MESSAGE, &m);
        break;
    case 24:
        st = CALL(b, message_is_done, c->id, (uint32_t)c->after % 6, &done);
        snprintf(out, ROOM, "%d %d", st, done);
        break;
    case 25:
    case 26:
        print_row(out, CALL(b, parked_next, &c->q, &p), TABLE_PARKED, &p);
        break;
    case 27:
        print_row(out, CALL(b, decision_next, &c->q, &d), TABLE_DECISION, &d);
        break;
    case 28:
        st = CALL(b, mark_get, c->map, c->side, &mark.mark);
        print_row(out, st, TABLE_MARK, &mark);
        break;
    default:
        st = b->ops->counts(&b->cx, b->s, &n);
        CHECK(CALL(b, link_count, c->map, &links) == MR_OK);
        CHECK(CALL(b, meta_get, c->text, &value) >= MR_OK);
        snprintf(out, ROOM, "%d %d %d %d %d %d %d %d", st, (int)n.links,
                 (int)n.intents, (int)n.messages, (int)n.parked,
                 (int)n.decisions, (int)links, (int)value.n);
    }
}

static void
answer(struct box *b, struct call c, char *out)
{
    enum mr_status st;

    if (c.what < CHECK_ROWS(tables_of)) {
        st = put(b, &c);
        snprintf(out, ROOM, "%d %lld", st,
                 (long long)(c.what == 5 ? 0 : store_row_id(&c.row)));
    } else if (c.what < 14) {
        drop(b, &c, out);
    } else if (c.what < 23) {
        find(b, &c, out);
    } else {
        look(b, &c, out);
    }
    if (b->cx.error.status == MR_EUSAGE)
        box_forget_error(b);
}

/* How a turn ends, the same for all. */
static bool
end_turn(struct box *b, uint32_t how)
{
    if (how % 3 == 0)
        b->ops->rollback(b->s);
    else if (b->ops->commit(&b->cx, b->s) != MR_OK)
        return false;
    if (how % 40 < 2 && b->backend->lasts) {
        box_close(b);
        if (!box_open(b))
            return false;
    }
    return b->ops->begin(&b->cx, b->s) == MR_OK;
}

/* False: some backend answered differently. */
static bool
step(struct box *boxes)
{
    static char first[ROOM], other[ROOM];
    bool end = pick(25) == 0;
    uint32_t how = pick(1000);
    struct call c;

    pick_call(&c);
    for (size_t i = 0; i < STORES; i++) {
        answer(&boxes[i], c, i == 0 ? first : other);
        if (end && !end_turn(&boxes[i], how)) {
            check_fail(__FILE__, __LINE__, "%s: %s", backends[i].name,
                       boxes[i].cx.error.text);
            return false;
        }
        if (i > 0 && strcmp(first, other) != 0) {
            check_fail(__FILE__, __LINE__, "call %u: %s: %.300s; %s: %.300s",
                       c.what, backends[0].name, first, backends[i].name,
                       other);
            return false;
        }
    }
    return true;
}

static void
run_seed(uint64_t seed)
{
    struct box boxes[STORES];
    size_t open = 0;

    state = seed;
    for (; open < STORES && box_init(&boxes[open], &backends[open], NULL);
         open++) {
        boxes[open].image = store_image_new(&boxes[open].cx);
        if (boxes[open].image == NULL || !box_open(&boxes[open]))
            break;
        CHECK(boxes[open].ops->begin(&boxes[open].cx, boxes[open].s) == MR_OK);
    }
    for (int i = 0; open == STORES && i < STEPS; i++)
        if (!step(boxes)) {
            size_t n = strlen(check_why);

            snprintf(check_why + n, sizeof check_why - n,
                     " (seed %d, step %d)", (int)seed, i);
            break;
        }
    for (size_t i = 0; i < open; i++)
        box_done(&boxes[i]);
}

static void
test_random(void)
{
    for (uint64_t seed = 1; seed <= 4 && !check_failed; seed++)
        run_seed(seed);
}

CHECK_MAIN({ "all backends answer alike", test_random })
