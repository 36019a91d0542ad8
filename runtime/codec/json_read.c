/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of JSON as records. Around a record there may be lists and objects:
 * an envelope of OData, which is found by looking at the input, and the
 * members of doc->path. They are read step by step, a token or a whole member
 * at a time, so that a list of any length goes through a small window; only a
 * record is read at once, and read again from its start when the window ended
 * in it.
 *
 * The open objects and lists are the levels of struct mr_reader; `lists` says
 * which are lists. In each open object one member leads to the record; `found`
 * says that it was there.
 */
#include "codec/codec.h"
#include "codec/json_value.h"
#include "core/arena.h"

/* What is expected next at the innermost level; mr_reader.state & PLACE. */
enum place {
    FIRST,          /* just opened; at the top: between two documents */
    AFTER,          /* behind a value */
    NEXT,           /* behind a comma */
    SLOT,           /* the value of the member that leads to the record */
    PLACE = 3
};

/* The envelope; mr_reader.state & ENVELOPE. */
enum envelope {
    ENV_NONE = 0,
    ENV_D = 4,              /* {"d":...} */
    ENV_D_RESULTS = 8,      /* {"d":{"results":...}} */
    ENV_VALUE = 12,         /* {"value":[...]} */
    ENVELOPE = 12
};

enum {
    STARTED = 16,           /* the byte order mark is behind */
    /* After an error was left behind: a record in no envelope must end its
     * line, else it may be a part of the document with the error. */
    ALONE = 32
};

/* At most this many levels around a record: a bit each. */
enum { LEVELS_MAX = 64 };

enum step { GIVEN, ENDED, AGAIN, STOPPED };

struct run {
    struct json j;
    struct mr_reader *r;
    char *record;
    /* Behind which byte of the step a new bracket, comma or colon makes it
     * worth trying again, from the step's start. */
    size_t base;
};

static void
set_place(struct mr_reader *r, enum place place)
{
    r->state = (r->state & ~PLACE) | (int)place;
}

static uint64_t
level_bit(const struct mr_reader *r)
{
    return (uint64_t)1 << (r->depth - 1);
}

static bool
in_list(const struct mr_reader *r)
{
    return r->depth > 0 && (r->lists & level_bit(r)) != 0;
}

static void
consume_to(struct run *run, const char *p)
{
    struct mr_input *in = run->j.in;

    mr_input_consume(in, (size_t)(p - in->at));
}

static enum step
open_level(struct run *run, const char *p)
{
    struct mr_reader *r = run->r;

    if (r->depth == LEVELS_MAX) {
        mr_json_refuse(&run->j, p, MR_ELIMIT,
                       "too many levels around a record");
        return STOPPED;
    }
    r->depth++;
    r->found &= ~level_bit(r);
    r->lists &= ~level_bit(r);
    if (*p == '[')
        r->lists |= level_bit(r);
    r->state &= ~ALONE;
    set_place(r, FIRST);
    consume_to(run, p + 1);
    return AGAIN;
}

/* A value at this level is done with. */
static void
leave_value(struct run *run, const char *p)
{
    struct mr_reader *r = run->r;

    set_place(r, AFTER);
    if (r->depth == 0)
        r->state &= ~(PLACE | ENVELOPE);
    consume_to(run, p);
}

static enum step
close_level(struct run *run, const char *p)
{
    run->r->depth--;
    leave_value(run, p + 1);
    return AGAIN;
}

static uint32_t
open_objects(const struct mr_reader *r)
{
    uint64_t levels = r->depth == 0 ? 0 : ~(uint64_t)0 >> (64 - r->depth);

    return (uint32_t)__builtin_popcountll(levels & ~r->lists);
}

/* The name of the i-th member on the way to the record. NULL: i is the
 * record's own level. */
static const char *
name_on_way(const struct mr_reader *r, uint32_t i)
{
    static const char *const names[][2] = {
        { NULL, NULL }, { "d", NULL }, { "d", "results" }, { "value", NULL }
    };
    int envelope = r->state & ENVELOPE;
    uint32_t n = envelope == ENV_NONE ? 0 : envelope == ENV_D_RESULTS ? 2 : 1;

    if (i < n)
        return names[envelope / 4][i];
    return i - n < r->doc->n_path ? r->doc->path[i - n].name : NULL;
}

static bool
starts_with(struct mr_val name, const char *word)
{
    size_t n = strlen(word);

    return name.n >= n && memcmp(name.p, word, n) == 0;
}

