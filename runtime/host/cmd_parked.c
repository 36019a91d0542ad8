/* SPDX-License-Identifier: Apache-2.0 */
/* The command parked: what waits and why; and what an operator does about
 * it. */
#include "host/control.h"
#include "host/replication.h"

#include <inttypes.h>
#include <stdlib.h>

static const char help_text[] =
    "usage: %s parked list [--map MAP] [--kind KIND] [--limit N]\n"
    "       %s parked show ID [--show-personal]\n"
    "       %s parked retry ID|all [--map MAP] [--kind KIND]\n"
    "       %s parked resolve ID SYSTEM\n"
    "       %s parked drop ID\n"
    "\n"
    "list     what waits, the oldest first\n"
    "show     all that is known of one: reason, rule, both values of a conflict\n"
    "retry    tries again, now; for a deletion that the guard stopped, this\n"
    "         allows it. Says what came of each; code 1 where one is parked again\n"
    "resolve  settles a conflict: SYSTEM's values are taken\n"
    "drop     gives up: this change is not carried over. It is parked again only\n"
    "         when the record changes; a conflict, when one of the values does\n"
    "\n"
    "Kinds: rule, ref, ask, guard, peer, format, rejected. A running program is\n"
    "asked to do it; where none runs, it is done at once.\n"
    "\n"
    "      --format json    one JSON object a line\n";

struct parked_args {
    const char *map, *kind, *limit;
    bool personal;
    const char *words[3];
    size_t n;
};

/* --- list --- */

/* Whose change it is; "" where the program no longer has the map. */
static const char *
system_of(const struct host *h, const struct store_parked *p)
{
    for (uint16_t i = 0; i < h->program->n_maps; i++)
        if (strcmp(h->program->maps[i]->name, p->map) == 0)
            return common_system(h->program->maps[i], p->side);
    return "";
}

static void
list_one(const struct host *h, const struct store_parked *p, bool json)
{
    char made[32], next[32], key[256];

    host_time_text(p->made, made);
    host_key_text(p->key, key, sizeof key);
    if (!json && key[0] == '\0' && p->message != 0)
        snprintf(key, sizeof key, "message %" PRId64 ".%lu", p->message,
                 (unsigned long)p->index + 1);
    if (!json) {
        printf("%6" PRId64 "  %-8s  %-12s  %-8s  %-16s  %.19s  %s\n", p->id,
               parked_kind(p->kind), p->map, system_of(h, p),
               key[0] != '\0' ? key : "-", made, p->reason);
        return;
    }
    printf("{\"id\":%" PRId64 ",\"kind\":\"%s\",\"map\":", p->id,
           parked_kind(p->kind));
    host_json_text(stdout, p->map);
    printf(",\"side\":\"%s\",\"system\":", p->side == MR_LEFT ? "left" : "right");
    host_json_text(stdout, system_of(h, p));
    fputs(",\"key\":", stdout);
    host_json_text(stdout, key);
    fputs(",\"record\":", stdout);
    host_json_text(stdout, p->record_id);
    fputs(",\"rule\":", stdout);
    host_json_text(stdout, p->rule);
    fputs(",\"reason\":", stdout);
    host_json_text(stdout, p->reason);
    printf(",\"attempts\":%lu,\"made\":\"%s\",\"next\":\"%s\"}\n",
           (unsigned long)p->attempts, made, host_time_text(p->next, next));
}

/* Calls `take` for each row that is asked for, at most `limit`. */
static int
each(struct session *s, const struct parked_args *a, uint64_t limit,
     bool (*take)(void *arg, const struct store_parked *p), void *arg,
     uint64_t *n)
{
    struct store_query q = { .map = a->map };
    struct store_parked p;
    enum mr_status st = MR_OK;
    int kind = -1;

    *n = 0;
    if (a->kind != NULL && (kind = parked_kind_named(s->h, a->kind)) < 0)
        return HOST_USAGE;
    while (*n < limit && (st = s->store->ops->parked_next(
                              &s->cx, s->store, &q, &p)) == MR_OK) {
        q.after = p.id;
        if (kind >= 0 && (int)p.kind != kind)
            continue;
        ++*n;
        if (!take(arg, &p))
            return HOST_INTERNAL;
    }
    return st == MR_OK || st == MR_END ? HOST_OK
                                       : session_store_error(s, "parked");
}

struct listing {
    const struct host *h;
    bool json;
};

static bool
take_list(void *arg, const struct store_parked *p)
{
    const struct listing *l = arg;

    list_one(l->h, p, l->json);
    return !ferror(stdout);
}

static int
list(struct session *s, const struct parked_args *a,
     const struct common_args *c)
{
    struct listing l = { s->h, c->json };
    uint64_t limit = UINT64_MAX, n;
    int code;

    if (a->limit != NULL && !host_number(s->h, "--limit", a->limit,
                                         UINT32_MAX, &limit))
        return HOST_USAGE;
    code = each(s, a, limit, take_list, &l, &n);
    if (code == HOST_OK && n == 0 && !c->json)
        puts("nothing is parked");
    return code;
}

/* --- changes: words are "parked", verb, id, and what belongs to it --- */

struct retrying {
    struct session *s;
    struct change *c;
    uint64_t *ids;
    size_t n, room;
};

