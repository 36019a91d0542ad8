/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials: what the configuration's references name, read when a system is
 * going to be spoken to. */
#include "host/sign_in.h"

#include <errno.h>

static bool
secret(struct config *c, const char *system, const char *path,
       const char *reference, const char **out)
{
    char *where;

    if (reference == NULL)
        return true;
    where = config_text(c, "systems.%s.%s", system, path);
    *out = where != NULL ? config_secret(c, where, reference) : NULL;
    return *out != NULL;
}

/* curl reads the key; here it is only looked at. */
static bool
private_key(struct config *c, const char *system, const char *path)
{
    const char *where = config_text(c, "systems.%s.auth.key", system);
    FILE *f = where != NULL ? fopen(path, "rb") : NULL;
    bool good;

    if (f == NULL) {
        config_wrong(c, NULL, where != NULL ? where : "", "%s: %s", path,
                     strerror(errno));
        return false;
    }
    good = config_private(c, where, path, f);
    fclose(f);
    return good;
}

bool
sign_in(struct config *c, const struct config_system *system,
        struct http_auth *out)
{
    static const enum http_auth_kind kinds[] = {
        [AUTH_NONE] = HTTP_AUTH_NONE, [AUTH_BASIC] = HTTP_AUTH_BASIC,
        [AUTH_OAUTH2] = HTTP_AUTH_OAUTH2,
        [AUTH_CERTIFICATE] = HTTP_AUTH_CERTIFICATE
    };
    const struct config_auth *a = &system->auth;
    const char *name = system->name;

    *out = (struct http_auth){
        .kind = kinds[a->kind], .user = a->user, .token_url = a->token_url,
        .client_id = a->client_id, .scope = a->scope, .cert = a->cert,
        .key = a->key
    };
    switch ((enum config_auth_kind)a->kind) {
    case AUTH_NONE:
        return true;
    case AUTH_BASIC:
        return secret(c, name, "auth.password", a->password, &out->password);
    case AUTH_OAUTH2:
        return secret(c, name, "auth.client_secret", a->client_secret,
                      &out->client_secret);
    case AUTH_CERTIFICATE:
        return private_key(c, name, a->key) &&
               secret(c, name, "auth.key_password", a->key_password,
                      &out->key_password);
    }
    return false;
}

/* "mapc 0.1.0" as "mapc/0.1.0" */
static const char *
agent(struct config *c)
{
    char *text = config_text(c, "%s", c->h->program->compiler);
    char *blank = text != NULL ? strchr(text, ' ') : NULL;

    if (blank != NULL)
        *blank = '/';
    return text;
}

struct http_client *
sign_in_client(struct config *c, struct mr_cx *cx)
{
    struct http_settings http = { .agent = agent(c), .ca_file = c->ca,
                                  .insecure_http = c->insecure_http };

    return http_client_new(cx, &http);
}
