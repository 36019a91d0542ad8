/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema import: what each fact of the formats becomes, what bad schemas get
 * told, and the metadata of real systems where it is at hand. A fact is
 * checked as the line that `mapc dump schema` shows for the member.
 */
#include "check.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>

#include "schema/schema.h"
#include "source/diag_list.h"

struct world {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
};

static struct world
world_new(void)
{
    struct world w = { .arena = arena_new() };

    w.names = names_new(w.arena);
    w.sources = sources_new(w.arena);
    w.diags = diags_new(w.arena);
    return w;
}

static struct schema *
import(struct world *w, const char *path)
{
    return schema_import(w->arena, w->names, w->diags, w->sources, path,
                         (struct span){ 0 });
}

static struct schema *
import_text(struct world *w, const char *name, const char *text)
{
    source_text(w->sources, name, text, strlen(text));
    return import(w, name);
}

static const struct record *
find_record(const struct schema *s, const char *name)
{
    for (size_t i = 0; i < s->records.n; i++)
        if (strcmp(s->records.at[i]->name, name) == 0)
            return s->records.at[i];
    return NULL;
}

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

/* --- bad schemas: every mistake is told, with its line --- */

struct told {
    const char *number;         /* NULL ends the list */
    uint32_t line;
    const char *part;           /* of the message */
};

struct bad {
    const char *name, *text;
    struct told told[4];
    bool imported;
};

static bool
has_help(const struct diag *d)
{
    for (size_t i = 0; i < d->notes.n; i++)
        if (d->notes.at[i].kind == NOTE_HELP)
            return true;
    return false;
}

static bool
is_told(struct world *w, const struct told *t)
{
    for (size_t i = 0; i < w->diags->all.n; i++) {
        const struct diag *d = w->diags->all.at[i];

        if (strcmp(diag_number(d->code), t->number) == 0 &&
            source_place(w->sources, d->at).line == t->line &&
            strstr(d->message, t->part) != NULL)
            return true;
    }
    return false;
}

static void
check_bad(const struct bad *b)
{
    struct world w = world_new();
    struct schema *s = import_text(&w, b->name, b->text);
    size_t n = 0;

    CHECK_THAT((s != NULL) == b->imported, "%s: %s", b->name,
               s != NULL ? "is imported" : "is not imported");
    for (; n < 4 && b->told[n].number != NULL; n++)
        CHECK_THAT(is_told(&w, &b->told[n]), "%s: no %s in line %u with %s",
                   b->name, b->told[n].number, b->told[n].line,
                   b->told[n].part);
    CHECK_THAT(diags_count(w.diags) == n, "%s: %zu told, not %zu", b->name,
               diags_count(w.diags), n);
    for (size_t i = 0; i < w.diags->all.n; i++)
        CHECK_THAT(has_help(w.diags->all.at[i]) ||
                       diag_severity(w.diags->all.at[i]->code) ==
                           SEVERITY_NOTE,
                   "%s: no help in \"%s\"", b->name,
                   w.diags->all.at[i]->message);
    arena_free(w.arena);
}

#define BAD(...)                                                              \
    do {                                                                      \
        static const struct bad rows[] = { __VA_ARGS__ };                     \
        for (size_t i = 0; i < CHECK_ROWS(rows); i++)                         \
            check_bad(&rows[i]);                                              \
    } while (0)

static void
bad_files(void)
{
    BAD({ "empty.edmx", "", { { "M0202", 1, "empty.edmx" } }, false },
        { "data.csv", "a;b\n", { { "M0202", 1, "data.csv" } }, false },
        { "page.xml", "<html>\n</html>", { { "M0202", 1, "page.xml" } },
          false },
        { "cut.xsd", "<schema\n xmlns='http://www.w3.org/2001/XMLSchema'>\n",
          { { "M0203", 3, "well-formed XML" } }, false },
        { "cut.json", "{ \"type\":\n \"object\",,\n}",
          { { "M0203", 2, "well-formed JSON" } }, false },
        { "twice.json", "{ \"type\": 1,\n \"type\": 2 }",
          { { "M0203", 2, "well-formed JSON" } }, false },
        { "doctype.xsd", "<?xml version='1.0'?>\n<!DOCTYPE schema [\n"
          "<!ENTITY a 'b'>]>\n<schema/>", { { "M0204", 2, "DOCTYPE" } },
          false },
        { "entity.xsd", "<schema xmlns='http://www.w3.org/2001/XMLSchema'>\n"
          "<element name='&a;'/></schema>", { { "M0203", 2, "XML" } },
          false },
        { "nothing.xsd", "<schema xmlns='http://www.w3.org/2001/XMLSchema'/>",
          { { "M0214", 1, "nothing.xsd" } }, false },
        { "nothing.json", "{ \"type\": \"string\" }",
          { { "M0214", 1, "nothing.json" } }, false });
}