static bool
take_id(void *arg, const struct store_parked *p)
{
    struct retrying *r = arg;

    if (p->kind == PARKED_REJECTED)
        return true;
    if (r->n == r->room) {
        size_t room = r->room == 0 ? 64 : r->room * 2;
        uint64_t *ids = realloc(r->ids, room * sizeof *ids);

        if (ids == NULL)
            return false;
        r->ids = ids;
        r->room = room;
    }
    r->ids[r->n++] = (uint64_t)p->id;
    return true;
}

static int
no_such(struct session *s, struct change *c, const char *id)
{
    memset(&s->engine_cx.error, 0, sizeof s->engine_cx.error);
    fprintf(c->err, "nothing is parked as %s\n", id);
    return HOST_USAGE;
}

/* All of them, or all of a map or a kind. */
static int
retry_all(struct session *s, struct change *c)
{
    struct parked_args a = { .map = c->argc > 3 && c->argv[3][0] != '\0'
                                        ? c->argv[3] : NULL,
                             .kind = c->argc > 4 && c->argv[4][0] != '\0'
                                         ? c->argv[4] : NULL };
    struct retrying r = { .s = s, .c = c };
    uint64_t n;
    int code = each(s, &a, UINT64_MAX, take_id, &r, &n);

    for (size_t i = 0; code == HOST_OK && i < r.n; i++)
        engine_retry(s->engine, (int64_t)r.ids[i]);
    if (code == HOST_OK)
        fprintf(c->out, "%zu tried again\n", r.n);
    free(r.ids);
    return code;
}

static int
retry(struct session *s, struct change *c, int64_t id)
{
    if (engine_retry(s->engine, id) != MR_OK)
        return no_such(s, c, c->argv[2]);
    fprintf(c->out, "%" PRId64 " is tried again\n", id);
    return HOST_OK;
}

static int
drop(struct session *s, struct change *c, int64_t id)
{
    if (engine_drop(s->engine, id) != MR_OK)
        return no_such(s, c, c->argv[2]);
    fprintf(c->out, "%" PRId64 " is dropped\n", id);
    return HOST_OK;
}

int
parked_change(struct session *s, struct change *c)
{
    const char *verb = c->argc > 2 ? c->argv[1] : "";
    char *end;
    int64_t id;

    if (strcmp(verb, "retry") == 0 && strcmp(c->argv[2], "all") == 0)
        return retry_all(s, c);
    id = c->argc > 2 ? strtoll(c->argv[2], &end, 10) : 0;
    if (id <= 0 || *end != '\0')
        return no_such(s, c, c->argc > 2 ? c->argv[2] : "this");
    if (strcmp(verb, "retry") == 0)
        return retry(s, c, id);
    if (strcmp(verb, "resolve") == 0 && c->argc > 3)
        return parked_resolve(s, c, id, c->argv[3]);
    if (strcmp(verb, "drop") == 0)
        return drop(s, c, id);
    fputs("there is no such change\n", c->err);
    return HOST_USAGE;
}

/* --- the command --- */

static int
look(const struct host *h, const struct parked_args *a, struct common_args *c)
{
    struct session s;
    uint64_t id = 0;
    int code;

    if (strcmp(a->words[0], "show") == 0 &&
        (a->n != 2 ||
         !host_number(h, "parked show", a->words[1], INT64_MAX, &id))) {
        if (a->n != 2)
            fprintf(stderr, "%s parked show: which one?\n", h->name);
        return HOST_USAGE;
    }
    code = session_open(h, &s, c->config, SESSION_READ);
    if (code != HOST_OK)
        return code;
    if (s.store == NULL)
        fputs("there is no store yet: nothing is parked\n",
              c->json ? stderr : stdout);
    else if (id != 0)
        code = parked_show(&s, (int64_t)id, a->personal, c->json);
    else
        code = list(&s, a, c);
    session_close(&s);
    return code;
}

int
host_parked(const struct host *h, int argc, char **argv)
{
    static const char *const verbs[] = { "list", "show", "retry", "resolve",
                                         "drop" };
    struct parked_args a = { 0 };
    const struct host_option more[] = {
        { "--map", NULL, NULL, &a.map },
        { "--kind", NULL, NULL, &a.kind },
        { "--limit", NULL, NULL, &a.limit },
        { "--show-personal", NULL, &a.personal, NULL },
    };
    struct common_args c;
    const char *words[5] = { "parked" };
    struct change change = { .argv = words };
    const char *best;
    int code;

    if (!common_args(h, "parked", help_text, argc, argv, more, 4, &c, a.words,
                     3, &a.n, &code))
        return code;
    if (a.map != NULL && common_map(h, "parked", a.map) == NULL)
        return HOST_USAGE;
    if (a.n == 0 || strcmp(a.words[0], "list") == 0 ||
        strcmp(a.words[0], "show") == 0) {
        if (a.n == 0)
            a.words[0] = "list";
        return look(h, &a, &c);
    }
    best = host_closest(a.words[0], verbs, 5);
    if (best == NULL || strcmp(best, a.words[0]) != 0 || a.n < 2 ||
        (strcmp(best, "resolve") == 0) != (a.n == 3)) {
        fprintf(stderr, "%s parked: say list, show ID, retry ID, resolve ID "
                "SYSTEM or drop ID\n", h->name);
        return HOST_USAGE;
    }
    words[1] = a.words[0];
    words[2] = a.words[1];
    words[3] = a.n == 3 ? a.words[2] : a.map != NULL ? a.map : "";
    words[4] = a.kind != NULL ? a.kind : "";
    change.argc = 5;
    return strcmp(best, "retry") == 0
               ? parked_retry(h, c.config, &change)
               : change_make(h, c.config, &change);
}
