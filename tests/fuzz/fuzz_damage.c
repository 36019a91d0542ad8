/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose file is damaged: the input is a list of places and of what
 * stands there instead (three bytes of place, one of length, then the bytes; no
 * length: the file ends there). The program says so, or reads what is still
 * good: it never crashes, never hangs, and what comes out of a seal is what
 * went in.
 */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/some_rows.h"
#include "unit/disk.h"

enum { HEAD = 4, ROWS_MAX = 1000 };

static struct store_keys keys;
static struct disk_bytes whole;         /* a store as it should be */
static char file[96], folder[64];

static void
clean_up(void)
{
    char lock[120];

    snprintf(lock, sizeof lock, "%s-lock", file);
    unlink(lock);
    unlink(file);
    rmdir(folder);
}

static struct disk_file *
main_file(void)
{
    for (size_t i = 0; i < DISK_FILES; i++) {
        const char *name = disk.files[i].name;
        size_t n = strlen(name);

        if (n > 3 && strcmp(name + n - 3, ".db") == 0)
            return &disk.files[i];
    }
    abort();
}

/* A good store, closed: all of it is in one file then. */
static void
set_up(void)
{
    static const unsigned char secret[32] = { 7 };
    const char *tmp = getenv("TMPDIR");
    struct store *s;
    struct mr_cx cx;

    snprintf(folder, sizeof folder, "%s/fuzz.XXXXXX",
             tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
    DEMAND(mkdtemp(folder) != NULL);
    snprintf(file, sizeof file, "%s/kept.db", folder);
    atexit(clean_up);
    mr_cx_init(&cx, NULL);
    DEMAND(seal_keys(&cx, secret, &keys) == MR_OK);
    disk_install();
    disk_clear(1);
    DEMAND(store_sqlite_open(&cx, file, false, &s) == MR_OK);
    some_rows(&cx, s, &keys);
    s->ops->close(&cx, s);
    disk_copy(&whole, &main_file()->now);
    mr_cx_done(&cx);
}

/* On the disk is the good store with this damage. */
static void
damage(const uint8_t *data, size_t n)
{
    struct disk_file *f = main_file();

    disk_copy(&f->now, &whole);
    f->here = true;
    disk_forget(f);
    for (size_t at = 0; n - at > HEAD;) {
        size_t place = ((size_t)data[at] << 16 | (size_t)data[at + 1] << 8 |
                        data[at + 2]) % whole.n;
        size_t len = data[at + 3];

        at += HEAD;
        if (len == 0)
            disk_resize(&f->now, place);
        if (len > n - at)
            len = n - at;
        if (len > whole.n - place)
            len = whole.n - place;
        disk_put(&f->now, data + at, len, place);
        at += len;
    }
}

/* --- looking at all of it --- */

struct looking {
    struct mr_cx cx;
    struct store *s;
    const struct store_ops *ops;
};

/* Each failure has its words; the next call is one of its own. */
static bool
goes_on(struct looking *l, enum mr_status st, int *rows)
{
    if (st == MR_OK)
        return ++*rows < ROWS_MAX;
    DEMAND(st == MR_END || (l->cx.error.status == st &&
                            l->cx.error.text[0] != '\0'));
    memset(&l->cx.error, 0, sizeof l->cx.error);
    return false;
}

static void
check_text(const char *text)
{
    DEMAND(text == NULL || strlen(text) < (size_t)1 << 28);
}

static void
check_sealed(struct looking *l, struct mr_bytes b)
{
    unsigned char *text = malloc(b.n + 1);
    size_t n = 0;

    DEMAND(text != NULL);
    if (seal_open(&l->cx, &keys, b.p, b.n, text, &n) == MR_OK)
        DEMAND(n == sizeof some_text && memcmp(text, some_text, n) == 0);
    memset(&l->cx.error, 0, sizeof l->cx.error);
    free(text);
}

#define NEXT(name, ...) l->ops->name(&l->cx, l->s, __VA_ARGS__)

static void
look_at_links(struct looking *l)
{
    struct store_link link = { 0 };
    struct store_intent intent = { 0 };
    int64_t after = 0;
    int rows = 0;

    while (goes_on(l, NEXT(link_next, NULL, after, &link), &rows)) {
        DEMAND(link.id > after);
        after = link.id;
        check_text(link.keys[0]);
        check_text(link.keys[1]);
    }
    goes_on(l, NEXT(link_by_key, "Pair", 0, "1", &link), &rows);
    goes_on(l, NEXT(link_by_record, "Pair", 1, "B2", &link), &rows);
    goes_on(l, NEXT(intent_find, "Pair", 1, "0000000001", 0, &intent), &rows);
    rows = 0;
    for (after = 0; goes_on(l, NEXT(intent_next, after, &intent), &rows);
         after = intent.id) {
        DEMAND(intent.id > after && intent.side <= 1);
        check_text(intent.token);
    }
}

static void
look_at_messages(struct looking *l)
{
    struct store_message m = { 0 };
    int64_t after = 0;
    int rows = 0;
    bool done;

    for (; goes_on(l, NEXT(message_next, after, &m), &rows); after = m.id) {
        DEMAND(m.id > after);
        check_text(m.system);
        check_sealed(l, m.sealed);
        goes_on(l, NEXT(message_is_done, m.id, 0, &done), &rows);
    }
}

static void
look_at_parked(struct looking *l)
{
    struct store_query q = { 0 }, of_link = { .link = 1 };
    struct store_parked p = { 0 };
    struct store_decision d = { 0 };
    int rows = 0;

    for (; goes_on(l, NEXT(parked_next, &q, &p), &rows); q.after = p.id) {
        DEMAND(p.id > q.after && p.kind <= PARKED_AGAIN && p.side <= 1);
        check_text(p.reason);
        check_sealed(l, p.detail);
    }
    for (rows = 0; goes_on(l, NEXT(decision_next, &of_link, &d), &rows);
         of_link.after = d.id) {
        DEMAND(d.outcome <= DECIDED_AGAIN && d.from <= 1);
        check_text(d.left);
        check_sealed(l, d.detail);
    }
}

/* A turn as the program would make it: it works, or is refused. */
static void
write_to(struct looking *l)
{
    struct store_link link = { .map = "Pair", .keys = { "7", "0000000007" } };
    struct store_mark mark = { .map = "Pair", .mark = "2026-02-02" };
    int rows = 0;
    bool empty, good = goes_on(l, l->ops->begin(&l->cx, l->s), &rows);

    good = good && goes_on(l, NEXT(link_put, &link), &rows);
    if (good)
        goes_on(l, NEXT(message_done, 1, 1, &empty), &rows);
    good = good && goes_on(l, NEXT(mark_put, &mark), &rows) &&
           goes_on(l, NEXT(intent_drop, 1), &rows) &&
           goes_on(l, l->ops->commit(&l->cx, l->s), &rows);
    if (!good)
        l->ops->rollback(l->s);
    memset(&l->cx.error, 0, sizeof l->cx.error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct looking l = { .s = NULL };
    struct store_counts counts;
    struct store_mark mark;
    struct mr_bytes value;
    int rows = 0;

    if (whole.n == 0)
        set_up();
    damage(data, n);
    mr_cx_init(&l.cx, NULL);
    if (goes_on(&l, store_sqlite_open(&l.cx, file, false, &l.s), &rows)) {
        l.ops = l.s->ops;
        look_at_links(&l);
        look_at_messages(&l);
        look_at_parked(&l);
        goes_on(&l, l.ops->mark_get(&l.cx, l.s, "Pair", 0, &mark), &rows);
        goes_on(&l, l.ops->meta_get(&l.cx, l.s, "version", &value), &rows);
        goes_on(&l, l.ops->counts(&l.cx, l.s, &counts), &rows);
        write_to(&l);
        l.ops->close(&l.cx, l.s);
    }
    mr_cx_done(&l.cx);
    return 0;
}
