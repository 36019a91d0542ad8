/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lowered program: everything about order, names, layout and failure is
 * settled, in the shape of the C that comes out. All that emit reads is here;
 * it prints and decides nothing. Strings named c_* are C identifiers, unique
 * in their scope; others are plain text that emit quotes.
 *
 * A map's rules share a frame: a struct of pointers to the current record of
 * each level and side.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/vec.h"

struct diags;
struct tprogram;
struct pshape;

enum { PLAN_LEFT, PLAN_RIGHT };     /* index of every two-element array */

/* --- look-ups --- */

struct pslot {
    uint32_t slot, key;             /* key: index + 1 */
};

struct plookup {
    uint64_t seed;
    unsigned shift;                 /* 64 - bits */
    VEC(struct pslot) slots;        /* taken ones, ascending */
};

/* --- expressions: what stands in a C call --- */

enum pexpr_kind {
    PEXPR_C,                        /* text: C as it stands, "at->erp->KUNNR" */
    PEXPR_STRING,                   /* text: to be quoted */
    PEXPR_CALL,                     /* text: the function */
    PEXPR_HOLE                      /* the value so far, in a step of a chain */
};

struct pexpr {
    enum pexpr_kind kind;
    bool number;                    /* a struct mr_num, no struct mr_val */
    const char *text;
    VEC(const struct pexpr *) args;
};

/* --- records --- */

enum pmember_kind { PMEMBER_VALUE, PMEMBER_ONE, PMEMBER_MANY };

struct pmember {
    const char *c_name;
    const char *name;               /* on the wire */
    enum pmember_kind kind;
    const char *wire;               /* "MR_WIRE_TEXT" */
    const char *ns;                 /* URI, or NULL */
    unsigned ns_index;              /* in the document's namespaces */
    bool attribute, content;
    bool read, written;
    bool always;                    /* ONE: written with nothing in it, too */
    uint32_t order;                 /* in the schema */
    const void *schema;             /* identity of the schema's member */
    struct pshape *shape;           /* ONE, MANY */
    const char *open, *close;       /* written ones */
};

/* A record type of one map and side: a struct and its tables. */
struct pshape {
    const char *c_name;             /* struct tag: "account_erp_E1KNVKM" */
    const char *name;               /* for messages: "erp.E1KNVKM" */
    VEC(struct pmember *) members;  /* in the order of the schema */
    uint32_t n_read, n_written;
    bool attributes;                /* some written ones are attributes */
    struct plookup lookup;          /* of the read ones */
    const char *set;                /* replicated entities: the entity set */
    const char *id;                 /* … and the member with their key */
};

struct pdoc {
    const char *c_name;
    const char *system;
    const char *format;             /* "MR_IDOC" */
    struct pshape *shape;
    VEC(struct pmember *) path;
    VEC(const char *) namespaces;   /* [0] is "" */
    const char *head, *tail, *before, *after;
    const char *nodata;             /* NULL: none */
};

/* A field behind a selector. */
struct ppicked {
    const char *c_name;
    const struct pshape *outer, *row;
    const char *rows, *key, *field; /* members; "E1EDK01.CURCY" where nested */
    const char *equals;
    bool used;                      /* by more than the tests */
};

/* A value that the frame reaches. */
struct pplace {
    const char *text;               /* "erp.KUNNR" */
    const char *frame;              /* member of the frame */
    const struct pshape *shape;     /* that it points to */
    const char *field;              /* below the record; "" where picked */
    const struct ppicked *picked;   /* NULL */
};

/* Text that a generated value must have, for the self-test. */
struct pfield {
    const struct pplace *place;
    const char *type;               /* "MR_TYPE_TEXT" */
    uint32_t max_chars;
    uint16_t digits, scale;
    bool digits_only, has_range, milliseconds;
    uint32_t min_chars;
    int64_t low, high;              /* has_range */
    const char *form;               /* NULL: any */
    const char *codes;              /* C: the way it is looked up, or NULL */
    VEC(const char *) values;
};

