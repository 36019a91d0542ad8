/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a receiver of IDocs there, and are the credentials right? No question of
 * HTTP says so: some receivers ask for credentials before they look at the
 * method, others never. So it is asked with and without credentials: only where
 * these differ, the credentials were looked at. A GET first; where it can't
 * tell, a POST without a body, in which there is no IDoc to be taken. What was
 * not found out is said, too.
 */
#include <stdio.h>

#include "http/client.h"
#include "peer/idoc.h"
#include "peer/peer.h"

struct asked {
    bool over;
    enum http_end end;
    int status;
    char text[160];
};

struct check {
    struct mr_cx *cx;
    struct http_client *client;
    const struct peer_settings *set;
    const struct peer_report *to;
};

static void
came(void *arg, struct http_reply *reply)
{
    struct asked *a = arg;

    a->over = true;
    a->end = reply->end;
    a->status = reply->status;
    snprintf(a->text, sizeof a->text, "%s", reply->text);
}

/* false: it could not be asked. */
static bool
ask(const struct check *k, struct http_session *session, const char *method,
    struct asked *a)
{
    static const struct http_header xml = {
        "Content-Type", "text/xml; charset=utf-8"
    };
    bool post = method[0] == 'P';
    struct http_call call = {
        .method = method, .url = k->set->url, .headers = &xml,
        .n_headers = post ? 1 : 0, .body = post ? "" : NULL,
        .timeout_ms = k->set->timeout_ms, .repeatable = true, .done = came,
        .arg = a
    };

    *a = (struct asked){ .end = HTTP_NOT_SENT };
    if (!http_send(session, &call)) {
        snprintf(a->text, sizeof a->text, "it can't be asked");
        return false;
    }
    while (!a->over)
        http_wait(k->client, 1000);
    return a->end == HTTP_ANSWERED;
}

static bool
ask_unknown(const struct check *k, const char *method, struct asked *a)
{
    struct http_session *s = http_session_new(k->cx, k->client, NULL);
    bool answered = s != NULL && ask(k, s, method, a);

    if (s == NULL)
        *a = (struct asked){ .end = HTTP_NOT_SENT, .text = "memory ran out" };
    if (s != NULL)
        http_session_free(s);
    return answered;
}

static bool
keeps_out(const struct asked *a)
{
    return a->end == HTTP_ANSWERED && (a->status == 401 || a->status == 403);
}

static enum http_auth_kind
auth_kind(const struct check *k)
{
    return k->set->auth == NULL ? HTTP_AUTH_NONE : k->set->auth->kind;
}

static bool
say(const struct check *k, bool good, const char *what, const char *text)
{
    k->to->line(k->to->arg, good, what, text);
    return good;
}

/* NULL: there is something that works. 500 may be an answer to a request
 * without an IDoc; what others of its kind say is about the way there. */
static const char *
trouble(const struct check *k, const struct asked *a)
{
    if (a->end != HTTP_ANSWERED)
        return a->text;
    if (a->status == 401)
        return auth_kind(k) == HTTP_AUTH_NONE
                   ? "it asks for credentials, and none are configured"
                   : "the credentials are refused";
    if (a->status == 403)
        return "no access: an authorization is missing, or the service is "
               "not active";
    if (a->status == 404)
        return "no receiver of IDocs there";
    if (a->status >= 300 && a->status < 400)
        return "it answers with a redirect: to a log-in, probably";
    if (a->status > 500)
        return "it does not work now";
    return NULL;
}

static bool
say_trouble(const struct check *k, const struct asked *a, const char *why)
{
    char text[240];

    if (a->end == HTTP_ANSWERED)
        snprintf(text, sizeof text, "%s (HTTP %d)", why, a->status);
    else
        snprintf(text, sizeof text, "%s", why);
    return say(k, false, k->set->system, text);
}

enum told { WITHOUT_REFUSED, WITHOUT_TAKEN, NOT_COMPARED };

/* What becomes of the same request without credentials. */
static enum told
without(const struct check *k, const char *method, struct asked *a)
{
    if (ask_unknown(k, method, a))
        return keeps_out(a) ? WITHOUT_REFUSED : WITHOUT_TAKEN;
    /* Who shows no certificate is not even listened to. */
    return auth_kind(k) == HTTP_AUTH_CERTIFICATE ? WITHOUT_REFUSED
                                                 : NOT_COMPARED;
}

static bool
say_accepted(const struct check *k, const struct asked *a)
{
    char text[120];

    if (a->end == HTTP_ANSWERED)
        snprintf(text, sizeof text, "accepted; without them it answers HTTP "
                 "%d", a->status);
    else
        snprintf(text, sizeof text, "accepted; without them there is no "
                 "connection");
    return say(k, true, "credentials", text);
}

static bool
check_login(const struct check *k, struct http_session *session)
{
    struct asked a, with;
    enum told told;

    if (auth_kind(k) == HTTP_AUTH_NONE) {
        told = without(k, "POST", &a);
        return say(k, told != WITHOUT_REFUSED, "credentials",
                   told == WITHOUT_TAKEN
                       ? "none are configured, and it asks for none"
                   : told == WITHOUT_REFUSED
                       ? "it asks for them, and none are configured"
                       : "none are configured; not verified: it stopped "
                         "answering");
    }
    told = without(k, "GET", &a);
    if (told == WITHOUT_REFUSED)
        return say_accepted(k, &a);
    if (told == WITHOUT_TAKEN)
        told = without(k, "POST", &a);
    if (told == NOT_COMPARED)
        return say(k, true, "credentials", "not verified: it could not be "
                   "asked without them");
    if (told == WITHOUT_TAKEN)
        return say(k, true, "credentials", "not verified: it answers the same "
                   "without them");
    ask(k, session, "POST", &with);
    if (with.end != HTTP_ANSWERED || keeps_out(&with))
        return say_trouble(k, &with, with.end == HTTP_ANSWERED
                                         ? "the credentials are refused"
                                         : with.text);
    return say_accepted(k, &a);
}

bool
idoc_check(struct mr_cx *cx, struct http_client *client,
           struct http_session *session, const struct peer_settings *set,
           const struct peer_report *report)
{
    const struct check k = { cx, client, set, report };
    const char *why;
    struct asked a, b;
    char text[60];

    ask(&k, session, "GET", &a);
    why = trouble(&k, &a);
    if (why == NULL && a.status == 500 &&
        without(&k, "GET", &b) != WITHOUT_REFUSED)
        why = "it does not work now";
    if (why != NULL)
        return say_trouble(&k, &a, why);
    snprintf(text, sizeof text, "reached, it answers (HTTP %d)", a.status);
    say(&k, true, set->system, text);
    if (!check_login(&k, session))
        return false;
    return say(&k, true, "messages", "not verified: whether it takes them "
               "shows when one is sent");
}
