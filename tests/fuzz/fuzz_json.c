/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a stream of JSON. The first byte chooses the format and how
 * the rest is cut into reads, the second the limit of a document. However it
 * is cut, the same records and errors come out; a record that is written and
 * read again is the same record.
 */
#include <stdint.h>

#include "codec/json_run.h"

static const struct mr_member fuzz_path[] = { { .name = "d", .name_n = 1 } };

static const struct mr_doc fuzz_docs[] = {
    { .format = MR_ODATA2, .shape = &json_account },
    { .format = MR_ODATA4, .shape = &json_account },
    { .format = MR_JSON, .shape = &json_account },
    { .format = MR_JSON, .shape = &json_account, .path = fuzz_path,
      .n_path = 1 }
};

static void
fail(const char *why, const char *a, const char *b)
{
    fprintf(stderr, "%s:\n%s\n--- and ---\n%s\n", why, a, b);
    abort();
}

static int
keep_text(void *arg, const char *p, size_t n)
{
    test_say(arg, p, n);
    return 0;
}

/* Writes a record and reads it again; failed values can not be written. */
static void
check_round(const struct account *a)
{
    struct test_text text = { NULL, 0, 0 }, before = text, after = text;
    struct mr_output out;
    struct mr_writer w;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_output_init(&out, keep_text, &text);
    mr_writer_init(&w, &out, &fuzz_docs[2], a->id.n % 2 == 0);
    if (mr_writer_put(&cx, &w, a) == MR_OK) {
        mr_writer_end(&cx, &w);
        json_say_record(&before, &json_account, (const char *)a);
        test_say_words(&before, "\nend");
        after = json_run_whole(&fuzz_docs[2], text.p, text.n);
        if (before.n != after.n || memcmp(before.p, after.p, after.n) != 0)
            fail("written and read again", before.p, after.p);
    }
    mr_output_done(&cx, &out);
    mr_cx_done(&cx);
    free(text.p);
    free(before.p);
    free(after.p);
}

static void
check_records(const struct mr_doc *doc, const char *p, size_t n)
{
    struct test_source s = { p, n, 0, n, n, false };
    struct mr_input in;
    struct mr_reader r;
    struct account a;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_input_init(&in, test_source_read, &s);
    mr_reader_init(&r, &in, doc);
    while (memset(&a, 0, sizeof a), mr_json_next(&cx, &r, &a) == MR_OK)
        check_round(&a);
    mr_input_done(&cx, &in);
    mr_cx_done(&cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct mr_doc *doc;
    const char *p = (const char *)data + 2;
    struct test_text whole = { NULL, 0, 0 }, cut = { NULL, 0, 0 };
    size_t limit;

    if (n < 2)
        return 0;
    json_shapes_init();
    n -= 2;
    doc = &fuzz_docs[data[0] % 4];
    limit = data[1] == 0 ? 0 : data[1];
    for (int k = 0; k < 2; k++) {
        size_t first = k == 0 ? n : 1 + (size_t)data[0] / 4;
        struct test_source s = { p, n, 0, first, k == 0 ? n : first, false };
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        json_run(&cx, doc, &s, limit, k == 0 ? &whole : &cut);
        mr_cx_done(&cx);
    }
    if (whole.n != cut.n || memcmp(whole.p, cut.p, cut.n) != 0)
        fail("cut in other places", whole.p, cut.p);
    check_records(doc, p, n);
    free(whole.p);
    free(cut.p);
    return 0;
}