#define EDMX(body)                                                            \
    "<Schema xmlns='http://schemas.microsoft.com/ado/2008/09/edm'"            \
    " Namespace='n'>\n" body "</Schema>"

static void
bad_odata(void)
{
    BAD({ "many.edmx",
          EDMX("<EntityType Name='A' BaseType='n.Gone'>\n"
               "<Property Name='P' Type='Edm.Strng'/>\n"
               "<Property Name='Q' Type='Edm.String' MaxLength='-1'/>\n"
               "<Property Type='Edm.String'/>\n</EntityType>\n"),
          { { "M0205", 2, "base type n.Gone" },
            { "M0205", 3, "Strng" },
            { "M0208", 4, "MaxLength=\"-1\"" },
            { "M0211", 5, "no Name" } }, false },
        { "scale.edmx",
          EDMX("<EntityType Name='A'>\n"
               "<Property Name='P' Type='Edm.Decimal' Precision='2'"
               " Scale='3'/>\n</EntityType>\n"),
          { { "M0208", 3, "Scale 3" } }, false },
        { "circle.edmx",
          EDMX("<EntityType Name='A' BaseType='n.B'/>\n"
               "<EntityType Name='B' BaseType='n.A'/>\n"),
          { { "M0209", 3, "n.B" } }, false },
        { "again.edmx",
          EDMX("<EntityType Name='A'/>\n<ComplexType Name='A'/>\n"),
          { { "M0210", 3, "n.A" } }, false },
        { "nav.edmx",
          EDMX("<EntityType Name='A'>\n"
               "<NavigationProperty Name='X' Relationship='n.R' FromRole='a'"
               " ToRole='b'/></EntityType>\n"),
          { { "M0205", 3, "association n.R" } }, false },
        { "partial.edmx",
          EDMX("<EntityType Name='A'>\n<Property Name='P' Type='n.Gone'/>\n"
               "<Property Name='Q' Type='Edm.String'/></EntityType>\n"),
          { { "M0215", 3, "n.Gone" } }, true },
        { "double.edmx",
          EDMX("<EntityType Name='A'>\n"
               "<Property Name='Q' Type='Edm.String' MaxLength='60'/>\n"
               "<Property Name='Q' Type='Edm.String' MaxLength='80'/>\n"
               "</EntityType>\n"),
          { { "M0206", 4, "A.Q" } }, true },
        { "future.edmx",
          "<Edmx xmlns='http://docs.oasis-open.org/odata/ns/edmx'>\n"
          "<Schema xmlns='http://example.com/odata9' Namespace='n'/></Edmx>",
          { { "M0202", 2, "version" } }, false });
}

#define XSD(body)                                                             \
    "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema'>\n" body          \
    "</x:schema>"

