/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parse tree of one .map file: what was written, in the order it was
 * written, nothing decided. Names are interned (compare with ==), texts are
 * decoded, every node has its span. Built only by the parser; never changed.
 */
#ifndef SYNTAX_AST_H
#define SYNTAX_AST_H

#include <stdbool.h>

#include "base/vec.h"
#include "source/source.h"

struct expr;
struct map_item;
typedef VEC(struct expr *) expr_vec;
typedef VEC(const char *) literal_vec;

struct name {
    const char *text;           /* interned; NULL where left out */
    struct span at;
};

/* --- expressions --- */

/* One step of a path: `Name`, or with a selector `E1EDKA1[PARVW = "AG"]`. */
struct step {
    struct name name;
    struct name key;            /* the selector's field; text NULL: none */
    struct expr *equals;        /* the selector's value: a text literal */
};
typedef VEC(struct step) step_vec;

enum expr_kind {
    EXPR_TEXT,          /* "abc" */
    EXPR_NUMBER,        /* 12.50, kept as written */
    EXPR_BOOL,          /* true false */
    EXPR_NOTHING,       /* empty, missing */
    EXPR_PATH,          /* cloud.Contacts.Name, outer.cloud.Name, a parameter */
    EXPR_CALL,          /* left(cloud.Name, 10) */
    EXPR_BINARY,        /* + - * / = <> < <= > >= and or */
    EXPR_NOT,           /* not e */
    EXPR_NEGATE,        /* - e */
    EXPR_IF,            /* if a then b else c */
    EXPR_IN,            /* a in ("x", "y"), negated: a not in (…) */
    EXPR_BETWEEN,       /* a between b and c */
    EXPR_IS             /* a is empty, a is missing, a is not empty */
};

enum binary_op {
    OP_ADD, OP_SUB, OP_MUL, OP_DIV,
    OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,
    OP_AND, OP_OR
};

struct expr {
    enum expr_kind kind;
    struct span at;
    union {
        const char *text;                   /* EXPR_TEXT, EXPR_NUMBER */
        bool truth;                         /* EXPR_BOOL */
        bool empty;                         /* EXPR_NOTHING: empty or missing */
        struct {
            unsigned outer;                 /* how many `outer.` */
            step_vec steps;                 /* first: the system or parameter */
        } path;
        struct {
            struct name name;
            expr_vec args;
        } call;
        struct {
            enum binary_op op;
            struct expr *left, *right;
        } binary;
        struct expr *operand;               /* EXPR_NOT, EXPR_NEGATE */
        struct {
            struct expr *test, *yes, *no;   /* no: NULL where left out */
        } choice;
        struct {
            struct expr *operand;
            bool negated;
            expr_vec values;
        } in;
        struct {
            struct expr *operand, *low, *high;
        } between;
        struct {
            struct expr *operand;
            bool negated, empty;            /* is [not] empty | missing */
        } is;
    } u;
};

/* --- rules --- */

enum arrow {
    ARROW_BOTH,         /* <-> */
    ARROW_LOSSY,        /* <~> */
    ARROW_RIGHT,        /* ->  */
    ARROW_LEFT          /* <-  */
};

enum conv_kind {
    CONV_NAMED,         /* alpha(10): the library's or a `convert` */
    CONV_CODES,         /* codes Country, codes Region(erp.LAND1) */
    CONV_REF            /* ref Account */
};

/* One link of a chain of conversions, read from left to right. */
struct conv {
    enum conv_kind kind;
    struct span at;
    struct name name;
    expr_vec args;
    bool reverse;       /* `reverse alpha(10)` */
};
typedef VEC(struct conv) conv_vec;

enum fate_kind {
    FATE_NONE,          /* nothing written: inherited */
    FATE_VALUE,         /* else "x", else empty */
    FATE_KEEP,
    FATE_PARK,
    FATE_REJECT
};

struct fate {
    enum fate_kind kind;
    struct span at;
    struct expr *value;         /* FATE_VALUE */
};

enum policy_kind {
    POLICY_NONE,        /* nothing written: inherited */
    POLICY_OWNER,       /* owner cloud [unless empty] */
    POLICY_NEWEST,      /* newest [by path] */
    POLICY_MIN, POLICY_MAX, POLICY_SUM, POLICY_UNION,
    POLICY_KEEP_BOTH,
    POLICY_ASK
};

