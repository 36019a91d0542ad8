/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command privacy: what is kept of one record, and removing it. A link of
 * a record that is not deleted in both systems stays: it has keys and hashes,
 * and would be made again with the next look.
 */
#include "host/control.h"
#include "host/privacy.h"
#include "host/replication.h"

#include <inttypes.h>

static const char help_text[] =
    "usage: %s privacy disclose KEY\n"
    "       %s privacy erase KEY [--forget]\n"
    "\n"
    "disclose  prints all that is kept of the records with this key or technical\n"
    "          ID, on either side: links, parked records, decisions with values,\n"
    "          messages that wait, parts of values that are remembered\n"
    "erase     removes parked records, decisions, remembered parts and, where the\n"
    "          record is deleted in both systems, the link; --forget: the link in\n"
    "          any case. Says what stays and why.\n";

static void
add(struct found *f, int64_t link)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->links[i] == link)
            return;
    if (f->n < LINKS_MAX)
        f->links[f->n++] = link;
}

static enum mr_status
find_in_map(struct session *s, const struct mr_map *map, const char *text,
            struct found *f)
{
    const struct store_ops *ops = s->store->ops;
    const char *key = common_key(s, map, text);
    enum mr_status st = key != NULL ? MR_OK : MR_EMEMORY;
    struct store_link l;

    for (int side = 0; side < 2 && (st == MR_OK || st == MR_END); side++) {
        st = ops->link_by_key(&s->cx, s->store, map->name, side, key, &l);
        if (st == MR_OK)
            add(f, l.id);
        if (st == MR_OK || st == MR_END)
            st = ops->link_by_record(&s->cx, s->store, map->name, side, text,
                                     &l);
        if (st == MR_OK)
            add(f, l.id);
    }
    return st == MR_END ? MR_OK : st;
}

static enum mr_status
find_links(struct session *s, const char *text, struct found *f)
{
    const struct mr_program *p = s->h->program;
    enum mr_status st = MR_OK;

    f->n = 0;
    for (uint16_t i = 0; i < p->n_maps && st == MR_OK; i++)
        if (p->maps[i]->repl != NULL)
            st = find_in_map(s, p->maps[i], text, f);
    return st;
}

/* --- erase: words "privacy", "erase", key, "forget" or "" --- */

struct erasing {
    struct session *s;
    struct change *c;
    unsigned parked, links, decided;
    size_t remembered;
};

/* The engine drops parked ones, as their messages are its own. */
static enum mr_status
drop_parked(struct erasing *e, const char *key, int64_t link)
{
    struct store_query q = { .key = key, .link = link };
    struct store_parked p;
    enum mr_status st;

    while ((st = e->s->store->ops->parked_next(&e->s->cx, e->s->store, &q,
                                               &p)) == MR_OK) {
        q.after = p.id;
        if (engine_drop(e->s->engine, p.id) == MR_OK)
            e->parked++;
    }
    return st == MR_END ? MR_OK : st;
}

/* Parts of values; the engine has them. */
static enum mr_status
drop_remembered(struct erasing *e, int64_t link)
{
    size_t n;
    enum mr_status st = engine_forget(e->s->engine, link, &n);

    e->remembered += n;
    return st == MR_END ? MR_OK : st;
}

static enum mr_status
erase_link(struct erasing *e, int64_t id, bool forget)
{
    struct session *s = e->s;
    const struct store_ops *ops = s->store->ops;
    struct store_link l;
    bool gone;
    enum mr_status st = ops->link_by_id(&s->cx, s->store, id, &l);

    if (st != MR_OK)
        return st;
    gone = l.gone[0] && l.gone[1];
    st = ops->decision_drop(&s->cx, s->store, id);
    if (st != MR_OK && st != MR_END)
        return st;
    e->decided++;
    if (!gone && !forget) {
        fprintf(e->c->out, "link %" PRId64 " stays, with keys and hashes: the "
                "record is not deleted in both systems\n", id);
        return MR_OK;
    }
    st = ops->link_drop(&s->cx, s->store, id);
    e->links += st == MR_OK;
    return st;
}

static int
erase_found(struct erasing *e, const struct found *f, bool forget)
{
    int code = change_begin(e->s, e->c);
    enum mr_status st = MR_OK;

    if (code != HOST_OK)
        return code;
    for (size_t i = 0; i < f->n && st == MR_OK; i++)
        st = erase_link(e, f->links[i], forget);
    if (st != MR_OK && st != MR_END)
        code = change_error(e->s, e->c);
    return change_end(e->s, e->c, code);
}

int
privacy_change(struct session *s, struct change *c)
{
    struct erasing e = { .s = s, .c = c };
    struct found f;
    bool left = false;
    enum mr_status st;
    int code;

    if (c->argc != 4)
        return HOST_USAGE;
    st = find_links(s, c->argv[2], &f);
    if (st != MR_OK)
        return change_error(s, c);
    code = erase_found(&e, &f, c->argv[3][0] != '\0');
    if (code != HOST_OK)
        return code;
    /* Behind the transaction: the engine opens its turn for these. */
    for (size_t i = 0; i < f.n && st == MR_OK; i++)
        st = drop_parked(&e, NULL, f.links[i]);
    for (size_t i = 0; i < f.n && st == MR_OK; i++)
        st = drop_remembered(&e, f.links[i]);
    if (st == MR_OK)
        st = drop_parked(&e, c->argv[2], 0);
    if (st != MR_OK)
        return change_error(s, c);
    fprintf(c->out, "removed: parked records %u, links' decisions %u, remembered "
            "parts %zu, links %u\n", e.parked, e.decided, e.remembered,
            e.links);
    st = privacy_messages(s, c->argv[2], c->out, &left);
    if (st != MR_END && st != MR_OK)
        return change_error(s, c);
    if (left)
        fputs("these messages have records that are not done yet\n", c->out);
    return HOST_OK;
}

/* --- the command --- */

int
host_privacy(const struct host *h, int argc, char **argv)
{
    bool forget = false;
    const struct host_option more[] = {
        { "--forget", NULL, &forget, NULL },
    };
    const char *words[2], *sent[4] = { "privacy", "erase" };
    struct change c = { .argc = 4, .argv = sent };
    struct common_args a;
    struct session s;
    struct found f;
    size_t n;
    int code;

    if (!common_args(h, "privacy", help_text, argc, argv, more, 1, &a, words,
                     2, &n, &code))
        return code;
    if (n != 2 || (strcmp(words[0], "disclose") != 0 &&
                   strcmp(words[0], "erase") != 0) || words[1][0] == '\0') {
        fprintf(stderr, "%s privacy: say disclose KEY or erase KEY\n", h->name);
        return HOST_USAGE;
    }
    if (strcmp(words[0], "erase") == 0) {
        sent[2] = words[1];
        sent[3] = forget ? "forget" : "";
        return change_make(h, a.config, &c);
    }
    code = session_open(h, &s, a.config, SESSION_READ);
    if (code != HOST_OK)
        return code;
    if (s.store == NULL)
        puts("there is no store yet: nothing is kept");
    else if (find_links(&s, words[1], &f) != MR_OK)
        code = session_store_error(&s, "privacy");
    else
        code = privacy_disclose(&s, &f, words[1]);
    session_close(&s);
    return code;
}
