/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts of OData v2, without a connection: addresses, batches, what is
 * found in answers and what they mean.
 */
#include "check.h"
#include "odata_map.h"
#include "peer/odata.h"
#include "peer/odata_metadata.h"

static struct op_bytes
of(const char *text)
{
    return (struct op_bytes){ text, strlen(text) };
}

/* With the room behind it that answers have. */
static struct op_bytes
answer(struct mr_cx *cx, const char *text)
{
    size_t n = strlen(text);
    char *p = mr_alloc(cx, n + BYTES_PADDING);

    memcpy(p, text, n);
    memset(p + n, 0, BYTES_PADDING);
    return (struct op_bytes){ p, n };
}

static const char *
text_of(struct mr_val v)
{
    static char text[4][500];
    static int at;

    at = (at + 1) % 4;
    snprintf(text[at], sizeof text[at], "%.*s",
             v.state == MR_HERE ? (int)v.n : 0,
             v.state == MR_HERE ? v.p : "");
    return text[at];
}

/* ---- addresses ---- */

static void
check_address(const struct mr_op *const *ops, size_t n, uint32_t page,
              const char *want)
{
    struct mr_cx cx;
    struct bytes b;

    mr_cx_init(&cx, NULL);
    bytes_init(&b, &cx.memory);
    CHECK(odata_address(&b, ops, n, page));
    bytes_add(&b, "", 1);
    CHECK_TEXT(b.p, want);
    bytes_free(&b);
    mr_cx_done(&cx);
}

#define FIELDS "$format=json&$select=ObjectID,Number,Name,Rows/ObjectID" \
    "&$expand=Rows"

static void
test_pages(void)
{
    static const struct {
        enum op_kind kind;
        int side;
        const char *since, *token;
        uint32_t page;
        const char *want;
    } rows[] = {
        { OP_PAGE, 0, "", "", 0,
          "AccountSet?" FIELDS "&$orderby=ChangedOn,ObjectID" },
        { OP_PAGE, 0, "2026-11-22T18:45:00.123Z", "", 0, "AccountSet?" FIELDS
          "&$filter=ChangedOn%20ge%20datetimeoffset'2026-11-22T18%3A45%3A00"
          ".123Z'&$orderby=ChangedOn,ObjectID" },
        { OP_PAGE, 0, "2020-01-01T00:00:00Z", "c:2026-01-01T00:00:00Z", 50,
          "AccountSet?" FIELDS "&$filter=ChangedOn%20ge%20datetimeoffset'"
          "2026-01-01T00%3A00%3A00Z'&$orderby=ChangedOn,ObjectID&$top=50" },
        { OP_PAGE, 0, "", "C:2026-01-01T00:00:00Z", 50,
          "AccountSet?" FIELDS "&$filter=ChangedOn%20ge%20datetimeoffset'"
          "2026-01-01T00%3A00%3A00Z'&$orderby=ChangedOn,ObjectID" },
        { OP_PAGE, 0, "", "n:AccountSet?$skiptoken=101", 50,
          "AccountSet?$skiptoken=101" },
        { OP_PAGE, 1, "", "", 0, "PlainSet?$format=json&$select=ObjectID,"
          "Number&$orderby=ObjectID" },
        { OP_IDS, 0, "", "", 0, "AccountSet?$format=json&$select=ObjectID"
          "&$orderby=ObjectID" },
        { OP_IDS, 0, "", "i:AB'C", 0, "AccountSet?$format=json"
          "&$select=ObjectID&$filter=ObjectID%20ge%20'AB''C'"
          "&$orderby=ObjectID" },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_op op = { .kind = rows[i].kind, .map = &odata_map,
                            .side = rows[i].side, .since = rows[i].since,
                            .token = rows[i].token };
        const struct mr_op *ops[] = { &op };

        check_address(ops, 1, rows[i].page, rows[i].want);
    }
}

