/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recorded documents sent through a program as it was and as it would be:
 * which fields of what comes out differ.
 */
#ifndef DRIVER_REPLAY_H
#define DRIVER_REPLAY_H

#include "driver/upgrade.h"

struct replay_request {
    text_vec files;
    const char *map;            /* NULL: the only one */
    const char *sender;         /* the system that sent them; NULL: what their
                                   format tells */
    bool show_personal;
};

enum { REPLAY_EXAMPLES = 3 };

struct replay_example {
    const char *document;       /* its key */
    const char *was, *is;       /* NULL: missing */
};

struct replay_field {
    const char *path;
    size_t n;                   /* values that differ */
    struct replay_example examples[REPLAY_EXAMPLES];
};

struct replay {
    size_t was, is;             /* documents that came out */
    size_t differ;              /* documents with a field that differs */
    VEC(struct replay_field) fields;
    text_vec gone, new;         /* keys of documents: only before, only now */
};

/* NULL after saying why, with the exit code in `code`. */
const struct replay *replay_run(struct session *s, const struct tprogram *was,
                                const struct tprogram *is,
                                const struct replay_request *r,
                                enum mapc_exit *code);
bool replay_differs(const struct replay *r);

/* --- replay_compare.c --- */

/* The key of documents, and what is not shown of them. */
struct replay_shape {
    text_vec keys;              /* last names of the key's fields */
    text_vec personal;          /* last names of fields */
};
struct replay_text {
    const char *p;              /* ended with NUL */
    size_t n;
};
/* Adds what differs of what the two programs wrote for one file. False: it is
 * not as a program of this protocol writes it. */
bool replay_compare(struct session *s, struct replay *r,
                    const struct replay_shape *shape, enum protocol protocol,
                    struct replay_text was, struct replay_text is);

#endif
