/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes of callers, and what they are answered. */
#include "host/soap_in.h"

#include <stdlib.h>

#include "codec/utf8.h"
#include "host/call_words.h"

#define SOAP_NS "http://schemas.xmlsoap.org/soap/envelope/"

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<soap:Envelope xmlns:soap=\"" SOAP_NS "\"><soap:Body>";
static const char tail[] = "</soap:Body></soap:Envelope>\n";

/* --- the record's tables for XML --- */

static bool
is_xml_name(const struct mr_member *m)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-.";

    return m->name_n > 0 && strchr("0123456789-.", m->name[0]) == NULL &&
           strspn(m->name, letters) == m->name_n;
}

/* {"Name":…} => <Name>…</Name> */
static bool
as_element(struct mr_cx *cx, struct mr_member *m)
{
    char *text = mr_alloc(cx, 2 * (size_t)m->name_n + 8);

    if (text == NULL)
        return false;
    m->open_n = (uint16_t)sprintf(text, "<%.*s>", (int)m->name_n, m->name);
    m->open = text;
    m->close_n = (uint16_t)sprintf(text + m->open_n + 1, "</%.*s>",
                                   (int)m->name_n, m->name);
    m->close = text + m->open_n + 1;
    return true;
}

static const struct mr_shape *xml_shape(struct mr_cx *cx,
                                        const struct mr_shape *from,
                                        bool *names);

/* NULL: memory, or (*names) what has no name in XML. */
static const struct mr_member *
xml_members(struct mr_cx *cx, const struct mr_member *from, uint16_t n,
            bool *names)
{
    struct mr_member *to = mr_alloc(cx, (n + 1u) * sizeof *to);

    if (to == NULL)
        return NULL;
    for (uint16_t i = 0; i < n; i++) {
        to[i] = from[i];
        if (to[i].wire == MR_WIRE_DATETIME_TICKS)
            to[i].wire = MR_WIRE_DATETIME;
        *names = *names && is_xml_name(&to[i]);
        if (!*names || !as_element(cx, &to[i]))
            return NULL;
        if (to[i].shape != NULL)
            to[i].shape = xml_shape(cx, to[i].shape, names);
        if (to[i].kind != MR_VALUE && to[i].shape == NULL)
            return NULL;
    }
    return to;
}

static const struct mr_shape *
xml_shape(struct mr_cx *cx, const struct mr_shape *from, bool *names)
{
    struct mr_shape *to = mr_alloc(cx, sizeof *to);

    if (to == NULL)
        return NULL;
    *to = *from;
    to->read = xml_members(cx, from->read, from->n_read, names);
    to->write = xml_members(cx, from->write, from->n_write, names);
    return to->read == NULL || to->write == NULL ? NULL : to;
}

/* --- the documents --- */

static char *
text_of(struct mr_cx *cx, const char *fmt, const char *a, const char *b)
{
    int n = snprintf(NULL, 0, fmt, a, b);
    char *text = mr_alloc(cx, (size_t)n + 1);

    if (text != NULL)
        snprintf(text, (size_t)n + 1, fmt, a, b);
    return text;
}

static void
path_step(struct mr_member *m, const char *name, uint8_t ns)
{
    *m = (struct mr_member){ .name = name, .name_n = (uint16_t)strlen(name),
                             .kind = MR_ONE, .ns = ns };
}

/* "cloud.SalesQuote, erp.SIMULATE" => SalesQuote; NULL: memory, or no name. */
static const char *
record_name(struct mr_cx *cx, const char *title)
{
    const char *dot = strchr(title, '.');
    const char *p = dot == NULL ? title : dot + 1;
    size_t n = strcspn(p, ",. ");
    char *name = mr_alloc(cx, n + 1);
    struct mr_member m = { .name = name, .name_n = (uint16_t)n };

    if (name == NULL)
        return NULL;
    memcpy(name, p, n);
    name[n] = '\0';
    return is_xml_name(&m) ? name : NULL;
}

/* Envelope, Body, the call's element, the record. */
static bool
make_asked(struct mr_cx *cx, const struct mr_call *call, const char *record,
           struct mr_doc *doc)
{
    struct mr_member *path = mr_alloc(cx, 4 * sizeof *path);
    const char **namespaces = mr_alloc(cx, 3 * sizeof *namespaces);

    if (path == NULL || namespaces == NULL)
        return false;
    path_step(&path[0], "Envelope", 1);
    path_step(&path[1], "Body", 1);
    path_step(&path[2], call->name, 2);
    path_step(&path[3], record, 0);
    namespaces[0] = "";
    namespaces[1] = SOAP_NS;
    namespaces[2] = text_of(cx, "urn:mapc:call:%s%s", call->name, "");
    doc->format = MR_XML;
    doc->path = path;
    doc->n_path = 4;
    doc->namespaces = namespaces;
    doc->n_namespaces = 3;
    doc->head = doc->tail = doc->before = doc->after = "";
    return namespaces[2] != NULL;
}