static void
test_finds(void)
{
    struct op_key keys[] = {
        { "Number", "O'Neil & Söhne", MR_TYPE_TEXT },
        { "Number", "2", MR_TYPE_TEXT },
        { "Amount", "-12.50", MR_TYPE_NUMBER },
        { "Day", "2026-11-22", MR_TYPE_DATE },
        { "Amount", "1 or 1 eq 1", MR_TYPE_NUMBER },
    };
    struct mr_op op[] = {
        { .kind = OP_FIND, .map = &odata_map, .keys = keys, .n_keys = 1 },
        { .kind = OP_FIND, .map = &odata_map, .keys = keys + 1, .n_keys = 1 },
        { .kind = OP_FIND, .map = &odata_map, .keys = keys + 2, .n_keys = 2 },
        { .kind = OP_READ, .map = &odata_map, .record_id = "00'1/2" },
        { .kind = OP_FIND, .map = &odata_map, .keys = keys + 4, .n_keys = 1 },
    };
    const struct mr_op *ops[] = { &op[0], &op[1] }, *one = &op[2];
    struct mr_cx cx;
    struct bytes b;

    CHECK(odata_joins(&op[0]));
    CHECK(!odata_joins(&op[2]));
    CHECK(!odata_joins(&op[3]));
    check_address(ops, 2, 0, "AccountSet?" FIELDS "&$filter=Number%20eq%20'"
                  "O''Neil%20%26%20S%C3%B6hne'%20or%20Number%20eq%20'2'");
    check_address(&one, 1, 0, "AccountSet?" FIELDS "&$filter=Amount%20eq%20"
                  "-12.50%20and%20Day%20eq%20datetime'2026-11-22"
                  "T00%3A00%3A00'");
    one = &op[3];
    check_address(&one, 1, 0, "AccountSet('00''1%2F2')?" FIELDS);
    mr_cx_init(&cx, NULL);
    bytes_init(&b, &cx.memory);
    one = &op[4];
    CHECK(!odata_address(&b, &one, 1, 0));
    bytes_free(&b);
    mr_cx_done(&cx);
}

/* ---- what is written ---- */

static void
test_changes(void)
{
    static const char want[] =
        "--mapc_batch\r\nContent-Type: multipart/mixed; "
        "boundary=mapc_set_3\r\n\r\n"
        "--mapc_set_3\r\nContent-Type: application/http\r\n"
        "Content-Transfer-Encoding: binary\r\nContent-ID: 1\r\n\r\n"
        "PATCH AccountSet('A1') HTTP/1.1\r\nAccept: application/json\r\n"
        "If-Match: W/\"1\"\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}\r\n"
        "--mapc_set_3\r\nContent-Type: application/http\r\n"
        "Content-Transfer-Encoding: binary\r\nContent-ID: 2\r\n\r\n"
        "POST AccountSet('A1')/Rows HTTP/1.1\r\nAccept: application/json\r\n"
        "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n"
        "{\"a\":1}\r\n"
        "--mapc_set_3\r\nContent-Type: application/http\r\n"
        "Content-Transfer-Encoding: binary\r\nContent-ID: 3\r\n\r\n"
        "DELETE RowSet('R9') HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n"
        "--mapc_set_3--\r\n\r\n";
    struct op_part parts[] = {
        { PART_POST, "AccountSet", "A1", "Rows", { "{\"a\":1}", 7 } },
        { PART_DELETE, "RowSet", "R9", NULL, { NULL, 0 } },
    };
    struct mr_op op = { .kind = OP_UPDATE, .map = &odata_map,
                        .record_id = "A1", .etag = "W/\"1\"", .parts = parts,
                        .n_parts = 2 };
    struct mr_cx cx;
    struct bytes b;

    mr_cx_init(&cx, NULL);
    bytes_init(&b, &cx.memory);
    CHECK_NUMBER(odata_parts(&op), 3);
    odata_batch_changes(&b, &cx, &op, 3);
    bytes_add(&b, "", 1);
    CHECK_TEXT(b.p, want);
    bytes_free(&b);
    mr_cx_done(&cx);
}

/* The record's own change goes first, wherever it stood. */
static void
test_own_change_first(void)
{
    struct op_part parts[] = {
        { PART_PATCH, "RowSet", "R1", NULL, { "{\"r\":1}", 7 } },
        { PART_PATCH, "AccountSet", "A1", NULL, { "{\"a\":1}", 7 } },
    };
    struct mr_op op = { .kind = OP_UPDATE, .map = &odata_map,
                        .record_id = "A1", .etag = "W/\"1\"", .parts = parts,
                        .n_parts = 2 };
    struct mr_cx cx;
    struct bytes b;
    const char *own, *row, *match;

    mr_cx_init(&cx, NULL);
    bytes_init(&b, &cx.memory);
    odata_batch_changes(&b, &cx, &op, 0);
    bytes_add(&b, "", 1);
    own = strstr(b.p, "PATCH AccountSet('A1')");
    row = strstr(b.p, "PATCH RowSet('R1')");
    match = strstr(b.p, "If-Match");
    REQUIRE(own != NULL && row != NULL && match != NULL);
    CHECK(own < match && match < row);
    CHECK(strstr(match + 1, "If-Match") == NULL);
    bytes_free(&b);
    mr_cx_done(&cx);
}

