/* SPDX-License-Identifier: Apache-2.0 */
/* Opens what a command needs of configuration, store, connectors and engine,
 * and closes it again. */
#include "host/host_session.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/control.h"
#include "host/endpoint.h"
#include "host/sign_in.h"

enum { IMPATIENCE = 5 };        /* failures in a row */

/* --- errors --- */

static int
code_of(enum mr_status st)
{
    switch (st) {
    case MR_OK:
    case MR_END:
        return HOST_OK;
    case MR_EUSAGE:
        return HOST_USAGE;
    case MR_EFORMAT:
    case MR_ELIMIT:
    case MR_EREAD:
        return HOST_PEER;
    case MR_EWRITE:
        return HOST_STORE;
    case MR_EMEMORY:
        return HOST_INTERNAL;
    }
    return HOST_INTERNAL;
}

int
session_error(struct session *s, struct mr_cx *cx)
{
    int code = code_of(cx->error.status);

    host_report_error(s->h, &cx->error);
    memset(&cx->error, 0, sizeof cx->error);
    return code == HOST_OK ? HOST_INTERNAL : code;
}

int
session_store_error(struct session *s, const char *what)
{
    if (what[0] != '\0')
        fprintf(stderr, "%s: %s: ", s->h->name, what);
    return session_error(s, &s->cx);
}

/* --- the store --- */

/* A store whose seals another key made would be read as damaged, record by
 * record: told once, at the beginning. */
static int
check_key(struct session *s, bool may_write)
{
    static const char name[] = "key_check";
    uint64_t mine = seal_hash(&s->keys, name, sizeof name);
    const struct store_ops *ops = s->store->ops;
    struct mr_bytes have;
    enum mr_status st = ops->meta_get(&s->cx, s->store, name, &have);

    if (st == MR_OK && have.n == sizeof mine &&
        memcmp(have.p, &mine, sizeof mine) == 0)
        return HOST_OK;
    if (st == MR_OK) {
        fprintf(stderr, "%s: %s: the store was made with another key than "
                "store.key gives\n", s->h->name, s->config.store_file);
        return HOST_USAGE;
    }
    if (st == MR_END && !may_write)
        return HOST_OK;
    have.p = &mine;
    have.n = sizeof mine;
    if (st == MR_END && ops->begin(&s->cx, s->store) == MR_OK) {
        if (ops->meta_put(&s->cx, s->store, name, have) == MR_OK &&
            ops->commit(&s->cx, s->store) == MR_OK)
            return HOST_OK;
        ops->rollback(s->store);
    }
    return session_error(s, &s->cx);
}

static int
open_store(struct session *s, bool read_only)
{
    unsigned char secret[32];
    enum mr_status st;

    if (read_only && access(s->config.store_file, F_OK) != 0)
        return HOST_OK;
    if (!config_store_secret(&s->config, !read_only, secret))
        return HOST_USAGE;
    st = seal_keys(&s->cx, secret, &s->keys);
    sodium_memzero(secret, sizeof secret);
    if (st == MR_OK)
        st = store_sqlite_open(&s->cx, s->config.store_file, read_only,
                               &s->store);
    if (st != MR_OK) {
        bool locked = st == MR_EUSAGE;
        int code = session_error(s, &s->cx);

        return locked ? HOST_BUSY : code;
    }
    return check_key(s, !read_only);
}

int
session_no_store(struct session *s)
{
    unsigned char secret[32];
    enum mr_status st;

    if (sodium_init() < 0)
        return HOST_INTERNAL;
    randombytes_buf(secret, sizeof secret);
    st = seal_keys(&s->cx, secret, &s->keys);
    s->image = st == MR_OK ? store_image_new(&s->cx) : NULL;
    if (s->image == NULL ||
        store_memory_open(&s->cx, s->image, &s->store) != MR_OK)
        return session_error(s, &s->cx);
    return HOST_OK;
}

/* --- connectors --- */

static struct peer *
new_peer(struct session *s, struct session_peer *p)
{
    const struct config_system *y = p->system;

    p->settings = (struct peer_settings){
        .system = y->name,
        .format = y->format,
        .url = y->kind == KIND_FILES ? y->folder : y->url,
        .auth = &p->auth,
        .batch = y->batch,
        .in_flight = y->connections,
        .timeout_ms = y->timeout * 1000,
        .page = y->page
    };
    switch ((enum config_kind)y->kind) {
    case KIND_ODATA:
        return peer_odata2_new(&s->cx, s->client, &p->settings);
    case KIND_IDOC:
        return peer_idoc_new(&s->cx, s->client, &p->settings);
    case KIND_AUTO:
    case KIND_SOAP:
    case KIND_REST:
    case KIND_FILES:
        return peer_files_new(&s->cx, &p->settings, y->flat);
    }
    return NULL;
}

