/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders. A file is there as a whole or not at all: what is written gets its
 * name when it is complete and on the disk, what was read is moved in one step.
 * Written again after a doubtful end, it is the same file.
 */
#include "peer/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codec/output.h"
#include "http/bytes.h"
#include "peer/flat.h"
#include "peer/idoc_out.h"
#include "peer/results.h"

enum {
    NAME_BYTES = 255,       /* of a file, as file systems have it */
    LIST_MAX = 100000,      /* files looked at in one go */
    LAYOUT_MAX = 4 * 1024 * 1024
};

static const char layout_name[] = "layout.txt";

enum place { IN, OUT, DONE, BAD, PLACES };

static const char *const place_names[PLACES] = { "in", "out", "done", "bad" };

struct files {
    struct peer peer;
    struct mr_cx cx;
    struct peer_settings set;
    int folders[PLACES];        /* open directories; -1 */
    struct results results;
    /* What was in `in/` when it was last looked at, from `at` on still to be
     * given out; `open` of them were given and are not settled. */
    char **list;
    size_t n, at, open;
    struct bytes content, turned;       /* as it was; as XML, or flat */
    struct flat_layout *layout;         /* NULL: not flat */
};

/* ---- writing ---- */

/* 0, or errno. */
static int
write_file(int folder, const char *name, const char *p, size_t n)
{
    char temporary[NAME_BYTES + 8];
    int fd, error = 0;

    snprintf(temporary, sizeof temporary, ".%s.tmp", name);
    fd = openat(folder, temporary,
                O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno;
    if (mr_write_fd(&fd, p, n) != 0 || fsync(fd) != 0)
        error = errno != 0 ? errno : EIO;
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && (renameat(folder, temporary, folder, name) != 0 ||
                       fsync(folder) != 0))
        error = errno;
    if (error != 0)
        unlinkat(folder, temporary, 0);
    return error;
}

static bool
is_xml(const struct files *f)
{
    return f->set.format == MR_IDOC || f->set.format == MR_XML;
}

/* "Account-0000000000000007.xml": the same each time it is tried. */
static void
file_name(const struct files *f, const struct mr_op *op, char *out, size_t size)
{
    char number[24];

    if (op->message_token != NULL && op->message_token[0] != '\0')
        snprintf(number, sizeof number, "%016llu",
                 strtoull(op->message_token, NULL, 10));
    else
        snprintf(number, sizeof number, "%016llu", (unsigned long long)op->id);
    snprintf(out, size, "%.100s-%s.%s", op->map->name, number,
             f->layout != NULL ? "txt" : is_xml(f) ? "xml" : "json");
}

static bool
flatten(struct files *f, struct op_bytes *body)
{
    enum mr_status st;

    f->turned.n = 0;
    st = flat_from_xml(&f->cx, f->layout, body->p, body->n, &f->turned);
    *body = (struct op_bytes){ f->turned.p, f->turned.n };
    return st == MR_OK;
}

/* The body as it goes into the file. false: it can't, and that was said. */
static bool
make_content(struct files *f, const struct mr_op *op, struct op_bytes *body)
{
    const char *why = "this is no IDoc";
    bool good;

    if (f->set.format != MR_IDOC)
        return true;
    f->content.n = 0;
    memset(&f->cx.error, 0, sizeof f->cx.error);
    good = idoc_add(&f->content, op, time(NULL), true) &&
           idoc_close(&f->content, *body);
    *body = (struct op_bytes){ f->content.p, f->content.n };
    if (good && f->layout != NULL) {
        good = flatten(f, body);
        why = f->cx.error.text;
    }
    if (good)
        return true;
    if (f->content.failed || f->turned.failed)
        results_add(&f->results, op, OP_BUSY, "memory ran out", 0);
    else
        results_add(&f->results, op, OP_REFUSED, why, 0);
    return false;
}

static void
write_op(struct files *f, const struct mr_op *op)
{
    struct op_bytes body = op->parts[0].body;
    char name[NAME_BYTES];
    int error;

    if (!make_content(f, op, &body))
        return;
    file_name(f, op, name, sizeof name);
    error = write_file(f->folders[OUT], name, body.p, body.n);
    /* The disk may have room later. Nothing has the file's name yet. */
    results_add(&f->results, op, error == 0 ? OP_OK : OP_BUSY,
                error == 0 ? "" : strerror(error), 0);
}

static bool
submit(struct peer *p, const struct mr_op *op)
{
    struct files *f = (struct files *)(void *)p;
    bool writes = op->kind == OP_CREATE || op->kind == OP_UPDATE ||
                  op->kind == OP_REMOVE;

    if (!results_reserve(&f->results))
        return false;
    if (writes && op->n_parts == 1 && op->parts[0].body.n > 0)
        write_op(f, op);
    else
        results_add(&f->results, op, OP_REFUSED,
                    "this can't be asked of a folder", 0);
    return true;
}

/* Each is written when it is submitted. */
static void
flush(struct peer *p)
{
    (void)p;
}

