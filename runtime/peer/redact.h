/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What systems say about an error goes into logs and reasons, and often has the
 * values in it that they didn't like. What was sent is taken out of it.
 */
#ifndef PEER_REDACT_H
#define PEER_REDACT_H

#include "peer/op.h"

/* Each changes text, of n bytes, and returns its new length, never a greater
 * one. In place of a value stands "…", of a number "#". */

/* One value, and its parts between characters that are written in other ways
 * in JSON and XML. Short ones stay: they say too little. */
size_t redact_value(char *text, size_t n, const char *value, size_t value_n);
/* All values of a JSON document or XML. */
size_t redact_json(char *text, size_t n, struct op_bytes sent);
size_t redact_xml(char *text, size_t n, struct op_bytes sent);
/* Numbers of more than four digits, they are keys; control characters become
 * blanks. */
size_t redact_rest(char *text, size_t n);
/* Not more than max bytes, whole characters. */
size_t redact_cut(const char *text, size_t n, size_t max);

#endif
