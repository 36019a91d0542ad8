/* SPDX-License-Identifier: Apache-2.0 */
/* What can happen to a store's file: killed programs, full disks, files that
 * are damaged, not ours, too new, read by others; memory that ends. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/sqlite.h"
#include "unit/store_backends.h"

static const struct backend file_backend = { "sqlite", true, open_file };

static bool
has(const struct box *b, const char *words)
{
    return strstr(b->cx.error.text, words) != NULL;
}

/* Opens the box's file once more; the status, errors in the box's context. */
static enum mr_status
try_open(struct box *b, bool read_only)
{
    enum mr_status st = store_sqlite_open(&b->cx, b->file, read_only, &b->s);

    if (st == MR_OK)
        b->ops = b->s->ops;
    else
        b->s = NULL;
    return st;
}

/* SQL by another program, on a store that is closed or open. */
static void
run_sql(struct box *b, const char *sql)
{
    sqlite3 *db = NULL;

    CHECK(sqlite3_open(b->file, &db) == SQLITE_OK);
    CHECK_THAT(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s",
               sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* A link, a decision about it and a message in one turn. */
static enum mr_status
one_turn(struct box *b, int number, size_t size)
{
    static char blob[4000];
    struct store_link l = { .map = "M" };
    struct store_decision d = { .rule = number };
    struct store_message m = { .system = "erp" };
    enum mr_status st = b->ops->begin(&b->cx, b->s);
    char key[20];

    snprintf(key, sizeof key, "%d", number);
    l.keys[0] = l.ids[1] = key;
    l.base.p = m.sealed.p = blob;
    l.base.n = m.sealed.n = size;
    if (st == MR_OK)
        st = CALL(b, link_put, &l);
    d.link = l.id;
    if (st == MR_OK)
        st = CALL(b, decision_put, &d);
    if (st == MR_OK)
        st = CALL(b, message_put, &m);
    if (st == MR_OK)
        st = b->ops->commit(&b->cx, b->s);
    if (st != MR_OK)
        b->ops->rollback(b->s);
    return st;
}

/* Writes turns from `number` on, and a byte for each once it was committed. */
static void
write_until_killed(struct box *b, int number, int to)
{
    struct store *unused;

    if (b->backend->open(b) != MR_OK)
        _exit(1);
    unused = b->s;
    b->ops = unused->ops;
    while (one_turn(b, number++, 3000) == MR_OK)
        if (write(to, "x", 1) != 1)
            _exit(2);
    _exit(3);
}

/* Kills a writer once it has said `wanted` turns; how many it said in all. */
static int
kill_writer(struct box *b, int number, int wanted)
{
    char text[64];
    int pipes[2], said = 0, state;
    ssize_t n;
    pid_t child;

    if (pipe(pipes) != 0)
        return -1;
    fflush(stdout);
    child = fork();
    if (child == 0)
        write_until_killed(b, number, pipes[1]);
    close(pipes[1]);
    while (said < wanted && (n = read(pipes[0], text, 1)) > 0)
        said += (int)n;
    kill(child, SIGKILL);
    while ((n = read(pipes[0], text, sizeof text)) > 0)
        said += (int)n;
    close(pipes[0]);
    waitpid(child, &state, 0);
    CHECK(WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL);
    return said;
}

/* All that was said to be committed is there, and nothing by half. */
static void
test_killed(void)
{
    struct box b;
    int turns = 0;

    REQUIRE(box_init(&b, &file_backend, NULL));
    for (int round = 0; round < 12 && !check_failed; round++) {
        int said = kill_writer(&b, turns, round * round);
        struct store_counts n;
        struct store_link l;
        char key[20];

        REQUIRE(said >= round * round);
        /* Whoever only reads sees it before the next writer does. */
        if (turns + said > 0 && round % 2 == 0) {
            REQUIRE(try_open(&b, true) == MR_OK);
            CHECK(b.ops->counts(&b.cx, b.s, &n) == MR_OK);
            CHECK((int)n.links >= turns + said && n.links == n.messages);
            box_close(&b);
        }
        if (!box_open(&b))
            break;
        CHECK(b.ops->counts(&b.cx, b.s, &n) == MR_OK);
        CHECK_THAT((int)n.links >= turns + said, "%d of %d turns",
                   (int)n.links, turns + said);
        CHECK(n.links == n.decisions && n.links == n.messages);
        turns = (int)n.links;
        for (int i = 0; i < turns; i++) {
            snprintf(key, sizeof key, "%d", i);
            CHECK(CALL(&b, link_by_record, "M", 1, key, &l) == MR_OK);
            CHECK(l.base.n == 3000);
        }
        box_close(&b);
    }
    box_done(&b);
}

/* A turn that the disk has no room for is not kept; with room again all goes
 * on. */
static void
test_disk_full(void)
{
    static const size_t limits[] = { 100000, 150000, 400000, 1000000 };
    struct rlimit old, low;

    signal(SIGXFSZ, SIG_IGN);
    REQUIRE(getrlimit(RLIMIT_FSIZE, &old) == 0);
    low = old;
    for (size_t i = 0; i < CHECK_ROWS(limits); i++) {
        struct store_counts n;
        struct box b;
        int turns = 0;
        enum mr_status st;

        REQUIRE(box_init(&b, &file_backend, NULL));
        REQUIRE(box_open(&b));
        low.rlim_cur = limits[i];
        REQUIRE(setrlimit(RLIMIT_FSIZE, &low) == 0);
        while ((st = one_turn(&b, turns, 3000)) == MR_OK && turns < 10000)
            turns++;
        CHECK(st == MR_EWRITE);
        CHECK_THAT(has(&b, ": the disk is full"), "%s", b.cx.error.text);
        box_forget_error(&b);
        CHECK(b.ops->counts(&b.cx, b.s, &n) == MR_OK);
        CHECK(n.links == (uint64_t)turns && n.messages == (uint64_t)turns);
        REQUIRE(setrlimit(RLIMIT_FSIZE, &old) == 0);
        CHECK(one_turn(&b, turns, 3000) == MR_OK);
        box_close(&b);
        CHECK(box_open(&b));
        CHECK(b.ops->counts(&b.cx, b.s, &n) == MR_OK);
        CHECK(n.links == (uint64_t)turns + 1);
        box_done(&b);
    }
    signal(SIGXFSZ, SIG_DFL);
}

static void
check_mode(const struct box *b, const char *end)
{
    char name[128];
    struct stat info;

    snprintf(name, sizeof name, "%s%s", b->file, end);
    REQUIRE(stat(name, &info) == 0);
    CHECK_THAT((info.st_mode & 0777) == 0600, "%s: %o", name,
               (unsigned)info.st_mode & 0777);
}

static void
test_mode(void)
{
    mode_t old = umask(0);
    struct box b;

    REQUIRE(box_init(&b, &file_backend, NULL));
    REQUIRE(box_open(&b));
    CHECK(one_turn(&b, 1, 10) == MR_OK);
    check_mode(&b, "");
    check_mode(&b, "-wal");
    check_mode(&b, "-shm");
    check_mode(&b, "-lock");
    umask(old);
    box_done(&b);
}

static void
test_read_beside(void)
{
    struct box b, reader;
    struct store_counts n;
    struct store_link l = { .map = "M" };

    REQUIRE(box_init(&b, &file_backend, NULL));
    REQUIRE(box_open(&b));
    CHECK(one_turn(&b, 1, 10) == MR_OK);
    reader = b;
    REQUIRE(try_open(&reader, true) == MR_OK);
    CHECK(reader.ops->counts(&reader.cx, reader.s, &n) == MR_OK);
    CHECK_NUMBER(n.links, 1);
    CHECK(one_turn(&b, 2, 10) == MR_OK);
    CHECK(reader.ops->counts(&reader.cx, reader.s, &n) == MR_OK);
    CHECK_NUMBER(n.links, 2);
    /* In a turn of its own it sees one state. */
    BEGIN(&reader);
    CHECK(CALL(&reader, link_by_key, "M", 0, "2", &l) == MR_OK);
    CHECK(one_turn(&b, 3, 10) == MR_OK);
    CHECK(CALL(&reader, link_by_key, "M", 0, "3", &l) == MR_END);
    CHECK(CALL(&reader, link_put, &l) == MR_EWRITE);
    CHECK(has(&reader, "is open for reading only"));
    box_forget_error(&reader);
    reader.ops->rollback(reader.s);
    CHECK(CALL(&reader, link_by_key, "M", 0, "3", &l) == MR_OK);
    reader.ops->close(&reader.cx, reader.s);
    /* A second writer is refused, by name of the first. */
    CHECK(try_open(&reader, false) == MR_EUSAGE);
    CHECK_THAT(has(&reader, ": is in use by another program (process "),
               "%s", reader.cx.error.text);
    CHECK(one_turn(&b, 4, 10) == MR_OK);
    box_done(&b);
}

/* In a process without rights, as root may write everything. */
static void
without_rights(struct box *b)
{
    bool root = geteuid() == 0;

    if ((root && (chown(b->folder, 65534, 65534) != 0 ||
                  chown(b->file, 65534, 65534) != 0)) ||
        chmod(b->file, 0400) != 0 ||
        (root && (setgid(65534) != 0 || setuid(65534) != 0)))
        _exit(2);
    if (try_open(b, false) != MR_EWRITE ||
        !has(b, ": can't be opened for writing: "))
        _exit(3);
    box_forget_error(b);
    if (try_open(b, true) != MR_OK)
        _exit(4);
    b->ops->close(&b->cx, b->s);
    if (chmod(b->file, 0) != 0 || try_open(b, true) != MR_EREAD ||
        !has(b, ": can't be opened for reading: "))
        _exit(5);
    _exit(0);
}

static void
test_rights(void)
{
    struct box b;
    pid_t child;
    int state;

    REQUIRE(box_init(&b, &file_backend, NULL));
    REQUIRE(box_open(&b));
    CHECK(one_turn(&b, 1, 10) == MR_OK);
    box_close(&b);
    fflush(stdout);
    child = fork();
    if (child == 0)
        without_rights(&b);
    REQUIRE(child > 0 && waitpid(child, &state, 0) == child);
    CHECK_THAT(WIFEXITED(state) && WEXITSTATUS(state) == 0, "state %x",
               (unsigned)state);
    box_done(&b);
}

static void
write_file(const struct box *b, const char *text, size_t n)
{
    FILE *f = fopen(b->file, "wb");

    REQUIRE(f != NULL);
    CHECK(fwrite(text, 1, n, f) == n);
    CHECK(fclose(f) == 0);
}

/* The whole file; its size in *n. */
static char *
read_whole(const struct box *b, size_t *n)
{
    FILE *f = fopen(b->file, "rb");
    char *p = malloc(1 << 20);

    if (f == NULL || p == NULL)
        abort();
    *n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return p;
}

static void
check_refused(struct box *b, enum mr_status want, const char *words)
{
    for (int read_only = 0; read_only < 2; read_only++) {
        CHECK(try_open(b, read_only == 1) == want);
        CHECK_THAT(has(b, words), "%s", b->cx.error.text);
        box_forget_error(b);
    }
}

static void
test_not_ours(void)
{
    static const char letter[] =
        "This is a letter to Muster GmbH, long enough to be looked at as if it "
        "were a file of another kind, which it is not in any way at all.";
    char *before, *after;
    size_t n, m;
    struct box b;

    REQUIRE(box_init(&b, &file_backend, NULL));
    CHECK(try_open(&b, true) == MR_EREAD);
    CHECK(has(&b, ": can't be opened: No such file or directory"));
    box_forget_error(&b);
    write_file(&b, letter, sizeof letter);
    check_refused(&b, MR_EFORMAT, ": is no store of replication");
    unlink(b.file);
    run_sql(&b, "CREATE TABLE link (id INTEGER PRIMARY KEY)");
    before = read_whole(&b, &n);
    check_refused(&b, MR_EFORMAT, ": is no store of replication");
    after = read_whole(&b, &m);
    CHECK(n == m && memcmp(before, after, n) == 0);
    free(before);
    free(after);
    unlink(b.file);
    REQUIRE(mkdir(b.file, 0700) == 0);
    check_refused(&b, MR_EREAD, ": is no regular file");
    rmdir(b.file);
    /* An empty one is a store that was begun; a link to nowhere is none. */
    write_file(&b, "", 0);
    CHECK(try_open(&b, true) == MR_EFORMAT && has(&b, ": is empty"));
    box_forget_error(&b);
    CHECK(try_open(&b, false) == MR_OK);
    CHECK(one_turn(&b, 1, 10) == MR_OK);
    box_done(&b);
    REQUIRE(box_init(&b, &file_backend, NULL));
    snprintf(b.file, sizeof b.file, "%s/none/kept.db", b.folder);
    CHECK(try_open(&b, false) == MR_EWRITE);
    CHECK(has(&b, ": can't be made: No such file or directory"));
    box_done(&b);
}

/* Opens a store, changes it by SQL, and what is read then. */
static void
check_changed(const char *sql, const char *words)
{
    struct store_intent i = { .map = "M", .side = 1 };
    struct box b;
    enum mr_status st;

    REQUIRE(box_init(&b, &file_backend, NULL));
    REQUIRE(box_open(&b));
    BEGIN(&b);
    CHECK(CALL(&b, intent_put, &i) == MR_OK);
    COMMIT(&b);
    box_close(&b);
    run_sql(&b, sql);
    st = try_open(&b, false);
    if (st == MR_OK)
        st = CALL(&b, intent_next, 0, &i);
    CHECK_THAT(st == MR_EFORMAT, "%s: %d", sql, st);
    CHECK_THAT(has(&b, words), "%s: %s", sql, b.cx.error.text);
    box_done(&b);
}

static void
test_changed(void)
{
    check_changed("PRAGMA user_version = 99",
                  ": was written by a newer version of this program");
    check_changed("PRAGMA user_version = 0", ": is no store of replication");
    check_changed("UPDATE intent SET side = 7",
                  ": is damaged: row 1 of intent");
    check_changed("UPDATE intent SET attempts = -1",
                  ": is damaged: row 1 of intent");
    check_changed("UPDATE intent SET key = 'a' || char(0) || 'b'",
                  ": is damaged: row 1 of intent");
    check_changed("DROP TABLE intent",
                  ": is damaged or was changed by another program");
    check_changed("ALTER TABLE intent DROP COLUMN token",
                  ": is damaged or was changed by another program");
}

/* A store of the first version had no looks. What is in it stays. */
static void
test_older(void)
{
    struct store_link l = { .map = "M", .ids = { "x", "y" } };
    uint64_t look = 0;
    struct box b;

    REQUIRE(box_init(&b, &file_backend, NULL));
    REQUIRE(box_open(&b));
    BEGIN(&b);
    CHECK(CALL(&b, link_put, &l) == MR_OK);
    COMMIT(&b);
    box_close(&b);
    run_sql(&b, "DROP TABLE look; PRAGMA user_version = 1");
    CHECK(try_open(&b, true) == MR_EFORMAT &&
          has(&b, ": has first to be opened for writing"));
    box_forget_error(&b);
    REQUIRE(try_open(&b, false) == MR_OK);
    CHECK(CALL(&b, link_by_record, "M", 0, "x", &l) == MR_OK);
    CHECK(CALL(&b, look_get, "M", 0, "x", &look) == MR_END);
    BEGIN(&b);
    CHECK(CALL(&b, look_put, l.id, 0, 7) == MR_OK);
    COMMIT(&b);
    box_close(&b);
    REQUIRE(try_open(&b, true) == MR_OK);
    CHECK(CALL(&b, look_get, "M", 0, "x", &look) == MR_OK && look == 7);
    box_done(&b);
}

/* Reads all that is there and writes a turn; any status but no crash. */
static enum mr_status
use_all(struct box *b)
{
    struct store_query q = { 0 };
    struct store_link l;
    struct store_message m;
    struct store_decision d;
    struct store_counts n;
    enum mr_status st = try_open(b, false);

    if (st != MR_OK)
        return st;
    st = b->ops->counts(&b->cx, b->s, &n);
    for (l.id = 0; st == MR_OK;)
        st = CALL(b, link_next, "M", l.id, &l);
    for (m.id = 0, st = st == MR_END ? MR_OK : st; st == MR_OK;)
        st = CALL(b, message_next, m.id, &m);
    for (st = st == MR_END ? MR_OK : st; st == MR_OK; q.after = d.id)
        st = CALL(b, decision_next, &q, &d);
    if (st == MR_END)
        st = CALL(b, link_by_key, "M", 0, "3", &l);
    if (st == MR_OK || st == MR_END)
        st = one_turn(b, 100, 100);
    box_close(b);
    return st;
}

/* Bytes of the file changed and its end cut off, each in a copy. */
static void
test_damaged(void)
{
    int noticed = 0, tries = 0;
    struct box b;
    char *good, *bad;
    size_t n;

    REQUIRE(box_init(&b, &file_backend, NULL));
    REQUIRE(box_open(&b));
    for (int i = 0; i < 8; i++)
        CHECK(one_turn(&b, i, 3000) == MR_OK);
    box_close(&b);
    good = read_whole(&b, &n);
    bad = malloc(n);
    REQUIRE(bad != NULL);
    CHECK(use_all(&b) == MR_OK);
    for (size_t at = 0; at < n && !check_failed; at += at < 200 ? 7 : 251) {
        size_t left = tries % 3 == 0 ? at : n;
        enum mr_status st;

        memcpy(bad, good, n);
        memset(bad + at, tries % 2 == 0 ? 0xff : 0x3c, n - at < 40 ? n - at
                                                                   : 40);
        write_file(&b, bad, left);
        st = use_all(&b);
        tries++;
        noticed += st != MR_OK;
        CHECK_THAT(st == MR_OK || b.cx.error.text[0] != '\0',
                   "byte %zu: %d without words", at, st);
        box_forget_error(&b);
    }
    CHECK_THAT(noticed > tries / 3, "%d of %d", noticed, tries);
    free(good);
    free(bad);
    box_done(&b);
}

struct scarce {
    long left, open;            /* until one fails; blocks not freed */
};

static void *
scarce_resize(void *arg, void *p, size_t size)
{
    struct scarce *s = arg;

    if (size == 0) {
        s->open -= p != NULL;
        free(p);
        return NULL;
    }
    if (s->left == 0)
        return NULL;
    s->left--;
    s->open += p == NULL;
    return realloc(p, size);
}

/* A day of a store's life; what is read is not kept. */
static enum mr_status
live(struct box *b)
{
    struct store_parked p = { .map = "M", .wants_key = "w" };
    struct store_query q = { .wants_key = "w", .key = "1" };
    struct store_intent i = { .map = "M", .key = "1" };
    struct store_mark m = { .map = "M" };
    struct store_link l;
    enum mr_status st = b->backend->open(b);

    if (st != MR_OK)
        return st;
    b->ops = b->s->ops;
    for (int k = 0; st == MR_OK && k < 40; k++)
        st = one_turn(b, k, 200);
    if (st == MR_OK)
        st = CALL(b, link_by_key, "M", 0, "1", &l);
    if (st == MR_OK)
        st = b->ops->begin(&b->cx, b->s);
    if (st == MR_OK && (st = CALL(b, parked_put, &p)) == MR_OK &&
        (st = CALL(b, intent_put, &i)) == MR_OK &&
        (st = CALL(b, mark_put, &m)) == MR_OK &&
        (st = CALL(b, link_drop, l.id)) == MR_OK)
        st = CALL(b, parked_next, &q, &p);
    return st == MR_END ? b->ops->commit(&b->cx, b->s) : st;
}

static void
sweep(const struct backend *backend)
{
    enum mr_status st = MR_EMEMORY;
    long k;

    for (k = 0; st != MR_OK && k < 2000 && !check_failed; k++) {
        struct scarce scarce = { -1, 0 };
        struct mr_memory memory = { scarce_resize, &scarce };
        struct box b;

        REQUIRE(box_init(&b, backend, &memory));
        b.image = store_image_new(&b.cx);
        scarce.left = k;
        st = live(&b);
        CHECK_THAT(st == MR_OK || st == MR_EMEMORY, "allocation %ld: %d, %s",
                   k, st, b.cx.error.text);
        CHECK(st == MR_OK || strstr(b.cx.error.text, "memory ran out"));
        box_done(&b);
        CHECK_NUMBER(scarce.open, 0);
    }
    CHECK_THAT(st == MR_OK && k > 3, "%s: %ld allocations", backend->name, k);
}

static void
test_every_allocation(void)
{
    for (size_t i = 0; i < CHECK_ROWS(backends); i++)
        sweep(&backends[i]);
}

/* SQLite's own memory, which fails from the n-th allocation on. */
static sqlite3_mem_methods plain;
static long sqlite_left = -1;

static void *
scarce_malloc(int n)
{
    if (sqlite_left == 0)
        return NULL;
    sqlite_left -= sqlite_left > 0;
    return plain.xMalloc(n);
}

static void *
scarce_realloc(void *p, int n)
{
    if (sqlite_left == 0)
        return NULL;
    sqlite_left -= sqlite_left > 0;
    return plain.xRealloc(p, n);
}

/* In steps that grow: there are thousands of them. What was committed is there
 * when memory is, too. */
static void
test_sqlite_memory(void)
{
    sqlite3_mem_methods scarce;
    enum mr_status st = MR_EMEMORY;
    int failed = 0;

    REQUIRE(sqlite3_shutdown() == SQLITE_OK);
    REQUIRE(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) == SQLITE_OK);
    scarce = plain;
    scarce.xMalloc = scarce_malloc;
    scarce.xRealloc = scarce_realloc;
    REQUIRE(sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) == SQLITE_OK);
    for (long k = 20; st != MR_OK && k < 1000000 && !check_failed;
         k += 1 + k / 64) {
        struct store_counts n;
        struct box b;

        REQUIRE(box_init(&b, &file_backend, NULL));
        sqlite_left = k;
        st = live(&b);
        sqlite_left = -1;
        failed += st != MR_OK;
        CHECK_THAT(st == MR_OK || b.cx.error.text[0] != '\0',
                   "allocation %ld: %d without words", k, st);
        box_close(&b);
        box_forget_error(&b);
        CHECK_THAT(box_open(&b), "allocation %ld", k);
        if (b.s != NULL) {
            CHECK(b.ops->counts(&b.cx, b.s, &n) == MR_OK);
            CHECK(n.messages == n.decisions && n.messages <= 40);
        }
        box_done(&b);
    }
    CHECK_THAT(st == MR_OK && failed > 100, "%d, %d failed", st, failed);
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &plain);
}

