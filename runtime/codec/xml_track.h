/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of XML: how they are told by their start tags (xml_leaves.c learns and
 * finds them, xml_known.c goes along them). */
#ifndef CODEC_XML_TRACK_H
#define CODEC_XML_TRACK_H

#include "codec/xml_state.h"

/* How a step is taken. */
enum {
    XML_LEAF,           /* text and an end tag */
    XML_EMPTY,          /* <A b=""/> */
    XML_OPEN,           /* others in it; its start tag says but its name */
    XML_SLOW            /* others in it; opened by the rules */
};

/* What is done with the text of the step in front of a place. */
enum {
    XML_NO_TEXT,        /* it is no leaf */
    XML_NOT_MAPPED,
    XML_TEXT,           /* as it is, as a rule */
    XML_OTHER
};

/* Does its start tag come at p? As an empty element: XML_AS_EMPTY. */
enum xml_fit { XML_NO_FIT, XML_FITS, XML_AS_EMPTY };

/* The step whose start tag stands at p, behind the one that f stands at. NULL:
 * none is known. */
struct track_step *xml_step_at(struct xml_frame *f, const char *p,
                               enum xml_fit *fit);

/* Does the end tag of a leaf stand at p? */
static inline bool
xml_closes(const struct track_step *s, const char *p)
{
    const char *close = s->glue + s->glue_n;

    return (track_differ(close, p) & s->close_mask) == 0 &&
           (s->close_n <= 16 || memcmp(close + 16, p + 16,
                                       s->close_n - 16u) == 0);
}

#endif