static int
open_peers(struct session *s)
{
    size_t n = s->config.n_systems;

    s->client = sign_in_client(&s->config, &s->cx);
    s->peers = s->client != NULL ? mr_resize(&s->cx, NULL, n * sizeof *s->peers)
                                 : NULL;
    if (s->peers == NULL)
        return session_error(s, &s->cx);
    memset(s->peers, 0, n * sizeof *s->peers);
    for (size_t i = 0; i < n; i++) {
        struct session_peer *p = &s->peers[s->n_peers];

        if (!s->config.systems[i].replicated)
            continue;           /* called */
        p->system = &s->config.systems[i];
        s->n_peers++;
        if (!sign_in(&s->config, p->system, &p->auth))
            return HOST_USAGE;
        p->peer = new_peer(s, p);
        if (p->peer == NULL) {
            fprintf(stderr, "%s: systems.%s: ", s->h->name, p->system->name);
            return session_error(s, &s->cx);
        }
    }
    return HOST_OK;
}

struct session_peer *
session_peer(struct session *s, const char *system)
{
    for (size_t i = 0; i < s->n_peers; i++)
        if (strcmp(s->peers[i].system->name, system) == 0)
            return &s->peers[i];
    return NULL;
}

/* --- the engine --- */

static void
fill_settings(const struct session *s, struct engine_settings *e)
{
    const struct config_limits *l = &s->config.limits;

    engine_defaults(e);
    e->queue = l->queue;
    e->in_flight = l->in_flight;
    e->tries = l->tries;
    e->stale_tries = l->stale_tries;
    e->backoff_ms = l->backoff_ms;
    e->backoff_max_ms = l->backoff_max_ms;
    e->breaker = s->impatient && l->breaker > IMPATIENCE ? IMPATIENCE
                                                         : l->breaker;
    e->breaker_pause_ms = l->breaker_pause_ms;
    randombytes_buf(&e->seed, sizeof e->seed);
}

int
session_engine(struct session *s, bool dry, bool no_deletes)
{
    struct engine_settings settings;

    fill_settings(s, &settings);
    settings.dry = s->dry = dry;
    settings.no_deletes = no_deletes;
    if (engine_new(&s->engine_cx, s->h->program, &settings, s->store, &s->keys,
                   &s->engine) != MR_OK)
        return session_error(s, &s->engine_cx);
    engine_watch(s->engine, log_notice, s);
    for (size_t i = 0; i < s->n_peers; i++)
        engine_readable(s->engine, s->peers[i].system->name,
                        s->peers[i].peer->ops->reads);
    return HOST_OK;
}

/* --- all of it --- */

static int
open_parts(struct session *s, unsigned parts)
{
    size_t n = s->h->program->n_maps * sizeof *s->counts;
    int code = HOST_OK;

    s->counts = mr_resize(&s->cx, NULL, n);
    if (s->counts == NULL)
        return session_error(s, &s->cx);
    memset(s->counts, 0, n);
    if (parts & (SESSION_READ | SESSION_STORE))
        code = open_store(s, !(parts & SESSION_STORE));
    if (code == HOST_OK && parts & SESSION_PEERS)
        code = open_peers(s);
    return code;
}

int
session_open(const struct host *h, struct session *s, const char *config,
             unsigned parts)
{
    int code;

    memset(s, 0, sizeof *s);
    s->h = h;
    s->began = host_steady();
    mr_cx_init(&s->cx, NULL);
    mr_cx_init(&s->engine_cx, NULL);
    code = config_read(h, &s->config, config) ? HOST_OK : HOST_USAGE;
    s->log_level = s->config.log_level;
    if (code == HOST_OK)
        code = open_parts(s, parts);
    if (code != HOST_OK)
        session_close(s);
    return code;
}

void
session_close(struct session *s)
{
    signals_end(&s->stop);
    endpoint_close(s);
    control_close(s);
    if (s->engine != NULL)
        engine_free(s->engine);
    for (size_t i = 0; i < s->n_peers; i++)
        if (s->peers[i].peer != NULL)
            s->peers[i].peer->ops->close(s->peers[i].peer);
    if (s->client != NULL)
        http_client_free(s->client);
    if (s->store != NULL)
        s->store->ops->close(&s->cx, s->store);
    if (s->image != NULL)
        store_image_free(&s->cx, s->image);
    mr_resize(&s->cx, s->peers, 0);
    mr_resize(&s->cx, s->counts, 0);
    sodium_memzero(&s->keys, sizeof s->keys);
    mr_cx_done(&s->engine_cx);
    mr_cx_done(&s->cx);
    config_done(&s->config);
    memset(s, 0, sizeof *s);
}