static void
bad_xsd(void)
{
    BAD({ "many.xsd",
          XSD("<x:element name='A' type='Gone'/>\n"
              "<x:element name='B' type='p:C'/>\n"
              "<x:element/>\n"
              "<x:complexType name='D'/><x:complexType name='D'/>\n"),
          { { "M0205", 2, "type Gone" },
            { "M0205", 3, "prefix p" },
            { "M0211", 4, "no name" },
            { "M0210", 5, "type D" } }, false },
        { "limits.xsd",
          XSD("<x:element name='A'><x:simpleType>"
              "<x:restriction base='x:string'><x:minLength value='5'/>"
              "<x:maxLength value='4'/></x:restriction></x:simpleType>"
              "</x:element>\n"
              "<x:element name='B'><x:complexType><x:sequence>"
              "<x:element name='C' minOccurs='2' maxOccurs='1'/>\n"
              "<x:element name='D' maxOccurs='x'/>"
              "</x:sequence></x:complexType></x:element>\n"),
          { { "M0208", 2, "no value" },
            { "M0208", 3, "minOccurs 2" },
            { "M0208", 4, "maxOccurs" } }, false },
        { "circle.xsd",
          XSD("<x:element name='A' type='T'/><x:element name='B' type='V'/>\n"
              "<x:complexType name='T'><x:complexContent>"
              "<x:extension base='T'/></x:complexContent></x:complexType>\n"
              "<x:complexType name='V'><x:group ref='G'/></x:complexType>\n"
              "<x:group name='G'><x:sequence><x:group ref='G'/></x:sequence>"
              "</x:group>\n"),
          { { "M0209", 3, "type" }, { "M0209", 5, "group" } }, false },
        { "heads.xsd",
          XSD("<x:element name='A' substitutionGroup='B'/>\n"
              "<x:element name='B' substitutionGroup='A'/>\n"),
          { { "M0209", 2, "substitution group" },
            { "M0209", 2, "substitution group" } }, false },
        { "simple.xsd",
          XSD("<x:element name='A' type='S'/>\n"
              "<x:simpleType name='S'><x:restriction base='S'/>"
              "</x:simpleType>\n"),
          { { "M0209", 3, "type" } }, false },
        { "net.xsd",
          XSD("<x:include schemaLocation='http://example.com/a.xsd'/>\n"
              "<x:include schemaLocation='gone.xsd'/>\n"
              "<x:include schemaLocation='/etc/passwd'/>\n"
              "<x:redefine schemaLocation='a.xsd'/>\n"),
          { { "M0207", 2, "network" },
            { "M0207", 3, "not there" },
            { "M0207", 4, "outside" },
            { "M0211", 5, "redefine" } }, false },
        { "clash.xsd",
          XSD("<x:element name='A'><x:complexType><x:sequence>\n"
              "<x:element name='x' type='x:string'/>\n"
              "<x:element name='x' type='x:int'/>\n"
              "</x:sequence></x:complexType></x:element>\n"),
          { { "M0206", 4, "A.x" } }, true });
}

static void
bad_json(void)
{
    BAD({ "many.json",
          "{ \"properties\": {\n"
          "  \"a\": { \"$ref\": \"#/$defs/Gone\" },\n"
          "  \"b\": { \"type\": \"string\", \"maxLength\": -1 },\n"
          "  \"c\": { \"$ref\": \"https://example.com/c.json\" },\n"
          "  \"d\": { \"type\": \"string\", \"minLength\": 5,"
          " \"maxLength\": 4 } } }",
          { { "M0205", 2, "#/$defs/Gone" },
            { "M0208", 3, "maxLength" },
            { "M0207", 4, "network" },
            { "M0208", 5, "no value" } }, false },
        { "circle.json",
          "{ \"properties\": {\n \"a\": { \"$ref\": \"#/$defs/A\" } },\n"
          "\"$defs\": {\n  \"A\": { \"$ref\": \"#/$defs/A\" } } }",
          { { "M0209", 4, "itself" }, { "M0209", 4, "itself" } }, false });
}

/* --- limits --- */

static void
hostile_groups(void)
{
    struct world w = world_new();
    struct buf b;

    /* each group holds the next one twice: 2^40 elements if it were written
     * out */
    buf_init(&b, w.arena);
    buf_text(&b, "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema'>"
                 "<x:element name='A'><x:complexType><x:group ref='g0'/>"
                 "</x:complexType></x:element>");
    for (int i = 0; i < 40; i++)
        buf_printf(&b, "<x:group name='g%d'><x:sequence><x:group ref='g%d'/>"
                   "<x:group ref='g%d'/></x:sequence></x:group>",
                   i, i + 1, i + 1);
    buf_text(&b, "<x:group name='g40'><x:sequence/></x:group></x:schema>");
    CHECK(import_text(&w, "groups.xsd", b.at) == NULL);
    struct told t = { "M0212", 1, "too large" };
    CHECK(is_told(&w, &t));
    arena_free(w.arena);
}

static void
deep_nesting(void)
{
    struct world w = world_new();
    struct buf b;

    buf_init(&b, w.arena);
    buf_text(&b, "<schema xmlns='http://www.w3.org/2001/XMLSchema'>");
    for (int i = 0; i < 10000; i++)
        buf_text(&b, "<element>");
    CHECK(import_text(&w, "deep.xsd", b.at) == NULL);
    CHECK_NUMBER(diags_errors(w.diags), 1);
    arena_free(w.arena);

    w = world_new();
    buf_init(&b, w.arena);
    buf_text(&b, "{ \"a\": ");
    for (int i = 0; i < 100000; i++)
        buf_char(&b, '[');
    CHECK(import_text(&w, "deep.json", b.at) == NULL);
    CHECK_NUMBER(diags_errors(w.diags), 1);
    arena_free(w.arena);
}