static void
test_key_sent(void)
{
    static const struct {
        const char *body;
        bool sent;
    } rows[] = {
        { "{\"Name\":\"x\",\"Number\":\"1\"}", true },
        { "{\"Name\":\"x\"}", false }, { "{\"Number\":null}", false },
        { "{\"Rows\":[{\"Number\":\"1\"}]}", false }, { "", false },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct op_part part = { .body = of(rows[i].body) };
        struct mr_op op = { .kind = OP_CREATE, .map = &odata_map,
                            .parts = &part, .n_parts = 1 };

        CHECK_THAT(odata_sends_key(&cx, &op) == rows[i].sent, "row %zu", i);
    }
    mr_cx_done(&cx);
}

/* ---- looking into answers ---- */

static void
test_scan(void)
{
    static const struct {
        const char *text;
        int n;                  /* -1: refused */
        const char *next, *last;
    } rows[] = {
        { "{\"d\":{\"results\":[]}}", 0, "", "" },
        { "{\"d\":{\"results\":[{\"Number\":\"1\"},{\"Number\":\"2\"}],"
          "\"__next\":\"http:\\/\\/x\"}}", 2, "http://x", "2" },
        { " { \"d\" : { \"__count\":\"2\", \"results\" : [ {\"Number\":\"1\"}"
          " , {\"Number\":\"\\u0032\"} ] } } ", 2, "", "2" },
        { "{\"d\":{\"results\":{\"Number\":\"7\"}}}", 1, "", "7" },
        { "{\"d\":{\"Number\":\"8\",\"x\":{\"results\":[]}}}", 1, "", "8" },
        { "{\"d\":[{\"Number\":\"9\"}]}", 1, "", "9" },
        { "", -1, "", "" }, { "<html>", -1, "", "" }, { "{}", -1, "", "" },
        { "{\"error\":{}}", -1, "", "" }, { "{\"d\":", -1, "", "" },
        { "{\"d\":{\"results\":[{\"Number\":\"1\"", -1, "", "" },
        { "{\"d\":{\"results\":[1]}}", -1, "", "" },
        { "{\"d\":{\"results\":[{}{}]}}", -1, "", "" },
        { "{\"d\":{\"results\":[],}}", -1, "", "" },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct odata_list list;
        enum mr_status st = odata_scan(&cx, answer(&cx, rows[i].text), NULL,
                                       NULL, &list);

        CHECK_THAT((st == MR_OK) == (rows[i].n >= 0), "row %zu: %d", i,
                   (int)st);
        CHECK_NUMBER(cx.error.status, MR_OK);
        if (st != MR_OK || rows[i].n < 0)
            continue;
        CHECK_THAT(list.n == (size_t)rows[i].n, "row %zu: %zu", i, list.n);
        CHECK_TEXT(text_of(list.next), rows[i].next);
        if (list.n > 0)
            CHECK_TEXT(text_of(odata_field(&cx, list.last, "Number")),
                       rows[i].last);
    }
    mr_cx_done(&cx);
}

static void
test_fields(void)
{
    struct mr_cx cx;
    struct op_bytes r;

    mr_cx_init(&cx, NULL);
    r = answer(&cx, "{\"__metadata\":{\"uri\":\"http://x/Set('1')\","
               "\"etag\":\"W/\\\"1\\\"\"},\"a\":{\"b\":\"no\"},\"b\":\"yes\","
               "\"n\":12,\"t\":true,\"z\":null}");
    CHECK_TEXT(text_of(odata_field(&cx, r, "b")), "yes");
    CHECK_TEXT(text_of(odata_field(&cx, r, "n")), "12");
    CHECK_TEXT(text_of(odata_field(&cx, r, "t")), "true");
    CHECK_NUMBER(odata_field(&cx, r, "z").state, MR_EMPTY);
    CHECK_NUMBER(odata_field(&cx, r, "a").state, MR_MISSING);
    CHECK_NUMBER(odata_field(&cx, r, "c").state, MR_MISSING);
    CHECK_TEXT(text_of(odata_metadata(&cx, r, "etag")), "W/\"1\"");
    CHECK_NUMBER(odata_metadata(&cx, r, "type").state, MR_MISSING);
    mr_cx_done(&cx);
}

