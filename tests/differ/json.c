/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of JSON that are changed in their structure, against jansson. What
 * is taken must give the same values; what a context gives that has read all
 * the documents before, in reads of any size, must be what one gives that has
 * read none, to the last word and position.
 */
#include "codec/json_make.h"
#include "codec/json_oracle.h"
#include "differ/differ.h"

enum { OF_A_SEED = 40, VALUE, MEMBER };

static const char *const pieces[] = {
    "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u", "\\ud83d\\ude00",
    "\\ud800",
    "null", "true", "false", "0", "-", "1e", ".5", "\"\"", "{}", "[]", " ",
    "\n", "\r\n", "\t", "\"Name\":", "\"ID\":\"1\",", "\xc3\xa4", "\xc3",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80", "\xe2\x82", "\x7f", "\x1f", "                 ",
    "\"City\":{\"Name\":\"n\"},", "/", "'", "\xef\xbb\xbf", "\"results\":["
};

#define ONE_OF(d, list)                                                       \
    ((list)[draft_random(d, sizeof(list) / sizeof((list)[0]))])

struct reading {
    struct mr_cx cx;                /* of all documents of a seed */
    struct oracle oracle;
    struct test_text ours, together, alone;
};

static const struct mr_doc doc = { .format = MR_JSON, .shape = &json_account };

/* --- where the parts are --- */

static size_t
string_end(const struct draft *d, size_t i)
{
    for (i++; i < d->n && d->p[i] != '"'; i++)
        if (d->p[i] == '\\')
            i++;
    return i + 1 < d->n ? i + 1 : d->n;
}

static size_t
scalar_end(const struct draft *d, size_t i)
{
    while (i < d->n && strchr(" \t\r\n,:]}[{\"", d->p[i]) == NULL)
        i++;
    return i;
}

/* Values, and members from their names on. What is no JSON any more has parts
 * that are as good as any. */
static void
find_parts(const struct draft *d, struct spans *s)
{
    struct { size_t start, name; } open[40];
    size_t depth = 0, name = SIZE_MAX, end, start;

    s->n = 0;
    for (size_t i = 0; i < d->n; i = end) {
        end = i + 1;
        start = i;
        if (d->p[i] == '{' || d->p[i] == '[') {
            if (depth < 40) {
                open[depth].start = i;
                open[depth++].name = name;
            }
            name = SIZE_MAX;
            continue;
        }
        if (d->p[i] == '}' || d->p[i] == ']') {
            if (depth == 0)
                continue;
            start = open[--depth].start;
            name = open[depth].name;
        } else if (d->p[i] == '"') {
            end = string_end(d, i);
            if (d->p[end] == ':') {
                name = i;
                end++;
                continue;
            }
        } else if (strchr(" \t\r\n,:", d->p[i]) != NULL) {
            continue;
        } else if ((end = scalar_end(d, i)) == i) {
            end++;
        }
        spans_add(s, start, end, VALUE);
        if (name != SIZE_MAX)
            spans_add(s, name, end, MEMBER);
        name = SIZE_MAX;
    }
}

/* --- changes --- */

static void
change_value(struct draft *d, const struct span *a)
{
    static struct json_make make;
    char text[16];

    switch (draft_random(d, 5)) {
    case 0:
        draft_put(d, a->end, "]");
        draft_put(d, a->start, "[");
        break;
    case 1:
        draft_put(d, a->end, "}");
        draft_put(d, a->start, "{\"Name\":");
        break;
    case 2:
        if (a->end - a->start > 2 && d->p[a->start] == '"' &&
            (d->p[a->start + 1] & 0x80) == 0 && d->p[a->start + 1] != '\\') {
            snprintf(text, sizeof text, "\\u%04x", d->p[a->start + 1]);
            draft_splice(d, a->start + 1, 1, text, 6);
        }
        break;
    default:
        make.state = d->state;
        make.n = 0;
        json_make_value(&make, 4);
        d->state = make.state;
        draft_splice(d, a->start, a->end - a->start, make.text, make.n);
        break;
    }
}

