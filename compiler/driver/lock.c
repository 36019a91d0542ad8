/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locks of packages. The file is text:
 *
 *   mapc lock 1
 *   package muster.account "1.0"
 *     5f70bf18a0…  account.map
 *
 * a line for each package, below it one for each of its files: SHA-256 and
 * the path beside the package's .map file.
 */
#include "driver/lock.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "sema/paths.h"
#include "syntax/write.h"

static const char first_line[] = "mapc lock 1";
enum { HEX = 2 * crypto_hash_sha256_BYTES };

/* A file of a package: as it is now, or as it was locked. */
struct held {
    const char *package, *version;      /* version: as it is written, quoted */
    const char *path;
    const char *hash;
    struct span at;                     /* of its line, or of `package` */
    struct span package_at;
};
typedef VEC(struct held) held_vec;

const char *
lock_path(struct session *s, const char *file)
{
    return path_beside(s->arena, file, "mapc.lock");
}

/* --- the program's --- */

static const char *
hash_of(struct session *s, const struct source *src)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(s->arena, HEX + 1);

    crypto_hash_sha256(sum, (const unsigned char *)src->bytes, src->n);
    return sodium_bin2hex(hex, HEX + 1, sum, sizeof sum);
}

/* The path from the folder of `beside`, so that it is the same wherever the
 * package lies. */
static const char *
relative(struct session *s, const char *path, const char *beside)
{
    const char *up = "";
    size_t n = (size_t)(path_base(beside) - beside);

    while (strncmp(path, beside, n) != 0) {
        for (n--; n > 0 && beside[n - 1] != '/'; n--)
            ;
        up = arena_printf(s->arena, "../%s", up);
    }
    return arena_printf(s->arena, "%s%s", up, path + n);
}

static const char *
quoted(struct session *s, const char *text)
{
    struct buf b;

    buf_init(&b, s->arena);
    write_text(&b, text);
    return b.at;
}

static int
by_package(const void *a, const void *b)
{
    const struct held *x = a, *y = b;
    int order = strcmp(x->package, y->package);

    return order != 0 ? order : strcmp(x->path, y->path);
}

static held_vec
of_program(struct session *s, const struct tprogram *p)
{
    held_vec v = { 0 };

    for (size_t i = 0; i < p->layers.pins.n; i++) {
        const struct tpin *pin = &p->layers.pins.at[i];
        struct held h = {
            .package = pin->package->name.text,
            .version = quoted(s, pin->package->version),
            .path = relative(s, pin->source->name, pin->beside),
            .hash = hash_of(s, pin->source),
            .at = pin->package->name.at
        };

        vec_push(s->arena, &v, h);
    }
    if (v.n > 1)
        qsort(v.at, v.n, sizeof v.at[0], by_package);
    return v;
}

const char *
lock_text(struct session *s, const struct tprogram *p)
{
    held_vec v = of_program(s, p);
    struct buf b;

    if (v.n == 0)
        return NULL;
    buf_init(&b, s->arena);
    buf_printf(&b, "%s\n", first_line);
    for (size_t i = 0; i < v.n; i++) {
        const struct held *h = &v.at[i];
        bool same = i > 0 && strcmp(h->package, v.at[i - 1].package) == 0;

        if (!same)
            buf_printf(&b, "package %s %s\n", h->package, h->version);
        if (!same || strcmp(h->path, v.at[i - 1].path) != 0)
            buf_printf(&b, "  %s  %s\n", h->hash, h->path);
    }
    return b.at;
}

/* --- the file's --- */

static void
damaged(struct session *s, struct span at)
{
    struct diag *d = diag_add(s->diags, DIAG_LOCK_DAMAGED, at,
                              "this is no line of a lock");

    diag_note(d, NOTE_HELP, "see that the package is the right one, then let "
              "`mapc lock` write it anew");
}