struct ptarget {
    const char *c_name;             /* "to_erp_KUNNR" */
    const char *at, *rule, *field;
    const char *type;
    uint32_t max_chars, max_bytes;
    uint16_t digits, scale;
    bool any_scale, has_range, milliseconds;
    int64_t low, high;              /* has_range */
    VEC(const char *) values;
    const char *fate;               /* "MR_FATE_PARK" */
    const char *fallback;           /* NULL: none */
    bool required, never_empty, personal;
    const char *c_reads;            /* array of fields read, NULL: none */
    uint32_t n_reads;
};

/* --- rules --- */

/* A rule in one direction: a C function. */
struct pstep {
    const char *c_name;
    const char *place, *text;
    const struct pexpr *when;               /* NULL: always */
    VEC(const struct pexpr *) parts_in;     /* what a join takes together */
    const struct pexpr *value;              /* what the chain starts with;
                                               NULL with parts_in */
    VEC(const struct pexpr *) chain;        /* each with one hole for what is
                                               before it; the first has none
                                               with parts_in */
    const struct pexpr *fan_out;            /* NULL: one value to one field */
    VEC(const struct pplace *) to;          /* as many as targets */
    VEC(const struct ptarget *) targets;
    const char *c_reads;                    /* table of what it reads */
    VEC(const struct pfield *) reads;       /* the first n_values are the
                                               value, others are arguments */
    uint32_t n_values;
    /* Replicated maps: tables of what it writes. */
    const char *c_fields, *c_targets;
    VEC(const struct pfield *) fields;      /* as many as targets */
};

struct pcondition {
    const char *place, *text;
    const struct pexpr *test;
    struct ptarget target;          /* for its fate and its place */
};

struct plevel;

struct pitem {                      /* one of the two */
    const struct pstep *step;
    const struct plevel *level;
};

/* The map itself (outer NULL) or one `each`. */
struct plevel {
    const struct plevel *outer;
    const char *place, *text;
    const char *c_name[2];          /* function towards that side; NULL: none */
    const char *frame[2];           /* member of the frame; NULL: no list here */
    const struct pshape *shape[2];
    const char *rows[2];            /* the list: "at->erp->E1KNVKM" */
    const char *list[2];            /* the same below its record: "E1KNVKM" */
    const struct pshape *holder[2]; /* that record */
    VEC(const struct pcondition *) where[2];    /* to hold on the way towards
                                                   that side */
    VEC(struct pitem) items[2];
    bool by_position;
};

/* A two-way rule, for the self-test. */
struct ppair {
    const char *place, *text;
    bool lossy, canonical;
    const char *promise;            /* "exact on its domain" */
    const char *unproven;           /* or NULL */
    const char *changes[2], *changed_by[2];     /* as in struct trule */
    bool keeps[2];                  /* something of that side's values is
                                       remembered */
    bool made[2];                   /* values of this side can be made; those
                                       of the other one come from it */
    const struct pstep *to_right, *to_left;
    const char *c_given;            /* NULL: none */
    VEC(const struct pfield *) given;
};

struct pslot_of_frame {
    const char *c_name;             /* member of the frame */
    const struct pshape *shape;
};

/*
 * What the map says of a rule, in words: how a conflict is decided, what is
 * kept. It is checked and stands in the plan of every map; struct prepl has it
 * as the program of a replicated map needs it.
 */
struct pdecision {
    const char *place, *text;
    const char *list;               /* the each around it; NULL: the map */
    const char *policy;             /* "newest by cloud.ChangedOn"; NULL: one
                                       way, or nothing said */
    const char *group;              /* decided together; NULL: alone */
    const char *back;               /* "exact", …; NULL: one way */
    bool key, remember, personal;
};

/* --- replication: see mr/repl.h --- */

/* A field outside of a rule: a table with one row. */
struct plone {
    const char *c_name;
    const struct pfield *field;
};

struct pdecider {
    const char *policy;             /* "MR_POLICY_OWNER" */
    int side;                       /* of OWNER */
    const struct plone *by;         /* NULL */
    int by_side;
};

struct prule {
    const char *place, *text;
    unsigned level, group;          /* index; index + 1, 0: alone */
    const struct pstep *steps[2];   /* towards that side; NULL */
    bool key, remember, personal, constant;
    struct pdecider decider;
};

struct prlevel {
    const struct plevel *level;
    const char *name;
    unsigned outer, rules, n_rules, n_match;
    bool runs[2];
    const char *c_takes[2];         /* NULL: every row takes part */
};

