/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What belongs to one system and not to one request: its cookies, its token,
 * which addresses may be asked. A token of OAuth2 (client credentials) is
 * fetched when the first request needs it, kept until shortly before it ends,
 * and fetched once more for requests that are refused with it.
 */
#include <arpa/inet.h>
#include <jansson.h>
#include <strings.h>

#include "http/transfer.h"

enum {
    TOKEN_MAX = 16 * 1024,      /* characters */
    TOKEN_MARGIN_MS = 30000,    /* this much before its end it isn't used */
    TOKEN_SECONDS = 300         /* where the server doesn't say */
};

/* "127.0.0.1", "[::1]", "localhost". */
static bool
is_loopback(const char *host)
{
    struct in_addr v4;

    if (inet_pton(AF_INET, host, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    return strcmp(host, "[::1]") == 0 || strcasecmp(host, "localhost") == 0;
}

static const char *
refuse_parsed(const struct http_session *s, CURLU *u)
{
    char *scheme = NULL, *host = NULL, *user = NULL;
    const char *why = NULL;

    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
    curl_url_get(u, CURLUPART_HOST, &host, 0);
    curl_url_get(u, CURLUPART_USER, &user, 0);
    if (scheme == NULL || host == NULL)
        why = "is no address";
    else if (user != NULL)
        why = "has a user in it; credentials belong to \"auth\"";
    else if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
        why = "is neither https nor http";
    else if (strcmp(scheme, "http") == 0 && !s->client->insecure_http &&
             !is_loopback(host))
        why = "is plain http to another machine";
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    return why;
}

const char *
http_session_refuses(const struct http_session *s, const char *url)
{
    CURLU *u = curl_url();
    const char *why;

    if (u == NULL)
        return "could not be looked at: memory ran out";
    why = curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK
              ? "is no address" : refuse_parsed(s, u);
    curl_url_cleanup(u);
    return why;
}

enum mr_status
http_session_allows(struct mr_cx *cx, const struct http_session *session,
                    const char *url)
{
    const char *why = http_session_refuses(session, url);

    return why == NULL ? MR_OK : mr_fail(cx, MR_EUSAGE, "\"%s\" %s", url, why);
}

struct http_session *
http_session_new(struct mr_cx *cx, struct http_client *client,
                 const struct http_auth *auth)
{
    struct http_session *s = mr_resize(cx, NULL, sizeof *s);

    if (s == NULL)
        return NULL;
    memset(s, 0, sizeof *s);
    s->client = client;
    if (auth != NULL)
        s->auth = *auth;
    bytes_init(&s->form, &client->memory);
    s->cookies = curl_share_init();
    if (s->cookies == NULL) {
        mr_fail(cx, MR_EMEMORY, "memory ran out");
        cx->memory.resize(cx->memory.arg, s, 0);
        return NULL;
    }
    curl_share_setopt(s->cookies, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    s->next = client->sessions;
    client->sessions = s;
    if (s->auth.kind == HTTP_AUTH_OAUTH2 &&
        http_session_allows(cx, s, s->auth.token_url) != MR_OK) {
        http_session_free(s);
        return NULL;
    }
    return s;
}

static void
drop_token(struct http_session *s)
{
    if (s->token == NULL)
        return;
    explicit_bzero(s->token, strlen(s->token));
    s->client->memory.resize(s->client->memory.arg, s->token, 0);
    s->token = NULL;
}

void
http_session_free(struct http_session *s)
{
    struct mr_memory memory = s->client->memory;
    struct http_session **at = &s->client->sessions;

    s->closing = true;
    s->first_waiting = s->last_waiting = NULL;
    transfers_give_up(s);
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    drop_token(s);
    bytes_free(&s->form);
    curl_share_cleanup(s->cookies);
    memory.resize(memory.arg, s, 0);
}

const char *
http_session_csrf(const struct http_session *s)
{
    return s->csrf;
}

bool
http_session_keep_csrf(struct http_session *s, const char *p, size_t n)
{
    if (n >= sizeof s->csrf)
        return false;
    if (n > 0)
        memcpy(s->csrf, p, n);
    s->csrf[n] = '\0';
    return true;
}

static void
wait_for_token(struct http_session *s, struct transfer *t)
{
    t->waits = NULL;
    if (s->last_waiting == NULL)
        s->first_waiting = t;
    else
        s->last_waiting->waits = t;
    s->last_waiting = t;
}

bool
http_session_ready(struct http_session *s, struct transfer *t)
{
    if (s->auth.kind != HTTP_AUTH_OAUTH2)
        return true;
    if (!s->fetching && s->token != NULL && http_clock() < s->token_until)
        return true;
    wait_for_token(s, t);
    return false;
}

bool
http_session_renews(struct http_session *s, struct transfer *t)
{
    if (s->auth.kind != HTTP_AUTH_OAUTH2 || t->plain || t->renewed)
        return false;
    t->renewed = true;
    curl_multi_remove_handle(s->client->multi, t->easy);
    t->running = false;
    wait_for_token(s, t);
    if (!s->fetching) {
        drop_token(s);
        http_session_fetch(s);
    }
    return true;
}

/* Lets those that waited go on, or tells them why not. */
static void
release(struct http_session *s, enum http_end end, const char *text)
{
    struct transfer *t = s->first_waiting, *next;

    s->first_waiting = s->last_waiting = NULL;
    for (; t != NULL; t = next) {
        next = t->waits;
        t->waits = NULL;
        if (end != HTTP_ANSWERED)
            transfer_end(t, end, 0, text);
        else if (!transfer_start(t))
            transfer_end(t, HTTP_NOT_SENT, 0, "memory ran out");
    }
}

/* As RFC 6750 has it: visible characters. */
static bool
is_token(const char *text)
{
    size_t n = strlen(text);

    if (n == 0 || n > TOKEN_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return true;
}

/* NULL, or what is wrong with the answer. */
static const char *
take_token(struct http_session *s, const struct http_reply *reply)
{
    json_t *root = json_loadb(reply->body, reply->n, JSON_REJECT_DUPLICATES,
                              NULL);
    const char *text = json_string_value(json_object_get(root, "access_token"));
    const json_t *expires = json_object_get(root, "expires_in");
    json_int_t seconds = TOKEN_SECONDS;
    const char *why = NULL;

    if (json_is_integer(expires))
        seconds = json_integer_value(expires);
    if (text == NULL || !is_token(text))
        why = "the token's server answered without a token";
    else if (seconds < 1 || seconds > 365 * 86400)
        why = "the token's server gave a token that ends at no sensible time";
    else if ((s->token = http_copy(&s->client->memory, text)) == NULL)
        why = "memory ran out";
    else
        s->token_until = http_clock() + seconds * 1000 -
                         (seconds > 60 ? TOKEN_MARGIN_MS : 0);
    json_decref(root);
    return why;
}

static void
token_came(void *arg, struct http_reply *reply)
{
    struct http_session *s = arg;
    const char *why;

    s->fetching = false;
    if (s->closing)
        return;
    if (reply->end != HTTP_ANSWERED) {
        release(s, HTTP_NOT_SENT, reply->text);
    } else if (reply->status >= 400 && reply->status < 500 &&
               reply->status != 429) {
        release(s, HTTP_DENIED, "the token's server refused the credentials");
    } else if (reply->status != 200) {
        release(s, HTTP_NOT_SENT, "the token's server failed");
    } else {
        why = take_token(s, reply);
        explicit_bzero(reply->body, reply->n);
        release(s, why == NULL ? HTTP_ANSWERED : HTTP_NOT_SENT,
                why == NULL ? "" : why);
    }
}

void
http_session_fetch(struct http_session *s)
{
    static const struct http_header headers[] = {
        { "Content-Type", "application/x-www-form-urlencoded" },
        { "Accept", "application/json" }
    };
    struct http_call call = {
        .method = "POST", .url = s->auth.token_url, .headers = headers,
        .n_headers = 2, .repeatable = true, .done = token_came, .arg = s
    };
    struct transfer *t;

    if (s->fetching)
        return;
    s->form.n = 0;
    bytes_text(&s->form, "grant_type=client_credentials");
    if (s->auth.scope != NULL && s->auth.scope[0] != '\0') {
        bytes_text(&s->form, "&scope=");
        bytes_percent(&s->form, s->auth.scope, strlen(s->auth.scope), "");
    }
    call.body = s->form.p;
    call.n = s->form.n;
    if (s->form.failed || http_session_refuses(s, s->auth.token_url) != NULL ||
        (t = transfer_new(s, &call)) == NULL) {
        release(s, HTTP_NOT_SENT, "the token's server can't be asked");
        return;
    }
    t->plain = true;
    s->fetching = true;
    if (!transfer_start(t))
        transfer_end(t, HTTP_NOT_SENT, 0, "memory ran out");
}
