/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of calls with one effect: who may send, what is known
 * afterwards, whatever breaks. */
#include "call/journal.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/check.h"

enum { S = 1000000 };                   /* a second */

static const unsigned char secret[32] = "a secret of 32 bytes for tests.";
static const char how[] = "/look\0{\"PURCH_NO_C\":\"4711\"}";
static const char answer[] = "{\"SALESDOCUMENT\":\"0000000042\"}";
static const int64_t t0 = INT64_C(1700000000) * S, day = INT64_C(86400) * S;

struct desk {
    char folder[40], file[60];
    struct mr_cx cx;
    struct call_journal *j;
};

static bool
desk_open(struct desk *d, int64_t now)
{
    return journal_open(&d->cx, d->file, secret, now, &d->j) == MR_OK;
}

static void
desk_close(struct desk *d)
{
    journal_close(d->j);
    d->j = NULL;
}

static bool
desk_init(struct desk *d)
{
    memset(d, 0, sizeof *d);
    mr_cx_init(&d->cx, NULL);
    strcpy(d->folder, "/tmp/journal.XXXXXX");
    if (mkdtemp(d->folder) == NULL)
        return false;
    snprintf(d->file, sizeof d->file, "%s/calls.db", d->folder);
    return desk_open(d, t0);
}

static void
desk_done(struct desk *d)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char name[80];

    desk_close(d);
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", d->file, ends[i]);
        (void)unlink(name);
    }
    CHECK(rmdir(d->folder) == 0);
    mr_cx_done(&d->cx);
}

static void
entry_done(struct desk *d, struct journal_entry *e)
{
    mr_resize(&d->cx, e->text, 0);
    e->text = NULL;
}

/* Another caller comes with this key and request. */
static enum journal_state
come(struct desk *d, const char *key, const char *request, int64_t now,
     struct journal_entry *e)
{
    journal_name(d->j, "Order", key, strlen(key), "/order", request,
                 strlen(request), e);
    CHECK_NUMBER(journal_begin(&d->cx, d->j, e, now, now + 10 * S, how,
                               sizeof how - 1), MR_OK);
    return e->state;
}

static void
test_once(void)
{
    struct desk d;
    struct journal_entry a, b;

    REQUIRE(desk_init(&d));
    CHECK_NUMBER(come(&d, "4711", "x", t0, &a), JOURNAL_NEW);
    CHECK_NUMBER(come(&d, "4711", "x", t0 + 1, &b), JOURNAL_BUSY);
    CHECK(b.text == NULL);
    CHECK_NUMBER(come(&d, "4712", "x", t0 + 1, &b), JOURNAL_NEW);
    CHECK(journal_done(&d.cx, d.j, &a, answer, sizeof answer - 1, false,
                       t0 + S) == MR_OK);
    CHECK_NUMBER(come(&d, "4711", "x", t0 + 2 * S, &b), JOURNAL_DONE);
    CHECK_TEXT(b.text, answer);
    CHECK(b.n == sizeof answer - 1 && b.same && !b.looked_up);
    CHECK_NUMBER(b.done, t0 + S);
    entry_done(&d, &b);
    CHECK_NUMBER(come(&d, "4711", "y", t0 + 2 * S, &b), JOURNAL_DONE);
    CHECK(!b.same);
    entry_done(&d, &b);
    /* What is done stays so, whoever says otherwise. */
    CHECK(journal_leave(&d.cx, d.j, &a) == MR_OK);
    CHECK(journal_drop(&d.cx, d.j, &a) == MR_OK);
    CHECK(journal_send(&d.cx, d.j, &a, t0, t0 + S) == MR_END);
    CHECK_NUMBER(come(&d, "4711", "x", t0 + 2 * S, &b), JOURNAL_DONE);
    entry_done(&d, &b);
    desk_done(&d);
}

