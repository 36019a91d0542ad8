/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of documents as SVG 1.1 (https://www.w3.org/TR/SVG11/). Letters are
 * all of one width, so that what fits is known without a font.
 */
#include "host/docflow_layout.h"
#include "host/docflow_words.h"
#include "host/glyphs.h"

/* 12 pixels high, 7.2 wide: 27 of them between the edges of a box. */
enum { LETTERS = 27, LINE = 18, INSIDE = 9, ROUND = 36 };

struct picture {
    FILE *out;
    struct docflow *f;
    struct layout l;
};

static void
put(struct picture *p, struct mr_val v)
{
    glyphs_put(p->out, v, LETTERS, GLYPHS_XML, true);
}

static void
put_whole(struct picture *p, const char *before, struct mr_val v)
{
    if (v.state != MR_HERE)
        return;
    fputs(before, p->out);
    glyphs_put(p->out, v, UINT32_MAX, GLYPHS_XML, true);
}

/* --- boxes --- */

static void
put_line(struct picture *p, const struct layout_node *n, int line,
         const char *look, struct mr_val v)
{
    if (v.state != MR_HERE)
        return;
    fprintf(p->out, "<text x=\"%u\" y=\"%u\"%s>", (unsigned)n->x + INSIDE,
            (unsigned)(n->y + (unsigned)line * LINE + 4), look);
    put(p, v);
    fputs("</text>", p->out);
}

/* On the right of its line; the currency is never cut. */
static void
put_amount(struct picture *p, const struct layout_node *n,
           const struct chain_document *d)
{
    struct mr_val amount = docflow_amount(p->f, d->fields);
    struct mr_val currency = d->fields[MR_DOCUMENT_CURRENCY];
    uint32_t room = LETTERS - 1 - glyphs_width(currency);

    if (amount.state != MR_HERE)
        return;
    fprintf(p->out, "<text x=\"%u\" y=\"%u\" text-anchor=\"end\">",
            (unsigned)(n->x + BOX_WIDTH - INSIDE),
            (unsigned)(n->y + 4 * LINE + 4));
    glyphs_put(p->out, amount, room, GLYPHS_XML, true);
    put_whole(p, " ", currency);
    fputs("</text>", p->out);
}

static void
put_box(struct picture *p, const struct layout_node *n,
        const struct chain_document *d)
{
    const struct mr_val *f = d->fields;
    bool titled = f[MR_DOCUMENT_TITLE].state == MR_HERE;
    const char *look = !d->described                ? "missing"
                       : d->asked && d->depth == 0 ? "asked" : "box";

    fputs("<g><title>", p->out);
    put_whole(p, "", f[MR_DOCUMENT_NUMBER]);
    put_whole(p, " ", f[MR_DOCUMENT_TYPE]);
    put_whole(p, " ", f[MR_DOCUMENT_TITLE]);
    put_whole(p, " ", f[MR_DOCUMENT_STATUS]);
    fputs(d->described ? "" : " (not found)", p->out);
    fprintf(p->out, "</title><rect x=\"%u\" y=\"%u\" width=\"%d\" "
            "height=\"%d\" rx=\"4\" class=\"%s\"/>", (unsigned)n->x,
            (unsigned)n->y, BOX_WIDTH, BOX_HEIGHT, look);
    put_line(p, n, 1, " font-weight=\"bold\"",
             f[titled ? MR_DOCUMENT_TITLE : MR_DOCUMENT_TYPE]);
    put_line(p, n, 2, "", f[MR_DOCUMENT_NUMBER]);
    put_line(p, n, 3, " class=\"more\"", f[MR_DOCUMENT_STATUS]);
    /* A date and a long amount do not fit beside each other. */
    if (glyphs_width(docflow_amount(p->f, f)) +
            glyphs_width(f[MR_DOCUMENT_CURRENCY]) + 12 <= LETTERS)
        put_line(p, n, 4, "", f[MR_DOCUMENT_DATE]);
    else if (f[MR_DOCUMENT_STATUS].state != MR_HERE)
        put_line(p, n, 3, "", f[MR_DOCUMENT_DATE]);
    put_amount(p, n, d);
    fputs("</g>\n", p->out);
}

/* --- lines --- */

static uint32_t
middle(const struct picture *p, uint32_t node)
{
    uint32_t height = node < p->f->chain.n ? BOX_HEIGHT : BEND_HEIGHT;

    return p->l.nodes[node].y + height / 2;
}

/* From where the last one ended; a bend is passed straight on. */
static void
put_curve(struct picture *p, const struct layout_line *line)
{
    const struct layout_node *to = &p->l.nodes[line->to];
    uint32_t from_x = p->l.nodes[line->from].x + BOX_WIDTH;
    uint32_t half = (to->x - from_x) / 2;

    fprintf(p->out, " C%u %u %u %u %u %u", (unsigned)(from_x + half),
            (unsigned)middle(p, line->from), (unsigned)(from_x + half),
            (unsigned)middle(p, line->to), (unsigned)to->x,
            (unsigned)middle(p, line->to));
    if (line->to >= p->f->chain.n)
        fprintf(p->out, " H%u", (unsigned)(to->x + BOX_WIDTH));
}

/* Below the boxes, and back up. */
static void
put_back(struct picture *p, const struct chain_edge *e)
{
    const struct layout_node *from = &p->l.nodes[e->from];
    const struct layout_node *to = &p->l.nodes[e->to];
    unsigned x = from->x + BOX_WIDTH / 2 + 16, y = from->y + BOX_HEIGHT;
    unsigned end_x = to->x + BOX_WIDTH / 2 - 16, end_y = to->y + BOX_HEIGHT;

    fprintf(p->out, "M%u %u C%u %u %u %u %u %u", x, y, x, y + ROUND, end_x,
            end_y + ROUND, end_x, end_y);
}

static void
put_edge(struct picture *p, uint32_t which)
{
    const struct chain *c = &p->f->chain;
    const struct chain_edge *e = &c->edges[which];
    struct mr_val fields[MR_DOCUMENT_FIELDS] = { { 0 } };

    fputs("<path d=\"", p->out);
    if (e->back)
        put_back(p, e);
    else
        fprintf(p->out, "M%u %u", (unsigned)(p->l.nodes[e->from].x + BOX_WIDTH),
                (unsigned)middle(p, e->from));
    for (uint32_t i = p->l.first[which]; i < p->l.first[which + 1]; i++)
        put_curve(p, &p->l.lines[i]);
    fprintf(p->out, "\" class=\"%s\" marker-end=\"url(#end)\"><title>",
            e->back ? "back" : "line");
    put_whole(p, "", c->documents[e->from].fields[MR_DOCUMENT_NUMBER]);
    put_whole(p, " to ", c->documents[e->to].fields[MR_DOCUMENT_NUMBER]);
    fields[MR_DOCUMENT_AMOUNT] = e->amount;
    fields[MR_DOCUMENT_CURRENCY] = e->currency;
    put_whole(p, ": ", docflow_amount(p->f, fields));
    put_whole(p, " ", e->currency);
    fputs("</title></path>\n", p->out);
}

/* --- the picture --- */

static const char head[] =
    "<style>text{font:12px monospace;fill:#1b1f24}.more{fill:#4a5560}"
    "rect{fill:#fff;stroke:#6b7785}.asked{stroke:#0b5cad;stroke-width:2.5}"
    ".missing{stroke-dasharray:5 4;fill:#f6f6f6}"
    "path{fill:none;stroke:#6b7785}.back{stroke-dasharray:5 4}"
    "#end path{fill:#6b7785;stroke:none}</style>\n"
    "<defs><marker id=\"end\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
    "markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">"
    "<path d=\"M0 0 L8 4 L0 8 Z\"/></marker></defs>\n";

static void
put_picture(struct picture *p)
{
    const struct chain *c = &p->f->chain;
    uint32_t width = c->n == 0 ? BOX_WIDTH : p->l.width;
    uint32_t height = c->n == 0 ? BOX_HEIGHT : p->l.height;

    fprintf(p->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
            "width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\">\n<title>",
            (unsigned)width, (unsigned)height, (unsigned)width,
            (unsigned)height);
    put_whole(p, "Documents around ", p->f->first.number);
    fputs("</title>\n", p->out);
    fputs(head, p->out);
    for (uint32_t i = 0; i < c->n_edges; i++)
        put_edge(p, i);
    for (uint32_t i = 0; i < c->n; i++)
        put_box(p, &p->l.nodes[c->order[i]], &c->documents[c->order[i]]);
    if (c->n == 0)
        fprintf(p->out, "<text x=\"%d\" y=\"%d\">no documents</text>\n",
                PICTURE_MARGIN, 2 * PICTURE_MARGIN);
    fputs("</svg>\n", p->out);
}

bool
docflow_svg(FILE *out, struct docflow *f)
{
    struct picture p = { .out = out, .f = f };

    if (!docflow_layout(&f->chain, &p.l))
        return false;
    put_picture(&p);
    return f->chain.cx.error.status == MR_OK;
}
