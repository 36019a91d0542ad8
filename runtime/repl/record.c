/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of a merge: from bytes, translated to the other side's terms,
 * their keys and what else is asked of one record alone.
 */
#include "repl/merge.h"

#include "codec/codec.h"
#include "repl/cells.h"

/* A decoder that values still point into. */
struct merge_open {
    struct mr_input in;
    struct mr_reader reader;
    const char *p, *end;        /* what is left to be read */
};

void
merge_init(struct merge *m, struct mr_cx *cx, const struct mr_map *map,
           const struct store_keys *keys)
{
    memset(m, 0, sizeof *m);
    m->cx = cx;
    m->map = map;
    m->keys = keys;
}

static void
close_side(struct merge *m, int side)
{
    struct merge_open *open = m->open[side];

    m->open[side] = NULL;
    if (open == NULL)
        return;
    mr_reader_done(m->cx, &open->reader);
    mr_input_done(m->cx, &open->in);
}

void
merge_done(struct merge *m)
{
    close_side(m, MR_LEFT);
    close_side(m, MR_RIGHT);
}

/* --- decoding --- */

const struct mr_flow *
merge_flow(const struct merge *m, int side)
{
    return side == MR_RIGHT ? m->map->to_right : m->map->to_left;
}

const struct mr_doc *
merge_doc(const struct merge *m, int side)
{
    const struct mr_flow *away = merge_flow(m, 1 - side);

    return away != NULL ? away->from : merge_flow(m, side)->to;
}

static void *
new_record(struct merge *m, int side)
{
    size_t n = m->map->frame[side].size;
    void *record = mr_alloc(m->cx, n);

    if (record != NULL)
        memset(record, 0, n);
    return record;
}

static long
read_bytes(void *arg, char *p, size_t n)
{
    struct merge_open *open = arg;
    size_t left = (size_t)(open->end - open->p);

    n = n < left ? n : left;
    memcpy(p, open->p, n);
    open->p += n;
    return (long)n;
}

/* The whole document as a window in the arena: nothing to close. */
static enum mr_status
window_in_arena(struct mr_cx *cx, struct mr_input *in, const char *p, size_t n)
{
    size_t valid = mr_utf8_valid(p, n);

    if (n > MR_DOCUMENT_MAX)
        return mr_fail(cx, MR_ELIMIT, "the document is larger than %d bytes",
                       MR_DOCUMENT_MAX);
    if (valid != n)
        return mr_fail(cx, MR_EFORMAT, "the input is not UTF-8 at byte %zu",
                       valid);
    in->at = mr_alloc(cx, n + MR_PADDING);
    if (in->at == NULL)
        return cx->error.status;
    memcpy(in->at, p, n);
    memset(in->at + n, 0, MR_PADDING);
    in->end = in->room = n;
    in->eof = in->read_eof = true;
    return MR_OK;
}

/* XML may be in other encodings, so it goes through the input's own window,
 * made large enough to be filled at once. */
static enum mr_status
window_to_read(struct mr_cx *cx, struct mr_input *in, size_t n)
{
    size_t room = n + n / 2 + MR_PADDING;

    if (n > MR_DOCUMENT_MAX)
        return mr_fail(cx, MR_ELIMIT, "the document is larger than %d bytes",
                       MR_DOCUMENT_MAX);
    in->at = mr_resize(cx, NULL, room + 2 * MR_PADDING);
    if (in->at == NULL)
        return MR_EMEMORY;
    memset(in->at, 0, MR_PADDING);
    in->room = room;
    return MR_OK;
}

static enum mr_status
skip_to(struct merge *m, struct mr_reader *reader, void *record,
        uint32_t index)
{
    enum mr_status st = MR_OK;

    for (uint32_t i = 0; st == MR_OK && i <= index; i++)
        st = mr_reader_next(m->cx, reader, record);
    return st;
}

static enum mr_status
decode_xml(struct merge *m, int side, const char *p, size_t n, uint32_t index,
           void *record)
{
    struct merge_open *open = mr_alloc(m->cx, sizeof *open);
    enum mr_status st;

    if (open == NULL)
        return m->cx->error.status;
    open->p = p;
    open->end = p + n;
    mr_input_init(&open->in, read_bytes, open);
    st = window_to_read(m->cx, &open->in, n);
    if (st != MR_OK)
        return st;
    mr_reader_init(&open->reader, &open->in, merge_doc(m, side));
    m->open[side] = open;
    return skip_to(m, &open->reader, record, index);
}

static enum mr_status
decode_json(struct merge *m, int side, const char *p, size_t n,
            uint32_t index, void *record)
{
    struct mr_input in;
    struct mr_reader reader;
    enum mr_status st;

    mr_input_init(&in, NULL, NULL);
    st = window_in_arena(m->cx, &in, p, n);
    if (st != MR_OK)
        return st;
    mr_reader_init(&reader, &in, merge_doc(m, side));
    return skip_to(m, &reader, record, index);
}

enum mr_status
merge_decode_at(struct merge *m, int side, const char *p, size_t n,
                uint32_t index)
{
    const struct mr_doc *doc = merge_doc(m, side);
    void *record = new_record(m, side);
    enum mr_status st;

    m->record[side] = m->made[1 - side] = NULL;
    close_side(m, side);
    if (record == NULL)
        return m->cx->error.status;
    if (doc->format == MR_IDOC || doc->format == MR_XML)
        st = decode_xml(m, side, p, n, index, record);
    else
        st = decode_json(m, side, p, n, index, record);
    if (st == MR_OK)
        m->record[side] = record;
    return st;
}

