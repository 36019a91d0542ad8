/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes: what a map reads and writes of one record type, as constant tables
 * made by the compiler. A record is a generated struct of `struct mr_val` and
 * `struct mr_rows` members and embedded structs; a shape says where they are,
 * how they are called on the wire and what stands around them when written.
 * A record of all zero bytes has every field missing.
 */
#ifndef MR_SHAPE_H
#define MR_SHAPE_H

#include "mr/cx.h"
#include "mr/lookup.h"

enum mr_format { MR_ODATA2, MR_ODATA4, MR_JSON, MR_IDOC, MR_XML };

/* See the compiler's schema for what each one is. */
enum mr_wire {
    MR_WIRE_TEXT, MR_WIRE_BOOL, MR_WIRE_NUMBER, MR_WIRE_NUMBER_TEXT,
    MR_WIRE_DATE, MR_WIRE_TIME, MR_WIRE_TIME_DURATION, MR_WIRE_DATETIME,
    MR_WIRE_DATETIME_LOCAL, MR_WIRE_DATETIME_TICKS, MR_WIRE_GUID,
    MR_WIRE_BINARY
};

enum mr_kind {
    MR_VALUE,           /* struct mr_val at offset */
    MR_ONE,             /* the record's struct itself at offset */
    MR_MANY             /* struct mr_rows at offset, rows of shape->size */
};

/* The rows of a list. Rows move when one is added. */
struct mr_rows {
    char *at;
    uint32_t n, room;
    uint32_t state;     /* MR_MISSING, MR_EMPTY (sent with no rows), MR_HERE */
};

struct mr_shape;

struct mr_member {
    const char *name;           /* as on the wire, the local name in XML */
    uint16_t name_n;
    uint8_t kind;               /* enum mr_kind */
    uint8_t wire;               /* enum mr_wire */
    uint8_t ns;                 /* XML: index in doc->namespaces; 0: none */
    bool attribute, content;    /* XML */
    bool always;                /* XML, MR_ONE: written with nothing in it, too */
    uint32_t offset;            /* in the record that holds it */
    const struct mr_shape *shape;       /* MR_ONE, MR_MANY */
    /* Written members: what stands before and after the value, ready made.
     * JSON: `"KUNNR":` without quotes of the value, and "" (quotes, commas and
     * brackets are the encoder's). XML: `<KUNNR>` and `</KUNNR>`; of a record
     * `<E1KNVVM SEGMENT="1">`, without `>` where its shape has attributes; of an
     * attribute ` currency="` and `"`; of content "" and "". */
    const char *open, *close;
    uint16_t open_n, close_n;
};

struct mr_shape {
    const char *name;           /* for messages: "CorporateAccount" */
    uint32_t size;              /* of the record's struct */
    uint16_t n_read, n_write;
    bool attributes;            /* XML: write[] starts with attributes */
    const struct mr_member *read;       /* any order */
    struct mr_lookup lookup;            /* name -> index in read */
    const struct mr_member *write;      /* in the order of writing */
    /* OData, where the map is replicated: the entity set of these records and
     * the offset of their key in a record. NULL: part of what holds it. */
    const char *set;
    uint32_t id;
};

/* Where a map's records stand in the documents of one system. */
struct mr_doc {
    const char *system;         /* "cloud" */
    enum mr_format format;
    const struct mr_shape *shape;
    /* XML: the elements from the document element down to the record, e.g.
     * DEBMAS06 IDOC E1KNA1M; every record found there is one document of the
     * map. JSON: member names from the envelope's entity to the record,
     * usually none. */
    const struct mr_member *path;
    uint16_t n_path;
    const char *const *namespaces;      /* [0] is "" */
    uint16_t n_namespaces;
    /* Written: before the first record, around each, after the last. */
    const char *head, *tail, *before, *after;
    const char *nodata;         /* the value that says 'missing' ("/"), or NULL */
};

/* A record in a list: row i; rows->n is the bound. */
static inline void *
mr_row(const struct mr_rows *rows, uint32_t i, size_t size)
{
    return rows->at + (size_t)i * size;
}

/* Adds a zeroed row; NULL when memory ran out. */
void *mr_row_add(struct mr_cx *cx, struct mr_rows *rows, size_t size);

/* A list is made from another one: where that was sent, this one is there,
 * empty as long as no row is added. */
static inline void
mr_rows_begin(struct mr_rows *to, const struct mr_rows *from)
{
    if (to->state == MR_MISSING && from->state != MR_MISSING)
        to->state = MR_EMPTY;
}

/* A field behind a selector, as in E1EDK14[QUALF = "008"].ORGID. */
struct mr_picked {
    uint32_t rows;              /* offset of struct mr_rows in the outer record */
    uint32_t size;              /* of a row */
    uint32_t key;               /* offset of the key's value in a row */
    uint32_t field;             /* offset of the value in a row */
    const char *equals;
    uint32_t equals_n;          /* bytes there, at least one */
};

/* The value in the first row whose key equals; missing where there is none. */
struct mr_val mr_pick(const void *outer, const struct mr_picked *p);
/* That row's field for writing; adds the row with its key set. NULL when
 * memory ran out. */
struct mr_val *mr_pick_slot(struct mr_cx *cx, void *outer,
                            const struct mr_picked *p);

#endif
