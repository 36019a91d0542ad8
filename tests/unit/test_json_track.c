/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a document gives must not depend on the documents before it: streams of
 * alike documents, each a little different from the one before, against the
 * same documents read one by one by a decoder that has seen nothing yet.
 */
#include <ctype.h>

#include "check.h"
#include "codec/json_make.h"
#include "codec/json_run.h"

enum { MEMBERS_MAX = 12 };

static const char *const names[] = {
    "ID", "Name", "Active", "Weight", "Amount", "Größe", "City", "Addresses",
    "A", "Unknown", "Na", "NameOfTheOneWhoAnswersTheTelephoneOfTheDepartment",
    "NameOfTheOneWhoAnswersTheTelephoneOfTheOtherDepartment", "Na\\u006de",
    "__metadata"
};
static const char *const blanks[] = {
    "", "", "", "", " ", "  ", "\t", "                                     "
};
static const char *const values[] = {
    "\"\"", "\"x\"", "\"Muster \\\"1\\\"\"", "\"0123456789012345678901234\"",
    "null", "true", "false", "0", "-12.50", "1e5", "[]", "{}", "[1,\"x\"]",
    "{\"Name\":\"n\",\"Zip\":\"z\"}", "{ \"Zip\" :\"z\",\"Name\":\"n\"}",
    "{\"uri\":\"http:\\/\\/x\",\"type\":\"t\"}", "[{\"a\":1},{\"a\":2,\"b\":3}]",
    "[{\"Street\":\"s\",\"City\":{\"Name\":\"c\"}},{\"Street\":\"s2\"}]",
    "{\"results\":[{\"Street\":\"s\"},{\"Phones\":[{\"Number\":\"1\"}]}]}",
    "{\"__deferred\":{\"uri\":\"u\"}}", "\"Größe\\u00e4\""
};

static const struct mr_doc doc = { .format = MR_JSON, .shape = &json_account };

#define ONE_OF(m, list) list[json_random(m, sizeof list / sizeof list[0])]

struct pick {
    const char *name, *before, *behind, *value;
};

static struct pick
pick_member(struct json_make *m)
{
    static const char *const cities[] = {
        "null", "{}", "{\"Name\":\"n\",\"Zip\":\"z\"}",
        "{ \"Zip\" :\"z\",\"Name\":\"n\"}", "{\"Name\":\"n\",\"x\":[]}"
    };
    static const char *const lists[] = {
        "null", "[]", "[{\"Street\":\"s\",\"City\":null},{\"Street\":\"s2\"}]",
        "{\"results\":[{\"Street\":\"s\"},{\"Phones\":[{\"Number\":\"1\"}]}]}",
        "{\"__deferred\":{\"uri\":\"u\"}}", "{\"results\":[{}],\"x\":1}"
    };
    struct pick p = { ONE_OF(m, names), ONE_OF(m, blanks), ONE_OF(m, blanks),
                      ONE_OF(m, values) };

    /* Most documents should be good ones. */
    if (strcmp(p.name, "City") == 0 && json_random(m, 8) != 0)
        p.value = ONE_OF(m, cities);
    if (strcmp(p.name, "Addresses") == 0 && json_random(m, 8) != 0)
        p.value = ONE_OF(m, lists);
    return p;
}

/* Like the document before, most of the time. */
static void
change(struct json_make *m, struct pick *picks, uint32_t *n)
{
    uint32_t at = json_random(m, *n), to = json_random(m, *n);
    struct pick other = picks[at];

    switch (json_random(m, 8)) {
    case 0:
        picks[at] = pick_member(m);
        break;
    case 1:
        picks[at] = picks[to];
        picks[to] = other;
        break;
    case 2:
        if (*n < MEMBERS_MAX)
            picks[(*n)++] = pick_member(m);
        break;
    case 3:
        if (*n > 1)
            (*n)--;
        break;
    case 4:
        other = pick_member(m);
        if (strcmp(picks[at].name, "City") != 0 &&
            strcmp(picks[at].name, "Addresses") != 0)
            picks[at].value = other.value;
        break;
    case 5:
        picks[at].behind = ONE_OF(m, blanks);
        break;
    default:
        break;
    }
}

