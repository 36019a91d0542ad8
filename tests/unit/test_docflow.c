/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains of documents without a net: one answer taken apart and printed in all
 * forms, with memory that runs out anywhere; hostile texts; how a key becomes
 * a request; columns of characters; lines of a picture.
 */
#include "call/docflow.h"
#include "host/docflow_layout.h"
#include "host/docflow_words.h"
#include "host/glyphs.h"
#include "unit/check.h"

#include <stdlib.h>

extern const struct mr_program mapc_program;

#define ANSWER(header, flows)                                                 \
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>"        \
    "<e:Body><n:BAPI_QUOTATION_GETDETAILBOS.Response "                        \
    "xmlns:n='urn:sap-com:document:sap:rfc:functions'>"                       \
    "<QUOTATIONHEADER>" header "</QUOTATIONHEADER><QUOTATIONFLOWS>" flows     \
    "</QUOTATIONFLOWS><RETURN><item><TYPE>W</TYPE><MESSAGE>Nur ein "          \
    "Muster</MESSAGE></item></RETURN>"                                        \
    "</n:BAPI_QUOTATION_GETDETAILBOS.Response></e:Body></e:Envelope>"
#define STEP(from, to, amount)                                                \
    "<item><PRECSDDOC>" from "</PRECSDDOC><PREDITDOC>000010</PREDITDOC>"      \
    "<SUBSSDDOC>" to "</SUBSSDDOC><SUBSITDOC>000010</SUBSITDOC>"              \
    "<DOCCATEGOR>B</DOCCATEGOR><REFERENVAL>" amount "</REFERENVAL>"           \
    "<STATISCURR>EUR</STATISCURR><DOC_CAT_SD>C</DOC_CAT_SD>"                  \
    "<CREAT_DATE>2024-03-04</CREAT_DATE><LEVELFLOWR>00</LEVELFLOWR></item>"

static const char three[] =
    ANSWER("<DOC_NUMBER>0000000001</DOC_NUMBER><SD_DOC_CAT>B</SD_DOC_CAT>"
           "<NET_VAL_HD>7.000000000</NET_VAL_HD><CURRENCY>EUR</CURRENCY>",
           STEP("0000000001", "0000000002", "3.5")
           STEP("0000000002", "0000000003", "3.5")
           STEP("0000000001", "0000000003", "0.25")
           STEP("0000000003", "0000000001", "1"));

static int64_t
clock_of_test(void)
{
    return 0;
}

/* As if this had come for the key; false: there is no chain. */
static bool
take(struct docflow *f, const struct mr_memory *memory, const char *key,
     const char *answer)
{
    docflow_init(f, mapc_program.calls[0], memory, clock_of_test);
    if (!docflow_begin(f, key, strlen(key)))
        return false;
    f->first.q.reply = (struct http_reply){
        .end = HTTP_ANSWERED, .status = 200,
        .body = (char *)(uintptr_t)answer, .n = strlen(answer), .text = ""
    };
    calling_answer(&f->first.q);
    if (f->first.q.end != CALL_ANSWERED)
        return false;
    docflow_take(f, &f->first);
    return chain_finish(&f->chain) && f->chain.cx.error.status == MR_OK;
}

enum form { FORM_JSON, FORM_TREE, FORM_LINES, FORM_SVG };

/* The caller frees it; NULL: memory ran out. */
static char *
printed(struct docflow *f, enum form form)
{
    const struct docflow_look plain = { false, false }, fine = { true, true };
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    bool good;

    if (out == NULL)
        abort();
    good = form == FORM_JSON    ? docflow_json(out, f)
           : form == FORM_TREE  ? docflow_tree(out, f, &plain)
           : form == FORM_LINES ? docflow_tree(out, f, &fine)
                                : docflow_svg(out, f);
    fclose(out);
    if (good)
        return text;
    free(text);
    return NULL;
}

static void
has(struct docflow *f, enum form form, const char *words)
{
    char *text = printed(f, form);

    if (text == NULL || strstr(text, words) == NULL)
        check_fail(__FILE__, __LINE__, "no %s in %.900s", words,
                   text == NULL ? "nothing" : text);
    free(text);
}

/* --- the cases --- */

