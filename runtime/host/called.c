/* SPDX-License-Identifier: Apache-2.0 */
/* Opens what calls need of the systems they lead to. */
#include "host/called.h"

static int
said(struct called_systems *all, struct config *c, const char *system)
{
    fprintf(stderr, "%s: systems.%s: ", c->h->name, system);
    host_report_error(c->h, &all->cx.error);
    return all->cx.error.status == MR_EUSAGE ? HOST_USAGE : HOST_INTERNAL;
}

static int
open_one(struct called_systems *all, struct config *c,
         const struct config_system *system)
{
    struct called *s = &all->at[all->n++];

    memset(s, 0, sizeof *s);
    s->system = system;
    if (!sign_in(c, system, &s->auth))
        return HOST_USAGE;
    s->session = http_session_new(&all->cx, all->client, &s->auth);
    if (s->session == NULL ||
        http_session_allows(&all->cx, s->session, system->url) != MR_OK)
        return said(all, c, system->name);
    return HOST_OK;
}

int
called_open(struct called_systems *all, struct config *c, const char *name)
{
    int code = HOST_OK;

    memset(all, 0, sizeof *all);
    mr_cx_init(&all->cx, NULL);
    all->client = sign_in_client(c, &all->cx);
    all->at = all->client == NULL
                  ? NULL
                  : mr_resize(&all->cx, NULL, c->n_systems * sizeof *all->at);
    if (all->at == NULL) {
        host_report_error(c->h, &all->cx.error);
        return HOST_INTERNAL;
    }
    for (size_t i = 0; code == HOST_OK && i < c->n_systems; i++)
        if (c->systems[i].called &&
            (name == NULL || strcmp(c->systems[i].name, name) == 0))
            code = open_one(all, c, &c->systems[i]);
    return code;
}

void
called_close(struct called_systems *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].session != NULL)
            http_session_free(all->at[i].session);
    if (all->client != NULL)
        http_client_free(all->client);
    mr_resize(&all->cx, all->at, 0);
    mr_cx_done(&all->cx);
}

struct called *
called_find(struct called_systems *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->at[i].system->name, name) == 0)
            return &all->at[i];
    return NULL;
}
