/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before anything is replicated: is the service there, does it let us in, and
 * does it still have what the maps were compiled for? Asks and waits.
 */
#define _GNU_SOURCE
#include "peer/odata_ask.h"
#include "peer/odata_codes.h"
#include "peer/odata_drift.h"
#include "peer/odata_metadata.h"

#include <strings.h>

static void
came(void *arg, struct http_reply *reply)
{
    struct odata_asked *a = arg;

    snprintf(a->text, sizeof a->text, "%s", reply->text);
    http_reply_keep(reply, &a->reply);
    a->over = true;
}

static void
ask(struct odata *o, const char *url, struct odata_asked *a)
{
    static const struct http_header headers[] = {
        { "x-csrf-token", "fetch" }, { "Accept", "*/*" }
    };
    struct http_call call = {
        .method = "GET", .url = url, .headers = headers, .n_headers = 2,
        .timeout_ms = o->set.timeout_ms, .repeatable = true, .done = came,
        .arg = a
    };

    memset(a, 0, sizeof *a);
    if (!http_send(o->session, &call)) {
        a->reply.end = HTTP_NOT_SENT;
        snprintf(a->text, sizeof a->text, "can't be asked");
        return;
    }
    while (!a->over)
        http_wait(o->client, 1000);
}

static bool
say(const struct peer_report *to, bool good, const char *what,
    const char *text)
{
    to->line(to->arg, good, what, text);
    return good;
}

/* For people, as log-ins and proxies have them, with 200. */
static bool
is_page(const struct http_reply *r)
{
    static const char *const begins[] = { "<!doctype html", "<html" };
    const char *p = r->body;
    size_t n = r->n;

    for (; n > 0 && *p != '\0' && strchr(" \t\r\n\xef\xbb\xbf", *p); p++)
        n--;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (n >= strlen(begins[i]) &&
            strncasecmp(p, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

/* NULL: it was answered as it should be. */
static const char *
complaint(struct odata *o, const struct odata_asked *a)
{
    struct odata_reply whole = {
        a->reply.status, { a->reply.headers, a->reply.headers_n },
        { a->reply.body, a->reply.n }
    };

    if (a->reply.end != HTTP_ANSWERED)
        return a->text;
    if (a->reply.status >= 200 && a->reply.status < 300)
        return !is_page(&a->reply) ? NULL
               : "the service answers with a page of HTML: a log-in, probably";
    if (a->reply.status == 401 || a->reply.status == 403)
        return "the credentials are refused";
    if (a->reply.status >= 300 && a->reply.status < 400)
        return "the service answers with a redirect: to a log-in, probably";
    return odata_error_text(&o->cx, &whole, NULL);
}

const char *
odata_ask(struct odata *o, const char *path, struct odata_asked *a)
{
    struct bytes url;
    const char *wrong = "memory ran out";

    memset(a, 0, sizeof *a);
    bytes_init(&url, &o->cx.memory);
    bytes_format(&url, "%s%s", o->root, path);
    bytes_add(&url, "", 1);
    if (!url.failed) {
        ask(o, url.p, a);
        wrong = complaint(o, a);
    }
    bytes_free(&url);
    return wrong;
}

static bool
check_metadata(struct odata *o, const struct mr_program *program,
               const struct peer_report *report)
{
    struct op_bytes text;
    struct odata_asked a;
    const char *wrong = odata_ask(o, "$metadata", &a);
    bool good;

    text = (struct op_bytes){ a.reply.body, a.reply.n };
    if (wrong == NULL)
        wrong = metadata_complaint(text);
    if (wrong != NULL)
        good = say(report, false, "$metadata", wrong);
    else
        good = odata_drift(o->set.system, text, program, report);
    http_reply_free(&a.reply);
    return good;
}

bool
odata_check(struct peer *p, const struct mr_program *program,
            const struct peer_report *report)
{
    struct odata *o = (struct odata *)(void *)p;
    struct odata_asked a;
    const char *wrong = odata_ask(o, "", &a);
    bool reached, good;

    reached = say(report, wrong == NULL, o->set.system,
                  wrong == NULL ? "reached, the credentials are good" : wrong);
    http_reply_free(&a.reply);
    good = reached && check_metadata(o, program, report);
    if (reached && report->codes)
        good = odata_codes(o, program, report) && good;
    mr_cx_next(&o->cx);
    return good;
}
