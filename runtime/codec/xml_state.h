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
#include "codec/track.h"
#include "codec/xml_scan.h"
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

/* Where an element goes. */
struct aim {
    enum xml_kind kind;
    const struct mr_member *member;     /* XML_VALUE, XML_RECORD in a record */
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
    struct track *track;        /* of the elements in it; NULL: none */
    uint32_t next, missed;      /* the step that is expected */
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
    char nodata;                /* what says `missing` begins with it; NUL:
                                   nothing does */
    uint32_t nodata_n;
    uint32_t depth, record_depth;       /* record_depth 0: not in a record */
    unsigned default_ns;
    uint32_t n_bindings;
    /* Of the element whose start tag was read last. */
    uint32_t n_attributes;
    bool named;                 /* one is prefixed or declares a namespace */
    char *record;               /* the caller's */
    struct tracks *tracks;      /* NULL: nothing is guessed */
    uint64_t forgotten;         /* tracks->forgotten when a record was given */
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

/* --- what is open --- */

/* The reader's state, made where there is none. NULL: no memory. */
struct mr_xml_open *xml_open(struct mr_cx *cx, struct mr_reader *r);

/* Opens the element whose start tag begins in front of its name. False:
 * refused. */
bool xml_push(struct mr_xml_open *x, const struct xml_name *name,
              const struct aim *aim, uint32_t n_bindings, unsigned default_ns);
/* A frame that is not open yet, of no record or value. */
static inline void xml_frame_init(struct xml_frame *f,
                                  const struct xml_name *name,
                                  enum xml_kind kind, uint32_t n_bindings,
                                  unsigned default_ns);
/* Closes the innermost element. False: refused. */
bool xml_pop(struct mr_xml_open *x);
/* The end tag at p, where it is written as usual; else NULL. */
static inline const char *xml_plain_end(const struct mr_xml_open *x,
                                        const char *p, const char *name,
                                        uint32_t n);

/* Reads on as long as elements come as they came last time. Returns where the
 * rules take over, or the place behind the record or document (x->done,
 * x->depth 0); NULL as all do. */
const char *xml_known(struct mr_xml_open *x, const char *p);
/* Remembers an element with nothing but text in it, or with nothing, which was
 * read by the rules; `text` is behind its start tag. */
void xml_learn_leaf(struct mr_xml_open *x, const struct xml_name *name,
                    const char *text, bool empty, const struct aim *aim);
/* The track of what is in the element that is about to be opened, which is
 * learned if it is new. plain: its start tag says nothing but its name. NULL:
 * none. */
struct track *xml_inner_track(struct mr_xml_open *x,
                              const struct xml_name *name, const char *text,
                              const struct aim *aim, bool plain);

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
static inline bool xml_first(struct mr_xml_open *x, struct xml_frame *f,
                             const struct mr_member *m);
static inline bool xml_first_at(struct mr_xml_open *x, struct xml_frame *f,
                                uint32_t i);
bool xml_first_of_many(struct mr_xml_open *x, struct xml_frame *f, size_t i);
/* At the end of a record: what was not there, and its own text. */
void xml_finish_record(struct mr_xml_open *x, struct xml_frame *f);

static inline void
xml_frame_init(struct xml_frame *f, const struct xml_name *name,
               enum xml_kind kind, uint32_t n_bindings, unsigned default_ns)
{
    f->name = name->p;
    f->n = name->n;
    f->kind = (uint8_t)kind;
    f->collects = f->broken = false;
    f->n_bindings = n_bindings;
    f->default_ns = default_ns;
    f->member = NULL;
    f->text.p = NULL;
    f->text.n = f->text.room = 0;
    f->seen = 0;
    f->seen_more = NULL;
    f->track = NULL;
    f->next = f->missed = 0;
}

static inline bool
xml_first_at(struct mr_xml_open *x, struct xml_frame *f, uint32_t i)
{
    uint64_t old = f->seen;

    if (__builtin_expect(f->shape->n_read > 64, 0))
        return xml_first_of_many(x, f, i);
    f->seen |= (uint64_t)1 << i;
    return (old >> i & 1) == 0;
}

static inline bool
xml_first(struct mr_xml_open *x, struct xml_frame *f, const struct mr_member *m)
{
    return xml_first_at(x, f, (uint32_t)(m - f->shape->read));
}

static inline const char *
xml_plain_end(const struct mr_xml_open *x, const char *p, const char *name,
              uint32_t n)
{
    if (p[0] != '<' || p[1] != '/' || (size_t)(x->end - p) < n + (size_t)3 ||
        !xml_same(p + 2, name, n) || p[n + 2] != '>')
        return NULL;
    return p + n + 3;
}

#endif