static void
long_base_chain(void)
{
    struct world w = world_new();
    struct buf b;

    buf_init(&b, w.arena);
    buf_text(&b, EDMX(""));
    b.n -= strlen("</Schema>");
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "<EntityType Name='T%d' BaseType='n.T%d'/>\n", i,
                   i + 1);
    buf_text(&b, "<EntityType Name='T100000'/></Schema>");
    CHECK(import_text(&w, "chain.edmx", b.at) == NULL);
    CHECK(diags_errors(w.diags) > 0);
    arena_free(w.arena);
}

/* --- metadata of real systems --- */

static const char *
samples(void)
{
    const char *dir = getenv("MAPC_SAMPLES");

    return dir != NULL ? dir : "samples";
}

/* Imports a sample; NULL with a visible line where it is not at hand. */
static struct schema *
sample(struct world *w, const char *name)
{
    const char *path = arena_printf(w->arena, "%s/%s", samples(), name);
    FILE *f = fopen(path, "rb");

    if (f == NULL) {
        printf("skipped %s: no samples here, set MAPC_SAMPLES\n", name);
        return NULL;
    }
    fclose(f);
    struct schema *s = import(w, path);
    CHECK_THAT(s != NULL, "%s is not imported", name);
    return s;
}

static void
cloud_metadata(void)
{
    struct world w = world_new();
    struct schema *s = sample(&w, "sap/c4c/c4c_API_SRV_metadata.edmx.xml");
    size_t properties = 0, complex = 0;

    if (s == NULL) {
        arena_free(w.arena);
        return;
    }
    for (size_t i = 0; i < s->records.n; i++) {
        const struct record *r = s->records.at[i];
        bool entity = schema_root(s, r->name) != NULL;

        complex += !entity;
        for (size_t k = 0; entity && k < r->members.n; k++)
            properties += !r->members.at[k].navigation;
    }
    CHECK_NUMBER(s->roots.n, 350);
    CHECK_NUMBER(complex, 8);
    CHECK_NUMBER(properties, 6696);
    CHECK_NUMBER(diags_count(w.diags), 1);
    struct told t = { "M0206", 7995, "ServiceRequest.ProductID" };
    CHECK(is_told(&w, &t));
    const struct record *r = find_record(s, "ServiceRequest");
    REQUIRE(r != NULL);
    const struct member *m = record_member(r, intern_text(w.names,
                                                          "ProductID"));
    REQUIRE(m != NULL);
    CHECK_NUMBER(m->type.max_chars, 60);
    arena_free(w.arena);
}

/* Every metadata file of the other systems, whatever is there. */
static void
other_metadata(void)
{
    static const char *const patterns[] = {
        "sap/marketing/*.xml", "sap/commerce/*.edmx", "other/s4/*.edmx",
        "other/marketing/*.xml", "other/graph/*.csdl.xml",
    };

    for (size_t i = 0; i < CHECK_ROWS(patterns); i++) {
        char pattern[1000];
        glob_t found;

        snprintf(pattern, sizeof pattern, "%s/%s", samples(), patterns[i]);
        if (glob(pattern, 0, NULL, &found) != 0) {
            printf("skipped %s: no samples here, set MAPC_SAMPLES\n",
                   patterns[i]);
            continue;
        }
        for (size_t k = 0; k < found.gl_pathc; k++) {
            struct world w = world_new();

            CHECK_THAT(import(&w, found.gl_pathv[k]) != NULL,
                       "%s is not imported", found.gl_pathv[k]);
            arena_free(w.arena);
        }
        globfree(&found);
    }
}

static void
own_schemas(void)
{
    static const char *const names[] = { "c4c.edmx", "erp.xsd",
                                         "debmas06.xsd",
                                         "matmas05.xsd",
                                         "orders05.xsd" };

    for (size_t i = 0; i < CHECK_ROWS(names); i++) {
        struct world w = world_new();

        CHECK(import(&w, arena_printf(w.arena, "mappings/erp/schemas/%s",
                                      names[i])) != NULL);
        CHECK_THAT(diags_count(w.diags) == 0, "%s: %zu things told", names[i],
                   diags_count(w.diags));
        arena_free(w.arena);
    }
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
           { "schema: types in words", type_words },
           { "schema: bad files", bad_files },
           { "schema: bad OData", bad_odata },
           { "schema: bad XSD", bad_xsd },
           { "schema: bad JSON Schema", bad_json },
           { "schema: groups that multiply", hostile_groups },
           { "schema: deep nesting", deep_nesting },
           { "schema: a long chain of base types", long_base_chain },
           { "schema: the project's own schemas", own_schemas },
           { "schema: Cloud for Customer metadata", cloud_metadata },
           { "schema: other systems' metadata", other_metadata })
