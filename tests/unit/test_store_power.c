/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store in a file when the power goes: at any write and sync, while it is
 * made, in a turn, in a checkpoint, in closing, in opening it again. What was
 * said to be kept is there afterwards, and of the turn in which it happened all
 * or nothing. Mistakes that are made on purpose have to be found.
 */
#include "store/sqlite.h"
#include "unit/check.h"
#include "unit/disk.h"

#include <unistd.h>

enum { SEEDS = 300, PLANTED_SEEDS = 100, ROUNDS = 4, TURNS = 10, IDS = 12 };

enum mistake {
    NO_MISTAKE,
    SYNC_OFF,                   /* SQLite is told not to sync */
    SYNC_LATE,                  /* … only at checkpoints */
    DISK_LIES,                  /* syncs do nothing */
    TWO_HALVES                  /* a turn that is two transactions */
};

/* One seed's run. */
struct run {
    struct mr_cx cx;
    struct store *s;
    const struct store_ops *ops;
    enum mistake mistake;
    uint64_t sure;              /* content that was reported as kept */
    uint64_t maybe;             /* … of a turn that was to be */
    bool in_doubt;
    char folder[64], file[96];
    const char *wrong;          /* what does not hold; NULL */
};

static void
forget_error(struct run *r)
{
    memset(&r->cx.error, 0, sizeof r->cx.error);
}

/* --- the content as one number --- */

static void
mix(uint64_t *hash, const void *p, size_t n)
{
    const unsigned char *at = p;

    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ at[i]) * UINT64_C(1099511628211);
    *hash = (*hash ^ n) * UINT64_C(1099511628211);
}

static void
mix_row(uint64_t *hash, enum store_table_id table, const void *row)
{
    static const size_t sizes[] = {
        [COLUMN_NUMBER] = 8, [COLUMN_COUNT] = 4, [COLUMN_HASH] = 8,
        [COLUMN_INT] = 4, [COLUMN_SIDE] = 1, [COLUMN_FLAG] = 1,
        [COLUMN_TEXT] = 0, [COLUMN_MAYBE] = 0, [COLUMN_BYTES] = 0
    };
    const struct store_table *t = &store_tables[table];

    for (size_t i = 0; i < t->n; i++) {
        const struct store_column *c = &t->columns[i];
        const char *at = (const char *)row + c->at, *text;
        struct mr_bytes b;

        if (c->kind == COLUMN_BYTES) {
            memcpy(&b, at, sizeof b);
            mix(hash, b.p, b.n);
        } else if (c->kind == COLUMN_TEXT || c->kind == COLUMN_MAYBE) {
            memcpy(&text, at, sizeof text);
            mix(hash, text, text != NULL ? strlen(text) : 0);
        } else {
            mix(hash, at, sizes[c->kind]);
        }
    }
}

#define NEXT(r, name, ...) ((r)->ops->name(&(r)->cx, (r)->s, __VA_ARGS__))

static enum mr_status
mix_work(struct run *r, uint64_t *hash)
{
    struct store_intent i = { 0 };
    struct store_message m = { 0 };
    enum mr_status st;
    bool done;

    while ((st = NEXT(r, intent_next, i.id, &i)) == MR_OK)
        mix_row(hash, TABLE_INTENT, &i);
    while (st == MR_END && (st = NEXT(r, message_next, m.id, &m)) == MR_OK) {
        mix_row(hash, TABLE_MESSAGE, &m);
        for (uint32_t k = 0; k < 3; k++) {
            if ((st = NEXT(r, message_is_done, m.id, k, &done)) != MR_OK)
                return st;
            mix(hash, &done, 1);
        }
        st = MR_END;
    }
    return st;
}

static enum mr_status
mix_rest(struct run *r, uint64_t *hash)
{
    struct store_query parked = { 0 }, decided = { 0 };
    struct store_parked p;
    struct store_decision d;
    struct store_mark_row mark = { 0, { .map = NULL } };
    struct mr_bytes value;
    enum mr_status st;

    for (; (st = NEXT(r, parked_next, &parked, &p)) == MR_OK;
         parked.after = p.id)
        mix_row(hash, TABLE_PARKED, &p);
    for (; st == MR_END && (st = NEXT(r, decision_next, &decided, &d)) == MR_OK;
         decided.after = d.id)
        mix_row(hash, TABLE_DECISION, &d);
    for (int side = 0; side < 2 && st == MR_END; side++) {
        st = NEXT(r, mark_get, "Map", side, &mark.mark);
        if (st == MR_OK)
            mix_row(hash, TABLE_MARK, &mark);
        st = st == MR_OK ? MR_END : st;
    }
    if (st != MR_END)
        return st;
    st = NEXT(r, meta_get, "meta", &value);
    if (st == MR_OK)
        mix(hash, value.p, value.n);
    return st == MR_OK ? MR_END : st;
}

