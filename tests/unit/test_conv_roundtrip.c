/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What native.def claims about the way back, on generated values: coming back
 * is stable for every conversion that goes both ways; it gives the same value
 * for exact ones, and on their domain for the others. Then every function with
 * every allocation failing in turn.
 */
#include "check.h"
#include "stdlib_calls.h"

enum { ROUNDS = 4000, LENGTH = 60 };

/* How generated values look; upper case letters stand for one of many. */
enum look { LOOK_TEXT, LOOK_DIGITS, LOOK_NUMBER, LOOK_BOOL, LOOK_SAMPLE };

struct subject {
    const char *name;
    struct call_arg args[3];
    enum look left, right;
    const char *left_sample, *right_sample;     /* 9 a digit, x a hex digit */
    uint32_t parts;             /* fans: on their wide side */
    /* Are values of the left side in the domain, where back is BACK_DOMAIN? */
    bool (*in_domain)(const struct mr_val *v, uint32_t n);
};

static bool
everything(const struct mr_val *v, uint32_t n)
{
    (void)v;
    (void)n;
    return true;
}

static bool
nothing(const struct mr_val *v, uint32_t n)
{
    (void)v;
    (void)n;
    return false;
}

/* Not digits with a zero in front, but for 0 itself. */
static bool
no_zero_in_front(const struct mr_val *v, uint32_t n)
{
    return n == 1 && v->n > 0 &&
           (v->p[0] != '0' || v->n == 1 ||
            strspn(v->p, "0123456789") < v->n);
}

static bool
positive(const struct mr_val *v, uint32_t n)
{
    return n == 1 && v->n > 0 && v->p[0] != '0';
}

static bool
no_blank_at_end(const struct mr_val *v, uint32_t n)
{
    return n == 1 && v->n > 0 && v->p[v->n - 1] != ' ';
}

/* Here first, nothing behind; no blank but in the first. */
static bool
can_be_cut(const struct mr_val *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        bool here = mr_is_here(v[i]);

        if ((i == 0 && !here) || (here && v[i].p[v[i].n - 1] == ' ') ||
            (i > 0 && here && !mr_is_here(v[i - 1])) ||
            (i > 0 && here && memchr(v[i].p, ' ', v[i].n) != NULL))
            return false;
        if (i == 0 && memchr(v[0].p, ' ', v[0].n) != NULL &&
            !mr_is_here(v[n - 1]))
            return false;
    }
    return true;
}

#define EUR { { "p", 0, { "EUR", 3, MR_HERE, 0, 0 } } }
#define JPY { { "p", 0, { "JPY", 3, MR_HERE, 0, 0 } } }
#define KWD { { "p", 0, { "KWD", 3, MR_HERE, 0, 0 } } }
#define DE { { "p", 0, { "DE", 2, MR_HERE, 0, 0 } } }
#define NL { { "p", 0, { "NL", 2, MR_HERE, 0, 0 } } }
#define COUNT(n) { { NULL, n, { "", 0, MR_MISSING, 0, 0 } } }
#define WORDS(a) { { a, 0, { "", 0, MR_MISSING, 0, 0 } } }
#define MOMENT "2099-09-19T19:49:59Z"

