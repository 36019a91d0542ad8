/* SPDX-License-Identifier: Apache-2.0 */
/* One round over all maps: its beginning, and what it did. */
#include "host/control.h"
#include "host/endpoint.h"
#include "host/replication.h"

enum { STOP_SECONDS = 20 };

int
round_open(const struct host *h, struct session *s,
           const struct common_args *a, bool listen)
{
    int code = session_open(h, s, a->config, SESSION_STORE | SESSION_PEERS);

    if (code != HOST_OK)
        return code;
    /* Before there are other threads: they would be given the signals. */
    signals_begin(&s->stop, s->client);
    /* What doesn't listen is one round. */
    s->impatient = !listen;
    if (!listen)
        s->config.inbound.listen = NULL;
    code = session_engine(s, false, false);
    if (code == HOST_OK)
        code = endpoint_open(s);
    if (code != HOST_OK) {
        session_close(s);
        return code;
    }
    control_open(s);
    return HOST_OK;
}

static bool
sweep_is_due(struct session *s, const struct mr_map *map, int side)
{
    const struct mr_schedule *when = &map->repl->schedule[side];
    struct store_mark mark;
    int64_t now = host_now();
    enum mr_status st;

    if (when->sweep == 0)
        return false;
    st = s->store->ops->mark_get(&s->cx, s->store, map->name, side, &mark);
    return st == MR_END ||
           (st == MR_OK &&
            (mark.swept + (int64_t)when->sweep * 1000000 <= now ||
             mark.swept > now));
}

void
round_begin(struct session *s, bool sweep)
{
    for (uint16_t i = 0; i < s->h->program->n_maps; i++) {
        const struct mr_map *map = s->h->program->maps[i];

        for (int side = 0; side < 2 && map->repl != NULL; side++) {
            if (map->repl->schedule[side].trigger != MR_TRIGGER_POLL)
                continue;
            engine_poll(s->engine, map, side, false);
            if (sweep || sweep_is_due(s, map, side))
                engine_sweep(s->engine, map, side);
        }
    }
}

void
round_end(struct session *s)
{
    int64_t until = host_ticks() + (int64_t)STOP_SECONDS * 1000000;

    endpoint_quiet(s);
    s->stopping = true;
    while (host_ticks() < until && http_busy(s->client) > 0)
        if (loop_step(s, 100) != HOST_OK)
            return;
    loop_step(s, 0);
}

/* --- what it did --- */

static const enum engine_event shown[] = {
    EVENT_CREATED, EVENT_UPDATED, EVENT_DELETED, EVENT_MATCHED, EVENT_ECHO,
    EVENT_CONFLICT, EVENT_GUARD, EVENT_WOKEN, EVENT_PARKED, EVENT_REJECTED, EVENT_LEFT_OUT
};

enum { SHOWN = sizeof shown / sizeof shown[0] };

/* What was parked is told by the store at the end: a record that waited for
 * another one and went on is none. A plan has no such rows. */
static void
settle_counts(struct session *s)
{
    const struct mr_program *p = s->h->program;
    struct store_query q = { 0 };
    struct store_parked row;

    for (uint16_t i = 0; i < p->n_maps; i++)
        s->counts[i][0][EVENT_PARKED] = s->counts[i][1][EVENT_PARKED] = 0;
    while (s->store->ops->parked_next(&s->cx, s->store, &q, &row) == MR_OK) {
        q.after = row.id;
        if (row.made < s->began || row.kind == PARKED_REJECTED)
            continue;
        for (uint16_t i = 0; i < p->n_maps; i++)
            if (strcmp(p->maps[i]->name, row.map) == 0)
                s->counts[i][row.side & 1][EVENT_PARKED]++;
    }
    memset(&s->cx.error, 0, sizeof s->cx.error);
}

static bool
anything(const struct session *s, size_t map, int side)
{
    for (size_t i = 0; i < SHOWN; i++)
        if (s->counts[map][side][shown[i]] > 0)
            return true;
    return false;
}

