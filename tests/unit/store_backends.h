/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a test over each backend of the store. A further backend is a row of
 * `backends`, with how it is opened and what outlives its closing.
 */
#ifndef TESTS_UNIT_STORE_BACKENDS_H
#define TESTS_UNIT_STORE_BACKENDS_H

#include <stdlib.h>
#include <unistd.h>

#include "store/store.h"
#include "unit/check.h"

/* An open store and where it keeps things. */
struct box {
    const struct backend *backend;
    struct mr_cx cx;
    struct store *s;
    const struct store_ops *ops;
    struct store_image *image;
    char folder[64], file[96];
};

struct backend {
    const char *name;
    bool lasts;                 /* what was committed outlives the store */
    enum mr_status (*open)(struct box *b);
};

static inline enum mr_status
open_memory(struct box *b)
{
    return store_memory_open(&b->cx, b->image, &b->s);
}

static inline enum mr_status
open_file(struct box *b)
{
    return store_sqlite_open(&b->cx, b->file, false, &b->s);
}

static inline enum mr_status
open_no_file(struct box *b)
{
    return store_sqlite_open(&b->cx, ":memory:", false, &b->s);
}

static const struct backend backends[] = {
    { "memory", true, open_memory },
    { "sqlite", true, open_file },
    { "sqlite without a file", false, open_no_file },
};

static inline void
box_forget_error(struct box *b)
{
    b->cx.error.status = MR_OK;
    b->cx.error.text[0] = '\0';
}

static inline bool
box_open(struct box *b)
{
    if (b->backend->open(b) != MR_OK) {
        check_fail(__FILE__, __LINE__, "open: %s", b->cx.error.text);
        b->s = NULL;
        return false;
    }
    b->ops = b->s->ops;
    return true;
}

static inline void
box_close(struct box *b)
{
    if (b->s != NULL)
        b->ops->close(&b->cx, b->s);
    b->s = NULL;
}

static inline bool
box_init(struct box *b, const struct backend *backend,
         const struct mr_memory *memory)
{
    const char *tmp = getenv("TMPDIR");

    memset(b, 0, sizeof *b);
    b->backend = backend;
    mr_cx_init(&b->cx, memory);
    snprintf(b->folder, sizeof b->folder, "%s/store.XXXXXX",
             tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
    if (mkdtemp(b->folder) == NULL) {
        check_fail(__FILE__, __LINE__, "no folder in %s", b->folder);
        return false;
    }
    snprintf(b->file, sizeof b->file, "%s/kept.db", b->folder);
    return true;
}

static inline void
box_done(struct box *b)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal",
                                        "-lock" };
    char name[128];

    box_close(b);
    store_image_free(&b->cx, b->image);
    for (size_t i = 0; i < CHECK_ROWS(ends); i++) {
        snprintf(name, sizeof name, "%s%s", b->file, ends[i]);
        unlink(name);
    }
    CHECK_THAT(rmdir(b->folder) == 0, "files are left in %s", b->folder);
    mr_cx_done(&b->cx);
}

/* Over all backends, or those whose content lasts; the reason of a failure
 * names the backend. */
static inline void
each_backend(void (*run)(struct box *b), bool lasting)
{
    for (size_t i = 0; i < CHECK_ROWS(backends); i++) {
        struct box b;

        if ((lasting && !backends[i].lasts) ||
            !box_init(&b, &backends[i], NULL))
            continue;
        b.image = store_image_new(&b.cx);
        if (b.image != NULL && box_open(&b))
            run(&b);
        box_done(&b);
        if (check_failed) {
            size_t n = strlen(check_why);

            snprintf(check_why + n, sizeof check_why - n, " (%s; \"%s\")",
                     backends[i].name, b.cx.error.text);
            return;
        }
    }
}

/* A turn's begin and end, as a test says it. */
#define BEGIN(b) REQUIRE((b)->ops->begin(&(b)->cx, (b)->s) == MR_OK)
#define COMMIT(b) REQUIRE((b)->ops->commit(&(b)->cx, (b)->s) == MR_OK)
/* Calls a function of the store: CALL(b, link_drop, id). */
#define CALL(b, name, ...) (b)->ops->name(&(b)->cx, (b)->s, __VA_ARGS__)

#endif
