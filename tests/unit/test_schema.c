/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema import: what each fact of the formats becomes, as the line that
 * `mapc dump schema` shows for the member; what a schema is asked.
 */
#include "check.h"

#include <stdlib.h>
#include <unistd.h>

#include "schema_world.h"

/* What the dump says behind the name of a member. */
static const char *
fact(struct world *w, const struct schema *s, const char *record,
     const char *member)
{
    struct buf b;
    char *line;

    buf_init(&b, w->arena);
    schema_dump(s, &b);
    char *block = strstr(b.at, arena_printf(w->arena, "\nrecord %s\n",
                                            record));
    if (block == NULL)
        return NULL;
    char *end = strstr(block + 1, "\n\n");
    if (end != NULL)
        end[1] = '\0';
    line = strstr(block, arena_printf(w->arena, "\n  %s ", member));
    if (line == NULL)
        return NULL;
    line += 3 + strlen(member);
    line += strspn(line, " ");
    line[strcspn(line, "\n")] = '\0';
    return line;
}

struct expected {
    const char *record, *member, *fact;
};

static void
check_facts(const char *path, const struct expected *rows, size_t n)
{
    struct world w = world_new();
    struct schema *s = import(&w, path);

    CHECK_THAT(s != NULL, "%s is not imported", path);
    for (size_t i = 0; s != NULL && i < n; i++) {
        const char *got = fact(&w, s, rows[i].record, rows[i].member);

        if (rows[i].fact == NULL)
            CHECK_THAT(got == NULL, "%s.%s is there: %s", rows[i].record,
                       rows[i].member, got);
        else
            CHECK_THAT(got != NULL && strcmp(got, rows[i].fact) == 0,
                       "%s.%s: got \"%s\", want \"%s\"", rows[i].record,
                       rows[i].member, got ? got : "nothing", rows[i].fact);
    }
    arena_free(w.arena);
}

#define FACTS(path, ...)                                                      \
    do {                                                                      \
        static const struct expected rows[] = { __VA_ARGS__ };                \
        check_facts(path, rows, sizeof rows / sizeof rows[0]);                \
    } while (0)

static void
odata2_facts(void)
{
    FACTS("tests/schema/sales2.edmx",
          /* made by the server: not required although never empty */
          { "Party", "ObjectID", "text, at most 70 characters [text] 1..1 "
            "key not-creatable not-updatable" },
          { "Party", "Name",
            "text, at most 40 characters [text] 1..1 required" },
          { "Party", "Photo", NULL },
          { "Account", "Name",
            "text, at most 40 characters [text] 1..1 required" },
          { "Account", "AccountID", "text, at most 10 characters [text] "
            "nullable 0..1 not-updatable" },
          { "Account", "CountryCode", "text, at most 3 characters [text] "
            "nullable 0..1 codes=CountryCodeCollection" },
          { "Account", "Note", "text [text] nullable 0..1" },
          { "Account", "Limit", "record Amount 1..1 required" },
          { "Account", "Rate", "number with 16 digits, 6 of them behind the "
            "point [number as text] nullable 0..1" },
          { "Account", "Whole", "whole number with 15 digits [number as text] "
            "nullable 0..1" },
          { "Account", "Open", "number [number as text] nullable 0..1" },
          { "Account", "Ratio", "number [number as text] nullable 0..1" },
          { "Account", "Big", "whole number with 19 digits [number as text] "
            "nullable 0..1" },
          { "Account", "Small", "whole number from 0 to 255 [number] "
            "nullable 0..1" },
          { "Account", "Active", "yes or no [bool] nullable 0..1" },
          { "Account", "Born", "date and time [ticks] "
            "nullable 0..1" },
          { "Account", "ChangedOn", "date and time [ticks] nullable 0..1" },
          { "Account", "Opens", "time [duration time] nullable 0..1" },
          { "Account", "Uuid", "GUID [guid] nullable 0..1" },
          { "Account", "Scan", "binary data [base64] nullable 0..1" },
          { "Account", "City",
            "text, at most 240 characters [text] nullable 0..1" },
          { "Account", "Contacts",
            "record Contact nullable 0..n navigation" },
          { "Account", "Owner", "record Contact nullable 0..1 navigation" },
          { "Contact", "ID",
            "text, at most 10 characters [text] 1..1 required key" });
}