static void
change_name(struct draft *d, const struct span *a)
{
    static const char *const names[] = {
        "\"ID\"", "\"Name\"", "\"Active\"", "\"Weight\"", "\"Amount\"",
        "\"Größe\"", "\"City\"", "\"Addresses\"", "\"Zip\"", "\"Street\"",
        "\"Phones\"", "\"Number\"", "\"N\\u0061me\"", "\"\"", "\"I\"", "\"IDs\"",
        "\"results\"", "\"__deferred\"", "\"AddressesOfTheDepartment\""
    };
    size_t end = string_end(d, a->start);
    const char *name = ONE_OF(d, names);

    if (end <= a->end)
        draft_splice(d, a->start, end - a->start, name, strlen(name));
}

static void
change(struct draft *d)
{
    static const char *const blanks[] = { " ", "\n", "\t", "\r\n", "   ",
                                          "                          " };
    static struct spans s;
    const struct span *a;

    if (draft_random(d, 6) == 0) {
        draft_damage(d, pieces, sizeof pieces / sizeof pieces[0]);
        return;
    }
    find_parts(d, &s);
    if (s.n == 0)
        return;
    a = &s.s[draft_random(d, s.n)];
    switch (draft_random(d, 6)) {
    case 0:
        draft_put(d, draft_random(d, 2) == 0 ? a->start : a->end,
                  ONE_OF(d, blanks));
        break;
    case 1:
    case 2:
        if (a->kind == MEMBER)
            change_name(d, a);
        else
            change_value(d, a);
        break;
    default:
        draft_move(d, &s, ",");
        break;
    }
}

/* --- reading --- */

static void
compare_alone(struct reading *r, const struct draft *d, struct outcome *o)
{
    struct test_source s = { d->p, d->n, 0, 0, 0, false };
    struct mr_cx cx;

    s.first = 1 + d->state % (d->n + 1);
    s.rest = 1 + (d->state >> 20) % (d->n + 1);
    r->together.n = r->alone.n = 0;
    r->cx.error.status = MR_OK;
    json_run(&r->cx, &doc, &s, 0, &r->together);
    mr_cx_init(&cx, NULL);
    s = (struct test_source){ d->p, d->n, 0, d->n, 1, false };
    json_run(&cx, &doc, &s, 0, &r->alone);
    mr_cx_done(&cx);
    if (r->alone.n != r->together.n ||
        memcmp(r->alone.p, r->together.p, r->alone.n) != 0)
        outcome_fail(o, "behind others and alone\n%.*s\n--- behind others:\n"
                     "%.1500s\n--- alone:\n%.1500s", (int)d->n, d->p,
                     r->together.p, r->alone.p);
}

/* An error is told at the byte where the stream breaks, or earlier in the
 * token that it is in; never behind it. */
static void
check_place(const struct draft *d, const struct mr_error *e, const char *why,
            struct outcome *o)
{
    size_t token, at = json_break(d->p, d->n, &token);

    outcome_place(o, d, e->offset, e->line, e->column);
    if (e->offset > at || (e->offset < token && !is_of_shape(why) &&
                       strstr(why, "more than") == NULL))
        outcome_fail(o, "it breaks at %zu, in the token at %zu; here at %llu: "
                     "%s\n%.*s", at, token, (unsigned long long)e->offset, why,
                     (int)d->n, d->p);
}

/* True: it was taken. */
static bool
compare(struct reading *r, const struct draft *d, struct outcome *o)
{
    bool twice = false;
    char why[256];
    enum answer got, want;

    mr_cx_next(&r->oracle.cx);
    r->oracle.refused = false;
    r->ours.n = r->oracle.text.n = 0;
    o->read++;
    want = ask_oracle(&r->oracle, d->p, d->n, &twice);
    got = ask_decoder(&r->cx, d->p, d->n, 1 + (d->state >> 40) % (d->n + 1),
                      &r->ours, why);
    if (got == REFUSED)
        check_place(d, &r->cx.error, why, o);
    if (want == NO_ANSWER || (got == REFUSED && twice && is_of_shape(why))) {
        o->unasked++;
        return false;
    }
    if (got != want)
        outcome_fail(o, "here: %s, there: %s\n%.*s",
                     got == TAKEN ? "taken" : why,
                     want == TAKEN ? "taken" : "refused", (int)d->n, d->p);
    else if (want == TAKEN &&
             (r->ours.n != r->oracle.text.n ||
              memcmp(r->ours.p, r->oracle.text.p, r->ours.n) != 0))
        outcome_fail(o, "%.*s\n--- here:\n%.1500s\n--- there:\n%.1500s",
                     (int)d->n, d->p, r->ours.p, r->oracle.text.p);
    o->records += got == TAKEN;
    *(got == TAKEN ? &o->taken : &o->refused) += 1;
    return got == TAKEN;
}