static const struct subject subjects[] = {
    { "trim", { { 0 } }, LOOK_TEXT, LOOK_TEXT, 0, 0, 0, 0 },
    { "condense", { { 0 } }, LOOK_TEXT, LOOK_TEXT, 0, 0, 0, 0 },
    { "upper", { { 0 } }, LOOK_TEXT, LOOK_TEXT, 0, 0, 0, 0 },
    { "lower", { { 0 } }, LOOK_TEXT, LOOK_TEXT, 0, 0, 0, 0 },
    { "pad", COUNT(20), LOOK_TEXT, LOOK_TEXT, 0, 0, 0, no_blank_at_end },
    { "alpha", COUNT(20), LOOK_TEXT, LOOK_TEXT, 0, 0, 0, no_zero_in_front },
    { "alpha", COUNT(20), LOOK_DIGITS, LOOK_DIGITS, 0, 0, 0,
      no_zero_in_front },
    { "numc", COUNT(20), LOOK_DIGITS, LOOK_DIGITS, 0, 0, 0, positive },
    { "prefix", WORDS("a "), LOOK_TEXT, LOOK_TEXT, 0, 0, 0, 0 },
    { "max", COUNT(20), LOOK_TEXT, LOOK_TEXT, 0, 0, 0, 0 },
    { "cut", COUNT(20), LOOK_TEXT, LOOK_TEXT, 0, 0, 0, 0 },
    { "split", COUNT(7), LOOK_TEXT, LOOK_TEXT, 0, 0, 3, everything },
    { "split", COUNT(30), LOOK_TEXT, LOOK_TEXT, 0, 0, 2, everything },
    { "join", WORDS(" "), LOOK_TEXT, LOOK_TEXT, 0, 0, 2, can_be_cut },
    { "join", WORDS(" "), LOOK_TEXT, LOOK_TEXT, 0, 0, 3, can_be_cut },
    { "flag", WORDS("X"), LOOK_BOOL, LOOK_SAMPLE, 0, "X", 0, 0 },
    { "flag", { { "Y", 0, { 0 } }, { "N", 0, { 0 } } }, LOOK_BOOL, LOOK_SAMPLE,
      0, "N", 0, 0 },
    { "number", { { 0 } }, LOOK_NUMBER, LOOK_NUMBER, 0, 0, 0, 0 },
    { "number", WORDS("1,5-"), LOOK_SAMPLE, LOOK_NUMBER, "99,99-", 0, 0, 0 },
    { "number_text", WORDS("1-"), LOOK_NUMBER, LOOK_SAMPLE, 0, "999.9-", 0, 0 },
    { "scale", COUNT(3), LOOK_NUMBER, LOOK_NUMBER, 0, 0, 0, 0 },
    { "quantity", COUNT(3), LOOK_NUMBER, LOOK_NUMBER, 0, 0, 0, 0 },
    { "implied", COUNT(3), LOOK_NUMBER, LOOK_DIGITS, 0, 0, 0, 0 },
    { "money", EUR, LOOK_NUMBER, LOOK_NUMBER, 0, 0, 0, 0 },
    { "sap_amount", EUR, LOOK_NUMBER, LOOK_NUMBER, 0, 0, 0, 0 },
    { "sap_amount", JPY, LOOK_NUMBER, LOOK_NUMBER, 0, 0, 0, 0 },
    { "sap_amount", KWD, LOOK_NUMBER, LOOK_NUMBER, 0, 0, 0, 0 },
    { "date", WORDS("yyyymmdd"), LOOK_SAMPLE, LOOK_SAMPLE, "9999-19-29",
      "99991929", 0, everything },
    { "time", WORDS("hh:mm:ss"), LOOK_SAMPLE, LOOK_SAMPLE, "19:59:59",
      "29:59:59", 0, 0 },
    { "datetime", WORDS("yyyymmddhhmmss"), LOOK_SAMPLE, LOOK_SAMPLE, MOMENT,
      "20990919195959", 0, everything },
    { "date_of", { { 0 } }, LOOK_SAMPLE, LOOK_SAMPLE, "9999-19-19T00:00:00Z",
      "9999-19-29", 0, everything },
    { "date_of", WORDS("America/New_York"), LOOK_SAMPLE, LOOK_SAMPLE, MOMENT,
      "2099-19-29", 0, nothing },
    { "zone", WORDS("Europe/Berlin"), LOOK_SAMPLE, LOOK_SAMPLE, MOMENT,
      "2099-09-19T19:59:59", 0, everything },
    { "zone", WORDS("Australia/Lord_Howe"), LOOK_SAMPLE, LOOK_SAMPLE, MOMENT,
      "2099-09-19T19:59:59", 0, everything },
    { "duration", WORDS("h"), LOOK_SAMPLE, LOOK_NUMBER, "PT99H99M99S", 0, 0,
      0 },
    { "duration", WORDS("s"), LOOK_SAMPLE, LOOK_NUMBER, "P9DT9H9M9.9S", 0, 0,
      0 },
    { "guid", { { 0 } }, LOOK_SAMPLE, LOOK_SAMPLE,
      "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
      "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", 0, 0 },
    { "phone", DE, LOOK_SAMPLE, LOOK_SAMPLE, "09999/99 99-9", "+49 99 9999999",
      0, 0 },
    { "postal_code", DE, LOOK_SAMPLE, LOOK_SAMPLE, "99999", "DE-99999", 0, 0 },
    { "postal_code", NL, LOOK_SAMPLE, LOOK_SAMPLE, "9999 ab", "9999AB", 0, 0 },
};

