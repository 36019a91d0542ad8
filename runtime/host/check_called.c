/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a system that is called there, and does it take the credentials? It is
 * asked for its own address, by GET, which does nothing there; what it answers
 * to that hardly matters. Without credentials it is asked once more: only where
 * the answers differ were they looked at.
 */
#include "host/check_called.h"

#include "host/called.h"

struct asked {
    bool over;
    enum http_end end;
    int status;
    char text[160];
};

void
check_line(void *arg, bool good, const char *what, const char *text)
{
    struct checking *k = arg;

    k->wrong += !good;
    if (!k->json) {
        /* Its name stands there already. */
        if (strcmp(what, k->system) == 0 && text != NULL && text[0] != '\0') {
            what = text;
            text = NULL;
        }
        printf("%-6s %-10s %s%s%s\n", good ? "ok" : "WRONG", k->system, what,
               text != NULL && text[0] != '\0' ? ": " : "",
               text != NULL ? text : "");
        return;
    }
    printf("%s{\"good\":%s,\"about\":", k->comma, good ? "true" : "false");
    host_json_text(stdout, k->system);
    fputs(",\"what\":", stdout);
    host_json_text(stdout, what);
    fputs(",\"text\":", stdout);
    host_json_text(stdout, text != NULL ? text : "");
    putchar('}');
    k->comma = ",";
}

static void
json_member(const char *name, const char *text)
{
    printf(",\"%s\":", name);
    host_json_text(stdout, text);
}

void
check_drift(void *arg, const struct peer_drift *d)
{
    struct checking *k = arg;

    k->wrong += d->breaks;
    if (!k->json) {
        printf("%-6s %-10s %s: %s %s\n%18s%s\n", d->breaks ? "WRONG" : "note",
               k->system, d->at, d->field, d->text, "", d->rule);
        return;
    }
    printf("%s{\"good\":%s", k->comma, d->breaks ? "false" : "true");
    json_member("about", k->system);
    json_member("what", d->at);
    json_member("text", d->text);
    json_member("change", d->kind);
    json_member("field", d->field);
    json_member("rule", d->rule);
    putchar('}');
    k->comma = ",";
}

/* --- asking --- */

static void
came(void *arg, struct http_reply *reply)
{
    struct asked *a = arg;

    a->over = true;
    a->end = reply->end;
    a->status = reply->status;
    snprintf(a->text, sizeof a->text, "%s", reply->text);
}

static struct asked
ask(struct http_client *client, struct http_session *session,
    const struct config_system *system)
{
    struct asked a = { .end = HTTP_NOT_SENT };
    struct http_call call = {
        .method = "GET", .url = system->url,
        .timeout_ms = system->timeout * 1000, .repeatable = true,
        .done = came, .arg = &a
    };

    if (session == NULL || !http_send(session, &call)) {
        snprintf(a.text, sizeof a.text, "it can't be asked");
        return a;
    }
    while (!a.over)
        http_wait(client, 1000);
    return a;
}

static bool
keeps_out(const struct asked *a)
{
    return a->end == HTTP_ANSWERED && (a->status == 401 || a->status == 403);
}

/* NULL: it is there. */
static const char *
trouble(const struct config_system *system, const struct asked *a)
{
    if (a->end != HTTP_ANSWERED)
        return a->text;
    if (a->status == 401)
        return system->auth.kind == AUTH_NONE
                   ? "it asks for credentials, and none are configured"
                   : "the credentials are refused";
    if (a->status == 403)
        return "no access: an authorization is missing, or the service is "
               "not active";
    if (a->status >= 300 && a->status < 400)
        return "it answers with a redirect: to a log-in, probably";
    return a->status > 501 ? "it does not work now" : NULL;
}

/* --- one system --- */

static void
check_login(struct checking *k, struct called_systems *all,
            const struct config_system *system)
{
    struct http_session *nobody;
    struct asked without;
    char text[120];

    if (system->auth.kind == AUTH_NONE) {
        check_line(k, true, "credentials", "none are configured, and it asks "
                   "for none");
        return;
    }
    nobody = http_session_new(&all->cx, all->client, NULL);
    without = ask(all->client, nobody, system);
    if (nobody != NULL)
        http_session_free(nobody);
    if (keeps_out(&without))
        snprintf(text, sizeof text, "accepted; without them it answers HTTP "
                 "%d", without.status);
    else if (without.end != HTTP_ANSWERED)
        snprintf(text, sizeof text, "%s", system->auth.kind == AUTH_CERTIFICATE
                 ? "accepted; without them there is no connection"
                 : "not verified: it could not be asked without them");
    else
        snprintf(text, sizeof text, "not verified: it answers the same "
                 "without them");
    check_line(k, true, "credentials", text);
}

static void
check_one(struct checking *k, struct called_systems *all,
          const struct called *called)
{
    const struct config_system *system = called->system;
    struct asked a = ask(all->client, called->session, system);
    const char *why = trouble(system, &a);
    char text[240];

    k->system = system->name;
    if (why == NULL)
        snprintf(text, sizeof text, "reached, it answers (HTTP %d)", a.status);
    else if (a.end == HTTP_ANSWERED)
        snprintf(text, sizeof text, "%s (HTTP %d)", why, a.status);
    else
        snprintf(text, sizeof text, "%s", why);
    check_line(k, why == NULL, system->name, text);
    if (why == NULL)
        check_login(k, all, system);
}

void
check_called(struct checking *k, struct config *c)
{
    struct called_systems all;
    bool any = false;

    /* What replicates, too, is checked there. */
    for (size_t i = 0; i < c->n_systems; i++)
        any |= c->systems[i].called && !c->systems[i].replicated;
    if (!any)
        return;
    k->system = "calls";
    if (called_open(&all, c, NULL) != HOST_OK)
        check_line(k, false, "calls", "what they need can't be opened");
    else
        for (size_t i = 0; i < all.n; i++)
            if (!all.at[i].system->replicated)
                check_one(k, &all, &all.at[i]);
    called_close(&all);
}
