/* SPDX-License-Identifier: Apache-2.0 */
/* Names from maps and schemas as C identifiers, unique within a scope and
 * never cut. */
#ifndef PLAN_CNAME_H
#define PLAN_CNAME_H

#include "base/names.h"

/* A scope of C: a file, a struct. Set `names` and `arena`, else all zero. */
struct cscope {
    struct arena *arena;
    struct names *names;
    struct table taken;
};

/* The name as it is where C takes it: other characters become '_', a keyword
 * or a leading digit gets one; a number follows where it is taken. */
const char *cname_make(struct cscope *scope, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The same in lower case, words kept apart: "SalesOrder" gives
 * "sales_order". */
const char *cname_make_lower(struct cscope *scope, const char *name);

#endif
