/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before anything is replicated: is the service there, does it let us in, and
 * does it still have what the maps were compiled for? Asks and waits.
 */
#define _GNU_SOURCE
#include "peer/odata_drift.h"
#include "peer/odata_metadata.h"
#include "peer/odata_task.h"

#include <strings.h>

struct asked {
    bool over;
    struct http_reply reply;
    char text[200];
};

static void
came(void *arg, struct http_reply *reply)
{
    struct asked *a = arg;

    snprintf(a->text, sizeof a->text, "%s", reply->text);
    http_reply_keep(reply, &a->reply);
    a->over = true;
}

static void
ask(struct odata *o, const char *url, struct asked *a)
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
complaint(struct odata *o, const struct asked *a)
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

static bool
check_metadata(struct odata *o, const struct mr_program *program,
               const struct peer_report *report)
{
    struct bytes url;
    struct op_bytes text;
    struct asked a;
    const char *wrong = "memory ran out";
    bool good = false;

    bytes_init(&url, &o->cx.memory);
    bytes_format(&url, "%s$metadata", o->root);
    bytes_add(&url, "", 1);
    memset(&a, 0, sizeof a);
    if (!url.failed) {
        ask(o, url.p, &a);
        wrong = complaint(o, &a);
    }
    text = (struct op_bytes){ a.reply.body, a.reply.n };
    if (wrong == NULL)
        wrong = metadata_complaint(text);
    if (wrong != NULL)
        good = say(report, false, "$metadata", wrong);
    else
        good = odata_drift(o->set.system, text, program, report);
    http_reply_free(&a.reply);
    bytes_free(&url);
    return good;
}

bool
odata_check(struct peer *p, const struct mr_program *program,
            const struct peer_report *report)
{
    struct odata *o = (struct odata *)(void *)p;
    struct asked a;
    const char *wrong;
    bool good;

    ask(o, o->root, &a);
    wrong = complaint(o, &a);
    good = say(report, wrong == NULL, o->set.system,
               wrong == NULL ? "reached, the credentials are good" : wrong);
    http_reply_free(&a.reply);
    good = good && check_metadata(o, program, report);
    mr_cx_next(&o->cx);
    return good;
}
