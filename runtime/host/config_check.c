/* SPDX-License-Identifier: Apache-2.0 */
/* Settings that only make sense together: what a kind of sign-in needs, where
 * secrets may travel, what a kind of system needs. */
#include "host/config.h"

#include <stdlib.h>

static void
need(struct config *c, const char *system, const char *path, const char *why,
     const char *value)
{
    if (value == NULL)
        config_wrong(c, system, path, "is missing: %s needs it", why);
}

static void
check_auth(struct config *c, const struct config_system *s)
{
    const struct config_auth *a = &s->auth;

    switch ((enum config_auth_kind)a->kind) {
    case AUTH_NONE:
        return;
    case AUTH_BASIC:
        need(c, s->name, "auth.user", "basic", a->user);
        need(c, s->name, "auth.password", "basic", a->password);
        return;
    case AUTH_OAUTH2:
        need(c, s->name, "auth.token_url", "oauth2", a->token_url);
        need(c, s->name, "auth.client_id", "oauth2", a->client_id);
        need(c, s->name, "auth.client_secret", "oauth2", a->client_secret);
        return;
    case AUTH_CERTIFICATE:
        need(c, s->name, "auth.cert", "certificate", a->cert);
        need(c, s->name, "auth.key", "certificate", a->key);
        return;
    }
}

/* The host of "http://host:port/…"; *n is its length. */
static const char *
host_of(const char *url, size_t *n)
{
    const char *p = strstr(url, "://") + 3;

    *n = *p == '[' ? strcspn(p, "]") + (strchr(p, ']') != NULL)
                   : strcspn(p, ":/?#");
    return p;
}

static bool
is_here(const char *p, size_t n)
{
    return (n == 9 && memcmp(p, "localhost", 9) == 0) ||
           (n == 5 && memcmp(p, "[::1]", 5) == 0) ||
           (n > 4 && memcmp(p, "127.", 4) == 0 &&
            strspn(p, "0123456789.") == n);
}

static void
check_url(struct config *c, const struct config_system *s, const char *path,
          const char *url)
{
    const char *host;
    size_t n;

    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) {
        config_wrong(c, s->name, path, "starts with https:// (or http://)");
        return;
    }
    host = host_of(url, &n);
    if (n == 0 || url[strcspn(url, "#@ ")] != '\0')
        config_wrong(c, s->name, path, "is no address of a service: it has a "
                     "host, no user in it, no # and no blank");
    else if (url[4] == ':' && !is_here(host, n) && !c->insecure_http)
        config_wrong(c, s->name, path, "http is not encrypted: use https, or "
                     "set http.insecure for a network you trust");
}

static void
check_address(struct config *c, struct config_system *s)
{
    if (s->url != NULL)
        check_url(c, s, "url", s->url);
    if (s->auth.token_url != NULL)
        check_url(c, s, "auth.token_url", s->auth.token_url);
    check_auth(c, s);
}

static void
check_called(struct config *c, struct config_system *s)
{
    enum config_kind kind = s->format == MR_ODATA2 ? KIND_ODATA
                            : s->format == MR_JSON ? KIND_REST
                                                   : KIND_SOAP;
    const char *word = kind == KIND_ODATA ? "odata"
                       : kind == KIND_REST ? "rest" : "soap";

    if (s->kind != KIND_AUTO && s->kind != (uint32_t)kind)
        config_wrong(c, s->name, "kind", "it is called: it takes %s", word);
    s->kind = kind;
    need(c, s->name, "url", word, s->url);
    check_address(c, s);
}

static void
check_system(struct config *c, struct config_system *s)
{
    bool idoc = s->format == MR_IDOC;

    if (!s->replicated) {
        check_called(c, s);
        return;
    }
    if (s->kind == KIND_AUTO)
        s->kind = s->folder != NULL         ? KIND_FILES
                  : idoc                    ? KIND_IDOC
                  : s->format == MR_ODATA2  ? KIND_ODATA
                                            : KIND_FILES;
    if (s->kind == KIND_FILES && s->called)
        config_wrong(c, s->name, "kind", "it is called: it needs an url");
    if (s->kind == KIND_FILES) {
        need(c, s->name, "folder", "files", s->folder);
        if (s->flat && !idoc)
            config_wrong(c, s->name, "flat", "only IDocs can be flat files");
        return;
    }
    if ((s->kind == KIND_IDOC) != idoc ||
        (s->kind == KIND_ODATA && s->format != MR_ODATA2))
        config_wrong(c, s->name, "kind", "its schema is another one: %s",
                     idoc ? "it takes idoc or files"
                     : s->format == MR_ODATA2 ? "it takes odata or files"
                                              : "it takes files");
    need(c, s->name, "url", idoc ? "idoc" : "odata", s->url);
    check_address(c, s);
}

bool
config_is_loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 ||
           strncmp(listen, "[::1]:", 6) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

static void
check_listen(struct config *c, const char *listen)
{
    const char *colon = strrchr(listen, ':');
    size_t digits = colon != NULL ? strspn(colon + 1, "0123456789") : 0;

    if (colon == NULL || colon == listen || digits == 0 || digits > 5 ||
        colon[1 + digits] != '\0' || strtol(colon + 1, NULL, 10) > 65535)
        config_wrong(c, NULL, "inbound.listen",
                     "needs address and port, as \"127.0.0.1:8090\"");
}

static void
check_inbound(struct config *c)
{
    const struct config_inbound *in = &c->inbound;
    bool here;

    if (in->listen == NULL)
        return;
    check_listen(c, in->listen);
    here = config_is_loopback(in->listen);
    switch ((enum config_in_auth)in->auth) {
    case IN_NONE:
        if (!here)
            config_wrong(c, NULL, "inbound.auth.kind",
                         "none is for loopback addresses only");
        break;
    case IN_BASIC:
        need(c, NULL, "inbound.auth.user", "basic", in->user);
        need(c, NULL, "inbound.auth.password", "basic", in->password);
        break;
    case IN_BEARER:
        need(c, NULL, "inbound.auth.token", "bearer", in->token);
        break;
    case IN_CERTIFICATE:
        need(c, NULL, "inbound.auth.ca", "certificate", in->ca);
        need(c, NULL, "inbound.tls.cert", "certificate", in->cert);
        break;
    }
    if (in->cert != NULL || in->key != NULL) {
        need(c, NULL, "inbound.tls.cert", "inbound.tls.key", in->cert);
        need(c, NULL, "inbound.tls.key", "inbound.tls.cert", in->key);
    } else if (!here && in->auth != IN_NONE) {
        config_wrong(c, NULL, "inbound.tls.cert",
                     "is missing: beyond loopback the endpoint needs TLS");
    }
}

void
config_check(struct config *c)
{
    for (size_t i = 0; i < c->n_systems; i++)
        check_system(c, &c->systems[i]);
    check_inbound(c);
    if (c->limits.backoff_max_ms < c->limits.backoff_ms)
        config_wrong(c, NULL, "limits.backoff_max_ms",
                     "is less than limits.backoff_ms");
}