/* --- values --- */

static uint32_t seed;

static uint32_t
below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static char pool[CALL_PARTS][LENGTH * 4 + 1];

static struct mr_val
generate(enum look look, const char *sample, char *p)
{
    static const char *const letters[] = {
        "a", "b", "Z", "0", "7", " ", " ", "-", "é", "ß", "Ж", "Ω", "漢", "😀"
    };
    size_t n = 0;

    switch (look) {
    case LOOK_TEXT:
        for (uint32_t i = below(26); i-- > 0; n += strlen(p + n))
            strcpy(p + n, letters[below(CHECK_ROWS(letters))]);
        break;
    case LOOK_DIGITS:
        for (uint32_t i = below(22); i-- > 0;)
            p[n++] = (char)('0' + (below(3) == 0 ? 0 : below(10)));
        break;
    case LOOK_NUMBER:
        n = (size_t)sprintf(p, "%s%u", below(3) == 0 ? "-" : "",
                            1 + below(99999));
        if (below(2) == 0)
            n += (size_t)sprintf(p + n, ".%0*u", 1 + (int)below(4), below(9));
        break;
    case LOOK_BOOL:
        return mr_bool(below(2) == 0);
    case LOOK_SAMPLE:
        for (; sample[n] != '\0'; n++)
            p[n] = sample[n] == '9' ? (char)('0' + below(10)) :
                   sample[n] == 'x' ? "0123456789abcdef"[below(16)] :
                   sample[n] == 'X' && sample[1] == 'X'
                       ? "0123456789ABCDEF"[below(16)] : sample[n];
        break;
    }
    p[n] = '\0';
    return mr_slice(p, (uint32_t)n);
}

static uint32_t
width(const struct subject *s, bool left)
{
    bool join = strcmp(s->name, "join") == 0;

    return s->parts == 0 || left != join ? 1 : s->parts;
}

static void
generate_side(const struct subject *s, bool left, struct mr_val *out)
{
    for (uint32_t i = 0; i < width(s, left); i++)
        out[i] = generate(left ? s->left : s->right,
                          left ? s->left_sample : s->right_sample, pool[i]);
}

/* --- going there and back --- */

static bool
go(struct mr_cx *cx, const struct subject *s, bool right,
   const struct mr_val *in, struct mr_val *out)
{
    const struct call_entry *f = call_find(s->name);
    struct call_io io = { in, out, width(s, right), width(s, !right),
                          s->args };

    (right ? f->right : f->left)(cx, &io);
    for (uint32_t i = 0; i < io.n_out; i++)
        if (out[i].state == MR_FAILED)
            return false;
    return true;
}

static bool
same(const struct mr_val *a, const struct mr_val *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!call_equal(a[i], b[i]))
            return false;
    return true;
}

static bool
all_empty(const struct mr_val *v, uint32_t n)
{
    while (n > 0 && v[n - 1].state == MR_EMPTY)
        n--;
    return n == 0;
}

/* There, back, there again: the second time gives what the first gave, or
 * nothing, where it was an initial value (blanks, zeros). */