static void
make_document(struct json_make *m, const struct pick *picks, uint32_t n)
{
    size_t start = m->n, at;

    json_make_text(m, "{");
    for (uint32_t i = 0; i < n; i++) {
        json_make_text(m, i == 0 ? "" : ",");
        json_make_text(m, picks[i].before);
        json_make_text(m, "\"");
        json_make_text(m, picks[i].name);
        json_make_text(m, "\":");
        json_make_text(m, picks[i].behind);
        json_make_text(m, picks[i].value);
    }
    json_make_text(m, "}");
    /* Damage that leaves quotes and brackets, so that the line is one. */
    at = start + json_random(m, (uint32_t)(m->n - start));
    if (json_random(m, 12) == 0 && isalnum((unsigned char)m->text[at]))
        m->text[at] = ",:x 0\x01"[json_random(m, 6)];
    json_make_text(m, "\n");
}

/* Line and offset are not the same when a document stands alone. Returns
 * whether an error came last. */
static bool
say_alike(struct test_text *to, const char *p)
{
    bool error = false;

    for (;;) {
        const char *end = strchr(p, '\n');

        if (end == NULL)
            return error;               /* "end" */
        error = *p == '#';
        if (error) {
            p = strchr(p, ':');
            test_say(to, p, (size_t)(strchr(p, '+') - p));
            p = strchr(p, ' ');
        }
        test_say(to, p, (size_t)(end + 1 - p));
        p = end + 1;
    }
}

static void
compare(const struct json_make *m, size_t each)
{
    struct test_source s = { m->text, m->n, 0, each, each, false };
    struct test_text stream = { NULL, 0, 0 }, got = { NULL, 0, 0 };
    struct test_text want = { NULL, 0, 0 };
    struct mr_cx cx;
    bool error = false;

    mr_cx_init(&cx, NULL);
    json_run(&cx, &doc, &s, 0, &stream);
    mr_cx_done(&cx);
    test_say_words(&got, "");
    test_say_words(&want, "");
    say_alike(&got, stream.p);
    for (size_t i = 0, n; i < m->n; i += n) {
        /* A document behind an error is read a little more strictly. */
        char line[JSON_MAKE_MAX + 2] = "x\n";
        size_t skip = error ? 2 : 0;
        struct test_text alone;

        n = (size_t)((const char *)memchr(m->text + i, '\n', m->n - i) + 1 -
                     (m->text + i));
        memcpy(line + skip, m->text + i, n);
        alone = json_run_whole(&doc, line, n + skip);
        error = say_alike(&want, error ? strchr(alone.p, '\n') + 1 : alone.p);
        free(alone.p);
    }
    for (size_t i = 0, start = 0; i <= got.n && i <= want.n; i++) {
        CHECK_THAT(got.p[i] == want.p[i], "together:\n%.200s\nalone:\n%.200s",
                   got.p + start, want.p + start);
        if (got.p[i] == '\n')
            start = i + 1;
    }
    free(stream.p);
    free(got.p);
    free(want.p);
}

static void
test_alike(void)
{
    static struct json_make make;
    struct pick picks[MEMBERS_MAX];

    json_shapes_init();
    for (uint64_t seed = 0; seed < 3000; seed++) {
        uint32_t n;

        make.state = seed * 2 + 1;
        make.n = 0;
        n = 1 + json_random(&make, MEMBERS_MAX - 1);
        for (uint32_t i = 0; i < n; i++)
            picks[i] = pick_member(&make);
        /* Whole documents only: each has its own line. */
        while (make.n < JSON_MAKE_MAX - 2500) {
            make_document(&make, picks, n);
            change(&make, picks, &n);
        }
        compare(&make, seed % 3 == 0 ? 7 : seed % 3 == 1 ? 1000 : make.n);
    }
}

CHECK_MAIN({ "documents alike", test_alike })
