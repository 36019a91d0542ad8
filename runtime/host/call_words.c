/* SPDX-License-Identifier: Apache-2.0 */
/* Answers, messages and refusals of calls as text. */
#include "host/call_words.h"

#include <stdlib.h>

#include "host/host.h"

const char *
call_severity_word(enum call_severity s)
{
    static const char *const words[] = { "success", "info", "warning",
                                         "error" };

    return words[s];
}

const char *
call_end_word(enum call_end end)
{
    static const char *const words[] = {
        [CALL_OPEN] = "open",           [CALL_ANSWERED] = "answered",
        [CALL_INPUT] = "unreadable",    [CALL_HELD] = "refused_by_rule",
        [CALL_FAULT] = "fault",         [CALL_LATE] = "late",
        [CALL_NOT_SENT] = "not_reached", [CALL_DENIED] = "denied",
        [CALL_BROKEN] = "broken",       [CALL_GARBLED] = "garbled",
        [CALL_BUSY] = "under_way",       [CALL_FAILED] = "failed"
    };

    return words[end];
}

int
call_status(const struct calling *q)
{
    switch (q->end) {
    case CALL_ANSWERED:
        return 200;
    case CALL_INPUT:
        return 400;
    case CALL_HELD:
        return q->answering ? 502 : 422;
    case CALL_LATE:
        return 504;
    case CALL_BUSY:
        return 409;
    case CALL_FAULT:
    case CALL_NOT_SENT:
    case CALL_DENIED:
    case CALL_BROKEN:
    case CALL_GARBLED:
        return 502;
    case CALL_OPEN:
    case CALL_FAILED:
        break;
    }
    return 500;
}

/* --- the answer --- */

static void
put_slice(FILE *out, const char *p, size_t n)
{
    fputc('"', out);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void
put_member(FILE *out, const char *name, struct mr_val v)
{
    if (v.state != MR_HERE)
        return;
    fprintf(out, ",\"%s\":", name);
    put_slice(out, v.p, v.n);
}

void
call_put_text(FILE *out, struct mr_val v)
{
    put_slice(out, v.p, v.n);
}

void
call_messages_json(FILE *out, const struct call_message *m, uint32_t n)
{
    fputc('[', out);
    for (uint32_t i = 0; i < n; i++) {
        fprintf(out, "%s{\"severity\":\"%s\"", i > 0 ? "," : "",
                call_severity_word(m[i].severity));
        put_member(out, "number", m[i].number);
        put_member(out, "item", m[i].item);
        put_member(out, "text", m[i].text);
        fputc('}', out);
    }
    fputc(']', out);
}

bool
call_answer_json(FILE *out, struct calling *q)
{
    struct mr_output text;

    mr_output_init(&text, NULL, NULL);
    if (calling_write(q, &text, false) != MR_OK) {
        mr_output_done(&q->cx, &text);
        return false;
    }
    while (text.n > 0 && text.at[text.n - 1] == '\n')
        text.n--;
    fputs(q->repeated ? "{\"repeated\":true,\"answer\":" : "{\"answer\":", out);
    fwrite(text.at, 1, text.n, out);
    mr_output_done(&q->cx, &text);
    fputs(",\"messages\":", out);
    call_messages_json(out, q->messages, q->n_messages);
    fputs("}\n", out);
    return true;
}

/* --- why there is none --- */

static const char *
title(const struct calling *q)
{
    switch (q->end) {
    case CALL_INPUT:
        return "the record can't be read";
    case CALL_HELD:
        return q->answering ? "a rule refused the answer"
                            : "a rule refused the record";
    case CALL_FAULT:
        return "the called system refused it";
    case CALL_LATE:
        return "the called system did not answer in time";
    case CALL_NOT_SENT:
        return "the called system was not reached";
    case CALL_DENIED:
        return "the called system refused our credentials";
    case CALL_BROKEN:
    case CALL_GARBLED:
        return "no answer came from the called system";
    case CALL_BUSY:
        return "the same is under way";
    case CALL_OPEN:
    case CALL_ANSWERED:
    case CALL_FAILED:
        break;
    }
    return "memory ran out";
}

static void
put_findings(FILE *out, const struct mr_cx *cx)
{
    fputs(",\"findings\":[", out);
    for (uint32_t i = 0; i < host_n_findings(cx); i++) {
        char *text = NULL;
        size_t n = 0;
        FILE *to = open_memstream(&text, &n);

        if (to == NULL)
            break;
        host_report_finding(to, cx, i, false);
        fclose(to);
        while (n > 0 && text[n - 1] == '\n')
            n--;
        fputs(i > 0 ? "," : "", out);
        put_slice(out, text, n);
        free(text);
    }
    fputc(']', out);
}

void
call_problem_text(FILE *out, const struct calling *q)
{
    fputs(title(q), out);
    if (q->text[0] != '\0' || q->end == CALL_INPUT)
        fprintf(out, ": %s", q->text[0] != '\0' ? q->text : q->cx.error.text);
    for (uint32_t i = 0; q->end == CALL_HELD && i < host_n_findings(&q->cx);
         i++) {
        fputs(i == 0 ? ": " : "; ", out);
        host_report_finding(out, &q->cx, i, false);
    }
}

void
call_problem_json(FILE *out, const struct calling *q)
{
    fprintf(out, "{\"title\":");
    host_json_text(out, title(q));
    fprintf(out, ",\"status\":%d,\"reason\":\"%s\",\"call\":",
            call_status(q), call_end_word(q->end));
    host_json_text(out, q->call->name);
    fputs(",\"system\":", out);
    host_json_text(out, q->call->to);
    if (q->text[0] != '\0' || q->end == CALL_INPUT) {
        fputs(",\"detail\":", out);
        host_json_text(out, q->text[0] != '\0' ? q->text : q->cx.error.text);
    }
    if (q->end == CALL_HELD)
        put_findings(out, &q->cx);
    fputs("}\n", out);
}
