/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of one lane, one behind the other: mapped and written, or told
 * about with their number. */
#include "host/lane.h"

#include <errno.h>
#include <poll.h>

/* Waits for input; false: none has come, and nobody takes output any more. */
static bool
wait_input(const struct host_mapping *m)
{
    struct pollfd fds[] = { { m->in_fd, POLLIN, 0 },
                            { m->out_fd, 0, 0 },
                            { m->stop_fd, POLLIN, 0 } };
    int n;

    do
        n = poll(fds, 3, -1);
    while (n < 0 && errno == EINTR);
    return n < 0 || fds[0].revents != 0;
}

static bool
is_output_gone(const struct host_mapping *m)
{
    struct pollfd out = { m->out_fd, 0, 0 };

    return poll(&out, 1, 0) > 0;
}

long
host_read(void *arg, char *p, size_t n)
{
    struct host_mapping *m = arg;

    if (wait_input(m))
        return mr_read_fd(&m->in_fd, p, n);
    errno = ECANCELED;
    return -1;
}

enum mr_status
host_lane_init(struct host_lane *lane, struct host_mapping *m)
{
    memset(lane, 0, sizeof *lane);
    lane->m = m;
    lane->front = true;
    lane->part.line = 1;
    mr_cx_init(&lane->cx, NULL);
    lane->cx.ids = m->ids;
    mr_input_init(&lane->in, host_read, m);
    lane->in.limit = m->limit;
    mr_output_init(&lane->out, mr_write_fd, &m->out_fd);
    mr_reader_init(&lane->reader, &lane->in, m->flow->from);
    mr_writer_init(&lane->writer, &lane->out, m->flow->to, m->pretty);
    if (host_frame_init(&lane->cx, &lane->frame, m->map) != MR_OK)
        return MR_EMEMORY;
    if (m->trace.n_targets > 0) {
        m->trace.frame = lane->frame.frame;
        m->trace.show_personal = m->show_personal;
        lane->cx.trace = &m->trace.hooks;
    }
    return MR_OK;
}

void
host_lane_done(struct host_lane *lane)
{
    host_notes_clear(&lane->notes);
    mr_reader_done(&lane->cx, &lane->reader);
    if (lane->frame.map != NULL)
        host_frame_done(&lane->cx, &lane->frame);
    mr_output_done(&lane->cx, &lane->out);
    mr_input_done(&lane->cx, &lane->in);
    mr_cx_done(&lane->cx);
}

void
host_counts_add(struct host_counts *to, const struct host_counts *c)
{
    to->documents += c->documents;
    to->mapped += c->mapped;
    to->held += c->held;
    to->left_out += c->left_out;
    to->refused += c->refused;
}

enum mr_status
host_lane_to_front(struct host_lane *lane, const struct host_part *part)
{
    lane->front = true;
    lane->part = *part;
    lane->out.hold = false;
    host_notes_say(lane->m->h, &lane->notes, part);
    return mr_output_flush(&lane->cx, &lane->out);
}

/* What was noted is said at once in front. */
static enum mr_status
noted(struct host_lane *lane, bool ok)
{
    if (!ok) {
        /* More important than what could not be noted. */
        memset(&lane->cx.error, 0, sizeof lane->cx.error);
        return mr_fail(&lane->cx, MR_EMEMORY, "memory ran out");
    }
    if (lane->front)
        host_notes_say(lane->m->h, &lane->notes, &lane->part);
    return MR_OK;
}

static enum mr_status
leave_out(struct host_lane *lane)
{
    FILE *text = host_note_text(&lane->notes);

    lane->counts.left_out++;
    if (text != NULL)
        fputs("left out: it does not take part (where)\n", text);
    return noted(lane, text != NULL && host_note_end(&lane->notes,
                                                     lane->counts.documents));
}

static enum mr_status
hold(struct host_lane *lane)
{
    FILE *text = host_note_text(&lane->notes);
    bool ok = text != NULL;

    lane->counts.held++;
    for (uint32_t i = 0; ok && i < host_n_findings(&lane->cx); i++) {
        host_report_finding(text, &lane->cx, i, lane->m->show_personal);
        ok = host_note_end(&lane->notes, lane->counts.documents);
    }
    return noted(lane, ok);
}

/* One record, decoded into the frame: mapped and written, or told about. */
static enum mr_status
map_record(struct host_lane *lane)
{
    const struct mr_flow *flow = lane->m->flow;
    struct mr_cx *cx = &lane->cx;
    void *frame = lane->frame.frame;
    enum mr_status st;

    if (flow->takes != NULL && !flow->takes(cx, frame) &&
        !cx->verdict.parked && !cx->verdict.rejected) {
        st = leave_out(lane);
        return st == MR_OK ? cx->error.status : st;
    }
    if (cx->verdict.n == 0)
        flow->run(cx, frame);
    if (cx->error.status != MR_OK)
        return cx->error.status;
    if (cx->verdict.parked || cx->verdict.rejected)
        return hold(lane);
    st = mr_writer_put(cx, &lane->writer, lane->frame.records[lane->m->to]);
    lane->counts.mapped += st == MR_OK;
    return st;
}

/* Counts the document that the error is about. */
static enum mr_status
refuse(struct host_lane *lane)
{
    lane->counts.refused++;
    lane->cx.error.document = lane->counts.documents;
    return noted(lane, host_note_error(&lane->notes, &lane->cx.error));
}

/* A document that its format can't write is refused, too: the stream is as
 * it was before it. */
static enum mr_status
map_or_refuse(struct host_lane *lane)
{
    enum mr_status st = map_record(lane);

    if (st != MR_EFORMAT && st != MR_ELIMIT && st != MR_EUSAGE)
        return st;
    st = refuse(lane);
    lane->cx.error.status = st;
    return st;
}

/* Reading may have been given up because the output is gone: that is told. */
static enum mr_status
stop_reading(struct host_lane *lane)
{
    struct mr_error *e = &lane->cx.error;

    if (!is_output_gone(lane->m))
        return MR_EREAD;
    memset(e, 0, sizeof *e);
    return mr_fail(&lane->cx, MR_EWRITE, "the output can not be written: %s",
                   strerror(EPIPE));
}

enum mr_status
host_lane_next(struct host_lane *lane)
{
    struct mr_cx *cx = &lane->cx;
    enum mr_status st;

    mr_cx_next(cx);
    host_frame_clear(&lane->frame);
    st = mr_reader_next(cx, &lane->reader,
                        lane->frame.records[lane->m->from]);
    if (st == MR_END)
        return st;
    lane->counts.documents++;
    if (lane->cx.trace != NULL)
        lane->m->trace.document = lane->counts.documents;
    if (st == MR_OK)
        return map_or_refuse(lane);
    if (st != MR_EFORMAT && st != MR_ELIMIT)
        return st == MR_EREAD ? stop_reading(lane) : st;
    st = refuse(lane);
    if (st != MR_OK)
        return st;
    if (mr_reader_resync(cx, &lane->reader))
        return MR_OK;
    /* While looking for the next document, reading itself may have failed. */
    st = cx->error.status;
    if (st == MR_EREAD)
        return stop_reading(lane);
    return st == MR_EMEMORY ? st : MR_END;
}
