/* SPDX-License-Identifier: Apache-2.0 */
/* Where the journal of calls is, and its secret. */
#include "host/effects.h"

#include <sodium.h>
#include <string.h>

#include "host/clock.h"
#include "host/host.h"

/* NAME.calls beside NAME.db. */
static const char *
journal_file(struct config *c)
{
    const char *dot = strrchr(c->store_file, '.');
    const char *slash = strrchr(c->store_file, '/');

    if (dot == NULL || (slash != NULL && dot < slash))
        dot = c->store_file + strlen(c->store_file);
    return config_text(c, "%.*s.calls", (int)(dot - c->store_file),
                       c->store_file);
}

int
effects_open(const struct host *h, struct config *c,
             struct call_journal **out)
{
    unsigned char secret[32];
    const char *file;
    struct mr_cx cx;
    enum mr_status st;

    *out = NULL;
    if (!config_counts_effects(h))
        return HOST_OK;
    file = journal_file(c);
    if (file == NULL || !config_store_secret(c, true, secret))
        return HOST_USAGE;
    mr_cx_init(&cx, NULL);
    st = journal_open(&cx, file, secret, host_now(), out);
    sodium_memzero(secret, sizeof secret);
    if (st != MR_OK)
        host_report_error(h, &cx.error);
    mr_cx_done(&cx);
    return st == MR_OK       ? HOST_OK
           : st == MR_EMEMORY ? HOST_INTERNAL
                              : HOST_USAGE;
}
