/* SPDX-License-Identifier: Apache-2.0 */
/* The conversation about a change over the socket beside the store. */
#ifndef HOST_CHANGE_IO_H
#define HOST_CHANGE_IO_H

#include <sys/socket.h>

#include "host/control.h"

/* Makes the change that argv[0] names. */
int change_dispatch(struct session *s, struct change *c);

/* Has the running program make it. false: none is running. */
bool change_ask(const struct host *h, const struct config *config,
                struct change *c, int *code);

bool change_write(int fd, const void *p, size_t n);
bool change_read(int fd, void *p, size_t n);
/* A line "mapc A B C". */
bool change_read_numbers(int fd, unsigned long long *a, unsigned long long *b,
                         unsigned long long *c);
bool change_write_numbers(int fd, unsigned long long a, unsigned long long b,
                          unsigned long long c);

/* A socket at STORE.sock, connected or bound by `use`; -1 with errno. */
int change_socket(const char *store_file,
                  int (*use)(int fd, const struct sockaddr *, socklen_t));

#endif
