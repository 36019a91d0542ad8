/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the readers of the schema formats share while one schema is imported:
 * where things are made, what is counted, and how places in schema files and
 * the common problems are reported.
 */
#ifndef SCHEMA_IMPORTER_H
#define SCHEMA_IMPORTER_H

#include "schema/schema.h"

enum {
    IMPORT_MAX_DEPTH = 64,              /* types that stand on each other */
    IMPORT_MAX_RECORD = 20 * 1000,      /* members of one record */
    IMPORT_MAX_MEMBERS = 2 * 1000 * 1000,
    IMPORT_MAX_STEPS = 4 * 1000 * 1000,
    IMPORT_MAX_FILES = 1000
};

/* What a schema may say but a map cannot use: left out, with one note for each
 * kind and file. */
enum skipped {
    SKIPPED_ANY, SKIPPED_STREAM, SKIPPED_GEO, SKIPPED_UNTYPED, SKIPPED_MIXED,
    SKIPPED_COUNT
};

struct importer {
    struct arena *arena;
    struct names *names;
    struct diags *ds;
    struct sources *sources;
    struct schema *schema;
    struct span at;                     /* in the map */
    const char *top;                    /* real path nothing may leave */
    VEC(const struct source *) files;   /* read so far, in order */
    struct table paths;                 /* real path -> path first given */
    size_t members, steps;
    bool too_large;                     /* said once */
    struct {
        size_t n;
        struct span at;
    } skipped[SKIPPED_COUNT];
};

/* The readers: fill im->schema from the (first) file. Problems go to im->ds. */
struct xml_node;
void import_edmx(struct importer *im, const struct xml_node *root);
void import_xsd(struct importer *im, const struct xml_node *root);
void import_json(struct importer *im, const struct source *src);

/* Is this the root of an OData metadata document, or of an XSD? */
bool edmx_is_root(const struct xml_node *root);
bool xsd_is_root(const struct xml_node *root);

/* Reads a file and counts its bytes into the schema's hash; NULL after
 * reporting at `at`. */
const struct source *import_load(struct importer *im, const char *path,
                                 struct span at);
/* The path of `location` as written in `from`, within the allowed folder; the
 * same one for the same file. NULL after reporting at `at`. */
const char *import_resolve(struct importer *im, const struct source *from,
                           const char *location, struct span at);

/* The file's name without folders. */
const char *import_file(const struct source *src);
/* The text of a line, without the blanks around it. */
struct span import_span(const struct source *src, uint32_t line);

/* --- the model while it grows (model.c) --- */

struct record *model_record(struct importer *im, const char *name,
                            uint32_t line);
/* Adds a member; false (said once) where there are too many. `at` is its
 * place, for the warning about two members of one name. */
bool model_add(struct importer *im, struct record *r, struct member m);
/* Fills by_name when all members are there, reports names that come twice. */
void model_index(struct importer *im, struct record *r,
                 const struct source *src);
void model_add_root(struct importer *im, struct member m);
/* Fills root_by_name when all roots are there. */
void model_index_roots(struct importer *im);
/* One more name for a root (an entity set); the first use of a name wins. */
void model_alias_root(struct importer *im, const char *alias,
                      struct member *root);

/* Counts work; false when the schema is too large, said once. */
bool import_step(struct importer *im, const struct source *src,
                 uint32_t line);
void import_too_large(struct importer *im, struct span at, const char *what);
void import_skip(struct importer *im, enum skipped kind,
                 const struct source *src, uint32_t line);
void import_skip_notes(struct importer *im);

/* A whole number in a schema: digits only, at most `most`. */
bool import_number(const char *text, uint32_t most, uint32_t *out);
/* The longest value of a closed set becomes the type's length. */
void type_close(struct type *t);
/* A regular expression that allows digits only becomes digits_only and limits
 * of length; any other one says nothing here. */
void type_pattern(struct type *t, const char *pattern);

#endif
