/* SPDX-License-Identifier: Apache-2.0 */
/* Counts in the text format of Prometheus. Names of maps and systems are the
 * only labels: never a key. */
#include "host/endpoint.h"

#include <stdlib.h>

#include "http/server.h"

static void
head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_events(FILE *out, const struct session *s)
{
    head(out, "mapc_records_total", "counter",
         "What was done with records, by map and system.");
    for (uint16_t i = 0; i < s->h->program->n_maps; i++) {
        const struct mr_map *m = s->h->program->maps[i];

        for (int side = 0; side < 2 && m->repl != NULL; side++)
            for (int e = 0; e < EVENTS; e++)
                if (s->counts[i][side][e] > 0)
                    fprintf(out,
                            "mapc_records_total{map=\"%s\",system=\"%s\","
                            "event=\"%s\"} %llu\n",
                            m->name, side == MR_LEFT ? m->left : m->right,
                            log_event_name((enum engine_event)e),
                            (unsigned long long)s->counts[i][side][e]);
    }
}

static void
put_one(FILE *out, const char *name, const char *type, const char *help,
        uint64_t value)
{
    head(out, name, type, help);
    fprintf(out, "%s %llu\n", name, (unsigned long long)value);
}

static void
put_store(FILE *out, struct session *s)
{
    struct store_counts n;

    if (s->store->ops->counts(&s->cx, s->store, &n) != MR_OK) {
        memset(&s->cx.error, 0, sizeof s->cx.error);
        return;
    }
    put_one(out, "mapc_links", "gauge", "Pairs of records that are one thing.",
            n.links);
    put_one(out, "mapc_open_intents", "gauge", "Writes not yet settled.",
            n.intents);
    put_one(out, "mapc_inbox_messages", "gauge", "Messages not yet done with.",
            n.messages);
    put_one(out, "mapc_parked", "gauge", "Records that wait with a reason.",
            n.parked);
}

/* Seconds since a search was last completed: how far behind a side may be. */
static void
put_lag(FILE *out, struct session *s)
{
    struct store_mark mark;
    int64_t now = host_steady();

    head(out, "mapc_poll_age_seconds", "gauge",
         "Since the last completed search for changes of a system.");
    for (uint16_t i = 0; i < s->h->program->n_maps; i++) {
        const struct mr_map *m = s->h->program->maps[i];

        for (int side = 0; side < 2 && m->repl != NULL; side++) {
            if (m->repl->schedule[side].trigger != MR_TRIGGER_POLL ||
                s->store->ops->mark_get(&s->cx, s->store, m->name, side,
                                        &mark) != MR_OK ||
                mark.polled == 0)
                continue;
            fprintf(out,
                    "mapc_poll_age_seconds{map=\"%s\",system=\"%s\"} %lld\n",
                    m->name, side == MR_LEFT ? m->left : m->right,
                    (long long)((now - mark.polled) / 1000000));
        }
    }
    memset(&s->cx.error, 0, sizeof s->cx.error);
}

static void
put_breakers(FILE *out, const struct session *s)
{
    head(out, "mapc_breaker_open", "gauge",
         "1 while a system is left alone after failures.");
    for (size_t i = 0; i < s->n_peers; i++)
        fprintf(out, "mapc_breaker_open{system=\"%s\"} %d\n",
                s->peers[i].system->name, s->peers[i].broken);
}

char *
metrics_text(struct session *s, size_t *n)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, n);
    struct engine_counts counts;

    if (out == NULL)
        return NULL;
    engine_counted(s->engine, &counts);
    put_events(out, s);
    put_one(out, "mapc_read_total", "counter", "Records looked at.",
            counts.read);
    put_one(out, "mapc_messages_total", "counter", "Messages taken.",
            counts.messages);
    put_one(out, "mapc_retries_total", "counter", "Operations tried again.",
            counts.retries);
    put_store(out, s);
    put_lag(out, s);
    put_breakers(out, s);
    put_one(out, "mapc_requests_under_way", "gauge", "To all systems.",
            http_busy(s->client));
    put_one(out, "mapc_turns_total", "counter", "Rounds of the loop.",
            s->turns);
    put_one(out, "mapc_up_seconds", "gauge", "Since the program began.",
            (uint64_t)(host_steady() - s->began) / 1000000);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
