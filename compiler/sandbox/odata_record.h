/* SPDX-License-Identifier: Apache-2.0 */
/* A record that is written by a request, field by field. What returns a bool
 * has filled the answer where it is false. */
#ifndef SANDBOX_ODATA_RECORD_H
#define SANDBOX_ODATA_RECORD_H

#include "sandbox/odata.h"

/* Counts a request with a mistake in it; always false. */
bool sb_record_refuse(struct request *r);

/* --- what is sent --- */

/* A field's value as it was sent, into its slot. */
bool sb_record_take(struct request *r, const struct kind *k,
                    const struct field *f, const json_t *value, bool creating,
                    struct slot *slot, struct answer *to);
/* There is no such field: always false. */
bool sb_record_unknown(struct request *r, const struct kind *k,
                       const char *name, struct answer *to);
/* Has it all that is mandatory? */
bool sb_record_complete(struct request *r, const struct kind *k,
                        const struct slot *slots, struct answer *to);

/* --- what the service fills --- */

const char *sb_record_new_id(struct arena *a, int64_t moment);
struct slot sb_record_quoted(struct arena *a, const char *text);
struct slot sb_record_uuid(struct arena *a, const char *id);
/* The times that say when it was changed, or made. */
void sb_record_stamp(struct arena *a, const struct kind *k, struct slot *slots,
                     int64_t moment, bool creating);
/* The business key; drawn from the number range where none was given. */
void sb_record_set_key(struct request *r, struct kind *k, struct slot *slots,
                       struct row *row);
void sb_record_set_doc(struct request *r, const struct kind *k,
                       const struct slot *slots, struct row *row);

/* --- the store --- */

/* Says why the store did not take it; always false. */
bool sb_record_failed(struct request *r, const struct kind *k,
                      const struct row *row, enum store_result result,
                      struct answer *to);
/* The records above it were changed by this. */
bool sb_record_touch_above(struct request *r, const struct kind *k,
                           const struct row *row, struct answer *to);

#endif