static bool
collect(struct peer *p, struct op_result *out)
{
    return results_take(&((struct files *)(void *)p)->results, out);
}

/* ---- reading ---- */

static bool
ends_in(const char *name, const char *end)
{
    size_t n = strlen(name), end_n = strlen(end);

    return n >= end_n && strcmp(name + n - end_n, end) == 0;
}

static bool
is_finished(const char *name)
{
    return name[0] != '.' && !ends_in(name, ".tmp") && !ends_in(name, ".part");
}

static int
by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

static void
forget_list(struct files *f)
{
    for (size_t i = 0; i < f->n; i++)
        mr_resize(&f->cx, f->list[i], 0);
    mr_resize(&f->cx, f->list, 0);
    f->list = NULL;
    f->n = f->at = 0;
}

static bool
add_name(struct files *f, size_t *room, const char *name)
{
    size_t n = strlen(name) + 1;
    char **list = f->list, *copy;

    if (f->n == *room) {
        *room = *room == 0 ? 64 : *room * 2;
        list = mr_resize(&f->cx, list, *room * sizeof *list);
        if (list == NULL)
            return false;
        f->list = list;
    }
    copy = mr_resize(&f->cx, NULL, n);
    if (copy == NULL)
        return false;
    memcpy(copy, name, n);
    f->list[f->n++] = copy;
    return true;
}

/* Folders, links and pipes are left alone. */
static bool
is_file(int folder, const char *name)
{
    struct stat about;

    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(about.st_mode);
}

