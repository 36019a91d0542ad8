/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call without a net: the request that is made, and what becomes of answers,
 * whole, cut, changed; with memory that runs out anywhere.
 */
#include "call/call.h"
#include "unit/check.h"

#include <stdlib.h>

extern const struct mr_program mapc_program;

/* --- files, memory, time --- */

struct text {
    char *p;
    size_t n;
};

static struct text
file(const char *name)
{
    char path[200];
    struct text t = { malloc(65536), 0 };
    FILE *f;

    snprintf(path, sizeof path, "tests/calls/data/%s", name);
    f = fopen(path, "r");
    if (f == NULL || t.p == NULL)
        abort();
    t.n = fread(t.p, 1, 65535, f);
    t.p[t.n] = '\0';
    fclose(f);
    return t;
}

/* Fails from the allocation on that `left` names. */
struct scarce {
    long left, open;
};

static void *
scarce_resize(void *arg, void *p, size_t size)
{
    struct scarce *s = arg;

    if (size == 0) {
        s->open -= p != NULL;
        free(p);
        return NULL;
    }
    if (s->left == 0)
        return NULL;
    s->left--;
    s->open += p == NULL;
    return realloc(p, size);
}

static int64_t now;

static int64_t
clock_of_test(void)
{
    return now;
}

static const struct mr_call *
the_call(void)
{
    return mapc_program.calls[0];
}

/* The answer as the net would give it; q must have been begun. */
static void
answer(struct calling *q, int status, struct text t)
{
    q->reply = (struct http_reply){ .end = HTTP_ANSWERED, .status = status,
                                    .body = t.p, .n = t.n, .text = "" };
    calling_answer(q);
}

static enum call_end
ends_with(int status, struct text t, char text[512])
{
    struct calling q;
    enum call_end end;

    calling_init(&q, the_call(), NULL, clock_of_test);
    answer(&q, status, t);
    end = q.end;
    memcpy(text, q.text, sizeof q.text);
    calling_done(&q);
    return end;
}

static struct text
literal(const char *p)
{
    return (struct text){ (char *)(uintptr_t)p, strlen(p) };
}

/* --- the request, the answer --- */

static void
whole(void)
{
    struct text quote = file("quote.json"), want = file("simulate.xml"),
                prices = file("prices.json"), reply = file("answer.xml");
    struct calling q;
    struct mr_output out;

    calling_init(&q, the_call(), NULL, clock_of_test);
    CHECK(calling_begin(&q, quote.p, quote.n));
    CHECK(q.request.n == want.n && memcmp(q.request.at, want.p, want.n) == 0);
    answer(&q, 200, reply);
    CHECK_NUMBER(q.end, CALL_ANSWERED);
    CHECK_NUMBER(q.n_messages, 2);
    CHECK_NUMBER(q.messages[0].severity, CALL_SUCCESS);
    CHECK_NUMBER(q.messages[1].severity, CALL_WARNING);
    CHECK_NUMBER(q.messages[0].item.state, MR_MISSING);
    mr_output_init(&out, NULL, NULL);
    CHECK_NUMBER(calling_write(&q, &out, false), MR_OK);
    CHECK(out.n == prices.n && memcmp(out.at, prices.p, prices.n) == 0);
    mr_output_done(&q.cx, &out);
    calling_done(&q);
    free(quote.p);
    free(want.p);
    free(prices.p);
    free(reply.p);
}

/* A row that was asked for and is not in the answer is told; one that nobody
 * asked for is not. */
static void
rows_left_out(void)
{
    static const char quote[] =
        "{\"SalesQuoteItem\":[{\"ItemID\":\"20\"},{\"ItemID\":\"7\"},{},"
        "{\"ItemID\":\"10\"},{\"ItemID\":\"100\"}]}";
    struct text reply = file("answer.xml");
    struct calling q;

    calling_init(&q, the_call(), NULL, clock_of_test);
    REQUIRE(calling_begin(&q, quote, strlen(quote)));
    answer(&q, 200, reply);
    CHECK_NUMBER(q.end, CALL_ANSWERED);
    CHECK_NUMBER(q.n_messages, 4);
    for (uint32_t i = 2; i < q.n_messages && i < 4; i++) {
        const struct call_message *m = &q.messages[i];
        const char *want = i == 2 ? "7" : "100";

        CHECK_NUMBER(m->severity, CALL_WARNING);
        CHECK(m->item.n == strlen(want) &&
              memcmp(m->item.p, want, m->item.n) == 0);
    }
    calling_done(&q);
    free(reply.p);
}

#define ENVELOPE(x)                                                           \
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>"        \
    "<e:Body>" x "</e:Body></e:Envelope>"

static void
faults(void)
{
    char text[512], words[2000] = "";

    for (int status = 200; status <= 500; status += 300) {
        CHECK_NUMBER(ends_with(status, literal(ENVELOPE(
            "<e:Fault><faultcode>e:Client</faultcode><faultstring>no&#10;"
            "such</faultstring></e:Fault>")), text), CALL_FAULT);
        CHECK_TEXT(text, "no such");
        CHECK_NUMBER(ends_with(status, literal(ENVELOPE(
            "<e:Fault><faultcode>e:Server</faultcode></e:Fault>")), text),
            CALL_FAULT);
        CHECK_TEXT(text, "e:Server");
    }
    /* Of another namespace it is none. */
    CHECK_NUMBER(ends_with(500, literal(ENVELOPE("<Fault><faultstring>x"
        "</faultstring></Fault>")), text), CALL_GARBLED);
    strcpy(words, "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/"
           "envelope/'><e:Body><e:Fault><faultstring>x");
    for (int i = 0; i < 400; i++)
        strcat(words, "\u00e4");
    strcat(words, "</faultstring></e:Fault></e:Body></e:Envelope>");
    CHECK_NUMBER(ends_with(500, literal(words), text), CALL_FAULT);
    CHECK_NUMBER(strlen(text), 511);
    CHECK(text[510] == '\xa4');
}

