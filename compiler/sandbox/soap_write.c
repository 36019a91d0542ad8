/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of function modules as envelopes, and faults. */
#include <string.h>

#include "sandbox/soap.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" \
             "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"" SOAP_NS "\">" \
             "<SOAP-ENV:Body>"
#define FOOT "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n"

static void
escaped(struct buf *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        switch (*p) {
        case '<':
            buf_text(out, "&lt;");
            break;
        case '>':
            buf_text(out, "&gt;");
            break;
        case '&':
            buf_text(out, "&amp;");
            break;
        case '\r':
            buf_text(out, "&#13;");
            break;
        default:
            buf_char(out, *p);
        }
}

/* A number with all digits of the field behind the point. */
static void
write_number(struct buf *out, const struct type *t, const char *text)
{
    const char *point = strchr(text, '.');
    size_t whole = point == NULL ? strlen(text) : (size_t)(point - text);
    size_t have = point == NULL ? 0 : strlen(point + 1);

    if (t->any_scale) {
        buf_text(out, text);
        return;
    }
    buf_add(out, text, whole);
    if (t->scale > 0)
        buf_char(out, '.');
    if (have > t->scale)
        have = t->scale;
    if (have > 0)
        buf_add(out, point + 1, have);
    for (; have < t->scale; have++)
        buf_char(out, '0');
}

/* At most so many characters. */
static size_t
cut(const char *text, size_t most)
{
    size_t n = 0;

    for (const char *p = text; *p != '\0'; p++) {
        n += ((unsigned char)*p & 0xc0) != 0x80;
        if (n > most)
            return (size_t)(p - text);
    }
    return strlen(text);
}

static void
write_value(struct buf *out, const struct member *m, const char *text)
{
    size_t most = m->type.max_chars, n = strlen(text);

    if (m->type.kind == TYPE_NUMBER) {
        write_number(out, &m->type, *text == '\0' ? "0" : text);
    } else if (m->type.kind == TYPE_TEXT && m->type.digits_only &&
               most != UNBOUNDED) {
        for (; n < most; n++)
            buf_char(out, '0');
        buf_text(out, text);
    } else {
        if (most != UNBOUNDED)
            n = cut(text, most);
        escaped(out, arena_copy(out->arena, text, n));
    }
}

static void write_record(struct buf *out, const char *ns,
                         const struct record *record, const json_t *json);

static void
write_element(struct buf *out, const char *ns, const struct member *m,
              const json_t *json)
{
    const char *text = json_string_value(json);
    const char *prefix = m->ns == NULL ? "" : "rfc:";

    buf_printf(out, "<%s%s", prefix, m->name);
    if (m->ns != NULL && strcmp(m->ns, ns) != 0)
        buf_printf(out, " xmlns:rfc=\"%s\"", m->ns);
    buf_char(out, '>');
    if (m->record != NULL)
        write_record(out, m->ns == NULL ? ns : m->ns, m->record, json);
    else
        write_value(out, m, text == NULL ? "" : text);
    buf_printf(out, "</%s%s>", prefix, m->name);
}

static void
write_record(struct buf *out, const char *ns, const struct record *record,
             const json_t *json)
{
    for (size_t i = 0; i < record->members.n; i++) {
        const struct member *m = &record->members.at[i];
        const json_t *value = json_object_get(json, m->name);

        if (m->attribute || m->content)
            continue;
        if (json_is_array(value))
            for (size_t r = 0; r < json_array_size(value); r++)
                write_element(out, ns, m, json_array_get(value, r));
        else if (value != NULL || m->min > 0)
            write_element(out, ns, m, value);
    }
}

void
sb_soap_write(struct buf *out, const struct member *output,
              const json_t *json)
{
    const char *ns = output->ns == NULL ? "" : output->ns;
    const char *prefix = output->ns == NULL ? "" : "rfc:";

    buf_text(out, HEAD);
    buf_printf(out, "<%s%s", prefix, output->name);
    if (output->ns != NULL)
        buf_printf(out, " xmlns:rfc=\"%s\"", ns);
    buf_char(out, '>');
    write_record(out, ns, output->record, json);
    buf_printf(out, "</%s%s>" FOOT, prefix, output->name);
}

void
sb_soap_fault(struct answer *to, const char *code, const char *words)
{
    to->status = 500;
    to->headers.n = 0;
    answer_header(to, "content-type", "text/xml; charset=utf-8");
    to->body.n = 0;
    buf_printf(&to->body, HEAD "<SOAP-ENV:Fault><faultcode>SOAP-ENV:%s"
               "</faultcode><faultstring>", code);
    escaped(&to->body, words);
    buf_text(&to->body, "</faultstring></SOAP-ENV:Fault>" FOOT);
    answer_utf8(to->body.at, to->body.n);
}
