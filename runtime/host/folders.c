/* SPDX-License-Identifier: Apache-2.0 */
/* Files of folders as messages: given to the engine, settled when it has kept
 * them, put aside with a note when it can't read them. */
#include "host/folders.h"

#include <stdio.h>
#include <stdlib.h>

#include "peer/files.h"

/* In one turn, which holds all of it in memory. */
enum { FILES_AT_ONCE = 32, BYTES_AT_ONCE = 4 << 20 };

/* Tickets of the server are small numbers; those of files have this bit. */
#define FILE_TICKET ((uint64_t)1 << 63)

/* A file that was given to the engine; its place is its ticket. */
struct taken_file {
    struct session_peer *peer;
    char *name;                 /* NULL: this place is free */
};

struct folders {
    struct taken_file files[FILES_AT_ONCE];
};

bool
folders_open(struct session *s, struct folders **out)
{
    bool any = false;

    *out = NULL;
    for (size_t i = 0; i < s->n_peers; i++)
        any |= s->peers[i].system->kind == KIND_FILES;
    if (!any)
        return true;
    *out = mr_resize(&s->cx, NULL, sizeof **out);
    if (*out != NULL)
        memset(*out, 0, sizeof **out);
    return *out != NULL;
}

void
folders_close(struct session *s, struct folders *f)
{
    for (size_t i = 0; f != NULL && i < FILES_AT_ONCE; i++)
        free(f->files[i].name);
    mr_resize(&s->cx, f, 0);
}

static struct taken_file *
free_place(struct folders *f)
{
    for (size_t i = 0; i < FILES_AT_ONCE; i++)
        if (f->files[i].name == NULL)
            return &f->files[i];
    return NULL;
}

/* `name` is that of a file; "": it stands in the reason. */
static void
refused(struct session *s, const struct session_peer *p, const char *name,
        const char *reason)
{
    s->refused++;
    snprintf(s->refusal, sizeof s->refusal, "%.40s: %.100s%s%.250s",
             p->system->name, name, *name != '\0' ? ": " : "", reason);
    log_line(s, LOG_WARNING, *name != '\0' ? "refused" : "folder", "%s",
             s->refusal);
}

static void
settle_file(struct session *s, struct session_peer *p, const char *name,
            const char *reason)
{
    if (reason != NULL)
        refused(s, p, name, reason);
    if (files_settle(&s->cx, p->peer, name, reason) != MR_OK) {
        log_line(s, LOG_ERROR, "folder", "%s: %s", p->system->name,
                 s->cx.error.text);
        memset(&s->cx.error, 0, sizeof s->cx.error);
    }
}

/* The next file of a folder; *bytes: it has so many. false: none, or the
 * engine has no room. */
static bool
give_file(struct session *s, struct folders *f, struct session_peer *p,
          size_t *bytes)
{
    struct taken_file *place = free_place(f);
    struct files_message m;
    enum mr_status st;

    if (place == NULL)
        return false;
    st = files_take(&s->cx, p->peer, (size_t)s->config.inbound.body_mb << 20,
                    &m);
    if (st != MR_OK) {
        if (st != MR_END)
            refused(s, p, "", s->cx.error.text);
        memset(&s->cx.error, 0, sizeof s->cx.error);
        return st == MR_ELIMIT || st == MR_EFORMAT;
    }
    *bytes = m.n;
    place->name = strdup(m.name);
    place->peer = p;
    st = place->name == NULL
             ? MR_EMEMORY
             : engine_message(s->engine, p->system->name, m.p, m.n,
                              FILE_TICKET |
                                  (uint64_t)(place - f->files));
    if (st == MR_OK)
        return true;
    if (st == MR_EFORMAT)
        settle_file(s, p, place->name, s->engine_cx.error.text);
    else
        files_leave(p->peer, m.name);
    memset(&s->engine_cx.error, 0, sizeof s->engine_cx.error);
    free(place->name);
    place->name = NULL;
    return st == MR_EFORMAT;
}

size_t
folders_take(struct session *s, struct folders *f)
{
    size_t n = 0, all = 0, bytes = 0;

    for (size_t i = 0; f != NULL && i < s->n_peers; i++)
        while (s->peers[i].system->kind == KIND_FILES &&
               all < BYTES_AT_ONCE && give_file(s, f, &s->peers[i], &bytes)) {
            all += bytes;
            n++;
        }
    return n;
}

bool
folders_settle(struct session *s, struct folders *f, uint64_t ticket)
{
    struct taken_file *file;

    if (f == NULL || !(ticket & FILE_TICKET))
        return false;
    file = &f->files[ticket & ~FILE_TICKET];
    settle_file(s, file->peer, file->name, NULL);
    free(file->name);
    file->name = NULL;
    return true;
}

bool
folders_wait(const struct folders *f)
{
    for (size_t i = 0; f != NULL && i < FILES_AT_ONCE; i++)
        if (f->files[i].name != NULL)
            return true;
    return false;
}
