/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of documents as JSON, and what other forms need as well. */
#include "host/docflow_words.h"

#include "host/call_words.h"
#include "host/host.h"
#include "mr/conv.h"
#include "value/decimal.h"

struct mr_val
docflow_amount(struct docflow *f, const struct mr_val *fields)
{
    struct mr_val amount = fields[MR_DOCUMENT_AMOUNT], shown;
    struct mr_decimal d;

    if (amount.state != MR_HERE)
        return amount;
    shown = mr_money(&f->chain.cx, amount, fields[MR_DOCUMENT_CURRENCY]);
    if (shown.state == MR_HERE)
        return shown;
    /* No currency, or more decimals than it has: as it came. */
    if (mr_decimal_read(amount.p, amount.n, &d) != MR_WHY_NONE)
        return amount;
    return mr_decimal_text(&f->chain.cx, mr_decimal_short(d));
}

const struct chain_edge *
docflow_edges(const struct chain *c, uint32_t document, uint32_t *n)
{
    uint32_t place = c->documents[document].place, low = 0,
             high = c->n_edges, first;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (c->documents[c->edges[middle].from].place < place)
            low = middle + 1;
        else
            high = middle;
    }
    first = low;
    while (low < c->n_edges && c->edges[low].from == document)
        low++;
    *n = low - first;
    return &c->edges[first];
}

/* --- JSON --- */

static const char *const document_names[MR_DOCUMENT_FIELDS] = {
    "number", "type", "title", "status", "date", "amount", "currency"
};

static void
put_text(FILE *out, const char *before, const char *name, struct mr_val v)
{
    if (v.state != MR_HERE)
        return;
    fprintf(out, "%s\"%s\":", before, name);
    call_put_text(out, v);
}

static void
put_amount(FILE *out, struct docflow *f, struct mr_val v)
{
    struct mr_decimal d;

    if (v.state != MR_HERE)
        return;
    if (mr_decimal_read(v.p, v.n, &d) == MR_WHY_NONE)
        v = mr_decimal_text(&f->chain.cx, mr_decimal_short(d));
    put_text(out, ",", "amount", v);
}

static void
put_document(FILE *out, struct docflow *f, const struct chain_document *d)
{
    fputs("{", out);
    put_text(out, "", "number", d->fields[MR_DOCUMENT_NUMBER]);
    for (int i = MR_DOCUMENT_TYPE; i < MR_DOCUMENT_AMOUNT; i++)
        put_text(out, ",", document_names[i], d->fields[i]);
    put_amount(out, f, d->fields[MR_DOCUMENT_AMOUNT]);
    put_text(out, ",", "currency", d->fields[MR_DOCUMENT_CURRENCY]);
    if (d->added_up)
        fputs(",\"added_up\":true", out);
    fprintf(out, ",\"level\":%u", (unsigned)d->level);
    if (!d->described)
        fputs(",\"missing\":true", out);
    fputs("}", out);
}

static void
put_edge(FILE *out, struct docflow *f, const struct chain_edge *e)
{
    const struct chain *c = &f->chain;

    fputs("{", out);
    put_text(out, "", "from",
             c->documents[e->from].fields[MR_DOCUMENT_NUMBER]);
    put_text(out, ",", "to", c->documents[e->to].fields[MR_DOCUMENT_NUMBER]);
    fprintf(out, ",\"items\":%u", (unsigned)e->n);
    put_amount(out, f, e->amount);
    put_text(out, ",", "currency", e->currency);
    if (e->back)
        fputs(",\"closes_circle\":true", out);
    fputs("}", out);
}

static void
put_asked(FILE *out, const struct docflow *f)
{
    const struct chain *c = &f->chain;

    for (uint32_t i = 0; i < c->n; i++)
        if (c->documents[i].asked && c->documents[i].depth == 0) {
            call_put_text(out, c->documents[i].fields[MR_DOCUMENT_NUMBER]);
            return;
        }
    call_put_text(out, f->first.number);
}

bool
docflow_json(FILE *out, struct docflow *f)
{
    const struct chain *c = &f->chain;

    fputs("{\"asked\":", out);
    put_asked(out, f);
    fputs(",\"documents\":[", out);
    for (uint32_t i = 0; i < c->n; i++) {
        fputs(i > 0 ? "," : "", out);
        put_document(out, f, &c->documents[c->order[i]]);
    }
    fputs("],\"steps\":[", out);
    for (uint32_t i = 0; i < c->n_edges; i++) {
        fputs(i > 0 ? "," : "", out);
        put_edge(out, f, &c->edges[i]);
    }
    fputs("],\"messages\":", out);
    call_messages_json(out, f->messages, f->n_messages);
    fprintf(out, ",\"complete\":%s}\n", f->incomplete ? "false" : "true");
    return c->cx.error.status == MR_OK;
}