static void
one_answer(void)
{
    struct docflow f;

    REQUIRE(take(&f, NULL, "1", three));
    has(&f, FORM_TREE, "1        quotation  2024-03-04  7.00 EUR\n"
                       "|- 2     order      2024-03-04  3.50 EUR\n"
                       "|  `- 3  order      2024-03-04  3.75 EUR\n"
                       "|     `- 1  (goes round)\n"
                       "`- 3  (above)\n");
    has(&f, FORM_LINES, "\xe2\x94\x94\xe2\x94\x80 3  (above)\n");
    has(&f, FORM_JSON, "\"messages\":[{\"severity\":\"warning\",\"item\":\"1\","
                       "\"text\":\"Nur ein Muster\"}],\"complete\":true}\n");
    has(&f, FORM_JSON, "{\"from\":\"3\",\"to\":\"1\",\"items\":1,\"amount\":"
                       "\"1\",\"currency\":\"EUR\",\"closes_circle\":true}");
    has(&f, FORM_SVG, "class=\"back\"");
    docflow_done(&f);
}

static void
keys(void)
{
    static const char *const rows[][2] = {
        { "7", "<SALESDOCUMENT>0000000007<" },
        { "a\"\\b", "<SALESDOCUMENT>a\"\\b<" },
        { "\xc3\xa4<&", "<SALESDOCUMENT>\xc3\xa4&lt;&amp;<" }
    };
    struct docflow f;
    char text[2000];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        docflow_init(&f, mapc_program.calls[0], NULL, clock_of_test);
        CHECK(docflow_begin(&f, rows[i][0], strlen(rows[i][0])));
        snprintf(text, sizeof text, "%.*s", (int)f.first.q.request.n,
                 f.first.q.request.at);
        CHECK(strstr(text, rows[i][1]) != NULL);
        docflow_done(&f);
    }
    docflow_init(&f, mapc_program.calls[0], NULL, clock_of_test);
    CHECK(!docflow_begin(&f, "12345678901", 11));
    CHECK_NUMBER(f.first.q.end, CALL_HELD);
    docflow_done(&f);
    docflow_init(&f, mapc_program.calls[0], NULL, clock_of_test);
    CHECK(!docflow_begin(&f, "\xff", 1));
    CHECK_NUMBER(f.first.q.end, CALL_INPUT);
    docflow_done(&f);
}

/* What would command a terminal, or end an element, does neither. */
static void
hostile(void)
{
    struct docflow f;
    char *text;

    REQUIRE(take(&f, NULL, "1", ANSWER(
        "<DOC_NUMBER>&lt;&#x9b;2J&#x202e;\"</DOC_NUMBER>"
        "<NET_VAL_HD>1</NET_VAL_HD><CURRENCY>&amp;&lt;</CURRENCY>", "")));
    has(&f, FORM_TREE, "<?2J?\"  1 &<");
    has(&f, FORM_SVG, ">&lt;?2J?&quot;</text>");
    has(&f, FORM_SVG, ">1 &amp;&lt;</text>");
    text = printed(&f, FORM_SVG);
    CHECK(text != NULL && strstr(text, "\xc2\x9b") == NULL);
    free(text);
    docflow_done(&f);
}

static void
nothing(void)
{
    struct docflow f;

    REQUIRE(take(&f, NULL, "1", ANSWER("", "")));
    CHECK_NUMBER(f.chain.n, 0);
    has(&f, FORM_JSON, "{\"asked\":\"1\",\"documents\":[],\"steps\":[],");
    has(&f, FORM_SVG, ">no documents</text>");
    docflow_done(&f);
}

/* --- columns --- */

static const char *
cut(const char *text, uint32_t room)
{
    static char out[200];
    char *p = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&p, &n);
    uint32_t columns;

    if (to == NULL)
        abort();
    columns = glyphs_put(to, mr_text(text), room, GLYPHS_PLAIN, true);
    fclose(to);
    snprintf(out, sizeof out, "%u %s", (unsigned)columns, p);
    free(p);
    return out;
}

static void
columns(void)
{
    CHECK_TEXT(cut("Muster", 6), "6 Muster");
    CHECK_TEXT(cut("Muster", 5), "5 Must\xe2\x80\xa6");
    CHECK_TEXT(cut("Muster", 1), "1 \xe2\x80\xa6");
    CHECK_TEXT(cut("Muster", 0), "0 ");
    /* Wide ones: the second would leave no room for the mark. */
    CHECK_TEXT(cut("\xe6\xbc\xa2\xe5\xad\x97\xe5\xad\x97", 5),
               "5 \xe6\xbc\xa2\xe5\xad\x97\xe2\x80\xa6");
    CHECK_TEXT(cut("\xe6\xbc\xa2\xe5\xad\x97\xe5\xad\x97", 4),
               "3 \xe6\xbc\xa2\xe2\x80\xa6");
    CHECK_TEXT(cut("a\xcc\x88z", 2), "2 a\xcc\x88z");
    CHECK_TEXT(cut("a\033[31m\xc3", 9), "7 a?[31m?");
    CHECK_TEXT(cut("\x80\xf8z\xed\xa0\x80", 9), "4 ??z?");
    CHECK_NUMBER(glyphs_width(mr_missing()), 0);
}