/* A name that the map itself reads is no envelope. */
static bool
is_mapped(const struct mr_reader *r, struct mr_val name)
{
    const struct mr_doc *doc = r->doc;
    const struct mr_member *m;

    if (doc->n_path > 0)
        return json_is(name, doc->path[0].name);
    m = mr_json_find(doc->shape, name.p, name.n);
    return m != NULL && m->kind != MR_VALUE;
}

/* Members that may stand in front of the one that tells the envelope. */
static bool
is_control(struct mr_val name, bool in_d)
{
    if (in_d)
        return json_is(name, "__count") || json_is(name, "__next");
    return starts_with(name, "@") || starts_with(name, "odata.");
}

/* Does this member tell the envelope? v is at its value. */
static bool
tells_envelope(struct run *run, struct mr_val name, const char *v, bool in_d,
               enum envelope *envelope)
{
    bool nested = *v == '{' || *v == '[';

    if (is_mapped(run->r, name))
        return false;
    if (in_d && nested && json_is(name, "results"))
        *envelope = ENV_D_RESULTS;
    else if (!in_d && (nested || *v == 'n') && json_is(name, "d"))
        *envelope = ENV_D;
    else if (!in_d && *v == '[' && json_is(name, "value"))
        *envelope = ENV_VALUE;
    else
        return false;
    return true;
}

/* p is at the { of the document, or of its "d". Looks as far as it must to
 * tell the envelope. false: an error, or more input is needed. */
static bool
find_envelope(struct run *run, const char *p, bool in_d,
              enum envelope *envelope)
{
    struct json *j = &run->j;
    const char *start = p;
    struct mr_val name;

    run->base = (size_t)(p + 1 - j->in->at) - j->in->start;
    p = json_space(p + 1);
    while (*p == '"') {
        p = mr_json_name(j, p, &name);
        if (p != NULL)
            p = json_colon(j, p);
        if (p == NULL)
            return false;
        if (p == j->end) {
            mr_json_bad(j, p, "a value");
            return false;
        }
        if (tells_envelope(run, name, p, in_d, envelope))
            return true;
        if (!in_d && *p == '{' && json_is(name, "error") &&
            mr_json_find(run->r->doc->shape, name.p, name.n) == NULL) {
            mr_json_refuse(j, start, MR_EFORMAT,
                           "this is an error message of the service");
            return false;
        }
        if (!is_control(name, in_d))
            return true;
        p = mr_json_skip(j, p);
        if (p == NULL)
            return false;
        p = json_space(p);
        if (*p == ',')
            p = json_space(p + 1);
    }
    if (p == j->end)
        mr_json_bad(j, p, "a member name");
    return p != j->end;
}

static enum step
read_record(struct run *run, const char *p)
{
    struct mr_reader *r = run->r;
    struct json *j = &run->j;

    run->base = 0;
    if (r->knows != NULL && (r->state & ALONE) == 0) {
        const char *end = mr_json_extent(p, j->end);

        if (end != NULL && r->knows(r->knows_arg, p, (size_t)(end - p))) {
            r->passed = true;
            leave_value(run, end);
            return GIVEN;
        }
    }
    j->depth = r->depth;
    j->tracks = r->passing ? NULL : mr_tracks(j->cx, r->doc->shape, NULL);
    p = mr_json_record(j, p, r->doc->shape, run->record);
    if (p == NULL || j->cx->error.status != MR_OK)
        return STOPPED;
    if (r->depth == 0 && (r->state & ALONE) != 0) {
        const char *q = p;

        while (*q == ' ' || *q == '\t' || *q == '\r')
            q++;
        if (*q != '\n' && (q != j->end || !j->in->eof)) {
            mr_json_bad(j, q, "the end of the line");
            return STOPPED;
        }
        r->state &= ~ALONE;
    }
    leave_value(run, p);
    return GIVEN;
}

/* p is at {. */
static enum step
read_object(struct run *run, const char *p)
{
    struct mr_reader *r = run->r;
    enum envelope envelope = ENV_NONE;
    bool odata = r->doc->format != MR_JSON;

    if (odata && r->depth == 0) {
        if (!find_envelope(run, p, false, &envelope))
            return STOPPED;
        r->state |= (int)envelope;
    } else if ((r->state & ENVELOPE) == ENV_D && r->depth == 1) {
        if (!find_envelope(run, p, true, &envelope))
            return STOPPED;
        if (envelope != ENV_NONE)
            r->state = (r->state & ~ENVELOPE) | (int)envelope;
    }
    if (name_on_way(r, open_objects(r)) != NULL)
        return open_level(run, p);
    return read_record(run, p);
}

