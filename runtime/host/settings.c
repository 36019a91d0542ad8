/* SPDX-License-Identifier: Apache-2.0 */
/* All settings there are: one row each, in the order of the template and of
 * the schema. Rows of one object stand together. */
#include <stddef.h>

#include "host/config.h"

static const char *const kinds[] = { "auto", "odata", "idoc", "files",
                                     "soap", "rest", NULL };
static const char *const auths[] = { "none", "basic", "oauth2", "certificate",
                                     NULL };
static const char *const in_auths[] = { "none", "basic", "bearer",
                                        "certificate", NULL };
static const char *const levels[] = { "error", "warning", "info", "debug",
                                      NULL };
static const char *const formats[] = { "text", "json", NULL };

#define TEXT(path, member, preset, help) \
    { path, help, offsetof(struct OF, member), SET_TEXT, 0, 0, preset, NULL }
#define PATH(path, member, preset, help) \
    { path, help, offsetof(struct OF, member), SET_FILE, 0, 0, preset, NULL }
#define SECRET(path, member, help) \
    { path, help, offsetof(struct OF, member), SET_SECRET, 0, 0, NULL, NULL }
#define NUMBER(path, member, low, high, preset, help) \
    { path, help, offsetof(struct OF, member), SET_NUMBER, low, high, preset, \
      NULL }
#define FLAG(path, member, help) \
    { path, help, offsetof(struct OF, member), SET_BOOL, 0, 0, "false", NULL }
#define WORD(path, member, words, preset, help) \
    { path, help, offsetof(struct OF, member), SET_CHOICE, 0, 0, preset, \
      words }

#define OF config_system
const struct setting config_system_settings[] = {
    WORD("kind", kind, kinds, "auto",
         "how it is spoken to; auto: as its schema says"),
    TEXT("url", url, NULL, "address of the service: OData root, IDoc inbound, SOAP, REST"),
    PATH("folder", folder, NULL, "files: the folder with in, out, done, bad"),
    FLAG("flat", flat, "files: IDocs are flat files, not XML"),
    WORD("auth.kind", auth.kind, auths, "none", "how the program signs in"),
    TEXT("auth.user", auth.user, NULL, "basic: user name"),
    SECRET("auth.password", auth.password, "basic: password"),
    TEXT("auth.token_url", auth.token_url, NULL,
         "oauth2: address that gives tokens"),
    TEXT("auth.client_id", auth.client_id, NULL, "oauth2: client"),
    SECRET("auth.client_secret", auth.client_secret, "oauth2: its secret"),
    TEXT("auth.scope", auth.scope, NULL, "oauth2: scope asked for"),
    PATH("auth.cert", auth.cert, NULL, "certificate: client's, PEM"),
    PATH("auth.key", auth.key, NULL, "certificate: its private key, PEM"),
    SECRET("auth.key_password", auth.key_password,
           "certificate: password of the key"),
    NUMBER("batch", batch, 1, 1000, "50",
           "operations in one request at most; 1: no batches"),
    NUMBER("connections", connections, 1, 64, "4", "requests at one time"),
    NUMBER("timeout", timeout, 1, 3600, "60", "seconds for one request"),
    NUMBER("page", page, 0, 100000, "0",
           "records a page that are asked for; 0: as the server likes"),
};
const size_t config_n_system_settings =
    sizeof config_system_settings / sizeof config_system_settings[0];

#undef OF
#define OF config
const struct setting config_settings[] = {
    TEXT("inbound.listen", inbound.listen, NULL,
         "address and port for messages, health and metrics"),
    WORD("inbound.auth.kind", inbound.auth, in_auths, "none",
         "how senders sign in; none: on a loopback address only"),
    TEXT("inbound.auth.user", inbound.user, NULL, "basic: user name"),
    SECRET("inbound.auth.password", inbound.password, "basic: password"),
    SECRET("inbound.auth.token", inbound.token, "bearer: the token"),
    PATH("inbound.auth.ca", inbound.ca, NULL,
         "certificate: who may have signed those of senders, PEM"),
    PATH("inbound.tls.cert", inbound.cert, NULL, "the endpoint's own, PEM"),
    PATH("inbound.tls.key", inbound.key, NULL, "its private key, PEM"),
    SECRET("inbound.tls.key_password", inbound.key_password,
           "password of the key"),
    NUMBER("inbound.limits.body_mb", inbound.body_mb, 1, 1024, "64",
           "largest message, megabytes"),
    NUMBER("inbound.limits.timeout", inbound.timeout, 1, 3600, "30",
           "seconds in which a request must be complete"),
    NUMBER("inbound.limits.connections", inbound.connections, 1, 100000, "256",
           "connections at one time"),
    NUMBER("inbound.limits.per_address", inbound.per_address, 1, 100000, "64",
           "of these from one address"),
    PATH("http.ca", ca, NULL,
         "certificates that are trusted, PEM; none: those of the machine"),
    FLAG("http.insecure", insecure_http,
         "allows http, not encrypted, to other machines than this one"),
    PATH("store.file", store_file, "DEPLOYMENT.db",
         "what replication remembers"),
    SECRET("store.key", store_key,
           "64 hexadecimal digits; none: a file beside the store, made once"),
    NUMBER("store.decisions_days", decisions_days, 1, 36500, "90",
           "how long decisions are kept, for explain"),
    NUMBER("limits.queue", limits.queue, 1, 100000, "1024",
           "records in work at one time"),
    NUMBER("limits.in_flight", limits.in_flight, 1, 1000, "256",
           "operations at one time for each system"),
    NUMBER("limits.tries", limits.tries, 1, 1000, "8",
           "tries of a write before its record is parked"),
    NUMBER("limits.stale_tries", limits.stale_tries, 1, 100, "5",
           "rounds when a record keeps changing, before it waits"),
    NUMBER("limits.backoff_ms", limits.backoff_ms, 1, 3600000, "500",
           "first pause after a failure; doubled each time"),
    NUMBER("limits.backoff_max_ms", limits.backoff_max_ms, 1, 86400000,
           "60000", "longest pause"),
    NUMBER("limits.breaker", limits.breaker, 1, 10000, "10",
           "failures in a row after which a system is left alone"),
    NUMBER("limits.breaker_pause_ms", limits.breaker_pause_ms, 1, 86400000,
           "30000", "how long, until one try is let through"),
    NUMBER("calls.in_flight", calls_in_flight, 1, 10000, "64",
           "calls at one time; who comes when there are so many is sent away"),
    NUMBER("calls.cache_mb", calls_cache_mb, 0, 65536, "16",
           "memory for answers that are kept, megabytes"),
    WORD("log.level", log_level, levels, "info", "what is logged"),
    WORD("log.format", log_format, formats, "text",
         "lines for people, or one JSON object a line"),
};
const size_t config_n_settings =
    sizeof config_settings / sizeof config_settings[0];
