/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a field that may show what a rule does to them. */
#ifndef HOST_EXAMPLES_H
#define HOST_EXAMPLES_H

#include "host/host.h"

/* The i-th one that the field can hold, the short and plain ones first;
 * missing where there is none for this i; *end: nor for any further. *context
 * is set where a code table's row has one. Memory: cx, or constant. */
struct mr_val host_example(struct mr_cx *cx, const struct mr_field *f,
                           uint32_t i, struct mr_val *context, bool *end);

#endif
