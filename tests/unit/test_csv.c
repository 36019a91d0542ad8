/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values: rows, quotes, what is wrong with them. */
#include "host/csv.h"

#include <stdlib.h>

#include "unit/check.h"

enum { ROOM = 4 };

/* All rows of `text` as "line:a|b;line:c|d", then "!" and what is wrong. */
static void
read_all(const char *text, size_t n, char *out, size_t size)
{
    struct csv c = { .p = text, .n = n };
    char *fields[ROOM];
    size_t count, at = 0;

    out[0] = '\0';
    while (csv_next(&c, fields, ROOM, &count)) {
        at += (size_t)snprintf(out + at, size - at, "%zu:", c.line);
        for (size_t i = 0; i < count && i < ROOM; i++)
            at += (size_t)snprintf(out + at, size - at, "%s%s",
                                   i > 0 ? "|" : "", fields[i]);
        if (count > ROOM)
            at += (size_t)snprintf(out + at, size - at, "+%zu", count - ROOM);
        at += (size_t)snprintf(out + at, size - at, ";");
    }
    if (c.wrong != NULL)
        snprintf(out + at, size - at, "!%s", c.wrong);
    csv_done(&c);
}

static void
expect(const char *text, const char *want)
{
    /* Just as long as the text: reading on would be seen. */
    size_t n = strlen(text);
    char *exact = malloc(n + (n == 0)), out[400];

    REQUIRE(exact != NULL);
    memcpy(exact, text, n);
    read_all(exact, n, out, sizeof out);
    free(exact);
    CHECK_TEXT(out, want);
}

static void
rows(void)
{
    expect("", "");
    expect("a,b\nc,d\n", "1:a|b;2:c|d;");
    expect("a,b\r\nc,d", "1:a|b;2:c|d;");
    expect("\n\r\n a ,\n", "3: a |;");
    expect(",", "1:|;");
    expect("1,2,3,4,5,6\n", "1:1|2|3|4+2;");
}

static void
quotes(void)
{
    expect("\"a,b\",c\n", "1:a,b|c;");
    expect("\"say \"\"so\"\"\",\"\"\n", "1:say \"so\"|;");
    expect("\"two\nlines\",b\nc,d\n", "1:two\nlines|b;3:c|d;");
}

static void
wrong(void)
{
    expect("a,b\n\"c,d\ne,f\n", "1:a|b;2:c,d\ne,f\n;!a quote that is not closed");
    expect("\"a\"b,c\nd\n", "1:ab|c;!characters behind a closing quote");
}

static void
nul(void)
{
    char out[100];

    read_all("a\0b,c\n", 6, out, sizeof out);
    CHECK(strstr(out, "!a NUL byte") != NULL);
}

static void
writing(void)
{
    char out[200] = "";
    FILE *f = fmemopen(out, sizeof out, "w");

    REQUIRE(f != NULL);
    csv_put(f, "plain", ',');
    csv_put(f, "a,\"b\"", ',');
    csv_put(f, "", ',');
    csv_put(f, "4711\x1f" "01", '\n');
    fclose(f);
    CHECK_TEXT(out, "plain,\"a,\"\"b\"\"\",,4711|01\n");
}

CHECK_MAIN({ "rows", rows }, { "quotes", quotes }, { "what is wrong", wrong },
           { "a NUL byte", nul }, { "writing", writing })
