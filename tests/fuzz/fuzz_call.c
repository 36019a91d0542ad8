/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a call gets: the answer of the called system, a fault, a
 * refusal in JSON, the caller's record, as JSON or in an envelope. The first
 * byte chooses. What came through is written again.
 */
#include <stdint.h>
#include <stdlib.h>

#include "host/soap_in.h"

extern const struct mr_program mapc_program;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int64_t
no_time(void)
{
    return 0;
}

static void
write_all(struct calling *q, const struct soap_in *soap)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (out == NULL)
        return;
    if (q->end == CALL_ANSWERED && !soap_in_answer(out, q, soap))
        q->end = CALL_FAILED;
    if (q->end != CALL_ANSWERED)
        soap_in_fault(out, q);
    fclose(out);
    free(text);
}

static void
try_answer(struct calling *q, int status, const char *p, size_t n)
{
    q->reply = (struct http_reply){ .end = HTTP_ANSWERED, .status = status,
                                    .body = (char *)(uintptr_t)p, .n = n,
                                    .text = "" };
    calling_answer(q);
    if (q->end == CALL_OPEN)
        abort();
}

static void
try_refusal(const char *p, size_t n)
{
    char text[64];

    memset(text, 'x', sizeof text);
    if (call_refusal(NULL, p, n, text, sizeof text) &&
        memchr(text, '\0', sizeof text) == NULL)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct mr_call *call = mapc_program.calls[0];
    const char *p = (const char *)data + 1;
    struct soap_in soap;
    struct calling q;
    struct mr_cx cx;

    if (n == 0)
        return 0;
    n--;
    mr_cx_init(&cx, NULL);
    if (!soap_in_make(&cx, call, &soap) || !soap.there)
        abort();
    calling_init(&q, call, NULL, no_time);
    switch (data[0] % 5) {
    case 0:
        try_answer(&q, 200, p, n);
        break;
    case 1:
        try_answer(&q, 500, p, n);
        break;
    case 2:
        try_refusal(p, n);
        break;
    case 3:
        calling_begin(&q, p, n);
        break;
    default:
        q.reads = &soap.asked;
        calling_begin(&q, p, n);
        break;
    }
    write_all(&q, &soap);
    q.reply = (struct http_reply){ 0 };
    calling_done(&q);
    mr_cx_done(&cx);
    return 0;
}