static void
test_keys(void)
{
    static const struct {
        const char *address, *key;
    } rows[] = {
        { "http://x/Set('00163E')", "00163E" },
        { "http://x/Set(ObjectID='00163E')", "00163E" },
        { "Set('a%2Fb%27%27c')", "a/b'c" }, { "Set('a''''b')", "a''b" },
        { "http://x/Set", "" }, { "Set(1)", "" }, { "')", "" }, { "", "" },
        { "Set('", "" },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++)
        CHECK_TEXT(text_of(odata_key_of(&cx, mr_text(rows[i].address))),
                   rows[i].key);
    mr_cx_done(&cx);
}

/* ---- parts of a batch ---- */

#define PART "Content-Type: application/http\r\nContent-Length: 33    \r\n" \
    "content-transfer-encoding: binary\r\n\r\n"

static void
test_parts(void)
{
    static const char text[] =
        "\r\n--ejjeeffe0\r\n" PART
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}\r\n"
        "--ejjeeffe0\r\nContent-Type: multipart/mixed; boundary=ejjeeffe1\r\n"
        "\r\n--ejjeeffe1\r\n" PART
        "HTTP/1.1 204 No Content\r\nETag: W/\"2\"\r\n\r\n\r\n"
        "--ejjeeffe1\r\n" PART "HTTP/1.1 201 Created\r\n\r\n{\"d\":{}}\r\n"
        "--ejjeeffe1--\r\n\r\n"
        "--ejjeeffe0  \r\n" PART "HTTP/1.1 404 Not Found\r\n\r\n"
        "--ejjeeffe0--";
    struct odata_parts parts, inner;
    struct odata_reply r;
    bool nested;

    REQUIRE(odata_parts_open(&parts, mr_text("multipart/mixed; charset=x;"
                                             " boundary=\"ejjeeffe0\""),
                             of(text)));
    CHECK_NUMBER(odata_parts_next(&parts, &r, &inner, &nested), MR_OK);
    CHECK(!nested && r.status == 200 && r.body.n == 2);
    CHECK_NUMBER(odata_parts_next(&parts, &r, &inner, &nested), MR_OK);
    REQUIRE(nested);
    CHECK_NUMBER(odata_parts_next(&inner, &r, NULL, &nested), MR_OK);
    CHECK(r.status == 204 && r.body.n == 0);
    CHECK_TEXT(text_of(odata_header(r.head, "etag")), "W/\"2\"");
    CHECK_NUMBER(odata_parts_next(&inner, &r, NULL, &nested), MR_OK);
    CHECK(r.status == 201 && r.body.n == 8);
    CHECK_NUMBER(odata_parts_next(&inner, &r, NULL, &nested), MR_END);
    CHECK_NUMBER(odata_parts_next(&parts, &r, &inner, &nested), MR_OK);
    CHECK(!nested && r.status == 404 && r.body.n == 0);
    CHECK_NUMBER(odata_parts_next(&parts, &r, &inner, &nested), MR_END);
}

static void
test_bad_parts(void)
{
    static const char *const rows[] = {
        "", "--b", "--c\r\n", "--b\r\n", "--b\r\n--b--\r\n",
        "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n",
        "--b\r\nContent-Type: text/html\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
        "\r\n--b--",
        "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 2x0 OK\r\n"
        "\r\n\r\n--b--",
        "--b\r\nContent-Type: application/http\r\n\r\nSMTP/1.1 200 OK\r\n"
        "\r\n\r\n--b--",
        "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n"
        "Content-Length: 99\r\n\r\n{}\r\n--b--",
        "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n"
        "Content-Length: -1\r\n\r\n{}\r\n--b--",
        "--b\r\nContent-Type: multipart/mixed\r\n\r\n--c\r\n\r\n--b--",
        "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
        "{}\r\n--bb--\r\n",
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct odata_parts parts, inner;
        struct odata_reply r;
        bool nested;

        if (odata_parts_open(&parts, mr_text("multipart/mixed; boundary=b"),
                             of(rows[i])))
            CHECK_THAT(odata_parts_next(&parts, &r, &inner, &nested) ==
                           MR_EFORMAT, "row %zu", i);
    }
}

