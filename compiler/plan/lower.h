/* SPDX-License-Identifier: Apache-2.0 */
/* What the lowering passes share; nothing outside of plan/ includes it. */
#ifndef PLAN_LOWER_H
#define PLAN_LOWER_H

#include "plan/cname.h"
#include "plan/plan.h"
#include "sema/typed.h"
#include "source/diag.h"

/* The whole program while it is lowered. */
struct lower {
    struct arena *arena;
    struct names *names;
    struct diags *diags;
    const struct tprogram *program;
    struct plan *plan;
    struct cscope shared;           /* names that several files see */
    struct table codes;             /* struct tcodes * -> struct pcodes * */
    struct table functions;         /* struct tfunction * -> struct lfunction * */
    struct table maps;              /* struct tmap * -> struct lmap * */
};

struct lfunction {
    struct pfunction *ways[2];      /* forward, backward; NULL: none */
};

/* A record type of a map while its members are found. */
struct lshape {
    struct pshape *out;
    const struct record *record;
    struct cscope scope;            /* of the struct's members */
    struct table members;           /* struct member * -> struct lmember * */
};

struct lmember {
    struct pmember *out;
    struct lshape *child;           /* ONE, MANY */
};

struct llevel {
    struct plevel *out;
    struct lshape *shape[2];        /* the outer level's where there is no
                                       list here */
    const char *frame[2];
};

struct lmap {
    struct lower *lower;
    const struct tmap *map;
    struct pmap *out;
    struct cscope file;             /* names at the top of the map's file */
    struct cscope frame;
    struct table levels;            /* struct tlevel * -> struct llevel * */
    struct table steps[2];          /* struct trule * -> struct pstep * */
    struct lshape *roots[2];
    struct prepl *repl;             /* NULL: not replicated */
};

/* --- lower_shape.c --- */

enum use { USE_NONE = 0, USE_READ = 1, USE_WRITE = 2, USE_BOTH = 3 };

struct lshape *shape_new(struct lmap *lm, const struct record *record,
                         const char *name, const char *c_name);
/* Follows the path from its level's record, adding what is not there. */
const struct pplace *shape_place(struct lmap *lm, const struct tpath *path,
                                 enum use use);
/* The list of an each: its rows' shape; `rows` is its place below the outer
 * record. NULL after a diagnostic. */
struct lshape *shape_list(struct lmap *lm, struct lshape *outer,
                          const struct tpath *path, enum use use,
                          const char **rows);
/* A member found before, by its schema; NULL: it has no place. */
const struct lmember *shape_find(const struct lshape *s,
                                 const struct member *m);
/* The member, added as this kind where it is not there yet. */
struct lmember *shape_member(struct lmap *lm, struct lshape *s,
                             const struct member *m, enum pmember_kind kind,
                             enum use use);
/* When all members are known: order, counts, look-ups, texts around them. */
void shape_finish(struct lmap *lm);

/* --- lower_repl.c: of a map that is replicated --- */

/* Adds what connectors and the merge need of the records. */
void repl_members(struct lmap *lm);
/* The tables, when the shapes are finished. */
void repl_lower(struct lmap *lm);

/* --- lower_call.c --- */

/* Adds to the two halves of a call what no rule mentions: the tables that are
 * asked for by being sent empty, the messages. Before shape_finish. */
void call_members(struct lmap *lm);
/* When both halves are lowered. */
void call_lower(struct lower *lo, const struct tcall *call);

/* --- lower_docflow.c --- */

/* When both halves are lowered. */
const struct pdocflow *docflow_lower(struct lower *lo,
                                     const struct tcall *call);

/* --- lower_decision.c --- */
void decisions_lower(struct lmap *lm);

/* --- lower_doc.c --- */
void doc_lower(struct lmap *lm, enum side side);
/* DEBMAS06 => DEBMAS, or what the system's options say. */
const char *doc_message_type(struct arena *a, const struct tsystem *system,
                             const char *root);

/* --- lower_expr.c --- */
struct pexpr *expr_c(struct lower *lo, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct pexpr *expr_string(struct lower *lo, const char *text);
struct pexpr *expr_call(struct lower *lo, const char *function);
void expr_arg(struct lower *lo, struct pexpr *call, const struct pexpr *arg);
struct pexpr *expr_text(struct lower *lo, const char *text);
struct pexpr *expr_place(struct lower *lo, const struct pplace *place);
/* lm, params: NULL where there are none. Paths are added as read. */
struct pexpr *expr_lower(struct lower *lo, struct lmap *lm,
                         const struct pfunction *params,
                         const struct texpr *e);
struct pexpr *expr_targ(struct lower *lo, struct lmap *lm,
                        const struct pfunction *params,
                        const struct targ *arg);
/* Every path in it, in order. */
typedef void path_visitor(void *arg, const struct tpath *path);
void expr_paths(const struct texpr *e, path_visitor *visit, void *arg);
void targ_paths(const targ_vec *args, path_visitor *visit, void *arg);

/* --- lower_number.c: numbers on their way --- */
/* The library's function, or its form for numbers; does it give a number? */
const char *number_function(const char *function, bool *gives);
/* The argument as the function wants it in that place: a number, a value. */
const struct pexpr *number_fitted(struct lower *lo, const struct pexpr *arg,
                                  const char *function, size_t index);
/* The expression as a value. */
const struct pexpr *number_text(struct lower *lo, const struct pexpr *e);

/* --- lower_rule.c --- */
struct pstep *step_lower(struct lmap *lm, const struct trule *rule,
                         enum side to);
/* What is known of the values of a field. */
struct pfield *field_lower(struct lmap *lm, const struct tpath *path,
                           const struct pplace *place);
struct pcondition *condition_lower(struct lmap *lm,
                                   const struct tcondition *c);
const struct ppair *pair_lower(struct lmap *lm, const struct trule *rule,
                               const struct pstep *to_right,
                               const struct pstep *to_left);
const char *type_name(enum type_kind kind);     /* "MR_TYPE_TEXT" */
const char *fate_name(enum fate_kind kind);     /* "MR_FATE_PARK" */

/* --- lower_order.c --- */
struct order_item {                 /* one of the two */
    const struct trule *rule;
    const struct tlevel *level;
};
typedef VEC(struct order_item) order_vec;
/* The level's rules and lists towards `to`, those that need another's result
 * behind it. A circle is a diagnostic. */
void order_items(struct lower *lo, const struct tlevel *level, enum side to,
                 order_vec *out);

/* --- lower_codes.c --- */
/* Lowers the table when it is met first. */
const struct pcodes *codes_find(struct lower *lo, const struct tcodes *codes);

/* --- lower_facts.c --- */
/* What the maps that are replicated rely on, of services of OData. */
void facts_lower(struct lower *lo);

/* --- lower_test.c --- */
void tests_lower(struct lower *lo);

static inline enum side
other_side(enum side s)
{
    return s == LEFT ? RIGHT : LEFT;
}

#endif