/* false: it can't be read to the end. */
static bool
content(struct run *r, uint64_t *hash)
{
    struct store_link l = { 0 };
    enum mr_status st;

    *hash = UINT64_C(14695981039346656037);
    while ((st = NEXT(r, link_next, NULL, l.id, &l)) == MR_OK)
        mix_row(hash, TABLE_LINK, &l);
    if (st == MR_END)
        st = mix_work(r, hash);
    if (st == MR_END)
        st = mix_rest(r, hash);
    return st == MR_END;
}

/* --- turns --- */

static struct mr_bytes
some_bytes(void)
{
    static char text[6000];
    struct mr_bytes b = { text, disk_pick(4) == 0 ? disk_pick(6000)
                                                  : disk_pick(60) };

    memset(text, (int)('a' + disk_pick(26)), b.n);
    return b;
}

static enum mr_status
put(struct run *r, const char *key)
{
    struct store_link l = { .map = "Map", .keys = { key, key },
                            .base = some_bytes() };
    struct store_intent i = { .map = "Map", .key = key, .sent = some_bytes() };
    struct store_message m = { .system = "s", .records = 3,
                               .sealed = some_bytes() };
    struct store_parked p = { .map = "Map", .record_id = key, .key = key,
                              .rule = "", .reason = "made up",
                              .wants_map = "", .wants_key = "",
                              .detail = some_bytes() };
    struct store_decision d = { .link = 1, .policy = "", .left = key };
    struct store_mark mark = { .map = "Map", .side = (uint8_t)disk_pick(2),
                               .mark = key, .load = "" };

    switch (disk_pick(8)) {
    case 0:
        return NEXT(r, intent_put, &i);
    case 1:
        return NEXT(r, message_put, &m);
    case 2:
        return NEXT(r, parked_put, &p);
    case 3:
        return NEXT(r, decision_put, &d);
    case 4:
        return NEXT(r, mark_put, &mark);
    case 5:
        return NEXT(r, meta_put, "meta", some_bytes());
    case 6:
        l.id = 1 + disk_pick(IDS);      /* perhaps not there */
        return NEXT(r, link_put, &l);
    default:
        return NEXT(r, link_put, &l);
    }
}

static enum mr_status
drop(struct run *r, int64_t id)
{
    bool empty;

    switch (disk_pick(5)) {
    case 0:
        return NEXT(r, link_drop, id);
    case 1:
        return NEXT(r, intent_drop, id);
    case 2:
        return NEXT(r, parked_drop, id);
    case 3:
        return NEXT(r, decision_drop, id);
    default:
        return NEXT(r, message_done, id, disk_pick(3), &empty);
    }
}

static bool
commit(struct run *r)
{
    if (r->ops->commit(&r->cx, r->s) == MR_OK)
        return true;
    forget_error(r);
    return false;
}

/* false: the power is gone, or something is wrong. */
static bool
turn(struct run *r)
{
    uint32_t steps = 1 + disk_pick(6);
    enum mr_status st = r->ops->begin(&r->cx, r->s);

    for (uint32_t i = 0; i < steps && (st == MR_OK || st == MR_END); i++) {
        char key[16];

        snprintf(key, sizeof key, "%u", (unsigned)disk_pick(100));
        st = disk_pick(4) == 0 ? drop(r, 1 + disk_pick(IDS)) : put(r, key);
        if (r->mistake == TWO_HALVES && i == steps / 2 &&
            (!commit(r) || r->ops->begin(&r->cx, r->s) != MR_OK))
            st = MR_EWRITE;
    }
    if ((st != MR_OK && st != MR_END) || !content(r, &r->maybe)) {
        r->ops->rollback(r->s);
        forget_error(r);
        return false;
    }
    if (disk_pick(8) == 0 && r->mistake != TWO_HALVES) {
        r->ops->rollback(r->s);
        return true;
    }
    r->in_doubt = !commit(r);
    if (r->in_doubt)
        return false;
    r->sure = r->maybe;
    return true;
}

/* --- the power --- */

/* A checkpoint every few pages: otherwise none would come in so few turns. */
static bool
open_store(struct run *r)
{
    static const char *const syncs[] = {
        [NO_MISTAKE] = "", [SYNC_OFF] = "PRAGMA synchronous = OFF",
        [SYNC_LATE] = "PRAGMA synchronous = NORMAL", [DISK_LIES] = "",
        [TWO_HALVES] = ""
    };
    sqlite3 *db;

    disk.lies = r->mistake == DISK_LIES;
    if (store_sqlite_open(&r->cx, r->file, false, &r->s) != MR_OK) {
        r->s = NULL;
        return false;
    }
    r->ops = r->s->ops;
    db = sqlite_of(r->s)->db;
    return sqlite3_exec(db, "PRAGMA wal_autocheckpoint = 12", NULL, NULL,
                        NULL) == SQLITE_OK &&
           sqlite3_exec(db, syncs[r->mistake], NULL, NULL, NULL) == SQLITE_OK;
}

