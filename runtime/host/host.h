/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the program around a deployment share. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdio.h>

#include "mr/program.h"

/* Exit codes of the program; docs/program.md has them for people. */
enum host_exit {
    HOST_OK = 0,
    HOST_HELD = 1,          /* some documents were parked or rejected */
    HOST_USAGE = 2,
    HOST_INPUT = 3,         /* some input was refused or could not be read */
    HOST_OUTPUT = 4,        /* output could not be written */
    HOST_FAILED = 5,        /* the self-test found something */
    HOST_INTERNAL = 70      /* memory ran out, or worse */
};

struct host {
    const struct mr_program *program;
    const char *name;       /* of the program, without folders */
};

/* Each command takes its own arguments, without its name. */
struct host_command {
    const char *name;
    const char *help;       /* one line */
    int (*run)(const struct host *h, int argc, char **argv);
};

/* Commands that only some programs have; see mr_program.commands. */
struct mr_commands {
    const struct host_command *list;
    size_t n;
};

int host_map(const struct host *h, int argc, char **argv);
int host_about(const struct host *h, int argc, char **argv);
int host_selftest(const struct host *h, int argc, char **argv);
int host_certificate(const struct host *h, int argc, char **argv);

/* --- arguments (args.c) --- */

struct host_option {
    const char *name;       /* "--from" */
    const char *letter;     /* "-o", or NULL */
    bool *flag;             /* one of the two */
    const char **value;
};

/* Fills what the options point to, puts the rest into `words` (at most `room`,
 * *n of them). false after saying on stderr what is wrong. */
bool host_args(const struct host *h, const char *command, int argc,
               char **argv, const struct host_option *options, size_t n_options,
               const char **words, size_t room, size_t *n);
/* A whole number of at most `most`; false after a message. */
bool host_number(const struct host *h, const char *option, const char *text,
                 uint64_t most, uint64_t *out);
/* The name most like `wrong`, or NULL. */
const char *host_closest(const char *wrong, const char *const *names,
                         size_t n);

/* --- words for people (report.c) --- */

/* The value on one line, in quotes, at most some 80 characters; "missing",
 * "empty"; a personal one is not shown. */
void host_show(FILE *out, struct mr_val v, bool personal);
uint32_t host_characters(struct mr_val v);
/* A text as JSON writes it, with its quotes. */
void host_json_text(FILE *out, const char *p);
/* A record's key for people: its fields, joined by 0x1f, joined by "|". */
const char *host_key_text(const char *key, char *text, size_t size);
/* The document's findings, one a line. */
void host_report_findings(FILE *out, uint64_t document, const struct mr_cx *cx,
                          bool show_personal);
/* How many there are to be told, and the i-th of them as it stands behind
 * "document N: ". The last one may say how many more there are. */
uint32_t host_n_findings(const struct mr_cx *cx);
void host_report_finding(FILE *out, const struct mr_cx *cx, uint32_t i,
                         bool show_personal);
/* The first error, with its position; clears nothing. */
void host_report_error(const struct host *h, const struct mr_error *e);
/* A place of the frame. */
struct mr_val host_field(const void *frame, const struct mr_field *f);

/* --- tracing one field (trace.c) --- */

enum { TRACE_STEPS_MAX = 32, TRACE_TARGETS_MAX = 64 };

struct host_trace {
    struct mr_trace hooks;
    FILE *out;                  /* NULL: stderr */
    const struct mr_target *targets[TRACE_TARGETS_MAX];
    size_t n_targets;
    const char *names[TRACE_STEPS_MAX];
    struct mr_val values[TRACE_STEPS_MAX];
    size_t n_steps, more_steps;
    const struct mr_target *failed;     /* the last one put, where it failed */
    const void *frame;
    uint64_t document;          /* 0: not said */
    bool show_personal;
};

/* false, after a message, where the flow has no such target. */
bool host_trace_init(const struct host *h, struct host_trace *t,
                     const struct mr_flow *flow, const char *field);

/* --- records of a map (frame.c) --- */

/* A frame with a record behind each slot, all of them zero. */
struct host_frame {
    const struct mr_map *map;
    char *frame;
    char **records;         /* one a slot */
};

/* MR_EMEMORY with nothing kept. */
enum mr_status host_frame_init(struct mr_cx *cx, struct host_frame *f,
                               const struct mr_map *map);
void host_frame_done(struct mr_cx *cx, struct host_frame *f);
/* Zeroes the records and points the frame to them. */
void host_frame_clear(struct host_frame *f);

enum { HOST_LEFT, HOST_RIGHT };     /* slots of the map's own records */

/* --- the self-test's parts --- */

struct host_tally {
    unsigned passed, failed, warned;
};

void host_run_tests(const struct host *h, struct host_tally *tally);
/* `count` generated values for every two-way rule and side. */
void host_run_pairs(const struct host *h, uint64_t seed, uint64_t count,
                    struct host_tally *tally);

/* --- generated values (values.c) --- */

struct host_random {
    uint64_t state;
};

uint64_t host_random(struct host_random *r, uint64_t below);
/* A value that the field can hold; for one that is looked up with a context,
 * that comes into *context (else untouched). */
struct mr_val host_value(struct mr_cx *cx, struct host_random *r,
                         const struct mr_field *f, struct mr_val *context);

#endif
