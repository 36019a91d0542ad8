/* SPDX-License-Identifier: Apache-2.0 */
/* Values, findings and errors in words. Personal values stay out of them. */
#include "host/host.h"

enum { SHOWN_MAX = 80 };

/* Whole UTF-8 sequences, control characters made visible. */
static void
show_text(FILE *out, const char *p, uint32_t n)
{
    uint32_t shown = 0, i = 0;

    fputc('"', out);
    while (i < n && shown < SHOWN_MAX) {
        unsigned char c = (unsigned char)p[i];

        if (c < 0x20 || c == 0x7f) {
            fprintf(out, "\\x%02x", c);
        } else {
            if (c == '"' || c == '\\')
                fputc('\\', out);
            fputc(c, out);
        }
        i++;
        while (i < n && ((unsigned char)p[i] & 0xc0) == 0x80)
            fputc(p[i++], out);
        shown++;
    }
    fputs(i < n ? "…\"" : "\"", out);
}

void
host_json_text(FILE *out, const char *p)
{
    fputc('"', out);
    for (; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

const char *
host_key_text(const char *key, char *text, size_t size)
{
    size_t n = 0;

    for (; *key != '\0' && n + 1 < size; key++)
        text[n++] = *key == 0x1f                ? '|'
                    : (unsigned char)*key < 0x20 ? ' '
                                                 : *key;
    text[n] = '\0';
    return text;
}

uint32_t
host_characters(struct mr_val v)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < v.n; i++)
        n += ((unsigned char)v.p[i] & 0xc0) != 0x80;
    return n;
}

void
host_show(FILE *out, struct mr_val v, bool personal)
{
    if (v.state == MR_MISSING)
        fputs("missing", out);
    else if (v.n == 0)
        fputs("empty", out);
    else if (personal)
        fprintf(out, "(personal, %lu characters)",
                (unsigned long)host_characters(v));
    else
        show_text(out, v.p, v.n);
}

uint32_t
host_n_findings(const struct mr_cx *cx)
{
    uint32_t n = cx->verdict.n;

    return n <= MR_FINDINGS_MAX ? n : MR_FINDINGS_MAX + 1;
}

void
host_report_finding(FILE *out, const struct mr_cx *cx, uint32_t i,
                    bool show_personal)
{
    const struct mr_verdict *verdict = &cx->verdict;
    const struct mr_finding *f = &verdict->findings[i];

    if (i == MR_FINDINGS_MAX) {
        fprintf(out, "and %lu more\n", (unsigned long)(verdict->n - i));
        return;
    }
    fprintf(out, "%s: %s: ",
            f->target->fate == MR_FATE_REJECT ? "rejected" : "parked",
            f->target->field);
    host_show(out, f->value, f->target->personal && !show_personal);
    fprintf(out, ": %s\n  %s: %s\n", mr_why_words(f->value.why),
            f->target->at, f->target->rule);
}

void
host_report_findings(FILE *out, uint64_t document, const struct mr_cx *cx,
                     bool show_personal)
{
    for (uint32_t i = 0; i < host_n_findings(cx); i++) {
        fprintf(out, "document %llu: ", (unsigned long long)document);
        host_report_finding(out, cx, i, show_personal);
    }
}

void
host_report_error(const struct host *h, const struct mr_error *e)
{
    fprintf(stderr, "%s: ", h->name);
    if (e->document != 0)
        fprintf(stderr, "document %llu: ", (unsigned long long)e->document);
    fputs(e->text, stderr);
    if (e->line != 0 && e->column != 0)
        fprintf(stderr, " (line %llu, column %llu, byte %llu)",
                (unsigned long long)e->line, (unsigned long long)e->column,
                (unsigned long long)e->offset);
    else if (e->line != 0)
        fprintf(stderr, " (line %llu)", (unsigned long long)e->line);
    fputc('\n', stderr);
}

struct mr_val
host_field(const void *frame, const struct mr_field *f)
{
    const char *record;

    memcpy(&record, (const char *)frame + f->at, sizeof record);
    if (record == NULL)
        return mr_missing();
    if (f->picked != NULL)
        return mr_pick(record, f->picked);
    return *(const struct mr_val *)(const void *)(record + f->field);
}
