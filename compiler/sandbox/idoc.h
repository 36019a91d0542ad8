/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IDocs: XML in and out, and how one changes the record that is kept. A record
 * is kept as a JSON object, segments as objects, repeated ones as arrays, in
 * schema order; fields that hold nothing are not in it.
 */
#ifndef SANDBOX_IDOC_H
#define SANDBOX_IDOC_H

#include <jansson.h>

#include "sandbox/message.h"

/* --- XML to objects (idoc_xml.c) --- */

struct idoc {
    char docnum[17], sender[11], message[31];
    json_t *segments;           /* of the IDOC element, without the control
                                   record; NULL where it was refused */
    const char *wrong;          /* why; in the arena */
};

struct idocs {
    struct kind *kind;
    VEC(struct idoc) list;
};

/* The IDocs of a message, each checked against the schema. false with why for
 * a message that is none. The caller frees with idocs_free either way. */
bool sb_idocs_parse(struct arena *a, const struct site *site, const char *p,
                    size_t n, struct idocs *out, const char **wrong);
void sb_idocs_free(struct idocs *list);

/* --- objects to XML (idoc_write.c) --- */

/* One IDOC element with this record, sent by the system now. */
void sb_idoc_write(struct buf *out, const struct kind *k, const json_t *record,
                   int64_t docnum);
void sb_idoc_open(struct buf *out, const struct kind *k);
void sb_idoc_close(struct buf *out, const struct kind *k);

/* --- records (idoc_record.c) --- */

/* The records in the segments of an IDoc, as borrowed references. */
typedef VEC(json_t *) json_vec;
void sb_idoc_records(struct arena *a, const struct kind *k, json_t *segments,
                     json_vec *out);
/* The field or segment of this name; NULL. */
const struct member *sb_idoc_member(const struct record *record,
                                    const char *name);
/* NULL where the record has none. */
const char *sb_idoc_key(const struct kind *k, const json_t *record);
/* What came in, put on what is kept. */
void sb_idoc_merge(const struct kind *k, json_t *kept, const json_t *came);
/* Is the record (or segment) marked as deleted? */
bool sb_idoc_deleted(const json_t *segment);
/* The text that is kept; in schema order. */
void sb_idoc_keep(struct buf *out, const struct record *record,
                  const json_t *json);

/* --- requests (idoc_answer.c) --- */

void sb_idoc_answer(struct request *r, struct answer *to);

#endif