static void
test_no_boundary(void)
{
    static const char *const rows[] = {
        "", "application/json", "multipart/mixed", "multipart/mixed; boundary=",
        "multipart/mixed; boundary=\"b", "multipart/related; boundary=b",
        ("multipart/mixed; boundary=1234567890123456789012345678901234567890"
         "1234567890123456789012345678901")
    };
    struct odata_parts parts;

    for (size_t i = 0; i < CHECK_ROWS(rows); i++)
        CHECK_THAT(!odata_parts_open(&parts, mr_text(rows[i]),
                                     of("--b\r\n--b--\r\n")), "row %zu", i);
}

/* ---- what an answer means ---- */

#define ERROR(text) "{\"error\":{\"code\":\"C/1\",\"message\":{\"lang\":" \
    "\"en\",\"value\":\"" text "\"}}}"

static void
test_outcomes(void)
{
    static const struct {
        enum op_kind kind;
        int status;
        const char *body;
        enum op_outcome want;
    } rows[] = {
        { OP_READ, 200, "{\"d\":{\"results\":{\"a\":1}}}", OP_OK },
        { OP_READ, 200, "<html>Log in</html>", OP_UNSURE },
        { OP_READ, 200, "{\"d\":{\"results\":[]}}", OP_UNSURE },
        { OP_READ, 404, "", OP_NONE }, { OP_READ, 410, "", OP_NONE },
        { OP_PAGE, 404, "", OP_REFUSED }, { OP_PAGE, 200, "x", OP_UNSURE },
        { OP_UPDATE, 204, "", OP_OK }, { OP_UPDATE, 404, "", OP_STALE },
        { OP_UPDATE, 200, "<html>", OP_UNSURE },
        { OP_UPDATE, 412, "", OP_STALE }, { OP_UPDATE, 409, "", OP_BUSY },
        { OP_REMOVE, 204, "", OP_OK }, { OP_REMOVE, 404, "", OP_OK },
        { OP_CREATE, 201, "", OP_OK }, { OP_CREATE, 409, "", OP_EXISTS },
        { OP_CREATE, 400, ERROR("Account 1 Already Exists"), OP_EXISTS },
        { OP_CREATE, 400, ERROR("Duplicate key"), OP_EXISTS },
        { OP_CREATE, 400, ERROR("Name is mandatory"), OP_REFUSED },
        { OP_UPDATE, 400, ERROR("already exists"), OP_REFUSED },
        { OP_CREATE, 422, "", OP_REFUSED }, { OP_CREATE, 404, "", OP_REFUSED },
        { OP_CREATE, 500, "", OP_UNSURE }, { OP_CREATE, 502, "", OP_UNSURE },
        { OP_CREATE, 504, "", OP_UNSURE }, { OP_CREATE, 408, "", OP_UNSURE },
        { OP_CREATE, 503, "", OP_BUSY }, { OP_CREATE, 429, "", OP_BUSY },
        { OP_UPDATE, 423, "", OP_BUSY }, { OP_CREATE, 401, "", OP_DENIED },
        { OP_CREATE, 403, "", OP_DENIED }, { OP_READ, 302, "", OP_DENIED },
    };
    struct odata_origin from = { "http://127.0.0.1/svc/", 0 };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct mr_op op = { .id = 5, .kind = rows[i].kind, .map = &odata_map };
        struct odata_reply reply = { rows[i].status,
                                     of("Retry-After: 17\r\n"),
                                     answer(&cx, rows[i].body) };
        struct op_result r;

        odata_outcome(&cx, &from, &op, &reply, &r);
        CHECK_THAT(r.outcome == rows[i].want, "row %zu: %d", i,
                   (int)r.outcome);
        CHECK_NUMBER(r.id, 5);
        CHECK_THAT(r.retry_after == (r.outcome == OP_BUSY ? 17 : 0),
                   "row %zu: %u", i, (unsigned)r.retry_after);
        CHECK_THAT((r.text[0] != '\0') ==
                       (r.outcome != OP_OK && r.outcome != OP_NONE),
                   "row %zu: %s", i, r.text);
    }
    mr_cx_done(&cx);
}

