/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What replication knows of a map, as constant tables made by the compiler:
 * its rules one by one, its lists, who decides a conflict, when each direction
 * runs. The engine compares and merges records rule by rule with these.
 *
 * A rule's value on a side is the values of `fields[side]`, one after another.
 * Side 0 is the left one, 1 the right one, here and in all of replication; the
 * direction towards a side has the side's number.
 */
#ifndef MR_REPL_H
#define MR_REPL_H

#include "mr/rule.h"

enum mr_side { MR_LEFT, MR_RIGHT };

enum mr_policy {
    MR_POLICY_NONE,         /* one way, or nothing said */
    MR_POLICY_OWNER,        /* `side` wins */
    MR_POLICY_OWNER_UNLESS_EMPTY,   /* `side` wins unless it is empty there */
    MR_POLICY_NEWEST,
    MR_POLICY_MIN, MR_POLICY_MAX, MR_POLICY_SUM, MR_POLICY_UNION,
    MR_POLICY_KEEP_BOTH,
    MR_POLICY_ASK
};

#define MR_NOWHERE UINT32_MAX   /* an offset: there is none */

/* A conflict policy; `by` of MR_POLICY_NEWEST: a field that tells when, on the
 * side it stands on; none: when each side's record was changed. */
struct mr_decider {
    uint8_t policy;             /* enum mr_policy */
    uint8_t side;               /* OWNER */
    const struct mr_field *by;  /* NULL */
    uint8_t by_side;
};

struct mr_group {
    const char *name;
    struct mr_decider decider;
};

/* One rule as replication sees it. */
struct mr_rule {
    const char *at, *rule;      /* "account.map:21"; as written */
    uint16_t level;             /* index in mr_repl.levels */
    uint16_t group;             /* index + 1 in mr_repl.groups; 0: alone */
    bool runs[2];               /* towards that side */
    bool key;                   /* key rule, or match rule of its list */
    bool remember, personal;
    bool constant;              /* reads no field: it has no change of its own */
    struct mr_decider decider;
    /* Where its value stands on each side: what the direction towards that
     * side sets. Two-way rules have both; one-way ones that of the target. */
    const struct mr_field *fields[2];
    uint16_t n_fields[2];
    const struct mr_target *const *targets[2];  /* n_fields of them */
    /* What it reads on the way towards a side, for explain. */
    const struct mr_field *reads[2];
    uint16_t n_reads[2];
    /* Runs this one rule towards that side, as in mr_pair; NULL: not this way */
    void (*set[2])(struct mr_cx *cx, void *frame);
};

/* The map (index 0) or one `each`. A list is on both sides, or on one. */
struct mr_level {
    const char *name;           /* "each cloud.Contacts <-> erp.E1KNVKM" */
    uint16_t outer;             /* index; the map: 0 */
    bool runs[2];
    bool by_position;           /* rows are joined by their number */
    uint16_t rules, n_rules;    /* index range in mr_repl.rules; the key or
                                   match rules come first */
    uint16_t n_match;
    uint32_t frame[2];          /* offset in the frame of the pointer to the
                                   current row; MR_NOWHERE: no list here */
    uint32_t rows[2];           /* offset of struct mr_rows in the record that
                                   the outer frame pointer points to; of the
                                   map: MR_NOWHERE */
    uint32_t size[2];           /* of a row */
    const struct mr_shape *shape[2];    /* of a row; NULL where frame is none */
    /* Does the row on the other side take part on the way towards that side?
     * NULL: all do. Never called for the map: see mr_flow.takes. */
    bool (*takes[2])(struct mr_cx *cx, void *frame);
};

enum mr_leave { MR_LEAVE_NONE, MR_LEAVE_UNLINK, MR_LEAVE_DELETE, MR_LEAVE_KEEP };

/* What becomes of a record on a side when its partner is deleted. */
enum mr_on_delete { MR_DELETE_NOTHING, MR_DELETE_REMOVE, MR_DELETE_SET };

struct mr_deletion {
    uint8_t what;               /* enum mr_on_delete */
    const struct mr_field *field;       /* SET: this field to `value` */
    const char *value;          /* canonical */
};

/* How changes of a side come to be known. */
enum mr_trigger { MR_TRIGGER_NONE, MR_TRIGGER_MESSAGE, MR_TRIGGER_POLL };

struct mr_schedule {
    uint8_t trigger;            /* enum mr_trigger */
    uint32_t every;             /* seconds, POLL */
    uint32_t overlap;           /* seconds that a poll reaches back, POLL */
    uint32_t sweep;             /* seconds between searches for deleted records;
                                   0: none */
};

/* A field of an IDoc's control record. */
struct mr_control {
    const char *name, *value;
};

/*
 * What a connector and the engine need of one side's record besides its mapped
 * fields. OData: `id` is the entity's key property (one), `etag` from
 * __metadata. Offsets are in the root record; MR_NOWHERE where there is none.
 */
struct mr_tech {
    const char *object;         /* "CorporateAccount", "DEBMAS06" */
    const char *set;            /* OData: "CorporateAccountCollection"; IDoc:
                                   message type "DEBMAS" */
    const char *id_name;        /* "ObjectID"; NULL: no technical id */
    uint32_t id, etag, changed; /* offsets */
    const char *changed_name;   /* property of the poll; NULL */
    const char *select, *expand;        /* OData: ready for the query, not yet
                                   percent-encoded; expand NULL: nothing */
    uint32_t gone;              /* IDoc: offset of the root segment's MSGFN */
    const char *gone_value;     /* "003": the record was deleted */
    const struct mr_control *changes;   /* IDoc: what a change's control record
                                   says instead, ended by names NULL; NULL */
};

struct mr_repl {
    const struct mr_rule *rules;        /* by level, in the order of writing */
    uint16_t n_rules;
    const struct mr_level *levels;
    uint16_t n_levels;
    const struct mr_group *groups;
    uint16_t n_groups;
    uint16_t n_keys;            /* rules[0 … n_keys - 1] are the map's key */
    uint8_t key_space;          /* the side in whose terms a key is written to
                                   tell records apart: right where the key runs
                                   to the right, else left */
    bool create[2];             /* on that side */
    struct mr_deletion deletion[2];     /* on that side */
    uint8_t leave[2];           /* enum mr_leave, when the record on that side
                                   stops to take part */
    struct mr_schedule schedule[2];     /* changes of that side */
    uint32_t guard_percent;     /* x 100; of the links; 0: not given */
    uint32_t guard_deletes;     /* 0: not given */
    const char *const *after;   /* names of maps that `ref` needs, ended by
                                   NULL */
    bool cyclic;                /* some of them need this map, too */
    struct mr_tech tech[2];
};

#endif
