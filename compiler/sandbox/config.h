/* SPDX-License-Identifier: Apache-2.0 */
/* Files that tell others where the sandbox is. */
#ifndef SANDBOX_CONFIG_H
#define SANDBOX_CONFIG_H

#include "sandbox/model.h"

/* What a program needs to talk to the sandbox, and the sandbox to it. */
struct inbound {
    unsigned port;
    char password[49];          /* of the user erp */
};

/* The program's configuration, its secrets as files beside it that only their
 * owner can read. false after saying why not. */
bool sb_config_write(const struct model *m, const struct inbound *in,
                     const char *path);
/* "cloud http://…", a line for each system. */
void sb_config_lines(const struct model *m, struct buf *out);
/* Replaces the file as a whole. */
bool sb_config_replace(const char *path, const char *text, size_t n,
                       unsigned mode);
/* A port of this machine that nobody listens on now; 0: none. */
unsigned sb_config_free_port(void);

#endif
