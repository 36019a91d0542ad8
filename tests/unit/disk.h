/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk for SQLite whose power can be cut. Files are in memory, as two
 * contents: what has reached the disk for good, and what was written since the
 * last sync, which a cut keeps in part: any of its writes, each torn at
 * sectors of 512 bytes, in any order. A file that was made and never synced is
 * perhaps not there, one that was removed is perhaps there again.
 *
 * One connection at a time: locks always succeed, and the memory that readers
 * share is plain memory.
 */
#ifndef TESTS_UNIT_DISK_H
#define TESTS_UNIT_DISK_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DISK_FILES = 8, DISK_SECTOR = 512, DISK_SHARED = 8 };

/* Bytes that grow. */
struct disk_bytes {
    unsigned char *at;
    size_t n, room;
};

/* A write, or (bytes NULL) a cut to the length `offset`. */
struct disk_write {
    struct disk_write *next;
    unsigned char *bytes;
    size_t n, offset;
};

struct disk_file {
    char name[160];             /* "": free */
    bool here;                  /* as the program sees it */
    bool kept;                  /* its name is there after a cut for sure */
    bool with_folder;           /* its first sync is one of the folder, too */
    struct disk_bytes now, synced;
    struct disk_write *first, **last;   /* since the last sync */
    void *shared[DISK_SHARED];
};

struct disk {
    struct disk_file files[DISK_FILES];
    uint64_t random;
    long until_cut;             /* writes and syncs until the power is cut; -1:
                                   it stays */
    bool dead;                  /* nothing works until disk_restart */
    bool lies;                  /* a sync does nothing and says it did */
};

static struct disk disk;

static inline uint32_t
disk_pick(uint32_t n)
{
    disk.random = disk.random * UINT64_C(6364136223846793005) + 99991;
    return (uint32_t)(disk.random >> 33) % n;
}

/* Without memory a test can't go on. */
static inline void
disk_hold(struct disk_bytes *b, size_t n)
{
    if (n > b->room) {
        size_t room = n * 2;

        b->at = realloc(b->at, room);
        if (b->at == NULL)
            abort();
        memset(b->at + b->room, 0, room - b->room);
        b->room = room;
    }
}

static inline void
disk_put(struct disk_bytes *b, const void *p, size_t n, size_t offset)
{
    if (n == 0)
        return;
    disk_hold(b, offset + n);
    memcpy(b->at + offset, p, n);
    if (offset + n > b->n)
        b->n = offset + n;
}

static inline void
disk_resize(struct disk_bytes *b, size_t n)
{
    if (n < b->n)
        memset(b->at + n, 0, b->n - n);
    else
        disk_hold(b, n);
    b->n = n;
}

static inline void
disk_forget(struct disk_file *f)
{
    while (f->first != NULL) {
        struct disk_write *next = f->first->next;

        free(f->first->bytes);
        free(f->first);
        f->first = next;
    }
    f->last = &f->first;
}

static inline void
disk_copy(struct disk_bytes *to, const struct disk_bytes *from)
{
    disk_resize(to, 0);
    disk_put(to, from->at != NULL ? from->at : (unsigned char *)"", from->n, 0);
}

static inline void
disk_later(struct disk_file *f, const void *p, size_t n, size_t offset)
{
    struct disk_write *w = calloc(1, sizeof *w);

    if (w == NULL || (p != NULL && (w->bytes = malloc(n + 1)) == NULL))
        abort();
    if (p != NULL)
        memcpy(w->bytes, p, n);
    w->n = n;
    w->offset = offset;
    *f->last = w;
    f->last = &w->next;
}

static inline struct disk_file *
disk_find(const char *name)
{
    for (size_t i = 0; i < DISK_FILES; i++)
        if (strcmp(disk.files[i].name, name) == 0)
            return &disk.files[i];
    return NULL;
}

/* It is gone for good: the old content can't come back. Folders are written in
 * order, so this holds as well when a new file takes its name. */
static inline void
disk_drop(struct disk_file *f)
{
    disk_forget(f);
    disk_resize(&f->now, 0);
    disk_resize(&f->synced, 0);
    f->kept = false;
}

/* Names that were made and removed are so for good. */
static inline void
disk_sync_folder(void)
{
    for (size_t i = 0; i < DISK_FILES; i++) {
        struct disk_file *f = &disk.files[i];

        if (f->name[0] != '\0' && !f->here)
            disk_drop(f);
        f->kept = f->here;
    }
}

/* --- what SQLite calls of a file --- */

struct disk_handle {
    sqlite3_file base;
    struct disk_file *file;
};

static inline struct disk_file *
disk_of(sqlite3_file *f)
{
    return ((struct disk_handle *)(void *)f)->file;
}