static void
test_created(void)
{
    static const struct {
        const char *head, *body, *id, *etag;
    } rows[] = {
        { "location: http://x/AccountSet('A7')\r\netag: W/\"1\"\r\n", "",
          "A7", "W/\"1\"" },
        { "etag: W/\"9\"\r\n", "{\"d\":{\"results\":{\"__metadata\":{\"etag\":"
          "\"W/\\\"2\\\"\"},\"ObjectID\":\"A8\"}}}", "A8", "W/\"2\"" },
        { "etag: W/\"3\"\r\n", "{\"d\":{\"ObjectID\":\"A9\"}}", "A9",
          "W/\"3\"" },
        { "", "", "", "" },
    };
    struct odata_origin from = { "http://127.0.0.1/svc/", 0 };
    struct mr_op op = { .kind = OP_CREATE, .map = &odata_map };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct odata_reply reply = { 201, of(rows[i].head),
                                     answer(&cx, rows[i].body) };
        struct op_result r;

        odata_outcome(&cx, &from, &op, &reply, &r);
        CHECK_NUMBER(r.outcome, OP_OK);
        CHECK_TEXT(r.record_id, rows[i].id);
        CHECK_TEXT(r.etag, rows[i].etag);
        CHECK_NUMBER(r.body.n, strlen(rows[i].body));
    }
    mr_cx_done(&cx);
}

#define TWO(a, b) "{\"d\":{\"results\":[{\"ObjectID\":\"A\"," \
    "\"ChangedOn\":\"/Date(" a ")/\"},{\"ObjectID\":\"B\"," \
    "\"ChangedOn\":\"\\/Date(" b ")\\/\"}]"

static void
test_next_page(void)
{
    static const struct {
        enum op_kind kind;
        uint32_t page;
        const char *body, *next;        /* NULL: refused */
    } rows[] = {
        { OP_PAGE, 0, TWO("1422997623532", "1422997623533") "}}", "" },
        { OP_PAGE, 2, TWO("1422997623532", "1422997623533") "}}",
          "c:2015-02-03T21:07:03.533Z" },
        { OP_PAGE, 3, TWO("1422997623532", "1422997623533") "}}", "" },
        { OP_PAGE, 0, TWO("1422997623532", "1422997623533")
          ",\"__next\":\"AccountSet?$skiptoken=2\"}}",
          "c:2015-02-03T21:07:03.533Z" },
        { OP_PAGE, 0, TWO("1422997623532", "1422997623532")
          ",\"__next\":\"http://127.0.0.1/svc/AccountSet?$skiptoken=2\"}}",
          "n:AccountSet?$skiptoken=2" },
        { OP_PAGE, 0, TWO("1422997623532", "1422997623532")
          ",\"__next\":\"http://192.0.2.1/svc/AccountSet?$skiptoken=2\"}}",
          NULL },
        { OP_PAGE, 0, TWO("1422997623532", "1422997623532")
          ",\"__next\":\"../other\"}}", NULL },
        { OP_PAGE, 0, TWO("1422997623532", "1422997623532")
          ",\"__next\":\"AccountSet?a b\"}}", NULL },
        { OP_PAGE, 2, TWO("1422997623532", "1422997623532") "}}",
          "C:2015-02-03T21:07:03.532Z" },
        { OP_IDS, 0, TWO("1", "1") ",\"__next\":\"AccountSet?x\"}}", "i:B" },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct odata_origin from = { "http://127.0.0.1/svc/", rows[i].page };
        struct mr_op op = { .kind = rows[i].kind, .map = &odata_map };
        struct odata_reply reply = { 200, of(""), answer(&cx, rows[i].body) };
        struct op_result r;

        odata_outcome(&cx, &from, &op, &reply, &r);
        CHECK_THAT((r.outcome == OP_OK) == (rows[i].next != NULL),
                   "row %zu: %s", i, r.text);
        CHECK_THAT(strcmp(r.next, rows[i].next != NULL ? rows[i].next : "") ==
                       0, "row %zu: %s", i, r.next);
    }
    mr_cx_done(&cx);
}

/* Pages come to an end, whatever the service says. */
static void
test_no_next_page(void)
{
    static const struct {
        enum op_kind kind;
        uint32_t page;
        const char *body, *next;        /* NULL: refused */
        const char *token;
    } rows[] = {
        { OP_IDS, 0, TWO("1", "1") ",\"__next\":\"AccountSet?x\"}}", NULL,
          "i:B" },
        { OP_PAGE, 2, TWO("1422997623532", "1422997623532") "}}", "",
          "C:2015-02-03T21:07:03.532Z" },
        { OP_PAGE, 2, TWO("1422997623532", "1422997623532")
          ",\"__next\":\"AccountSet?x\"}}", NULL, "n:AccountSet?x" },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct odata_origin from = { "http://127.0.0.1/svc/", rows[i].page };
        struct mr_op op = { .kind = rows[i].kind, .map = &odata_map,
                            .token = rows[i].token };
        struct odata_reply reply = { 200, of(""), answer(&cx, rows[i].body) };
        struct op_result r;

        odata_outcome(&cx, &from, &op, &reply, &r);
        CHECK_THAT((r.outcome == OP_OK) == (rows[i].next != NULL),
                   "row %zu: %s", i, r.text);
        CHECK_THAT(r.next[0] == '\0', "row %zu: %s", i, r.next);
    }
    mr_cx_done(&cx);
}

