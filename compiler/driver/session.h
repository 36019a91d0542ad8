/* SPDX-License-Identifier: Apache-2.0 */
/* What one run of mapc works with, and the steps that commands share. */
#ifndef DRIVER_SESSION_H
#define DRIVER_SESSION_H

#include "driver/options.h"
#include "sema/check.h"

enum mapc_exit {
    MAPC_OK = 0,
    MAPC_FINDINGS = 1,          /* errors in maps or schemas; a test failed */
    MAPC_USAGE = 2,
    MAPC_COMPILER = 3,          /* the C compiler failed or is not there */
    MAPC_UNWRITTEN = 4,         /* a file could not be read or written */
    MAPC_INTERNAL = 70
};

struct session {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
    text_vec folders;           /* of packages; ended by NULL after ready */
    text_vec files;
    /* Options that all commands about maps have. */
    const char *format;         /* "text", "json" */
    const char *color;          /* "auto", "always", "never" */
    const char *most;           /* findings shown at most */
    bool help;
};

void session_init(struct session *s);
void session_done(struct session *s);

/* The shared options, for a command's table. */
enum { SESSION_OPTIONS = 5 };
void session_options(struct session *s, struct option *at);
/* Checks the shared values and completes the folders; false after saying what
 * is wrong. */
bool session_ready(struct session *s, const char *command);

/* The program of this file, checked; its packages are those that are locked. */
struct tprogram *session_check(struct session *s, const char *path);
/* The same, whatever is locked. */
struct tprogram *session_load(struct session *s, const char *path);
/* Prints the findings as asked; MAPC_FINDINGS where one is an error. */
enum mapc_exit session_report(struct session *s, FILE *out);

/* A folder that came with mapc ("mappings"), or NULL. */
const char *session_home(struct session *s, const char *what);

#endif