/* Counts down to the cut; true: nothing is written any more. */
static inline bool
disk_is_dead(void)
{
    if (!disk.dead && disk.until_cut > 0 && --disk.until_cut == 0)
        disk.dead = true;
    return disk.dead;
}

static int
disk_read(sqlite3_file *f, void *to, int n, sqlite3_int64 offset)
{
    struct disk_bytes *b = &disk_of(f)->now;
    size_t at = (size_t)offset, have = at < b->n ? b->n - at : 0;

    if (disk.dead)
        return SQLITE_IOERR_READ;
    if (have >= (size_t)n) {
        memcpy(to, b->at + at, (size_t)n);
        return SQLITE_OK;
    }
    memset(to, 0, (size_t)n);
    if (have > 0)
        memcpy(to, b->at + at, have);
    return SQLITE_IOERR_SHORT_READ;
}

/* The write in which the power goes is one of those that come through in
 * part. */
static int
disk_write_to(sqlite3_file *f, const void *p, int n, sqlite3_int64 offset)
{
    bool was_dead = disk.dead, dead = disk_is_dead();

    if (!was_dead)
        disk_later(disk_of(f), p, (size_t)n, (size_t)offset);
    if (dead)
        return SQLITE_IOERR_WRITE;
    disk_put(&disk_of(f)->now, p, (size_t)n, (size_t)offset);
    return SQLITE_OK;
}

static int
disk_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    if (disk_is_dead())
        return SQLITE_IOERR_TRUNCATE;
    disk_later(disk_of(f), NULL, 0, (size_t)n);
    disk_resize(&disk_of(f)->now, (size_t)n);
    return SQLITE_OK;
}

static int
disk_sync(sqlite3_file *f, int flags)
{
    struct disk_file *file = disk_of(f);

    (void)flags;
    if (disk_is_dead())
        return SQLITE_IOERR_FSYNC;
    if (disk.lies)
        return SQLITE_OK;
    disk_copy(&file->synced, &file->now);
    disk_forget(file);
    if (!file->kept && file->with_folder)
        disk_sync_folder();
    file->kept = true;
    return SQLITE_OK;
}

