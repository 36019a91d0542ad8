/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents in and out, by format. Decoding reads only what the shape names;
 * everything else is checked for the format's rules and skipped. No tree is
 * built. Values that their wire form excludes (a date that is none) come as
 * MR_FAILED values and meet their rule's fate; a document that breaks the
 * format's rules is an error with its position.
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include "codec/input.h"
#include "codec/output.h"
#include "mr/shape.h"

enum { MR_DEPTH_MAX = 128, MR_ROWS_MAX = 1000000 };

/* Where a reader stands between two documents. */
struct mr_reader {
    struct mr_input *in;
    const struct mr_doc *doc;
    int state;              /* the codec's own */
    bool passing;           /* doc does not outlive the context: set it behind
                               mr_reader_init, and nothing of it is kept */
    uint32_t depth;         /* open envelope levels or elements */
    uint64_t lists, found;  /* JSON: a bit a level: a list; member was there */
    struct mr_xml_open *open;       /* XML: what is open around the record */
    /* JSON, set behind mr_reader_init: asked of a record's bytes before it is
     * decoded. true: nobody wants it; mr_reader_next gives it undecoded, and
     * `passed`. Of what is no JSON it may be any part. NULL: not asked. */
    bool (*knows)(void *arg, const char *p, size_t n);
    void *knows_arg;
    bool passed;
};

/* format from doc->format. */
void mr_reader_init(struct mr_reader *r, struct mr_input *in,
                    const struct mr_doc *doc);
void mr_reader_done(struct mr_cx *cx, struct mr_reader *r);

/* The next record, decoded into `record` (doc->shape->size bytes, cleared
 * first). Its values are good until the next call. MR_OK, MR_END, or an error
 * in cx->error. The caller has called mr_cx_next. */
enum mr_status mr_reader_next(struct mr_cx *cx, struct mr_reader *r,
                              void *record);
/* After MR_EFORMAT or MR_ELIMIT: to where the next document may begin (JSON:
 * a line behind; XML: the next XML declaration or document element behind).
 * true: there is more to try; clears cx->error. false: the stream ends here,
 * or it can not be read on (cx->error). */
bool mr_reader_resync(struct mr_cx *cx, struct mr_reader *r);

struct mr_writer {
    struct mr_output *out;
    const struct mr_doc *doc;
    bool pretty;
    uint64_t records;
};

void mr_writer_init(struct mr_writer *w, struct mr_output *out,
                    const struct mr_doc *doc, bool pretty);
/* Writes one record; nothing of it stays in the output on an error. Missing
 * fields are left out (or written as doc->nodata), empty ones written as the
 * format says it: JSON null, XML an empty element. JSON: one record a line, or
 * indented when pretty. XML: doc->head before the first record, doc->before
 * and after around each, doc->tail at the end. */
enum mr_status mr_writer_put(struct mr_cx *cx, struct mr_writer *w,
                             const void *record);
enum mr_status mr_writer_end(struct mr_cx *cx, struct mr_writer *w);

/* The two codecs behind these (json_read.c, json_write.c, xml_…). Begin, keep
 * and drop of the output and the count of records are mr_writer_put's and
 * mr_writer_end's. */
enum mr_status mr_json_next(struct mr_cx *cx, struct mr_reader *r,
                            void *record);
bool mr_json_resync(struct mr_cx *cx, struct mr_reader *r);
enum mr_status mr_json_put(struct mr_cx *cx, struct mr_writer *w,
                           const void *record);
enum mr_status mr_xml_next(struct mr_cx *cx, struct mr_reader *r, void *record);
bool mr_xml_resync(struct mr_cx *cx, struct mr_reader *r);
void mr_xml_reader_done(struct mr_cx *cx, struct mr_reader *r);
enum mr_status mr_xml_put(struct mr_cx *cx, struct mr_writer *w,
                          const void *record);
enum mr_status mr_xml_end(struct mr_cx *cx, struct mr_writer *w);

#endif
