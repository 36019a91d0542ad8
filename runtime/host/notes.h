/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to be said about documents while it is not known which documents of
 * the stream they are: kept, and said later with their numbers.
 */
#ifndef HOST_NOTES_H
#define HOST_NOTES_H

#include "host/host.h"

/* Where a part of the stream begins. Documents and lines are counted from 1 in
 * each part; what is said of them counts from the stream's start. */
struct host_part {
    uint64_t documents;         /* in front of it */
    uint64_t line;              /* its first byte's, from 1 */
    uint64_t line_start;        /* offset in the stream where that starts */
};

void host_part_error(const struct host_part *part, struct mr_error *e);

struct host_note {
    uint64_t document;          /* in its part of the stream */
    struct mr_error error;      /* status MR_OK: it is text */
    size_t end;                 /* of its text */
};

struct host_notes {
    FILE *text;                 /* NULL: nothing was said yet */
    char *at;
    size_t n_text;
    struct host_note *list;
    size_t n, room;
};

/* Text is written to what note_text returns, then note_end says which document
 * it is about: "document N: " comes in front of it. NULL, false: no memory. */
FILE *host_note_text(struct host_notes *notes);
bool host_note_end(struct host_notes *notes, uint64_t document);
bool host_note_error(struct host_notes *notes, const struct mr_error *e);
/* Bytes that are kept. */
size_t host_notes_size(const struct host_notes *notes);
/* Says all on stderr and forgets it. */
void host_notes_say(const struct host *h, struct host_notes *notes,
                    const struct host_part *part);
/* `to` was empty; `from` is. */
void host_notes_move(struct host_notes *to, struct host_notes *from);
void host_notes_clear(struct host_notes *notes);

#endif
