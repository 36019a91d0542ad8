/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One writing program a store. SQLite would let two take turns; two engines
 * would then send the same changes. The lock is on a file of its own (SQLite's
 * locks on the store would be lost by closing it), and goes with the process.
 */
#include "store/sqlite_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* FILE-lock, in memory of cx; NULL: cx's error is set. */
static char *
lock_name(struct mr_cx *cx, const char *file)
{
    size_t n = strlen(file) + sizeof "-lock";
    char *name = mr_resize(cx, NULL, n);

    if (name != NULL)
        snprintf(name, n, "%s-lock", file);
    return name;
}

/* The number of the process that holds it, as it wrote it there. */
static long
holder(int lock)
{
    char text[24];
    ssize_t n = pread(lock, text, sizeof text - 1, 0);

    if (n <= 0)
        return 0;
    text[n] = '\0';
    return strtol(text, NULL, 10);
}

static enum mr_status
take(struct mr_cx *cx, const char *file, int lock)
{
    char text[24];
    int n;

    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return mr_fail(cx, MR_EWRITE, "%s-lock: can't be locked: %s", file,
                           strerror(errno));
        return mr_fail(cx, MR_EUSAGE,
                       "%s: is in use by another program (process %ld)", file,
                       holder(lock));
    }
    n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    /* Only words for the next one: without them the lock is one as well. */
    if (ftruncate(lock, 0) == 0 && pwrite(lock, text, (size_t)n, 0) != n)
        return mr_fail(cx, MR_EWRITE, "%s-lock: can't be written", file);
    return MR_OK;
}

enum mr_status
sqlite_lock(struct mr_cx *cx, const char *file, int *out)
{
    char *name = lock_name(cx, file);
    enum mr_status st;
    int lock;

    if (name == NULL)
        return MR_EMEMORY;
    lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    mr_resize(cx, name, 0);
    if (lock < 0)
        return mr_fail(cx, MR_EWRITE, "%s-lock: can't be opened: %s", file,
                       strerror(errno));
    st = take(cx, file, lock);
    if (st != MR_OK) {
        close(lock);
        return st;
    }
    *out = lock;
    return MR_OK;
}

enum mr_status
sqlite_make_file(struct mr_cx *cx, const char *file, bool read_only)
{
    struct stat info;
    int fd;

    if (!read_only) {
        fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0)
            close(fd);
        else if (errno != EEXIST)
            return mr_fail(cx, MR_EWRITE, "%s: can't be made: %s", file,
                           strerror(errno));
    }
    if (stat(file, &info) != 0)
        return mr_fail(cx, MR_EREAD, "%s: can't be opened: %s", file,
                       strerror(errno));
    if (!S_ISREG(info.st_mode))
        return mr_fail(cx, MR_EREAD, "%s: is no regular file", file);
    if (access(file, read_only ? R_OK : R_OK | W_OK) != 0)
        return mr_fail(cx, read_only ? MR_EREAD : MR_EWRITE,
                       "%s: can't be opened for %s: %s", file,
                       read_only ? "reading" : "writing", strerror(errno));
    return MR_OK;
}
