/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains of documents: what several rows say of one, circles, documents that
 * are only named, amounts added up, the order of all of it.
 */
#include "call/chain.h"
#include "unit/check.h"

#include <stdlib.h>

static void
document(struct chain *c, const char *number, const char *type,
         const char *date, const char *amount, const char *currency)
{
    struct mr_val f[MR_DOCUMENT_FIELDS] = { { 0 } };

    f[MR_DOCUMENT_NUMBER] = mr_text(number);
    f[MR_DOCUMENT_TYPE] = mr_text(type);
    f[MR_DOCUMENT_DATE] = mr_text(date);
    f[MR_DOCUMENT_AMOUNT] = mr_text(amount);
    f[MR_DOCUMENT_CURRENCY] = mr_text(currency);
    chain_describe(c, f);
}

static void
step(struct chain *c, const char *from, const char *to, const char *item,
     const char *amount)
{
    struct mr_val f[MR_DOCUMENT_FIELDS] = { { 0 } };

    f[MR_STEP_FROM] = mr_text(from);
    f[MR_STEP_TO] = mr_text(to);
    f[MR_STEP_FROM_ITEM] = f[MR_STEP_TO_ITEM] = mr_text(item);
    f[MR_STEP_AMOUNT] = mr_text(amount);
    f[MR_STEP_CURRENCY] = mr_text(*amount == '\0' ? "" : "EUR");
    chain_step(c, f);
}

/* "A0 B1 C2": numbers in their order, with levels; those that nothing is
 * known of in brackets. */
static const char *
order(const struct chain *c)
{
    static char text[400];
    size_t n = 0;

    text[0] = '\0';
    for (uint32_t i = 0; i < c->n && n < sizeof text; i++) {
        const struct chain_document *d = &c->documents[c->order[i]];
        struct mr_val v = d->fields[MR_DOCUMENT_NUMBER];

        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%.*s%s%u",
                              i > 0 ? " " : "", d->described ? "" : "(",
                              (int)v.n, v.p, d->described ? "" : ")",
                              d->level);
    }
    return text;
}

/* "A>B C~A": edges in their order; ~ where it goes back. */
static const char *
edges(const struct chain *c)
{
    static char text[400];
    size_t n = 0;

    text[0] = '\0';
    for (uint32_t i = 0; i < c->n_edges && n < sizeof text; i++) {
        const struct chain_edge *e = &c->edges[i];
        struct mr_val from = c->documents[e->from].fields[0];
        struct mr_val to = c->documents[e->to].fields[0];

        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s%c%.*s",
                              i > 0 ? " " : "", (int)from.n, from.p,
                              e->back ? '~' : '>', (int)to.n, to.p);
    }
    return text;
}

static const char *
amount(const struct chain *c, const char *number)
{
    static char text[80];
    const struct chain_document *d = chain_find(c, mr_text(number));

    if (d == NULL)
        return "none";
    snprintf(text, sizeof text, "%.*s %.*s%s",
             (int)d->fields[MR_DOCUMENT_AMOUNT].n,
             d->fields[MR_DOCUMENT_AMOUNT].p,
             (int)d->fields[MR_DOCUMENT_CURRENCY].n,
             d->fields[MR_DOCUMENT_CURRENCY].p, d->added_up ? "+" : "");
    return text;
}

/* --- the cases --- */

static void
straight(void)
{
    struct chain c;

    chain_init(&c, NULL);
    step(&c, "D", "I", "10", "5");
    step(&c, "O", "D", "10", "5");
    document(&c, "O", "order", "2024-03-04", "", "");
    document(&c, "D", "delivery", "", "", "");
    document(&c, "I", "invoice", "", "", "");
    CHECK(chain_finish(&c));
    CHECK_TEXT(order(&c), "O0 D1 I2");
    CHECK_TEXT(edges(&c), "O>D D>I");
    chain_done(&c);
}

/* Two orders in one delivery, which has two invoices; the way round by R is
 * longer, so I stands behind it. */
static void
several_predecessors(void)
{
    struct chain c;

    chain_init(&c, NULL);
    for (const char *p = "ABDIJR"; *p != '\0'; p++)
        document(&c, (char[]){ *p, '\0' }, "", "", "", "");
    step(&c, "B", "D", "10", "");
    step(&c, "A", "D", "10", "");
    step(&c, "D", "J", "10", "");
    step(&c, "D", "I", "10", "");
    step(&c, "D", "R", "10", "");
    step(&c, "R", "I", "10", "");
    CHECK(chain_finish(&c));
    CHECK_TEXT(order(&c), "A0 B0 D1 J2 R2 I3");
    CHECK_TEXT(edges(&c), "A>D B>D D>J D>R D>I R>I");
    CHECK_NUMBER(chain_find(&c, mr_text("D"))->n_from, 2);
    CHECK_NUMBER(chain_find(&c, mr_text("D"))->n_to, 3);
    chain_done(&c);
}

