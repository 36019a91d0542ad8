/* SPDX-License-Identifier: Apache-2.0 */
/* A layout of flat IDocs, as its two directions use it. */
#ifndef PEER_FLAT_LAYOUT_H
#define PEER_FLAT_LAYOUT_H

#include "peer/flat.h"

enum {
    FLAT_NAME = 30,             /* characters of a segment's name */
    FLAT_CONTROL = 524, FLAT_HEAD = 63, FLAT_DATA = 1000,
    FLAT_DEPTH = 20
};

struct flat_field {
    char name[FLAT_NAME + 1];
    uint16_t at, n;             /* characters, in the data of a segment */
};

struct flat_segment {
    char name[FLAT_NAME + 1], flat[FLAT_NAME + 1];
    size_t first, n;            /* in fields */
    uint16_t length;
};

struct flat_layout {
    struct flat_segment *segments;
    struct flat_field *fields;
    size_t n_segments, n_fields, room_segments, room_fields;
};

/* EDI_DC40, the control record. */
extern const struct flat_field flat_control[];
extern const size_t flat_n_control;

/* By the name in XML, or by that in flat files; NULL. */
const struct flat_segment *flat_find(const struct flat_layout *l,
                                     const char *name, size_t n, bool flat);

#endif
