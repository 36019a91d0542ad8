/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the systems of a deployment hold, made of their schemas and of what the
 * maps say about them: kinds of records with fields, the records below them,
 * keys. Made once; only the numbers in it change afterwards.
 *
 *   OData      a kind for each entity type; those with ParentObjectID, and
 *              those of lists that no map has by themselves, stand below
 *   IDoc       a kind for each message that maps use; what is kept of a
 *              message is the record that the maps name (a customer, not the
 *              envelope around it)
 *   SOAP       sales documents, whatever the function modules are
 */
#ifndef SANDBOX_MODEL_H
#define SANDBOX_MODEL_H

#include "sema/typed.h"

/* What the service itself keeps in a field. */
enum field_role {
    FIELD_PLAIN,
    FIELD_ID,               /* ObjectID */
    FIELD_PARENT,           /* ParentObjectID */
    FIELD_ETAG, FIELD_CHANGED, FIELD_CREATED,
    FIELD_UUID              /* the ObjectID with dashes, unless it is given */
};

/* A value of a record, with all that is the same for every record. */
struct field {
    const struct member *member;
    const char *name;
    uint32_t name_n;
    const char *open;       /* "Name": */
    uint32_t open_n;
    const char *unset;      /* the JSON value of a field that holds nothing */
    uint32_t unset_n;
    enum field_role role;
    bool filterable;
};

struct nav {
    const char *name;
    struct kind *to;
    bool many;
    bool child;             /* downwards; otherwise to a record above */
};

/* A list of segments whose rows are told apart by these fields. */
struct matched {
    const struct member *list;
    VEC(const char *) fields;
};

typedef VEC(struct hop) hop_vec;

struct kind {
    struct site *site;
    int64_t number;         /* in the store */
    const char *name;       /* record type; message type of an IDoc */
    const struct record *record;
    bool used;              /* by a map */
    /* OData */
    const char *set, *full; /* entity set, type with its namespace */
    VEC(struct field) fields;           /* in schema order */
    VEC(uint32_t) sorted;               /* by name, for look-ups */
    VEC(struct nav) navs;
    struct kind *parent;                /* NULL: a root */
    unsigned depth;
    int id, parent_id, key;             /* indices of fields, -1: none */
    bool creatable, updatable, deletable;
    /* IDoc */
    VEC(const struct member *) path;    /* message, IDOC, … to the record */
    VEC(hop_vec) keys;                  /* the first one with a value */
    VEC(struct matched) lists;
    /* of the number range */
    uint64_t next_number;
};

enum site_protocol { SITE_ODATA, SITE_IDOC, SITE_SOAP };

/* One system, as it stands on the net. */
struct site {
    const char *name;
    const struct tsystem *system;
    enum site_protocol protocol;
    VEC(struct kind *) kinds;
    const char *metadata;       /* OData: the schema's text */
    size_t metadata_n;
    const char *shown;          /* instead of it, or NULL */
    size_t shown_n;
    unsigned port;
    const char *url;            /* of the service, ends with a slash */
    const char *base;           /* its path: /sap/c4c/odata/v1/c4codataapi/ */
    const char *password;       /* of the user mapc */
    struct faults *faults;
    struct counts *counts;
    struct sessions *sessions;
    struct outbox *outbox;      /* IDoc: what waits to be delivered */
};

/* A code that came to a code list, or went. */
struct listed_code {
    const struct site *site;
    const char *list, *code;
    bool there;
};

struct model {
    struct arena *arena;
    const struct tprogram *program;
    VEC(struct site *) sites;
    VEC(struct listed_code) codes;      /* in order */
};

/* Makes the sites; false after saying on standard error what can't be
 * served. */
bool model_make(struct model *m, struct arena *a,
                const struct tprogram *program);

/* By name ("CorporateAccount", "DEBMAS06"); NULL where there is none. */
struct kind *site_kind(const struct site *s, const char *name, size_t n);
struct kind *site_set(const struct site *s, const char *set, size_t n);
/* The kind of a name that is nearly one, for messages; NULL. */
const struct kind *site_near(const struct site *s, const char *name);
struct site *model_site(const struct model *m, const char *name);

const struct field *kind_field(const struct kind *k, const char *name,
                               size_t n);
const struct nav *kind_nav(const struct kind *k, const char *name, size_t n);
/* The fields that tell the rows of this list apart; NULL: nothing does. */
const struct matched *kind_matched(const struct kind *k,
                                   const struct member *list);

#endif
