/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call as a constant table made by the compiler: the request is a map from
 * the caller's record to a document of the called system, the response one
 * from its answer back into a record of the caller's.
 */
#ifndef MR_CALL_H
#define MR_CALL_H

#include <stdbool.h>
#include <stdint.h>

struct mr_map;
struct mr_codes;
struct mr_call_list;

#define MR_NO_FIELD UINT32_MAX

/* Where an answer has messages. Offsets of values are within a row, or within
 * the record at `at`; MR_NO_FIELD where the map names none. */
struct mr_call_messages {
    uint32_t at;                /* in the answer's record */
    uint32_t size;              /* of a row of the struct mr_rows there; 0: it
                                   is a record itself */
    uint32_t severity, text, number, item;
    const struct mr_codes *severities;  /* to the left: "error", "warning",
                                   "success", "info"; NULL, or no row there: the
                                   first letter tells */
    const struct mr_call_list *item_in; /* the item is the number, from 1, of
                                   the row that this list's row was sent as;
                                   NULL: told as it is */
};

/* A list whose rows are answered, told apart by one key, and asked for, unless
 * asked_size is 0. Offsets of lists are in the caller's record, as the request
 * reads it and as the response writes it; those of keys in a row. */
struct mr_call_list {
    const char *name;           /* "cloud.SalesQuoteItem" */
    uint32_t asked, asked_size, asked_key;
    uint32_t answered, answered_size, answered_key;
};

enum mr_call_way { MR_CALL_SOAP, MR_CALL_REST, MR_CALL_ODATA };

/* A field of the request that stands in the address: `field` is its offset in
 * the request's record. */
struct mr_call_param {
    const char *name;
    bool in_path;               /* in place of {name}; else name=value */
    uint8_t wire;               /* enum mr_wire */
    uint32_t field;
    const char *before, *after; /* around the value: "datetime'", "'" */
};

/* The fields of a document, and of a step from one to the next; amounts and
 * their currencies are the last ones. */
enum {
    MR_DOCUMENT_NUMBER, MR_DOCUMENT_TYPE, MR_DOCUMENT_TITLE,
    MR_DOCUMENT_STATUS, MR_DOCUMENT_DATE, MR_DOCUMENT_AMOUNT,
    MR_DOCUMENT_CURRENCY, MR_DOCUMENT_FIELDS
};
enum {
    MR_STEP_FROM, MR_STEP_FROM_ITEM, MR_STEP_TO, MR_STEP_TO_ITEM,
    MR_STEP_AMOUNT, MR_STEP_CURRENCY
};

/* A list of a chain: its rows' place in the answer, their values. */
struct mr_docflow_list {
    uint32_t at, size;          /* at MR_NO_FIELD: the map does not fill it;
                                   size 0: one record */
    uint32_t fields[MR_DOCUMENT_FIELDS];    /* MR_NO_FIELD: not this one */
};

/* A call whose answer is a chain of documents. */
struct mr_docflow {
    const char *key;            /* the caller's field that is asked for */
    bool again;                 /* documents of the answer are asked for, too: */
    const char *const *types;   /* those of these types; none: all */
    uint16_t n_types;
    struct mr_docflow_list asked, documents, steps;
};

/* A call whose answer is a stream of bytes. */
struct mr_document {
    const char *key;            /* as of a docflow */
    const char *const *types;   /* media types that it may have */
    uint16_t n_types;
    uint64_t most;              /* bytes */
    const char *const *path;    /* elements of an answer in XML, from the first
                                   one to those with base64; NULL: the answer
                                   is the bytes */
    uint16_t n_path;
};

/* A text of the caller's record by which an effect is told. */
struct mr_call_key {
    const char *name;
    uint32_t field;             /* struct mr_val, in the request's record */
};

/* A call that takes the bytes of a record on the left along: of an entity, by
 * its key. The request is read from the record, and its content becomes one
 * more field of it. */
struct mr_attachment {
    const char *set;            /* "FileCollection" */
    const char *before, *after; /* around the key, in an address */
    const char *bytes;          /* behind it: "/Binary/$value" */
    const char *select;         /* "Name,MimeType": what the request reads */
    const char *content;        /* field of the request, as base64 */
    struct mr_document limits;  /* types and most alone; no types: any */
};

struct mr_call {
    const char *name;
    const char *at;             /* "pricing.map:12" */
    const char *from, *to;      /* systems: of the caller, the called one */
    const char *operation;
    enum mr_call_way way;
    const char *action;         /* SOAP: SOAPAction */
    const char *method, *path;  /* else: "GET", "/prices/{id}" */
    bool bodiless;              /* else: the address is all that is sent */
    const struct mr_call_param *params;
    uint16_t n_params;
    uint32_t within;            /* milliseconds that the caller waits */
    bool no_effect;             /* may be sent again */
    const struct mr_call_key *keys;     /* one effect for each value of these */
    uint16_t n_keys;            /* 0: nothing is said of it */
    uint16_t find;              /* n_keys > 0: which of the program's calls
                                   finds what was done */
    uint32_t cache;             /* seconds an answer is good; 0: none is kept */
    bool last_known;            /* an older one where none comes */
    const struct mr_map *request, *response;    /* to the right; to the left */
    const struct mr_call_messages *messages;
    uint16_t n_messages;
    const struct mr_call_list *lists;
    uint16_t n_lists;
    const struct mr_docflow *docflow;   /* NULL: a call like any other */
    const struct mr_document *document; /* NULL, too */
    const struct mr_attachment *attachment;     /* NULL, too */
};

#endif