static void
summary_json(struct session *s, const char *command, bool complete,
             double seconds)
{
    struct engine_counts n;
    const char *comma = "";

    engine_counted(s->engine, &n);
    printf("{\"command\":\"%s\",\"complete\":%s,\"seconds\":%.3f,"
           "\"read\":%llu,\"messages\":%llu,\"refused\":%llu,"
           "\"retries\":%llu,\"maps\":[",
           command, complete ? "true" : "false", seconds,
           (unsigned long long)n.read, (unsigned long long)n.messages,
           (unsigned long long)s->refused, (unsigned long long)n.retries);
    for (uint16_t i = 0; i < s->h->program->n_maps; i++) {
        const struct mr_map *map = s->h->program->maps[i];

        for (int side = 0; side < 2 && map->repl != NULL; side++) {
            printf("%s{\"map\":", comma);
            host_json_text(stdout, map->name);
            fputs(",\"system\":", stdout);
            host_json_text(stdout, common_system(map, side));
            for (size_t k = 0; k < SHOWN; k++)
                printf(",\"%s\":%llu", log_event_name(shown[k]),
                       (unsigned long long)s->counts[i][side][shown[k]]);
            putchar('}');
            comma = ",";
        }
    }
    puts("]}");
}

/* Created, updated, deleted are of the system written to, the others of the
 * system whose change it was. */
static void
summary_text(const struct session *s, double seconds, bool complete)
{
    bool any = false;

    for (uint16_t i = 0; i < s->h->program->n_maps; i++) {
        const struct mr_map *map = s->h->program->maps[i];

        for (int side = 0; side < 2 && map->repl != NULL; side++) {
            if (!anything(s, i, side))
                continue;
            any = true;
            printf("%-16s %-10s", map->name, common_system(map, side));
            for (size_t k = 0; k < SHOWN; k++)
                if (s->counts[i][side][shown[k]] > 0)
                    printf("  %s %llu", log_event_name(shown[k]),
                           (unsigned long long)s->counts[i][side][shown[k]]);
            putchar('\n');
        }
    }
    if (!any)
        puts(complete ? "nothing had changed" : "nothing was done");
    printf("%.1f s\n", seconds);
}

static void
say_incomplete(const struct session *s, const char *command, int code)
{
    fprintf(stderr, "%s %s: not all is done: %s\n", s->h->name, command,
            code != HOST_OK         ? "see above"
            : atomic_load(&s->stop.asked) ? "it was stopped"
                                    : "a system does not answer as it "
                                      "should; the rest is done the next "
                                      "time");
    for (size_t i = 0; i < s->n_peers; i++)
        if (s->peers[i].failure[0] != '\0')
            fprintf(stderr, "  the last failure of %s: %s\n",
                    s->peers[i].system->name, s->peers[i].failure);
}

void
round_summary(struct session *s, const char *command, bool json, int code,
              bool complete)
{
    double seconds = (double)(host_steady() - s->began) / 1e6;

    if (!s->dry)
        settle_counts(s);
    if (json)
        summary_json(s, command, complete, seconds);
    else
        summary_text(s, seconds, complete);
    if (!complete)
        say_incomplete(s, command, code);
    if (s->refused > 0)
        fprintf(stderr, "%s %s: %llu of the files could not be read, at last "
                "%s\n", s->h->name, command, (unsigned long long)s->refused,
                s->refusal);
}

static uint64_t
held(const struct session *s)
{
    uint64_t n = 0;

    for (uint16_t i = 0; i < s->h->program->n_maps; i++)
        for (int side = 0; side < 2; side++)
            n += s->counts[i][side][EVENT_PARKED] +
                 s->counts[i][side][EVENT_REJECTED];
    return n;
}

int
round_code(const struct session *s, int code, bool complete)
{
    if (code != HOST_OK)
        return code;
    if (!complete)
        return atomic_load(&s->stop.asked) ? HOST_HELD : HOST_PEER;
    return s->refused > 0 ? HOST_INPUT : held(s) > 0 ? HOST_HELD : HOST_OK;
}
