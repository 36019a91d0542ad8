/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A poll's mark: from when on changes are looked for, in the peer's own time.
 *
 * Pages show the present, not the moment of the first one: a record that changes
 * behind the page pointer is not in that search. So the mark of a search that is
 * done with is the moment when its first page was asked for. The peer's answer
 * tells that moment by its own clock, less the time that the answer took. Ours
 * counts where it is the earlier one: a mark that is too early costs time, one
 * that is too late costs changes. What the clock of the answers and that of the
 * records differ by, and what is committed late, is the overlap's affair.
 *
 * Of a peer that doesn't tell the time only changes are known. The newest one is
 * the mark then, so what is as new as that is read with each poll.
 */
#include "repl/engine_state.h"

#include "value/date.h"

enum { SECOND = 1000000 };

static void
text_of(struct engine *e, int64_t micros, char out[static MARK_MAX])
{
    struct mr_moment m = { micros / SECOND, (uint32_t)(micros % SECOND) * 10,
                           true };
    struct mr_val v;

    if (micros < 0) {
        m.seconds = micros / SECOND - 1;
        m.fraction = 0;
    }
    v = mr_moment_text(e->cx, m);
    if (v.state == MR_HERE && v.n < MARK_MAX) {
        memcpy(out, v.p, v.n);
        out[v.n] = '\0';
    }
}

static int64_t
micros_of(const char *text)
{
    return *text == '\0' ? 0 : moment_micros(mr_text(text));
}

static void
mark_set(struct flow *f, int64_t micros)
{
    char text[MARK_MAX] = "";

    text_of(f->e, micros, text);
    if (*text == '\0')
        return;
    f->mark.mark = text;
    st_mark_put(f);
}

void
mark_since(struct flow *f, char out[static MARK_MAX])
{
    int64_t mark = micros_of(f->mark_text);
    int64_t overlap = f->repl->schedule[f->side].overlap;

    if (mark != 0)
        text_of(f->e, mark - overlap * SECOND, out);
}

void
mark_begin(struct flow *f)
{
    mark_set(f, f->e->now);
}

void
mark_heard(struct search *s, int64_t date)
{
    struct engine *e = s->flow->e;
    int64_t took = e->now - s->call.asked;

    s->start = date <= 0 ? 0 : took > 0 ? date - took : date;
    if (s->start > s->begun)
        s->start = s->begun;
    if (s->load && s->start > 0)
        mark_set(s->flow, s->start);
}

void
mark_move(struct search *s)
{
    struct flow *f = s->flow;
    int64_t found = s->greatest < s->begun ? s->greatest : s->begun;

    if (s->start > 0)
        mark_set(f, s->start);
    else if (found > micros_of(f->mark_text))
        mark_set(f, found);
}
