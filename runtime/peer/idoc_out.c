/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control records. Their fields have an order; those that the map wrote are
 * kept, those of the moment are put between them. The documents are our own
 * encoder's, so their form is known; one that has another is refused.
 */
#define _GNU_SOURCE
#include "peer/idoc_out.h"

#include <stdio.h>

/* As in EDI_DC40. */
static const char *const names[] = {
    "TABNAM", "MANDT", "DOCNUM", "DOCREL", "STATUS", "DIRECT", "OUTMOD",
    "EXPRSS", "TEST", "IDOCTYP", "CIMTYP", "MESTYP", "MESCOD", "MESFCT", "STD",
    "STDVRS", "STDMES", "SNDPOR", "SNDPRT", "SNDPFC", "SNDPRN", "SNDSAD",
    "SNDLAD", "RCVPOR", "RCVPRT", "RCVPFC", "RCVPRN", "RCVSAD", "RCVLAD",
    "CREDAT", "CRETIM", "REFINT", "REFGRP", "REFMES", "ARCKEY", "SERIAL"
};

enum { NAMES = sizeof names / sizeof names[0], DOCNUM_DIGITS = 16 };

static const char *
find(const char *p, const char *end, const char *what)
{
    return p == NULL || p >= end
               ? NULL : memmem(p, (size_t)(end - p), what, strlen(what));
}

/* From <IDOC to behind the last </IDOC>. */
static bool
find_idocs(struct op_bytes document, const char **from, const char **to)
{
    const char *end = document.p + document.n, *at, *last = NULL;

    *from = find(document.p, end, "<IDOC");
    for (at = *from; (at = find(at, end, "</IDOC>")) != NULL;)
        last = at += strlen("</IDOC>");
    *to = last;
    return last != NULL;
}

/* The text of a field in the control record; n 0: it isn't there. */
static struct op_bytes
field(struct op_bytes control, const char *name)
{
    char tag[24];
    const char *end = control.p + control.n, *p, *close;

    snprintf(tag, sizeof tag, "<%s>", name);
    p = find(control.p, end, tag);
    if (p == NULL)
        return (struct op_bytes){ NULL, 0 };
    p += strlen(tag);
    close = find(p, end, "</");
    return close == NULL ? (struct op_bytes){ NULL, 0 }
                         : (struct op_bytes){ p, (size_t)(close - p) };
}

struct moment {
    char docnum[DOCNUM_DIGITS + 1], credat[9], cretim[7], serial[15];
};

static bool
fill_moment(struct moment *m, const char *token, time_t now)
{
    struct tm t;
    size_t n = strlen(token);

    if (n == 0 || n > DOCNUM_DIGITS ||
        strspn(token, "0123456789") != n || gmtime_r(&now, &t) == NULL)
        return false;
    memset(m->docnum, '0', DOCNUM_DIGITS - n);
    memcpy(m->docnum + DOCNUM_DIGITS - n, token, n + 1);
    strftime(m->credat, sizeof m->credat, "%Y%m%d", &t);
    strftime(m->cretim, sizeof m->cretim, "%H%M%S", &t);
    snprintf(m->serial, sizeof m->serial, "%s%s", m->credat, m->cretim);
    return true;
}

static const char *
of_moment(const struct moment *m, const char *name)
{
    return strcmp(name, "DOCNUM") == 0   ? m->docnum
           : strcmp(name, "CREDAT") == 0 ? m->credat
           : strcmp(name, "CRETIM") == 0 ? m->cretim
           : strcmp(name, "SERIAL") == 0 ? m->serial
                                         : NULL;
}

/* What a receiver needs that no map said: it comes to them. */
static const char *
usual(const char *name)
{
    return strcmp(name, "TABNAM") == 0   ? "EDI_DC40"
           : strcmp(name, "DIRECT") == 0 ? "2"
                                         : NULL;
}

/* What the control record of a change says otherwise; NULL: nothing. */
static const struct mr_control *
changes_of(const struct mr_op *op)
{
    const struct mr_repl *r = op->map == NULL ? NULL : op->map->repl;

    return r == NULL || op->kind == OP_CREATE ? NULL
                                              : r->tech[op->side].changes;
}

static const char *
of_change(const struct mr_control *c, const char *name)
{
    for (; c != NULL && c->name != NULL; c++)
        if (strcmp(c->name, name) == 0)
            return c->value;
    return NULL;
}

static void
add_control(struct bytes *b, struct op_bytes control, const struct moment *m,
            const struct mr_control *changes)
{
    for (size_t i = 0; i < NAMES; i++) {
        struct op_bytes said = field(control, names[i]);
        const char *text = of_moment(m, names[i]);

        if (text == NULL)
            text = of_change(changes, names[i]);
        if (text == NULL && said.p == NULL)
            text = usual(names[i]);
        if (text != NULL)
            said = (struct op_bytes){ text, strlen(text) };
        if (said.p == NULL)
            continue;
        bytes_format(b, "<%s>", names[i]);
        bytes_add(b, said.p, said.n);
        bytes_format(b, "</%s>", names[i]);
    }
}

bool
idoc_add(struct bytes *b, const struct mr_op *op, time_t now, bool first)
{
    static const char closing[] = "</EDI_DC40>";
    struct op_bytes document = op->parts[0].body;
    const char *from, *to, *control, *open, *close;
    struct moment m;

    if (!find_idocs(document, &from, &to) || op->message_token == NULL ||
        !fill_moment(&m, op->message_token, now))
        return false;
    if (first)
        bytes_add(b, document.p, (size_t)(from - document.p));
    control = find(from, to, "<EDI_DC40");
    open = find(control, to, ">");
    close = find(open, to, closing);
    if (close == NULL || find(close + 1, to, closing) != NULL)
        return false;       /* none, or more than one: one number each */
    open++;
    bytes_add(b, from, (size_t)(open - from));
    add_control(b, (struct op_bytes){ open, (size_t)(close - open) }, &m,
                changes_of(op));
    bytes_add(b, close, (size_t)(to - close));
    return !b->failed;
}

bool
idoc_close(struct bytes *b, struct op_bytes document)
{
    const char *from, *to;

    if (!find_idocs(document, &from, &to))
        return false;
    bytes_add(b, to, (size_t)(document.p + document.n - to));
    return !b->failed;
}

bool
idoc_joins(const struct mr_op *one, const struct mr_op *other)
{
    struct op_bytes a = one->parts[0].body, b = other->parts[0].body;
    const char *from[2], *to[2];
    size_t n;

    /* A receiver tells a message by its first IDoc. */
    if (changes_of(one) != changes_of(other) || !find_idocs(a, &from[0], &to[0]) ||
        !find_idocs(b, &from[1], &to[1]))
        return false;
    n = (size_t)(from[0] - a.p);
    return (size_t)(from[1] - b.p) == n && memcmp(a.p, b.p, n) == 0;
}