static enum mr_status
look(struct mr_cx *cx, struct files *f)
{
    int fd = openat(f->folders[IN], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *e;
    size_t room = 0;
    bool good = true;

    forget_list(f);
    if (d == NULL) {
        if (fd >= 0)
            close(fd);
        return mr_fail(cx, MR_EREAD, "%s/in: %s", f->set.url, strerror(errno));
    }
    while (good && f->n < LIST_MAX && (e = readdir(d)) != NULL)
        if (is_finished(e->d_name) && is_file(f->folders[IN], e->d_name))
            good = add_name(f, &room, e->d_name);
    closedir(d);
    if (f->n > 0)
        qsort(f->list, f->n, sizeof *f->list, by_name);
    return good ? MR_OK : mr_fail(cx, MR_EMEMORY, "memory ran out");
}

/* The whole file; more than `max` bytes are too many. What is no file is not
 * waited for: a pipe that nobody writes to. */
static enum mr_status
read_file(struct files *f, int folder, const char *name, size_t max)
{
    int fd = openat(folder, name,
                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    char part[64 * 1024];
    ssize_t n = -1;
    struct stat about;

    f->content.n = 0;
    if (fd < 0)
        return MR_EREAD;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        while ((n = read(fd, part, sizeof part)) > 0 && f->content.n <= max)
            bytes_add(&f->content, part, (size_t)n);
    }
    close(fd);
    if (n < 0 || f->content.failed)
        return MR_EREAD;
    return f->content.n > max ? MR_ELIMIT : MR_OK;
}

/* Never over a file that is there. */
static int
move_file(struct files *f, const char *name, enum place to, char *moved,
          size_t size)
{
    for (int i = 0; i < 1000; i++) {
        if (i == 0)
            snprintf(moved, size, "%s", name);
        else
            snprintf(moved, size, "%.240s.%d", name, i);
        if (linkat(f->folders[IN], name, f->folders[to], moved, 0) == 0)
            return unlinkat(f->folders[IN], name, 0) == 0 ? 0 : errno;
        if (errno != EEXIST)
            break;
    }
    /* A file system without links. */
    return renameat(f->folders[IN], name, f->folders[to], moved) == 0
               ? 0 : errno;
}

static enum mr_status
put_away(struct mr_cx *cx, struct files *f, const char *name,
         const char *reason)
{
    enum place to = reason == NULL ? DONE : BAD;
    char moved[NAME_BYTES + 1], note[NAME_BYTES + 16];
    int error = move_file(f, name, to, moved, sizeof moved);

    if (error == 0)
        fsync(f->folders[to]);
    if (error == 0 && reason != NULL) {
        snprintf(note, sizeof note, "%.240s.reason", moved);
        error = write_file(f->folders[BAD], note, reason, strlen(reason));
    }
    return error == 0 ? MR_OK
                      : mr_fail(cx, MR_EWRITE, "%s/in/%s can't be moved: %s",
                                f->set.url, name, strerror(error));
}

static enum mr_status
unflatten(struct mr_cx *cx, struct files *f, struct files_message *m)
{
    enum mr_status st;
    char note[300];

    f->turned.n = 0;
    st = flat_to_xml(cx, f->layout, m->p, m->n, &f->turned);
    m->p = f->turned.p;
    m->n = f->turned.n;
    if (st == MR_EFORMAT) {
        snprintf(note, sizeof note, "%s\n", cx->error.text);
        put_away(cx, f, m->name, note);
    }
    return st;
}

enum mr_status
files_take(struct mr_cx *cx, struct peer *p, size_t max,
           struct files_message *out)
{
    struct files *f = (struct files *)(void *)p;
    enum mr_status st;
    const char *name;

    if (f->at == f->n) {
        if (f->open > 0)
            return MR_END;
        st = look(cx, f);
        if (st != MR_OK || f->n == 0)
            return st != MR_OK ? st : MR_END;
    }
    /* One that can't be read keeps no others up. */
    do {
        name = f->list[f->at++];
        st = read_file(f, f->folders[IN], name, max);
    } while (st == MR_EREAD && f->at < f->n);
    if (st == MR_ELIMIT) {
        put_away(cx, f, name, "the file is larger than a message may be\n");
        return mr_fail(cx, MR_ELIMIT, "%s/in/%s is larger than %zu bytes",
                       f->set.url, name, max);
    }
    if (st != MR_OK)
        return mr_fail(cx, st, "%s/in/%s can't be read", f->set.url, name);
    out->name = name;
    out->p = f->content.n > 0 ? f->content.p : "";
    out->n = f->content.n;
    if (f->layout != NULL)
        st = unflatten(cx, f, out);
    f->open += st == MR_OK;
    return st;
}

void
files_leave(struct peer *p, const char *name)
{
    struct files *f = (struct files *)(void *)p;

    if (f->open > 0)
        f->open--;
    if (f->at > 0 && strcmp(f->list[f->at - 1], name) == 0)
        f->at--;
}

enum mr_status
files_settle(struct mr_cx *cx, struct peer *p, const char *name,
             const char *reason)
{
    struct files *f = (struct files *)(void *)p;

    if (f->open > 0)
        f->open--;
    return put_away(cx, f, name, reason);
}

/* ---- as a peer ---- */

static bool
check(struct peer *p, const struct mr_program *program,
      const struct peer_report *report)
{
    struct files *f = (struct files *)(void *)p;
    int error = write_file(f->folders[OUT], ".check", "", 0);

    (void)program;
    unlinkat(f->folders[OUT], ".check", 0);
    report->line(report->arg, error == 0, f->set.system,
                 error == 0 ? "the folder is there and can be written"
                            : strerror(error));
    return error == 0;
}

static void
close_peer(struct peer *p)
{
    struct files *f = (struct files *)(void *)p;
    struct mr_memory memory = f->cx.memory;

    forget_list(f);
    results_done(&f->results);
    bytes_free(&f->content);
    bytes_free(&f->turned);
    flat_layout_free(&f->cx, f->layout);
    for (int i = 0; i < PLACES; i++)
        if (f->folders[i] >= 0)
            close(f->folders[i]);
    mr_cx_done(&f->cx);
    memory.resize(memory.arg, f, 0);
}

static const struct peer_ops ops = {
    "files", false, submit, flush, collect, check, close_peer
};

static enum mr_status
read_layout(struct mr_cx *cx, struct files *f, int root)
{
    if (read_file(f, root, layout_name, LAYOUT_MAX) != MR_OK)
        return mr_fail(cx, MR_EUSAGE, "%s/%s, which says how flat IDocs are "
                       "laid out, can't be read", f->set.url, layout_name);
    if (flat_layout_new(cx, f->content.p == NULL ? "" : f->content.p,
                        f->content.n, &f->layout) != MR_OK)
        cx->error.status = MR_EUSAGE;
    return cx->error.status;
}

static enum mr_status
open_folders(struct mr_cx *cx, struct files *f, bool flat)
{
    int root = open(f->set.url, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (root < 0)
        return mr_fail(cx, MR_EUSAGE, "%s: %s", f->set.url, strerror(errno));
    for (int i = 0; i < PLACES; i++) {
        if (mkdirat(root, place_names[i], 0700) != 0 && errno != EEXIST)
            break;
        f->folders[i] = openat(root, place_names[i],
                               O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (f->folders[i] < 0)
            break;
    }
    if (f->folders[PLACES - 1] < 0)
        mr_fail(cx, MR_EUSAGE, "%s: its folders can't be made: %s", f->set.url,
                strerror(errno));
    else if (flat)
        read_layout(cx, f, root);
    close(root);
    return cx->error.status;
}

struct peer *
peer_files_new(struct mr_cx *cx, const struct peer_settings *settings,
               bool flat)
{
    struct files *f = mr_resize(cx, NULL, sizeof *f);

    if (f == NULL)
        return NULL;
    memset(f, 0, sizeof *f);
    f->peer.ops = &ops;
    f->set = *settings;
    for (int i = 0; i < PLACES; i++)
        f->folders[i] = -1;
    mr_cx_init(&f->cx, &cx->memory);
    results_init(&f->results, &cx->memory);
    bytes_init(&f->content, &cx->memory);
    bytes_init(&f->turned, &cx->memory);
    if (open_folders(cx, f, flat) == MR_OK)
        return &f->peer;
    close_peer(&f->peer);
    return NULL;
}
