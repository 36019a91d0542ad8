/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a request to the sandbox: addresses with their options, filters,
 * batches, records, IDocs, what stands in the headers. The first byte chooses.
 * What is answered is what it says it is, and a batch can be read by the
 * program that would have sent it.
 */
#include <stdint.h>
#include <string.h>

#include "base/names.h"
#include "fuzz/demand.h"
#include "fuzz/quiet.h"
#include "peer/idoc.h"
#include "peer/odata.h"
#include "sandbox/control.h"
#include "sandbox/counts.h"
#include "sandbox/guard.h"
#include "sandbox/idoc.h"
#include "sandbox/odata.h"
#include "sandbox/outbox.h"
#include "sandbox/seed.h"
#include "sema/check.h"
#include "syntax/lex.h"

static const char *const some[] = { "l.Thing=3", "r.Object=2", "e.PAPER01=1",
                                    NULL };

static struct model model;
static struct store *store;
static const char *first_id;            /* of a record that is there */

static void
equip(struct site *site)
{
    struct arena *a = model.arena;

    site->password = "made-up";
    site->base = site->protocol == SITE_ODATA ? "/odata/" : "/idoc";
    site->url = arena_printf(a, "http://127.0.0.1:1%s", site->base);
    site->faults = faults_new(a);
    site->sessions = sessions_new(a);
    site->counts = arena_alloc(a, sizeof *site->counts);
    if (site->protocol == SITE_IDOC)
        site->outbox = outbox_new(store, site, 1);
}

static void
find_first(void)
{
    const struct site *l = model_site(&model, "l");
    struct cursor *c = sb_store_all(store, site_kind(l, "Thing", 5)->number, 0);
    struct row row;

    DEMAND(sb_store_next(c, &row));
    first_id = arena_copy(model.arena, row.oid, row.oid_n);
    sb_store_end(c);
}

static void
set_up(void)
{
    static const char *const no_folders[] = { NULL };
    struct arena *a = arena_new();
    struct check_input in = { .arena = a, .folders = no_folders };
    const struct tprogram *program;

    in.names = names_new(a);
    in.sources = sources_new(a);
    in.diags = diags_new(a);
    program = check_program(&in, "tests/repl/merging.map");
    DEMAND(diags_errors(in.diags) == 0 && model_make(&model, a, program));
    store = sb_store_open(NULL);
    DEMAND(store != NULL && sb_store_kinds(store, &model));
    for (size_t i = 0; i < model.sites.n; i++)
        equip(model.sites.at[i]);
    DEMAND(seed_fill(&model, store, some,
                     &(struct seed_wish){ .number = 1 }));
    find_first();
}

static void
header(struct request *r, const char *name, const char *value)
{
    struct header h = { name, value };

    vec_push(r->arena, &r->headers, h);
}

static const char *
said(const struct answer *to, const char *name)
{
    for (size_t i = 0; i < to->headers.n; i++)
        if (strcmp(to->headers.at[i].name, name) == 0)
            return to->headers.at[i].value;
    return "";
}

/* --- what has to hold of an answer --- */

static void
check_json(const char *p, size_t n)
{
    json_t *json = json_loadb(p, n, JSON_DECODE_ANY, NULL);

    DEMAND(json != NULL);
    json_decref(json);
}

/* Read as the connector reads it. */
static void
check_batch(const struct answer *to)
{
    char *p = malloc(to->body.n + BYTES_PADDING);
    struct op_bytes all = { p, to->body.n };
    struct odata_parts parts, inner;
    struct odata_reply reply;
    enum mr_status st;
    bool nested, first = true;

    DEMAND(p != NULL);
    memcpy(p, to->body.at, to->body.n);
    memset(p + to->body.n, 0, BYTES_PADDING);
    DEMAND(odata_parts_open(&parts, mr_text(said(to, "content-type")), all));
    while ((st = odata_parts_next(&parts, &reply, &inner, &nested)) == MR_OK)
        while (nested && (st = odata_parts_next(&inner, &reply, NULL,
                                                &first)) != MR_END)
            DEMAND(st == MR_OK);
    DEMAND(st == MR_END);
    free(p);
}

static void
check_answer(const struct answer *to)
{
    const char *type = said(to, "content-type");

    DEMAND(to->status >= 200 && to->status < 600);
    DEMAND(strcmp(status_words(to->status), "Status") != 0);
    if (strncmp(type, "application/json", 16) == 0)
        check_json(to->body.at, to->body.n);
    else if (strncmp(type, "multipart/mixed", 15) == 0)
        check_batch(to);
}

/* --- requests --- */

/* Inside of a transaction that is taken back: each input begins alike. */
static void
answer_odata(struct request *r, struct answer *to)
{
    struct counts before = *r->site->counts;

    DEMAND(sb_store_begin(store));
    if (strcmp(r->path, "/odata/$batch") == 0)
        sb_odata_batch(r, to);
    else
        sb_odata_request(r, to);
    sb_store_rollback(store);
    *r->site->counts = before;
}