static void
odata4_facts(void)
{
    FACTS("tests/schema/sales4.edmx",
          { "Order", "ID",
            "GUID [guid] 1..1 key not-creatable not-updatable" },
          { "Order", "Number",
            "text, at most 10 characters [text] 1..1 required" },
          { "Order", "Status",
            "one of 2 values (\"Open\", \"Done\") [text] 1..1" },
          { "Order", "Days", "text [text] nullable 0..1" },
          { "Order", "Total", "number with 15 digits, 2 of them behind the "
            "point [number] nullable 0..1" },
          { "Order", "Weight", "number [number] nullable 0..1" },
          { "Order", "Pieces", "whole number [number] nullable 0..1" },
          { "Order", "Ratio", "number [number] nullable 0..1" },
          { "Order", "Big",
            "whole number with 19 digits [number] nullable 0..1" },
          { "Order", "Day", "date [date] nullable 0..1" },
          { "Order", "At", "time [time] nullable 0..1" },
          { "Order", "ChangedAt",
            "date and time [date-time] nullable 0..1" },
          { "Order", "Takes", "text [text] nullable 0..1" },
          { "Order", "Where", NULL },
          { "Order", "Tags", "text [text] 0..n" },
          { "Order", "Addresses", "record Address nullable 0..n" },
          { "Order", "Main", "record Address 1..1 required" },
          { "Order", "CreatedBy",
            "text [text] 1..1 not-creatable not-updatable" },
          { "Order", "Kind", "text [text] 1..1 required not-updatable" },
          { "Order", "Items", "record Item nullable 0..n navigation" },
          { "Item", "Order", "record Order 1..1 required navigation" });
}

static void
idoc_facts(void)
{
    FACTS("tests/schema/idoc.xsd",
          { "MUSTER01", "IDOC", "record MUSTER01.IDOC 1..n required" },
          { "MUSTER01.IDOC", "BEGIN",
            "always \"1\" [text] 1..1 required attribute" },
          { "MUSTER01.IDOC", "E1MUSTM",
            "record MUSTER01.IDOC.E1MUSTM 0..999" },
          { "MUSTER01.IDOC.EDI_DC40", "SEGMENT",
            "always \"1\" [text] 1..1 required attribute" },
          { "MUSTER01.IDOC.EDI_DC40", "TABNAM",
            "always \"EDI_DC40\" [text] 1..1 required" },
          { "MUSTER01.IDOC.EDI_DC40", "DIRECT",
            "one of 2 values (\"1\", \"2\") [text] 1..1 required" },
          { "MUSTER01.IDOC.E1MUSTM", "KUNNR",
            "text, at most 10 characters [text] nullable 0..1" },
          { "MUSTER01.IDOC.E1MUSTM.E1MUSTC", "PARNR",
            "text, at most 10 characters [text] nullable 0..1" });
}

#define INV " ns=urn:example:invoice"

static void
xsd_facts(void)
{
    FACTS("tests/schema/invoice.xsd",
          { "Invoice", "version",
            "always \"2\" [text] 1..1 required attribute" },
          { "Invoice", "by", "text [text] nullable 0..1 attribute" },
          { "Invoice", "lang", "text [text] nullable 0..1 attribute "
            "ns=http://www.w3.org/XML/1998/namespace" },
          { "Invoice", "Number", "text, 3 to 10 digits [text] 1..1 required"
            INV },
          { "Invoice", "Short",
            "text, 3 to 5 digits [text] nullable 1..1 required" INV },
          { "Invoice", "Created", "date and time [date-time] 1..1 required" },
          { "Invoice", "Count",
            "whole number from 1 to 99 [number] 1..1 required" INV },
          { "Invoice", "Units", "text [text] nullable 0..1" INV },
          { "Invoice", "Either", "text [text] nullable 0..1" INV },
          { "Invoice", "Party",
            "record Party 1..2 required ns=urn:example:common" },
          { "Invoice", "Net", "number with 15 digits, 2 of them behind the "
            "point [number] 0..1" INV },
          { "Invoice", "Tax", "number with 15 digits, 2 of them behind the "
            "point [number] 0..3" INV },
          { "Invoice", "Line", "record Line 0..n" INV },
          { "Invoice", "Payment", NULL },
          { "Invoice", "Transfer", "record Transfer 0..1 choice" INV },
          { "Invoice", "Card", "record Payment 0..1 choice" INV },
          { "Invoice", "Pickup", "yes or no [bool] 0..1 choice" INV },
          { "Invoice", "Zone", "text [text] nullable 0..1 choice" INV },
          { "Party", "Name", "text [text] nullable 1..1 required" },
          { "Line", "Part", "record Line 0..n" INV },
          { "Quantity", "content", "number with 15 digits, 2 of them behind "
            "the point [number] 1..1 required content" },
          { "Quantity", "unit", "one of 2 values (\"PCE\", \"KGM\") [text] "
            "nullable 1..1 required attribute" },
          { "SmallQuantity", "content", "number with 5 digits, 2 of them "
            "behind the point [number] 1..1 required content" });
}

