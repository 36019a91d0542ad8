/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the documents of a chain stand in a picture: a column for each level,
 * boxes in it so that few lines cross. A line that passes a column has a bend
 * there, which takes room like a small box.
 */
#ifndef HOST_DOCFLOW_LAYOUT_H
#define HOST_DOCFLOW_LAYOUT_H

#include "call/chain.h"

enum { BOX_WIDTH = 216, BOX_HEIGHT = 88, BETWEEN_LEVELS = 72,
       BETWEEN_BOXES = 20,
       BEND_HEIGHT = 4, PICTURE_MARGIN = 24, BENDS_MAX = 20000 };

/* Nodes 0 to n - 1 are the documents; bends follow. */
struct layout_node {
    uint32_t level;
    uint32_t place;         /* from the top of its level, while it is looked
                               for */
    uint32_t x, y;          /* of the upper left corner */
};

/* From one level to the next. */
struct layout_line {
    uint32_t from, to;      /* nodes */
};

struct layout {
    struct layout_node *nodes;
    struct layout_line *lines;
    uint32_t n_nodes, n_lines;
    uint32_t *first;        /* of each edge: its first line; lines of an edge
                               stand together, one behind the last edge */
    uint32_t n_levels, width, height;
};

/* From the chain's memory. false: it ran out. */
bool docflow_layout(struct chain *c, struct layout *l);

#endif