/* "path?query", as it came. */
static bool
take_address(struct request *r)
{
    const char *mark = memchr(r->body, '?', r->body_n);
    size_t n = mark == NULL ? r->body_n : (size_t)(mark - r->body);

    r->path = url_decode(r->arena, r->body, n, false);
    if (r->path == NULL)
        return false;
    r->path = arena_printf(r->arena, "/odata/%s", r->path);
    if (mark != NULL)
        r->query = arena_copy(r->arena, mark + 1, r->body_n - n - 1);
    return true;
}

/* A line for each header. Nobody writes by these: a token can't be guessed. */
static void
take_headers(struct request *r)
{
    static const char *const names[] = { "authorization", "x-csrf-token",
                                         "cookie", "if-match",
                                         "x-http-method" };
    const char *p = arena_copy(r->arena, r->body, r->body_n);

    for (size_t i = 0; i < sizeof names / sizeof names[0] && *p != '\0'; i++) {
        size_t n = strcspn(p, "\n");

        header(r, names[i], arena_copy(r->arena, p, n));
        p += n + (p[n] == '\n');
    }
}

/* What was taken is kept, so that all is made anew behind it. */
static void
try_idocs(struct request *r, struct answer *to)
{
    struct op_bytes all;
    struct idoc_status status;
    size_t n = 0;

    r->method = "POST";
    r->path = "/idoc";
    header(r, "authorization", "Basic bWFwYzptYWRlLXVw");
    header(r, "content-type", "text/xml");
    sb_idoc_answer(r, to);
    DEMAND(to->status != 401 && to->status != 415);
    if (to->status != 200)
        return;
    all = (struct op_bytes){ to->body.at, to->body.n };
    DEMAND(utf8_check(all.p, all.n) == all.n);
    while (idoc_answer(&all, &status))
        n++;
    DEMAND(n > 0);
    sb_store_clear(store);
    DEMAND(seed_fill(&model, store, some,
                     &(struct seed_wish){ .number = 1 }));
    find_first();
}

static void
try_control(struct request *r, struct answer *to)
{
    static const char *const looks[] = { "records", "record", "stats" };

    r->path = arena_printf(r->arena, "/sandbox/%s", looks[r->body_n % 3]);
    r->query = arena_copy(r->arena, r->body, r->body_n);
    control_answer(r, to);
}

static void
try_request(uint8_t what, struct request *r, struct answer *to)
{
    r->site = model_site(&model, what % 8 == 6 ? "e" : "l");
    switch (what % 8) {
    case 0:
        r->method = "POST";
        r->path = "/odata/$batch";
        header(r, "content-type", "multipart/mixed; boundary=b");
        answer_odata(r, to);
        break;
    case 1:
    case 2:
        r->method = what % 8 == 1 ? "GET" : "DELETE";
        if (take_address(r))
            answer_odata(r, to);
        break;
    case 3:
        r->path = "/odata/ThingCollection";
        r->query = arena_printf(r->arena, "$filter=%.*s", (int)r->body_n,
                                r->body);
        answer_odata(r, to);
        break;
    case 4:
    case 5:
        r->method = what % 8 == 4 ? "POST" : "PATCH";
        r->path = what % 8 == 4 ? "/odata/ThingCollection"
                                : arena_printf(r->arena,
                                               "/odata/ThingCollection('%s')",
                                               first_id);
        answer_odata(r, to);
        break;
    case 6:
        try_idocs(r, to);
        break;
    default:
        if (what & 8) {
            try_control(r, to);
            break;
        }
        r->method = "POST";
        r->path = "/odata/ThingCollection";
        take_headers(r);
        sb_odata_answer(r, to);
        DEMAND(to->status == 401 || to->status == 403);
    }
}

/* The input, "@" standing for a record that is there; of its exact size, so
 * that a step too far is noticed. */
static char *
body_of(const uint8_t *data, size_t n, size_t *out)
{
    size_t id = strlen(first_id);
    char *body, *to;

    *out = n;
    for (size_t i = 0; i < n; i++)
        *out += data[i] == '@' ? id - 1 : 0;
    to = body = malloc(*out > 0 ? *out : 1);
    DEMAND(body != NULL);
    for (size_t i = 0; i < n; i++)
        if (data[i] == '@') {
            memcpy(to, first_id, id);
            to += id;
        } else {
            *to++ = (char)data[i];
        }
    return body;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct request r = { .method = "GET", .query = "" };
    struct answer to;
    struct quiet q;
    char *body;

    if (n == 0)
        return 0;
    quiet_begin(&q);
    if (store == NULL)
        set_up();
    body = body_of(data + 1, n - 1, &r.body_n);
    r.arena = arena_new();
    r.store = store;
    r.model = &model;
    r.body = body;
    answer_init(&to, r.arena);
    try_request(data[0], &r, &to);
    check_answer(&to);
    arena_free(r.arena);
    free(body);
    quiet_end(&q);
    free(q.text);
    return 0;
}