static bool
make_answered(struct mr_cx *cx, const struct mr_call *call,
              const char *record, struct mr_doc *doc)
{
    doc->format = MR_XML;
    doc->head = text_of(cx, "%s<n:%sResponse xmlns:n=\"urn:mapc:call:", head,
                        call->name);
    if (doc->head != NULL)
        doc->head = text_of(cx, "%s%s\">", doc->head, call->name);
    doc->before = text_of(cx, "<%s>%s", record, "");
    doc->after = text_of(cx, "</%s>%s", record, "");
    doc->tail = "";
    return doc->head != NULL && doc->before != NULL && doc->after != NULL;
}

static bool
is_json(enum mr_format format)
{
    return format == MR_ODATA2 || format == MR_ODATA4 || format == MR_JSON;
}

bool
soap_in_make(struct mr_cx *cx, const struct mr_call *call, struct soap_in *to)
{
    bool names = true;

    memset(to, 0, sizeof *to);
    if (call->docflow != NULL || call->document != NULL ||
        call->attachment != NULL ||
        call->response == NULL ||
        !is_json(call->request->to_right->from->format))
        return true;
    to->asked = *call->request->to_right->from;
    to->answered = *call->response->to_left->to;
    to->asked.shape = xml_shape(cx, to->asked.shape, &names);
    if (to->asked.shape != NULL)
        to->answered.shape = xml_shape(cx, to->answered.shape, &names);
    to->record = record_name(cx, call->request->title);
    if (!names || to->record == NULL)
        return cx->error.status == MR_OK;
    to->there = to->asked.shape != NULL && to->answered.shape != NULL &&
                make_asked(cx, call, to->record, &to->asked) &&
                make_answered(cx, call, to->record, &to->answered);
    return to->there;
}

/* --- answers --- */

static void
put_element(FILE *out, const char *name, const char *p, size_t n)
{
    fprintf(out, "<%s>", name);
    soap_in_text(out, p, n);
    fprintf(out, "</%s>", name);
}

static void
put_value(FILE *out, const char *name, struct mr_val v)
{
    if (v.state == MR_HERE)
        put_element(out, name, v.p, v.n);
}

static void
put_message(FILE *out, const struct call_message *m)
{
    const char *severity = call_severity_word(m->severity);

    fputs("<Message>", out);
    put_element(out, "Severity", severity, strlen(severity));
    put_value(out, "Number", m->number);
    put_value(out, "Item", m->item);
    put_value(out, "Text", m->text);
    fputs("</Message>", out);
}

bool
soap_in_answer(FILE *out, struct calling *q, const struct soap_in *soap)
{
    struct mr_output text;
    bool good;

    mr_output_init(&text, NULL, NULL);
    q->writes = &soap->answered;
    good = calling_write(q, &text, false) == MR_OK;
    if (good) {
        fwrite(text.at, 1, text.n, out);
        for (uint32_t i = 0; i < q->n_messages; i++)
            put_message(out, &q->messages[i]);
        fprintf(out, "</n:%sResponse>%s", q->call->name, tail);
    }
    mr_output_done(&q->cx, &text);
    return good;
}

void
soap_in_kept(FILE *out, const struct soap_in *soap, const char *text, size_t n,
             long long age, bool stale)
{
    size_t front = strlen(soap->answered.head);

    fwrite(text, 1, front, out);
    fprintf(out, "<Age>%lld</Age>%s", age, stale ? "<Stale>true</Stale>" : "");
    fwrite(text + front, 1, n - front, out);
}

/* --- faults --- */

static void
put_fault(FILE *out, bool callers_fault, const char *reason, const char *text,
          size_t n)
{
    fprintf(out, "%s<soap:Fault><faultcode>soap:%s</faultcode>", head,
            callers_fault ? "Client" : "Server");
    put_element(out, "faultstring", text, n);
    if (reason != NULL) {
        fputs("<detail>", out);
        put_element(out, "Reason", reason, strlen(reason));
        fputs("</detail>", out);
    }
    fprintf(out, "</soap:Fault>%s", tail);
}

/* On one line: findings have several, indented. A message may show a part of
 * what was read, cut within a character. */
static size_t
one_line(char *text, size_t n)
{
    bool whole = mr_utf8_valid(text, n) == n;
    size_t to = 0;

    for (size_t i = 0; i < n; i++) {
        bool blank = text[i] == '\n' || text[i] == ' ';

        if (!blank)
            text[to++] = whole || (unsigned char)text[i] < 0x80 ? text[i]
                                                                : '?';
        else if (to > 0 && text[to - 1] != ' ')
            text[to++] = ' ';
    }
    return to > 0 && text[to - 1] == ' ' ? to - 1 : to;
}

void
soap_in_fault(FILE *out, const struct calling *q)
{
    int status = call_status(q);
    char *text = NULL;
    size_t n = 0;
    FILE *words = open_memstream(&text, &n);

    if (words != NULL) {
        call_problem_text(words, q);
        if (fclose(words) != 0)
            n = 0;
        n = one_line(text, n);
    }
    put_fault(out, status / 100 == 4, call_end_word(q->end), text, n);
    free(text);
}

void
soap_in_refusal(FILE *out, bool callers_fault, const char *text)
{
    put_fault(out, callers_fault, NULL, text, strlen(text));
}