static bool
check_stable(struct mr_cx *cx, const struct subject *s, bool right)
{
    struct mr_val x[CALL_PARTS], y[CALL_PARTS], back[CALL_PARTS],
                  again[CALL_PARTS];
    char was[300], is[300];

    generate_side(s, right, x);
    if (!go(cx, s, right, x, y) || !go(cx, s, !right, y, back))
        return false;
    CHECK_THAT(go(cx, s, right, back, again) &&
               (same(y, again, width(s, !right)) ||
                all_empty(again, width(s, !right))),
               "%s of %s: %s, later %s", s->name,
               call_words(x[0], (char[300]){ 0 }, 300),
               call_words(y[0], was, sizeof was),
               call_words(again[0], is, sizeof is));
    return true;
}

static void
way_back_is_stable(void)
{
    for (size_t i = 0; i < CHECK_ROWS(subjects); i++) {
        const struct subject *s = &subjects[i];
        uint32_t went[2] = { 0, 0 };
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        for (uint32_t round = 0; round < ROUNDS; round++) {
            seed = round * 7919u + (uint32_t)i;
            went[round % 2] += check_stable(&cx, s, round % 2 == 0);
            mr_cx_next(&cx);
        }
        mr_cx_done(&cx);
        CHECK_THAT(went[0] > 20 && went[1] > 20,
                   "%s, row %zu: only %u and %u values were good", s->name, i,
                   went[0], went[1]);
    }
}

static bool
claims_exact(const struct subject *s, const struct native *n,
             const struct mr_val *x)
{
    if (n->back == BACK_EXACT)
        return mr_is_here(x[0]);
    return n->back == BACK_DOMAIN && s->in_domain(x, width(s, true));
}

static void
exact_on_the_domain(void)
{
    for (size_t i = 0; i < CHECK_ROWS(subjects); i++) {
        const struct subject *s = &subjects[i];
        const struct native *n = native_find(s->name);
        uint32_t tried = 0;
        struct mr_cx cx;

        REQUIRE(n != NULL);
        CHECK_THAT(n->back != BACK_DOMAIN || s->in_domain != NULL,
                   "%s has a domain and no test of it", s->name);
        if (n->back == BACK_CANONICAL || s->in_domain == nothing)
            continue;
        mr_cx_init(&cx, NULL);
        for (uint32_t round = 0; round < ROUNDS; round++) {
            struct mr_val x[CALL_PARTS], y[CALL_PARTS], back[CALL_PARTS];
            char was[300], is[300];

            seed = round * 104729u + (uint32_t)i;
            generate_side(s, true, x);
            mr_cx_next(&cx);
            if (!claims_exact(s, n, x) || !go(&cx, s, true, x, y) ||
                !go(&cx, s, false, y, back))
                continue;
            tried++;
            CHECK_THAT(same(x, back, width(s, true)), "%s: %s came back as %s",
                       s->name, call_words(x[0], was, sizeof was),
                       call_words(back[0], is, sizeof is));
        }
        mr_cx_done(&cx);
        CHECK_THAT(tried > 20, "%s, row %zu: only %u values were good",
                   s->name, i, tried);
    }
}

static void
every_two_way_function_is_tested(void)
{
    for (int i = 0; i < CALL_ENTRIES; i++) {
        bool found = call_entries[i].left == NULL;

        for (size_t k = 0; k < CHECK_ROWS(subjects); k++)
            found = found ||
                    strcmp(subjects[k].name, call_entries[i].name) == 0;
        CHECK_THAT(found, "%s is not in the table", call_entries[i].name);
    }
}

/* --- nothing, failures, memory --- */

static const struct call_arg plain_args[] = {
    { "h", 3, { "EUR", 3, MR_HERE, 0, 0 } },
    { "UTC", 2, { "x", 1, MR_HERE, 0, 0 } },
    { "b", 1, { "y", 1, MR_HERE, 0, 0 } }
};

