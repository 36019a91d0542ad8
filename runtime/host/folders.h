/* SPDX-License-Identifier: Apache-2.0 */
/* Systems that are folders: their files are messages for the engine. */
#ifndef HOST_FOLDERS_H
#define HOST_FOLDERS_H

#include "host/host_session.h"

struct folders;

/* *out NULL: no system is a folder. false: memory ran out. */
bool folders_open(struct session *s, struct folders **out);
void folders_close(struct session *s, struct folders *f);
/* Gives the engine what lies there; how many files it took. */
size_t folders_take(struct session *s, struct folders *f);
/* The engine has kept this ticket. false: it is not of a file. */
bool folders_settle(struct session *s, struct folders *f, uint64_t ticket);
/* Is some file with the engine, not yet kept? */
bool folders_wait(const struct folders *f);

#endif
