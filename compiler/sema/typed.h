/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checked program: every name resolved, every expression typed and turned
 * into calls, every rule knowing what can fail in which direction and what
 * happens then. Made by sema, read by plan; never changed afterwards.
 */
#ifndef SEMA_TYPED_H
#define SEMA_TYPED_H

#include "schema/schema.h"
#include "sema/native.h"
#include "syntax/ast.h"

enum side { LEFT, RIGHT };          /* index of every two-element array here */

/* The direction towards a side: to_right values are indexed with RIGHT. */

/* Who wrote a file; a higher one may change what a lower one says. */
enum layer_rank { LAYER_PACKAGE, LAYER_PARTNER, LAYER_CUSTOMER, LAYER_RANKS };

struct texpr;
struct tlevel;
struct tmap;
struct tcall;
struct tfunction;

struct tsystem {
    const char *name, *title;       /* title: the name where none was given */
    enum protocol protocol;
    struct schema *schema;
    const struct system_item *ast;
    VEC(struct system_option *) control;    /* SYSTEM_CONTROL, of all IDocs */
    VEC(struct system_option *) changes;    /* of one type, when it changes */
};

/* --- paths --- */

struct hop {
    const struct member *member;
    const struct member *key;       /* selector [key = equals]; NULL: none */
    const char *equals;
};

/* From a level's record on one side to a value (or, of an each, a list). Every
 * hop before the last is a record that occurs once, or is picked by a
 * selector. */
struct tpath {
    struct span at;
    const char *text;               /* as written: "cloud.Contacts.Name" */
    enum side side;
    const struct tlevel *level;
    VEC(struct hop) hops;           /* at least one */
};

static inline const struct member *
tpath_member(const struct tpath *p)
{
    return p->hops.at[p->hops.n - 1].member;
}

/* Do they lead to the same member, from records of one type? */
static inline bool
tpath_same(const struct tpath *a, const struct tpath *b)
{
    bool same = a->hops.n == b->hops.n;

    for (size_t i = 0; same && i < a->hops.n; i++)
        same = a->hops.at[i].member == b->hops.at[i].member;
    return same;
}

/* --- expressions: constants, fields and calls of C functions --- */

enum texpr_kind {
    TEXPR_CONST,        /* text in canonical form; "" is empty */
    TEXPR_MISSING,
    TEXPR_PATH,
    TEXPR_PARAM,        /* a parameter of the function around it; `value` of a
                           convert is parameter 0 */
    TEXPR_CALL,         /* a runtime function by its C name */
    TEXPR_USER          /* a function or one way of a convert */
};

enum targ_kind { TARG_EXPR, TARG_COUNT, TARG_TEXT, TARG_NULL };

struct targ {
    enum targ_kind kind;
    const struct texpr *expr;       /* struct mr_val */
    uint32_t count;                 /* uint32_t */
    const char *text;               /* const char *; TARG_NULL: NULL */
};
typedef VEC(struct targ) targ_vec;

struct texpr {
    enum texpr_kind kind;
    struct span at;
    struct type type;
    why_set failures;               /* of it and all below */
    union {
        const char *text;           /* CONST */
        const struct tpath *path;   /* PATH */
        uint32_t param;             /* PARAM: index */
        struct {
            const char *function;   /* "mr_concat" */
            bool cx;                /* first C argument is cx */
            targ_vec args;
        } call;
        struct {
            const struct tfunction *function;
            bool backward;          /* a convert's way to the left */
            targ_vec args;          /* all TARG_EXPR; a convert's value first */
        } user;
    } u;
};

/* A `function` (forward only) or `convert`. C: static struct mr_val f(struct
 * mr_cx *cx, struct mr_val a, …). A convert's first parameter is `value`. */
struct tfunction {
    const char *name;
    struct span at;
    bool convert;
    VEC(const char *) params;
    const struct texpr *forward, *backward;     /* NULL: not this way */
    bool uses_forward, uses_backward;           /* by some rule */
    struct type param_types[8];
    struct type left, right;        /* convert: types of both ends; function:
                                       right is the result */
};

/* --- code tables --- */

struct tcode {
    const char *context;            /* NULL: none */
    const char *left, *right;
    enum arrow arrow;               /* BOTH, RIGHT, LEFT */
    struct span at;                 /* in the .map; no place: from a file */
};

struct tcodes {
    const char *name;
    struct span at;
    const char *systems[2];         /* NULL: as in the map that uses it */
    const char *file;               /* as written; NULL: rows in place */
    const char *path;               /* the file that was read; NULL */
    uint64_t hash;                  /* of the file's bytes */
    bool context;
    VEC(struct tcode) rows;
    struct fate fate;
    bool used;                      /* by some rule: it is in the program */
    bool broken;                    /* reported: rows are left out */
    bool final;                     /* no layer above may change it */
    enum layer_rank rank;           /* of the file that it stands in */
    enum layer_rank changed;        /* by this one last */
};

/* --- rules --- */