struct policy {
    enum policy_kind kind;
    struct span at;
    struct name system;         /* POLICY_OWNER */
    bool unless_empty;          /* POLICY_OWNER */
    struct expr *by;            /* POLICY_NEWEST: a path, or NULL */
};

/* left ARROW right : chain, when …, owner …, personal, remember, else … */
struct rule {
    struct span at;
    enum arrow arrow;
    struct span arrow_at;
    struct expr *left, *right;  /* `a + b` on a two-way side: several fields */
    conv_vec chain;
    struct expr *when;          /* NULL: always */
    struct policy policy;
    struct fate fate;
    bool personal, remember;
    bool open, final;           /* to the layers above; none: as its map */
};

/* --- maps --- */

enum item_kind {
    ITEM_KEY,           /* key rule */
    ITEM_RULE,
    ITEM_IGNORE,        /* ignore path */
    ITEM_WHERE,         /* where expr [leave …] */
    ITEM_CREATE,        /* create both | cloud -> erp | none */
    ITEM_DELETE,        /* delete erp -> cloud [: set path = value | remove] */
    ITEM_OWNER,         /* owner policy, of the whole map */
    ITEM_ELSE,          /* else fate, of the whole map */
    ITEM_GROUP,
    ITEM_EACH,
    ITEM_MESSAGES,      /* messages from path severity F text F, of a call */
    ITEM_FINAL          /* final: so are all rules that do not say `open` */
};

enum leave {
    LEAVE_NONE, LEAVE_UNLINK, LEAVE_DELETE, LEAVE_KEEP
};

/* Which ways something goes, by the names of the systems. */
struct ways {
    bool both, none;
    struct name from, to;       /* where neither: from -> to */
};

typedef VEC(struct map_item *) item_vec;

struct group {
    struct name name;
    struct policy policy;
    item_vec items;             /* ITEM_RULE, ITEM_IGNORE */
};

struct each {
    struct expr *left, *right;  /* paths of the lists; right NULL: one list,
                                   of either side, gone through on the way to
                                   the other side */
    enum arrow arrow;
    struct span arrow_at;
    VEC(struct rule *) match;   /* left <-> right : chain */
    bool by_position;
    expr_vec where;             /* each condition speaks of one side */
    item_vec items;             /* rules, ignores, groups, eaches */
};

/* What the called system says: a list of messages, and which of their fields
 * says what. */
struct message_part {
    struct name what;           /* severity, text, number, item */
    struct name field;
    struct expr *in;            /* item N in path: of this list; NULL */
    struct name codes;          /* severity F : codes NAME; no text: none */
};

struct messages {
    struct expr *list;
    VEC(struct message_part) parts;
};

struct map_item {
    enum item_kind kind;
    struct span at;
    /* Set where layers are put together. */
    bool final;
    struct span instead;    /* of what it replaced; or no place */
    struct span tightened;  /* where that was said last; or no place */
    union {
        struct rule *rule;                          /* KEY, RULE */
        struct expr *ignore;                        /* IGNORE: a path */
        struct {
            struct expr *test;
            enum leave leave;
        } where;
        struct ways create;
        struct {
            struct ways ways;
            struct expr *set, *value;               /* NULL: remove it */
        } delete_;
        struct policy owner;
        struct fate fate;
        struct group *group;
        struct each *each;
        struct messages *messages;
    } u;
};

struct map {
    struct span at;
    struct name name;
    struct expr *left, *right;  /* system.Type or system.Type.Segment */
    item_vec items;
};

/* --- the other items of a file --- */

struct language_item { struct span at; const char *version; };
struct scenario_item { struct name name; const char *title; };  /* erp.master */
struct use_item { struct span at; const char *path; };          /* use "x.map" */

enum protocol {
    PROTOCOL_ODATA2, PROTOCOL_ODATA4, PROTOCOL_IDOC, PROTOCOL_XML,
    PROTOCOL_JSON, PROTOCOL_SOAP
};

