/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IDocs that go out: a control record as the system would write it, the whole
 * record in schema order. The maps say how a message to the system is
 * addressed; what it sends has sender and receiver the other way round.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sandbox/faults.h"
#include "sandbox/idoc.h"

static void
write_text(struct buf *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '&')
            buf_text(out, "&amp;");
        else if (*p == '<')
            buf_text(out, "&lt;");
        else if (*p == '>')
            buf_text(out, "&gt;");
        else if (*p == '\n' || *p == '\r' || *p == '\t')
            buf_printf(out, "&#%d;", *p);
        else if ((unsigned char)*p >= 0x20)
            buf_char(out, *p);
    }
}

static void
write_field(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, "<%s>", name);
    write_text(out, text);
    buf_printf(out, "</%s>", name);
}

/* DEBMAS06 => DEBMAS */
static size_t
message_length(const char *type)
{
    size_t n = strlen(type);

    while (n > 1 && type[n - 1] >= '0' && type[n - 1] <= '9')
        n--;
    return n;
}

static const char *
control_of(const struct kind *k, const char *name, const char *otherwise)
{
    const struct tsystem *s = k->site->system;

    for (size_t i = 0; i < s->control.n; i++)
        if (strcmp(s->control.at[i]->control.text, name) == 0)
            return s->control.at[i]->value;
    return otherwise;
}

static void
write_control(struct buf *out, const struct kind *k, int64_t docnum)
{
    char text[32], date[9], clock[7];
    const char *type = k->path.at[0]->name;
    time_t now = time(NULL) + (time_t)faults_skew(k->site->faults);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(date, sizeof date, "%Y%m%d", &tm);
    strftime(clock, sizeof clock, "%H%M%S", &tm);
    buf_text(out, "<EDI_DC40 SEGMENT=\"1\"><TABNAM>EDI_DC40</TABNAM>"
             "<MANDT>100</MANDT>");
    snprintf(text, sizeof text, "%016" PRId64, docnum);
    write_field(out, "DOCNUM", text);
    buf_text(out, "<DOCREL>740</DOCREL><STATUS>30</STATUS>"
             "<DIRECT>1</DIRECT><OUTMOD>2</OUTMOD>");
    write_field(out, "IDOCTYP", type);
    buf_printf(out, "<MESTYP>%.*s</MESTYP>", (int)message_length(type), type);
    write_field(out, "SNDPOR", control_of(k, "RCVPOR", "ERP"));
    write_field(out, "SNDPRT", control_of(k, "RCVPRT", "LS"));
    write_field(out, "SNDPRN", control_of(k, "RCVPRN", "ERP"));
    write_field(out, "RCVPOR", control_of(k, "SNDPOR", "CLOUD"));
    write_field(out, "RCVPRT", control_of(k, "SNDPRT", "LS"));
    write_field(out, "RCVPRN", control_of(k, "SNDPRN", "CLOUD"));
    write_field(out, "CREDAT", date);
    write_field(out, "CRETIM", clock);
    snprintf(text, sizeof text, "%s%s", date, clock);
    write_field(out, "SERIAL", text);
    buf_text(out, "</EDI_DC40>");
}

static void
write_segment(struct buf *out, const char *name, const struct record *record,
              const json_t *json)
{
    buf_printf(out, "<%s SEGMENT=\"1\">", name);
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];
        const json_t *value = json_object_get(json, m->name);
        size_t at;
        json_t *row;

        if (value == NULL && strcmp(m->name, "MSGFN") == 0)
            buf_text(out, "<MSGFN>005</MSGFN>");
        if (json_is_object(value))
            write_segment(out, m->name, m->record, value);
        else if (json_is_string(value))
            write_field(out, m->name, json_string_value(value));
        json_array_foreach(value, at, row)
            write_segment(out, m->name, m->record, row);
    }
    buf_printf(out, "</%s>", name);
}

/* Segments of the IDOC element itself have no element around them. */
static void
write_inner(struct buf *out, const struct record *record, const json_t *json)
{
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];
        const json_t *value = json_object_get(json, m->name);
        size_t at;
        json_t *row;

        if (m->record == NULL || strcmp(m->name, "EDI_DC40") == 0)
            continue;
        if (json_is_object(value))
            write_segment(out, m->name, m->record, value);
        json_array_foreach(value, at, row)
            write_segment(out, m->name, m->record, row);
    }
}

void
sb_idoc_write(struct buf *out, const struct kind *k, const json_t *record,
              int64_t docnum)
{
    buf_printf(out, "<%s BEGIN=\"1\">", k->path.at[1]->name);
    write_control(out, k, docnum);
    if (k->path.n == 2) {
        write_inner(out, k->record, record);
    } else {
        for (size_t i = 2; i + 1 < k->path.n; i++)
            buf_printf(out, "<%s SEGMENT=\"1\">", k->path.at[i]->name);
        write_segment(out, k->path.at[k->path.n - 1]->name, k->record,
                      record);
        for (size_t i = k->path.n - 2; i >= 2; i--)
            buf_printf(out, "</%s>", k->path.at[i]->name);
    }
    buf_printf(out, "</%s>\n", k->path.at[1]->name);
}

void
sb_idoc_open(struct buf *out, const struct kind *k)
{
    buf_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s>",
               k->path.at[0]->name);
}

void
sb_idoc_close(struct buf *out, const struct kind *k)
{
    buf_printf(out, "</%s>\n", k->path.at[0]->name);
}
