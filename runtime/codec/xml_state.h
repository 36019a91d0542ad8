/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the XML decoder knows between two tokens, and its parts: tokens
 * (xml_token.c), names and namespaces (xml_names.c), values (xml_value.c).
 *
 * A function that reads takes the place where something starts and returns
 * the place behind it, or NULL: then either the window ended and x->more is
 * set, or cx->error is. The zero bytes behind the window stop every loop.
 */
#ifndef CODEC_XML_STATE_H
#define CODEC_XML_STATE_H

#include "codec/codec.h"
#include "core/arena.h"

enum {
    XML_NAME_MAX = 1000,        /* bytes of a name */
    XML_ATTRIBUTES_MAX = 1000,  /* of one element */
    XML_BINDINGS_MAX = 256,     /* namespace declarations in scope */
    XML_URI_MAX = 4000,         /* bytes of a namespace name */
    XML_SLOTS = 2048,           /* a power of two, twice the attributes */
    XML_NS_OTHER = 0xffff       /* a namespace that the shapes do not name */
};

enum xml_place {
    XML_AT_START,       /* of the stream */
    XML_AT_DECLARATION, /* behind a byte order mark */
    XML_BLANK,          /* only blanks so far */
    XML_IN_PROLOG,      /* in front of a document element */
    XML_INSIDE,
    XML_BEHIND          /* a document; another may follow */
};

struct xml_name {
    const char *p;
    uint32_t n;
    uint32_t prefix;            /* bytes in front of the colon; 0: none */
};

/* Text that is collected; one plain run is a slice of the window. */
struct xml_text {
    const char *p;
    char *at;                   /* the same, where room is not 0 */
    uint32_t n, room;           /* room 0: a slice */
};

struct xml_binding {
    const char *prefix, *uri;
    uint32_t prefix_n, uri_n;   /* prefix_n 0: the default namespace */
    unsigned ns;                /* index in doc->namespaces or XML_NS_OTHER */
};

struct xml_attribute {
    struct xml_name name;
    const char *value;          /* as written, between the quotes */
    uint32_t n;
    unsigned ns;
    const char *uri;            /* of a prefixed one; NULL: no namespace */
    uint32_t uri_n;
};

enum xml_kind {
    XML_SKIP,           /* nothing in it is mapped */
    XML_PATH,           /* on the way to the record */
    XML_RECORD,
    XML_VALUE
};

struct xml_frame {
    const char *name;
    uint32_t n;
    uint8_t kind;
    bool collects;              /* its text is wanted */
    bool broken;                /* a value with elements in it */
    unsigned default_ns;        /* outside of it */
    uint32_t n_bindings;        /* outside of it */
    size_t store_n;             /* of x->store, outside of it */
    const struct mr_shape *shape;       /* XML_RECORD */
    char *record;
    const struct mr_member *member;     /* whose value the text is */
    struct mr_val *slot;
    struct xml_text text;
    uint64_t seen;              /* a bit for each of the first 64 members */
    uint64_t *seen_more;        /* for all, where there are more */
};

struct mr_xml_open {
    struct mr_cx *cx;
    struct mr_input *in;
    const struct mr_doc *doc;
    const char *end;            /* of the window */
    const char *keep;           /* where to start again with more bytes */
    bool more, again;           /* why NULL: more bytes; a new encoding */
    bool finished;              /* the stream is at its end */
    bool done;                  /* a record is complete */
    bool bom;                   /* a UTF-8 byte order mark was there */
    bool idoc;
    bool prolog;                /* a document has begun, not its element */
    uint8_t place;              /* enum xml_place */
    uint32_t nodata_n;
    uint32_t depth, record_depth;       /* record_depth 0: not in a record */
    unsigned default_ns;
    uint32_t n_bindings;
    /* Of the element whose start tag was read last. */
    uint32_t n_attributes;
    bool named;                 /* one is prefixed or declares a namespace */
    char *record;               /* the caller's */
    struct mr_arena_mark mark;  /* the arena when the record began */
    uint64_t spent;             /* bytes read again since `keep` moved */
    struct mr_error pending;    /* met behind what is still to be decoded */
    uint64_t token;             /* offset in the stream of the last `<` that
                                   was met outside of a document */
    uint64_t kept;              /* offset in the stream of the last `keep` */
    /* Names of open elements and their bindings, outside of the window. */
    char *store;
    size_t store_n, store_room;
    uint32_t parked, parked_bindings;
    char encoding[44];          /* of the stream; "": UTF-8 */
    struct xml_frame frames[MR_DEPTH_MAX];
    struct xml_binding bindings[XML_BINDINGS_MAX];
    struct xml_attribute attributes[XML_ATTRIBUTES_MAX];
    uint16_t slots[XML_SLOTS];
};

