/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes that stand as base64 in elements of an XML document, found and
 * decoded as it comes: nothing of it is kept. The elements are those with a
 * path of local names; of several the bytes belong together. The document is
 * only looked at as far as that needs; one with a DOCTYPE is refused.
 */
#ifndef CALL_XML_BYTES_H
#define CALL_XML_BYTES_H

#include "call/base64.h"

enum { XML_BYTES_NAME = 128, XML_BYTES_DEEP = 200 };

struct xml_bytes {
    const char *const *path;
    unsigned n_path;
    unsigned deep, on_path;     /* open elements; of them along the path */
    unsigned state;
    unsigned marks;             /* of what may be an end: "--", "]]", "?" */
    char name[XML_BYTES_NAME];  /* of a tag, of a reference, behind "<!" */
    unsigned n;
    char quote;
    bool closing, slash;        /* of a tag: "</", "/" so far at its end */
    bool root_over;
    bool found;                 /* such an element was there */
    const char *wrong;          /* why it is none; NULL */
    struct base64 base64;
};

void xml_bytes_init(struct xml_bytes *x, const char *const *path,
                    unsigned n_path);
/* The bytes in the next n characters, at most n of them. -1: x->wrong. */
long xml_bytes_next(struct xml_bytes *x, const char *p, size_t n, char *to);
/* Was that all of the document? */
bool xml_bytes_whole(const struct xml_bytes *x);

#endif