enum tconv_kind { TCONV_NATIVE, TCONV_USER, TCONV_CODES, TCONV_REF };

struct tconv {
    enum tconv_kind kind;
    const char *text;               /* as written: "alpha(10)" */
    const struct native *native;
    const struct tfunction *user;
    const struct tcodes *codes;
    const struct tmap *ref;
    bool turned;                    /* `reverse`, or a table whose columns stand
                                       the other way round than the map's sides:
                                       to the right uses the left function */
    targ_vec args;                  /* after the value; defaults filled in */
};

struct tfate {
    enum fate_kind kind;            /* VALUE, KEEP, PARK, REJECT */
    const char *value;              /* VALUE: canonical text, "" is empty */
};

struct tgroup {
    const char *name;
    struct policy policy;
    const struct tpath *by;         /* of policy newest, resolved, or NULL */
};

/*
 * Towards a side S (to_right: S = RIGHT) the rule runs if runs[S]:
 *   value = source[other side], or the fields of the other side
 *   value = chain applied (to_right: first to last with the right functions;
 *           to_left: last to first with the left functions; a native without a
 *           left function is applied as it stands, in one-way rules only)
 *   fields[S] = value, by the fate where that fails
 * Several fields on a side: the chain's end at that side is a fan (split at
 * the right end, join at the left end).
 */
struct trule {
    const struct rule *ast;
    struct span at;
    const char *place;              /* "account.map:21" */
    const char *text;               /* as written, blanks folded, no remark */
    struct tlevel *level;
    const struct tgroup *group;     /* NULL: none */
    bool key;                       /* key or match rule */
    enum arrow arrow;
    bool runs[2];
    VEC(struct tpath *) fields[2];  /* what may be written, or is read as it is */
    const struct texpr *source[2];  /* instead of fields: an expression */
    VEC(struct tconv) chain;
    const struct texpr *when;       /* NULL: always */
    struct policy policy;
    const struct tpath *by;         /* of policy newest, resolved, or NULL */
    struct tfate fate;
    why_set failures[2];            /* what can go wrong towards that side */
    bool personal, remember;
    bool unhandled, wanders;        /* reported, for one of its ways */
    /* Two-way rules, by the side from which a value goes there and back: which
     * ones may come back as others, in words, and by which conversion. NULL:
     * none of those that get through. */
    const char *changes[2], *changed_by[2];
    const char *loses[2], *lost_by[2];  /* what of that is lost, not only
                                       written otherwise */
    uint32_t n_changing[2];         /* conversions that may change some */
    bool filters;                   /* all of those work alike both ways */
    bool own;                       /* a `convert` of one's own is in it */
    bool own_settles;               /* … and is proven, alone */
};

struct tcondition {
    enum side side;                 /* of the paths in it */
    const struct texpr *test;
    enum leave leave;
    struct span at;
    const char *place, *text;
};

/* The map itself, or one each. */
struct tlevel {
    struct tlevel *outer;           /* NULL: the map */
    struct span at;
    const char *place, *text;       /* each: "account.map:40", its head */
    const struct record *record[2]; /* NULL: this side has no list here; paths
                                       of that side start at `outer` */
    const struct tpath *list[2];    /* each: from outer's record; NULL for map */
    bool runs[2];                   /* towards that side */
    bool by_position;
    VEC(struct tcondition) where;
    VEC(struct trule *) rules;      /* key and match rules first, then as
                                       written */
    VEC(struct tlevel *) levels;
    VEC(struct trule *) broken;     /* reported; for the checks of the whole */
    bool unknown_target;            /* of some broken rule */
};

/* What becomes of a record on side `to` when the other one is deleted. */
struct tdelete {
    enum side to;
    const struct tpath *set;        /* NULL: it is removed */
    const char *value;              /* of set: canonical text */
};

/* How changes of a side come to be known, in seconds. */
enum trigger { TRIGGER_NONE, TRIGGER_MESSAGE, TRIGGER_POLL };

struct tschedule {
    enum trigger trigger;
    struct span at;
    uint32_t every, overlap, sweep; /* sweep 0: none */
    const struct member *changed;   /* POLL: of the root record */
};

/* What a `replicate` block says of its map. */
struct treplicate {
    struct span at;
    struct tschedule from[2];       /* changes of that side */
    uint32_t guard_percent;         /* x 100; 0: not given */
    uint32_t guard_deletes;         /* 0: not given */
};

struct tmap {
    const char *name;
    struct span at;
    const struct map *ast;
    const struct tsystem *systems[2];
    /* From the document to the map's record: OData, JSON: one root; XML: the
     * document element first, for IDocs with IDOC put in. */
    VEC(const struct member *) path[2];
    struct tlevel *root;
    struct tfate fate;
    struct policy policy;
    const struct tpath *by;         /* of policy newest, resolved, or NULL */
    bool create[2];                 /* new records may be made on that side */
    VEC(struct tdelete) deletes;
    bool runs[2];                   /* any rule towards that side */
    VEC(struct tmap *) refs;        /* maps whose IDs this one needs */
    bool refers_to_itself;          /* a `ref` of this map's own */
    struct treplicate *replicate;   /* NULL: only mapped */
    const struct tcall *call;       /* NULL: a map; else one half of a call */
};