static void
reading_init(struct reading *r)
{
    memset(r, 0, sizeof *r);
    mr_cx_init(&r->cx, NULL);
    mr_cx_init(&r->oracle.cx, NULL);
    test_say_words(&r->ours, "");
    test_say_words(&r->oracle.text, "");
}

static void
reading_done(struct reading *r)
{
    mr_cx_done(&r->cx);
    mr_cx_done(&r->oracle.cx);
    free(r->ours.p);
    free(r->oracle.text.p);
    free(r->together.p);
    free(r->alone.p);
}

void
json_begin(void)
{
    json_shapes_init();
}

void
json_seed(uint64_t seed, struct outcome *o)
{
    static struct json_make make;
    static struct draft good, d;
    struct reading r;
    size_t full = draft_full(seed);

    reading_init(&r);
    make.state = (seed + 1) * 0x9e3779b97f4a7c15u;
    do
        json_make_stream(&make);
    while (make.n > full);
    good.state = make.state;
    draft_set(&good, make.text, make.n);
    for (int i = 0; i < OF_A_SEED && !o->failed; i++) {
        draft_set(&d, good.p, good.n);
        d.state = good.state;
        /* At times the same again and behind itself. */
        if (draft_random(&d, 8) == 0)
            draft_splice(&d, d.n, 0, good.p, good.n);
        for (uint32_t k = draft_random(&d, 4); k > 0; k--)
            change(&d);
        draft_random(&d, 2);
        if (compare(&r, &d, o) && d.n < full)
            draft_set(&good, d.p, d.n);
        if (i % 4 == 3)
            compare_alone(&r, &d, o);
        good.state = d.state;
    }
    reading_done(&r);
}

static void
try_bytes(void *arg, struct draft *d, struct outcome *o)
{
    compare(arg, d, o);
}

static uint64_t
ask_position(void *arg, struct draft *d, struct outcome *o)
{
    struct reading *r = arg;

    return compare(r, d, o) ? UINT64_MAX : r->cx.error.offset;
}

void
json_bytes(uint32_t step, struct outcome *o)
{
    static const char text[] =
        "{\"ID\":\"A-1\",\"Name\":\"Muster \\\"GmbH\\\" \\u00e4\\ud83d\\ude00\",\n"
        " \"Active\" : true,\"Weight\":-12.50e+1,\"Amount\":\"7.05\","
        "\"Größe\":null,\"Gr\\u00f6\":\"€😀\",\t\"City\":{\"Name\":\"K\\/\","
        "\"Zip\":\"5\"},\"Unknown\":[0,-0.5E-2,true,false,null,\"\\b\\f\\n"
        "\\r\\t\",{\"a\":[],\"b\":{}}],\r\n\"Addresses\":{\"results\":[{"
        "\"Street\":\"a\",\"City\":null,\"Phones\":[{\"Number\":\"1\"},{}]},"
        "{\"Phones\":[]}]},\"A-name-that-is-longer-than-any-vector-is-wide-and-"
        "a-track-of-them-keeps\":{\"Name\":\"x\",\"q\":1.0}}";
    static const char *const samples[] = {
        "mappings/erp/samples/account_cloud_small.json",
        "mappings/erp/samples/order_cloud_small.json"
    };
    struct reading r;

    reading_init(&r);
    bytes_try(text, step, try_bytes, ask_position, &r, o);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        bytes_sample(samples[i], step, try_bytes, ask_position, &r, o);
    reading_done(&r);
}
