/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One model for every kind of schema: records with members; a member is a
 * value or a record, once or many times. Imported, never written by hand.
 *
 *   OData      a record for each entity type and complex type; navigation
 *              properties are record members. Roots: entity types.
 *   XSD, IDoc  a record for each complex type (named or anonymous). Roots: the
 *              global elements, as members. A WSDL moreover has operations.
 *   JSON       a record for each object type. Roots: the document and $defs.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "base/names.h"
#include "schema/type.h"
#include "source/diag.h"

/* How a value stands on the wire; becomes enum mr_wire in generated code. */
enum wire {
    WIRE_TEXT,              /* JSON string; XML text */
    WIRE_BOOL,              /* JSON true/false; XML true/false/1/0 */
    WIRE_NUMBER,            /* JSON number; XML decimal text */
    WIRE_NUMBER_TEXT,       /* JSON string that holds a number (OData v2
                               Edm.Decimal, Edm.Int64) */
    WIRE_DATE,              /* 2024-01-31 */
    WIRE_TIME,              /* 13:45:00 (Edm.TimeOfDay, xsd:time) */
    WIRE_TIME_DURATION,     /* PT13H45M00S (OData v2 Edm.Time) */
    WIRE_DATETIME,          /* ISO 8601 with zone */
    WIRE_DATETIME_LOCAL,    /* ISO 8601 without zone */
    WIRE_DATETIME_TICKS,    /* /Date(ms)/ or /Date(ms+mmmm)/ (OData v2) */
    WIRE_GUID,
    WIRE_BINARY             /* base64 */
};

/* Where a member of an operation's request stands when it goes by HTTP. */
enum member_place { PLACE_BODY, PLACE_PATH, PLACE_QUERY };

struct record;

struct member {
    const char *name;           /* interned; the local name */
    const char *ns;             /* interned namespace URI; NULL: none */
    struct record *record;      /* NULL: a value */
    struct type type;           /* of a value */
    enum wire wire;
    uint32_t min, max;          /* occurrences; max UNBOUNDED_COUNT: any number */
    bool required;              /* must be given when the record is made */
    bool creatable, updatable;  /* may be written */
    bool unfilterable;          /* OData: can't stand in $filter */
    bool key;
    bool navigation;            /* OData navigation property */
    bool choice;                /* one arm of a choice: never required alone */
    bool attribute;             /* XML attribute */
    bool content;               /* the text of an element with attributes; its
                                   name is "content" */
    const char *code_list;      /* OData value help, or NULL */
    const char *declared;       /* OData: the type's name as it stands there,
                                   of a property; NULL */
    const char *unit;           /* OData: the property that has its unit or
                                   currency, or NULL */
    bool measure;               /* OData: a unit of measure, no currency */
    enum member_place place;
    const char *before, *after; /* PATH, QUERY: what stands around the value */
    const char *file;           /* that describes it, without folders: the
                                   schema's or one that it includes */
    uint32_t line;              /* in that file */
};

enum { UNBOUNDED_COUNT = UINT32_MAX };

struct record {
    const char *name;           /* type name; for an anonymous type its path */
    VEC(struct member) members; /* in schema order: the order of writing */
    struct table by_name;       /* -> struct member *; the first of one name */
    const char *set;            /* OData: the (first) entity set, or NULL */
    bool stream;                /* OData: a media entity: it has bytes, too */
    bool set_uncreatable, set_unupdatable;      /* … and what it forbids */
    uint32_t line;
};

/* What a service does when it is called: one record goes there, one comes back.
 * SOAP 1.1 (of a WSDL): an element in each body. Else members of the request
 * stand in the address, as they say, and the others in the body, as JSON. */
struct operation {
    const char *name;
    const char *action;         /* SOAPAction; "" where there is none */
    const char *method;         /* "GET"; NULL: SOAP */
    const char *path;           /* "/prices/{id}", relative to the service */
    bool bodiless;              /* nothing but the address is sent */
    const struct member *input, *output;    /* roots; output NULL: no answer */
    const char *unfit;          /* why it can't be called, in words; NULL */
    uint32_t line;
};

enum schema_format {
    SCHEMA_EDMX2, SCHEMA_EDMX4, SCHEMA_XSD, SCHEMA_JSON
};

struct schema {
    const char *path;           /* as given */
    const char *file;           /* its name without folders */
    enum schema_format format;
    uint64_t hash;              /* of all bytes read, includes too: FNV-1a 64 */
    size_t bytes;
    VEC(const struct source *) files;   /* the first one, then its includes */
    VEC(struct record *) records;
    VEC(struct member) roots;   /* what a map can name behind the system; also
                                   EntitySet names are accepted by schema_root */
    struct table root_by_name;
    bool qualified;             /* elements carry the target namespace */
    bool wsdl;
    VEC(struct operation) operations;   /* in the order of the file */
};

/* The schema in this file (format found from its content). NULL after
 * reporting errors; warnings and notes go to ds as well (a property that
 * occurs twice, an annotation that makes no sense). `at` is the place in the
 * .map file that names it (no place: command line). Paths of includes are
 * relative to the including file and may not leave its folder's parent. */
struct schema *schema_import(struct arena *a, struct names *ns,
                             struct diags *ds, struct sources *ss,
                             const char *path, struct span at);

/* A root by its interned name; NULL where there is none. The found member's
 * record may be NULL (an element that holds a value). */
const struct member *schema_root(const struct schema *s, const char *name);
const struct member *record_member(const struct record *r, const char *name);
/* An operation by its interned name; NULL where there is none. */
const struct operation *schema_operation(const struct schema *s,
                                         const char *name);
/* The value beside this one that says in which currency it is; NULL where it is
 * no amount, or nothing says it. */
const struct member *member_currency(const struct record *r,
                                     const struct member *m);
/* The value that alone is the record's key; NULL where there is none. */
const struct member *record_key(const struct record *r);

/* MaxLength of every property with this name (or of `record`.`name` where
 * record is not NULL) counts bytes, `per_char` for each character. Returns how
 * many were changed. */
size_t schema_bytes_per_char(struct schema *s, const char *record,
                             const char *name, uint32_t per_char);

/* All of it as text, for `mapc dump schema`. */
void schema_dump(const struct schema *s, struct buf *out);

#endif