static void
test_unknown(void)
{
    struct desk d;
    struct journal_entry a, b, c;

    REQUIRE(desk_init(&d));
    CHECK_NUMBER(come(&d, "4711", "x", t0, &a), JOURNAL_NEW);
    CHECK(journal_leave(&d.cx, d.j, &a) == MR_OK);
    /* The next one is told how the first one was to be looked up. */
    CHECK_NUMBER(come(&d, "4711", "y", t0 + S, &b), JOURNAL_OPEN);
    CHECK(b.n == sizeof how - 1 && memcmp(b.text, how, b.n) == 0);
    CHECK_NUMBER(b.sent, t0);
    entry_done(&d, &b);
    CHECK_NUMBER(come(&d, "4711", "y", t0 + S, &c), JOURNAL_BUSY);
    /* Neither the first one nor a third one has the claim now. */
    CHECK(journal_leave(&d.cx, d.j, &a) == MR_OK);
    CHECK(journal_drop(&d.cx, d.j, &c) == MR_OK);
    CHECK(journal_send(&d.cx, d.j, &a, t0 + 2 * S, t0 + 9 * S) == MR_END);
    CHECK_NUMBER(come(&d, "4711", "y", t0 + 2 * S, &c), JOURNAL_BUSY);
    CHECK(journal_send(&d.cx, d.j, &b, t0 + 2 * S, t0 + 9 * S) == MR_OK);
    /* Its owner dies: after its time the claim is anyone's. */
    CHECK_NUMBER(come(&d, "4711", "y", t0 + 9 * S - 1, &c), JOURNAL_BUSY);
    CHECK_NUMBER(come(&d, "4711", "y", t0 + 9 * S, &c), JOURNAL_OPEN);
    CHECK_NUMBER(c.sent, t0 + 2 * S);
    entry_done(&d, &c);
    CHECK(journal_drop(&d.cx, d.j, &c) == MR_OK);
    CHECK_NUMBER(come(&d, "4711", "y", t0 + 10 * S, &c), JOURNAL_NEW);
    desk_done(&d);
}

/* Two programs with one file, and one that begins again. */
static void
test_two(void)
{
    struct desk d, other;
    struct journal_entry a, b;

    REQUIRE(desk_init(&d));
    other = d;
    mr_cx_init(&other.cx, NULL);
    REQUIRE(desk_open(&other, t0));
    CHECK_NUMBER(come(&d, "4711", "x", t0, &a), JOURNAL_NEW);
    CHECK_NUMBER(come(&other, "4711", "x", t0, &b), JOURNAL_BUSY);
    desk_close(&d);
    CHECK_NUMBER(come(&other, "4711", "x", t0 + 10 * S, &b), JOURNAL_OPEN);
    entry_done(&other, &b);
    CHECK(journal_done(&other.cx, other.j, &b, answer, sizeof answer - 1, true,
                       t0 + 11 * S) == MR_OK);
    desk_close(&other);
    mr_cx_done(&other.cx);
    REQUIRE(desk_open(&d, t0 + 12 * S));
    CHECK_NUMBER(come(&d, "4711", "x", t0 + 12 * S, &a), JOURNAL_DONE);
    CHECK_TEXT(a.text, answer);
    CHECK(a.looked_up);
    entry_done(&d, &a);
    desk_done(&d);
}

static void
test_forgets_answers_alone(void)
{
    struct desk d;
    struct journal_entry a;

    REQUIRE(desk_init(&d));
    CHECK_NUMBER(come(&d, "4711", "x", t0, &a), JOURNAL_NEW);
    CHECK(journal_done(&d.cx, d.j, &a, answer, sizeof answer - 1, false,
                       t0) == MR_OK);
    desk_close(&d);
    REQUIRE(desk_open(&d, t0 + 30 * day));
    CHECK_NUMBER(come(&d, "4711", "x", t0 + 30 * day, &a), JOURNAL_DONE);
    CHECK_TEXT(a.text, answer);
    entry_done(&d, &a);
    desk_close(&d);
    REQUIRE(desk_open(&d, t0 + 30 * day + 1));
    CHECK_NUMBER(come(&d, "4711", "x", t0 + 30 * day, &a), JOURNAL_DONE);
    CHECK(a.text == NULL);
    desk_done(&d);
}

