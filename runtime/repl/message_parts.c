/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a message belongs to one of its records: which IDoc it is in. The
 * records of each map are counted in each IDoc, as they are when they are read.
 */
#include "repl/message_parts.h"

#include <string.h>

#include "core/arena.h"
#include "peer/idoc.h"
#include "peer/idoc_parts.h"

enum { NAME_WITHIN = 4096 };

bool
message_is_of(const struct mr_doc *doc, const char *p, size_t n)
{
    const struct mr_member *root;

    if ((doc->format != MR_IDOC && doc->format != MR_XML) || doc->n_path == 0)
        return true;
    root = &doc->path[0];
    if (n > NAME_WITHIN)
        n = NAME_WITHIN;
    for (size_t i = 0; i + root->name_n < n; i++)
        if ((p[i] == '<' || p[i] == ':') &&
            memcmp(p + i + 1, root->name, root->name_n) == 0)
            return true;
    return false;
}

/* How the map reads messages of this system from this side; NULL: not. */
static const struct mr_doc *
doc_of(const struct mr_map *map, int side, const struct message *m)
{
    const struct mr_flow *away = side == MR_LEFT ? map->to_right
                                                 : map->to_left;
    const char *system = side == MR_LEFT ? map->left : map->right;

    if (map->repl == NULL || away == NULL || away->from == NULL ||
        strcmp(system, m->system) != 0 ||
        map->repl->schedule[side].trigger != MR_TRIGGER_MESSAGE ||
        !message_is_of(away->from, m->p, m->n))
        return NULL;
    return away->from;
}

/* Goes through the records: which IDoc each of them is in. */
struct records {
    uint32_t index;             /* of the next one */
    /* false: enough. */
    bool (*take)(void *arg, uint32_t index, size_t which);
    void *arg;
    bool enough;
};

static enum mr_status
each_of_doc(struct mr_cx *cx, const struct message *m,
            const struct mr_doc *doc, struct records *r)
{
    struct idoc_control c;
    struct idoc_in *in;
    enum mr_status st = doc->format != MR_IDOC
                            ? MR_EFORMAT
                            : idoc_in_open(cx, m->p, m->n, doc, &in);

    if (st != MR_OK)
        return st;
    for (size_t which = 0; !r->enough; which++) {
        st = idoc_in_next(cx, in, &c);
        if (st != MR_OK)
            break;
        for (uint32_t i = 0; i < c.records && !r->enough; i++)
            r->enough = !r->take(r->arg, r->index++, which);
    }
    idoc_in_close(cx, in);
    return st == MR_END ? MR_OK : st;
}

static bool
each_record(struct mr_cx *cx, const struct message *m, struct records *r)
{
    const struct mr_program *p = m->program;
    enum mr_status st = MR_OK;

    for (uint16_t i = 0; i < p->n_maps && st == MR_OK; i++)
        for (int side = 0; side < 2 && st == MR_OK && !r->enough; side++) {
            const struct mr_doc *doc = doc_of(p->maps[i], side, m);

            if (doc != NULL)
                st = each_of_doc(cx, m, doc, r);
        }
    memset(&cx->error, 0, sizeof cx->error);
    return st == MR_OK;
}

/* --- the IDoc of a record --- */

struct wanted_part {
    uint32_t index;
    size_t which;
};

static bool
is_wanted(void *arg, uint32_t index, size_t which)
{
    struct wanted_part *w = arg;

    if (index != w->index)
        return true;
    w->which = which;
    return false;
}

bool
message_idoc(struct mr_cx *cx, const struct message *m, uint32_t index,
             size_t *from, size_t *to)
{
    struct wanted_part w = { index, 0 };
    struct records r = { .take = is_wanted, .arg = &w };

    return each_record(cx, m, &r) && r.enough &&
           idoc_part(m->p, m->n, w.which, from, to);
}

/* --- those that nobody needs --- */

struct spending {
    bool (*is_done)(void *arg, uint32_t index);
    void *arg;
    bool *spent;
    size_t n;
    bool odd;                   /* more IDocs than bytes tell */
};

static bool
spend(void *arg, uint32_t index, size_t which)
{
    struct spending *s = arg;

    s->odd |= which >= s->n;
    if (!s->odd && !s->is_done(s->arg, index))
        s->spent[which] = false;
    return !s->odd;
}

bool
message_strip(struct mr_cx *cx, struct message *m,
              bool (*is_done)(void *arg, uint32_t index), void *arg)
{
    struct spending s = { .is_done = is_done, .arg = arg };
    struct records r = { .take = spend, .arg = &s };
    size_t before = m->n;

    s.n = idoc_parts(m->p, m->n);
    s.spent = s.n < 2 ? NULL : mr_resize(cx, NULL, s.n * sizeof *s.spent);
    if (s.spent == NULL)
        return false;
    memset(s.spent, true, s.n * sizeof *s.spent);
    if (each_record(cx, m, &r) && !s.odd)
        m->n = idoc_strip(m->p, m->n, s.spent, s.n);
    mr_resize(cx, s.spent, 0);
    return m->n < before;
}
