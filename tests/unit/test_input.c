/* SPDX-License-Identifier: Apache-2.0 */
/* The input window: positions, limits, bad bytes, errors of reading. */
#define _GNU_SOURCE             /* F_GETPIPE_SZ */
#include "codec/json_run.h"
#include "unit/check.h"

#include <fcntl.h>
#include <unistd.h>

struct window {
    struct mr_cx cx;
    struct mr_input in;
    struct test_source source;
};

static void
window_init(struct window *w, const char *p, size_t n, size_t each)
{
    w->source = (struct test_source){ p, n, 0, each, each, false };
    mr_cx_init(&w->cx, NULL);
    mr_input_init(&w->in, test_source_read, &w->source);
}

static void
window_done(struct window *w)
{
    mr_input_done(&w->cx, &w->in);
    mr_cx_done(&w->cx);
}

/* All of a stream of 3 MB, consumed in odd pieces: every byte comes, padding
 * behind it, lines and columns are those of a plain count. */
static void
test_moving(void)
{
    enum { N = 3000000 };
    char *text = malloc(N);
    struct window w;
    size_t at = 0, line = 1, line_start = 0;

    REQUIRE(text != NULL);
    for (size_t i = 0; i < N; i++)
        text[i] = i % 97 == 5 || i % 1000 < 3 ? '\n' : (char)('a' + i % 26);
    window_init(&w, text, N, 70001);
    while (!w.in.eof) {
        size_t n, step;

        CHECK(mr_input_more(&w.cx, &w.in) == MR_OK);
        n = w.in.end - w.in.start;
        CHECK(memcmp(w.in.at + w.in.start, text + at, n) == 0);
        for (int i = 0; i < MR_PADDING; i++)
            CHECK(w.in.at[w.in.end + (size_t)i] == '\0');
        for (step = n - n / 7; step > 0; step--, at++)
            if (text[at] == '\n') {
                line++;
                line_start = at + 1;
            }
        mr_input_consume(&w.in, w.in.start + n - n / 7);
        mr_input_fail(&w.cx, &w.in, MR_EFORMAT, w.in.start, "x");
        CHECK_NUMBER(w.cx.error.line, line);
        CHECK_NUMBER(w.cx.error.column, at - line_start + 1);
        CHECK_NUMBER(w.cx.error.offset, at);
        w.cx.error.status = MR_OK;
    }
    CHECK_NUMBER(at + w.in.end - w.in.start, N);
    CHECK(w.in.room == MR_WINDOW);
    window_done(&w);
    free(text);
}

/* A stream of small documents never needs more than the first window, one
 * large document doubles it. */
static void
test_memory(void)
{
    enum { N = 20000 };
    static const char row[] = "{\"ID\":\"1\",\"x\":\"0123456789012345678901234"
                              "567890123456789012345678901234567890123456\"},";
    const size_t row_n = sizeof row - 1;
    char *text = malloc(N * row_n + 3);
    struct mr_doc doc = { .format = MR_JSON, .shape = &json_account };
    struct account a;
    struct mr_reader r;
    struct window w;
    int records = 0;

    json_shapes_init();
    REQUIRE(text != NULL);
    text[0] = '[';
    for (size_t i = 0; i < N; i++)
        memcpy(text + 1 + i * row_n, row, row_n);
    memcpy(text + N * row_n, "]", 2);
    window_init(&w, text, N * row_n + 1, 4096);
    mr_reader_init(&r, &w.in, &doc);
    for (;; records++) {
        enum mr_status st;

        mr_cx_next(&w.cx);
        memset(&a, 0, sizeof a);
        st = mr_json_next(&w.cx, &r, &a);
        if (st == MR_END)
            break;
        REQUIRE(st == MR_OK);
    }
    CHECK_NUMBER(records, N);
    CHECK_NUMBER(w.in.documents, N);
    CHECK(w.in.room == MR_WINDOW);
    CHECK(w.cx.doc.chunks == NULL);
    window_done(&w);
    free(text);
}

/* A document of exactly the limit is read, one byte more is refused, however
 * it arrives and whatever stands in front of it. */