/* --- a picture --- */

static void
add(struct chain *c, const char *from, const char *to)
{
    struct mr_val f[MR_DOCUMENT_FIELDS] = { { 0 } };

    f[MR_STEP_FROM] = mr_text(from);
    f[MR_STEP_TO] = mr_text(to);
    chain_step(c, f);
}

/* Does any box of a level touch another one? */
static bool
apart(const struct chain *c, const struct layout *l)
{
    for (uint32_t i = 0; i < c->n; i++)
        for (uint32_t k = 0; k < l->n_nodes; k++) {
            uint32_t height = k < c->n ? BOX_HEIGHT : BEND_HEIGHT;

            if (i != k && l->nodes[i].level == l->nodes[k].level &&
                l->nodes[i].y < l->nodes[k].y + height &&
                l->nodes[k].y < l->nodes[i].y + BOX_HEIGHT)
                return false;
        }
    return true;
}

/* A1 to E passes two levels; B and C would cross if they stood as they came. */
static void
picture(void)
{
    struct chain c;
    struct layout l;

    chain_init(&c, NULL);
    add(&c, "A1", "C");
    add(&c, "A2", "B");
    add(&c, "C", "D");
    add(&c, "D", "E");
    add(&c, "A1", "E");
    REQUIRE(chain_finish(&c) && docflow_layout(&c, &l));
    CHECK_NUMBER(l.n_levels, 4);
    CHECK_NUMBER(l.n_nodes, 8);
    CHECK_NUMBER(l.n_lines, 7);
    CHECK(apart(&c, &l));
    for (uint32_t i = 0; i < l.n_lines; i++)
        CHECK_NUMBER(l.nodes[l.lines[i].to].level,
                     l.nodes[l.lines[i].from].level + 1);
    for (uint32_t i = 0; i < l.n_nodes; i++)
        CHECK(l.nodes[i].x + BOX_WIDTH + PICTURE_MARGIN <= l.width &&
              l.nodes[i].y + BOX_HEIGHT <= l.height);
    CHECK(l.nodes[chain_find(&c, mr_text("C")) - c.documents].y <
          l.nodes[chain_find(&c, mr_text("B")) - c.documents].y);
    chain_done(&c);
}

/* More bends than are drawn: lines go straight, all the same. */
static void
many_bends(void)
{
    char from[16], to[16];
    struct chain c;
    struct layout l;

    chain_init(&c, NULL);
    for (int i = 0; i < 300; i++) {
        snprintf(from, sizeof from, "%03d", i);
        for (int k = 1; k < 300 && i + k <= 300; k += 30) {
            snprintf(to, sizeof to, "%03d", i + k);
            add(&c, from, to);
        }
    }
    REQUIRE(chain_finish(&c) && docflow_layout(&c, &l));
    CHECK_NUMBER(l.n_nodes, c.n);
    CHECK_NUMBER(l.n_lines, c.n_edges);
    CHECK_NUMBER(l.n_levels, 301);
    chain_done(&c);
}

/* --- memory that runs out anywhere --- */

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

static void
memory(void)
{
    bool whole = false;

    for (long left = 0; !whole && left < 2000; left++) {
        struct scarce s = { left, 0 };
        struct mr_memory m = { scarce_resize, &s };
        struct docflow f;

        whole = take(&f, &m, "1", three);
        CHECK(whole || f.first.q.end != CALL_ANSWERED ||
              f.chain.cx.error.status == MR_EMEMORY);
        for (enum form form = FORM_JSON; whole && form <= FORM_SVG; form++) {
            char *text = printed(&f, form);

            whole = text != NULL;
            free(text);
        }
        docflow_done(&f);
        CHECK_NUMBER(s.open, 0);
    }
    CHECK(whole);
}

CHECK_MAIN({ "docflow: one answer", one_answer },
           { "docflow: keys", keys },
           { "docflow: hostile texts", hostile },
           { "docflow: nothing", nothing },
           { "docflow: columns", columns },
           { "docflow: a picture", picture },
           { "docflow: many bends", many_bends },
           { "docflow: memory", memory })
