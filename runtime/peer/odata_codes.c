/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code tables against the code lists of the day. A field's $metadata names the
 * entity set that has its codes; each rule that looks codes of the field up is
 * told of codes that its table doesn't know, and of codes of the table that
 * the list has no more.
 */
#define _GNU_SOURCE
#include "peer/odata_codes.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>

#include "mr/codes.h"
#include "peer/odata_ask.h"

enum { PAGE = 1000, PAGES = 66, NAMED = 8, SHOWN_MAX = 40, CODE_MAX = 200 };

/* The codes of a list: texts in `text`, places in order of the codes. */
struct live {
    struct odata *o;
    struct bytes text;
    struct bytes places;        /* uint32_t; sorted at the end */
    size_t n;
    bool bad;                   /* a record without a code */
};

struct comparing {
    const struct peer_report *to;
    struct live live;
    size_t lists, fresh, gone;  /* lists that were read; codes */
    bool good;
};

/* --- reading a list --- */

static void
take(void *arg, struct op_bytes record)
{
    struct live *l = arg;
    struct mr_val code = odata_field(&l->o->cx, record, "Code");
    uint32_t at = (uint32_t)l->text.n;

    if (code.state == MR_MISSING || code.n > CODE_MAX ||
        (code.n > 0 && memchr(code.p, '\0', code.n) != NULL)) {
        l->bad = true;
        return;
    }
    /* Nothing is no code. */
    if (code.state != MR_HERE || code.n == 0)
        return;
    bytes_add(&l->text, code.p, code.n);
    bytes_add(&l->text, "", 1);
    bytes_add(&l->places, (const char *)&at, sizeof at);
    l->n++;
}

static int
by_code(const void *a, const void *b, void *text)
{
    uint32_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return strcmp((const char *)text + x, (const char *)text + y);
}

/* One page; *more: there may be another one. NULL or what is wrong. */
static const char *
read_page(struct live *l, const char *list, size_t page, bool *more)
{
    char path[400];
    struct odata_asked a;
    struct odata_list found;
    const char *wrong;

    snprintf(path, sizeof path, "%s?$format=json&$top=%d&$skip=%zu", list,
             (int)PAGE, page * PAGE);
    wrong = odata_ask(l->o, path, &a);
    if (wrong == NULL &&
        (odata_scan(&l->o->cx, (struct op_bytes){ a.reply.body, a.reply.n },
                    take, l, &found) != MR_OK || l->bad))
        wrong = "the answer is no list of codes";
    *more = wrong == NULL && found.n == PAGE;
    if (wrong == NULL && found.n < PAGE && found.next.state == MR_HERE)
        wrong = "the service gives smaller pages than it is asked for";
    http_reply_free(&a.reply);
    return wrong;
}