static void
test_error_texts(void)
{
    static const struct {
        const char *body, *sent, *want;
    } rows[] = {
        { "", "", "HTTP 400" }, { "<html>secret</html>", "", "HTTP 400" },
        { ERROR("Name is mandatory"), "", "HTTP 400, C/1: Name is mandatory" },
        { ERROR("Erika Muster in Musterstadt is known as 12345678"),
          "{\"Name\":\"Erika Muster\",\"City\":\"Musterstadt\",\"Z\":\"in\"}",
          "HTTP 400, C/1: … in … is known as #" },
        { ERROR("Name Name: Bob"), "{\"Name\":\"Bob\"}",
          "HTTP 400, C/1: Name Name: …" },
        { ERROR("Bob, Bobby, Muster"), "{\"N\":[\"Bob\",\"Muster\"]}",
          "HTTP 400, C/1: …, …by, …" },
        { ERROR("\\\"Erika\\\" Muster is"), "{\"N\":\"\\\"Erika\\\" Muster\"}",
          "HTTP 400, C/1: \"…\"… is" },
        { ERROR("two\\nlines, year 2026"), "",
          "HTTP 400, C/1: two lines, year 2026" },
        { "<?xml version=\"1.0\"?><error><code>X/2</code>"
          "<message xml:lang=\"en\">Muster &amp; Söhne is bad</message></error>",
          "{\"N\":\"Muster & Söhne\"}", "HTTP 400, X/2: …&amp;… is bad" },
        { "{\"error\":{\"code\":\"X\\u001b[2J\",\"message\":{\"value\":"
          "\"a\\u001b[2J\"}}}", "", "HTTP 400, X [2J: a [2J" },
    };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (size_t i = 0; i < CHECK_ROWS(rows); i++) {
        struct odata_reply reply = { 400, of(""), answer(&cx, rows[i].body) };
        struct op_part parts[] = {
            { PART_PATCH, NULL, "A", NULL, of("{\"Z\":\"zz\"}") },
            { PART_PATCH, "RowSet", "B", NULL, of(rows[i].sent) }
        };
        struct mr_op op = { .parts = parts, .n_parts = 2 };

        CHECK_TEXT(odata_error_text(&cx, &reply, &op), rows[i].want);
    }
    mr_cx_done(&cx);
}

/* A value that is cut off isn't found any more, and a key is one as well. */
static void
test_error_cut(void)
{
    static const struct op_key key = { "Mail", "erika@example.com",
                                       MR_TYPE_TEXT };
    struct mr_op op = { .kind = OP_FIND, .keys = &key, .n_keys = 1 };
    struct odata_reply reply = { 400, of(""), of("") };
    char body[600] = "{\"error\":{\"code\":\"C\",\"message\":{\"value\":\"";
    const char *text;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    for (int i = 0; i < 295; i++)
        strcat(body, "x");
    strcat(body, "erika@example.com and more\"}}}");
    reply.body = answer(&cx, body);
    text = odata_error_text(&cx, &reply, &op);
    CHECK(strstr(text, "xerik") == NULL);
    CHECK_NUMBER(strlen(text), strlen("HTTP 400, C: ") + 300);
    mr_cx_done(&cx);
}

/* Some services want to be left alone for a year. */
static void
test_retry_after(void)
{
    struct odata_origin from = { "http://127.0.0.1/svc/", 0 };
    struct mr_op op = { .kind = OP_READ, .map = &odata_map };
    struct odata_reply reply = { 503, of("Retry-After: 86400\r\n"), of("") };
    struct op_result r;
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    odata_outcome(&cx, &from, &op, &reply, &r);
    CHECK_NUMBER(r.retry_after, 3600);
    mr_cx_done(&cx);
}

