/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a call, for people and for programs. */
#ifndef HOST_CALL_WORDS_H
#define HOST_CALL_WORDS_H

#include "call/call.h"

const char *call_severity_word(enum call_severity s);   /* "warning" */
const char *call_end_word(enum call_end end);           /* "late" */
/* {"answer": {…}, "messages": […]} and a line end; q was answered. false:
 * memory ran out. */
bool call_answer_json(FILE *out, struct calling *q);
/* [{"severity": "warning", "text": …}, …] */
void call_messages_json(FILE *out, const struct call_message *m, uint32_t n);
/* The value as a text, in its quotes. */
void call_put_text(FILE *out, struct mr_val v);
/* The status of HTTP for how it ended. */
int call_status(const struct calling *q);
/* Why there is no answer, as RFC 9457 has it (application/problem+json). What
 * rules refused is listed; personal values are not shown. */
void call_problem_json(FILE *out, const struct calling *q);
/* The same in words, on one line. */
void call_problem_text(FILE *out, const struct calling *q);

#endif