static void
by_date_then_number(void)
{
    struct chain c;

    chain_init(&c, NULL);
    document(&c, "3", "", "2024-01-02", "", "");
    document(&c, "2", "", "2024-01-02", "", "");
    document(&c, "1", "", "2024-01-03", "", "");
    CHECK(chain_finish(&c));
    CHECK_TEXT(order(&c), "20 30 10");
    chain_done(&c);
}

/* The circle is cut where it comes back to what was asked for. */
static void
circle(void)
{
    struct chain c;
    struct chain_document *d;

    chain_init(&c, NULL);
    document(&c, "A", "", "", "", "");
    document(&c, "B", "", "", "", "");
    document(&c, "C", "", "", "", "");
    d = chain_find(&c, mr_text("B"));
    REQUIRE(d != NULL);
    d->asked = true;
    step(&c, "A", "B", "10", "");
    step(&c, "B", "C", "10", "");
    step(&c, "C", "A", "10", "");
    step(&c, "C", "C", "10", "");
    CHECK(chain_finish(&c));
    CHECK_TEXT(order(&c), "B0 C1 A2");
    CHECK_TEXT(edges(&c), "B>C C~C C>A A~B");
    CHECK_NUMBER(chain_find(&c, mr_text("B"))->n_from, 0);
    chain_done(&c);
}

static void
only_named(void)
{
    struct chain c;

    chain_init(&c, NULL);
    document(&c, "A", "", "", "", "");
    step(&c, "A", "B", "10", "");
    step(&c, "", "A", "10", "");
    CHECK(chain_find(&c, mr_text("X")) == NULL);
    CHECK(chain_finish(&c));
    CHECK_TEXT(order(&c), "A0 (B)1");
    chain_done(&c);
}

/* A row that was told twice counts once, items of their own add up; what a
 * document says of itself stands above that. */
static void
amounts(void)
{
    struct chain c;

    chain_init(&c, NULL);
    document(&c, "O", "order", "", "", "CHF");
    document(&c, "O", "quote", "", "12.5", "EUR");
    document(&c, "O", "", "2024-01-01", "99", "CHF");
    document(&c, "D", "", "", "", "");
    step(&c, "O", "D", "10", "0.1");
    step(&c, "O", "D", "20", "0.2");
    step(&c, "O", "D", "10", "0.1");
    step(&c, "P", "D", "10", "7");
    step(&c, "O", "Q", "10", "");
    step(&c, "O", "X", "10", "1");
    step(&c, "P", "X", "10", "ten");
    CHECK(chain_finish(&c));
    CHECK_TEXT(amount(&c, "O"), "12.5 EUR");
    CHECK_TEXT(amount(&c, "D"), "7.3 EUR+");
    CHECK_TEXT(amount(&c, "Q"), " ");
    CHECK_TEXT(amount(&c, "X"), " ");
    CHECK_NUMBER(c.n_steps, 6);
    CHECK_NUMBER(c.n_edges, 5);
    for (uint32_t i = 0; i < c.n_edges; i++)
        if (c.edges[i].n == 2)
            CHECK(c.edges[i].amount.n == 3 &&
                  memcmp(c.edges[i].amount.p, "0.3", 3) == 0);
    chain_done(&c);
}

static void
two_currencies(void)
{
    struct mr_val f[MR_DOCUMENT_FIELDS] = { { 0 } };
    struct chain c;

    chain_init(&c, NULL);
    step(&c, "A", "C", "10", "1");
    f[MR_STEP_FROM] = mr_text("B");
    f[MR_STEP_TO] = mr_text("C");
    f[MR_STEP_AMOUNT] = mr_text("1");
    f[MR_STEP_CURRENCY] = mr_text("USD");
    chain_step(&c, f);
    CHECK(chain_finish(&c));
    CHECK_TEXT(amount(&c, "C"), " ");
    chain_done(&c);
}

/* The order in which rows come changes nothing. */
static void
any_order(void)
{
    static const char *const rows[][2] = {
        { "A", "B" }, { "B", "C" }, { "A", "C" }, { "C", "E" }, { "B", "E" },
        { "D", "E" }
    };
    char first[400] = "";

    for (size_t turn = 0; turn < 6; turn++) {
        struct chain c;

        chain_init(&c, NULL);
        for (size_t i = 0; i < 6; i++)
            step(&c, rows[(i + turn) % 6][0], rows[(i + turn) % 6][1], "1",
                 "2");
        CHECK(chain_finish(&c));
        if (turn == 0)
            snprintf(first, sizeof first, "%s %s", order(&c), amount(&c, "E"));
        else
            CHECK(strncmp(first, order(&c), strlen(order(&c))) == 0);
        CHECK_TEXT(amount(&c, "E"), "6 EUR+");
        chain_done(&c);
    }
    CHECK_TEXT(first, "(A)0 (D)0 (B)1 (C)2 (E)3 6 EUR+");
}

/* --- any graph --- */

static uint32_t seed = 1;

static uint32_t
up_to(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 16) % n;
}