/* Each statement of the store finds its rows by an index and sorts nothing. */
static void
check_plan(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *plan = NULL;
    char text[3000];

    snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql);
    REQUIRE(sqlite3_prepare_v2(db, text, -1, &plan, NULL) == SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(plan, 3);

        CHECK_THAT(strstr(step, "TEMP B-TREE FOR ORDER BY") == NULL,
                   "%s: %s", sql, step);
        CHECK_THAT(strncmp(step, "SCAN", 4) != 0 || strstr(step, "subquery") ||
                       strstr(step, "(subquery"),
                   "%s: %s", sql, step);
    }
    sqlite3_finalize(plan);
}

static void
test_plans(void)
{
    struct store_query queries[] = {
        { .due = 5 }, { .wants_map = "A", .wants_key = "k" }, { .link = 5 },
        { .message = 6 }, { .map = "A", .link = 6 }
    };
    struct store_intent open = { .map = "A", .link = 5, .key = "k" };
    struct store_parked waits = { .map = "A", .link = 7 };
    struct store_decision d;
    struct store_parked p;
    struct store_intent i;
    struct store_link l;
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db;
    struct box b;
    bool done;
    int n = 0;

    REQUIRE(box_init(&b, &file_backend, NULL));
    REQUIRE(box_open(&b));
    for (int side = 0; side < 2; side++) {
        CHECK(CALL(&b, link_by_record, "A", side, "x", &l) == MR_END);
        CHECK(CALL(&b, link_by_key, "A", side, "x", &l) == MR_END);
    }
    CHECK(CALL(&b, link_next, "A", 5, &l) == MR_END);
    CHECK(CALL(&b, link_next, NULL, 5, &l) == MR_END);
    CHECK(CALL(&b, message_is_done, 5, 0, &done) == MR_END);
    /* Where nothing is open or parked no statement is needed to say so. */
    CHECK(CALL(&b, intent_find, "A", 0, "k", 0, &i) == MR_END);
    CHECK(CALL(&b, parked_next, &queries[0], &p) == MR_END);
    REQUIRE(b.ops->begin(&b.cx, b.s) == MR_OK);
    CHECK(CALL(&b, intent_put, &open) == MR_OK);
    CHECK(CALL(&b, parked_put, &waits) == MR_OK);
    CHECK(CALL(&b, intent_find, "A", 0, "k", 0, &i) == MR_OK);
    CHECK(CALL(&b, intent_find, "A", 0, NULL, 5, &i) == MR_OK);
    REQUIRE(b.ops->commit(&b.cx, b.s) == MR_OK);
    for (size_t k = 0; k < CHECK_ROWS(queries); k++) {
        CHECK(CALL(&b, parked_next, &queries[k], &p) == MR_END);
        CHECK(CALL(&b, decision_next, &queries[k], &d) == MR_END);
    }
    db = sqlite_of(b.s)->db;
    while ((stmt = sqlite3_next_stmt(db, stmt)) != NULL) {
        check_plan(db, sqlite3_sql(stmt));
        n++;
    }
    CHECK_THAT(n > 15, "%d statements", n);
    box_done(&b);
}

CHECK_MAIN({ "a killed program", test_killed },
           { "a full disk", test_disk_full }, { "modes of files", test_mode },
           { "reading beside", test_read_beside },
           { "missing rights", test_rights },
           { "files that are not ours", test_not_ours },
           { "changed by others", test_changed },
           { "of an older version", test_older },
           { "damaged", test_damaged },
           { "every allocation", test_every_allocation },
           { "every plan", test_plans },
           { "memory of SQLite", test_sqlite_memory })
