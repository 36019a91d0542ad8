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

extern const struct mr_program mapc_program;

const struct mr_program mapc_program = {
    .deployment = "tests.replicated",
    .compiler = "mapc 0.1.0",
    .maps = maps,
    .n_maps = 1,
    .sources = sources,
    .n_sources = 3,
    .n_tests = 0,
    .commands = &mr_replication,
};