enum mr_status
merge_decode(struct merge *m, int side, const char *p, size_t n)
{
    enum mr_status st = merge_decode_at(m, side, p, n, 1);

    if (st == MR_OK)
        return mr_fail(m->cx, MR_EFORMAT, "there is more than one record");
    return st == MR_END ? merge_decode_at(m, side, p, n, 0) : st;
}

/* --- translating --- */

/* The frame of the direction to `side`, with both records in it. */
enum mr_status
merge_frame(struct merge *m, int side)
{
    const struct mr_map *map = m->map;
    void *source = m->record[1 - side], *target = m->made[side];

    if (m->frame[side] == NULL)
        m->frame[side] = mr_alloc(m->cx, map->frame_size);
    if (m->frame[side] == NULL)
        return m->cx->error.status;
    memset(m->frame[side], 0, map->frame_size);
    memcpy(m->frame[side] + map->frame[1 - side].at, &source, sizeof source);
    memcpy(m->frame[side] + map->frame[side].at, &target, sizeof target);
    return MR_OK;
}

static void
clear_verdict(struct mr_cx *cx)
{
    cx->verdict.parked = cx->verdict.rejected = false;
    cx->verdict.n = 0;
}

enum mr_status
merge_translate(struct merge *m, int side)
{
    const struct mr_flow *flow = merge_flow(m, side);
    struct mr_cx *cx = m->cx;
    bool held;

    m->made[side] = NULL;
    m->takes[side] = false;
    memset(&m->verdict[side], 0, sizeof m->verdict[side]);
    if (flow == NULL || m->record[1 - side] == NULL)
        return MR_OK;
    mark_drop(m, 1 - side);
    m->made[side] = new_record(m, side);
    if (m->made[side] == NULL || merge_frame(m, side) != MR_OK)
        return cx->error.status;
    clear_verdict(cx);
    m->takes[side] = flow->takes == NULL || flow->takes(cx, m->frame[side]);
    held = cx->verdict.parked || cx->verdict.rejected;
    if (m->takes[side] && !held)
        flow->run(cx, m->frame[side]);
    if (!m->takes[side] || held)
        m->made[side] = NULL;
    m->verdict[side] = cx->verdict;
    clear_verdict(cx);
    return cx->error.status;
}

/* --- keys --- */

/* The key's fields joined, from a frame in which `side` has them. */
static struct mr_val
join_key(struct merge *m, int side, const char *frame)
{
    const struct mr_repl *repl = m->map->repl;
    size_t n = 0;
    char *text, *p;

    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1 && (n == 0 || n > UINT32_MAX / 2))
            return mr_missing();
        text = p = pass == 0 ? NULL : mr_alloc(m->cx, n);
        if (pass == 1 && text == NULL)
            return mr_missing();
        for (uint32_t i = 0; i < repl->n_keys; i++) {
            const struct mr_rule *rule = &repl->rules[i];

            for (uint32_t k = 0; k < rule->n_fields[side]; k++) {
                struct mr_val v = cell_field(frame, &rule->fields[side][k]);

                if (v.state != MR_HERE)
                    return mr_missing();
                n += pass == 0 ? v.n + (size_t)1 : 0;
                if (pass == 0)
                    continue;
                memcpy(p, v.p, v.n);
                p += v.n;
                *p++ = '\x1f';
            }
        }
    }
    p[-1] = '\0';
    return mr_slice(text, (uint32_t)(n - 1));
}

/* By the key rules alone, into a record that nobody else sees. */
static struct mr_val
made_key(struct merge *m, int side)
{
    const struct mr_repl *repl = m->map->repl;
    struct mr_verdict verdict = m->cx->verdict;
    struct mr_val key = mr_missing();
    void *was = m->made[side];

    m->made[side] = new_record(m, side);
    if (m->made[side] != NULL && merge_frame(m, side) == MR_OK) {
        for (uint32_t i = 0; i < repl->n_keys; i++)
            if (repl->rules[i].set[side] != NULL)
                repl->rules[i].set[side](m->cx, m->frame[side]);
        key = join_key(m, side, m->frame[side]);
    }
    m->made[side] = was;
    m->cx->verdict = verdict;
    return key;
}

struct mr_val
merge_key(struct merge *m, int side)
{
    if (m->record[side] != NULL) {
        if (merge_frame(m, 1 - side) != MR_OK)
            return mr_missing();
        return join_key(m, side, m->frame[1 - side]);
    }
    if (m->made[side] != NULL) {
        if (merge_frame(m, side) != MR_OK)
            return mr_missing();
        return join_key(m, side, m->frame[side]);
    }
    return m->record[1 - side] == NULL ? mr_missing() : made_key(m, side);
}

/* --- what a record says about itself --- */

static struct mr_val
value_at(const void *record, uint32_t offset)
{
    if (record == NULL || offset == MR_NOWHERE)
        return mr_missing();
    return *(const struct mr_val *)(const void *)((const char *)record +
                                                  offset);
}

struct mr_val
merge_id(const struct merge *m, int side)
{
    return value_at(m->record[side], m->map->repl->tech[side].id);
}

struct mr_val
merge_etag(const struct merge *m, int side)
{
    return value_at(m->record[side], m->map->repl->tech[side].etag);
}

struct mr_val
merge_changed(const struct merge *m, int side)
{
    return value_at(m->record[side], m->map->repl->tech[side].changed);
}

bool
merge_gone(const struct merge *m, int side)
{
    const struct mr_tech *tech = &m->map->repl->tech[side];
    struct mr_val v = value_at(m->record[side], tech->gone);

    return v.state == MR_HERE && tech->gone_value != NULL &&
           v.n == strlen(tech->gone_value) &&
           memcmp(v.p, tech->gone_value, v.n) == 0;
}
