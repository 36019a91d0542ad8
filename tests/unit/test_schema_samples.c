/* SPDX-License-Identifier: Apache-2.0 */
/* The project's own schemas, and the metadata of real systems where it is at
 * hand. */
#include "check.h"

#include <glob.h>
#include <stdlib.h>

#include "schema_world.h"

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

        /* "Convert.request" is of a function */
        complex += !entity && strchr(r->name, '.') == NULL;
        for (size_t k = 0; entity && k < r->members.n; k++)
            properties += !r->members.at[k].navigation;
    }
    CHECK_NUMBER(s->roots.n, 350);
    CHECK_NUMBER(complex, 8);
    CHECK_NUMBER(s->operations.n, 27);
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

CHECK_MAIN({ "schema: the project's own schemas", own_schemas },
           { "schema: Cloud for Customer metadata", cloud_metadata },
           { "schema: other systems' metadata", other_metadata })