/* What leads to the record, or the record itself. */
static enum step
read_value(struct run *run, const char *p)
{
    struct mr_reader *r = run->r;
    bool slot = r->depth > 0 && (r->state & PLACE) == SLOT;

    if (*p == '{')
        return read_object(run, p);
    if (*p == '[' && !in_list(r))
        return open_level(run, p);
    if (*p == 'n' && slot) {
        p = mr_json_word(&run->j, p, "null");
        if (p == NULL)
            return STOPPED;
        leave_value(run, p);
        return AGAIN;
    }
    mr_json_wrong(&run->j, p, in_list(r) ? "an object" : "an object or a list");
    return STOPPED;
}

/* A member of an object on the way to the record. */
static enum step
read_way(struct run *run, const char *p)
{
    struct mr_reader *r = run->r;
    struct json *j = &run->j;
    const char *wanted = name_on_way(r, open_objects(r) - 1), *start = p;
    struct mr_val name;

    j->depth = r->depth;
    p = mr_json_name(j, p, &name);
    if (p != NULL)
        p = json_colon(j, p);
    if (p == NULL)
        return STOPPED;
    if (!json_is(name, wanted)) {
        p = mr_json_skip(j, p);
        if (p == NULL)
            return STOPPED;
        leave_value(run, p);
        return AGAIN;
    }
    if ((r->found & level_bit(r)) != 0) {
        mr_input_fail(j->cx, j->in, MR_EFORMAT, (size_t)(start - j->in->at),
                      "member \"%s\" occurs twice", wanted);
        return STOPPED;
    }
    r->found |= level_bit(r);
    set_place(r, SLOT);
    consume_to(run, p);
    return AGAIN;
}

static enum step
at_the_end(struct run *run, const char *p)
{
    if (run->r->depth == 0 && run->j.in->eof)
        return ENDED;
    mr_json_bad(&run->j, p, in_list(run->r) ? "',' or ']'" : "',' or '}'");
    return STOPPED;
}

static enum step
take_step(struct run *run)
{
    struct mr_input *in = run->j.in;
    struct mr_reader *r = run->r;
    const char *p = in->at + in->start;
    int place = r->state & PLACE;
    char close = in_list(r) ? ']' : '}';

    run->base = 0;
    if ((r->state & STARTED) == 0 && p < run->j.end) {
        if (memcmp(p, "\xef\xbb\xbf", 3) == 0)
            p += 3;
        r->state |= STARTED;
    }
    p = json_space(p);
    consume_to(run, p);
    if (p >= run->j.end)
        return at_the_end(run, p);
    if (r->depth == 0 || place == SLOT)
        return read_value(run, p);
    if (*p == close && place != NEXT)
        return close_level(run, p);
    if (place == AFTER) {
        if (*p != ',') {
            mr_json_bad(&run->j, p, in_list(r) ? "',' or ']'" : "',' or '}'");
            return STOPPED;
        }
        set_place(r, NEXT);
        consume_to(run, p + 1);
        return AGAIN;
    }
    return in_list(r) ? read_value(run, p) : read_way(run, p);
}

/* When to try a step again that ran into the end of the window: each new byte
 * is looked at once, and only a bracket, comma or colon outside of all that
 * opened since the step's start, or a control character in a string, or twice
 * the bytes make a new attempt worth while. */
struct retry {
    size_t base, scanned, tried;
    int depth;
    bool string, escape;
    struct mr_error pending;    /* of reading, held back for one attempt */
};

static bool
watch_string(struct retry *t, char c)
{
    if (t->escape)
        t->escape = false;
    else if (c == '\\')
        t->escape = true;
    else if (c == '"')
        t->string = false;
    return (unsigned char)c < 0x20;
}

static bool
watch_byte(struct retry *t, char c)
{
    if (t->string)
        return watch_string(t, c);
    if (c == '"')
        t->string = true;
    else if (c == '{' || c == '[')
        t->depth++;
    else if (c == '}' || c == ']')
        t->depth--;
    else if (c != ',' && c != ':' && c != '\n')
        return false;
    return t->depth <= 0 && !t->string;
}