static void
json_facts(void)
{
    FACTS("tests/schema/order.schema.json",
          { "Order", "number",
            "text, at most 10 digits [text] 1..1 required" },
          { "Order", "date", "date [date] 1..1 required" },
          { "Order", "changed", "date and time [date-time] nullable 0..1" },
          { "Order", "pickup", "time [time] 0..1" },
          { "Order", "uuid", "GUID [guid] 0..1" },
          { "Order", "scan", "binary data [base64] 0..1" },
          { "Order", "status",
            "one of 2 values (\"open\", \"done\") [text] nullable 0..1" },
          { "Order", "version", "always \"2\" [text] 0..1" },
          { "Order", "urgent", "yes or no [bool] 0..1" },
          { "Order", "total", "number with at most 2 digits behind the point "
            "[number] 1..1 required" },
          { "Order", "weight", "number [number] 0..1" },
          { "Order", "priority", "whole number from 1 to 9 [number] 0..1" },
          { "Order", "count64", "whole number [number] 0..1" },
          { "Order", "id", "text [text] 0..1 not-creatable not-updatable" },
          { "Order", "buyer", "record Partner 1..1 required" },
          { "Order", "payer", "record Partner nullable 0..1" },
          { "Order", "lines", "record Line 1..n required" },
          { "Order", "tags", "text, at most 20 characters [text] 0..n" },
          { "Order", "anything", NULL },
          { "Order.delivery", "kind", "text [text] 1..1 required" },
          { "Order.delivery", "box",
            "text, at most 10 characters [text] 0..1 choice" },
          { "Partner", "id",
            "text, at most 10 characters [text] 1..1 required" },
          { "Partner", "name",
            "text, at most 40 characters [text] 1..1 required" },
          { "Partner", "rating", "whole number from 0 to 4 [number] 0..1" },
          { "Partner", "parent", "record Partner 0..1" },
          { "Line", "quantity", "number with at most 3 digits behind the "
            "point [number] 0..1" });
}

static void
openapi_facts(void)
{
    FACTS("tests/schema/service.openapi.json",
          { "Customer", "id", "text [text] 0..1 not-creatable not-updatable" },
          { "Customer", "name", "text, at most 80 characters [text] nullable "
            "1..1 required" },
          { "Customer", "limit", "number with at most 2 digits behind the "
            "point [number as text] 0..1" },
          { "Customer", "orders", "record Order 0..n" },
          { "Order", "customer", "record Customer 0..1" });
}

static void
wsdl_facts(void)
{
    FACTS("tests/schema/service.wsdl",
          { "Customer", "Id", "text [text] nullable 1..1 required" },
          { "Customer", "Since", "date [date] 0..1" });
}

/* UTF-16 has to become the same schema. */
static void
other_encoding(void)
{
    static const char text[] =
        "<?xml version='1.0' encoding='UTF-16'?>"
        "<schema xmlns='http://www.w3.org/2001/XMLSchema'>"
        "<element name='Ort' type='string'/></schema>";
    char wide[2 * sizeof text] = "\xff\xfe";
    struct world w = world_new();

    for (size_t i = 0; i + 1 < sizeof text; i++) {
        wide[2 * i + 2] = text[i];
        wide[2 * i + 3] = '\0';
    }
    source_text(w.sources, "wide.xsd", wide, 2 * sizeof text);
    struct schema *s = import(&w, "wide.xsd");
    REQUIRE(s != NULL);
    CHECK_TEXT(s->roots.at[0].name, "Ort");
    arena_free(w.arena);
}

/* --- questions to a schema --- */

static void
roots_and_members(void)
{
    struct world w = world_new();
    struct schema *s = import(&w, "tests/schema/sales2.edmx");

    REQUIRE(s != NULL);
    CHECK_NUMBER(s->format, SCHEMA_EDMX2);
    CHECK_TEXT(s->file, "sales2.edmx");
    CHECK_NUMBER(s->roots.n, 3);
    const struct member *type = schema_root(s, intern_text(w.names,
                                                           "Account"));
    const struct member *set = schema_root(
        s, intern_text(w.names, "AccountCollection"));
    REQUIRE(type != NULL && set != NULL);
    CHECK(type == set);
    CHECK(schema_root(s, intern_text(w.names, "Amount")) == NULL);
    const struct member *city = record_member(
        type->record, intern_text(w.names, "City"));
    REQUIRE(city != NULL);
    CHECK_NUMBER(city->type.max_chars, 240);
    CHECK_NUMBER(city->line, 28);
    CHECK(record_member(type->record, intern_text(w.names, "city")) == NULL);
    arena_free(w.arena);
}

/* A fact names the file that it comes from. */
static void
included_places(void)
{
    struct world w = world_new();
    struct schema *s = import(&w, "tests/schema/invoice.xsd");

    REQUIRE(s != NULL);
    const struct record *r = find_record(s, "Invoice");
    const struct member *number = record_member(r, intern_text(w.names,
                                                               "Number")),
                        *line = record_member(r, intern_text(w.names,
                                                             "Line"));
    REQUIRE(number != NULL && line != NULL);
    CHECK_TEXT(number->file, "invoice-types.xsd");
    CHECK_NUMBER(number->line, 31);
    CHECK_TEXT(line->file, "invoice.xsd");
    CHECK_NUMBER(line->line, 20);
    arena_free(w.arena);
}