enum system_option_kind {
    SYSTEM_BYTES,       /* bytes 6 : City, Contact.Name  MaxLength is bytes */
    SYSTEM_PERSONAL,    /* personal Phone, Contact.BirthDate */
    SYSTEM_CONTROL      /* control MESTYP = "DEBMAS"  (idoc) */
};

struct system_option {
    enum system_option_kind kind;
    struct span at;
    const char *number;             /* SYSTEM_BYTES: as written */
    VEC(struct expr *) fields;      /* paths: Property or Type.Property */
    struct name control;            /* SYSTEM_CONTROL */
    const char *value;
    struct name changed;            /* … for changed ORDERS05; no text: all */
};

struct system_item {
    struct span at;
    struct name name;
    const char *title;              /* or NULL */
    struct name protocol;           /* checked in sema: did you mean */
    const char *schema;             /* path relative to this file */
    struct span schema_at;
    VEC(struct system_option *) options;
};

struct codes_row {
    struct span at;
    struct expr *context;           /* "DE" : "01" <-> "BW"; or NULL */
    struct expr *left, *right;      /* text literals */
    enum arrow arrow;               /* never ARROW_LOSSY */
};

struct codes_item {
    struct span at;
    struct name name;
    struct name left, right;        /* between cloud and erp; or NULL texts */
    bool final;
    const char *file;               /* from "x.csv"; NULL: rows */
    struct span file_at;
    VEC(struct codes_row *) rows;
    struct fate fate;
};

struct param {
    struct name name;
    struct name type;               /* text number bool date time datetime */
};
typedef VEC(struct param) param_vec;

/* convert name(params) type <-> type { -> expr  <- expr }; `value` is the
 * value converted. One body only: one way. */
struct convert_item {
    struct span at;
    struct name name;
    param_vec params;
    struct name left, right;        /* types */
    enum arrow arrow;
    struct expr *forward, *backward;
};

/* function name(params) type = expr */
struct function_item {
    struct span at;
    struct name name;
    param_vec params;
    struct name result;
    struct expr *body;
};

enum data_kind {
    DATA_TEXT, DATA_NUMBER, DATA_BOOL, DATA_EMPTY, DATA_MISSING,
    DATA_RECORD, DATA_LIST
};

struct data_member {
    struct name name;
    struct data *value;
};

struct data {
    enum data_kind kind;
    struct span at;
    const char *text;               /* TEXT decoded, NUMBER as written */
    bool truth;                     /* BOOL */
    VEC(struct data_member) members;
    VEC(struct data *) elements;
};

enum outcome {
    OUTCOME_RECORD,                 /* these fields */
    OUTCOME_PARKED, OUTCOME_REJECTED, OUTCOME_LEFT_OUT
};

/* `cloud {…}  erp {…}` both ways; `cloud {…} -> erp {…}`, `cloud {…} ->
 * parked` one way. */
struct test_item {
    struct span at;
    const char *title;
    struct name map;                /* for Account; NULL: the last map above */
    VEC(struct test_ref *) refs;    /* ref Account "A" <-> "B" */
    struct name left_system, right_system;  /* right NULL text: outcome only */
    struct data *left, *right;
    enum arrow arrow;               /* ARROW_BOTH, ARROW_RIGHT (left to right
                                       as written, whatever the systems) */
    enum outcome outcome;
};

struct test_ref {
    struct span at;
    struct name map;
    const char *left, *right;
};

struct deployment_item {
    struct span at;
    struct name name;
    VEC(struct name) scenarios;             /* use erp.master_data, … */
    VEC(struct use_item *) files;           /* use "acme/extensions.map" */
    VEC(struct deployment_option) options;  /* option update_back = on */
};

struct deployment_option {
    struct name name, value;
};

/* `5 min`; what it means is checked in sema. */
struct period {
    struct span at;
    const char *number;                     /* as written; NULL: not said */
    struct name unit;
};

/* cloud -> erp every 5 min changed ChangedOn overlap 2 min sweep every 1 day */
struct replicate_flow {
    struct span at;
    struct name from, to;
    bool message;                           /* on message; else `every` */
    struct period every, overlap, sweep;
    struct name changed;                    /* text NULL: not said */
};

