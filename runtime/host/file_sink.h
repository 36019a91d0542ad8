/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document on its way to a file. What comes is written beside it; the file
 * has its name only when all of it is there. Without a name it goes to standard
 * output, as it comes.
 */
#ifndef HOST_FILE_SINK_H
#define HOST_FILE_SINK_H

#include "call/document.h"

struct file_sink {
    const char *name;           /* NULL: standard output */
    char *beside;               /* the file that is written; NULL: none */
    FILE *out;
    int error;                  /* errno of what went wrong; 0 */
};

extern const struct document_sink file_sink;

/* Is there a place for it? false: f->error says why not. */
bool file_sink_open(struct file_sink *f, const char *name);
/* All of it came, and has to have its name now. false: f->error. */
bool file_sink_keep(struct file_sink *f);
/* Due in any case: what is not kept is gone. */
void file_sink_close(struct file_sink *f);

#endif
