/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of the system that speaks IDocs: the messages that it sends, and the
 * segments that it is sent. The reader knows just what a writer of this program
 * may write: elements, text, attributes that it skips.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <time.h>

/* Rows that it had once and has no more. */
static void
idoc_gone(struct sim_text *t, const struct sim_record *r)
{
    for (size_t i = 0; i < r->n_gone; i++)
        if (record_row(r, r->gone[i]) == NULL)
            text_add(t, "<%s SEGMENT=\"1\"><MSGFN>003</MSGFN><%s>%s</%s>"
                        "</%s>", r->entity->row->name,
                     r->entity->row->fields[0].name, r->gone[i],
                     r->entity->row->fields[0].name, r->entity->row->name);
}

static void
idoc_segment(struct sim_text *t, const struct sim_record *r, bool deleted,
             bool marks)
{
    text_add(t, "<%s SEGMENT=\"1\"><MSGFN>%s</MSGFN>", r->entity->name,
             deleted ? "003" : "005");
    /* A field that has its initial value is left out, as ERP does. */
    for (size_t i = 0; i < r->entity->n_fields; i++)
        if (r->values[i][0] != '\0')
            text_add(t, "<%s>%s</%s>", r->entity->fields[i].name,
                     r->values[i], r->entity->fields[i].name);
    for (size_t i = 0; i < r->n_rows && !deleted; i++)
        idoc_segment(t, r->rows[i], false, marks);
    if (marks && !deleted)
        idoc_gone(t, r);
    text_add(t, "</%s>", r->entity->name);
}

void
idoc_message(struct sim_text *t, const struct sim_record *r, bool deleted,
             bool marks, int serial)
{
    time_t made = (time_t)(r->changed / SIM_SECOND);
    char date[32] = "", clock[32] = "";
    struct tm tm;

    if (gmtime_r(&made, &tm) != NULL) {
        strftime(date, sizeof date, "%Y%m%d", &tm);
        strftime(clock, sizeof clock, "%H%M%S", &tm);
    }
    text_add(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><PARMAS01>"
                "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><TABNAM>EDI_DC40"
                "</TABNAM><DOCNUM>%016d</DOCNUM><IDOCTYP>PARMAS01</IDOCTYP>"
                "<MESTYP>PARMAS</MESTYP><CREDAT>%s</CREDAT><CRETIM>%s"
                "</CRETIM></EDI_DC40>", serial, date, clock);
    idoc_segment(t, r, deleted, marks);
    text_add(t, "</IDOC></PARMAS01>");
}

struct cursor {
    const char *at, *end;
};

/* The next tag's name; "/NAME" of an end tag; "" at the end. What stands before
 * it is the text. */
static void
next_tag(struct cursor *c, char text[static SIM_TEXT],
         char name[static SIM_TEXT])
{
    size_t n = 0, m = 0;

    while (c->at < c->end && *c->at != '<' && n < SIM_TEXT - 1)
        text[n++] = *c->at++;
    text[n] = '\0';
    if (c->at < c->end)
        c->at++;
    while (c->at < c->end && strchr(" >\n", *c->at) == NULL &&
           m < SIM_TEXT - 1)
        name[m++] = *c->at++;
    name[m] = '\0';
    while (c->at < c->end && *c->at != '>')
        c->at++;
    if (c->at < c->end)
        c->at++;
}

static int
field_index(const struct sim_entity *e, const char *name)
{
    for (size_t i = 0; i < e->n_fields; i++)
        if (strcmp(e->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Stands behind the segment's start tag. */
static struct sim_record *
parse_segment(struct cursor *c, const struct sim_entity *e)
{
    struct sim_record *r = record_new(e, 0);
    char text[SIM_TEXT], name[SIM_TEXT], open[SIM_TEXT] = "";

    for (size_t i = 0; i < e->n_fields; i++)
        memcpy(r->values[i], "/", 2);
    for (;;) {
        int field;

        next_tag(c, text, name);
        if (name[0] == '\0' ||
            (name[0] == '/' && strcmp(name + 1, e->name) == 0))
            return r;
        field = field_index(e, open);
        if (name[0] == '/' && field >= 0)
            snprintf(r->values[field], SIM_TEXT, "%s", text);
        if (name[0] == '/' && strcmp(open, "MSGFN") == 0 &&
            strcmp(text, "003") == 0)
            r->id = -1;
        if (e->list != NULL && strcmp(name, e->list) == 0 &&
            r->n_rows < SIM_ROWS)
            record_add_row(r, parse_segment(c, e->row));
        snprintf(open, sizeof open, "%s", name);
    }
}

struct sim_record *
idoc_parse(const struct sim_entity *entity, const char *p, size_t n,
           bool *deleted)
{
    struct cursor c = { p, p + n };
    char text[SIM_TEXT], name[SIM_TEXT];

    do
        next_tag(&c, text, name);
    while (name[0] != '\0' && strcmp(name, entity->name) != 0);
    if (name[0] == '\0')
        return NULL;
    struct sim_record *r = parse_segment(&c, entity);
    *deleted = r->id == -1;
    return r;
}
