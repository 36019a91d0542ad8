/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration of a program that replicates: one JSON file, each setting
 * of which an environment variable can replace. A setting is one row of a
 * table: from it come the reading, the messages, the template, the schema and
 * what `config show` prints. Secrets stand in it by reference only.
 */
#ifndef HOST_CONFIG_H
#define HOST_CONFIG_H

#include "host/host.h"

enum setting_type {
    SET_TEXT, SET_FILE, SET_NUMBER, SET_BOOL, SET_CHOICE, SET_SECRET
};

struct setting {
    const char *path;           /* "auth.kind": below the system or the root */
    const char *help;           /* one line, in the schema, too */
    size_t at;                  /* offset in struct config_system or config */
    enum setting_type type;
    uint32_t low, high;         /* NUMBER */
    const char *preset;         /* as text; NULL: none */
    const char *const *words;   /* CHOICE: ended by NULL, stored as index */
};

enum config_kind {
    KIND_AUTO, KIND_ODATA, KIND_IDOC, KIND_FILES, KIND_SOAP, KIND_REST
};
enum config_auth_kind { AUTH_NONE, AUTH_BASIC, AUTH_OAUTH2, AUTH_CERTIFICATE };
enum config_in_auth { IN_NONE, IN_BASIC, IN_BEARER, IN_CERTIFICATE };
enum config_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
enum config_log_format { LOG_TEXT, LOG_JSON };

/* A secret is its reference, "env:NAME" or "file:PATH", until config_secret. */
struct config_auth {
    uint32_t kind;              /* enum config_auth_kind */
    const char *user, *password;
    const char *token_url, *client_id, *client_secret, *scope;
    const char *cert, *key, *key_password;
};

struct config_system {
    const char *name;
    enum mr_format format;      /* what the maps say of it */
    bool called, replicated;    /* by calls, by maps, or both */
    uint32_t kind;              /* enum config_kind, never AUTO once read */
    const char *url, *folder;
    bool flat;
    struct config_auth auth;
    uint32_t batch, connections, timeout, page;
};

struct config_inbound {
    const char *listen;         /* NULL: there is no endpoint */
    uint32_t auth;              /* enum config_in_auth */
    const char *user, *password, *token, *ca;
    const char *cert, *key, *key_password;
    uint32_t body_mb, timeout, connections, per_address;
};

struct config_limits {
    uint32_t queue, in_flight, tries, stale_tries;
    uint32_t backoff_ms, backoff_max_ms, breaker, breaker_pause_ms;
};

struct config {
    struct mr_cx cx;            /* what the texts live in */
    const struct host *h;
    const char *file;           /* the configuration's name */
    struct config_system *systems;      /* those of the deployment */
    size_t n_systems;
    struct config_inbound inbound;
    const char *ca;             /* NULL: those of the machine */
    bool insecure_http;
    const char *store_file, *store_key;
    uint32_t decisions_days;
    struct config_limits limits;
    uint32_t calls_in_flight, calls_cache_mb;
    uint32_t log_level, log_format;
    unsigned n_errors;          /* said so far */
};

extern const struct setting config_system_settings[];
extern const size_t config_n_system_settings;
extern const struct setting config_settings[];
extern const size_t config_n_settings;

/* Reads `file`; NULL: what MAPC_CONFIG names, else DEPLOYMENT.json. false after
 * saying on stderr, with its place, each thing that is wrong. */
bool config_read(const struct host *h, struct config *c, const char *file);
void config_done(struct config *c);

/* The systems of the deployment, without settings yet. */
bool config_begin(const struct host *h, struct config *c);
struct config_system *config_system(struct config *c, const char *name);
/* Is any map replicated? Else there is no store. */
bool config_replicates(const struct host *h);
/* Has any call one effect for each key? Then there is a journal beside the
 * store's place. */
bool config_counts_effects(const struct host *h);
/* Does some map take messages of this system? */
bool config_sends(const struct host *h, const char *system);

/* --- one setting (config_value.c) --- */

/* Says "FILE: systems.erp.batch: …" and counts it. `system` may be NULL. */
void config_wrong(struct config *c, const char *system, const char *path,
                  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Text in one piece, in the configuration's memory; NULL: it ran out. */
char *config_text(struct config *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Stores a value that was given as text; wrong ones are said. `system` NULL:
 * a setting of the root. */
void config_set(struct config *c, struct config_system *system,
                const struct setting *s, const char *text);
void config_set_number(struct config *c, struct config_system *system,
                       const struct setting *s, int64_t number);
/* The value as text, NULL where there is none. */
const char *config_get(struct config *c, const struct config_system *system,
                       const struct setting *s);

/* --- sources and checks --- */

/* What the environment says (config_env.c). */
void config_environment(struct config *c);
/* MAPC_SYSTEMS_ERP_URL; NULL: no memory. */
char *config_env_name(struct config *c, const struct config_system *system,
                      const struct setting *s);
/* Settings that only make sense together (config_check.c). */
void config_check(struct config *c);
/* Is this "ADDRESS:PORT" a loopback address? */
bool config_is_loopback(const char *listen);

/* What the reference names, without the last line's end, in the
 * configuration's memory. NULL after saying why not (config_secret.c). */
const char *config_secret(struct config *c, const char *where,
                          const char *reference);
/* May only its owner use this file with a secret? Said where not. */
bool config_private(struct config *c, const char *where, const char *path,
                    FILE *f);
/* The store's secret: `store.key`, or NAME.key beside the store, which is made
 * where it is not there yet and `make` is true. */
bool config_store_secret(struct config *c, bool make,
                         unsigned char secret[32]);

/* --- in words and JSON (config_print.c) --- */

void config_print_template(struct config *c, bool all);
void config_print_schema(void);
void config_print(struct config *c);

#endif