static void
bytes_per_char(void)
{
    struct world w = world_new();
    struct schema *s = import(&w, "tests/schema/sales2.edmx");

    REQUIRE(s != NULL);
    const struct record *r = find_record(s, "Account");
    const struct type *t = &record_member(r, intern_text(w.names,
                                                         "City"))->type;
    CHECK_NUMBER(schema_bytes_per_char(s, "Account", "Street", 6), 0);
    CHECK_NUMBER(schema_bytes_per_char(s, "Contact", "City", 6), 0);
    CHECK_NUMBER(schema_bytes_per_char(s, "Account", "City", 6), 2);
    CHECK_NUMBER(t->max_chars, 40);
    CHECK_NUMBER(t->max_bytes, 240);
    /* stated again, it starts from the bytes again */
    CHECK_NUMBER(schema_bytes_per_char(s, NULL, "City", 3), 2);
    CHECK_NUMBER(t->max_chars, 80);
    CHECK_NUMBER(t->max_bytes, 240);
    CHECK_NUMBER(schema_bytes_per_char(s, NULL, "Rate", 6), 0);
    CHECK_NUMBER(schema_bytes_per_char(s, NULL, "City", 0), 0);
    arena_free(w.arena);
}

static void
write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    REQUIRE(f != NULL);
    fputs(text, f);
    fclose(f);
}

static void
hash_sees_every_file(void)
{
    const char *parts[] = {
        "<schema xmlns='http://www.w3.org/2001/XMLSchema'/>",
        "<schema xmlns='http://www.w3.org/2001/XMLSchema' />"
    };
    char dir[] = "/tmp/mapc-schema-XXXXXX", path[64], part[64];
    uint64_t hash[2] = { 0 };

    REQUIRE(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/a.xsd", dir);
    snprintf(part, sizeof part, "%s/b.xsd", dir);
    write_file(path, "<schema xmlns='http://www.w3.org/2001/XMLSchema'>"
               "<include schemaLocation='b.xsd'/>"
               "<element name='A' type='string'/></schema>");
    for (int i = 0; i < 2; i++) {
        struct world w = world_new();

        write_file(part, parts[i]);
        struct schema *s = import(&w, path);
        CHECK(s != NULL);
        if (s != NULL)
            hash[i] = s->hash;
        arena_free(w.arena);
    }
    remove(path);
    remove(part);
    rmdir(dir);
    CHECK(hash[0] != hash[1]);
}

static void
type_words(void)
{
    struct world w = world_new();
    struct type types[] = {
        { .kind = TYPE_TEXT, .max_chars = 240, .max_bytes = 240 },
        { .kind = TYPE_TEXT, .max_chars = 1, .min_chars = 1 },
        { .kind = TYPE_TEXT, .digits_only = true },
        { .kind = TYPE_NUMBER, .precision = 28, .scale = 6 },
        { .kind = TYPE_NUMBER, .scale = 1 },
        { .kind = TYPE_NUMBER, .has_range = true, .low = 0,
          .high = INT64_MAX },
        { .kind = TYPE_DATETIME, .local = true },
    };
    static const char *const words[] = {
        "text, at most 240 characters and 240 bytes",
        "text, exactly 1 character",
        "text, digits only",
        "number with 28 digits, 6 of them behind the point",
        "number with at most 1 digit behind the point",
        "whole number from 0",
        "date and time without time zone",
    };

    for (size_t i = 0; i < CHECK_ROWS(types); i++) {
        struct buf b;

        buf_init(&b, w.arena);
        type_describe(&types[i], &b);
        CHECK_TEXT(b.at, words[i]);
    }
    CHECK_TEXT(type_word(TYPE_GUID), "guid");
    CHECK_TEXT(type_word(TYPE_DATETIME), "datetime");
    arena_free(w.arena);
}

CHECK_MAIN({ "schema: OData v2 facts", odata2_facts },
           { "schema: OData v4 facts", odata4_facts },
           { "schema: IDoc facts", idoc_facts },
           { "schema: XSD facts", xsd_facts },
           { "schema: JSON Schema facts", json_facts },
           { "schema: OpenAPI facts", openapi_facts },
           { "schema: WSDL facts", wsdl_facts },
           { "schema: other encodings", other_encoding },
           { "schema: roots and members by name", roots_and_members },
           { "schema: places in included files", included_places },
           { "schema: lengths in bytes", bytes_per_char },
           { "schema: the hash covers included files", hash_sees_every_file },
           { "schema: types in words", type_words })