static int
disk_size(sqlite3_file *f, sqlite3_int64 *n)
{
    *n = (sqlite3_int64)disk_of(f)->now.n;
    return disk.dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
disk_lock(sqlite3_file *f, int level)
{
    (void)f;
    (void)level;
    return SQLITE_OK;
}

static int
disk_reserved(sqlite3_file *f, int *out)
{
    (void)f;
    *out = 0;
    return SQLITE_OK;
}

static int
disk_control(sqlite3_file *f, int op, void *arg)
{
    (void)f;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int
disk_sector(sqlite3_file *f)
{
    (void)f;
    return DISK_SECTOR;
}

/* A torn write leaves what stands beside it as it was: so files say of their
 * disks on Unix. */
static int
disk_traits(sqlite3_file *f)
{
    (void)f;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
disk_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    struct disk_file *file = disk_of(f);

    *out = NULL;
    if (page >= DISK_SHARED)
        return SQLITE_IOERR_SHMMAP;
    if (file->shared[page] == NULL && extend) {
        file->shared[page] = calloc(1, (size_t)size);
        if (file->shared[page] == NULL)
            return SQLITE_NOMEM;
    }
    *out = file->shared[page];
    return SQLITE_OK;
}

static int
disk_map_lock(sqlite3_file *f, int offset, int n, int flags)
{
    (void)f;
    (void)offset;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}

static void
disk_barrier(sqlite3_file *f)
{
    (void)f;
}

/* Nobody else has it: it goes with the last one. */
static int
disk_unmap(sqlite3_file *f, int remove)
{
    struct disk_file *file = disk_of(f);

    (void)remove;
    for (size_t i = 0; i < DISK_SHARED; i++) {
        free(file->shared[i]);
        file->shared[i] = NULL;
    }
    return SQLITE_OK;
}

static int
disk_close(sqlite3_file *f)
{
    return disk_unmap(f, 0);
}

static const sqlite3_io_methods disk_methods = {
    .iVersion = 2, .xClose = disk_close, .xRead = disk_read,
    .xWrite = disk_write_to, .xTruncate = disk_truncate, .xSync = disk_sync,
    .xFileSize = disk_size, .xLock = disk_lock, .xUnlock = disk_lock,
    .xCheckReservedLock = disk_reserved, .xFileControl = disk_control,
    .xSectorSize = disk_sector, .xDeviceCharacteristics = disk_traits,
    .xShmMap = disk_map, .xShmLock = disk_map_lock,
    .xShmBarrier = disk_barrier, .xShmUnmap = disk_unmap
};

/* --- what SQLite calls of the disk --- */

static inline struct disk_file *
disk_make(const char *name)
{
    struct disk_file *f = disk_find("");

    if (f == NULL || strlen(name) >= sizeof f->name)
        return NULL;
    memset(f, 0, sizeof *f);
    strcpy(f->name, name);
    f->last = &f->first;
    return f;
}

static int
disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags,
          int *out_flags)
{
    struct disk_handle *h = (struct disk_handle *)(void *)out;
    struct disk_file *f = disk_find(name != NULL ? name : "?");

    (void)vfs;
    h->base.pMethods = NULL;
    if (disk.dead || name == NULL)
        return SQLITE_CANTOPEN;
    if (f == NULL || !f->here) {
        if (!(flags & SQLITE_OPEN_CREATE) &&
            !(flags & SQLITE_OPEN_MAIN_DB))
            return SQLITE_CANTOPEN;
        if (f == NULL && (f = disk_make(name)) == NULL)
            return SQLITE_CANTOPEN;
        disk_drop(f);
        f->here = true;
        /* As SQLite does it on Unix. */
        f->with_folder =
            (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    }
    h->file = f;
    h->base.pMethods = &disk_methods;
    if (out_flags != NULL)
        *out_flags = flags;
    return SQLITE_OK;
}

static int
disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    struct disk_file *f = disk_find(name);

    (void)vfs;
    if (disk_is_dead())
        return SQLITE_IOERR_DELETE;
    if (f == NULL || !f->here)
        return SQLITE_IOERR_DELETE_NOENT;
    f->here = false;
    if (sync_folder && !disk.lies)
        disk_drop(f);
    return SQLITE_OK;
}

static int
disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    const struct disk_file *f = disk_find(name);

    (void)vfs;
    *out = f != NULL && f->here &&
           (flags != SQLITE_ACCESS_EXISTS || f->now.n > 0);
    return disk.dead ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int
disk_randomness(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    for (int i = 0; i < n; i++)
        out[i] = (char)disk_pick(256);
    return n;
}

/* --- what the test does with it --- */

/* From now on SQLite opens files here. */
static inline void
disk_install(void)
{
    static sqlite3_vfs vfs;
    const sqlite3_vfs *usual;

    sqlite3_initialize();
    usual = sqlite3_vfs_find(NULL);
    if (usual == &vfs)
        return;
    vfs = *usual;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(struct disk_handle);
    vfs.zName = "disk";
    vfs.xOpen = disk_open;
    vfs.xDelete = disk_delete;
    vfs.xAccess = disk_access;
    vfs.xRandomness = disk_randomness;
    sqlite3_vfs_register(&vfs, 1);
}

/* An empty disk; the same seed does the same again. */
static inline void
disk_clear(uint64_t seed)
{
    for (size_t i = 0; i < DISK_FILES; i++) {
        struct disk_file *f = &disk.files[i];

        if (f->name[0] != '\0')
            disk_forget(f);
        free(f->now.at);
        free(f->synced.at);
    }
    memset(&disk, 0, sizeof disk);
    disk.random = seed * 2654435761u + 1;
    disk.until_cut = -1;
    sqlite3_randomness(0, NULL);
}

/* All of a write, nothing of it, or some of its sectors. */
static inline void
disk_settle(struct disk_bytes *to, const struct disk_write *w, bool whole,
            bool torn)
{
    if (w->bytes == NULL && whole)
        disk_resize(to, w->offset);
    for (size_t at = 0; w->bytes != NULL && at < w->n;) {
        size_t left = DISK_SECTOR - (w->offset + at) % DISK_SECTOR;
        size_t n = left < w->n - at ? left : w->n - at;

        if (torn ? disk_pick(2) == 0 : whole)
            disk_put(to, w->bytes + at, n, w->offset + at);
        at += n;
    }
}

/* Either all writes came through up to some moment, the last one of them in
 * part; or each has its own luck. */
static inline void
disk_settle_all(struct disk_file *f)
{
    uint32_t n = 0, chance = disk_pick(4) * 33, until;
    bool in_order = disk_pick(2) == 0;

    for (const struct disk_write *w = f->first; w != NULL; w = w->next)
        n++;
    until = disk_pick(n + 1);
    n = 0;
    for (const struct disk_write *w = f->first; w != NULL; w = w->next, n++)
        if (in_order)
            disk_settle(&f->synced, w, n < until, n == until);
        else
            disk_settle(&f->synced, w, disk_pick(100) < chance,
                        disk_pick(3) == 0);
    disk_forget(f);
}

/* The power is back. */
static inline void
disk_restart(void)
{
    for (size_t i = 0; i < DISK_FILES; i++) {
        struct disk_file *f = &disk.files[i];

        if (f->name[0] == '\0')
            continue;
        f->here = f->kept || (f->here && disk_pick(2) == 0);
        disk_settle_all(f);
        if (!f->here)
            disk_drop(f);
        disk_copy(&f->now, &f->synced);
        f->kept = f->here;
    }
    disk.dead = false;
    disk.until_cut = -1;
}

#endif
