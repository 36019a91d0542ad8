/* SPDX-License-Identifier: Apache-2.0 */
/* The command check: would `run` work? Configuration, secrets, the store, each
 * system: is it there, does it let us in, is its schema still as it was. */
#include "host/check_called.h"
#include "host/replication.h"

#include <sodium.h>
#include <unistd.h>

static const char help_text[] =
    "usage: %s check [--live] [--format json]\n"
    "\n"
    "Checks the configuration, its secrets, the store, and each system: whether\n"
    "it answers, lets the program in and still has the fields of the maps.\n"
    "Changes nothing. Exit code 5 where something is wrong.\n"
    "\n"
    "  --live           reads the code lists of the systems, too, and compares\n"
    "                   them with the code tables\n";

/* Without making it: a check leaves nothing behind. */
static void
check_store(struct session *s, struct checking *k)
{
    unsigned char secret[32];
    enum mr_status st;
    const char *file = s->config.store_file;

    k->system = "store";
    if (access(file, F_OK) != 0) {
        check_line(k, true, file, "not there yet; the first run makes it");
        return;
    }
    if (!config_store_secret(&s->config, false, secret)) {
        check_line(k, false, file, "its key can't be had");
        return;
    }
    st = seal_keys(&s->cx, secret, &s->keys);
    sodium_memzero(secret, sizeof secret);
    if (st == MR_OK)
        st = store_sqlite_open(&s->cx, file, true, &s->store);
    check_line(k, st == MR_OK, file, st == MR_OK ? "" : s->cx.error.text);
    memset(&s->cx.error, 0, sizeof s->cx.error);
    if (st == MR_OK && access(file, W_OK) != 0)
        check_line(k, false, file, "it can't be written");
}

static void
check_systems(struct session *s, struct checking *k, bool codes)
{
    const struct peer_report report = { check_line, check_drift, k, codes };

    for (size_t i = 0; i < s->n_peers; i++) {
        struct peer *p = s->peers[i].peer;
        unsigned before = k->wrong;

        k->system = s->peers[i].system->name;
        if (!p->ops->check(p, s->h->program, &report) && k->wrong == before)
            check_line(k, false, p->ops->name, "the check failed");
    }
}

int
host_check(const struct host *h, int argc, char **argv)
{
    struct checking k = { .comma = "", .system = "settings" };
    bool live = false;
    const struct host_option more[] = { { "--live", NULL, &live, NULL } };
    struct common_args a;
    struct session s;
    size_t n;
    int code;

    if (!common_args(h, "check", help_text, argc, argv, more, 1, &a, NULL, 0,
                     &n, &code))
        return code;
    code = session_open(h, &s, a.config, SESSION_PEERS);
    if (code != HOST_OK)
        return code;
    k.json = a.json;
    if (k.json)
        putchar('[');
    check_line(&k, true, s.config.file, "");
    check_store(&s, &k);
    check_systems(&s, &k, live);
    check_called(&k, &s.config);
    if (k.json)
        puts("]");
    session_close(&s);
    return k.wrong > 0 ? HOST_FAILED : HOST_OK;
}