static void
close_store(struct run *r)
{
    if (r->s != NULL)
        r->ops->close(&r->cx, r->s);
    r->s = NULL;
    forget_error(r);
}

/* The power goes at some write, at the latest when all turns are over: before
 * or behind a clean end. */
static void
until_the_cut(struct run *r)
{
    disk.until_cut = 1 + (long)disk_pick(disk_pick(2) == 0 ? 30 : 200);
    if (open_store(r))
        for (int i = 0; i < TURNS && turn(r); i++)
            ;
    if (!disk.dead && r->s == NULL)
        r->wrong = "it can't be opened";
    if (disk_pick(2) == 0)
        disk.dead = true;
    close_store(r);
    disk.dead = true;
    disk_restart();
}

static bool
is_sound(struct run *r)
{
    sqlite3_stmt *stmt = NULL;
    const char *said = NULL;
    bool sound;

    if (sqlite3_prepare_v2(sqlite_of(r->s)->db, "PRAGMA integrity_check", -1,
                           &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        said = (const char *)sqlite3_column_text(stmt, 0);
    sound = said != NULL && strcmp(said, "ok") == 0;
    sqlite3_finalize(stmt);
    return sound;
}

static void
look(struct run *r)
{
    uint64_t found = 0;

    if (!open_store(r))
        r->wrong = "it can't be opened again";
    else if (!is_sound(r))
        r->wrong = "it is damaged";
    else if (!content(r, &found))
        r->wrong = "it can't be read";
    else if (found == r->sure || (r->in_doubt && found == r->maybe))
        r->sure = found;
    else
        r->wrong = r->in_doubt ? "a turn is lost, or there in part"
                               : "a turn that was reported as kept is lost";
    r->in_doubt = false;
    /* Sometimes the power goes again at once. */
    disk.dead = disk_pick(3) == 0;
    close_store(r);
    if (disk.dead)
        disk_restart();
}

/* Content of a store with nothing in it. */
static uint64_t
nothing(struct run *r)
{
    uint64_t hash = 0;

    if (store_sqlite_open(&r->cx, ":memory:", false, &r->s) == MR_OK) {
        r->ops = r->s->ops;
        content(r, &hash);
    }
    close_store(r);
    return hash;
}

/* NULL: all is well. */
static const char *
run_seed(uint64_t seed, enum mistake mistake)
{
    struct run r = { .mistake = mistake };
    const char *tmp = getenv("TMPDIR");

    mr_cx_init(&r.cx, NULL);
    snprintf(r.folder, sizeof r.folder, "%s/power.XXXXXX",
             tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
    if (mkdtemp(r.folder) == NULL)
        return "there is no folder for it";
    snprintf(r.file, sizeof r.file, "%s/kept.db", r.folder);
    r.sure = nothing(&r);
    disk_install();
    disk_clear(seed);
    for (int i = 0; i < ROUNDS && r.wrong == NULL; i++) {
        until_the_cut(&r);
        if (r.wrong == NULL)
            look(&r);
    }
    disk_clear(0);
    /* Beside the lock only an empty file: what is in it was on our disk. */
    unlink(r.file);
    snprintf(r.file, sizeof r.file, "%s/kept.db-lock", r.folder);
    unlink(r.file);
    if (rmdir(r.folder) != 0)
        r.wrong = "files are left";
    mr_cx_done(&r.cx);
    return r.wrong;
}

static void
test_power(void)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const char *wrong = run_seed(seed, NO_MISTAKE);

        if (wrong != NULL) {
            check_fail(__FILE__, __LINE__, "seed %llu: %s",
                       (unsigned long long)seed, wrong);
            return;
        }
    }
}

/* Which of the seeds finds it does not matter. */
static void
find(enum mistake mistake)
{
    for (uint64_t seed = 1; seed <= PLANTED_SEEDS; seed++)
        if (run_seed(seed, mistake) != NULL)
            return;
    check_fail(__FILE__, __LINE__, "no seed finds it");
}

static void
test_sync_off(void)
{
    find(SYNC_OFF);
}

static void
test_sync_late(void)
{
    find(SYNC_LATE);
}

static void
test_disk_lies(void)
{
    find(DISK_LIES);
}

static void
test_two_halves(void)
{
    find(TWO_HALVES);
}

CHECK_MAIN({ "what was kept outlives a cut of the power", test_power },
           { "a store that does not sync is found", test_sync_off },
           { "one that syncs late is found", test_sync_late },
           { "a disk that does not sync is found", test_disk_lies },
           { "a turn in two halves is found", test_two_halves })