/* guard at most 2% or 50 deletes */
struct guard {
    struct span at;
    const char *percent, *deletes;          /* as written; NULL: not said */
};

struct replicate_item {
    struct span at;
    struct name map;
    VEC(struct replicate_flow *) flows;
    struct guard guard;                     /* both NULL: none */
};

enum call_kind { CALL_PLAIN, CALL_DOCFLOW, CALL_DOCUMENT, CALL_ATTACHMENT };

/* Which bytes go over: content cloud.Binary -> erp.Content. */
struct content_path {
    struct expr *from, *to;                 /* to NULL: to whom asks */
};

/* call Pricing from cloud.SalesQuote to erp.SIMULATE within 3 s { … }: a user
 * waits for the answer. */
struct call_item {
    struct span at;
    enum call_kind kind;
    struct name name;
    struct expr *left, *right;  /* system.Type and system.Operation */
    struct period within;       /* number NULL: not said */
    bool no_effect;             /* effect none */
    struct span effect_at;      /* of that, or of `effect once` */
    struct {
        bool there;             /* effect once per … found by … */
        expr_vec per;           /* paths */
        struct name found;      /* a call */
    } once;
    struct period cache;        /* number NULL: not said */
    struct span cache_at;
    bool last_known;            /* else last known */
    struct span last_known_at;
    struct {
        struct span at;
        bool there;             /* again */
        literal_vec types;         /* for "order"; none: of every type */
    } again;
    /* content erp.Pdf type "application/pdf" at most 20 MB */
    struct {
        struct span at;
        bool there;
        struct content_path path;
        literal_vec types;         /* none: any */
        struct period most;
    } content;
    struct {
        struct span at;
        bool there;
        item_vec items;
    } request, response;
};

/* --- layers --- */

struct package_item { struct name name; const char *version; };
struct layer_item { struct name name; };        /* partner, customer */

enum change_kind {
    CHANGE_ADD, CHANGE_REPLACE, CHANGE_REMOVE, CHANGE_TIGHTEN,
    CHANGE_EACH         /* changes below a list */
};

/* What a layer changes of a map: one line, or the lines below a list. */
struct change {
    enum change_kind kind;
    struct span at;
    struct map_item *item;          /* ADD, REPLACE */
    struct expr *path;              /* the others */
    conv_vec checks;                /* TIGHTEN */
    struct fate fate;
    bool personal;
    VEC(struct change *) below;     /* EACH */
};
typedef VEC(struct change *) change_vec;

struct code_change {
    enum change_kind kind;          /* ADD, REPLACE, REMOVE */
    struct span at;
    struct codes_row *row;
};

enum extend_kind { EXTEND_MAP, EXTEND_CODES, EXTEND_SYSTEM };

struct extend_item {
    struct span at;
    enum extend_kind kind;
    struct name name;
    change_vec changes;                     /* EXTEND_MAP */
    VEC(struct code_change) codes;          /* EXTEND_CODES */
    struct system_item *system;             /* EXTEND_SYSTEM: schema NULL: as
                                               it is; options are added */
};

enum file_item_kind {
    FILE_LANGUAGE, FILE_SCENARIO, FILE_USE, FILE_SYSTEM, FILE_MAP, FILE_CODES,
    FILE_CONVERT, FILE_FUNCTION, FILE_TEST, FILE_DEPLOYMENT, FILE_REPLICATE,
    FILE_CALL, FILE_PACKAGE, FILE_LAYER, FILE_EXTEND
};

struct file_item {
    enum file_item_kind kind;
    struct span at;
    union {
        struct language_item *language;
        struct scenario_item *scenario;
        struct use_item *use;
        struct system_item *system;
        struct map *map;
        struct codes_item *codes;
        struct convert_item *convert;
        struct function_item *function;
        struct test_item *test;
        struct deployment_item *deployment;
        struct replicate_item *replicate;
        struct call_item *call;
        struct package_item *package;
        struct layer_item *layer;
        struct extend_item *extend;
    } u;
};

struct comment {
    struct span at;             /* from `--` to the line's end */
    bool alone;                 /* nothing else on its line */
};

struct file {
    const struct source *source;
    VEC(struct file_item) items;
    VEC(struct comment) comments;       /* in order of place */
};

#endif
