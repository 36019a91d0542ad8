/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a system answers or sends: batches and records of OData,
 * $metadata, messages of IDocs and the answers to them, flat IDocs and their
 * layouts. The first byte chooses. What is found must lie in the answer.
 */
#include <stdint.h>
#include <stdlib.h>

#include "peer/flat.h"
#include "peer/idoc.h"
#include "peer/odata.h"
#include "peer/odata_metadata.h"
#include "unit/odata_map.h"

static void
inside(struct op_bytes all, struct op_bytes part)
{
    if (part.n > 0 && (part.p < all.p || part.p + part.n > all.p + all.n))
        abort();
}

/* As the answer to each kind of operation, with each status that matters. */
static void
look_at(struct mr_cx *cx, struct op_bytes all, struct op_bytes head,
        struct op_bytes body)
{
    static const int statuses[] = { 200, 201, 204, 400, 403, 404, 412, 503 };
    struct odata_origin from = { "http://127.0.0.1/", 2 };
    struct odata_list list;

    if (odata_scan(cx, body, NULL, NULL, &list) == MR_OK && list.n > 0) {
        odata_field(cx, list.last, "Number");
        odata_key_of(cx, odata_metadata(cx, list.first, "uri"));
    }
    for (int kind = OP_PAGE; kind <= OP_REMOVE; kind++)
        for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
            struct mr_op op = { .kind = (enum op_kind)kind, .map = &odata_map,
                                .record_id = "A", .etag = "" };
            struct odata_reply reply = { statuses[i], head, body };
            struct op_result r;

            odata_outcome(cx, &from, &op, &reply, &r);
            odata_wants_token(&reply);
            inside(all, r.body);
        }
}

static void
try_batch(struct mr_cx *cx, struct op_bytes all)
{
    struct odata_parts parts, inner;
    struct odata_reply r;
    bool nested, first = true;

    if (!odata_parts_open(&parts, mr_text("multipart/mixed; boundary=b"), all))
        return;
    while (odata_parts_next(&parts, &r, &inner, &nested) == MR_OK) {
        while (nested && odata_parts_next(&inner, &r, NULL, &first) == MR_OK) {
            inside(all, r.body);
            look_at(cx, all, r.head, r.body);
        }
        if (!nested) {
            inside(all, r.body);
            look_at(cx, all, r.head, r.body);
        }
    }
}

static void
try_metadata(struct op_bytes all)
{
    struct op_bytes type;
    struct metadata_member m;

    if (!metadata_type(all, "S", &type))
        return;
    inside(all, type);
    metadata_member(type, "P", &m);
    metadata_is_key(type, "P");
    metadata_count(all);
}

static void
try_idocs(struct mr_cx *cx, struct op_bytes all)
{
    struct idoc_control c;
    struct idoc_status status;
    struct idoc_in *in;
    char serial[40];

    if (idoc_in_open(cx, all.p, all.n, NULL, &in) == MR_OK) {
        while (idoc_in_next(cx, in, &c) == MR_OK)
            idoc_serial(&c, serial, sizeof serial);
        idoc_in_close(cx, in);
    }
    while (idoc_answer(&all, &status))
        ;
}

static void
try_flat(struct mr_cx *cx, struct op_bytes all)
{
    static const char layout[] = "segment S\nF 3\nsegment T\nG 10\n";
    struct flat_layout *l;
    struct bytes out;

    bytes_init(&out, &cx->memory);
    if (flat_layout_new(cx, layout, sizeof layout - 1, &l) == MR_OK) {
        flat_to_xml(cx, l, all.p, all.n, &out);
        cx->error.status = MR_OK;
        out.n = 0;
        flat_from_xml(cx, l, all.p, all.n, &out);
        flat_layout_free(cx, l);
    }
    bytes_free(&out);
    cx->error.status = MR_OK;
    if (flat_layout_new(cx, all.p, all.n, &l) == MR_OK)
        flat_layout_free(cx, l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct op_bytes all;
    struct mr_cx cx;
    char *p;

    if (n == 0 || (p = malloc(n - 1 + BYTES_PADDING)) == NULL)
        return 0;
    memcpy(p, data + 1, n - 1);
    memset(p + n - 1, 0, BYTES_PADDING);
    all = (struct op_bytes){ p, n - 1 };
    mr_cx_init(&cx, NULL);
    switch (data[0] % 5) {
    case 0: try_batch(&cx, all); break;
    case 1: look_at(&cx, all, all, all); break;
    case 2: try_metadata(all); break;
    case 3: try_idocs(&cx, all); break;
    default: try_flat(&cx, all); break;
    }
    mr_cx_done(&cx);
    free(p);
    return 0;
}