static void
failed_values_come_out(void)
{
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (int i = 0; i < CALL_ENTRIES; i++) {
        struct mr_val in = mr_failed(mr_text("who"), MR_WHY_UNKNOWN_CODE);
        struct mr_val out[2] = { mr_empty(), mr_empty() };
        struct call_io io = { &in, out, 1, 1, plain_args };

        call_entries[i].right(&cx, &io);
        CHECK_THAT(call_equal(out[0], in) && out[0].n == 3,
                   "%s loses a failed value", call_entries[i].name);
        if (call_entries[i].left == NULL)
            continue;
        out[0] = mr_empty();
        call_entries[i].left(&cx, &io);
        CHECK_THAT(call_equal(out[0], in), "%s loses one to the left",
                   call_entries[i].name);
    }
    mr_cx_done(&cx);
}

static void
missing_values_go_through(void)
{
    static const char *const questions[] = {
        "contains", "starts_with", "ends_with", "matches", "coalesce", "least",
        "greatest"
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (int i = 0; i < CALL_ENTRIES; i++) {
        struct mr_val in = mr_missing(), out[2] = { mr_empty(), mr_empty() };
        struct call_io io = { &in, out, 1, 1, plain_args };
        bool question = false;

        for (size_t k = 0; k < CHECK_ROWS(questions); k++)
            question = question ||
                       strcmp(questions[k], call_entries[i].name) == 0;
        if (!question) {
            call_entries[i].right(&cx, &io);
            CHECK_THAT(out[0].state == MR_MISSING, "%s of missing",
                       call_entries[i].name);
        }
        if (call_entries[i].left == NULL)
            continue;
        out[0] = mr_empty();
        call_entries[i].left(&cx, &io);
        CHECK_THAT(out[0].state == MR_MISSING, "%s of missing to the left",
                   call_entries[i].name);
    }
    mr_cx_done(&cx);
}

/* Values of any kind, whatever the function takes: a value comes out, or a
 * failure with its reason. */
static void
any_value_is_survived(void)
{
    static const char *const values[] = {
        "2024-02-30", "2024-02-29", "0000-00-00", "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000001Z", "24:00:00",
        "23:59:59.9999999", "PT", "PT99999999999999999999H", "P1DT", "-PT1S",
        "99999999999999999999999999999999999999", "-0.00000000000000000001",
        "1e400", "--", "-", "+", "00000000000000", "true", "+", "+49", "00",
        "(0)", "DE-", "漢", "漢字漢字漢字", "\xf0\x9f\x98\x80", "        ",
        " a ", "ÿÿÿ", "K", "00163e03-a070-1ee2-88be-9895233ebd27"
    };
    /* Their literals are no patterns or zones: the compiler lets none pass. */
    static const char may_refuse[] = "matches extract time_of date_of zone "
                                     "datetime";
    static const struct call_arg args[][3] = {
        { { "yyyymmdd", 3, { "EUR", 3, MR_HERE, 0, 0 } }, { "UTC", 0, { 0 } } },
        { { "yyyymmddhhmmss", 1, { "JPY", 3, MR_HERE, 0, 0 } },
          { "Europe/Berlin", 2, { 0 } } },
        { { "hhmmss", 38, { "DE", 2, MR_HERE, 0, 0 } }, { "b", 1, { 0 } } },
        { { "h", 2, { "1", 1, MR_HERE, 0, 0 } }, { "c", 0, { 0 } } },
        { { "Europe/Berlin", 32767, { "US", 2, MR_HERE, 0, 0 } },
          { "x", 32767, { 0 } } },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(values); i++)
        for (size_t k = 0; k < CHECK_ROWS(args); k++)
            for (int f = 0; f < CALL_ENTRIES * 2; f++) {
                const struct call_entry *e = &call_entries[f / 2];
                struct mr_val in[2] = { mr_text(values[i]), mr_text("b") };
                struct mr_val out[2] = { in[0], in[1] };
                bool right = f % 2 == 0;
                bool wide = right == (strcmp(e->name, "join") == 0);
                bool fan = strcmp(e->name, "join") == 0 ||
                           strcmp(e->name, "split") == 0;
                struct call_io io = { in, out, fan && wide ? 2 : 1,
                                      fan && !wide ? 2 : 1, args[k] };

                if (!right && e->left == NULL)
                    continue;
                (right ? e->right : e->left)(&cx, &io);
                CHECK_THAT((out[0].state == MR_HERE) == (out[0].n > 0) ||
                           out[0].state == MR_FAILED, "%s of %s", e->name,
                           values[i]);
                CHECK_THAT(out[0].state != MR_FAILED ||
                           (out[0].why != MR_WHY_NONE &&
                            out[0].why != MR_WHY_OUT_OF_MEMORY &&
                            out[0].why != MR_WHY_UNKNOWN_ZONE) ||
                           strstr(may_refuse, e->name) != NULL,
                           "%s of %s fails without a reason", e->name,
                           values[i]);
                mr_cx_next(&cx);
            }
    mr_cx_done(&cx);
}

struct failing {
    uint32_t left;              /* calls that still work */
    uint32_t live;              /* blocks not given back */
};

static void *
failing_resize(void *arg, void *p, size_t size)
{
    struct failing *f = arg;

    if (size == 0) {
        f->live -= p != NULL;
        free(p);
        return NULL;
    }
    if (f->left == 0)
        return NULL;
    f->left--;
    f->live += p == NULL;
    return realloc(p, size);
}

/* Each run has one more allocation that works, until none fails. */
static void
sweep(const struct subject *s, bool right)
{
    bool done = false;

    for (uint32_t calls = 0; !done; calls++) {
        struct failing failing = { calls, 0 };
        struct mr_memory memory = { failing_resize, &failing };
        struct mr_val in[CALL_PARTS], out[CALL_PARTS];
        struct mr_cx cx;

        if (calls > 50) {
            check_fail(__FILE__, __LINE__, "%s never gets enough", s->name);
            return;
        }
        seed = 12345;
        generate_side(s, right, in);
        mr_cx_init(&cx, &memory);
        go(&cx, s, right, in, out);
        done = cx.error.status == MR_OK;
        CHECK_THAT(done || cx.error.status == MR_EMEMORY, "%s sets %d",
                   s->name, (int)cx.error.status);
        mr_cx_done(&cx);
        CHECK_THAT(failing.live == 0, "%s keeps %u blocks", s->name,
                   failing.live);
    }
}

static void
memory_may_run_out(void)
{
    static const struct subject more[] = {
        { "matches", WORDS("[a-z]+"), LOOK_TEXT, 0, 0, 0, 0, 0 },
        { "extract", WORDS("[a-z]+"), LOOK_TEXT, 0, 0, 0, 0, 0 },
        { "replace", { { "a", 0, { 0 } }, { "bc", 0, { 0 } } }, LOOK_TEXT, 0,
          0, 0, 0, 0 },
        { "round", COUNT(0), LOOK_NUMBER, 0, 0, 0, 0, 0 },
        { "length", { { 0 } }, LOOK_TEXT, 0, 0, 0, 0, 0 },
        { "time_of", WORDS("Europe/Berlin"), LOOK_SAMPLE, 0, MOMENT, 0, 0, 0 },
    };

    for (size_t i = 0; i < CHECK_ROWS(subjects); i++) {
        sweep(&subjects[i], true);
        sweep(&subjects[i], false);
    }
    for (size_t i = 0; i < CHECK_ROWS(more); i++)
        sweep(&more[i], true);
}

CHECK_MAIN({ "conv way back is stable", way_back_is_stable },
           { "conv exact on the domain", exact_on_the_domain },
           { "conv every two-way function is tested",
             every_two_way_function_is_tested },
           { "conv failed values come out", failed_values_come_out },
           { "conv missing values go through", missing_values_go_through },
           { "conv any value is survived", any_value_is_survived },
           { "conv memory may run out", memory_may_run_out })
