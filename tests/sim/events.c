/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is going to happen, in the order of time; of the same time, in the order
 * in which it was decided.
 */
#include "sim/sim.h"

#include <stdlib.h>

static bool
earlier(const struct sim_event *a, const struct sim_event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void
swap(struct sim_event *a, struct sim_event *b)
{
    struct sim_event t = *a;

    *a = *b;
    *b = t;
}

void
event_add(struct sim *sim, struct sim_event e)
{
    size_t i = sim->n_events;

    if (sim->n_events == sim->events_room) {
        sim->events_room = sim->events_room * 2 + 64;
        sim->events = realloc(sim->events,
                              sim->events_room * sizeof *sim->events);
        if (sim->events == NULL)
            abort();
    }
    e.order = sim->event_order++;
    sim->events[sim->n_events++] = e;
    for (; i > 0 && earlier(&sim->events[i], &sim->events[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(&sim->events[i], &sim->events[(i - 1) / 2]);
}

bool
event_next(struct sim *sim, int64_t until, struct sim_event *out)
{
    struct sim_event *h = sim->events;
    size_t i = 0, n;

    if (sim->n_events == 0 || h[0].at > until)
        return false;
    *out = h[0];
    n = --sim->n_events;
    h[0] = h[n];
    for (;;) {
        size_t least = i;

        if (2 * i + 1 < n && earlier(&h[2 * i + 1], &h[least]))
            least = 2 * i + 1;
        if (2 * i + 2 < n && earlier(&h[2 * i + 2], &h[least]))
            least = 2 * i + 2;
        if (least == i)
            return true;
        swap(&h[i], &h[least]);
        i = least;
    }
}

void
event_free(struct sim_event *e)
{
    if (e->request != NULL) {
        for (size_t i = 0; i < e->request->n_parts; i++)
            free(e->request->parts[i].body);
        free(e->request->parts);
        free(e->request);
    }
    if (e->answer != NULL) {
        text_free(&e->answer->body);
        free(e->answer);
    }
    e->request = NULL;
    e->answer = NULL;
}
