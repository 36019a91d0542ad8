/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IDocs as messages: the control records of what came in, the answer that it
 * gets, and what is read of such an answer.
 */
#ifndef PEER_IDOC_H
#define PEER_IDOC_H

#include "codec/codec.h"
#include "peer/op.h"

struct http_client;
struct http_session;
struct peer_settings;
struct peer_report;

/* What is looked at of EDI_DC40; "" where it wasn't there. */
struct idoc_control {
    char docnum[17], credat[9], cretim[7], serial[21];
    char mestyp[31], idoctyp[31], cimtyp[31], sndprt[3], sndprn[11];
    char direct[2];
    uint32_t records;       /* of the doc in this IDoc */
};

/* Goes through the IDocs of one message. */
struct idoc_in;

/* The name of the document element. MR_EFORMAT: there is none. */
enum mr_status idoc_name(struct mr_cx *cx, const char *p, size_t n, char *name,
                         size_t size);
/* doc: the map's, for counting its records in each IDoc, or NULL. The bytes
 * stay the caller's until idoc_in_close. */
enum mr_status idoc_in_open(struct mr_cx *cx, const char *p, size_t n,
                            const struct mr_doc *doc, struct idoc_in **out);
/* MR_OK, MR_END, or the error in the message with its place. */
enum mr_status idoc_in_next(struct mr_cx *cx, struct idoc_in *in,
                            struct idoc_control *out);
void idoc_in_close(struct mr_cx *cx, struct idoc_in *in);

/* Of the IDoc that holds the index-th record of the doc in a message. MR_END:
 * there are fewer. Several in a row: go through them with idoc_in_next. */
enum mr_status idoc_control(struct mr_cx *cx, const char *p, size_t n,
                            const struct mr_doc *doc, uint64_t index,
                            struct idoc_control *out);

/* When it was made, by which later ones replace earlier ones: SERIAL where it
 * starts with 14 digits, else CREDAT and CRETIM; and DOCNUM behind them.
 * Compared as text; 40 bytes. "" where no time is there: no order is known. */
void idoc_serial(const struct idoc_control *control, char *out, size_t size);

/* The answer to a message: <IDOCS><IDOC><DOCNUM>…</DOCNUM><STATUS>53</STATUS>
 * <TEXT>…</TEXT></IDOC>…</IDOCS>. TEXT is left out where it is "". */
struct idoc_status {
    char docnum[17];
    int status;             /* 53 taken over; 51, 56, … refused; 64 waits */
    char text[512];
};

/* The next status in an answer, of which *left is what is left. false: none,
 * or one that isn't understood. */
bool idoc_answer(struct op_bytes *left, struct idoc_status *out);

/* Is the receiver there, does it let us in (idoc_check.c)? Reports what was
 * found out and what was not; false: something is wrong. */
bool idoc_check(struct mr_cx *cx, struct http_client *client,
                struct http_session *session,
                const struct peer_settings *set,
                const struct peer_report *report);

#endif