/* Looks at what the last attempt has seen only to know where it stands. */
static bool
worth_trying(struct retry *t, const struct mr_input *in)
{
    const char *p = in->at + in->start;
    size_t n = in->end - in->start;

    if (n >= 2 * t->tried)
        return true;
    while (t->scanned < n) {
        size_t i = t->scanned++;

        if (watch_byte(t, p[i]) && i >= t->tried)
            return true;
    }
    return false;
}

/* Reads until another attempt is worth while. An error of reading comes after
 * those of the bytes in front of it. */
static enum mr_status
read_more(struct run *run, struct retry *t)
{
    struct mr_input *in = run->j.in;
    struct mr_cx *cx = run->j.cx;
    enum mr_status st;

    if (t->pending.status != MR_OK) {
        cx->error = t->pending;
        return cx->error.status;
    }
    if (t->base != run->base || t->tried == 0) {
        memset(t, 0, sizeof *t);
        t->base = t->scanned = run->base;
    }
    t->tried = in->end - in->start;
    do {
        st = mr_input_more(cx, in);
        if (st != MR_OK && in->end - in->start > t->tried) {
            t->pending = cx->error;
            cx->error.status = MR_OK;
            return MR_OK;
        }
    } while (st == MR_OK && !in->eof && !worth_trying(t, in));
    return st;
}

enum mr_status
mr_json_next(struct mr_cx *cx, struct mr_reader *r, void *record)
{
    struct mr_arena_mark mark = mr_arena_mark(cx);
    struct run run = { .j = { .cx = cx, .in = r->in }, r, record, 0 };
    struct retry retry = { 0 };
    enum mr_status st;

    r->passed = false;
    if (r->in->at == NULL) {
        st = mr_input_more(cx, r->in);
        if (st != MR_OK)
            return st;
    }
    for (;;) {
        run.j.end = r->in->at + r->in->end;
        run.j.more = false;
        switch (take_step(&run)) {
        case GIVEN:
            r->in->documents++;
            return MR_OK;
        case ENDED:
            return MR_END;
        case AGAIN:
            memset(&retry, 0, sizeof retry);
            break;
        case STOPPED:
            if (!run.j.more)
                return cx->error.status;
            memset(record, 0, r->doc->shape->size);
            st = read_more(&run, &retry);
            if (st != MR_OK)
                return st;
            break;
        }
        mr_arena_back(cx, mark);
    }
}

/* Could a document start with the line that starts here? Not what looks like
 * the rest of one that was written over several lines. */
static bool
may_start(const struct mr_input *in)
{
    return strchr(" \t\r\n}],", in->at[in->start]) == NULL;
}

/* To the next line that may start a document; MR_END where there is none. A
 * line that starts with a bad byte is one: its error is yet to be told. */
static enum mr_status
find_start(struct mr_cx *cx, struct mr_input *in, size_t where)
{
    enum mr_status st = mr_input_skip_line(cx, in, where);

    while (st == MR_OK) {
        if (in->start == in->end) {
            if (in->eof)
                return MR_END;
            st = mr_input_more(cx, in);
            if (st == MR_EFORMAT) {
                cx->error.status = MR_OK;
                return MR_OK;
            }
        } else if (may_start(in)) {
            return MR_OK;
        } else {
            st = mr_input_skip_line(cx, in, in->start);
        }
    }
    return st;
}

/* A document that was cut off ends where the next one begins: with a bracket
 * at the start of a line. `at` is where the error was noticed; what was wrong
 * with it as a document's first byte would be wrong again. */
static bool
starts_here(const struct mr_cx *cx, const struct mr_reader *r, uint64_t at)
{
    const struct mr_input *in = r->in;

    return cx->error.column == 1 && at < in->end &&
           (at > in->start || (at == in->start && r->depth > 0)) &&
           (in->at[at] == '{' || in->at[at] == '[');
}

bool
mr_json_resync(struct mr_cx *cx, struct mr_reader *r)
{
    struct mr_input *in = r->in;
    uint64_t from = in->offset + in->start, at = cx->error.offset;
    bool here;

    if (cx->error.status != MR_EFORMAT && cx->error.status != MR_ELIMIT)
        return false;
    /* An error without a place is one of the whole document. */
    at = (at > from ? at : from) - in->offset;
    here = starts_here(cx, r, at);
    cx->error.status = MR_OK;
    in->documents++;
    r->depth = 0;
    r->state = STARTED | ALONE;
    if (here) {
        mr_input_consume(in, (size_t)at);
        return true;
    }
    return find_start(cx, in, (size_t)at) == MR_OK;
}