struct prgroup {
    const char *name;
    struct pdecider decider;
};

struct pdeletion {
    const char *what;               /* "MR_DELETE_SET" */
    const struct plone *field;      /* NULL */
    const char *value;
};

struct pschedule {
    const char *trigger;            /* "MR_TRIGGER_POLL" */
    uint32_t every, overlap, sweep;
};

struct pcontrol {
    const char *name, *value;
};

/* Members of the root record: NULL where there is none. */
struct ptech {
    const char *object, *set, *id_name, *changed_name, *select, *expand;
    const char *id, *etag, *changed, *gone, *gone_value;
    VEC(struct pcontrol) changes;   /* of the control record of a change */
};

struct prepl {
    VEC(struct prule) rules;
    VEC(struct prlevel) levels;
    VEC(struct prgroup) groups;
    VEC(struct plone *) fields;     /* of deciders and deletions */
    unsigned n_keys;
    int key_space;
    bool create[2], cyclic;
    struct pdeletion deletion[2];
    const char *leave[2];           /* "MR_LEAVE_KEEP" */
    struct pschedule schedule[2];
    uint32_t guard_percent, guard_deletes;
    VEC(const char *) after;
    struct ptech tech[2];
};

struct pmap {
    const char *c_name;             /* "account": files and prefix */
    const char *name, *title;
    const char *systems[2];
    struct pdoc docs[2];
    VEC(struct pshape *) shapes;    /* inner ones before outer ones */
    VEC(struct pslot_of_frame) frame;
    VEC(struct ppicked *) picked;
    VEC(const struct pstep *) steps;        /* in the order of the source */
    VEC(const struct plevel *) levels;      /* inner ones before outer ones */
    const struct plevel *root;
    const char *c_takes[2];         /* towards that side; NULL: all do */
    bool runs[2];
    VEC(const struct ptarget *) targets[2];
    VEC(struct ppair) pairs;
    VEC(struct pdecision) decisions;
    VEC(const char *) clauses;      /* "create cloud", "delete erp: remove" */
    const struct prepl *repl;       /* NULL: not replicated */
    bool half;                      /* of a call: no map by itself */
    bool uses_codes, uses_functions;
};

/* --- calls: see mr/call.h --- */

/* Where the answer's messages are: in `place` of the answer's record. */
struct pmessages {
    const char *place;              /* "MESSAGETABLE.item" */
    const struct pshape *shape;     /* of a row, or of the record there */
    bool many;
    const char *severity, *text, *number, *item;    /* members; NULL */
    const struct pcodes *severities;    /* NULL: by their first letter */
    int item_in;                    /* one of the call's lists; -1: none */
};

/* Rows that are asked for and answered: the list's place and the key's in the
 * caller's record of each half. */
struct pcall_list {
    const char *name;
    bool asked;                     /* else only the response has it */
    const char *place[2], *key[2];  /* request, response */
    const struct pshape *root[2], *row[2];
};

/* A field of the request that stands in the address. */
struct pcall_param {
    const char *name, *field, *wire;
    const char *before, *after;
    bool path;                      /* else in the query */
};

/* A list of a chain of documents: its place in the answer's record, its fields
 * as mr/call.h has them, NULL where no rule writes them. */
enum { PDOCFLOW_FIELDS = 7 };

struct pdocflow_list {
    const char *place;              /* NULL: no rule fills it */
    bool one;                       /* no list, a record there */
    const struct pshape *row;
    const char *fields[PDOCFLOW_FIELDS];
};

struct pdocflow {
    const char *key;                /* of the caller's record, by its name */
    bool again;
    VEC(const char *) types;
    const struct pshape *chain;
    struct pdocflow_list asked, documents, steps;
};

struct pdocument {
    const char *key;
    VEC(const char *) types, path;  /* path: elements, from the envelope on */
    uint64_t most;
};

struct pcall_key {
    const char *name, *field;       /* "ID"; the member of `once_from` */
};

struct pattachment {
    const char *set, *before, *after, *bytes, *content;
    const char *select;             /* "Name,MimeType" */
    VEC(const char *) types;
    uint64_t most;
};

