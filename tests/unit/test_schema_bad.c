/* SPDX-License-Identifier: Apache-2.0 */
/* Bad schemas: every mistake is told, with its line and what helps. Limits. */
#include "check.h"

#include "schema_world.h"

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

CHECK_MAIN({ "schema: bad files", bad_files },
           { "schema: bad OData", bad_odata },
           { "schema: bad XSD", bad_xsd },
           { "schema: bad JSON Schema", bad_json },
           { "schema: groups that multiply", hostile_groups },
           { "schema: deep nesting", deep_nesting },
           { "schema: a long chain of base types", long_base_chain })