static char *
read_file(const char *file, size_t *n)
{
    FILE *f = fopen(file, "rb");
    char *p = NULL;

    *n = 0;
    if (f == NULL)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0 && (*n = (size_t)ftell(f)) > 0 &&
        (p = malloc(*n)) != NULL) {
        rewind(f);
        *n = fread(p, 1, *n, f);
    }
    fclose(f);
    return p;
}

static bool
holds(const char *p, size_t n, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= n; i++)
        if (memcmp(p + i, text, length) == 0)
            return true;
    return false;
}

/* Another secret, no folder, and nothing in the file that tells a value. */
static void
test_secret(void)
{
    struct desk d;
    struct journal_entry a;
    unsigned char other[32];
    size_t n;
    char *p;

    REQUIRE(desk_init(&d));
    CHECK_NUMBER(come(&d, "Muster4711", "x", t0, &a), JOURNAL_NEW);
    CHECK(journal_done(&d.cx, d.j, &a, answer, sizeof answer - 1, false,
                       t0) == MR_OK);
    CHECK_NUMBER(come(&d, "Muster4712", "x", t0, &a), JOURNAL_NEW);
    desk_close(&d);
    p = read_file(d.file, &n);
    REQUIRE(p != NULL);
    CHECK(!holds(p, n, "Muster47"));
    CHECK(!holds(p, n, "SALESDOC"));
    CHECK(!holds(p, n, "PURCH_NO"));
    CHECK(holds(p, n, "Order"));
    free(p);
    memcpy(other, secret, sizeof other);
    other[31] ^= 1;
    CHECK(journal_open(&d.cx, d.file, other, t0, &d.j) == MR_EFORMAT);
    CHECK(d.j == NULL);
    CHECK_TEXT(d.cx.error.text,
               "the journal of calls was made with another secret");
    memset(&d.cx.error, 0, sizeof d.cx.error);
    CHECK(journal_open(&d.cx, "/nowhere/calls.db", secret, t0, &d.j) ==
          MR_EWRITE);
    CHECK_TEXT(d.cx.error.text,
               "/nowhere/calls.db: can't be opened for writing");
    memset(&d.cx.error, 0, sizeof d.cx.error);
    CHECK(desk_open(&d, t0));
    desk_done(&d);
}

/* --- memory that runs out --- */

static long left = -1;                  /* allocations until it has run out */
static sqlite3_mem_methods plain;

static bool
none_left(void)
{
    return left >= 0 && left-- == 0;
}

static void *
scarce_malloc(int n)
{
    if (none_left()) {
        left = 0;
        return NULL;
    }
    return plain.xMalloc(n);
}

static void *
scarce_realloc(void *p, int n)
{
    if (none_left()) {
        left = 0;
        return NULL;
    }
    return plain.xRealloc(p, n);
}

static void *
scarce_resize(void *arg, void *p, size_t n)
{
    (void)arg;
    if (n == 0) {
        free(p);
        return NULL;
    }
    if (none_left()) {
        left = 0;
        return NULL;
    }
    return realloc(p, n);
}

/* One call from its beginning to its end, as once.c makes it; `sent`: was it
 * sent, `told`: was its answer given out? */
static enum mr_status
one_call(struct desk *d, bool *sent, bool *told)
{
    struct journal_entry e;
    enum mr_status st;

    *sent = *told = false;
    st = journal_open(&d->cx, d->file, secret, t0, &d->j);
    if (st != MR_OK)
        return st;
    journal_name(d->j, "Order", "4711", 4, "/order", "x", 1, &e);
    st = journal_begin(&d->cx, d->j, &e, t0, t0 + S, how, sizeof how - 1);
    if (st == MR_OK) {
        *sent = true;
        st = journal_done(&d->cx, d->j, &e, answer, sizeof answer - 1, false,
                          t0);
        *told = st == MR_OK;
    }
    entry_done(d, &e);
    desk_close(d);
    return st;
}

