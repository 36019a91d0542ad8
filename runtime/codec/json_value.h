/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON object into a record, as its shape says. */
#ifndef CODEC_JSON_VALUE_H
#define CODEC_JSON_VALUE_H

#include "codec/json_scan.h"
#include "mr/shape.h"

/* The member of this name that the shape reads, or NULL. */
const struct mr_member *mr_json_find(const struct mr_shape *shape,
                                     const char *name, uint32_t n);

/* p is at {. Returns the place behind }, or NULL as the scanner does. */
const char *mr_json_record(struct json *j, const char *p,
                           const struct mr_shape *shape, char *record);

#endif
