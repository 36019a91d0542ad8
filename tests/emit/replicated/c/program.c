/* The tables of tests.replicated. Made by mapc: change the map, not this
 * file. */
#include "mr/gen.h"

#include "partner.h"

static const struct mr_map *const maps[] = {
    &map_partner,
};

static const struct mr_source sources[] = {
    { "case.map", 0x7367cd3e8540235a },
    { "partner.xsd", 0x167180693b2f1827 },
    { "shop.edmx", 0x30fb900e2d0e07d8 },
};

static const struct mr_fact_use uses_0_0[] = {
    {
        .at = "case.map:10",
        .rule = "shop.ID <-> erp.KUNNR : alpha(10)",
        .read = true,
        .written = true,
    },
};

static const struct mr_fact_use uses_0_1[] = {
    {
        .at = "case.map:10",
        .rule = "shop.ID <-> erp.KUNNR : alpha(10)",
        .read = true,
    },
    {
        .at = "case.map:19",
        .rule = "shop.ParentID <-> erp.KONZS : ref Partner",
        .read = true,
    },
    {
        .at = "case.map:9",
        .rule = "replicate Partner",
        .read = true,
    },
};

static const struct mr_fact_use uses_0_2[] = {
    {
        .at = "case.map:19",
        .rule = "shop.ParentID <-> erp.KONZS : ref Partner",
        .read = true,
        .written = true,
    },
};

static const struct mr_fact_use uses_0_3[] = {
    {
        .at = "case.map:21",
        .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
        .read = true,
        .written = true,
    },
};

static const struct mr_fact_use uses_0_4[] = {
    {
        .at = "case.map:23",
        .rule = "shop.Status -> erp.E1TAX[TAXTYPE = \"S\"].TAXNUM",
        .read = true,
    },
    {
        .at = "case.map:9",
        .rule = "replicate Partner",
        .written = true,
    },
};

static const struct mr_fact_use uses_0_5[] = {
    {
        .at = "case.map:25",
        .rule = "each shop.Contacts <- erp.E1CONT",
        .written = true,
    },
};

static const struct mr_fact_use uses_0_6[] = {
    {
        .at = "case.map:9",
        .rule = "replicate Partner",
        .read = true,
    },
};

static const struct mr_fact facts_0[] = {
    {
        .name = "ID",
        .type = "Edm.String",
        .max_chars = 10,
        .creatable = true,
        .updatable = true,
        .uses = uses_0_0,
        .n_uses = 1,
    },
    {
        .name = "ChangedOn",
        .type = "Edm.DateTimeOffset",
        .nullable = true,
        .creatable = true,
        .updatable = true,
        .uses = uses_0_1,
        .n_uses = 3,
    },
    {
        .name = "ParentID",
        .type = "Edm.String",
        .max_chars = 10,
        .nullable = true,
        .creatable = true,
        .updatable = true,
        .uses = uses_0_2,
        .n_uses = 1,
    },
    {
        .name = "Name",
        .type = "Edm.String",
        .max_chars = 71,
        .nullable = true,
        .creatable = true,
        .updatable = true,
        .uses = uses_0_3,
        .n_uses = 1,
    },
    {
        .name = "Status",
        .type = "Edm.String",
        .max_chars = 1,
        .nullable = true,
        .creatable = true,
        .updatable = true,
        .uses = uses_0_4,
        .n_uses = 2,
    },
    {
        .name = "Contacts",
        .nullable = true,
        .creatable = true,
        .updatable = true,
        .uses = uses_0_5,
        .n_uses = 1,
    },
    {
        .name = "ObjectID",
        .type = "Edm.String",
        .max_chars = 70,
        .key = true,
        .uses = uses_0_6,
        .n_uses = 1,
    },
};

static const char *const required_0[] = {
    "ObjectID",
    "ID",
    NULL,
};

static const struct mr_fact_use uses_1_0[] = {
    {
        .at = "case.map:26",
        .rule = "shop.ID <-> erp.PARNR",
        .read = true,
        .written = true,
    },
};

static const struct mr_fact_use uses_1_1[] = {
    {
        .at = "case.map:28",
        .rule = "shop.Name <- erp.NAMEV",
        .written = true,
    },
};

static const struct mr_fact facts_1[] = {
    {
        .name = "ID",
        .type = "Edm.String",
        .max_chars = 10,
        .nullable = true,
        .creatable = true,
        .updatable = true,
        .uses = uses_1_0,
        .n_uses = 1,
    },
    {
        .name = "Name",
        .type = "Edm.String",
        .max_chars = 35,
        .nullable = true,
        .creatable = true,
        .updatable = true,
        .uses = uses_1_1,
        .n_uses = 1,
    },
};

static const char *const required_1[] = {
    "ObjectID",
    NULL,
};

static const struct mr_relied relied[] = {
    {
        .system = "shop",
        .type = "Partner",
        .set = "PartnerCollection",
        .at = "case.map:9",
        .rule = "map Partner",
        .updated = true,
        .facts = facts_0,
        .n_facts = 7,
        .required = required_0,
    },
    {
        .system = "shop",
        .type = "Contact",
        .set = "ContactCollection",
        .at = "case.map:25",
        .rule = "each shop.Contacts <- erp.E1CONT",
        .created = true,
        .updated = true,
        .facts = facts_1,
        .n_facts = 2,
        .required = required_1,
    },
};

extern const struct mr_program mapc_program;

const struct mr_program mapc_program = {
    .deployment = "tests.replicated",
    .compiler = "mapc 0.1.0",
    .maps = maps,
    .n_maps = 1,
    .sources = sources,
    .n_sources = 3,
    .n_tests = 0,
    .relied = relied,
    .n_relied = 2,
    .commands = &mr_replication,
};