static void
test_limit(void)
{
    static const char text[] = "{}\n{\"ID\":\"1\",\"x\":\"012345678\"}{}";
    struct mr_doc doc = { .format = MR_JSON, .shape = &json_account };

    json_shapes_init();
    for (size_t each = 1; each <= sizeof text; each++)
        for (size_t limit = 26; limit >= 25; limit--) {
            struct test_source s = { text, sizeof text - 1, 0, each, each,
                                     false };
            struct test_text t = { NULL, 0, 0 };
            struct mr_cx cx;

            mr_cx_init(&cx, NULL);
            json_run(&cx, &doc, &s, limit, &t);
            CHECK_TEXT(t.p, limit == 26
                                ? "{ City{ } }\n{ ID=1 City{ } }\n"
                                  "{ City{ } }\nend"
                                : "{ City{ } }\n#2 2:26+28 the document is "
                                  "larger than 25 bytes\nstop");
            free(t.p);
            mr_cx_done(&cx);
        }
}

static void
test_read_error(void)
{
    static const char text[] = "{\"ID\":\"1\"}{\"ID\"";
    struct mr_doc doc = { .format = MR_JSON, .shape = &json_account };
    char want[200];

    json_shapes_init();
    snprintf(want, sizeof want,
             "{ ID=1 City{ } }\n#2 1:16+15 the input can not be read: %s\n"
             "stop", strerror(EIO));
    for (size_t each = 1; each <= sizeof text; each++) {
        struct test_source s = { text, sizeof text - 1, 0, each, each, true };
        struct test_text t = { NULL, 0, 0 };
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        CHECK(json_run(&cx, &doc, &s, 0, &t) == MR_EREAD);
        CHECK_TEXT(t.p, want);
        free(t.p);
        mr_cx_done(&cx);
    }
}

/* Behind bad bytes the next line is found, whether they are still held or
 * come with later reads. */
static void
test_skip_line(void)
{
    static const char text[] = "a\xff\xc3\xc3(\xe2\x82\nb\xc3\xa4\xffz\nend";

    for (size_t each = 1; each <= sizeof text; each++) {
        struct window w;
        enum mr_status st;

        window_init(&w, text, sizeof text - 1, each);
        CHECK(mr_input_more(&w.cx, &w.in) == MR_OK);
        CHECK(mr_input_skip_line(&w.cx, &w.in, 0) == MR_OK);
        CHECK_NUMBER(w.in.offset + w.in.start, 8);
        while (!w.in.eof && (st = mr_input_more(&w.cx, &w.in)) == MR_OK)
            continue;
        CHECK_TEXT(w.cx.error.text,
                   "the input is not UTF-8 here (byte 0xff)");
        CHECK_NUMBER(w.cx.error.line, 2);
        CHECK_NUMBER(w.cx.error.column, 4);
        CHECK_NUMBER(w.cx.error.offset, 11);
        w.cx.error.status = MR_OK;
        CHECK(mr_input_skip_line(&w.cx, &w.in, w.in.start) == MR_OK);
        while (!w.in.eof && (st = mr_input_more(&w.cx, &w.in)) == MR_OK)
            continue;
        CHECK_NUMBER(w.in.end - w.in.start, 3);
        CHECK(memcmp(w.in.at + w.in.start, "end", 3) == 0);
        mr_input_fail(&w.cx, &w.in, MR_EFORMAT, w.in.start + 1, "x");
        CHECK_NUMBER(w.cx.error.line, 3);
        CHECK_NUMBER(w.cx.error.column, 2);
        CHECK_NUMBER(w.cx.error.offset, 15);
        w.cx.error.status = MR_OK;
        CHECK(mr_input_skip_line(&w.cx, &w.in, w.in.start) == MR_END);
        window_done(&w);
    }
}

static void
test_read_fd(void)
{
    int ends[2], bad = -1;
    char text[10];

    REQUIRE(pipe(ends) == 0);
    mr_widen_pipe(ends[0]);
    CHECK(fcntl(ends[0], F_GETPIPE_SZ) >= (int)MR_WINDOW);
    CHECK(write(ends[1], "abc", 3) == 3);
    close(ends[1]);
    CHECK_NUMBER(mr_read_fd(&ends[0], text, sizeof text), 3);
    CHECK_NUMBER(mr_read_fd(&ends[0], text, sizeof text), 0);
    close(ends[0]);
    CHECK_NUMBER(mr_read_fd(&bad, text, sizeof text), -1);
    CHECK_NUMBER(errno, EBADF);
    mr_widen_pipe(bad);
}

CHECK_MAIN({ "a moving window", test_moving }, { "bounded", test_memory },
           { "limit", test_limit }, { "an error of reading", test_read_error },
           { "behind bad bytes", test_skip_line },
           { "a descriptor", test_read_fd })