/* --- tokens --- */

/* What stands at p can not stand there; the end of the window is no error as
 * long as there is more to read. `words`: what does not stand. NULL. */
const char *xml_bad(struct mr_xml_open *x, const char *p, const char *words);
#define xml_refuse(x, status, p, ...)                                         \
    (mr_input_fail((x)->cx, (x)->in, (status),                                \
                   (size_t)((p) - (x)->in->at), __VA_ARGS__), NULL)
const char *xml_space(const char *p);
const char *xml_name(struct mr_xml_open *x, const char *p,
                     struct xml_name *name);
/* At a byte for which xml_is_odd holds. */
const char *xml_odd(struct mr_xml_open *x, const char *p);
/* At &. t NULL: only checked. */
const char *xml_reference(struct mr_xml_open *x, const char *p,
                          struct xml_text *t);
/* Text up to the next markup. */
const char *xml_skip_text(struct mr_xml_open *x, const char *p);
const char *xml_collect(struct mr_xml_open *x, const char *p,
                        struct xml_text *t);
/* A comment, PI or CDATA section (where `t_allowed`), at < in front of ! or
 * ?. t NULL: its text is not wanted. */
const char *xml_misc(struct mr_xml_open *x, const char *p, bool inside,
                     struct xml_text *t);
/* Behind the element's name: to the > or / that ends the tag. */
const char *xml_attributes(struct mr_xml_open *x, const char *p);
/* The XML declaration, at <. */
const char *xml_declaration(struct mr_xml_open *x, const char *p);
/* 1: `word` stands at p; 0: it does not; -1: the window ends in it. */
int xml_at(const struct mr_xml_open *x, const char *p, const char *word);

/* --- names --- */

/* Declares the namespaces of the start tag just read, resolves its names,
 * checks that no attribute is there twice. False: refused. */
bool xml_bind(struct mr_xml_open *x, const struct xml_name *element,
              unsigned *ns);
/* Back to the first n bindings. */
void xml_unbind(struct mr_xml_open *x, uint32_t n, unsigned default_ns);
/* The member of this name; NULL: none. */
const struct mr_member *xml_find(const struct mr_shape *shape, const char *p,
                                 uint32_t n, unsigned ns, bool attribute);
const struct mr_member *xml_find_content(const struct mr_shape *shape);
/* Moves what is open up to `depth` out of the window. False: no memory. */
bool xml_park(struct mr_xml_open *x, uint32_t depth);

/* --- values --- */

/* n bytes of the window; the first ones are not copied. */
bool xml_append(struct mr_xml_open *x, struct xml_text *t, const char *p,
                size_t n);
/* n bytes of anything. */
bool xml_copy(struct mr_xml_open *x, struct xml_text *t, const char *p,
              size_t n);
/* An attribute's value with references and blanks resolved. */
bool xml_attribute_text(struct mr_xml_open *x, const struct xml_attribute *a,
                        struct xml_text *t);
void xml_store(struct mr_xml_open *x, const struct mr_member *m,
               struct mr_val *slot, const char *p, uint32_t n);
/* The members of the record that its attributes are. */
bool xml_store_attributes(struct mr_xml_open *x, struct xml_frame *f);
/* False: the member was there before. */
bool xml_first(struct mr_xml_open *x, struct xml_frame *f,
               const struct mr_member *m);
/* At the end of a record: what was not there, and its own text. */
void xml_finish_record(struct mr_xml_open *x, struct xml_frame *f);

#endif
