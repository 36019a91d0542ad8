/* SPDX-License-Identifier: Apache-2.0 */
/* The command status: what replication remembers, in numbers, and where each
 * search stands. */
#include <inttypes.h>
#include <unistd.h>

#include "host/change_io.h"
#include "host/replication.h"

static const char help_text[] =
    "usage: %s status [--format json]\n"
    "\n"
    "Says whether a program is at work on the store, how many links, messages\n"
    "and parked records it has, where each search for changes stands, and how\n"
    "each system failed last, as far as a program that is at work knows.\n"
    "\n";

struct status {
    bool running;
    struct store_counts n;
    uint64_t parked[PARKED_REJECTED + 1];
};

static bool
is_running(const struct session *s)
{
    int fd = change_socket(s->config.store_file, connect);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static int
count(struct session *s, struct status *t)
{
    struct store_query q = { 0 };
    struct store_parked p;
    enum mr_status st;

    if (s->store->ops->counts(&s->cx, s->store, &t->n) != MR_OK)
        return session_store_error(s, "status");
    while ((st = s->store->ops->parked_next(&s->cx, s->store, &q, &p)) ==
           MR_OK) {
        q.after = p.id;
        if ((unsigned)p.kind <= PARKED_REJECTED)
            t->parked[p.kind]++;
    }
    return st == MR_END ? HOST_OK : session_store_error(s, "status");
}

static const char *
load_words(const struct store_mark *m)
{
    return m->load[0] == '\0'             ? "not begun"
           : strcmp(m->load, "done") == 0 ? "done"
                                          : "not finished";
}

static void
print_mark(const struct mr_map *map, int side, const struct store_mark *m,
           uint64_t links, bool json, const char *comma)
{
    bool polls = map->repl->schedule[side].trigger == MR_TRIGGER_POLL;
    char polled[32], swept[32];

    host_time_text(m->polled, polled);
    host_time_text(m->swept, swept);
    if (json) {
        printf("%s{\"map\":", comma);
        host_json_text(stdout, map->name);
        fputs(",\"system\":", stdout);
        host_json_text(stdout, common_system(map, side));
        printf(",\"trigger\":\"%s\",\"links\":%" PRIu64
               ",\"load\":\"%s\",\"loaded\":%" PRIu64 ",\"mark\":",
               polls ? "poll" : "message", links, load_words(m), m->loaded);
        host_json_text(stdout, m->mark);
        printf(",\"polled\":\"%s\",\"swept\":\"%s\"}", m->polled ? polled : "",
               m->swept ? swept : "");
        return;
    }
    printf("  %-14s from %-8s %8" PRIu64 " links", map->name,
           common_system(map, side), links);
    if (polls)
        printf("  load %s  last search %.19s", load_words(m),
               m->polled != 0 ? polled : "never");
    else
        fputs("  by messages", stdout);
    putchar('\n');
}

static int
print_marks(struct session *s, bool json)
{
    const char *comma = "";

    for (uint16_t i = 0; i < s->h->program->n_maps; i++) {
        const struct mr_map *map = s->h->program->maps[i];
        uint64_t links = 0;

        if (map->repl == NULL)
            continue;
        if (s->store->ops->link_count(&s->cx, s->store, map->name, &links) !=
            MR_OK)
            return session_store_error(s, "status");
        for (int side = 0; side < 2; side++) {
            struct store_mark m;
            enum mr_status st;

            if (map->repl->schedule[side].trigger == MR_TRIGGER_NONE)
                continue;
            st = s->store->ops->mark_get(&s->cx, s->store, map->name, side,
                                         &m);
            if (st != MR_OK && st != MR_END)
                return session_store_error(s, "status");
            print_mark(map, side, &m, links, json, comma);
            comma = ",";
        }
    }
    return HOST_OK;
}

/* Words: "status", "json" or "text". */
int
status_change(struct session *s, struct change *c)
{
    bool json = c->argc > 1 && strcmp(c->argv[1], "json") == 0;
    const char *comma = "";
    char at[32];

    for (size_t i = 0; i < s->n_peers; i++) {
        const struct session_peer *p = &s->peers[i];

        if (p->failed == 0)
            continue;
        host_time_text(p->failed, at);
        if (!json) {
            fprintf(c->out, "  %s %s %.19s: %s\n", p->system->name,
                    p->broken ? "is left alone for a while; it failed at"
                              : "failed last at",
                    at, p->failure);
            continue;
        }
        fprintf(c->out, "%s{\"system\":", comma);
        host_json_text(c->out, p->system->name);
        fprintf(c->out, ",\"left_alone\":%s,\"at\":\"%s\",\"text\":",
                p->broken ? "true" : "false", at);
        host_json_text(c->out, p->failure);
        fputc('}', c->out);
        comma = ",";
    }
    return HOST_OK;
}

/* What the running program has to say of failures. */
static void
print_failures(struct session *s, bool json)
{
    const char *words[2] = { "status", json ? "json" : "text" };
    struct change c = { .argc = 2, .argv = words, .out = stdout,
                        .err = stderr };
    int code;

    change_ask(s->h, &s->config, &c, &code);
}

static int
print(struct session *s, const struct status *t, bool json)
{
    const char *comma = "";
    int code;

    if (!json) {
        printf("%s: %s\n", s->config.store_file,
               t->running ? "a program is at work" : "no program is at work");
        printf("  %" PRIu64 " links, %" PRIu64 " messages waiting, %" PRIu64
               " writes open, %" PRIu64 " parked\n", t->n.links, t->n.messages,
               t->n.intents, t->n.parked);
        for (int k = 0; k <= PARKED_REJECTED; k++)
            if (t->parked[k] > 0)
                printf("    %-8s %" PRIu64 "\n",
                       parked_kind((enum store_parked_kind)k), t->parked[k]);
        code = print_marks(s, false);
        if (code == HOST_OK && t->running)
            print_failures(s, false);
        return code;
    }
    printf("{\"running\":%s,\"links\":%" PRIu64 ",\"messages\":%" PRIu64
           ",\"intents\":%" PRIu64 ",\"parked\":%" PRIu64
           ",\"decisions\":%" PRIu64 ",\"parked_kinds\":{",
           t->running ? "true" : "false", t->n.links, t->n.messages,
           t->n.intents, t->n.parked, t->n.decisions);
    for (int k = 0; k <= PARKED_REJECTED; k++, comma = ",")
        printf("%s\"%s\":%" PRIu64, comma,
               parked_kind((enum store_parked_kind)k), t->parked[k]);
    fputs("},\"maps\":[", stdout);
    code = print_marks(s, true);
    fputs("],\"failures\":[", stdout);
    if (code == HOST_OK && t->running)
        print_failures(s, true);
    puts("]}");
    return code;
}

int
host_status(const struct host *h, int argc, char **argv)
{
    struct status t = { 0 };
    struct common_args a;
    struct session s;
    size_t n;
    int code;

    if (!common_args(h, "status", help_text, argc, argv, NULL, 0, &a, NULL, 0,
                     &n, &code))
        return code;
    code = session_open(h, &s, a.config, SESSION_READ);
    if (code != HOST_OK)
        return code;
    if (s.store == NULL) {
        puts(a.json ? "{\"running\":false,\"links\":0}"
                    : "there is no store yet: nothing has run");
    } else {
        t.running = is_running(&s);
        code = count(&s, &t);
        if (code == HOST_OK)
            code = print(&s, &t, a.json);
    }
    session_close(&s);
    return code;
}