/* --- calls --- */

/* Where the called system says what it has to say: rows of a list, or one
 * record; fields of it, NULL where not named. */
struct tmessages {
    struct span at;
    const struct tpath *list;
    const struct member *severity, *text, *number, *item;
    const struct tcodes *severities;    /* left: our words; NULL: none */
    const struct tpath *item_in;        /* the item is the number of a row that
                                           was made of one in this list of the
                                           caller's; NULL: told as it is */
};

/* Of a call that asks for a chain of documents: its response leads to the
 * records of docflow_schema.h. */
struct tdocflow {
    const struct member *key;       /* of the caller's record: what is asked
                                       for, all that the request reads */
    bool again;                     /* for documents that the answer names */
    VEC(const char *) types;        /* only of these types; none: of all */
};

typedef VEC(const char *) text_list;

/* Of a call whose answer is a stream of bytes. */
struct tdocument {
    const struct member *key;       /* as of a docflow */
    text_list types;                /* media types that it may have */
    uint64_t most;                  /* bytes */
    VEC(const struct member *) path;    /* in the answer, to its base64; none:
                                       the answer itself are the bytes */
};

/* effect once: one effect for each value of the keys. */
struct tonce {
    VEC(const struct member *) keys;    /* of the caller's record: texts */
    const struct tcall *find;           /* finds what was done */
};

/* Of a call that takes bytes of a record on the left along. */
struct tattachment {
    const char *set;                /* entity set of the record */
    const char *before, *after;     /* around its key, in an address */
    const char *bytes;              /* behind it: "/Binary/$value" */
    const char *content;            /* field of the request that gets them */
    text_list types;                /* none: any */
    uint64_t most;
};

/* A request towards the right side, and the answer's way back to the left. */
struct tcall {
    const char *name, *place;
    struct span at;
    const struct call_item *ast;
    const struct operation *operation;
    uint32_t within;                /* milliseconds */
    bool no_effect;                 /* may be made again */
    struct tonce *once;             /* NULL: not said */
    uint32_t cache;                 /* seconds an answer is good; 0: not kept */
    bool last_known;                /* an older one where none comes */
    struct tmap *request, *response;
    VEC(struct tmessages) messages;
    struct tdocflow *docflow;       /* NULL: a call like any other */
    struct tdocument *document;     /* NULL, too */
    struct tattachment *attachment; /* NULL, too */
};

/* --- tests --- */

enum tdata_kind { TDATA_VALUE, TDATA_EMPTY, TDATA_MISSING, TDATA_RECORD,
                  TDATA_LIST };

struct tdata {
    enum tdata_kind kind;
    const struct member *member;
    const char *text;               /* VALUE: canonical */
    VEC(struct tdata *) members;    /* RECORD: its members */
    VEC(struct tdata *) elements;   /* LIST: records */
};

struct ttest {
    const char *title, *place;
    const struct tmap *map;
    enum side to;                   /* run towards this side */
    struct tdata *from, *expect;    /* records; expect NULL: outcome only */
    enum outcome outcome;
    VEC(struct test_ref *) refs;
};

struct tsource {
    const char *name;               /* file name without folders */
    uint64_t hash;                  /* FNV-1a 64 */
};

/* A .map file, without the library's. */
struct tfile {
    const struct file *ast;
    const char *path;
    enum layer_rank rank;
};

struct textend {
    const struct extend_item *ast;
    enum layer_rank rank;
};

/* A file of a package, which a lock can hold. */
struct tpin {
    const struct package_item *package;
    const char *beside;             /* the .map file that says `package` */
    const struct source *source;
};

/* A line or row that a layer took out, and where it says so. */
struct tremoved {
    const char *from;               /* map or table */
    const struct map_item *item;    /* NULL: a row */
    struct tcode row;
    struct span at;
};

/* What the program was put together of. */
struct tlayers {
    VEC(struct tfile) files;
    VEC(struct tpin) pins;
    VEC(const struct map *) maps;   /* with all that layers change */
    VEC(struct tcodes *) tables;
    VEC(struct textend) extends;    /* from the lowest rank up */
    VEC(struct tremoved) removed;
};

struct tprogram {
    const char *name;               /* deployment, or the first file's name */
    const char *title;
    VEC(struct tsystem *) systems;
    VEC(struct tmap *) maps;        /* in the order of their references */
    VEC(struct tcall *) calls;
    VEC(struct tcodes *) codes;     /* used ones */
    VEC(struct tfunction *) functions;      /* used ones, called before callers */
    VEC(struct ttest *) tests;      /* a two-way test is two of these */
    VEC(struct tsource) sources;    /* maps, tables, schemas; sorted by name */
    struct tlayers layers;
};

#endif