/* Is there a way along edges that do not go back? */
static bool
leads(const struct chain *c, uint32_t from, uint32_t to)
{
    if (from == to)
        return true;
    for (uint32_t i = 0; i < c->n_edges; i++)
        if (!c->edges[i].back && c->edges[i].from == from &&
            c->documents[c->edges[i].to].level <= c->documents[to].level &&
            leads(c, c->edges[i].to, to))
            return true;
    return false;
}

/* A level is one more than the highest before it, and an edge goes back only
 * where it would close a circle. */
static void
check_graph(const struct chain *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t level = 0, before = 0;

        for (uint32_t k = 0; k < c->n_edges; k++) {
            const struct chain_edge *e = &c->edges[k];

            if (e->to != i || e->back)
                continue;
            before++;
            if (c->documents[e->from].level >= level)
                level = c->documents[e->from].level + 1;
            CHECK(c->documents[e->from].place < c->documents[i].place);
        }
        CHECK_NUMBER(c->documents[i].level, level);
        CHECK_NUMBER(c->documents[i].n_from, before);
        CHECK_NUMBER(c->order[c->documents[i].place], i);
    }
    for (uint32_t k = 0; k < c->n_edges; k++)
        if (c->edges[k].back)
            CHECK(leads(c, c->edges[k].to, c->edges[k].from));
}

static void
any_graph(void)
{
    for (int turn = 0; turn < 400; turn++) {
        uint32_t n = 1 + up_to(9), steps = up_to(2 * n + 2);
        struct chain c;

        chain_init(&c, NULL);
        for (uint32_t i = 0; i < steps; i++)
            step(&c, (char[]){ (char)('A' + up_to(n)), '\0' },
                 (char[]){ (char)('A' + up_to(n)), '\0' }, "1", "1");
        if (c.n > 0)
            c.documents[up_to(c.n)].asked = true;
        REQUIRE(chain_finish(&c));
        check_graph(&c);
        chain_done(&c);
    }
}

/* A long chain, told backwards, and one document too many. */
static void
limits(void)
{
    char from[16], to[16];
    struct chain c;

    chain_init(&c, NULL);
    for (int i = CHAIN_DOCUMENTS_MAX; i > 0; i--) {
        snprintf(from, sizeof from, "%d", i);
        snprintf(to, sizeof to, "%d", i + 1);
        step(&c, from, to, "1", "");
    }
    CHECK(c.cut);
    CHECK_NUMBER(c.n, CHAIN_DOCUMENTS_MAX);
    CHECK(chain_finish(&c));
    CHECK_NUMBER(c.documents[c.order[c.n - 1]].level, CHAIN_DOCUMENTS_MAX - 1);
    chain_done(&c);

    chain_init(&c, NULL);
    for (int i = 0; i <= CHAIN_STEPS_MAX; i++) {
        CHECK(!c.cut);
        snprintf(from, sizeof from, "%d", i);
        step(&c, "A", "B", from, "1");
    }
    CHECK(c.cut);
    CHECK(chain_finish(&c));
    CHECK_TEXT(amount(&c, "B"), "10000 EUR+");
    chain_done(&c);
}

static void
nothing(void)
{
    struct chain c;

    chain_init(&c, NULL);
    CHECK(chain_finish(&c));
    CHECK_NUMBER(c.n, 0);
    chain_done(&c);
}

/* --- memory that runs out anywhere --- */

struct scarce {
    long left, open;
};

static void *
scarce_resize(void *arg, void *p, size_t size)
{
    struct scarce *s = arg;

    if (size == 0) {
        s->open -= p != NULL;
        free(p);
        return NULL;
    }
    if (s->left == 0)
        return NULL;
    s->left--;
    s->open += p == NULL;
    return realloc(p, size);
}

static void
memory(void)
{
    bool whole = false;

    for (long left = 0; !whole && left < 1000; left++) {
        struct scarce s = { left, 0 };
        struct mr_memory m = { scarce_resize, &s };
        char to[16];
        struct chain c;

        chain_init(&c, &m);
        for (int i = 0; i < 300; i++) {
            snprintf(to, sizeof to, "%d", i);
            document(&c, to, "order", "2024-01-01", "1", "EUR");
            step(&c, "A", to, to, "1");
        }
        whole = chain_finish(&c);
        CHECK(whole || c.cx.error.status == MR_EMEMORY);
        CHECK(!whole || c.n == 301);
        chain_done(&c);
        CHECK_NUMBER(s.open, 0);
    }
    CHECK(whole);
}

CHECK_MAIN({ "chain: a straight chain", straight },
           { "chain: several predecessors", several_predecessors },
           { "chain: by date, then by number", by_date_then_number },
           { "chain: a circle", circle },
           { "chain: documents that are only named", only_named },
           { "chain: amounts", amounts },
           { "chain: two currencies", two_currencies },
           { "chain: rows in any order", any_order },
           { "chain: any graph", any_graph },
           { "chain: limits", limits }, { "chain: nothing", nothing },
           { "chain: memory", memory })