/* `package NAME "VERSION"` */
static bool
read_package(struct session *s, const char *line, size_t n, struct held *h)
{
    const char *name = line + strlen("package ");
    const char *end = line + n, *blank;

    if (n < 8 || memcmp(line, "package ", 8) != 0)
        return false;
    blank = memchr(name, ' ', (size_t)(end - name));
    if (blank == NULL || blank == name || end - blank < 3 || blank[1] != '"')
        return false;
    h->package = arena_copy(s->arena, name, (size_t)(blank - name));
    h->version = arena_copy(s->arena, blank + 1, (size_t)(end - blank - 1));
    h->package_at = h->at;
    return true;
}

/* `  HASH  PATH` */
static bool
read_file(struct session *s, const char *line, size_t n, struct held *h)
{
    if (h->package == NULL || n < HEX + 5 || memcmp(line, "  ", 2) != 0 ||
        memcmp(line + 2 + HEX, "  ", 2) != 0)
        return false;
    h->hash = arena_copy(s->arena, line + 2, HEX);
    if (strspn(h->hash, "0123456789abcdef") != HEX)
        return false;
    h->path = arena_copy(s->arena, line + HEX + 4, n - HEX - 4);
    return true;
}

static bool
read_lock(struct session *s, const struct source *src, held_vec *v)
{
    struct held h = { 0 };

    for (size_t at = 0, line = 1; at < src->n; line++) {
        const char *p = src->bytes + at;
        const char *stop = memchr(p, '\n', src->n - at);
        size_t n = stop == NULL ? src->n - at : (size_t)(stop - p);

        h.at = (struct span){ src->id + 1, (uint32_t)at,
                              (uint32_t)(at + n) };
        if (line == 1 ? strlen(first_line) == n &&
                            memcmp(p, first_line, n) == 0
                      : read_package(s, p, n, &h)) {
            /* what is below is of this one */
        } else if (line > 1 && read_file(s, p, n, &h)) {
            vec_push(s->arena, v, h);
        } else {
            damaged(s, h.at);
            return false;
        }
        at += n + 1;
    }
    return true;
}

/* --- compared --- */

static void
differs(struct session *s, const struct held *now, const struct held *was,
        const char *what)
{
    struct diag *d = diag_add(s->diags, DIAG_LOCK_DIFFERS, now->at,
                              "package %s %s is not the one that was locked: "
                              "%s", now->package, now->version, what);

    if (was != NULL)
        diag_label(d, was->at, "locked here");
    diag_note(d, NOTE_HELP, "take the package as it was; or where this one is "
              "meant, `mapc lock`");
}

static void
compare(struct session *s, const struct held *now, const held_vec *was,
        bool first)
{
    const struct held *package = NULL;

    for (size_t i = 0; i < was->n; i++) {
        const struct held *w = &was->at[i];

        if (strcmp(w->package, now->package) != 0)
            continue;
        if (strcmp(w->version, now->version) != 0) {
            struct held at = *w;

            at.at = w->package_at;
            if (first)
                differs(s, now, &at, arena_printf(s->arena, "that was %s",
                                                  w->version));
            return;
        }
        package = w;
        if (strcmp(w->path, now->path) != 0)
            continue;
        if (strcmp(w->hash, now->hash) != 0)
            differs(s, now, w, arena_printf(s->arena, "%s holds something "
                                            "else", now->path));
        return;
    }
    if (package != NULL)
        differs(s, now, NULL, arena_printf(s->arena, "%s was not among its "
                                           "files", now->path));
    else if (first)
        differs(s, now, NULL, "the lock does not name it");
}

void
lock_check(struct session *s, const struct tprogram *p, const char *file)
{
    const char *path = lock_path(s, file);
    const struct source *src;
    held_vec now, was = { 0 };

    if (access(path, F_OK) != 0)
        return;
    src = source_load(s->sources, path);
    if (src == NULL) {
        struct span nowhere = { 0, 0, 0 };

        diag_add(s->diags, DIAG_FILE_UNREADABLE, nowhere,
                 "the file \"%s\" can't be read", path);
        return;
    }
    if (!read_lock(s, src, &was))
        return;
    now = of_program(s, p);
    for (size_t i = 0; i < now.n; i++)
        compare(s, &now.at[i], &was,
                i == 0 || strcmp(now.at[i].package,
                                 now.at[i - 1].package) != 0);
}
