/* SPDX-License-Identifier: Apache-2.0 */
/* What came of parked records that are tried again: they are looked for in the
 * store, before and afterwards. A running program does it in its own time, so
 * it is waited for some seconds. */
#include "host/control.h"
#include "host/replication.h"

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
look_in(struct session *s, int64_t id, struct looked *l)
{
    struct store_parked p;
    enum mr_status st = MR_END;

    memset(l, 0, sizeof *l);
    if (s->store != NULL)
        st = s->store->ops->parked_by_id(&s->cx, s->store, id, &p);
    if (st == MR_OK) {
        l->there = true;
        l->attempts = p.attempts;
        snprintf(l->reason, sizeof l->reason, "%s", p.reason);
    } else if (st != MR_END) {
        session_store_error(s, "parked");
    }
    return st == MR_OK || st == MR_END;
}

static bool
look(const struct host *h, const char *config, int64_t id, struct looked *l)
{
    struct session s;
    bool read;

    if (session_open(h, &s, config, SESSION_READ) != HOST_OK)
        return false;
    read = look_in(&s, id, l);
    session_close(&s);
    return read;
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

/* --- all of them --- */

struct tried {
    int64_t id;
    uint32_t attempts;          /* before */
};

struct all_tried {
    struct tried *rows;
    size_t n, room;
};

static bool
add_row(struct all_tried *a, const struct store_parked *p)
{
    if (a->n == a->room) {
        size_t room = a->room == 0 ? 64 : a->room * 2;
        struct tried *rows = realloc(a->rows, room * sizeof *rows);

        if (rows == NULL)
            return false;
        a->rows = rows;
        a->room = room;
    }
    a->rows[a->n++] = (struct tried){ p->id, p->attempts };
    return true;
}

static int
read_rows(struct session *s, const char *map, int kind, struct all_tried *a)
{
    struct store_query q = { .map = map[0] != '\0' ? map : NULL };
    struct store_parked p;
    enum mr_status st;

    while ((st = s->store->ops->parked_next(&s->cx, s->store, &q, &p)) ==
           MR_OK) {
        q.after = p.id;
        if (p.kind == PARKED_REJECTED || (kind >= 0 && (int)p.kind != kind))
            continue;
        if (!add_row(a, &p)) {
            fprintf(stderr, "%s parked: no memory\n", s->h->name);
            return HOST_INTERNAL;
        }
    }
    return st == MR_END ? HOST_OK : session_store_error(s, "parked");
}

/* Those that are asked for, as they are before. */
static int
look_at_all(const struct host *h, const char *config, const struct change *c,
            struct all_tried *a)
{
    struct session s;
    int kind = -1, code;

    if (c->argv[4][0] != '\0' &&
        (kind = parked_kind_named(h, c->argv[4])) < 0)
        return HOST_USAGE;
    code = session_open(h, &s, config, SESSION_READ);
    if (code != HOST_OK)
        return code;
    if (s.store != NULL)
        code = read_rows(&s, c->argv[3], kind, a);
    session_close(&s);
    return code;
}

/* *wait: some are as they were. Says what came of each if told to;
 * the code is 1 where one is parked again. */
static int
look_again(const struct host *h, const char *config, const struct all_tried *a,
           struct change *c, bool tell, bool *wait)
{
    int code = HOST_OK;
    struct session s;

    *wait = false;
    if (session_open(h, &s, config, SESSION_READ) != HOST_OK)
        return HOST_STORE;
    for (size_t i = 0; i < a->n && s.store != NULL; i++) {
        struct looked before = { .attempts = a->rows[i].attempts }, now;

        if (!look_in(&s, a->rows[i].id, &now)) {
            code = HOST_STORE;
            break;
        }
        *wait = *wait || (now.there && now.attempts == before.attempts);
        if (tell && say(c, a->rows[i].id, &before, &now) != HOST_OK)
            code = HOST_HELD;
    }
    session_close(&s);
    return code;
}

static int
retry_all(const struct host *h, const char *config, struct change *c)
{
    struct all_tried a = { 0 };
    int code = look_at_all(h, config, c, &a);
    bool wait = a.n > 0;

    if (code == HOST_OK)
        code = change_make(h, config, c);
    for (int i = 0; code == HOST_OK && wait && i < WAIT_TENTHS; i++) {
        code = look_again(h, config, &a, c, false, &wait);
        if (wait)
            pause_tenth();
    }
    if (code == HOST_OK && a.n > 0)
        code = look_again(h, config, &a, c, true, &wait);
    free(a.rows);
    return code;
}

int
parked_retry(const struct host *h, const char *config, struct change *c)
{
    struct looked before, now;
    char *end;
    int64_t id = strtoll(c->argv[2], &end, 10);
    int code;

    if (id <= 0 || *end != '\0')        /* all of them */
        return retry_all(h, config, c);
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
