/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a stream of XML. The first byte chooses the format and, with
 * the second, how the rest is cut into reads. However it is
 * cut, the same records and errors come out; a record that is written and
 * read again is the same record.
 */
#include <stdint.h>

#include "codec/xml_run.h"

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

/* Writes an order and reads it again; failed values can not be written. */
static void
check_round(const struct order *o)
{
    struct test_text text = { NULL, 0, 0 }, before = text, after = text;
    struct mr_output out;
    struct mr_writer w;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_output_init(&out, keep_text, &text);
    mr_writer_init(&w, &out, &xml_orders, false);
    if (mr_writer_put(&cx, &w, o) == MR_OK) {
        mr_writer_end(&cx, &w);
        xml_say_record(&before, &xml_order, (const char *)o);
        test_say_words(&before, "\nend");
        after = xml_run_whole(&xml_orders, text.p, text.n);
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
check_records(const char *p, size_t n)
{
    struct test_source s = { p, n, 0, n, n, false };
    struct mr_input in;
    struct mr_reader r;
    struct order o;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    mr_input_init(&in, test_source_read, &s);
    mr_reader_init(&r, &in, &xml_orders);
    while (mr_cx_next(&cx), mr_reader_next(&cx, &r, &o) == MR_OK)
        check_round(&o);
    mr_reader_done(&cx, &r);
    mr_input_done(&cx, &in);
    mr_cx_done(&cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct mr_doc *const docs[] = { &xml_idoc, &xml_orders,
                                                 &xml_single };
    const struct mr_doc *doc;
    const char *p = (const char *)data + 2;
    struct test_text whole, cut;
    size_t first;

    if (n < 2)
        return 0;
    xml_shapes_init();
    n -= 2;
    doc = docs[data[0] % 3];
    first = 1 + data[0] / 3u;
    whole = xml_run_whole(doc, p, n);
    cut = xml_run_cut(doc, p, n, first, 1 + data[1]);
    if (whole.n != cut.n || memcmp(whole.p, cut.p, cut.n) != 0)
        fail("cut in other places", whole.p, cut.p);
    if (doc == &xml_orders)
        check_records(p, n);
    free(whole.p);
    free(cut.p);
    return 0;
}