struct pcall {
    const char *c_name, *name, *at;
    const char *systems[2];
    const char *operation, *action;
    const char *method, *path;      /* NULL: SOAP */
    bool bodiless;
    const char *way;                /* "MR_CALL_SOAP" */
    const struct pshape *asked;     /* the request's record */
    VEC(struct pcall_param) params;
    uint32_t within;                /* milliseconds */
    bool no_effect, last_known;
    bool once;
    size_t once_find;               /* once: the call that finds it, its place */
    const struct pshape *once_from; /* … the caller's record, as asked with */
    VEC(struct pcall_key) once_keys;
    uint32_t cache;                 /* seconds */
    const struct pmap *request, *response;
    const struct pshape *answer;
    VEC(struct pmessages) messages;
    VEC(struct pcall_list) lists;
    const struct pdocflow *docflow; /* NULL: none */
    const struct pdocument *document;   /* NULL: none */
    const struct pattachment *attachment;   /* NULL: none */
};

/* --- tables, functions, tests --- */

struct pcode {
    const char *key, *value;
};

struct pcodes_way {
    VEC(struct pcode) rows;
    struct plookup lookup;
};

struct pcodes {
    const char *c_name;             /* "codes_Country" */
    const char *name, *place;       /* place: the file, or where it stands */
    bool context;
    struct pcodes_way ways[2];      /* towards that side */
};

struct pfunction {
    const char *c_name;
    const char *place;              /* "function shout", "convert plz to the
                                       left" */
    VEC(const char *) params;
    bool missing_stays;             /* a missing first argument is the result:
                                       nothing was sent, nothing is made */
    const struct pexpr *body;
};

/* What a test puts into or expects of a record, one line of C each. */
enum pdatum_kind { PDATUM_VALUE, PDATUM_ROWS };

struct pdatum {
    enum pdatum_kind kind;
    const char *field;              /* below the record; NULL: it has no place,
                                       nothing reads or writes it */
    const char *text;               /* "erp.NAME1", for messages */
    const struct pexpr *value;
    VEC(struct prow *) rows;
    const char *row_var;
};

struct prow {
    const struct pshape *shape;
    VEC(struct pdatum) data;
};

struct ptest {
    const char *c_name;
    const char *place, *title;
    const struct pmap *map;
    unsigned to;
    struct prow from, expect;
    bool compares;
    const char *outcome;            /* "MR_OUTCOME_RECORD" */
    VEC(const char *) refs;         /* map, left, right, map, … */
};

/* --- what a program relies on of its services: see mr/facts.h --- */

struct pfact_use {
    const char *place, *text;
    bool read, written;
    const struct pcodes *codes;     /* looked up in it; NULL */
    int side;                       /* … whose codes are this side's */
};

struct pfact {
    const char *name, *declared;    /* declared NULL: a navigation */
    const char *code_list;          /* NULL: none */
    uint32_t max_chars;
    uint16_t precision, scale;
    bool key, nullable, creatable, updatable;
    VEC(struct pfact_use) uses;
    const void *schema;             /* identity of the schema's member */
};

/* A record type of a service. */
struct prelied {
    const char *system, *type, *set;
    const char *place, *text;       /* of the map or list that uses it first */
    bool created, updated;          /* by the program */
    bool uncreatable, unupdatable;  /* by what the service said */
    VEC(struct pfact *) facts;
    VEC(const char *) required;     /* may not be empty */
    const void *schema;
};

struct psource {
    const char *name;
    uint64_t hash;
};

struct plan {
    const char *name, *title, *c_name;
    VEC(struct pmap *) maps;        /* and the halves of calls */
    VEC(struct pcall *) calls;
    VEC(struct pcodes *) codes;
    VEC(struct pfunction *) functions;
    VEC(struct ptest *) tests;
    VEC(struct psource) sources;
    VEC(struct prelied *) relied;
};

/* Never NULL; to be emitted only when nothing was reported. */
struct plan *plan_lower(struct arena *a, struct diags *ds,
                        const struct tprogram *program);

/* Adds a bug diagnostic for each rule of the plan's own that is broken. */
void plan_verify(const struct plan *plan, struct diags *ds);

/* Stable text, for `mapc dump plan`. */
void plan_dump(const struct plan *plan, struct buf *out);

#endif