static void
test_date(void)
{
    static const struct {
        const char *head;
        int64_t seconds;
    } rows[] = {
        { "Date: Sun, 01 Mar 2026 12:00:00 GMT\r\n", 1772366400 },
        { "a: b\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 784111777 },
        { "Date: Tue, 29 Feb 2000 23:59:59 GMT\r\n", 951868799 },
        { "Date: Mon, 29 Feb 1999 00:00:00 GMT\r\n", 0 },
        { "Date: Sun, 01 Mar 2026 12:00:00 CET\r\n", 0 },
        { "Date: Sun, 01 Mar 2026 25:00:00 GMT\r\n", 0 },
        { "Date: Sun, 01 Mrz 2026 12:00:00 GMT\r\n", 0 },
        { "Date: Sun, 0x Mar 2026 12:00:00 GMT\r\n", 0 },
        { "Date: Sunday, 06-Nov-94 08:49:37 GMT\r\n", 0 },
        { "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n", 0 },
        { "Date: Mon, 01 Jan 1900 00:00:00 GMT\r\n", 0 },
        { "Date:\r\n", 0 }, { "Content-Type: text/plain\r\n", 0 },
        { "", 0 },
    };

    for (size_t i = 0; i < CHECK_ROWS(rows); i++)
        CHECK_THAT(odata_date(of(rows[i].head)) ==
                       rows[i].seconds * 1000000,
                   "row %zu: %lld", i,
                   (long long)odata_date(of(rows[i].head)));
}

static void
test_wants_token(void)
{
    struct odata_reply r = { 403, of("X-CSRF-Token: Required\r\n"), of("") };

    CHECK(odata_wants_token(&r));
    r.head = of("x: y\r\n");
    CHECK(!odata_wants_token(&r));
    r.body = of(ERROR("CSRF token validation failed"));
    CHECK(odata_wants_token(&r));
    r.status = 400;
    CHECK(!odata_wants_token(&r));
}

/* ---- $metadata ---- */

static void
test_metadata(void)
{
    static const char text[] =
        "<?xml version='1.0'?><!-- <EntityType Name=\"Account\"/> -->"
        "<edmx:Edmx><Schema><EntityType Name=\"Row\"><Property Name=\"R\"/>"
        "</EntityType><EntityType sap:label='a > b' Name=\"Account\">"
        "<Key><PropertyRef Name=\"ObjectID\"/></Key>"
        "<Property Name=\"ObjectID\" Type=\"Edm.String\" MaxLength=\"70\"/>"
        "<Property Type='Edm.String' Name='Name' MaxLength='Max'/>"
        "<NavigationProperty Name=\"Rows\"/></EntityType>"
        "<EntityContainer><EntitySet Name=\"AccountSet\" "
        "EntityType=\"c4codata.Account\"/><EntitySet Name=\"Lost\" "
        "EntityType=\"c4codata.Lost\"/></EntityContainer></Schema></edmx:Edmx>";
    struct op_bytes type;
    struct metadata_member m;

    REQUIRE(metadata_type(of(text), "AccountSet", &type));
    CHECK(metadata_member(type, "ObjectID", &m));
    CHECK_NUMBER(m.max, 70);
    CHECK(metadata_member(type, "Name", &m));
    CHECK_NUMBER(m.max, 0);
    CHECK(metadata_member(type, "Rows", &m));
    CHECK(!metadata_member(type, "R", &m));
    CHECK(!metadata_member(type, "name", &m));
    CHECK(!metadata_type(of(text), "Lost", &type));
    CHECK(!metadata_type(of(text), "RowSet", &type));
    for (size_t n = 0; n < sizeof text; n++) {
        struct op_bytes cut = { text, n };

        if (metadata_type(cut, "AccountSet", &type))
            CHECK(n > sizeof text - 150);
    }
}

CHECK_MAIN({ "pages", test_pages }, { "finds", test_finds },
           { "changes", test_changes },
           { "the record's own change first", test_own_change_first },
           { "key sent", test_key_sent }, { "scan", test_scan },
           { "fields", test_fields }, { "keys", test_keys },
           { "parts", test_parts }, { "bad parts", test_bad_parts },
           { "no boundary", test_no_boundary }, { "outcomes", test_outcomes },
           { "created", test_created }, { "next page", test_next_page },
           { "no next page", test_no_next_page },
           { "error cut", test_error_cut }, { "retry after", test_retry_after },
           { "date", test_date },
           { "error texts", test_error_texts },
           { "wants a token", test_wants_token }, { "metadata", test_metadata })
