/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches of a model system: records changed since a time, by its own clock,
 * page by page; in some runs as they were when the first page was asked for, in
 * others as they are when each page is.
 */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PAGE = 4 };

/* "2026-01-01T00:00:00.123Z" as microseconds. */
static int64_t
time_of(const char *text)
{
    struct tm tm = { .tm_isdst = 0 };
    int64_t micros = 0, unit = 100000;

    if (sscanf(text, "%d-%d-%dT%d:%d:%d", &tm.tm_year, &tm.tm_mon,
               &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
        return -1;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    if (strchr(text, '.') != NULL)
        for (const char *p = strchr(text, '.') + 1; *p >= '0' && *p <= '9';
             p++, unit /= 10)
            micros += (*p - '0') * unit;
    return (int64_t)timegm(&tm) * SIM_SECOND + micros;
}

/* Records one after another, from the index in the list. */
static void
show_page(struct sim_answer *a, const struct sim_list *l, int after_id,
          int64_t since, bool ids, const char *view)
{
    size_t n = 0;
    int last = 0;

    for (size_t i = 0; i < l->n; i++) {
        const struct sim_record *r = l->at[i];

        if (r->id <= after_id || r->changed < since)
            continue;
        if (n == PAGE) {
            snprintf(a->next, sizeof a->next, "%s:%d", view, last);
            return;
        }
        json_record(&a->body, r, ids);
        text_add(&a->body, "\n");
        last = r->id;
        n++;
    }
}

/* A view of this moment, kept until the run ends. */
static size_t
keep_view(struct sim_system *s, const struct sim_list *l, int64_t since)
{
    struct sim_list view = { NULL, 0, 0 };

    for (size_t i = 0; i < l->n; i++)
        if (l->at[i]->changed >= since)
            list_add(&view, record_copy(l->at[i]));
    s->views = realloc(s->views, (s->n_views + 1) * sizeof *s->views);
    if (s->views == NULL)
        abort();
    s->views[s->n_views] = view;
    return s->n_views++;
}

/* Ids only grow, and lists are in their order: pages go on behind an id. */
void
system_page(struct sim *sim, const struct sim_request *q, struct sim_answer *a)
{
    struct sim_system *s = &sim->systems[q->system];
    const struct sim_list *l = system_list(sim, q->map, q->side);
    int64_t since = q->since[0] != '\0' ? time_of(q->since) : 0;
    int after = 0;
    size_t view = 0;
    char name[16] = "live";

    if (since < 0)
        sim_violation(sim, "a search since \"%s\"", q->since);
    if (q->token[0] != '\0' && strncmp(q->token, "live:", 5) == 0) {
        after = atoi(q->token + 5);
    } else if (q->token[0] != '\0') {
        if (sscanf(q->token, "%zu:%d", &view, &after) != 2 ||
            view >= s->n_views)
            sim_violation(sim, "a page \"%s\" that was not offered",
                          q->token);
        else
            l = &s->views[view];
        snprintf(name, sizeof name, "%zu", view);
    } else if (!s->live_pages) {
        view = keep_view(s, l, since);
        l = &s->views[view];
        snprintf(name, sizeof name, "%zu", view);
    }
    show_page(a, l, after, since, q->kind == OP_IDS, name);
    if (s->dated)
        a->date = (sim->now + s->skew) / SIM_SECOND * SIM_SECOND;
}