/* Wherever it runs out: words that say so, and the next one knows whether
 * something may have been sent. */
static void
test_no_memory(void)
{
    static const struct mr_memory memory = { scarce_resize, NULL };
    sqlite3_mem_methods scarce;
    bool sent = false, told = false;
    int failed = 0;

    REQUIRE(sqlite3_shutdown() == SQLITE_OK);
    REQUIRE(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) == SQLITE_OK);
    scarce = plain;
    scarce.xMalloc = scarce_malloc;
    scarce.xRealloc = scarce_realloc;
    REQUIRE(sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) == SQLITE_OK);
    for (long k = 0; !told && k < 20000 && !check_failed;
         k += 1 + k / 16) {
        struct desk d;
        struct journal_entry e;
        enum mr_status st;

        REQUIRE(desk_init(&d));
        desk_close(&d);
        mr_cx_done(&d.cx);
        mr_cx_init(&d.cx, &memory);
        left = k;
        st = one_call(&d, &sent, &told);
        left = -1;
        failed += st != MR_OK;
        CHECK_THAT(st == MR_OK || d.cx.error.text[0] != '\0',
                   "allocation %ld: %d without words", k, st);
        memset(&d.cx.error, 0, sizeof d.cx.error);
        REQUIRE(desk_open(&d, t0));
        come(&d, "4711", "x", t0 + 2 * S, &e);
        CHECK_THAT(told ? e.state == JOURNAL_DONE
                        : !sent || e.state != JOURNAL_NEW,
                   "allocation %ld: state %d", k, (int)e.state);
        entry_done(&d, &e);
        desk_done(&d);
    }
    CHECK_THAT(told && failed > 30, "%d failed", failed);
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &plain);
}

/* --- a damaged file --- */

static bool
write_file(const char *file, const char *p, size_t n)
{
    FILE *f = fopen(file, "wb");
    bool good = f != NULL && fwrite(p, 1, n, f) == n;

    return (f == NULL || fclose(f) == 0) && good;
}

/* A byte is another one: the answer of then, or none; never another one. */
static void
test_damage(void)
{
    struct desk d;
    struct journal_entry e;
    size_t n, refused = 0;
    char *p;

    REQUIRE(desk_init(&d));
    come(&d, "4711", "x", t0, &e);
    CHECK(journal_done(&d.cx, d.j, &e, answer, sizeof answer - 1, false,
                       t0) == MR_OK);
    desk_close(&d);
    p = read_file(d.file, &n);
    REQUIRE(p != NULL && n > 4096);
    for (size_t i = 0; i < n && !check_failed; i += i < 100 ? 1 : 37) {
        char was = p[i];
        enum mr_status st;

        p[i] = (char)(was ^ (1 << i % 8));
        CHECK(write_file(d.file, p, n));
        p[i] = was;
        st = journal_open(&d.cx, d.file, secret, t0, &d.j);
        if (st == MR_OK) {
            journal_name(d.j, "Order", "4711", 4, "/order", "x", 1, &e);
            st = journal_begin(&d.cx, d.j, &e, t0, t0 + S, how,
                               sizeof how - 1);
            if (st == MR_OK && e.state == JOURNAL_DONE && e.text != NULL)
                CHECK_TEXT(e.text, answer);
            entry_done(&d, &e);
        }
        refused += st != MR_OK;
        CHECK((st != MR_OK) == (d.cx.error.text[0] != '\0'));
        memset(&d.cx.error, 0, sizeof d.cx.error);
        desk_close(&d);
    }
    CHECK_THAT(refused > 10, "%zu refused", refused);
    free(p);
    desk_done(&d);
}

CHECK_MAIN({ "a key has one effect", test_once },
           { "what became of it is not known", test_unknown },
           { "two programs", test_two },
           { "answers are forgotten, effects are not",
             test_forgets_answers_alone },
           { "secrets", test_secret },
           { "memory runs out", test_no_memory },
           { "a damaged file", test_damage })