static void
no_answers(void)
{
    static const struct {
        int status;
        const char *body;
        enum call_end end;
    } rows[] = {
        { 200, "", CALL_GARBLED },
        { 200, "<html><body>Login</body></html>", CALL_GARBLED },
        { 200, ENVELOPE(""), CALL_GARBLED },
        { 200, ENVELOPE("<Other/>"), CALL_GARBLED },
        { 204, "", CALL_GARBLED },
        { 302, "", CALL_GARBLED },
        { 401, "", CALL_DENIED },
        { 403, "<html/>", CALL_DENIED },
        { 500, "<html/>", CALL_GARBLED },
        { 503, "busy", CALL_GARBLED },
    };
    char text[512];

    for (size_t i = 0; i < CHECK_ROWS(rows); i++)
        CHECK_THAT(ends_with(rows[i].status, literal(rows[i].body), text) ==
                       rows[i].end && text[0] != '\0', "row %zu: %s", i, text);
}

static void
nothing_came(void)
{
    static const struct {
        enum http_end end;
        enum call_end is;
    } rows[] = {
        { HTTP_NOT_SENT, CALL_NOT_SENT }, { HTTP_DENIED, CALL_DENIED },
        { HTTP_BROKEN, CALL_BROKEN }, { HTTP_TOO_LARGE, CALL_GARBLED },
    };

    for (size_t i = 0; i < 2 * CHECK_ROWS(rows); i++) {
        struct calling q;
        bool late = i >= CHECK_ROWS(rows);

        now = 1000000;
        calling_init(&q, the_call(), NULL, clock_of_test);
        CHECK_NUMBER(calling_left(&q), 3000);
        now += late ? 2990000 : 2900000;
        CHECK_NUMBER(calling_left(&q), late ? 10 : 100);
        q.reply.end = rows[i % CHECK_ROWS(rows)].end;
        q.reply.text = "";
        calling_answer(&q);
        CHECK_NUMBER(q.end, late ? CALL_LATE : rows[i].is);
        calling_done(&q);
    }
}

/* --- answers that are hostile --- */

/* Cut anywhere, it is no answer, but for line ends behind it. */
static void
cut(void)
{
    struct text all = file("answer.xml");
    char text[512];

    for (size_t n = 0; n < all.n; n++) {
        enum call_end end = ends_with(200, (struct text){ all.p, n }, text);

        CHECK_THAT(end == CALL_GARBLED || n == all.n - 1, "%zu bytes: %d", n,
                   (int)end);
    }
    free(all.p);
}

/* One byte changed: an answer, or none; never anything else. */
static void
changed(void)
{
    static const char bytes[] = { '<', '>', '&', '\0', 'x', '"', '\xff', '-' };
    struct text all = file("answer.xml");
    char text[512];

    for (size_t i = 0; i < all.n; i++) {
        char was = all.p[i];

        for (size_t k = 0; k < sizeof bytes; k++) {
            enum call_end end;

            all.p[i] = bytes[k];
            end = ends_with(200, all, text);
            CHECK_THAT(end == CALL_ANSWERED || end == CALL_GARBLED ||
                       end == CALL_HELD, "byte %zu: %d", i, (int)end);
        }
        all.p[i] = was;
    }
    free(all.p);
}

/* --- memory --- */

static void
scarce_call(long left, struct text quote, struct text reply, bool *whole_run)
{
    struct scarce s = { left, 0 };
    struct mr_memory memory = { scarce_resize, &s };
    struct calling q;
    bool begun;

    calling_init(&q, the_call(), &memory, clock_of_test);
    begun = calling_begin(&q, quote.p, quote.n);
    CHECK_THAT(begun || q.end == CALL_FAILED, "%ld: begun, %d", left,
               (int)q.end);
    if (begun) {
        answer(&q, 200, reply);
        CHECK_THAT(q.end == CALL_FAILED || q.end == CALL_ANSWERED,
                   "%ld: ended %d", left, (int)q.end);
    }
    *whole_run = begun && q.end == CALL_ANSWERED;
    calling_done(&q);
    CHECK_THAT(s.open == 0, "%ld: %ld blocks are left", left, s.open);
}

static void
out_of_memory(void)
{
    struct text quote = file("quote.json"), reply = file("answer.xml");
    bool whole_run = false;
    long left = 0;

    for (; !whole_run && left < 1000; left++)
        scarce_call(left, quote, reply, &whole_run);
    CHECK(whole_run && left > 5);
    free(quote.p);
    free(reply.p);
}

CHECK_MAIN({ "call: request and answer", whole },
           { "call: rows without an answer", rows_left_out },
           { "call: faults", faults },
           { "call: answers that are none", no_answers },
           { "call: nothing came", nothing_came },
           { "call: an answer cut anywhere", cut },
           { "call: an answer changed anywhere", changed },
           { "call: memory runs out", out_of_memory })
