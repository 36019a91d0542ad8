/* The tables of tests.small. Made by mapc: change the map, not this file. */
#include "mr/gen.h"

#include "partner.h"

static const struct mr_map *const maps[] = {
    &map_partner,
};

static const struct mr_source sources[] = {
    { "case.map", 0x5cb0a88e4c792f91 },
    { "partner.xsd", 0x167180693b2f1827 },
    { "shop.edmx", 0x39c4d4d4472408f7 },
};

extern const struct mr_test *const tests[2];

extern const struct mr_program mapc_program;

const struct mr_program mapc_program = {
    .deployment = "tests.small",
    .compiler = "mapc 0.1.0",
    .maps = maps,
    .n_maps = 1,
    .sources = sources,
    .n_sources = 3,
    .tests = tests,
    .n_tests = 2,
};
