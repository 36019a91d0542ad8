/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of calls. Names of calls are the only labels. */
#include "host/call_counts.h"

#include "host/call_words.h"

/* Upper bounds in milliseconds. */
static const uint32_t bounds[CALL_BOUNDS] = { 5, 10, 25, 50, 100, 250, 500,
                                              1000, 2500, 5000, 10000, 60000 };

void
call_counted(struct call_count *c, enum call_end end, int64_t micros)
{
    size_t i = 0;

    c->ends[end]++;
    c->micros += micros > 0 ? (uint64_t)micros : 0;
    while (i < CALL_BOUNDS && micros > (int64_t)bounds[i] * 1000)
        i++;
    c->within[i]++;
}

static void
head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_seconds(FILE *out, const char *name, const struct call_count *c)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < CALL_BOUNDS; i++) {
        sum += c->within[i];
        fprintf(out, "mapc_call_seconds_bucket{call=\"%s\",le=\"%g\"} %llu\n",
                name, bounds[i] / 1000.0, (unsigned long long)sum);
    }
    sum += c->within[CALL_BOUNDS];
    fprintf(out, "mapc_call_seconds_bucket{call=\"%s\",le=\"+Inf\"} %llu\n"
            "mapc_call_seconds_sum{call=\"%s\"} %.6f\n"
            "mapc_call_seconds_count{call=\"%s\"} %llu\n", name,
            (unsigned long long)sum, name, (double)c->micros / 1e6, name,
            (unsigned long long)sum);
}

static void
put_each(FILE *out, const char *metric, const char *help,
         const struct mr_call *const *calls, const struct call_count *counts,
         uint16_t n, size_t at)
{
    head(out, metric, "counter", help);
    for (uint16_t i = 0; i < n; i++) {
        uint64_t value;

        memcpy(&value, (const char *)&counts[i] + at, sizeof value);
        fprintf(out, "%s{call=\"%s\"} %llu\n", metric, calls[i]->name,
                (unsigned long long)value);
    }
}

void
call_counts_text(FILE *out, const struct mr_call *const *calls,
                 const struct call_count *counts, uint16_t n,
                 uint32_t under_way)
{
    head(out, "mapc_calls_total", "counter", "Calls, by how they ended.");
    for (uint16_t i = 0; i < n; i++)
        for (int end = 0; end < CALL_ENDS; end++)
            if (counts[i].ends[end] > 0)
                fprintf(out, "mapc_calls_total{call=\"%s\",end=\"%s\"} %llu\n",
                        calls[i]->name, call_end_word((enum call_end)end),
                        (unsigned long long)counts[i].ends[end]);
    put_each(out, "mapc_calls_sent_away_total",
             "Calls that were not begun: there were too many.", calls, counts,
             n, offsetof(struct call_count, refused));
    put_each(out, "mapc_calls_kept_total",
             "Calls answered with an answer that was kept.", calls, counts, n,
             offsetof(struct call_count, kept));
    put_each(out, "mapc_calls_abandoned_total",
             "Calls whose caller went away.", calls, counts, n,
             offsetof(struct call_count, gone));
    head(out, "mapc_call_seconds", "histogram",
         "From the request to the end of the call.");
    for (uint16_t i = 0; i < n; i++)
        put_seconds(out, calls[i]->name, &counts[i]);
    head(out, "mapc_calls_under_way", "gauge", "Calls that wait for an answer.");
    fprintf(out, "mapc_calls_under_way %u\n", (unsigned)under_way);
}
