/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a message belongs to one of its records. Records of a message are
 * numbered through all maps that read it, in the order of the program, those
 * of the left side first.
 */
#ifndef REPL_MESSAGE_PARTS_H
#define REPL_MESSAGE_PARTS_H

#include "mr/program.h"

/* Does the document element stand near the start? */
bool message_is_of(const struct mr_doc *doc, const char *p, size_t n);

struct message {
    const struct mr_program *program;
    const char *system;         /* it came from */
    char *p;
    size_t n;
};

/* The bytes of the IDoc that has this record. false: it is not made of IDocs,
 * or that can't be told. Forgets errors. */
bool message_idoc(struct mr_cx *cx, const struct message *m, uint32_t index,
                  size_t *from, size_t *to);

/* Takes the texts out of the IDocs all of whose records are done. true: there
 * are fewer bytes now. Forgets errors. */
bool message_strip(struct mr_cx *cx, struct message *m,
                   bool (*is_done)(void *arg, uint32_t index), void *arg);

#endif
