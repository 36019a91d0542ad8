/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON encoder and the output buffer under it. */
#include "codec/json_write_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct mr_doc json_doc = { .format = MR_JSON,
                                        .shape = &json_account };

/* A failed value is never written; nothing of its record is. */
static void
test_failed_value(void)
{
    char text[1000] = "";
    struct account a = { 0 };
    struct mr_output out;
    struct mr_writer w;
    struct mr_cx cx;

    json_shapes_init();
    mr_cx_init(&cx, NULL);
    mr_output_init(&out, json_collect, text);
    mr_writer_init(&w, &out, &json_doc, false);
    a.id = mr_text("1");
    CHECK(mr_writer_put(&cx, &w, &a) == MR_OK);
    a.name = mr_failed(mr_text("x"), MR_WHY_TOO_LONG);
    CHECK(mr_writer_put(&cx, &w, &a) == MR_EUSAGE);
    CHECK_TEXT(cx.error.text, "Name can not be written: it is longer than "
                              "its target holds");
    CHECK(mr_writer_end(&cx, &w) == MR_OK);
    CHECK_TEXT(text, "{\"ID\":\"1\"}\n");
    CHECK_NUMBER(w.records, 1);
    mr_output_done(&cx, &out);
    mr_cx_done(&cx);
}

static int
refuse_all(void *arg, const char *p, size_t n)
{
    (void)p;
    (void)n;
    errno = *(int *)arg;
    return -1;
}

static void
test_write_error(void)
{
    int why = ENOSPC;
    struct account a = { 0 };
    struct mr_output out;
    struct mr_writer w;
    struct mr_cx cx;
    char want[200];

    json_shapes_init();
    mr_cx_init(&cx, NULL);
    mr_output_init(&out, refuse_all, &why);
    mr_writer_init(&w, &out, &json_doc, false);
    a.id = mr_text("1");
    CHECK(mr_writer_put(&cx, &w, &a) == MR_OK);
    CHECK(mr_writer_end(&cx, &w) == MR_EWRITE);
    snprintf(want, sizeof want, "the output can not be written: %s",
             strerror(ENOSPC));
    CHECK_TEXT(cx.error.text, want);
    CHECK_NUMBER(out.n, 0);
    mr_output_done(&cx, &out);
    mr_cx_done(&cx);
}

/* Text in small pieces reaches the write function whole and in order, with
 * the document that is being written held back. */
static void
test_output(void)
{
    static char text[400000];
    struct mr_output out;
    struct mr_cx cx;
    size_t n = 0;

    mr_cx_init(&cx, NULL);
    mr_output_init(&out, json_collect, text);
    for (int i = 0; i < 5000; i++) {
        mr_output_begin(&out);
        CHECK(mr_output_add(&cx, &out, "0123456789abcdef", 16) == MR_OK);
        if (i % 3 == 0) {
            CHECK(mr_output_add(&cx, &out, "dropped", 7) == MR_OK);
            mr_output_drop(&out);
        } else {
            CHECK(mr_output_keep(&cx, &out) == MR_OK);
            n += 16;
        }
    }
    mr_output_begin(&out);
    CHECK(mr_output_add(&cx, &out, "open", 4) == MR_OK);
    CHECK(mr_output_flush(&cx, &out) == MR_OK);
    CHECK_NUMBER(strlen(text), n);
    CHECK_NUMBER(out.n, 4);
    CHECK(strstr(text, "d0") == NULL && strstr(text, "dropped") == NULL);
    mr_output_done(&cx, &out);
    mr_cx_done(&cx);
}

/* mr_write_fd on a pipe that takes little at once, a closed one, and a full
 * device. */
static void
test_write_fd(void)
{
    static char text[300000];
    int ends[2], status = -1, full = open("/dev/full", O_WRONLY);
    size_t got = 0;
    pid_t child;

    memset(text, 'x', sizeof text);
    REQUIRE(pipe(ends) == 0);
    child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        close(ends[0]);
        _exit(mr_write_fd(&ends[1], text, sizeof text) == 0 ? 0 : 1);
    }
    close(ends[1]);
    for (;;) {
        ssize_t n = read(ends[0], text, 1000);

        if (n <= 0)
            break;
        got += (size_t)n;
    }
    CHECK_NUMBER(got, sizeof text);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    REQUIRE(pipe(ends) == 0);
    close(ends[0]);
    CHECK(mr_write_fd(&ends[1], text, 1) == -1 && errno == EPIPE);
    close(ends[1]);
    if (full >= 0) {
        CHECK(mr_write_fd(&full, text, 1) == -1 && errno == ENOSPC);
        close(full);
    }
}

CHECK_MAIN({ "records", test_write_cases },
           { "a failed value", test_failed_value },
           { "an error of writing", test_write_error },
           { "the buffer", test_output }, { "descriptors", test_write_fd })
