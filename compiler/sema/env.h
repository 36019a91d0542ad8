/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the checking passes share: the program being built, the names that are
 * known, and small helpers to find things and to word messages.
 */
#ifndef SEMA_ENV_H
#define SEMA_ENV_H

#include "base/buf.h"
#include "sema/check.h"

/* A declared thing whose body is checked when it is first needed. */
struct declared_function {
    const struct function_item *function;   /* one of the two */
    const struct convert_item *convert;
    struct tfunction *typed;        /* NULL: not yet */
    bool checking;                  /* its body is being checked: recursion */
};

/* A map and the file it stands in. */
struct declared_map {
    const struct map *ast;
    enum layer_rank rank;           /* of its file */
    struct map *resolved;           /* NULL: no layer extends it */
    enum layer_rank changed;        /* the highest that does */
    struct tmap *typed;
};

/* Of which package the file being read is. */
struct within {
    const struct package_item *package;     /* NULL: of none */
    const char *path;                       /* of the file that says so */
};

/* A system and the file that declares it. */
struct declared_system {
    const struct system_item *ast;
    const char *path;
    struct within within;
};

struct declared_extend {
    const struct extend_item *ast;
    enum layer_rank rank;
    const char *path;               /* of its file */
    struct within within;
};

struct touched_row {
    const struct tcodes *codes;
    struct tcode row;
    enum layer_rank rank;
};

struct declared_test {
    const struct test_item *ast;
    const struct map *above;        /* the last map before it in its file, */
    const struct call_item *call;   /* or the last call; both NULL: none */
    enum layer_rank rank;
};

struct env {
    struct arena *arena;
    struct names *names;
    struct diags *diags;
    struct sources *sources;
    struct check_swap *swap;        /* or NULL */
    const char *const *folders;
    struct tprogram *program;
    struct table files;             /* path -> struct file */
    struct table systems;           /* name -> struct tsystem */
    struct table codes;             /* name -> struct tcodes */
    struct table functions;         /* name -> struct declared_function */
    VEC(const char *) function_names, codes_names;
    struct table maps;              /* name -> struct declared_map */
    struct table personal;          /* struct member * -> the same */
    VEC(struct declared_map *) map_list;
    VEC(struct declared_test) tests;
    VEC(const struct deployment_item *) deployments;
    VEC(const struct replicate_item *) replicates;
    VEC(const struct call_item *) calls;
    VEC(struct declared_system) declared_systems;
    VEC(struct declared_extend) extends;
    VEC(struct touched_row) touched_rows;
    enum layer_rank rank;           /* of the file being read */
    struct within within;
    struct table packages;          /* name: its first package_item */
    const struct scenario_item *scenario;   /* of the first file */
    bool damaged;                   /* some file has lines that were not read:
                                       what seems to be missing may be there */
    unsigned depth;                 /* of `use` */
    unsigned instances;             /* function bodies checked for a use */
};

/* --- load.c --- */
void load_program(struct env *env, const char *path);

/* The functions and conversions that the library has in the language. */
void load_library(struct env *env);
/* The declarations of one parsed file. */
void load_declarations(struct env *env, const struct file *file,
                       const char *path);

/* --- codes.c --- */
struct tcodes *codes_declare(struct env *env, const struct codes_item *item,
                             const char *map_path);
struct tcode codes_row_of(struct env *env, const struct codes_row *row);
/* One meaning for each value. */
void codes_check(struct env *env, struct tcodes *t);
/* NULL after reporting. */
struct tcodes *codes_named(struct env *env, struct name name);
/* It is in the program. */
void codes_use(struct env *env, struct tcodes *codes);

/* --- layers.c --- */
/* Of which layer a file says it is. */
enum layer_rank layer_of_file(struct env *env, const struct file *file);
/* A system with what layers above say of it; the path that its schema is
 * relative to may become another one. */
const struct system_item *layer_system(struct env *env,
                                       const struct system_item *item,
                                       const char **path,
                                       struct within *within);
/* Of which package a file is: its own, or that of the file that uses it. */
struct within layer_package(struct env *env, const struct file *file,
                            const char *path);
/* When all files are read: maps and tables become what they are with all
 * layers. */
void layers_apply(struct env *env);

/* --- swap.c --- */
/* Where a file is read instead; as it is, where nothing is swapped. */
const char *swap_path(struct env *env, const char *path);

/* --- words.c --- */
/* The name among `count` that is most like `wrong`, or NULL. */
const char *closest_name(const char *wrong, const char *(*at)(const void *, size_t),
                         const void *names, size_t count);
/* "cloud.Name: text, at most 40 characters (c4c.edmx line 12)". */
void note_member(struct env *env, struct diag *d, const char *path,
                 const struct tsystem *system, const struct member *m);
const char *describe(struct env *env, const struct type *t);
/* Source text of a span on one line, blanks folded, without its remark. */
const char *source_words(struct env *env, struct span at);
/* "account.map:21" */
const char *source_where(struct env *env, struct span at);
/* "it can be longer than its target holds, or …" */
const char *failure_words(struct env *env, why_set failures);

/* --- period.c --- */
/* What is written as a time; 0 after reporting. */
uint32_t period_seconds(struct env *env, const struct period *p);
/* "20 MB" as bytes; 0 after reporting. */
uint64_t period_bytes(struct env *env, const struct period *p);
uint32_t period_milliseconds(struct env *env, const struct period *p);
/* A whole number from 1 to `most`; 0 where it is none. */
uint32_t period_whole(const char *text, uint32_t most);

/* --- use.c --- */
void use_functions(struct env *env);

/* --- check_maps.c, check_tests.c, check_functions.c --- */
void check_maps(struct env *env);
/* --- check_calls.c: when all maps are checked --- */
void check_calls(struct env *env);
/* --- check_replicate.c: when all maps are checked --- */
void check_replicates(struct env *env);
void check_tests(struct env *env);
/* --- circle.c, feeding.c: when all maps are checked --- */
/* Values that go round through several rules and never come to rest. */
void check_circles(struct env *env);
/* Records that make others, which make more of the first kind. */
void check_feeding(struct env *env);
/* --- amounts.c: when all rules are checked --- */
void check_amounts(struct env *env);
struct tfunction *function_check(struct env *env, struct declared_function *f);

#endif