static const char *
read_list(struct live *l, const char *list)
{
    const char *wrong = NULL;
    bool more = true;

    for (const char *p = list; *p != '\0'; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            return "that is no name of an entity set";
    l->text.n = l->places.n = l->n = 0;
    l->bad = false;
    for (size_t i = 0; more && wrong == NULL; i++)
        wrong = i == PAGES ? "it has more codes than a table can have"
                           : read_page(l, list, i, &more);
    if (wrong == NULL && (l->text.failed || l->places.failed))
        wrong = "memory ran out";
    if (wrong == NULL && l->n > 0)
        qsort_r(l->places.p, l->n, sizeof(uint32_t), by_code, l->text.p);
    return wrong;
}

static const char *
live_code(const struct live *l, size_t i)
{
    uint32_t at;

    memcpy(&at, l->places.p + i * sizeof at, sizeof at);
    return l->text.p + at;
}

static bool
is_live(const struct live *l, const char *code, size_t n)
{
    size_t low = 0, high = l->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *at = live_code(l, middle);
        int order = strncmp(at, code, n);

        if (order == 0 && at[n] == '\0')
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* --- telling --- */

/* Codes for people: some of them, and how many there are. */
struct named {
    char text[NAMED * (SHOWN_MAX + 4) + 1];
    size_t n, at;
};

/* What a service sends may hold anything. */
static void
name(struct named *out, const char *code, size_t n)
{
    if (out->n++ >= NAMED)
        return;
    if (out->at > 0)
        out->at += (size_t)sprintf(out->text + out->at, ", ");
    out->text[out->at++] = '"';
    for (size_t i = 0; i < n && i < SHOWN_MAX; i++)
        out->text[out->at++] =
            (unsigned char)code[i] < ' ' || code[i] == 0x7f ? '?' : code[i];
    out->text[out->at++] = '"';
    out->text[out->at] = '\0';
}

static void __attribute__((format(printf, 6, 7)))
tell(struct comparing *c, const char *kind, bool breaks, const char *field,
     const struct mr_fact_use *use, const char *fmt, ...)
{
    char text[1000];
    va_list args;
    struct peer_drift d = { kind, breaks, use->at, use->rule, field, text };

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    c->good = c->good && !breaks;
    c->to->drift(c->to->arg, &d);
}

static const char *
and_more(const struct named *codes, char text[40])
{
    text[0] = '\0';
    if (codes->n > NAMED)
        snprintf(text, 40, " and %zu more", codes->n - NAMED);
    return text;
}

/* --- one rule --- */

/* Codes that come and have no row. */
static void
find_fresh(struct comparing *c, const char *field, const char *list,
           const struct mr_fact_use *use)
{
    struct odata *o = c->live.o;
    struct named codes = { .n = 0 };
    char more[40];

    for (size_t i = 0; i < c->live.n; i++) {
        const char *code = live_code(&c->live, i);
        struct mr_val v = mr_slice(code, (uint32_t)strlen(code));

        v = use->side == 0 ? mr_codes_right(&o->cx, use->codes, v, mr_missing())
                           : mr_codes_left(&o->cx, use->codes, v, mr_missing());
        if (v.state == MR_FAILED)
            name(&codes, code, strlen(code));
    }
    c->fresh += codes.n;
    if (codes.n > 0)
        tell(c, "new code", false, field, use,
             "can have %zu code%s of %s that codes %s has no row for: %s%s",
             codes.n, codes.n == 1 ? "" : "s", list, use->codes->name,
             codes.text, and_more(&codes, more));
}

static bool
same_code(const struct mr_code *a, const struct mr_code *b, bool written)
{
    return written && a->value_n == b->value_n &&
           memcmp(a->value, b->value, a->value_n) == 0;
}

/* Codes that the table speaks of, as what comes (keys) or what is written. */
static void
find_gone(struct comparing *c, const char *field, const char *list,
          const struct mr_fact_use *use, bool written)
{
    bool left = (use->side == 0) == written;
    const struct mr_codes_way *way = left ? &use->codes->left
                                          : &use->codes->right;
    struct named codes = { .n = 0 };
    size_t rows = 0;
    char more[40];

    for (uint32_t i = 0; i < way->n; i++) {
        const struct mr_code *row = &way->rows[i];
        const char *code = written ? row->value : row->key;
        size_t n = written ? row->value_n : row->key_n;

        if (n == 0 || is_live(&c->live, code, n))
            continue;
        /* Of several rows with one code, the first one names it. */
        if (rows++ == 0 || !same_code(row, row - 1, written))
            name(&codes, code, n);
    }
    c->gone += codes.n;
    if (codes.n > 0)
        tell(c, "code gone", written, field, use,
             "%s by %zu row%s of codes %s for what %s does not have: %s%s%s",
             written ? "is written" : "is read", rows,
             rows == 1 ? "" : "s", use->codes->name, list, codes.text,
             and_more(&codes, more),
             written ? ": the service refuses it" : "");
}

static void
compare_use(struct comparing *c, const char *field, const char *list,
            const struct mr_fact_use *use)
{
    if (use->codes->context) {
        c->to->line(c->to->arg, true, list, "its codes stand in a context: "
                    "not compared");
        return;
    }
    if (use->read)
        find_fresh(c, field, list, use);
    if (use->written)
        find_gone(c, field, list, use, true);
    else if (use->read)
        find_gone(c, field, list, use, false);
}

/* --- all of them --- */

static void
compare_fact(struct comparing *c, const char *type, const struct mr_fact *f)
{
    const char *wrong;
    char field[300];
    size_t n = 0;

    for (uint16_t i = 0; f->code_list != NULL && i < f->n_uses; i++)
        n += f->uses[i].codes != NULL;
    if (n == 0)
        return;
    wrong = read_list(&c->live, f->code_list);
    if (wrong != NULL) {
        c->to->line(c->to->arg, false, f->code_list, wrong);
        c->good = false;
        return;
    }
    c->lists++;
    snprintf(field, sizeof field, "%s.%s", type, f->name);
    for (uint16_t i = 0; i < f->n_uses; i++)
        if (f->uses[i].codes != NULL)
            compare_use(c, field, f->code_list, &f->uses[i]);
}

bool
odata_codes(struct odata *o, const struct mr_program *program,
            const struct peer_report *report)
{
    struct comparing c = { .to = report, .live.o = o, .good = true };
    char text[200];

    bytes_init(&c.live.text, &o->cx.memory);
    bytes_init(&c.live.places, &o->cx.memory);
    for (uint16_t i = 0; i < program->n_relied; i++) {
        const struct mr_relied *r = &program->relied[i];

        for (uint16_t k = 0; strcmp(r->system, o->set.system) == 0 &&
                             k < r->n_facts; k++)
            compare_fact(&c, r->type, &r->facts[k]);
    }
    if (c.good || c.lists > 0) {
        snprintf(text, sizeof text, "%zu read: %zu codes without a row, %zu "
                 "codes of rows are gone", c.lists, c.fresh, c.gone);
        report->line(report->arg, true, "code lists",
                     c.lists == 0 ? "no field with a code table names one"
                                  : text);
    }
    bytes_free(&c.live.text);
    bytes_free(&c.live.places);
    return c.good;
}
