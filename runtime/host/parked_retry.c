/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a parked record that is tried again: it is looked for in the
 * store, before and afterwards. A running program does it in its own time, so
 * it is waited for some seconds. */
#include "host/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { WAIT_TENTHS = 50 };

/* One look at a row: whether it is there, how often it was tried, why it is. */
struct looked {
    bool there;
    uint32_t attempts;
    char reason[400];
};

/* false: the store could not be read, which was said. */
static bool
look(const struct host *h, const char *config, int64_t id, struct looked *l)
{
    struct store_parked p;
    struct session s;
    enum mr_status st = MR_END;

    memset(l, 0, sizeof *l);
    if (session_open(h, &s, config, SESSION_READ) != HOST_OK)
        return false;
    if (s.store != NULL)
        st = s.store->ops->parked_by_id(&s.cx, s.store, id, &p);
    if (st == MR_OK) {
        l->there = true;
        l->attempts = p.attempts;
        snprintf(l->reason, sizeof l->reason, "%s", p.reason);
    } else if (st != MR_END) {
        session_store_error(&s, "parked");
    }
    session_close(&s);
    return st == MR_OK || st == MR_END;
}

static void
pause_tenth(void)
{
    struct timespec tenth = { 0, 100000000 };

    nanosleep(&tenth, NULL);
}

/* The code: 1 where it is parked again. */
static int
say(struct change *c, int64_t id, const struct looked *before,
    const struct looked *now)
{
    if (!now->there) {
        fprintf(c->out, "%" PRId64 " is no longer parked\n", id);
        return HOST_OK;
    }
    if (now->attempts == before->attempts) {
        fprintf(c->out, "%" PRId64 " is not done yet: parked show %" PRId64
                " says what came of it\n", id, id);
        return HOST_OK;
    }
    fprintf(c->out, "%" PRId64 " is parked again: %s\n", id, now->reason);
    return HOST_HELD;
}

int
parked_retry(const struct host *h, const char *config, struct change *c)
{
    struct looked before, now;
    char *end;
    int64_t id = strtoll(c->argv[2], &end, 10);
    int code;

    if (id <= 0 || *end != '\0')        /* all of them */
        return change_make(h, config, c);
    if (!look(h, config, id, &before))
        return HOST_USAGE;
    code = change_make(h, config, c);
    if (code != HOST_OK)
        return code;
    for (int i = 0; i < WAIT_TENTHS; i++) {
        if (!look(h, config, id, &now))
            return HOST_STORE;
        if (!now.there || now.attempts != before.attempts)
            break;
        pause_tenth();
    }
    return say(c, id, &before, &now);
}
